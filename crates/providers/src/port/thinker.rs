//! The port of dialogue back ends: what decides what a voice agent says.
//!
//! A [`Thinker`] is one call's; it may remember what was said. It answers a request with
//! [`Thought`]s, one after the other, whenever they come: a script has them at once, a model or
//! another call centre's robot takes its time.
//!
//! # Invariants
//!
//! - [`Thinker::ask`] never blocks and never waits: what takes time happens in a task of its own.
//! - A newer request makes an older one void; its late thoughts are passed over by the conversation.

use tokio::sync::mpsc;
use voice::thinker::{Decision, ThinkRequest, TurnId};

/// Thoughts that may wait for the call's task.
const THOUGHTS_MAX: usize = 64;

/// One call's dialogue back end.
pub trait Thinker: Send {
    /// Takes a request. Must be called within a tokio runtime. Dropping the thinker gives up what it
    /// still thinks about.
    fn ask(&mut self, request: ThinkRequest);
}

/// One step of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thought {
    /// The turn of the request.
    pub turn: TurnId,
    /// The step.
    pub step: Step,
}

/// What a thought says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Do this.
    Decision {
        /// What.
        decision: Decision,
        /// Whether the answer ends with it.
        last: bool,
    },
    /// The answer has ended with what was said before.
    Done,
    /// There will be no answer.
    Failed {
        /// For the journal.
        why: String,
    },
}

/// Where a thinker puts its thoughts.
#[derive(Clone, Debug)]
pub struct Thoughts(mpsc::Sender<Thought>);

impl Thoughts {
    /// A queue for one call's thoughts.
    pub fn queue() -> (Self, mpsc::Receiver<Thought>) {
        let (thoughts, inbox) = mpsc::channel(THOUGHTS_MAX);
        (Self(thoughts), inbox)
    }

    /// Puts a thought, waiting while the queue is full. `false` when the call is over: stop.
    pub async fn put(&self, thought: Thought) -> bool {
        self.0.send(thought).await.is_ok()
    }

    /// Puts a whole answer that is there at once. What does not fit is told by a task.
    pub fn put_all(&self, turn: TurnId, decisions: Vec<Decision>) {
        let thoughts = self.clone();
        let n_decisions = decisions.len();
        let mut steps = decisions
            .into_iter()
            .enumerate()
            .map(move |(n, decision)| Thought {
                turn,
                step: Step::Decision {
                    decision,
                    last: n + 1 == n_decisions,
                },
            });
        while let Some(thought) = steps.next() {
            if let Err(mpsc::error::TrySendError::Full(thought)) = self.0.try_send(thought) {
                tokio::spawn(async move {
                    let rest = std::iter::once(thought).chain(steps);
                    for thought in rest {
                        if !thoughts.put(thought).await {
                            return;
                        }
                    }
                });
                return;
            }
        }
    }
}
