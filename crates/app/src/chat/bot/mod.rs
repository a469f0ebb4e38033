//! Our voice agents as bots of conversations: the same thinkers that talk on the phone.
//!
//! What a thinker is asked and what was shown are read from the conversation's events, and what it
//! remembers beside is stored with the end of each answer. So a restart goes on where it stopped: a
//! script is asked the same questions again in silence, a flow goes on at its place, a language
//! model is given what was shown and goes on behind it, a robot elsewhere keeps the history itself.
//!
//! # Invariants
//!
//! - A model and a robot are not asked again what they were asked and of whose answer something was
//!   shown.
//! - The end of an answer, what the bot wants then and what it remembers are one step.
//! - A bot that cannot answer says its fallback once; the second time in a row a person is asked.

mod asked;
mod talk;
mod writing;

use std::sync::Arc;

use engine::chat::{BotThen, Input};
use model::{Asker, ConversationId, ConversationState, TenantId};
use store::{BotMemory, StoreError};
use voice::thinker::Heard;

use self::{
    asked::{Asked, joined},
    talk::{Kind, Then},
    writing::Writing,
};
use super::{
    ChatFault, Chats,
    desk::{Slot, draw},
};

pub(super) use self::talk::Talk;

/// Events that are looked at for questions.
const EVENTS_MAX: u32 = 50_000;

/// Times in a row that a conversation may refuse a bot's words while it is with the bot.
const REFUSALS_MAX: u32 = 3;

/// Why there is no answer.
enum Failure {
    /// The bot has none.
    Bot(String),
    /// Somebody else has the conversation now.
    Left,
    /// The conversation does not take it, or we are broken.
    Chat(ChatFault),
}

impl Failure {
    fn of(why: &str) -> Self {
        Self::Bot(why.to_owned())
    }
}

impl From<ChatFault> for Failure {
    fn from(fault: ChatFault) -> Self {
        Self::Chat(fault)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Chat(error.into())
    }
}

/// Tells when a conversation is not with its bot any more.
struct Leaving<'a> {
    chats: &'a Chats,
    slot: Arc<Slot>,
    tenant: TenantId,
    id: &'a ConversationId,
}

impl<'a> Leaving<'a> {
    fn of(chats: &'a Chats, tenant: TenantId, id: &'a ConversationId) -> Self {
        Self {
            slot: chats.slot(id),
            chats,
            tenant,
            id,
        }
    }

    /// Returns once it is so.
    async fn left(&self) {
        loop {
            // A notice may be of an earlier time: what counts is how it is now.
            self.slot.left_bot.notified().await;
            let look = self
                .chats
                .look(self.tenant, self.id, |live| live.view().state);
            if look
                .await
                .is_ok_and(|state| state != ConversationState::Bot)
            {
                return;
            }
        }
    }
}

impl Chats {
    /// Lets our bot answer until there is nothing to answer. One at a time in a conversation.
    pub(super) async fn answer(self: Arc<Self>, tenant: TenantId, id: ConversationId) {
        let slot = self.slot(&id);
        let mut n_refusals = 0;
        loop {
            let mut is_astray = false;
            let Ok(mut talk) = slot.talk.try_lock() else {
                // Whoever answers looks again when it is done.
                return;
            };
            let answered = self.answer_once(&mut talk, tenant, &id).await;
            let why = match answered {
                Ok(()) => {
                    n_refusals = 0;
                    None
                }
                Err(Failure::Chat(ChatFault::Off | ChatFault::Busy)) => {
                    *talk = None;
                    return;
                }
                // A person took over, or it is over: the answer has nobody to read it.
                Err(Failure::Left) => {
                    is_astray = true;
                    None
                }
                Err(Failure::Chat(fault @ ChatFault::Refused(_))) => {
                    is_astray = true;
                    n_refusals += 1;
                    (n_refusals >= REFUSALS_MAX).then(|| fault.to_string())
                }
                Err(Failure::Bot(why)) => Some(why),
                Err(Failure::Chat(ChatFault::Internal(error))) => Some(format!("{error:#}")),
                Err(Failure::Chat(fault)) => Some(fault.to_string()),
            };
            if let Some(why) = why
                && !self.bot_failed(&mut talk, tenant, &id, &why).await
            {
                return;
            }
            // What a script would have said is not what was shown: it is played again.
            if is_astray && talk.as_ref().is_some_and(|talk| talk.kind == Kind::Script) {
                *talk = None;
            }
            let n_asked = talk.as_ref().map_or(0, |talk| talk.n_asked);
            drop(talk);
            match self.is_asked_more(tenant, &id, n_asked).await {
                Ok(true) => {}
                Ok(false) | Err(_) => return,
            }
        }
    }

    /// Whether the customer said something while the bot was answering.
    async fn is_asked_more(
        &self,
        tenant: TenantId,
        id: &ConversationId,
        n_asked: usize,
    ) -> Result<bool, ChatFault> {
        let (is_with_bot, wants) = self
            .look(tenant, id, |live| {
                (live.view().state == ConversationState::Bot, live.wants())
            })
            .await?;
        if !is_with_bot || n_asked == 0 {
            return Ok(wants.answer);
        }
        let events = self.store.chat_events(id, 0, EVENTS_MAX).await?;
        Ok(Asked::of(&events).questions.len() > n_asked)
    }

    /// The customer is not left alone with a bot that does not answer. Whether the bot stays.
    async fn bot_failed(
        self: &Arc<Self>,
        talk: &mut Option<Talk>,
        tenant: TenantId,
        id: &ConversationId,
        why: &str,
    ) -> bool {
        tracing::warn!(conversation = id.as_str(), why, "a bot did not answer");
        let open = self.look(tenant, id, |live| live.our_open_stream().cloned());
        if let Ok(Some(key)) = open.await {
            let abandoned = self.command(tenant, id, Input::Abandon(key)).await;
            if let Err(error) = abandoned {
                tracing::warn!(%error, "a half message of a bot stays open until its time is up");
            }
        }
        let events = self.store.chat_events(id, 0, EVENTS_MAX).await;
        let asked = events.map(|events| Asked::of(&events)).unwrap_or_default();
        let fallback = talk.as_ref().map(|talk| talk.fallback.clone());
        let fallback = fallback.filter(|_| asked.n_failed == 0).unwrap_or_default();
        match talk {
            Some(kept) if kept.kind != Kind::Script => {
                kept.n_asked = kept.n_asked.max(asked.questions.len());
            }
            _ => *talk = None,
        }
        let stays = !fallback.is_empty();
        let memory = talk.as_ref().map(|talk| talk.memory(talk.n_asked));
        let failed = Input::BotFailed {
            why: why.chars().take(300).collect(),
            says: fallback,
            draw: draw(),
        };
        let told = self.command_of_bot(tenant, id, failed, memory).await;
        if stays || told.is_err() {
            return stays && told.is_ok();
        }
        let to = (None, Vec::new());
        let asked = self.ask_person(tenant, id, Asker::Bot, to, true).await;
        if let Err(error) = asked {
            tracing::warn!(%error, "nobody could be asked for instead of a bot");
        }
        false
    }

    async fn answer_once(
        self: &Arc<Self>,
        place: &mut Option<Talk>,
        tenant: TenantId,
        id: &ConversationId,
    ) -> Result<(), Failure> {
        let is_with_bot = self.look(tenant, id, |live| live.view().state).await?;
        if is_with_bot != ConversationState::Bot {
            return Err(Failure::Left);
        }
        let events = self.store.chat_events(id, 0, EVENTS_MAX).await?;
        let asked = Asked::of(&events);
        if place.is_none() {
            let conversation = self.store.conversation(tenant, id).await?;
            let talk = Talk::begin(self, &conversation).await?;
            let talk = place.insert(talk);
            if self.take_up_answer(talk, &asked, tenant, id).await? {
                return Ok(());
            }
        }
        let talk = place.as_mut().expect("it was put there");
        self.ask_open(talk, &asked, Writing::new(self, tenant, id), tenant, id)
            .await
    }

    /// Brings a new thinker to where an earlier one was; whether that was an answer of its own.
    async fn take_up_answer(
        self: &Arc<Self>,
        talk: &mut Talk,
        asked: &Asked,
        tenant: TenantId,
        id: &ConversationId,
    ) -> Result<bool, Failure> {
        let mut writing = Writing::new(self, tenant, id);
        let left = &Leaving::of(self, tenant, id);
        match (talk.kind, &asked.half) {
            (Kind::Script, half) => {
                talk.n_asked = 0;
                while talk.n_asked < asked.n_answered {
                    let question = asked.questions[talk.n_asked].heard.clone();
                    talk.n_asked += 1;
                    let ask = (question, Vec::new());
                    if half.is_some() && talk.n_asked == asked.n_answered {
                        writing.repeat(half.clone());
                        let then = talk.answer(ask, &mut writing, left).await?;
                        self.finish(talk.memory(talk.n_asked), writing, then, tenant)
                            .await?;
                        return Ok(true);
                    }
                    let mut silent = Writing::new(self, tenant, id).silent();
                    talk.answer(ask, &mut silent, left).await?;
                }
                Ok(false)
            }
            (Kind::Flow, Some(half)) => {
                // Its place is where it was before this answer.
                writing.repeat(Some(half.clone()));
                self.ask_open(talk, asked, writing, tenant, id).await?;
                Ok(true)
            }
            (Kind::Models, Some((key, text))) => {
                talk.n_asked = asked.n_answered;
                writing.append_to(key.clone(), text);
                let last = &asked.questions[asked.n_answered.saturating_sub(1)];
                let ask = (last.heard.clone(), asked.history_through(key));
                let then = talk.answer(ask, &mut writing, left).await?;
                self.finish(talk.memory(talk.n_asked), writing, then, tenant)
                    .await?;
                Ok(true)
            }
            (Kind::Robot, Some((key, _))) => {
                // It was asked already and would answer something else now.
                self.command(tenant, id, Input::Abandon(key.clone()))
                    .await?;
                talk.n_asked = asked.n_answered;
                Ok(false)
            }
            (Kind::Flow | Kind::Models | Kind::Robot, None) => {
                talk.n_asked = talk.n_asked.max(asked.n_answered);
                Ok(false)
            }
        }
    }

    /// Asks what is open. Models are asked all of it at once, others one after the other.
    async fn ask_open(
        self: &Arc<Self>,
        talk: &mut Talk,
        asked: &Asked,
        mut writing: Writing<'_>,
        tenant: TenantId,
        id: &ConversationId,
    ) -> Result<(), Failure> {
        let left = &Leaving::of(self, tenant, id);
        let mut then = Then::Listen;
        while let (Some(next), Then::Listen) = (asked.questions.get(talk.n_asked), &then) {
            let ask = if next.heard == Heard::Start {
                talk.n_asked += 1;
                (Heard::Start, Vec::new())
            } else if talk.kind == Kind::Models {
                let open = &asked.questions[talk.n_asked..];
                talk.n_asked = asked.questions.len();
                (joined(open), asked.history_to(open))
            } else {
                talk.n_asked += 1;
                (next.heard.clone(), Vec::new())
            };
            then = talk.answer(ask, &mut writing, left).await?;
        }
        self.finish(talk.memory(talk.n_asked), writing, then, tenant)
            .await
    }

    async fn finish(
        self: &Arc<Self>,
        memory: BotMemory,
        mut writing: Writing<'_>,
        then: Then,
        tenant: TenantId,
    ) -> Result<(), Failure> {
        writing.remember(memory);
        let then = then.looked_up(self, tenant).await?;
        let is_for_person = matches!(then, BotThen::AskPerson { .. });
        writing.finish(then).await?;
        if is_for_person {
            self.assign(tenant).await?;
        }
        Ok(())
    }
}
