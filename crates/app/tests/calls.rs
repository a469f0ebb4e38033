//! Whole calls: real SIP and RTP on loopback, real speech, a real database.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod world;

use model::{CallEvent, EndCause, HungUpSide};
use world::World;

/// Asks one question, takes a key, says goodbye.
const MENU: &str = r#"{
    "language": "en",
    "voice": "kal",
    "greeting": "Please press one or two.",
    "replies": [{"words": ["one"], "keys": ["1"], "say": "Thank you.", "then": "hang_up"}],
    "goodbye": "Goodbye."
}"#;

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_calls_asks_takes_a_key_and_says_goodbye() {
    let world = World::new(MENU).await;
    let id = world.call().await;

    let ringing = world.phone.rings().await;
    let mut phone = world.phone.answer(&ringing).await;
    phone.hears_a_line().await;
    phone.press("1");
    phone.is_hung_up().await;
    let call = world.until(&id, |call| call.recordings.len() == 2).await;

    assert_eq!(call.cause, Some(EndCause::AgentFinished));
    assert_eq!(call.side, Some(HungUpSide::System));
    assert_eq!(call.digits.len(), 1);
    let said = said(&world, &id).await;
    assert_eq!(said, ["Please press one or two.", "Thank you. Goodbye."]);
    for track in &call.recordings {
        let talked_ms = call.ended_at.unwrap().0 - call.answered_at.unwrap().0;
        assert!(
            (track.duration_ms - talked_ms).abs() < 300,
            "{} of {talked_ms}",
            track.duration_ms
        );
        assert_eq!(track.gaps, []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_hangs_up_in_mid_sentence_has_heard_part_of_it() {
    let world = World::new(MENU).await;
    let id = world.call().await;

    let ringing = world.phone.rings().await;
    let phone = world.phone.answer(&ringing).await;
    tokio::time::sleep(std::time::Duration::from_millis(900)).await;
    world.phone.hang_up(phone).await;
    let call = world.until(&id, |call| call.recordings.len() == 2).await;

    assert_eq!(call.cause, Some(EndCause::Completed));
    assert_eq!(call.side, Some(HungUpSide::User));
    let said = said(&world, &id).await;
    assert!(
        said.len() == 1 && "Please press one or two.".starts_with(&said[0]),
        "{said:?}"
    );
    assert!(said[0].len() < "Please press one or two.".len(), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_phone_is_busy() {
    let world = World::new(MENU).await;
    let id = world.call().await;

    let ringing = world.phone.rings().await;
    world.phone.reject(&ringing, 486).await;
    let call = world.until(&id, |call| call.cause.is_some()).await;

    assert_eq!(call.cause, Some(EndCause::Busy));
    assert_eq!(call.sip_status, Some(486));
    assert_eq!(call.answered_at, None);
}

async fn said(world: &World, id: &model::CallId) -> Vec<String> {
    let events = world.app.store().events(id, 0, 100).await.unwrap();
    events
        .into_iter()
        .filter_map(|stamped| match stamped.event {
            CallEvent::AgentSaid { heard, .. } => Some(heard),
            _ => None,
        })
        .collect()
}
