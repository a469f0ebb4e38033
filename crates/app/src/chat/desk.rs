//! Where commands come in.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use engine::{
    chat::{Conversation, Done, Draw, Input},
    rate::Requests,
};
use model::{
    ChatRecord, ChatSettings, ConversationId, ConversationState, MessageKey, TenantId, UnixMs,
};
use store::{BotMemory, ChatStep, Store};
use tokio::sync::{Mutex as AsyncMutex, Notify, watch};

use super::{
    ChatFault,
    bot::Talk,
    feeds::{Feeds, Subscription},
    settings::SettingsDesk,
    writer::{Failed, Writer},
};
use crate::PushDialect;

/// Conversations in memory, each about 2 KB. Beyond that those that were silent longest leave it.
pub const LIVE_MAX: usize = 20_000;

/// A conversation that was silent for so long leaves memory.
const FORGET_AFTER: Duration = Duration::from_secs(15 * 60);

/// Events that are read at once when a conversation comes back into memory.
const EVENTS_AT_ONCE: u32 = 2000;

/// Requests a second to one command of the cloud's Desk API for one tenant: pieces of growing
/// messages are many.
pub const SERVER_PER_SECOND: u32 = 200;

/// What came of a command.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The conversation afterwards.
    pub conversation: model::Conversation,
    /// The message that it was about.
    pub key: Option<MessageKey>,
    /// The same was asked before: nothing was done now.
    pub repeated: bool,
}

/// What chats are made of.
pub(crate) struct ChatParts {
    pub store: Store,
    pub push: Arc<dyn PushDialect>,
    pub webhooks: Arc<Notify>,
    pub data: PathBuf,
    pub customer_requests_per_second_max: u32,
    pub journal: watch::Sender<u64>,
}

/// The conversations of all tenants.
pub struct Chats {
    pub(super) store: Store,
    pub(super) push: Arc<dyn PushDialect>,
    pub(super) http: reqwest::Client,
    pub(super) settings: SettingsDesk,
    pub(super) folder: PathBuf,
    /// Told when something was stored that the stream of everything tells.
    pub(super) journal: watch::Sender<u64>,
    /// Held while somebody is being chosen for those who wait.
    pub(super) choosing: AsyncMutex<()>,
    /// Tenants of whom somebody may be chosen.
    pub(super) to_assign: Mutex<std::collections::BTreeSet<TenantId>>,
    pub(super) assign_wanted: Notify,
    webhooks: Arc<Notify>,
    writer: Writer,
    feeds: Arc<Feeds>,
    slots: Mutex<HashMap<ConversationId, Arc<Slot>>>,
    /// Requests of customers, by customer or address.
    customers: Mutex<Requests>,
    /// Requests of tenants' servers, by command.
    servers: Mutex<Requests>,
    began: Instant,
    is_stopped: AtomicBool,
}

/// The place of one conversation. Whoever holds the lock writes to it.
#[derive(Default)]
pub(super) struct Slot {
    live: AsyncMutex<Option<Box<Conversation>>>,
    /// Our bot's side; whoever holds the lock lets it answer.
    pub talk: AsyncMutex<Option<Talk>>,
    /// Told when the conversation is not with the bot any more.
    pub left_bot: Notify,
    /// When it was last asked for, milliseconds since the start.
    touched_ms: AtomicU64,
}

impl Chats {
    pub(crate) fn start(parts: ChatParts) -> Arc<Self> {
        let feeds = Arc::new(Feeds::default());
        let chats = Arc::new(Self {
            settings: SettingsDesk::new(parts.store.clone()),
            writer: Writer::start(parts.store.clone(), Arc::clone(&feeds)),
            store: parts.store,
            push: parts.push,
            http: super::routing::client(),
            folder: parts.data.join("chat-files"),
            journal: parts.journal,
            choosing: AsyncMutex::new(()),
            to_assign: Mutex::default(),
            assign_wanted: Notify::new(),
            webhooks: parts.webhooks,
            feeds,
            slots: Mutex::default(),
            customers: Mutex::new(Requests::new(parts.customer_requests_per_second_max)),
            servers: Mutex::new(Requests::new(SERVER_PER_SECOND)),
            began: Instant::now(),
            is_stopped: AtomicBool::new(false),
        });
        super::followup::start(&chats);
        chats
    }

    /// Takes no more commands.
    pub(crate) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    /// Conversations in memory.
    pub fn n_live(&self) -> usize {
        self.slots().len()
    }

    /// Whether a customer, or an address, asks no more often than it may; counts the request.
    pub fn allow_customer(&self, tenant: TenantId, who: &str) -> bool {
        let mut customers = self.customers.lock().expect(LOCK);
        customers.allow(tenant, who, Instant::now())
    }

    /// Whether a tenant's server asks no more often than it may; counts the request.
    pub fn allow_server(&self, tenant: TenantId, command: &str) -> bool {
        let mut servers = self.servers.lock().expect(LOCK);
        servers.allow(tenant, command, Instant::now())
    }

    /// Events of one conversation from now on.
    pub fn watch_conversation(&self, id: &ConversationId) -> Subscription {
        self.feeds.watch_conversation(id)
    }

    /// Events of all of a tenant's conversations from now on.
    pub fn watch_tenant(&self, tenant: TenantId) -> Subscription {
        self.feeds.watch_tenant(tenant)
    }

    /// Does what is wanted of a conversation. What follows from it is stored when this returns.
    ///
    /// # Errors
    ///
    /// As [`ChatFault`] says; nothing has changed then.
    pub async fn command(
        self: &Arc<Self>,
        tenant: TenantId,
        id: &ConversationId,
        input: Input,
    ) -> Result<Outcome, ChatFault> {
        self.command_of_bot(tenant, id, input, None).await
    }

    /// As [`Chats::command`], with what our bot remembers from then on.
    pub(super) async fn command_of_bot(
        self: &Arc<Self>,
        tenant: TenantId,
        id: &ConversationId,
        input: Input,
        memory: Option<BotMemory>,
    ) -> Result<Outcome, ChatFault> {
        if self.is_stopped() {
            return Err(ChatFault::Busy);
        }
        let slot = self.slot(id);
        let mut place = slot.live.lock().await;
        let wanted = (input, memory);
        let done = match self
            .try_command(&mut place, tenant, id, wanted.clone())
            .await
        {
            // Another process of the centre has written meanwhile: then what is stored counts.
            Err(Failed::Overtaken) => {
                *place = None;
                self.try_command(&mut place, tenant, id, wanted).await
            }
            other => other,
        };
        let done = match done {
            Ok(done) => done,
            Err(failed) => {
                // Refused or not, a machine that is ahead of the journal must not stay.
                if !matches!(failed, Failed::Fault(ChatFault::Refused(_))) {
                    *place = None;
                }
                return Err(match failed {
                    Failed::Overtaken => ChatFault::Busy,
                    Failed::Fault(fault) => fault,
                });
            }
        };
        let live = place
            .as_ref()
            .expect("a conversation that was written to is here");
        let outcome = Outcome {
            conversation: live.view().clone(),
            key: done.key,
            repeated: done.repeated,
        };
        let wants = live.wants();
        let is_over = live.view().state == ConversationState::Ended;
        let is_with_bot = live.view().state == ConversationState::Bot;
        drop(place);
        if !is_with_bot {
            slot.left_bot.notify_one();
        }
        for service in &done.services {
            self.after_service(&service.0, id).await;
        }
        if !done.events.is_empty() {
            self.follow(tenant, id, wants, is_over || !done.services.is_empty());
        }
        Ok(outcome)
    }

    /// A person who has served a customer may have notes to write.
    async fn after_service(&self, record: &ChatRecord, id: &ConversationId) {
        let Some(staff) = &record.staff else { return };
        if record.joined_at.is_none() {
            return;
        }
        let has_notes = match self.settings.of(record.tenant).await {
            Ok(settings) => !settings.limits.wrap_up_max.is_zero(),
            Err(_) => false,
        };
        if has_notes && let Err(error) = self.begin_notes(record.tenant, id, staff.id).await {
            tracing::warn!(%error, "a person has no time for notes");
        }
    }

    /// Looks at a conversation as it is now.
    pub(super) async fn look<T>(
        &self,
        tenant: TenantId,
        id: &ConversationId,
        see: impl FnOnce(&Conversation) -> T,
    ) -> Result<T, ChatFault> {
        let slot = self.slot(id);
        let mut place = slot.live.lock().await;
        let settings = self.open_settings(tenant).await?;
        let live = self.live(&mut place, tenant, id, &settings).await?;
        Ok(see(live))
    }

    async fn try_command(
        &self,
        place: &mut Option<Box<Conversation>>,
        tenant: TenantId,
        id: &ConversationId,
        (input, memory): (Input, Option<BotMemory>),
    ) -> Result<Done, Failed> {
        let settings = self.open_settings(tenant).await?;
        let live = self.live(place, tenant, id, &settings).await?;
        let now = self.now();
        let is_tick = matches!(input, Input::Tick { .. });
        let done = live.handle(input, now).map_err(ChatFault::Refused)?;
        if done.events.is_empty() {
            if is_tick {
                // Nothing was due: the limits have changed since.
                let wake_at = live.poll_timeout().map(|(at, _)| at);
                let n = live.view().n_events;
                self.store.wake_chat_at(id, n, wake_at).await?;
            }
            return Ok(done);
        }
        let step = ChatStep {
            bot_memory: memory,
            ..self.step(live, &done, now).await?
        };
        self.append(step).await?;
        Ok(done)
    }

    /// What is to be stored of what a conversation has decided.
    async fn step(
        &self,
        live: &Conversation,
        done: &Done,
        now: UnixMs,
    ) -> Result<ChatStep, ChatFault> {
        let wants = live.wants();
        let records: Vec<_> = done.services.iter().map(|done| done.0.clone()).collect();
        let events: Vec<_> = done
            .events
            .iter()
            .map(|event| (now, event.clone()))
            .collect();
        Ok(ChatStep {
            conversation: live.view().clone(),
            wake_at: live.poll_timeout().map(|(at, _)| at),
            wants_work: wants.answer || wants.routing || wants.staff,
            deliveries: self.deliveries(live, &events, &records).await?,
            events,
            records,
            bot_memory: None,
        })
    }

    pub(super) async fn append(&self, step: ChatStep) -> Result<(), Failed> {
        let has_pushes = !step.deliveries.is_empty();
        let is_told = step.is_told();
        self.writer.append(step).await?;
        if is_told {
            self.journal.send_modify(|n| *n = n.wrapping_add(1));
        }
        if has_pushes {
            self.webhooks.notify_one();
        }
        Ok(())
    }

    /// The machine of a conversation, out of the journal if it is not in memory.
    async fn live<'a>(
        &self,
        place: &'a mut Option<Box<Conversation>>,
        tenant: TenantId,
        id: &ConversationId,
        settings: &ChatSettings,
    ) -> Result<&'a mut Conversation, ChatFault> {
        if place.is_none() {
            let mut events = Vec::new();
            loop {
                let after = i64::try_from(events.len()).expect("journals are short");
                let found = self.store.chat_events(id, after, EVENTS_AT_ONCE).await?;
                let is_all = found.len() < usize::try_from(EVENTS_AT_ONCE).expect("it is small");
                events.extend(found.into_iter().map(|e| (e.stamped.at, e.stamped.event)));
                if is_all {
                    break;
                }
            }
            let live = Conversation::replay(id.clone(), settings.limits, events);
            *place = live.map(Box::new);
        }
        let not_found = ChatFault::NotFound {
            what: "conversation",
        };
        match place {
            Some(live) if live.view().tenant == tenant => {
                live.limit(settings.limits);
                Ok(live)
            }
            Some(_) | None => Err(not_found),
        }
    }

    /// Puts a conversation into memory that was stored just now.
    pub(super) async fn keep(&self, live: Conversation) {
        let slot = self.slot(&live.view().id);
        *slot.live.lock().await = Some(Box::new(live));
    }

    pub(super) fn slot(&self, id: &ConversationId) -> Arc<Slot> {
        let touched_ms = self.elapsed_ms();
        let mut slots = self.slots();
        if slots.len() >= LIVE_MAX && !slots.contains_key(id) {
            forget_older_half(&mut slots);
        }
        let slot = slots.entry(id.clone()).or_default();
        slot.touched_ms.store(touched_ms, Ordering::Relaxed);
        Arc::clone(slot)
    }

    /// Forgets conversations that were silent for long.
    pub(super) fn sweep(&self) {
        let silent_ms = u64::try_from(FORGET_AFTER.as_millis()).expect("minutes are few");
        let oldest = self.elapsed_ms().saturating_sub(silent_ms);
        self.slots().retain(|_, slot| {
            Arc::strong_count(slot) > 1 || slot.touched_ms.load(Ordering::Relaxed) > oldest
        });
    }

    /// The wall clock.
    #[expect(clippy::unused_self, reason = "the clock is the centre's")]
    pub(super) fn now(&self) -> UnixMs {
        SystemTime::now().into()
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).expect("a process is younger than ages")
    }

    fn slots(&self) -> MutexGuard<'_, HashMap<ConversationId, Arc<Slot>>> {
        self.slots
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

const LOCK: &str = "nothing panics while it holds this lock";

/// Chance for a key.
pub(super) fn draw() -> Draw {
    Draw(rand::random())
}

fn forget_older_half(slots: &mut HashMap<ConversationId, Arc<Slot>>) {
    let mut ages: Vec<u64> = slots
        .values()
        .map(|slot| slot.touched_ms.load(Ordering::Relaxed))
        .collect();
    let middle = ages.len() / 2;
    let (_, median, _) = ages.select_nth_unstable(middle);
    let median = *median;
    slots.retain(|_, slot| {
        Arc::strong_count(slot) > 1 || slot.touched_ms.load(Ordering::Relaxed) > median
    });
}
