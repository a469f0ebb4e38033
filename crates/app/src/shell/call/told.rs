//! What somebody wants of the voice agent of a running call.

use std::sync::Arc;

use model::{InstructionOutcome, Refusal};
use tokio::sync::oneshot;

/// What the voice agent is told to do.
#[derive(Clone, Debug)]
pub enum Told {
    /// Say or play something.
    Say(SayNow),
    /// Have its thinker answer these words.
    Think {
        /// The words, not empty.
        content: String,
        /// Whether that cuts what is going on; otherwise it waits for silence.
        interrupt: bool,
    },
}

/// Something that the voice agent is told to say.
#[derive(Clone, Debug)]
pub struct SayNow {
    /// What.
    pub what: SayWhat,
    /// Whether it cuts what is going on.
    pub interrupt: bool,
    /// Whether it waits for silence where it does not cut; otherwise it is dropped.
    pub waits: bool,
    /// Whether the person may cut it.
    pub interruptible: bool,
    /// Whether what was heard of it enters the history of the thinker.
    pub remembered: bool,
    /// Whether the call ends once it was heard.
    pub then_hang_up: bool,
}

/// Words, or a sound.
#[derive(Clone, Debug)]
pub enum SayWhat {
    /// Words for the speaker, not empty.
    Text(String),
    /// Samples at 8 kHz, not empty.
    Sound(Arc<[i16]>),
}

/// An instruction on its way to the call's task, and where its outcome goes.
pub struct Instruct {
    /// What is wanted.
    pub told: Told,
    /// What became of it.
    pub answer: oneshot::Sender<Result<InstructionOutcome, Refusal>>,
}
