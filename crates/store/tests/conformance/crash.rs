//! A process that is killed in the middle of its work.

use std::io::{BufRead as _, BufReader, Write as _};

use model::{CallEvent, CallId};
use store::Store;

use crate::{
    child,
    fixtures::*,
    harness::{World, key, stories},
};

/// How many acknowledged batches are waited for before the kill.
const BATCHES: usize = 200;

/// Events of one batch.
const BATCH: usize = 3;

stories! {
    async fn what_was_acknowledged_survives_kill_9(world: World) {
        let tenant = tenant(&world.store).await;
        let call = new_call(&world.store, tenant, "c1", T0).await;
        world.store.close().await;
        let n_acknowledged = kill_writer(&world);
        let store = Store::open(world.database, key()).await.unwrap();
        let n_events = store.call_any(&call).await.unwrap().n_events;
        let events = store.events(&call, 0, u32::MAX).await.unwrap();
        let numbers: Vec<_> = events.iter().map(|event| event.n).collect();
        assert_eq!(numbers, (1..=n_events).collect::<Vec<_>>());
        let n_batches = (events.len() - 1) / BATCH;
        assert_eq!(events.len(), 1 + n_batches * BATCH, "a batch is torn");
        assert!(n_batches >= n_acknowledged, "{n_batches} of {n_acknowledged}");
        let open = store.open_calls().await.unwrap();
        assert_eq!(open.len(), 1, "what must be closed is found");
    }
}

/// Kills the child below while it writes. Gives how many batches it said were written.
fn kill_writer(world: &World) -> usize {
    let mut child = child::running("crash::writes_until_it_is_killed", &world.database)
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut n_acknowledged = 0;
    for line in said.by_ref() {
        n_acknowledged += usize::from(line.unwrap() == "written");
        if n_acknowledged == BATCHES {
            child.kill().unwrap();
            break;
        }
    }
    n_acknowledged += said
        .filter(|line| line.as_ref().unwrap() == "written")
        .count();
    child.wait().unwrap();
    assert!(n_acknowledged >= BATCHES, "the child ended by itself");
    n_acknowledged
}

/// Runs in the child of the test above.
#[test]
fn writes_until_it_is_killed() {
    let Some(database) = child::database() else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Store::open(database, key()).await.unwrap();
        let batch = [const { CallEvent::NoInput }; BATCH].map(|event| (at(1), event));
        let mut call = store.call_any(&CallId("c1".into())).await.unwrap();
        loop {
            call = store.append_to(&call, &batch, &[]).await.unwrap();
            let mut stdout = std::io::stdout().lock();
            writeln!(stdout, "\nwritten").unwrap();
        }
    });
}
