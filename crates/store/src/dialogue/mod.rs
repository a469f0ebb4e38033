//! Conversations in which a voice agent is the robot of somebody else's call, with every turn.
//!
//! A turn is one row and is never changed. Many conversations append together: one transaction
//! holds the turns of all that are waiting (see [`Store::append_dialogues`](crate::Store::append_dialogues)), because a
//! transaction costs more than the rows in it.
//!
//! # Invariants
//!
//! - A tenant has at most one open conversation of a name.
//! - Turns of a conversation are numbered from 1 without a hole; a number is written once.
//! - The definition by which a conversation began is kept as long as the database, so that the
//!   conversation can be played again after its voice agent was changed or removed.

mod names;
mod reads;
mod remote;
mod write;

pub use names::{InstanceName, Robot};
pub use reads::DialogueFilter;
pub use remote::RemoteRobot;
pub(crate) use remote::{put_remote_robot, remote_robot_removed};

use model::{TenantId, UnixMs, Variable, VoiceAgentId};

use crate::{
    StoreError,
    codec::{names_of, names_text},
};

/// Identifies one conversation: a UUID with dashes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DialogueId(pub String);

/// One conversation, without its turns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialogue {
    /// Unique in the installation.
    pub id: DialogueId,
    /// The owner of the voice agent.
    pub tenant: TenantId,
    /// The other side's name of it: a call id, a conversation id, a session id.
    pub name: String,
    /// Over which interface it came, such as `dialogue`.
    pub interface: String,
    /// Who talks.
    pub voice_agent: VoiceAgentId,
    /// The version of the voice agent at the beginning.
    pub version: i64,
    /// Which answers the other side understands, as its interface calls them.
    pub profile: String,
    /// The number that calls, as it was given.
    pub caller: String,
    /// The number that is called, as it was given.
    pub callee: String,
    /// The other side's task, as it was given; may be empty.
    pub task: String,
    /// Values for the voice agent's lines.
    pub variables: Vec<Variable>,
    /// First turn.
    pub began_at: UnixMs,
    /// When it ended, if it has.
    pub ended_at: Option<UnixMs>,
    /// Why it ended: `robot`, `caller`, `transfer`, `idle`.
    pub ending: Option<String>,
}

/// A conversation that begins, and the definition it begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDialogue {
    /// As it is at its beginning.
    pub dialogue: Dialogue,
    /// The voice agent's definition in that version.
    pub definition: String,
}

/// One turn: what was asked, and what was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialogueTurn {
    /// Counts the turns of a conversation from 1.
    pub n: i64,
    /// When it was asked.
    pub at: UnixMs,
    /// What happened, by the name that the conversation machine has for it.
    pub kind: String,
    /// The caller's words or keys; of a cut, what had been spoken until then.
    pub heard: String,
    /// What the robot said.
    pub said: String,
    /// What the robot did: the name of an act, with its target behind a blank.
    pub act: String,
    /// Whether the caller may cut it.
    pub interruptible: bool,
    /// From the arrival of the question to the answer being ready to be stored, microseconds.
    pub took_us: i64,
    /// What the robot's mind goes on from, if what was said does not tell it: the mind's own text.
    pub state: Option<String>,
}

/// What is appended to one conversation in one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialogueStep {
    /// Which.
    pub dialogue: DialogueId,
    /// Set if it begins with this step.
    pub begins: Option<Box<NewDialogue>>,
    /// What was said.
    pub turn: DialogueTurn,
    /// Set if it ends with this step: why.
    pub ends: Option<String>,
}

/// Variables as a list of keys and values in turn.
fn variables_text(variables: &[Variable]) -> String {
    let both = |variable: &Variable| [variable.key.clone(), variable.value.clone()];
    names_text(&variables.iter().flat_map(both).collect::<Vec<_>>())
}

fn variables_of(text: &str) -> Result<Vec<Variable>, StoreError> {
    let both = names_of(text)?;
    let pair = |pair: &[String]| match pair {
        [key, value] => Ok(Variable {
            key: key.clone(),
            value: value.clone(),
        }),
        _ => Err(StoreError::Corrupt {
            what: "variables of a conversation",
            source: None,
        }),
    };
    both.chunks(2).map(pair).collect()
}
