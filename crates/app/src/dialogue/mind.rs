//! Who thinks in a conversation of a robot: the voice agent's script, its language models, or a robot
//! elsewhere that it has its words from, as on a phone.

use std::{sync::Arc, time::Duration};

use model::{Call, CallEvent, CallId, Direction, E164};
use providers::port::{Step, Thinker, Thought};
use store::Dialogue;
use tokio::{runtime::Handle, sync::mpsc, time::Instant};
use voice::{
    dialogue::{Mind, Profile, Robot},
    line::Line,
    thinker::{Decision, ThinkRequest},
};

use super::{live::variables, remote};
use crate::{
    App,
    agent_document::Parsed,
    thinking::{self, Held},
};

/// Longest wait for a whole answer: callers wait ten seconds, and a person waits on the line.
const ANSWER_MAX: Duration = Duration::from_secs(8);

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
            let mind = Port {
                thinker,
                inbox,
                state,
                is_over: false,
                fallback: parsed.settings(&variables).fallback,
                runtime: Handle::current(),
            };
            Robot::with_mind(Box::new(mind), profile)
        }
    }
}

/// What stands in a conversation's place while its robot thinks elsewhere.
pub(super) fn nobody(profile: Profile) -> Robot {
    Robot::with_mind(Box::new(Nobody), profile)
}

/// The conversation as thinkers know calls. Numbers that are none are unknown.
fn as_call(dialogue: &Dialogue) -> Call {
    let number = |text: &str| E164::parse(text, "86").unwrap_or_else(|_| E164::unknown());
    let requested = CallEvent::Requested {
        tenant: dialogue.tenant,
        direction: Direction::Outbound,
        caller: number(&dialogue.caller),
        callee: number(&dialogue.callee),
        voice_agent: Some(dialogue.voice_agent),
        voice_agent_name: String::new(),
        voice_agent_version: dialogue.version,
        trunk: None,
        variables: dialogue.variables.clone(),
        user_data: None,
        ring_time_max: Duration::ZERO,
        credential: None,
    };
    let id = CallId(dialogue.id.0.clone());
    Call::begin(id, &requested, dialogue.began_at).expect("a request begins a call")
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
                // Text is not the medium here.
                Step::Noted(_) | Step::Wrote(_) => {}
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
