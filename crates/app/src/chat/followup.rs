//! What is done for conversations beside their commands: time, answers of our bot, people.

use std::{sync::Arc, time::Duration};

use engine::chat::{Input, Wants};
use model::{ConversationId, TenantId};

use super::{ChatFault, Chats, desk::draw};

/// How often it is looked whose time is up. Waits of conversations are seconds and minutes.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How often somebody is looked for anew: staff come and go.
const ASSIGN_EVERY: Duration = Duration::from_secs(1);

/// How often silent conversations leave memory.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// A conversation that cannot be looked at is looked at again after this.
const PUT_OFF: Duration = Duration::from_secs(60);

/// Conversations that are woken at a time.
const WAKE_AT_ONCE: u32 = 100;

/// Starts the tasks; they end with the last other hand on `chats`, or when it stops.
pub(super) fn start(chats: &Arc<Chats>) {
    let weak = Arc::downgrade(chats);
    tokio::spawn(async move {
        if let Some(chats) = weak.upgrade() {
            chats.take_up().await;
        }
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut n_ticks = 0_u32;
        loop {
            ticks.tick().await;
            let Some(chats) = weak.upgrade().filter(|chats| !chats.is_stopped()) else {
                return;
            };
            chats.wake().await;
            n_ticks = n_ticks.wrapping_add(1);
            if n_ticks.is_multiple_of(of(SWEEP_EVERY)) {
                chats.sweep();
            }
        }
    });
    let weak = Arc::downgrade(chats);
    tokio::spawn(async move {
        loop {
            let Some(chats) = weak.upgrade().filter(|chats| !chats.is_stopped()) else {
                return;
            };
            let wanted = chats.assign_wanted.notified();
            // Time is as good a reason as a word.
            let _ = tokio::time::timeout(ASSIGN_EVERY, wanted).await;
            chats.assign_all().await;
        }
    });
}

/// Ticks in a time.
fn of(time: Duration) -> u32 {
    u32::try_from(time.as_millis() / LOOK_EVERY.as_millis()).expect("minutes have few ticks")
}

impl Chats {
    /// Sees to what a conversation waits for. Somebody may have become free with `frees`.
    pub(super) fn follow(
        self: &Arc<Self>,
        tenant: TenantId,
        id: &ConversationId,
        wants: Wants,
        frees: bool,
    ) {
        if wants.answer {
            tokio::spawn(Arc::clone(self).answer(tenant, id.clone()));
        }
        if wants.routing {
            tokio::spawn(Arc::clone(self).route(tenant, id.clone()));
        }
        if wants.staff || frees {
            self.want_assignment(tenant);
        }
    }

    /// What a stop has cut off is gone on with.
    async fn take_up(self: &Arc<Self>) {
        let mut after = ConversationId(String::new());
        loop {
            let found = match self.store.chats_wanting_work(&after, WAKE_AT_ONCE).await {
                Ok(found) => found,
                Err(error) => {
                    tracing::warn!(%error, "chats that were cut off are not found");
                    return;
                }
            };
            let Some((_, last)) = found.last() else {
                return;
            };
            after = last.clone();
            for (tenant, id) in found {
                match self.look(tenant, &id, |live| live.wants()).await {
                    Ok(wants) => self.follow(tenant, &id, wants, false),
                    Err(ChatFault::Off) => {}
                    Err(error) => tracing::warn!(%error, "a chat that was cut off stays so"),
                }
            }
        }
    }

    /// Tells conversations whose time has come.
    async fn wake(self: &Arc<Self>) {
        let due = match self.store.chats_to_wake(self.now(), WAKE_AT_ONCE).await {
            Ok(due) => due,
            Err(error) => {
                tracing::warn!(%error, "failed to look whose time is up");
                return;
            }
        };
        for (tenant, id) in due {
            let tip = match self.settings(tenant).await {
                Ok(settings) => settings.nobody_tip.clone(),
                Err(_) => String::new(),
            };
            let tick = Input::Tick { tip, draw: draw() };
            match self.command(tenant, &id, tick).await {
                Ok(_) | Err(ChatFault::Busy) => continue,
                Err(ChatFault::Off) => {}
                Err(error) => tracing::warn!(%error, "a chat could not be told the time"),
            }
            // It must not stand in the way of the others.
            let until = self.now().plus(PUT_OFF);
            if let Err(error) = self.store.put_off_chat(&id, until).await {
                tracing::warn!(%error, "a chat could not be put off");
            }
        }
    }
}
