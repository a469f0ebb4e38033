//! The port of speech-to-text.
//!
//! A [`Listening`] is one leg's open ear. It takes every frame of the leg, speech or not, because an
//! engine needs the moment before the detector noticed speech. The detector's marks say where the
//! utterances are; what was said comes back on the receiver given out at [`Recognizer::open`].
//!
//! # Invariants
//!
//! - Nothing on a [`Listening`] blocks, waits or fails: trouble arrives as [`Heard::Failed`].
//! - After [`Listening::utterance_ended`], exactly one of final, nothing or failed follows for that
//!   number, unless the utterance was resumed or the listening was dropped.
//! - Numbers only grow. After a resume the old number never gets an answer; one that is already in
//!   the receiver's queue carries the old number and is to be passed over.

use std::time::Duration;

use tokio::sync::mpsc;

use super::{Frame, Language};

/// An engine or vendor that turns speech into text.
pub trait Recognizer: Send + Sync {
    /// Name of the engine in metrics and logs, such as `pocketsphinx`.
    fn name(&self) -> &'static str;

    /// Opens an ear for one leg. Must be called within a tokio runtime. The receiver is bounded and
    /// must be read; it ends when the listening is dropped and its last answer was given.
    fn open(
        &self,
        settings: ListenSettings,
    ) -> Result<(Box<dyn Listening>, mpsc::Receiver<Heard>), RecognizerFault>;
}

/// How to listen to one leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenSettings {
    /// Language that the caller is expected to speak.
    pub language: Language,
    /// Phrases expected first; see [`Listening::expect`].
    pub expected: Vec<String>,
}

/// One leg's open ear. Dropping it closes it.
pub trait Listening: Send {
    /// Takes the next 20 ms. Cheap: copies, never waits. Audio beyond the engine's bound for one
    /// utterance is dropped.
    fn push(&mut self, frame: &Frame);

    /// Says which phrases the script waits for from here on. A hint for vendors with a full
    /// vocabulary; the whole vocabulary of a grammar engine. Counts from the next utterance that
    /// starts. Empty: anything may come.
    fn expect(&mut self, phrases: Vec<String>);

    /// The detector heard speech begin; returns the utterance's number. The engine reaches back for
    /// what was said just before, so that the first sound is not cut.
    ///
    /// When an utterance is open already, it is the one that is returned.
    fn utterance_started(&mut self) -> u64;

    /// The detector heard speech end: decide. Without an open utterance nothing happens.
    fn utterance_ended(&mut self);

    /// The caller went on after an end, within the same turn: joins what follows to the last
    /// utterance, silence between included, under a new number, which is returned. With nothing to
    /// join it is [`utterance_started`](Listening::utterance_started).
    fn utterance_resumed(&mut self) -> u64;
}

/// What a recognizer has to say.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// Words so far; may change. Local engines send none.
    Partial {
        /// The utterance.
        utterance: u64,
        /// Its words so far.
        text: String,
    },
    /// By what it heard so far, the engine takes what the caller wants to say for finished. A hint:
    /// the caller may go on, and the words may still change.
    Finished {
        /// The utterance.
        utterance: u64,
    },
    /// The words of an utterance; will not change.
    Final {
        /// The utterance.
        utterance: u64,
        /// What was said. A grammar engine answers in the words of the phrase that was expected.
        text: String,
        /// 0 (guess) to 1 (sure), in the engine's own scale.
        confidence: f32,
        /// From the end of the utterance to this answer.
        took: Duration,
    },
    /// The utterance was no speech, or nothing that was expected.
    Nothing {
        /// The utterance.
        utterance: u64,
    },
    /// The utterance could not be decided; the listening stays open.
    Failed {
        /// The utterance.
        utterance: u64,
        /// Why.
        fault: RecognizerFault,
    },
    /// Expected phrases that the engine cannot recognize, such as words missing from its
    /// dictionary. Told once for each [`Listening::expect`], for the log and the script's author.
    Unrecognizable {
        /// The phrases, as they were given.
        phrases: Vec<String>,
    },
}

/// Why speech is not recognized.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecognizerFault {
    /// The operator must install a package.
    #[error("`{what}` is not installed (package `{package}`)")]
    NotInstalled {
        /// What was looked for.
        what: String,
        /// The Debian package that holds it.
        package: &'static str,
    },
    /// The engine has no model for this language. Keys and "anything was said" still work.
    #[error("language `{language}` is not recognized by this engine")]
    Unsupported {
        /// The language asked for.
        language: Language,
    },
    /// All workers were busy for the whole wait, or the queue was full. Later may work.
    #[error("recognizer is overloaded (waited {waited:?})")]
    Busy {
        /// How long the utterance waited.
        waited: Duration,
    },
    /// The engine did not answer in time; its worker was replaced.
    #[error("no answer within {waited:?}")]
    TimedOut {
        /// The deadline.
        waited: Duration,
    },
    /// The engine failed.
    #[error("`{engine}` failed: {detail}")]
    Failed {
        /// The engine.
        engine: &'static str,
        /// What it said or did, for the log.
        detail: String,
    },
}

impl RecognizerFault {
    /// Whether the next utterance may be understood, with nobody doing anything about it.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Busy { .. } | Self::TimedOut { .. } => true,
            Self::NotInstalled { .. } | Self::Unsupported { .. } | Self::Failed { .. } => false,
        }
    }
}
