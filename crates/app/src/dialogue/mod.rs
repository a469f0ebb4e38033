//! Our voice agents as robots of other call centres.
//!
//! [`Dialogues`] keeps the conversations that run, answers each question by the voice agent's
//! script, and gives the answer away only once it is stored. A conversation that is not in memory
//! (after a restart, or because it was pushed out) is played again from its stored questions.
//!
//! # Invariants
//!
//! - An answer that was given is in the history; a question that failed has changed nothing.
//! - Questions of one conversation are answered one after the other; a repeated one is answered
//!   as before and counted once.
//! - At most [`LIVE_MAX`] conversations are in memory, and at most [`QUESTIONS_MAX`] questions wait
//!   for the database.

mod desk;
mod find;
mod live;
mod mind;
mod remote;
mod writer;

pub use desk::{Dialogues, LIVE_MAX, Question, Reply};
pub(crate) use desk::{act_of, act_text};
pub use find::Names;
pub use live::IDLE_MAX;
pub(crate) use mind::{Notes, on_trial};
pub(crate) use remote::thinker;
pub use remote::{Interface, RemoteRobotSettings};
pub use writer::QUESTIONS_MAX;

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum DialogueFault {
    /// None of the names means a voice agent of the tenant, and the tenant has not exactly one.
    #[error("no voice agent is named by the request, and there is no default")]
    NoRobot,
    /// More questions wait for the database than may.
    #[error("too many questions are waiting")]
    Busy,
    /// The database does not answer or is full; the same question may succeed later.
    #[error("failed to reach the database")]
    Store(#[source] store::StoreError),
    /// The answer could not be stored together with others.
    #[error("failed to store the answer: {0}")]
    NotStored(String),
    /// We are broken; the text is for the log only.
    #[error("internal fault")]
    Internal(#[source] anyhow::Error),
}

impl From<store::StoreError> for DialogueFault {
    fn from(error: store::StoreError) -> Self {
        Self::Store(error)
    }
}
