//! Many at once.

use std::{collections::BTreeSet, time::Duration};

use model::{CallEvent, DeliveryAttempt};
use store::{NextAttempt, Store};

use crate::{
    fixtures::*,
    harness::{World, key, stories},
};

const TASKS: usize = 8;

stories! {
    async fn tasks_that_write_different_calls_do_not_disturb_each_other(store: Store) {
        let tenant = tenant(&store).await;
        let tasks: Vec<_> = (0..TASKS)
            .map(|n| {
                let store = store.clone();
                tokio::spawn(async move {
                    let id = new_call(&store, tenant, &format!("c{n}"), T0).await;
                    let mut call = store.call_any(&id).await.unwrap();
                    for _ in 0..25 {
                        let one = [(at(1), CallEvent::NoInput)];
                        call = store.append_to(&call, &one, &[]).await.unwrap();
                    }
                    let last = [(at(2), answered()), (at(3), ended())];
                    store.append_to(&call, &last, &[]).await.unwrap();
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let events = store.events_after(0, None, 1_000).await.unwrap();
        let numbers: Vec<_> = events.iter().map(|event| event.seq).collect();
        assert_eq!(numbers, (1..=8 * 28).collect::<Vec<_>>());
        assert_eq!(store.quota(tenant).await.unwrap().0.call_minutes, None);
        assert_eq!(store.quota(tenant).await.unwrap().1.call_minutes, 8);
    }

    async fn who_follows_the_journal_misses_nothing(store: Store) {
        let tenant = tenant(&store).await;
        let writers: Vec<_> = (0..TASKS)
            .map(|n| {
                let store = store.clone();
                tokio::spawn(async move { ended_call(&store, tenant, &format!("c{n}"), T0).await })
            })
            .collect();
        let mut seen = 0;
        while seen < 32 {
            for event in store.events_after(seen, None, 5).await.unwrap() {
                assert_eq!(event.seq, seen + 1, "an event became visible before an earlier one");
                seen = event.seq;
            }
        }
        for writer in writers {
            writer.await.unwrap();
        }
    }

    async fn tasks_that_write_one_call_take_turns(store: Store) {
        let tenant = tenant(&store).await;
        let id = new_call(&store, tenant, "c1", T0).await;
        let tasks: Vec<_> = (0..TASKS)
            .map(|_| {
                let (store, id) = (store.clone(), id.clone());
                tokio::spawn(async move {
                    for _ in 0..10 {
                        store.append(&id, &[(at(1), digits())], &[]).await.unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let call = store.call_any(&id).await.unwrap();
        assert_eq!((call.n_events, call.digits.len()), (81, 80));
    }

    async fn no_delivery_is_claimed_twice(world: World) {
        let tenant = tenant(&world.store).await;
        let endpoint = endpoint(&world.store, tenant).await;
        for n in 0..40 {
            let id = new_call(&world.store, tenant, &format!("c{n}"), T0).await;
            let push = delivery(&endpoint, &format!("u{n}"), T0);
            world.store.append(&id, &[(T0, ended())], &[push]).await.unwrap();
        }
        let other = Store::open(world.database.clone(), key()).await.unwrap();
        let tasks: Vec<_> = [world.store.clone(), other.clone(), world.store.clone(), other.clone()]
            .into_iter()
            .map(|store| tokio::spawn(deliver_all(store)))
            .collect();
        let mut delivered = Vec::new();
        for task in tasks {
            delivered.extend(task.await.unwrap());
        }
        other.close().await;
        assert_eq!(delivered.len(), 40);
        assert_eq!(delivered.into_iter().collect::<BTreeSet<_>>().len(), 40);
    }
}

/// Claims and settles a few at a time until nothing is due.
async fn deliver_all(store: Store) -> Vec<i64> {
    let mut delivered = Vec::new();
    loop {
        let claims = store
            .claim_due(at(1), 3, Duration::from_secs(60))
            .await
            .unwrap();
        if claims.is_empty() {
            return delivered;
        }
        for claim in claims {
            let attempt = DeliveryAttempt {
                at: at(1),
                status: Some(200),
                note: String::new(),
                took_ms: 1,
            };
            store
                .settle(&claim, &attempt, NextAttempt::Delivered)
                .await
                .unwrap();
            delivered.push(claim.delivery.id.0);
        }
    }
}
