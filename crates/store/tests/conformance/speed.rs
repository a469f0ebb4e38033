//! How fast the journal is. Not a test of anything: `cargo test -p store --release -- --ignored
//! --nocapture speed` prints the figures.

use std::time::{Duration, Instant};

use model::CallEvent;
use store::Store;

use crate::{
    fixtures::*,
    harness::{on_postgres, on_sqlite},
};

#[test]
#[ignore = "a measurement"]
fn of_sqlite() {
    on_sqlite(async |store: Store| measure("SQLite", store).await);
}

#[test]
#[ignore = "a measurement"]
fn of_postgres() {
    on_postgres(async |store: Store| measure("PostgreSQL without fsync", store).await);
}

async fn measure(database: &str, store: Store) {
    let tenant = tenant(&store).await;
    let id = new_call(&store, tenant, "alone", T0).await;
    let (took, times) = append(store.clone(), id, 2_000).await;
    report(database, "1 task", took, times);
    let begun = Instant::now();
    let mut tasks = Vec::new();
    for n in 0..8 {
        let id = new_call(&store, tenant, &format!("c{n}"), T0).await;
        tasks.push(tokio::spawn(append(store.clone(), id, 500)));
    }
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap().1);
    }
    report(database, "8 tasks", begun.elapsed(), times);
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let rss = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap();
    eprintln!("{database}: {rss}");
}

async fn append(store: Store, id: model::CallId, n: usize) -> (Duration, Vec<Duration>) {
    let event = CallEvent::CallerSaid {
        text: "yes, I would like to know more about it".into(),
        from: at(1),
        to: at(3),
    };
    let begun = Instant::now();
    let mut times = Vec::with_capacity(n);
    for _ in 0..n {
        let one = Instant::now();
        store
            .append(&id, &[(at(3), event.clone())], &[])
            .await
            .unwrap();
        times.push(one.elapsed());
    }
    (begun.elapsed(), times)
}

fn report(database: &str, what: &str, took: Duration, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: f64| times[(times.len() as f64 * share) as usize];
    eprintln!(
        "{database}, {what}: {:.0} appends/s, median {:?}, p99 {:?}",
        times.len() as f64 / took.as_secs_f64(),
        at(0.5),
        at(0.99)
    );
}
