//! How an answer of a voice agent came about: which back ends were asked, which tools were called,
//! which way a flow went.

use std::time::Duration;

/// One step on the way to an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thought {
    /// The turn that is answered, from 1.
    pub turn: u32,
    /// What was done.
    pub what: ThoughtKind,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ThoughtKind {
    /// A back end was asked.
    Asked {
        /// Its name.
        backend: String,
        /// What became of it.
        outcome: ThoughtOutcome,
        /// Why it failed, in words; empty otherwise.
        why: String,
        /// From the question to the first word or tool call, if one came.
        first_token: Option<Duration>,
        /// From the question to the end.
        took: Duration,
    },
    /// A tool was called.
    Called {
        /// Its name.
        tool: String,
        /// What it was called with, JSON of limited length.
        arguments: String,
        /// What became of it.
        outcome: ThoughtOutcome,
        /// Why it failed, in words; empty otherwise.
        why: String,
        /// What it answered, of limited length.
        answer: String,
        /// From the call to the answer.
        took: Duration,
    },
    /// A flow reached a node.
    Moved {
        /// The node.
        node: String,
        /// Its kind, as the vendor names it.
        kind: String,
        /// The branch that led there; empty at the start.
        branch: String,
        /// Tags that the branch gives, with their values.
        tags: Vec<(String, String)>,
    },
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThoughtOutcome {
    /// It answered.
    Answered,
    /// It did not, or not to the end.
    Failed,
    /// Another one was faster.
    Overtaken,
    /// Nobody wanted the answer any more.
    Stopped,
}

impl ThoughtOutcome {
    /// Every outcome.
    pub const ALL: [Self; 4] = [Self::Answered, Self::Failed, Self::Overtaken, Self::Stopped];

    /// Stable lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Failed => "failed",
            Self::Overtaken => "overtaken",
            Self::Stopped => "stopped",
        }
    }

    /// The outcome with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}
