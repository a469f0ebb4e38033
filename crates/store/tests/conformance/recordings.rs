//! Tracks.

use model::{CallEvent, RecordingId, Track};
use store::{Store, StoreError};

use crate::{fixtures::*, harness::stories};

stories! {
    async fn a_rendered_track_is_found_by_its_id_and_in_its_call(store: Store) {
        let tenant = tenant(&store).await;
        let call = ended_call(&store, tenant, "c1", T0).await;
        let agent = recording(&call, "r2", Track::Agent);
        let user = recording(&call, "r1", Track::User);
        let ready = [agent.clone(), user.clone()].map(|r| (at(200), CallEvent::RecordingReady(r)));
        store.append(&call.id, &ready, &[]).await.unwrap();
        assert_eq!(store.recording(&user.id).await.unwrap(), user);
        assert_eq!(store.call(tenant, &call.id).await.unwrap().recordings, [user, agent]);
    }

    async fn a_copied_track_tells_where_it_is_now(store: Store) {
        let tenant = tenant(&store).await;
        let call = ended_call(&store, tenant, "c1", T0).await;
        let track = recording(&call, "r1", Track::User);
        let ready = [(at(200), CallEvent::RecordingReady(track.clone()))];
        store.append(&call.id, &ready, &[]).await.unwrap();
        assert_eq!(store.recordings_without_copy(tenant, 9).await.unwrap(), std::slice::from_ref(&track));
        let url = Some("https://s3.example/r1".to_owned());
        let copied = CallEvent::RecordingCopied {
            recording: track.id.clone(),
            url: url.clone().unwrap(),
        };
        let call = store.append(&call.id, &[(at(300), copied)], &[]).await.unwrap();
        assert_eq!(call.recordings[0].copy_url, url);
        assert_eq!(store.recording(&track.id).await.unwrap().copy_url, url);
        assert_eq!(store.recordings_without_copy(tenant, 9).await.unwrap(), []);
    }

    async fn only_a_known_track_can_be_copied(store: Store) {
        let tenant = tenant(&store).await;
        let call = ended_call(&store, tenant, "c1", T0).await;
        let copied = CallEvent::RecordingCopied {
            recording: RecordingId("r9".into()),
            url: String::new(),
        };
        let refused = store.append(&call.id, &[(at(300), copied)], &[]).await;
        assert!(matches!(refused, Err(StoreError::NotFound { what: "recording" })));
    }

    async fn a_track_belongs_to_the_call_that_tells_of_it(store: Store) {
        let tenant = tenant(&store).await;
        let call = ended_call(&store, tenant, "c1", T0).await;
        let other = ended_call(&store, tenant, "c2", T0).await;
        let ready = CallEvent::RecordingReady(recording(&other, "r1", Track::User));
        let refused = store.append(&call.id, &[(at(200), ready)], &[]).await;
        assert!(matches!(refused, Err(StoreError::Misuse { .. })));
    }

    async fn answered_calls_lack_recordings_until_both_tracks_are_ready(store: Store) {
        let tenant = tenant(&store).await;
        let refused_call = new_call(&store, tenant, "refused", T0).await;
        store.append(&refused_call, &[(at(1), refused())], &[]).await.unwrap();
        new_call(&store, tenant, "open", T0).await;
        let failed = ended_call(&store, tenant, "failed", T0).await;
        let call = ended_call(&store, tenant, "c1", at(1)).await;
        let lacking = async || {
            let calls = store.ended_without_recording(9).await.unwrap();
            calls.into_iter().map(|call| call.id.0).collect::<Vec<_>>()
        };
        assert_eq!(lacking().await, ["c1", "failed"]);
        let given_up = CallEvent::RecordingFailed { why: "no audio".into() };
        store.append(&failed.id, &[(at(200), given_up)], &[]).await.unwrap();
        for (id, track, left) in [("r1", Track::User, 1), ("r2", Track::Agent, 0)] {
            let ready = CallEvent::RecordingReady(recording(&call, id, track));
            store.append(&call.id, &[(at(200), ready)], &[]).await.unwrap();
            assert_eq!(lacking().await.len(), left);
        }
    }
}
