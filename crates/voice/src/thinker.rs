//! The port behind which something decides what the agent says.
//!
//! The conversation asks with a [`ThinkRequest`] and takes any number of [`Decision`]s, one after
//! the other, whenever they come: a script answers at once, a language model streams. What a
//! thinker remembers between requests is its own affair, with one duty: a request that
//! [replaces](ThinkRequest::replaces) another one is answered as if the other had never been
//! asked.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    conversation::{EndCause, Exchange},
    line::Line,
    reply::HeardText,
    turn::Dictation,
};

/// Numbers the times the thinker was asked, from 1, in one conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TurnId(pub u32);

/// What the caller did that needs an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The call was answered: time for a welcome.
    Start,
    /// The caller's whole turn, its utterances joined with spaces.
    Utterance(String),
    /// A completed row of keys; never empty.
    Digits(String),
    /// The caller made no sound for the agreed time, for the `count`th time in a row, from 1.
    Silence {
        /// How often in a row, this one included.
        count: u32,
    },
    /// The caller spoke, and the recognizer understood nothing.
    Unclear,
    /// Another voice agent has handed the caller over; what was said with it is in the history.
    TakenOver,
    /// The transfer that was decided did not come about.
    TransferFailed,
    /// The other voice agent does not take the caller over.
    AgentRefused(AgentRefusal),
    /// Somebody wants the thinker to answer this.
    Instruction(String),
}

/// What the agent speaks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// The call was answered.
    Welcome,
    /// Words or keys of the caller.
    Answer,
    /// The caller's silence.
    Silence,
    /// Words that were not understood.
    Unclear,
    /// A transfer that did not come about.
    TransferFailed,
    /// What somebody told it to say or to think about.
    Instruction,
}

impl Heard {
    /// What an answer to it is about.
    pub fn occasion(&self) -> Occasion {
        match self {
            Self::Start | Self::TakenOver => Occasion::Welcome,
            Self::Utterance(_) | Self::Digits(_) => Occasion::Answer,
            Self::Silence { .. } => Occasion::Silence,
            Self::Unclear => Occasion::Unclear,
            Self::TransferFailed | Self::AgentRefused(_) => Occasion::TransferFailed,
            Self::Instruction(_) => Occasion::Instruction,
        }
    }
}

/// A question to the thinker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThinkRequest {
    /// Comes back with each decision. Decisions for older turns are ignored.
    pub turn: TurnId,
    /// The caller went on speaking before the answer to this older turn was heard: forget that
    /// turn; `heard` holds its words too.
    pub replaces: Option<TurnId>,
    /// What to answer.
    pub heard: Heard,
    /// If the caller cut the last reply short: what of it was heard, and what was not.
    pub interrupted: Option<HeardText>,
    /// What was said and heard before, oldest first, words and keys of [`ThinkRequest::heard`]
    /// included. Where an answer to them was begun elsewhere and broke off, its beginning stands
    /// last: the rest of it is wanted. Thinkers that remember by themselves need not look at it.
    pub history: Vec<Exchange>,
}

/// One step of an answer. They are carried out in order, each after the one before has been
/// heard; if the caller cuts the reply, the rest is dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Say or play one line, best a sentence.
    Say {
        /// What; empty lines are skipped.
        line: Line,
        /// Whether the caller may cut it by speaking or pressing a key.
        interruptible: bool,
    },
    /// What the caller is expected to say or press next. Valid at once, so that a caller who cuts
    /// the question is understood; without it, the expectation stays as it was.
    Listen(Expected),
    /// Press keys towards the far end (`0`-`9`, `*`, `#`, `A`-`D`).
    SendDigits(String),
    /// Hand the caller to somebody else, named in the words of whoever set up the agent.
    Transfer {
        /// A skill group, a staff member or a number.
        target: String,
    },
    /// Let another voice agent go on with the caller.
    ChangeAgent {
        /// Its id or its name.
        agent: String,
        /// What was found out about the caller so far, for its texts.
        variables: BTreeMap<String, String>,
    },
    /// End the call.
    HangUp {
        /// Why.
        cause: EndCause,
    },
}

impl Decision {
    /// Hands the caller over to whom `target` names: behind `agent:`, another voice agent.
    pub fn hand_over(target: String) -> Self {
        match target.trim().strip_prefix(AGENT) {
            Some(agent) => Self::ChangeAgent {
                agent: agent.trim().to_owned(),
                variables: BTreeMap::new(),
            },
            None => Self::Transfer { target },
        }
    }
}

/// In front of a voice agent's id or name, where a target may also be people.
const AGENT: &str = "agent:";

/// To whom the caller is handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handover {
    /// To people: the target, as in [`Decision::Transfer`].
    People(String),
    /// To another voice agent: as in [`Decision::ChangeAgent`].
    Agent(String, BTreeMap<String, String>),
}

/// Why another voice agent does not take the caller over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentRefusal {
    /// There is no such voice agent.
    Unknown,
    /// It is the one that has the caller.
    Same,
    /// The caller was handed from agent to agent too often.
    TooOften,
    /// The call does something else just now.
    NotNow,
}

/// What the caller may say or press next: the grammar of the recognizer and the rule by which a
/// row of keys is complete.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Words and phrases; empty means anything.
    pub phrases: Vec<String>,
    /// Rows of keys; empty means any, ended by `#` or a pause.
    pub keys: Vec<String>,
    /// The caller is to dictate a number: its pauses do not end the turn.
    pub dictation: Option<Dictation>,
    /// How a row of any keys is gathered, where it is not as usual.
    pub gather: Option<Gather>,
}

/// How a row of keys is gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gather {
    /// The row is complete with this many keys, 1 to [`KEYS_MAX`](crate::digits::KEYS_MAX).
    pub keys_max: usize,
    /// Longest wait for each further key; the agent's own if absent.
    pub next_key_max: Option<Duration>,
}
