//! Ends what time ends: a person's time for notes, and the presence of whom nobody is signed in as
//! any more.
//!
//! # Invariants
//!
//! - Everything is read from the database: a stop in between leaves nothing undone.
//! - Who works in a call stays until it is over.

use std::{sync::Arc, time::Duration};

use engine::presence::{Happening, Wish};
use model::{Refusal, Staff, StaffStatus};
use store::{Paging, StaffFilter};

use crate::{App, Fault};

/// How often is looked. Times for notes are seconds.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// People that are looked at in one go.
const STAFF_AT_ONCE: u32 = 1_000;

/// Looks until the process ends.
pub async fn run(app: Arc<App>) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while !app.is_draining() {
        ticks.tick().await;
        if let Err(fault) = look(&app).await {
            tracing::warn!(%fault, "statuses of people stay as they are");
        }
    }
}

async fn look(app: &Arc<App>) -> Result<(), Fault> {
    let writing = StaffFilter {
        statuses: vec![StaffStatus::WrapUp],
        ..StaffFilter::default()
    };
    let writing = app
        .store()
        .staff_list(&writing, Paging::first(STAFF_AT_ONCE));
    for person in writing.await?.items {
        if app.now() >= person.presence.since.plus(notes_max(app, &person).await) {
            happens(app, &person, Happening::WrapUpEnded).await?;
            app.chats().want_assignment(person.tenant);
        }
    }
    for id in app.store().expired_sign_ins(app.now()).await? {
        let person = app.store().staff_any(id).await?;
        let others = app.store().sign_ins(id, app.now()).await?;
        let is_there = person.presence.status != StaffStatus::Offline;
        if others.is_empty() && is_there {
            let left = happens(app, &person, Happening::Wished(Wish::Offline)).await?;
            if !left {
                continue;
            }
        }
        app.store().remove_expired_sign_ins(id, app.now()).await?;
    }
    app.chats().leave_absent().await;
    Ok(())
}

/// How long a person's notes may take.
async fn notes_max(app: &App, person: &Staff) -> Duration {
    match app.chats().settings(person.tenant).await {
        Ok(settings) => settings.limits.wrap_up_max,
        Err(_) => Duration::ZERO,
    }
}

/// Whether it happened; work that runs may stand against it.
async fn happens(app: &App, person: &Staff, happening: Happening<'_>) -> Result<bool, Fault> {
    match app.happen(person.tenant, person.id, happening).await {
        Ok(_) => Ok(true),
        Err(Fault::Refused(Refusal::Conflict { .. })) => Ok(false),
        Err(fault) => Err(fault),
    }
}
