//! Whole campaigns: a real database, real SIP on loopback.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[allow(dead_code, reason = "other tests use the rest")]
mod world;

use std::time::Duration;

use model::{
    Campaign, CampaignDraft, CampaignState, ContactDraft, ContactState, Disposition, E164, Pacing,
    RetryRules, Schedule,
};
use store::{AttemptFilter, ContactFilter, Paging};
use world::World;

const GREETING: &str = r#"{"language": "en", "voice": "kal", "greeting": "Hello."}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_who_is_busy_is_dialed_again_and_the_campaign_ends_with_the_last_one() {
    let world = World::new(GREETING).await;
    let campaign = campaign(&world, 1).await;
    let added = world
        .app
        .add_contacts(world.tenant.id, &campaign.id, vec![contact("a")])
        .await
        .unwrap();

    let busy = world.phone.rings().await;
    world.phone.reject(&busy, 486).await;
    let ringing = world.phone.rings().await;
    let answered = world.phone.answer(&ringing).await;
    world.phone.hang_up(answered).await;
    until(&world, &campaign, CampaignState::Completed).await;

    let store = world.app.store();
    let reached = store.contact(world.tenant.id, &added[0].id).await.unwrap();
    assert_eq!(
        (reached.state, reached.n_attempts),
        (ContactState::Reached, 2)
    );
    let attempts = store
        .dial_attempts(
            world.tenant.id,
            &AttemptFilter::default(),
            store::AttemptOrder::default(),
            Paging::first(9),
        )
        .await
        .unwrap();
    let outcomes: Vec<_> = attempts
        .items
        .iter()
        .rev()
        .map(|one| one.disposition)
        .collect();
    assert_eq!(
        outcomes,
        [Some(Disposition::Busy), Some(Disposition::Reached)]
    );
    for attempt in attempts.items {
        let call = store.call(world.tenant.id, &attempt.id).await.unwrap();
        assert_eq!(call.user_data.as_deref(), Some("a"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_are_dialed_at_once_than_the_campaign_allows_and_none_once_it_is_taken_off() {
    let world = World::new(GREETING).await;
    let campaign = campaign(&world, 1).await;
    let contacts = ["a", "b", "c"].map(contact).to_vec();
    world
        .app
        .add_contacts(world.tenant.id, &campaign.id, contacts)
        .await
        .unwrap();

    let ringing = world.phone.rings().await;
    let answered = world.phone.answer(&ringing).await;
    let dialing = ContactFilter {
        states: Some(vec![ContactState::Dialing]),
        ..ContactFilter::default()
    };
    let store = world.app.store();
    let n = store
        .contacts(world.tenant.id, &dialing, Paging::first(9))
        .await
        .unwrap()
        .total;
    assert_eq!(n, 1);
    let off = CampaignState::Canceled;
    world
        .app
        .move_campaign(world.tenant.id, &campaign.id, off)
        .await
        .unwrap();
    world.phone.hang_up(answered).await;

    let mut journal = world.app.journal_watch();
    let settled = async {
        loop {
            let progress = store
                .campaign_progress(std::slice::from_ref(&campaign.id))
                .await
                .unwrap();
            let of = progress[&campaign.id];
            if of.dialing == 0 {
                return (of.reached, of.canceled);
            }
            // The outcome is written after the call's last event.
            let _ = tokio::time::timeout(Duration::from_millis(50), journal.changed()).await;
        }
    };
    let settled = tokio::time::timeout(Duration::from_secs(20), settled)
        .await
        .expect("in time");
    assert_eq!(settled, (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_who_is_to_be_dialed_at_once_is() {
    let world = World::new(GREETING).await;
    let campaign = campaign(&world, 1).await;
    let paused = CampaignState::Paused;
    world
        .app
        .move_campaign(world.tenant.id, &campaign.id, paused)
        .await
        .unwrap();

    let (id, call) = world
        .app
        .dial_contact(&campaign, contact("now"), None)
        .await
        .unwrap();
    let ringing = world.phone.rings().await;
    world.phone.reject(&ringing, 486).await;
    world.until(&call, |call| call.cause.is_some()).await;

    let failed = async {
        loop {
            let contact = world
                .app
                .store()
                .contact(world.tenant.id, &id)
                .await
                .unwrap();
            if contact.state == ContactState::Failed {
                return contact.n_attempts;
            }
            tokio::task::yield_now().await;
        }
    };
    let n = tokio::time::timeout(Duration::from_secs(20), failed)
        .await
        .expect("in time");
    assert_eq!(n, 1);
}

async fn campaign(world: &World, at_once: u32) -> Campaign {
    let draft = CampaignDraft {
        name: "Reminders".into(),
        description: String::new(),
        voice_agent: world.agent,
        callers: Vec::new(),
        recall_callers: Vec::new(),
        is_urgent: false,
        ring_time_max: None,
        pacing: Pacing::AtOnce(at_once),
        reserved: 0,
        schedule: Schedule::default(),
        retry: RetryRules {
            interval: Duration::ZERO,
            ..RetryRules::default()
        },
        notes: "{}".into(),
    };
    world
        .app
        .create_campaign(world.tenant.id, &draft)
        .await
        .unwrap()
}

fn contact(reference: &str) -> ContactDraft {
    ContactDraft {
        numbers: vec![E164::parse("+12025550199", "1").unwrap()],
        name: String::new(),
        reference: reference.into(),
        callers: Vec::new(),
        variables: Vec::new(),
        notes: "{}".into(),
    }
}

async fn until(world: &World, campaign: &Campaign, state: CampaignState) {
    let mut journal = world.app.journal_watch();
    let reached = async {
        loop {
            let now = world
                .app
                .store()
                .campaign(world.tenant.id, &campaign.id)
                .await
                .unwrap();
            if now.state == state {
                return;
            }
            let _ = tokio::time::timeout(Duration::from_millis(50), journal.changed()).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), reached)
        .await
        .expect("in time");
}
