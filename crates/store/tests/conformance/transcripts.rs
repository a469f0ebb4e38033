//! Recordings that are recognized after their calls.

use std::time::Duration;

use model::{CallEvent, CallId, Sentence, TenantId, Track, Transcript, WordsState};
use store::{Store, StoreError};

use crate::{fixtures::*, harness::stories};

const LEASE: Duration = Duration::from_secs(60);

stories! {
    async fn a_recording_whose_person_nobody_understood_is_recognized_once(store: Store) {
        let tenant = tenant(&store).await;
        let call = ended_call(&store, tenant, "c1", at(0)).await;
        assert_eq!(store.next_transcript_at().await.unwrap(), None);
        let tracks = [Track::User, Track::Agent];
        let ready = tracks.map(|track| (at(200), CallEvent::RecordingReady(recording(&call, &track.name(), track))));
        store.append(&call.id, &ready, &[]).await.unwrap();
        assert_eq!(store.transcript(tenant, &call.id).await.unwrap(), Some(Transcript::Due));
        let due = store.next_transcript_at().await.unwrap().unwrap();
        let now = due.plus(Duration::from_secs(1));
        let later = due.plus(LEASE).plus(LEASE);
        let claims = store.claim_transcripts(now, 9, LEASE).await.unwrap();
        assert_eq!((claims.len(), claims[0].call.as_str(), claims[0].n_claims), (1, "c1", 1));
        assert_eq!(store.claim_transcripts(now, 9, LEASE).await.unwrap(), []);
        // The lease has ended: who held it comes too late.
        let again = store.claim_transcripts(later, 9, LEASE).await.unwrap();
        assert_eq!(again[0].n_claims, 2);
        let said = [Sentence { track: Track::User, text: "\u{4f60}\u{597d}".into(), from: at(3), to: at(4) }];
        let late = store.settle_transcript(&claims[0], Some(&said)).await;
        assert!(matches!(late, Err(StoreError::Conflict { .. })), "{late:?}");
        store.settle_transcript(&again[0], Some(&said)).await.unwrap();
        let done = store.transcript(tenant, &call.id).await.unwrap();
        assert_eq!(done, Some(Transcript::Done(said.to_vec())));
        assert_eq!(store.next_transcript_at().await.unwrap(), None);
        let other = TenantId(tenant.0 + 1);
        assert_eq!(store.transcript(other, &call.id).await.unwrap(), None);
    }

    async fn a_recognition_that_failed_is_due_again_until_nobody_can(store: Store) {
        let tenant = tenant(&store).await;
        let call = ended_call(&store, tenant, "c1", at(0)).await;
        let ready = CallEvent::RecordingReady(recording(&call, "r1", Track::User));
        store.append(&call.id, &[(at(200), ready)], &[]).await.unwrap();
        let due = store.next_transcript_at().await.unwrap().unwrap();
        let claims = store.claim_transcripts(due, 9, LEASE).await.unwrap();
        store.put_off_transcript(&claims[0], due.plus(LEASE)).await.unwrap();
        assert_eq!(store.claim_transcripts(due, 9, LEASE).await.unwrap(), []);
        let later = due.plus(LEASE);
        assert_eq!(store.claim_transcripts(later, 9, LEASE).await.unwrap()[0].n_claims, 2);
        store.end_transcript_leases().await.unwrap();
        let claims = store.claim_transcripts(later, 9, LEASE).await.unwrap();
        store.settle_transcript(&claims[0], None).await.unwrap();
        assert_eq!(store.transcript(tenant, &call.id).await.unwrap(), Some(Transcript::Absent));
    }

    async fn a_call_whose_person_was_understood_is_not_recognized_again(store: Store) {
        let tenant = tenant(&store).await;
        let id = new_call(&store, tenant, "c1", at(0)).await;
        let said = CallEvent::CallerSaid { text: "yes".into(), from: at(2), to: at(3) };
        let events = [(at(1), answered()), (at(3), said), (at(4), ended())];
        let call = store.append(&id, &events, &[]).await.unwrap();
        let ready = CallEvent::RecordingReady(recording(&call, "r1", Track::User));
        store.append(&id, &[(at(5), ready)], &[]).await.unwrap();
        assert_eq!(store.transcript(tenant, &id).await.unwrap(), None);
    }

    async fn what_a_carrier_announced_to_nobody_is_not_recognized(store: Store) {
        let tenant = tenant(&store).await;
        let id = new_call(&store, tenant, "c1", at(0)).await;
        let call = store.append(&id, &[(at(1), dialed()), (at(4), ended())], &[]).await.unwrap();
        let ready = CallEvent::RecordingReady(recording(&call, "r1", Track::User));
        store.append(&id, &[(at(5), ready)], &[]).await.unwrap();
        assert_eq!(store.transcript(tenant, &id).await.unwrap(), None);
    }

    async fn a_page_of_calls_tells_which_have_words(store: Store) {
        let tenant = tenant(&store).await;
        let silent = ended_call(&store, tenant, "c1", at(0)).await;
        let recorded = ended_call(&store, tenant, "c2", at(0)).await;
        let ready = CallEvent::RecordingReady(recording(&recorded, "r1", Track::User));
        store.append(&recorded.id, &[(at(200), ready)], &[]).await.unwrap();
        let heard = new_call(&store, tenant, "c3", at(0)).await;
        let said = CallEvent::CallerSaid { text: "yes".into(), from: at(2), to: at(3) };
        store.append(&heard, &[(at(1), answered()), (at(3), said)], &[]).await.unwrap();
        let ids = [silent.id, recorded.id, heard, CallId("c9".into())];
        let states = store.words_states(tenant, &ids).await.unwrap();
        let states: Vec<_> = states.into_iter().map(|(id, state)| (id.0, state)).collect();
        assert_eq!(
            states,
            [
                ("c1".to_owned(), WordsState::None),
                ("c2".to_owned(), WordsState::Due),
                ("c3".to_owned(), WordsState::There),
            ]
        );
        assert!(store.words_states(tenant, &[]).await.unwrap().is_empty());
    }
}
