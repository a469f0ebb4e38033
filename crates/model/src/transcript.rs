//! What was said in a recording, found out after the call.

use crate::{Track, UnixMs};

/// A stretch of speech of one participant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Whose.
    pub track: Track,
    /// Its words; never empty.
    pub text: String,
    /// First sample.
    pub from: UnixMs,
    /// Last sample.
    pub to: UnixMs,
}

/// What is known of the words of an ended call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transcript {
    /// Its recording is to be recognized.
    Due,
    /// It was, and this was said, in the order in which it began. Empty where nobody spoke.
    Done(Vec<Sentence>),
    /// Nobody could recognize it.
    Absent,
}

/// Whether there are words of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordsState {
    /// None, and none will come: nobody spoke, nothing was recorded, or nobody could recognize it.
    None,
    /// Its recording is being recognized.
    Due,
    /// What was said was understood, in the call or after it.
    There,
}
