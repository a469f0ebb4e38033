//! What is to be found out about calls that ended, and the agents that requests brought along.

use std::time::Duration;

use model::{CallEvent, CallId, Review, VoiceAgentId};
use store::{BroughtDocument, Store, StoreError};

use crate::{fixtures::*, harness::stories};

const LEASE: Duration = Duration::from_secs(60);

stories! {
    async fn an_answered_call_is_reviewed_once_whoever_claims_it(store: Store) {
        let tenant = tenant(&store).await;
        let call = ended_call(&store, tenant, "c1", at(0)).await;
        assert_eq!(store.next_review_at().await.unwrap(), call.ended_at);
        assert_eq!(store.claim_reviews(at(10), 9, LEASE).await.unwrap(), []);
        let claims = store.claim_reviews(at(100), 9, LEASE).await.unwrap();
        assert_eq!((claims.len(), claims[0].call.as_str(), claims[0].n_claims), (1, "c1", 1));
        assert_eq!(store.claim_reviews(at(101), 9, LEASE).await.unwrap(), []);
        assert_eq!(store.next_review_at().await.unwrap(), Some(at(160)));
        // The lease has ended: who held it comes too late.
        let again = store.claim_reviews(at(161), 9, LEASE).await.unwrap();
        assert_eq!(again[0].n_claims, 2);
        let done = || CallEvent::Reviewed(Review::default());
        let late = store.settle_review(&claims[0], done(), at(162)).await;
        assert!(matches!(late, Err(StoreError::Conflict { .. })), "{late:?}");
        store.settle_review(&again[0], done(), at(163)).await.unwrap();
        assert_eq!(store.next_review_at().await.unwrap(), None);
        let events = store.events(&call.id, 0, 100).await.unwrap();
        let n_reviews = events.iter().filter(|e| matches!(e.event, CallEvent::Reviewed(_))).count();
        assert_eq!(n_reviews, 1);
    }

    async fn a_review_that_failed_is_due_again_later(store: Store) {
        let tenant = tenant(&store).await;
        ended_call(&store, tenant, "c1", at(0)).await;
        let claims = store.claim_reviews(at(100), 9, LEASE).await.unwrap();
        store.put_off_review(&claims[0], at(200)).await.unwrap();
        assert_eq!(store.claim_reviews(at(199), 9, LEASE).await.unwrap(), []);
        assert_eq!(store.claim_reviews(at(200), 9, LEASE).await.unwrap()[0].n_claims, 2);
        store.end_review_leases().await.unwrap();
        assert_eq!(store.claim_reviews(at(201), 9, LEASE).await.unwrap()[0].n_claims, 3);
    }

    async fn a_call_can_be_reviewed_once_more_but_not_twice_at_a_time(store: Store) {
        let tenant = tenant(&store).await;
        let call = ended_call(&store, tenant, "c1", at(0)).await;
        let early = store.ask_review(&call, at(99)).await;
        assert!(matches!(early, Err(StoreError::Conflict { .. })), "{early:?}");
        let claims = store.claim_reviews(at(100), 9, LEASE).await.unwrap();
        let found = |summary: &str| {
            CallEvent::Reviewed(Review { summary: summary.into(), ..Review::default() })
        };
        store.settle_review(&claims[0], found("first"), at(101)).await.unwrap();
        store.ask_review(&call, at(102)).await.unwrap();
        let again = store.ask_review(&call, at(103)).await;
        assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
        let claims = store.claim_reviews(at(104), 9, LEASE).await.unwrap();
        assert_eq!((claims.len(), claims[0].n_claims), (1, 1));
        store.settle_review(&claims[0], found("second"), at(105)).await.unwrap();
        let events = store.events(&call.id, 0, 100).await.unwrap();
        let last = events.iter().rev().find_map(|stamped| match &stamped.event {
            CallEvent::Reviewed(review) => Some(review.summary.as_str()),
            _ => None,
        });
        assert_eq!(last, Some("second"));
    }

    async fn a_call_that_nobody_answered_is_not_reviewed(store: Store) {
        let tenant = tenant(&store).await;
        let id = new_call(&store, tenant, "c1", at(0)).await;
        store.append(&id, &[(at(1), dialed()), (at(2), ended())], &[]).await.unwrap();
        assert_eq!(store.next_review_at().await.unwrap(), None);
    }

    async fn a_brought_agent_is_kept_sealed_until_nobody_needs_it(store: Store) {
        let tenant = tenant(&store).await;
        let brought = BroughtDocument("{\"key\":\"sk-secret\"}".into());
        let begin = async |id: &str| {
            let id = CallId(id.into());
            let mut event = requested(tenant);
            if let CallEvent::Requested { voice_agent, .. } = &mut event {
                *voice_agent = Some(VoiceAgentId::BROUGHT);
            }
            store.begin_call_with(&id, &[(at(0), event)], &[], Some(&brought)).await.unwrap();
            assert_eq!(store.brought_agent(&id).await.unwrap(), Some(brought.clone()));
            id
        };
        let unanswered = begin("c1").await;
        store.append(&unanswered, &[(at(2), ended())], &[]).await.unwrap();
        assert_eq!(store.brought_agent(&unanswered).await.unwrap(), None);

        let answered_one = begin("c2").await;
        store.append(&answered_one, &[(at(1), answered()), (at(2), ended())], &[]).await.unwrap();
        assert!(store.brought_agent(&answered_one).await.unwrap().is_some());
        let claims = store.claim_reviews(at(100), 9, LEASE).await.unwrap();
        let failed = CallEvent::ReviewFailed { why: "no answer".into() };
        store.settle_review(&claims[0], failed, at(101)).await.unwrap();
        assert_eq!(store.brought_agent(&answered_one).await.unwrap(), None);
    }
}
