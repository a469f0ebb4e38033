//! Our bot's side of one conversation: a thinker, and how its thoughts become words.

use std::{sync::Arc, time::Duration};

use engine::chat::BotThen;
use model::{
    Call, CallEvent, CallId, Conversation, Direction, E164, SkillGroupId, StaffId, VoiceAgent,
};
use providers::{
    port::{Medium, Step, Thinker, Thought, Thoughts},
    thinker::ScriptThinker,
};
use store::{BotMemory, Paging, SkillGroupFilter, Store};
use tokio::{sync::mpsc, time::Instant};
use voice::{
    conversation::Exchange,
    line::{Line, Variables},
    script::ScriptRun,
    thinker::{Decision, Heard, ThinkRequest, TurnId},
};

use super::{super::Chats, Failure, Leaving, writing::Writing};
use crate::{
    agent_document::{self, Parsed},
    dialogue,
    thinking::{self, Held},
};

/// Longest wait for the next thought: models call tools, whose waits are their own.
const THOUGHT_MAX: Duration = Duration::from_secs(30);

/// Words of a model are gathered for so long, so that each is not an event of its own.
const GATHER: Duration = Duration::from_millis(40);

/// What a thinker needs after a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A script: asked all questions again in silence, it is where it was.
    Script,
    /// A flow: goes on where its memory says.
    Flow,
    /// Language models: are told what was shown.
    Models,
    /// A robot elsewhere: remembers by itself, and is asked nothing twice.
    Robot,
}

/// Our bot's side of one conversation.
pub(in crate::chat) struct Talk {
    thinker: Box<dyn Thinker>,
    inbox: mpsc::Receiver<Thought>,
    pub(super) kind: Kind,
    /// Questions of the conversation that it was asked, or that were settled before it came.
    pub n_asked: usize,
    /// Times that it was asked.
    n_turns: u32,
    /// What it gave to remember.
    memory: String,
    /// Said when there is no answer; may be empty.
    pub fallback: String,
}

/// What the thinker did, or the world.
enum Next {
    Step(Step),
    /// What was gathered is to be shown.
    Show,
    /// Somebody else has the conversation now.
    Left,
}

impl Talk {
    /// A bot that has been asked nothing yet in this process.
    pub(super) async fn begin(chats: &Chats, conversation: &Conversation) -> Result<Self, Failure> {
        let store = &chats.store;
        let bot = conversation
            .bot
            .ok_or_else(|| Failure::of("no bot answers"))?;
        let agent = store.voice_agent(conversation.tenant, bot).await?;
        let parsed = agent_document::parse(&agent.settings.definition)
            .map_err(|fault| Failure::Bot(format!("stored definition: {fault}")))?;
        let memory = store.bot_memory(&conversation.id).await?;
        let BotMemory { n_settled, memory } = memory.unwrap_or_default();
        let call = as_call(conversation, &agent);
        let variables: Variables = call
            .variables
            .iter()
            .map(|variable| (variable.key.clone(), variable.value.clone()))
            .collect();
        let fallback = match parsed.settings(&variables).fallback {
            Some(Line::Text(text)) => text,
            Some(Line::Sound(_)) | None => String::new(),
        };
        let (thinker, inbox, kind) = thinker(store, &call, parsed, &variables, &memory).await;
        Ok(Self {
            thinker,
            inbox,
            kind,
            n_asked: usize::try_from(n_settled).unwrap_or_default(),
            n_turns: 0,
            memory,
            fallback,
        })
    }

    /// Asks, and writes the answer down.
    pub(super) async fn answer(
        &mut self,
        (heard, history): (Heard, Vec<Exchange>),
        writing: &mut Writing<'_>,
        left: &Leaving<'_>,
    ) -> Result<Then, Failure> {
        self.n_turns += 1;
        let turn = TurnId(self.n_turns);
        self.thinker.ask(ThinkRequest {
            turn,
            replaces: None,
            heard,
            interrupted: None,
            history,
        });
        let answered = self.write_down(turn, writing, left).await;
        if answered.is_err() {
            self.thinker.stop(turn);
        }
        answered
    }

    /// What is to be remembered once so many questions are settled.
    pub fn memory(&self, n_settled: usize) -> BotMemory {
        BotMemory {
            n_settled: i64::try_from(n_settled).expect("a conversation is bounded"),
            memory: self.memory.clone(),
        }
    }

    async fn write_down(
        &mut self,
        turn: TurnId,
        writing: &mut Writing<'_>,
        left: &Leaving<'_>,
    ) -> Result<Then, Failure> {
        let mut then = Then::Listen;
        let mut gathered = String::new();
        let mut show_at = None;
        loop {
            let step = match self.next(turn, show_at, left).await? {
                Next::Left => return Err(Failure::Left),
                Next::Show => {
                    writing.append(&std::mem::take(&mut gathered)).await?;
                    show_at = None;
                    if writing.is_too_long() {
                        self.thinker.stop(turn);
                        return Ok(then);
                    }
                    continue;
                }
                Next::Step(step) => step,
            };
            if let Step::Wrote(words) = step {
                gathered.push_str(&words);
                show_at = show_at.or_else(|| Some(Instant::now() + GATHER));
                continue;
            }
            if !gathered.is_empty() {
                writing.append(&std::mem::take(&mut gathered)).await?;
                show_at = None;
            }
            match step {
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
                        Decision::Transfer { target }
                        // Chats have people behind their bot, and no second bot.
                        | Decision::ChangeAgent { agent: target, .. } => {
                            then = Then::AskPerson(target);
                        }
                        Decision::HangUp { .. } => then = Then::End,
                    }
                    if last {
                        return Ok(then);
                    }
                }
                Step::Done => return Ok(then),
                Step::Remember(memory) => {
                    self.memory = memory;
                    // Questions are settled with their answer's end.
                    writing.remember(self.memory(self.n_asked));
                }
                Step::Failed { why } => return Err(Failure::Bot(why)),
                Step::Noted(_) | Step::Wrote(_) => {}
            }
        }
    }

    async fn next(
        &mut self,
        turn: TurnId,
        show_at: Option<Instant>,
        left: &Leaving<'_>,
    ) -> Result<Next, Failure> {
        let until = Instant::now() + THOUGHT_MAX;
        loop {
            let show = async {
                match show_at {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            let thought = tokio::select! {
                biased;
                () = left.left() => return Ok(Next::Left),
                () = show => return Ok(Next::Show),
                thought = tokio::time::timeout_at(until, self.inbox.recv()) => thought,
            };
            let late = || Failure::Bot(format!("no thought within {THOUGHT_MAX:?}"));
            let thought = thought.map_err(|_| late())?;
            let thought = thought.ok_or_else(|| Failure::of("the thinker is gone"))?;
            if thought.turn == turn {
                return Ok(Next::Step(thought.step));
            }
        }
    }
}

/// What the bot does at the end of an answer.
pub(super) enum Then {
    Listen,
    /// In the words of whoever set up the agent.
    AskPerson(String),
    End,
}

impl Then {
    /// For the conversation: names are looked up.
    pub async fn looked_up(
        self,
        chats: &Chats,
        tenant: model::TenantId,
    ) -> Result<BotThen, Failure> {
        Ok(match self {
            Self::Listen => BotThen::Listen,
            Self::End => BotThen::End,
            Self::AskPerson(target) => {
                let (group, staff) = whom(chats, tenant, &target).await?;
                BotThen::AskPerson {
                    group,
                    staff,
                    routed: chats.is_routed(tenant).await?,
                }
            }
        })
    }
}

/// Whom a voice agent's words mean: a skill group by name or number, or a person by address;
/// anybody if they mean nobody.
async fn whom(
    chats: &Chats,
    tenant: model::TenantId,
    target: &str,
) -> Result<(Option<SkillGroupId>, Vec<StaffId>), Failure> {
    if target.contains('@') {
        return Ok((None, chats.named(tenant, &[target.to_owned()]).await));
    }
    if target.is_empty() {
        return Ok((None, Vec::new()));
    }
    let filter = SkillGroupFilter {
        id: target.parse().ok().map(SkillGroupId),
        name: target.parse::<i64>().is_err().then(|| target.to_owned()),
        ..SkillGroupFilter::default()
    };
    let groups = chats
        .store
        .skill_groups(tenant, &filter, Paging::first(1))
        .await?;
    Ok((groups.items.first().map(|group| group.id), Vec::new()))
}

async fn thinker(
    store: &Store,
    call: &Call,
    parsed: Parsed,
    variables: &Variables,
    memory: &str,
) -> (Box<dyn Thinker>, mpsc::Receiver<Thought>, Kind) {
    if let Some((thinker, inbox)) = dialogue::thinker(store, call).await {
        return (thinker, inbox, Kind::Robot);
    }
    let kind = if parsed.is_flow() {
        Kind::Flow
    } else {
        Kind::Models
    };
    let held = Held {
        medium: Medium::Text,
        is_kept: true,
        recalled: Some(memory.to_owned()).filter(|memory| !memory.is_empty()),
    };
    if let Some((thinker, inbox)) = thinking::thinker(store, call, &parsed, held).await {
        return (thinker, inbox, kind);
    }
    let (thoughts, inbox) = Thoughts::queue();
    let run = ScriptRun::new(Arc::new(parsed.script), variables);
    let thinker = Box::new(ScriptThinker::new(run, thoughts));
    (thinker, inbox, Kind::Script)
}

/// The conversation as thinkers know calls: its customer has no number.
fn as_call(conversation: &Conversation, agent: &VoiceAgent) -> Call {
    let variable = |key: &str, value: &str| model::Variable {
        key: key.to_owned(),
        value: value.to_owned(),
    };
    let requested = CallEvent::Requested {
        tenant: conversation.tenant,
        direction: Direction::Inbound,
        caller: E164::unknown(),
        callee: E164::unknown(),
        voice_agent: Some(agent.id),
        voice_agent_name: agent.settings.name.clone(),
        voice_agent_version: agent.version,
        trunk: None,
        variables: vec![
            variable("customer", &conversation.customer_name),
            variable("language", &conversation.language),
            // Whom applications of Dify keep the conversation for.
            variable("dify-inputs-user", conversation.customer.as_str()),
        ],
        user_data: None,
        ring_time_max: Duration::ZERO,
        credential: None,
    };
    let id = CallId(conversation.id.0.clone());
    Call::begin(id, &requested, conversation.began_at).expect("a request begins a call")
}
