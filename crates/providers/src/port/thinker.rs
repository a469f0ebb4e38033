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

use std::time::Duration;

use tokio::sync::mpsc;
use voice::thinker::{Decision, ThinkRequest, TurnId};

/// Thoughts that may wait for the call's task.
const THOUGHTS_MAX: usize = 64;

/// What a conversation is held in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Medium {
    /// Words are spoken: they come in sentences, without what nobody can hear.
    #[default]
    Voice,
    /// Words are read: they come as they were written, markdown and all, as soon as they are there;
    /// and the conversation may outlive the process.
    Text,
}

/// One call's dialogue back end.
pub trait Thinker: Send {
    /// Takes a request. Must be called within a tokio runtime. Dropping the thinker gives up what it
    /// still thinks about.
    fn ask(&mut self, request: ThinkRequest);

    /// Nobody will hear the rest of the answer to this turn. A thinker that is still making it
    /// stops; one that answers at once has nothing to stop.
    fn stop(&mut self, _turn: TurnId) {}

    /// The conversation goes on without this thinker: whoever is behind it is not to hear that it is
    /// over.
    fn leave(&mut self) {}
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
    /// A piece of a text for eyes, as it was written: it follows what came before without a space.
    /// Comes in [`Medium::Text`] only.
    Wrote(String),
    /// What another thinker of this kind has to know to go on in this one's place; replaces what
    /// was given before. Comes in [`Medium::Text`] only, before the end of the answer.
    Remember(String),
    /// How the answer comes about, for the journal. Changes nothing in the conversation.
    Noted(Noted),
    /// The answer has ended with what was said before.
    Done,
    /// There will be no answer.
    Failed {
        /// For the journal.
        why: String,
    },
}

/// What a thinker did on its way to an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Noted {
    /// A back end was asked.
    Asked(Asked),
    /// A tool was called.
    Called(Called),
    /// A flow went from one node to another.
    Moved(Moved),
}

/// One attempt at one back end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The back end's name.
    pub backend: String,
    /// What became of it.
    pub outcome: Outcome,
    /// From the question to the first word or tool call, if one came.
    pub first_token: Option<Duration>,
    /// From the question to the end.
    pub took: Duration,
}

/// One call of one tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// The tool's name.
    pub tool: String,
    /// What it was called with: JSON, cut at [`DETAIL_CHARS_MAX`].
    pub arguments: String,
    /// What became of it.
    pub outcome: Outcome,
    /// What it answered, cut at [`DETAIL_CHARS_MAX`].
    pub answer: String,
    /// From the call to the answer.
    pub took: Duration,
}

/// One step of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The node that was reached.
    pub node: String,
    /// Its kind, as the vendor names it: `DIALOGUE`, `API_CALL` …
    pub kind: &'static str,
    /// The branch that led there; empty at the start.
    pub branch: String,
    /// Tags that the branch gives, with their values.
    pub tags: Vec<(String, String)>,
}

/// What became of an attempt or of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It answered.
    Answered,
    /// It did not, or not to the end.
    Failed(String),
    /// Another back end was faster.
    Overtaken,
    /// Nobody wanted the answer any more.
    Stopped,
}

/// The longest arguments and answers in the journal, in characters.
pub const DETAIL_CHARS_MAX: usize = 2000;

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

    /// Puts a note if there is room for it: notes are no reason to wait.
    pub fn note(&self, turn: TurnId, noted: Noted) {
        let step = Step::Noted(noted);
        if let Err(mpsc::error::TrySendError::Full(_)) = self.0.try_send(Thought { turn, step }) {
            tracing::debug!("a thinker's note is lost: the call's queue is full");
        }
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
