//! Our voice agents as bots of conversations: the same thinkers that talk on the phone.
//!
//! What a thinker was asked is read from the conversation's events, so that a restart asks a new
//! thinker the same questions again and goes on with the answer that was cut off. A thinker that
//! answers otherwise the second time has its half answer closed and a new one begun.

use std::{sync::Arc, time::Duration};

use engine::chat::Input;
use model::{
    Asker, Author, ChatEvent, ConversationId, ConversationState, MessageKey, SkillGroupId, StaffId,
    TenantId,
};
use providers::{
    port::{Step, Thinker, Thought, Thoughts},
    thinker::ScriptThinker,
};
use store::{ChatJournalEvent, Paging, SkillGroupFilter};
use tokio::sync::mpsc;
use voice::{
    line::{Line, Variables},
    reply::is_unspaced,
    script::ScriptRun,
    thinker::{Decision, Heard, ThinkRequest, TurnId},
};

use super::{ChatFault, Chats};
use crate::agent_document;

/// Longest wait for the next thought.
const THOUGHT_MAX: Duration = Duration::from_secs(30);

/// Characters of one piece, about: a line is shown while it is written.
const PIECE_CHARS: usize = 24;

/// Events that are looked at for questions.
const EVENTS_MAX: u32 = 50_000;

/// Our bot's side of one conversation.
pub(super) struct Talk {
    thinker: Box<dyn Thinker>,
    inbox: mpsc::Receiver<Thought>,
    /// Questions that were asked.
    n_asked: usize,
}

/// What the events ask a bot.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    questions: Vec<Heard>,
    /// How many of them the bot has answered, or began to.
    n_answered: usize,
    /// What it has written of the answer that it is at, with its key.
    half: Option<(MessageKey, String)>,
}

/// What the bot does at the end of an answer.
enum Act {
    Listen,
    AskPerson(String),
    End,
}

impl Chats {
    /// Lets our bot answer until there is nothing to answer. One at a time in a conversation.
    pub(super) async fn answer(self: Arc<Self>, tenant: TenantId, id: ConversationId) {
        let slot = self.slot(&id);
        loop {
            let Ok(mut talk) = slot.talk.try_lock() else {
                // Whoever answers looks again when it is done.
                return;
            };
            match self.answer_once(&mut talk, tenant, &id).await {
                Ok(()) => {}
                // A person took over, or it is over: the answer has nobody to hear it.
                Err(ChatFault::Refused(_) | ChatFault::Off | ChatFault::Busy) => *talk = None,
                Err(fault) => {
                    *talk = None;
                    drop(talk);
                    self.bot_failed(tenant, &id, &fault).await;
                    return;
                }
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

    /// The customer is not left alone with a bot that does not answer.
    async fn bot_failed(
        self: &Arc<Self>,
        tenant: TenantId,
        id: &ConversationId,
        fault: &ChatFault,
    ) {
        tracing::warn!(conversation = id.as_str(), error = ?fault, "a bot did not answer");
        let why = match fault {
            ChatFault::Internal(error) => format!("{error:#}").chars().take(300).collect(),
            other => other.to_string(),
        };
        let open = self.look(tenant, id, |live| live.our_open_stream().cloned());
        if let Ok(Some(key)) = open.await {
            let _ = self.command(tenant, id, Input::Abandon(key)).await;
        }
        let told = self.command(tenant, id, Input::BotFailed { why }).await;
        if told.is_ok() {
            let to = (None, Vec::new());
            let asked = self.ask_person(tenant, id, Asker::Bot, to, true).await;
            if let Err(error) = asked {
                tracing::warn!(%error, "nobody could be asked for instead of a bot");
            }
        }
    }

    async fn answer_once(
        self: &Arc<Self>,
        place: &mut Option<Talk>,
        tenant: TenantId,
        id: &ConversationId,
    ) -> Result<(), ChatFault> {
        let events = self.store.chat_events(id, 0, EVENTS_MAX).await?;
        let asked = Asked::of(&events);
        // Of a new thinker: what was answered before is asked again and not shown again.
        let mut n_past = 0;
        if place.is_none() {
            *place = Some(self.begin_talk(tenant, id).await?);
            n_past = asked.n_answered;
        }
        let talk = place.as_mut().expect("it was put there");
        while talk.n_asked < n_past {
            let question = asked.questions[talk.n_asked].clone();
            let is_half = asked.half.is_some() && talk.n_asked + 1 == n_past;
            talk.ask(question);
            let mut answer = Writing::new(self, tenant, id);
            if is_half {
                answer.go_on_with(asked.half.clone());
                let act = talk.answer(&mut answer).await?;
                return self.close(answer, act).await;
            }
            talk.answer(&mut answer.silent()).await?;
        }
        let mut answer = Writing::new(self, tenant, id);
        let mut act = Act::Listen;
        while talk.n_asked < asked.questions.len() {
            talk.ask(asked.questions[talk.n_asked].clone());
            act = talk.answer(&mut answer).await?;
        }
        self.close(answer, act).await
    }

    /// Ends the message and does what the bot wants done.
    async fn close(self: &Arc<Self>, answer: Writing<'_>, act: Act) -> Result<(), ChatFault> {
        let (tenant, id) = (answer.tenant, answer.id.clone());
        let said = answer.finish().await?;
        match act {
            Act::Listen if said => {}
            Act::Listen => {
                let silent = self.command(tenant, &id, Input::BotSilent).await;
                match silent {
                    Ok(_) | Err(ChatFault::Refused(_)) => {}
                    Err(fault) => return Err(fault),
                }
            }
            Act::AskPerson(target) => {
                let to = self.target(tenant, &target).await?;
                self.ask_person(tenant, &id, Asker::Bot, to, true).await?;
            }
            Act::End => {
                self.command(tenant, &id, Input::End(Asker::Bot)).await?;
            }
        }
        Ok(())
    }

    async fn begin_talk(&self, tenant: TenantId, id: &ConversationId) -> Result<Talk, ChatFault> {
        let broken = |why: String| ChatFault::Internal(anyhow::anyhow!(why));
        let conversation = self.store.conversation(tenant, id).await?;
        let bot = conversation
            .bot
            .ok_or_else(|| broken("no bot answers".into()))?;
        let agent = self.store.voice_agent(tenant, bot).await?;
        let parsed = agent_document::parse(&agent.settings.definition)
            .map_err(|fault| broken(format!("stored definition: {fault}")))?;
        let variables = [
            ("customer".to_owned(), conversation.customer_name),
            ("language".to_owned(), conversation.language),
        ];
        let variables: Variables = variables.into_iter().collect();
        let (thoughts, inbox) = Thoughts::queue();
        let run = ScriptRun::new(Arc::new(parsed.script), &variables);
        Ok(Talk {
            thinker: Box::new(ScriptThinker::new(run, thoughts)),
            inbox,
            n_asked: 0,
        })
    }

    /// Whom a voice agent's words mean: a skill group by name or number, or a person by address;
    /// anybody if they mean nobody.
    async fn target(
        &self,
        tenant: TenantId,
        target: &str,
    ) -> Result<(Option<SkillGroupId>, Vec<StaffId>), ChatFault> {
        if target.contains('@') {
            return Ok((None, self.named(tenant, &[target.to_owned()]).await));
        }
        let filter = SkillGroupFilter {
            id: target.parse().ok().map(SkillGroupId),
            name: target.parse::<i64>().is_err().then(|| target.to_owned()),
            ..SkillGroupFilter::default()
        };
        let groups = self.store.skill_groups(tenant, &filter, Paging::first(1));
        let group = groups.await?.items.first().map(|group| group.id);
        Ok((group, Vec::new()))
    }
}

impl Talk {
    fn ask(&mut self, heard: Heard) {
        self.n_asked += 1;
        self.thinker.ask(ThinkRequest {
            turn: self.turn(),
            replaces: None,
            heard,
            interrupted: None,
            history: Vec::new(),
        });
    }

    fn turn(&self) -> TurnId {
        TurnId(u32::try_from(self.n_asked).expect("a conversation is bounded"))
    }

    /// Writes down the answer to the last question.
    async fn answer(&mut self, writing: &mut Writing<'_>) -> Result<Act, ChatFault> {
        let broken = |why: String| ChatFault::Internal(anyhow::anyhow!(why));
        let turn = self.turn();
        let mut act = Act::Listen;
        loop {
            let thought = tokio::time::timeout(THOUGHT_MAX, self.inbox.recv()).await;
            let thought = thought
                .map_err(|_| broken(format!("no thought within {THOUGHT_MAX:?}")))?
                .ok_or_else(|| broken("the thinker is gone".into()))?;
            if thought.turn != turn {
                continue;
            }
            match thought.step {
                Step::Decision { decision, last } => {
                    match decision {
                        Decision::Say {
                            line: Line::Text(text),
                            ..
                        } => writing.say(&text).await?,
                        // A sound has no words; keys have nobody to press them for.
                        Decision::Say {
                            line: Line::Sound(_),
                            ..
                        }
                        | Decision::SendDigits(_)
                        | Decision::Listen(_) => {}
                        Decision::Transfer { target } => act = Act::AskPerson(target),
                        Decision::HangUp { .. } => act = Act::End,
                    }
                    if last {
                        return Ok(act);
                    }
                }
                Step::Done => return Ok(act),
                Step::Noted(_) | Step::Place(_) => {}
                Step::Failed { why } => return Err(broken(why)),
            }
        }
    }
}

impl Asked {
    /// The greeting, and what the customer said to the bot.
    fn of(events: &[ChatJournalEvent]) -> Self {
        let mut asked = Self::default();
        let mut with_bot = true;
        for event in events {
            match &event.stamped.event {
                ChatEvent::Began { .. } => asked.questions.push(Heard::Start),
                ChatEvent::MessageSent {
                    author: Author::Customer,
                    content,
                    ..
                } if with_bot => {
                    asked.questions.push(Heard::Utterance(content.text.clone()));
                }
                ChatEvent::NobodyThere => {
                    with_bot = true;
                    asked.n_answered = asked.questions.len();
                }
                ChatEvent::GivenBack { .. } => with_bot = true,
                ChatEvent::PersonAsked { .. } | ChatEvent::Joined { .. } => {
                    with_bot = false;
                    asked.n_answered = asked.questions.len();
                }
                // Only what the bot does begins and ends here without a request's name.
                ChatEvent::StreamOpened {
                    key,
                    text,
                    request: None,
                    ..
                } => {
                    asked.n_answered = asked.questions.len();
                    asked.half = Some((key.clone(), text.clone()));
                }
                ChatEvent::ChunkAppended { key, text, .. } => {
                    if let Some((half, so_far)) = &mut asked.half
                        && half == key
                    {
                        so_far.push_str(text);
                    }
                }
                ChatEvent::StreamClosed { key, .. } => {
                    asked.half = asked.half.take().filter(|(half, _)| half != key);
                }
                ChatEvent::BotFailed { .. } => asked.n_answered = asked.questions.len(),
                ChatEvent::MessageSent { .. }
                | ChatEvent::StreamOpened { .. }
                | ChatEvent::Routed { .. }
                | ChatEvent::Offered { .. }
                | ChatEvent::OfferEnded { .. }
                | ChatEvent::PassedOn { .. }
                | ChatEvent::NoteWritten { .. }
                | ChatEvent::RatingAsked
                | ChatEvent::Rated { .. }
                | ChatEvent::WordLeft { .. }
                | ChatEvent::Ended { .. } => {}
            }
        }
        asked
    }
}

/// An answer on its way into the conversation.
struct Writing<'a> {
    chats: &'a Arc<Chats>,
    tenant: TenantId,
    id: &'a ConversationId,
    key: Option<MessageKey>,
    /// What was written before a stop and is not to be written again.
    before: String,
    is_silent: bool,
    last: Option<char>,
}

impl<'a> Writing<'a> {
    fn new(chats: &'a Arc<Chats>, tenant: TenantId, id: &'a ConversationId) -> Self {
        Self {
            chats,
            tenant,
            id,
            key: None,
            before: String::new(),
            is_silent: false,
            last: None,
        }
    }

    fn silent(self) -> Self {
        Self {
            is_silent: true,
            ..self
        }
    }

    fn go_on_with(&mut self, half: Option<(MessageKey, String)>) {
        if let Some((key, text)) = half {
            self.key = Some(key);
            self.before = text;
        }
    }

    async fn say(&mut self, line: &str) -> Result<(), ChatFault> {
        if self.is_silent || line.is_empty() {
            return Ok(());
        }
        let needs_space =
            |c: Option<char>| c.is_some_and(|c| !c.is_whitespace() && !is_unspaced(c));
        let mut text = String::new();
        if needs_space(self.last) && needs_space(line.chars().next()) {
            text.push(' ');
        }
        text.push_str(line);
        self.last = text.chars().next_back();
        for piece in pieces(&text) {
            self.write(piece).await?;
        }
        Ok(())
    }

    async fn write(&mut self, piece: &str) -> Result<(), ChatFault> {
        let common = self.before.len().min(piece.len());
        let new = match (self.before.get(..common), piece.get(..common)) {
            (Some(known), Some(same)) if known == same => {
                self.before.drain(..common);
                &piece[common..]
            }
            // Another answer than before the stop: the half one is closed, a new one begun.
            _ => {
                self.before.clear();
                if let Some(key) = self.key.take() {
                    let abandon = Input::Abandon(key);
                    self.chats.command(self.tenant, self.id, abandon).await?;
                }
                piece
            }
        };
        if new.is_empty() {
            return Ok(());
        }
        let key = self.key.clone();
        let grown = self
            .chats
            .grow(self.tenant, self.id, key, new, false, None)
            .await?;
        self.key = grown.key;
        Ok(())
    }

    /// Ends the message. Whether anything was said.
    async fn finish(self) -> Result<bool, ChatFault> {
        let Some(key) = self.key else {
            return Ok(false);
        };
        self.chats
            .grow(self.tenant, self.id, Some(key), "", true, None)
            .await?;
        Ok(true)
    }
}

/// A text in pieces that end where words do.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut from, mut n_chars) = (0, 0);
    for (at, c) in text.char_indices() {
        n_chars += 1;
        let end = at + c.len_utf8();
        if n_chars >= PIECE_CHARS && (c.is_whitespace() || is_unspaced(c)) {
            pieces.push(&text[from..end]);
            (from, n_chars) = (end, 0);
        }
    }
    if from < text.len() {
        pieces.push(&text[from..]);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_end_at_words_and_make_the_text_again() {
        let text = "Good morning, this is the shop. How may I help you today?";
        let found = pieces(text);
        assert!(found.len() > 1 && found[0].ends_with(' '), "{found:?}");
        assert_eq!(found.concat(), text);
        let unspaced = "您好".repeat(40);
        assert_eq!(pieces(&unspaced).concat(), unspaced);
        assert_eq!(pieces(""), Vec::<&str>::new());
    }
}
