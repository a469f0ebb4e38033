//! What a flow is told, and what it wants of its owner.

use std::collections::BTreeMap;

use super::document::Slot;
use crate::thinker::{Decision, ThinkRequest};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlowInput<'a> {
    /// The conversation asks.
    Asked(&'a ThinkRequest),
    /// An API answered with these fields, or not.
    ApiAnswered(Option<BTreeMap<String, String>>),
    /// The time in the zone that was asked for; `None` if nobody knows the zone.
    Clock(Option<LocalTime>),
    /// What the caller's words mean, as far as somebody found out.
    Understood {
        /// The branch that they mean, by its index.
        branch: Option<usize>,
        /// Slots that they fill.
        slots: BTreeMap<String, String>,
        /// What is said to words that mean nothing here, before the caller is asked again.
        reply: Option<String>,
    },
}

/// What the owner has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlowOutput {
    /// One step of the answer.
    Decide(Decision),
    /// A node was reached: for reports.
    Moved(Move),
    /// Ask the API of this node. Answered with [`FlowInput::ApiAnswered`] if `waits`.
    CallApi {
        /// The node.
        node: String,
        /// The arguments.
        inputs: BTreeMap<String, String>,
        /// Whether the flow waits.
        waits: bool,
    },
    /// Tell the time in a zone: [`FlowInput::Clock`].
    TellTime(String),
    /// Find out what words mean: [`FlowInput::Understood`].
    Understand {
        /// The node at which they were said.
        node: String,
        /// The words.
        words: String,
        /// Slots that are missing: name and what fits.
        missing: Vec<Slot>,
    },
    /// The answer is complete.
    Done,
}

/// A node that was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Its name.
    pub node: String,
    /// Its kind, as the vendor names it.
    pub kind: &'static str,
    /// The branch that led there; empty at the start.
    pub branch: String,
    /// Tags that the branch gives.
    pub tags: Vec<(String, String)>,
}

/// A moment as a calendar shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// 1 (Monday) to 7.
    pub weekday: u8,
    /// Minutes since midnight.
    pub minute: u16,
}
