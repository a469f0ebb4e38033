//! Who thinks in a conversation of a robot: the voice agent's script, its language models, or a robot
//! elsewhere that it has its words from, as on a phone.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use model::{Call, CallEvent, CallId, Direction, E164, TenantId, UnixMs, Variable, VoiceAgentId};
use providers::port::{Noted, Step, Thinker, Thought};
use store::Dialogue;
use tokio::{runtime::Handle, sync::mpsc, time::Instant};
use voice::{
    dialogue::{Mind, Profile, Robot},
    line::Line,
    thinker::{Decision, ThinkRequest, TurnId},
};

use super::{live::variables, remote};
use crate::{
    App,
    agent_document::Parsed,
    thinking::{self, Held},
    thought,
};

/// Longest wait for a whole answer: callers wait ten seconds, and a person waits on the line.
const ANSWER_MAX: Duration = Duration::from_secs(8);

/// Notes that are kept.
const NOTES_MAX: usize = 64;

/// The robot of a conversation, before its first question. `state` is what the mind of an earlier one
/// of the same conversation went on from.
pub(super) async fn robot(
    app: &App,
    dialogue: &Dialogue,
    parsed: Parsed,
    profile: Profile,
    state: Option<String>,
) -> Robot {
    let variables = variables(&dialogue.variables);
    let call = as_call(dialogue);
    let held = Held {
        is_kept: true,
        recalled: state.clone(),
        ..Held::default()
    };
    let elsewhere = match remote::thinker(app.store(), &call).await {
        None => thinking::thinker(app.store(), &call, &parsed, held).await,
        elsewhere => elsewhere,
    };
    match elsewhere {
        None => Robot::new(Arc::new(parsed.script), &variables, profile),
        Some((thinker, inbox)) => {
            let fallback = parsed.settings(&variables).fallback;
            let mind = Port::new((thinker, inbox), state, fallback, Notes::default());
            Robot::with_mind(Box::new(mind), profile)
        }
    }
}

/// What a thinker did on its way to answers, for whoever tries it.
pub(crate) type Notes = Arc<Mutex<Vec<model::Thought>>>;

/// The robot of a trial, of a definition that need not be saved; `None` where a script decides by
/// itself. `state` is what the mind of the trial so far went on from.
pub(crate) async fn on_trial(
    app: &App,
    tenant: TenantId,
    parsed: &Parsed,
    given: &[Variable],
    state: Option<String>,
) -> Option<(Robot, Notes)> {
    let nobody = String::new();
    let call = call_of(Names {
        id: format!("trial-{}", uuid::Uuid::new_v4()),
        tenant,
        voice_agent: VoiceAgentId(0),
        version: 0,
        caller: &nobody,
        callee: &nobody,
        variables: given,
        began_at: app.now(),
    });
    let held = Held {
        is_kept: true,
        recalled: state.clone(),
        ..Held::default()
    };
    let thinker = thinking::thinker(app.store(), &call, parsed, held).await?;
    let notes = Notes::default();
    let fallback = parsed.settings(&variables(given)).fallback;
    let mind = Port::new(thinker, state, fallback, Arc::clone(&notes));
    let robot = Robot::with_mind(Box::new(mind), Profile::Extended);
    Some((robot, notes))
}

/// What stands in a conversation's place while its robot thinks elsewhere.
pub(super) fn nobody(profile: Profile) -> Robot {
    Robot::with_mind(Box::new(Nobody), profile)
}

/// The conversation as thinkers know calls. Numbers that are none are unknown.
fn as_call(dialogue: &Dialogue) -> Call {
    call_of(Names {
        id: dialogue.id.0.clone(),
        tenant: dialogue.tenant,
        voice_agent: dialogue.voice_agent,
        version: dialogue.version,
        caller: &dialogue.caller,
        callee: &dialogue.callee,
        variables: &dialogue.variables,
        began_at: dialogue.began_at,
    })
}

/// What a thinker may want to know of who talks.
struct Names<'a> {
    id: String,
    tenant: TenantId,
    voice_agent: VoiceAgentId,
    version: i64,
    caller: &'a str,
    callee: &'a str,
    variables: &'a [Variable],
    began_at: UnixMs,
}

fn call_of(names: Names<'_>) -> Call {
    let number = |text: &str| E164::parse(text, "86").unwrap_or_else(|_| E164::unknown());
    let requested = CallEvent::Requested {
        tenant: names.tenant,
        direction: Direction::Outbound,
        caller: number(names.caller),
        callee: number(names.callee),
        voice_agent: Some(names.voice_agent),
        voice_agent_name: String::new(),
        voice_agent_version: names.version,
        trunk: None,
        variables: names.variables.to_vec(),
        user_data: None,
        ring_time_max: Duration::ZERO,
        credential: None,
    };
    let id = CallId(names.id);
    Call::begin(id, &requested, names.began_at).expect("a request begins a call")
}

/// Whatever is behind the port of thinkers.
struct Port {
    thinker: Box<dyn Thinker>,
    inbox: mpsc::Receiver<Thought>,
    /// What the thinker goes on from, if it says so.
    state: Option<String>,
    is_over: bool,
    /// Said when there is no answer.
    fallback: Option<Line>,
    /// What it did on its way to answers; taken by whoever tries it.
    notes: Notes,
    runtime: Handle,
}

impl std::fmt::Debug for Port {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Port").finish_non_exhaustive()
    }
}

impl Mind for Port {
    fn think(&mut self, request: &ThinkRequest) -> Vec<Decision> {
        let runtime = self.runtime.clone();
        self.thinker.ask(request.clone());
        let mut decisions = Vec::new();
        let answered = runtime.block_on(self.collect(request, &mut decisions));
        if let Err(why) = answered {
            tracing::warn!(why, "a robot's thinker gave no answer");
            self.thinker.stop(request.turn);
            if decisions.is_empty() {
                decisions.extend(self.fallback.clone().map(|line| Decision::Say {
                    line,
                    interruptible: true,
                }));
            }
        }
        decisions
    }

    fn wants_history(&self) -> bool {
        true
    }

    fn may_wait(&self) -> bool {
        true
    }

    fn state(&self) -> Option<String> {
        self.state.clone()
    }

    fn end(&mut self) {
        self.is_over = true;
        self.thinker = Box::new(Gone);
    }
}

/// What is pushed out of memory goes on later: only the end of the conversation is told.
impl Drop for Port {
    fn drop(&mut self) {
        if !self.is_over {
            self.thinker.leave();
        }
    }
}

/// In place of a thinker that nobody asks any more.
struct Gone;

impl Thinker for Gone {
    fn ask(&mut self, _: ThinkRequest) {}
}

impl Port {
    fn new(
        (thinker, inbox): (Box<dyn Thinker>, mpsc::Receiver<Thought>),
        state: Option<String>,
        fallback: Option<Line>,
        notes: Notes,
    ) -> Self {
        Self {
            thinker,
            inbox,
            state,
            is_over: false,
            fallback,
            notes,
            runtime: Handle::current(),
        }
    }

    /// Keeps a note; the last ones, where nobody takes them.
    fn note(&self, turn: TurnId, noted: Noted) {
        let mut notes = self.notes.lock().expect("nobody panics with the notes");
        if notes.len() >= NOTES_MAX {
            notes.remove(0);
        }
        notes.push(thought::of(turn, noted));
    }

    async fn collect(
        &mut self,
        request: &ThinkRequest,
        decisions: &mut Vec<Decision>,
    ) -> Result<(), String> {
        let deadline = Instant::now() + ANSWER_MAX;
        loop {
            let thought = match tokio::time::timeout_at(deadline, self.inbox.recv()).await {
                Ok(Some(thought)) => thought,
                Ok(None) => return Err("it is gone".to_owned()),
                Err(_) => return Err(format!("not within {ANSWER_MAX:?}")),
            };
            if thought.turn != request.turn {
                continue;
            }
            match thought.step {
                Step::Decision { decision, last } => {
                    decisions.push(decision);
                    if last {
                        return Ok(());
                    }
                }
                Step::Noted(noted) => self.note(thought.turn, noted),
                // Text is not the medium here.
                Step::Wrote(_) => {}
                Step::Remember(state) => self.state = Some(state),
                Step::Done => return Ok(()),
                Step::Failed { why } => return Err(why),
            }
        }
    }
}

/// Says nothing.
#[derive(Debug)]
struct Nobody;

impl Mind for Nobody {
    fn think(&mut self, _: &ThinkRequest) -> Vec<Decision> {
        Vec::new()
    }

    fn wants_history(&self) -> bool {
        false
    }

    fn may_wait(&self) -> bool {
        true
    }
}
