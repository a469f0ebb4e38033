//! The outbox.

use std::time::Duration;

use model::{
    CallId, DeliveryAttempt, DeliveryId, DeliveryState, TenantId, UnixMs, WebhookEndpoint,
    WebhookTopic,
};
use store::{Claim, DeliveryFilter, NewDelivery, NextAttempt, Paging, Store, StoreError};

use crate::{fixtures::*, harness::stories};

const LEASE: Duration = Duration::from_secs(30);

stories! {
    async fn a_delivery_is_stored_with_its_event_and_claimed_when_due(store: Store) {
        let (tenant, endpoint) = receiver(&store).await;
        push(&store, tenant, &endpoint, "c1", &["u1"]).await;
        assert_eq!(store.next_due().await.unwrap(), Some(at(1)));
        assert_eq!(claim(&store, T0).await.len(), 0);
        let claims = claim(&store, at(1)).await;
        let claimed = &claims[0].delivery;
        assert_eq!((claimed.uuid.as_str(), claimed.n_attempts), ("u1", 0));
        assert_eq!(claimed.body, r#"{"uuid":"u1"}"#);
        assert_eq!((claimed.endpoint, claimed.tenant), (endpoint.id, tenant));
        assert_eq!(store.delivery(tenant, claimed.id).await.unwrap(), *claimed);
    }

    async fn a_claimed_delivery_is_nobody_elses_until_the_lease_ends(store: Store) {
        let (tenant, endpoint) = receiver(&store).await;
        push(&store, tenant, &endpoint, "c1", &["u1"]).await;
        let late = claim(&store, at(1)).await.remove(0);
        assert_eq!(claim(&store, at(30)).await.len(), 0);
        assert_eq!(store.next_due().await.unwrap(), Some(at(31)));
        let second = claim(&store, at(31)).await.remove(0);
        let refused = store.settle(&late, &attempt(200), NextAttempt::Delivered).await;
        assert!(matches!(refused, Err(StoreError::Conflict { .. })));
        store.settle(&second, &attempt(200), NextAttempt::Delivered).await.unwrap();
        assert_eq!(store.attempts(second.delivery.id).await.unwrap().len(), 1);
    }

    async fn what_the_last_run_was_sending_is_due_at_once(store: Store) {
        let (tenant, endpoint) = receiver(&store).await;
        push(&store, tenant, &endpoint, "c1", &["u1"]).await;
        let last_run = claim(&store, at(1)).await.remove(0);
        store.end_leases().await.unwrap();
        assert_eq!(store.next_due().await.unwrap(), Some(at(1)));
        assert_eq!(uuids(&claim(&store, at(2)).await), ["u1"]);
        let late = store.settle(&last_run, &attempt(200), NextAttempt::Delivered).await;
        assert!(matches!(late, Err(StoreError::Conflict { .. })));
    }

    async fn a_failed_attempt_is_tried_again_until_it_is_given_up(store: Store) {
        let (tenant, endpoint) = receiver(&store).await;
        push(&store, tenant, &endpoint, "c1", &["u1"]).await;
        let first = claim(&store, at(1)).await.remove(0);
        store.settle(&first, &attempt(500), NextAttempt::Due(at(61))).await.unwrap();
        assert_eq!(store.next_due().await.unwrap(), Some(at(61)));
        assert_eq!(claim(&store, at(60)).await.len(), 0);
        let second = claim(&store, at(61)).await.remove(0);
        assert_eq!(second.delivery.n_attempts, 1);
        let unreachable = DeliveryAttempt { status: None, ..attempt(0) };
        store.settle(&second, &unreachable, NextAttempt::Exhausted).await.unwrap();
        assert_eq!(store.next_due().await.unwrap(), None);
        let id = second.delivery.id;
        let delivery = store.delivery(tenant, id).await.unwrap();
        assert_eq!((delivery.state, delivery.n_attempts), (DeliveryState::Exhausted, 2));
        assert_eq!(store.attempts(id).await.unwrap(), [attempt(500), unreachable]);
    }

    async fn a_receiver_hears_of_one_call_in_order(store: Store) {
        let (tenant, endpoint) = receiver(&store).await;
        push(&store, tenant, &endpoint, "c1", &["u1", "u2"]).await;
        push(&store, tenant, &endpoint, "c2", &["u3"]).await;
        let claims = claim(&store, at(9)).await;
        assert_eq!(uuids(&claims), ["u1", "u3"], "u2 waits for u1, u3 for nobody");
        store.settle(&claims[0], &attempt(500), NextAttempt::Due(at(100))).await.unwrap();
        assert_eq!(claim(&store, at(30)).await.len(), 0, "u2 still waits");
        assert_eq!(store.next_due().await.unwrap(), Some(at(39)), "when the lease of u3 ends");
        let again = claim(&store, at(100)).await;
        assert_eq!(uuids(&again), ["u1", "u3"]);
        store.settle(&again[0], &attempt(200), NextAttempt::Delivered).await.unwrap();
        assert_eq!(uuids(&claim(&store, at(100)).await), ["u2"]);
    }

    async fn a_refused_recording_does_not_delay_the_record_of_the_call(store: Store) {
        let (tenant, endpoint) = receiver(&store).await;
        let call = new_call(&store, tenant, "c1", T0).await;
        let record = NewDelivery {
            topic: WebhookTopic::Recording,
            ..delivery(&endpoint, "track", at(1))
        };
        let cdr = delivery(&endpoint, "cdr", at(1));
        store.append(&call, &[(at(1), ended())], &[record, cdr]).await.unwrap();
        let claims = claim(&store, at(1)).await;
        assert_eq!(uuids(&claims), ["track", "cdr"], "neither waits for the other");
        store.settle(&claims[0], &attempt(500), NextAttempt::Due(at(100))).await.unwrap();
        store.settle(&claims[1], &attempt(500), NextAttempt::Due(at(50))).await.unwrap();
        assert_eq!(store.next_due().await.unwrap(), Some(at(50)));
        assert_eq!(uuids(&claim(&store, at(50)).await), ["cdr"]);
    }

    async fn a_settled_delivery_can_be_replayed(store: Store) {
        let (tenant, endpoint) = receiver(&store).await;
        push(&store, tenant, &endpoint, "c1", &["u1"]).await;
        let claimed = claim(&store, at(1)).await.remove(0);
        let id = claimed.delivery.id;
        let early = store.replay(tenant, id, at(2)).await;
        assert!(matches!(early, Err(StoreError::Conflict { .. })), "{early:?}");
        store.settle(&claimed, &attempt(500), NextAttempt::Exhausted).await.unwrap();
        let replayed = store.replay(tenant, id, at(500)).await.unwrap();
        assert_eq!((replayed.state, replayed.n_attempts), (DeliveryState::Due, 0));
        let again = claim(&store, at(500)).await.remove(0);
        assert_eq!(again.delivery.body, claimed.delivery.body);
        store.settle(&again, &attempt(200), NextAttempt::Delivered).await.unwrap();
        assert_eq!(store.attempts(id).await.unwrap(), [attempt(500), attempt(200)]);
        let unknown = store.replay(TenantId(1), id, at(501)).await;
        assert!(matches!(unknown, Err(StoreError::NotFound { .. })));
    }

    async fn deliveries_are_listed_by_what_is_asked_for(store: Store) {
        let (tenant, endpoint) = receiver(&store).await;
        let other = crate::fixtures::endpoint(&store, tenant).await;
        push(&store, tenant, &endpoint, "c1", &["u1"]).await;
        push(&store, tenant, &endpoint, "c2", &["u2"]).await;
        push(&store, tenant, &other, "c3", &["u3"]).await;
        let claims = claim(&store, at(1)).await;
        store.settle(&claims[0], &attempt(200), NextAttempt::Delivered).await.unwrap();
        let listed = async |filter: DeliveryFilter| {
            let page = store.deliveries(&filter, Paging::first(9)).await.unwrap();
            assert_eq!(page.total, i64::try_from(page.items.len()).unwrap());
            page.items.into_iter().map(|delivery| delivery.uuid).collect::<Vec<_>>()
        };
        let all = DeliveryFilter { tenant, endpoint: None, call: None, state: None };
        assert_eq!(listed(all.clone()).await, ["u3", "u2", "u1"]);
        let to_one = DeliveryFilter { endpoint: Some(other.id), ..all.clone() };
        assert_eq!(listed(to_one).await, ["u3"]);
        let of_call = DeliveryFilter { call: Some(CallId("c2".into())), ..all.clone() };
        assert_eq!(listed(of_call).await, ["u2"]);
        let taken = DeliveryFilter { state: Some(DeliveryState::Delivered), ..all.clone() };
        assert_eq!(listed(taken).await, ["u1"]);
        let strangers = DeliveryFilter { tenant: TenantId(1), ..all };
        assert_eq!(listed(strangers).await, Vec::<String>::new());
    }

    async fn what_was_due_to_a_removed_endpoint_is_given_up(store: Store) {
        let (tenant, endpoint) = receiver(&store).await;
        push(&store, tenant, &endpoint, "c1", &["u1"]).await;
        store.remove_webhook_endpoint(tenant, endpoint.id).await.unwrap();
        assert_eq!(store.next_due().await.unwrap(), None);
        let delivery = store.delivery(tenant, DeliveryId(1)).await.unwrap();
        assert_eq!(delivery.state, DeliveryState::Exhausted);
    }
}

async fn receiver(store: &Store) -> (TenantId, WebhookEndpoint) {
    let tenant = tenant(store).await;
    (tenant, endpoint(store, tenant).await)
}

/// A call with these pushes, due one second into the story.
async fn push(
    store: &Store,
    tenant: TenantId,
    endpoint: &WebhookEndpoint,
    call: &str,
    uuids: &[&str],
) {
    let call = new_call(store, tenant, call, T0).await;
    let pushes: Vec<_> = uuids
        .iter()
        .map(|uuid| delivery(endpoint, uuid, at(1)))
        .collect();
    store
        .append(&call, &[(at(1), ended())], &pushes)
        .await
        .unwrap();
}

async fn claim(store: &Store, now: UnixMs) -> Vec<Claim> {
    store.claim_due(now, 10, LEASE).await.unwrap()
}

fn attempt(status: u16) -> DeliveryAttempt {
    DeliveryAttempt {
        at: at(2),
        status: Some(status),
        note: "as the receiver said".into(),
        took_ms: 12,
    }
}

fn uuids(claims: &[Claim]) -> Vec<&str> {
    claims
        .iter()
        .map(|claim| claim.delivery.uuid.as_str())
        .collect()
}
