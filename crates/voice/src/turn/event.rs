//! What the turns hear and answer.

use std::time::Instant;

/// What happened to the floor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The caller began to speak.
    CallerStarted {
        /// First voiced frame.
        first_voice: Instant,
    },
    /// The caller's speech has lasted for [`Manners::barge_in_min`](super::Manners), from its first
    /// to its last voice.
    CallerLasts,
    /// The caller stopped.
    CallerStopped {
        /// Last voiced frame.
        last_voice: Instant,
    },
    /// The recognizer's words so far; they may change.
    Partial {
        /// Which stretch.
        utterance: u32,
        /// Its words so far.
        text: String,
    },
    /// The recognizer takes what the caller wants to say for finished; a hint.
    Finished {
        /// Which stretch.
        utterance: u32,
    },
    /// The recognizer is done with a stretch of speech and all before it.
    Recognized {
        /// Which stretch.
        utterance: u32,
        /// Its words; empty if there were none.
        text: String,
    },
    /// The caller pressed a key.
    Digit,
    /// The agent is to speak next for a reason of its own: a welcome, a completed row of keys.
    /// What the caller said before is answered with it.
    AgentTakesFloor,
    /// A reply, or the next line of it, began to play.
    ReplyStarted {
        /// Whether the caller may cut it.
        interruptible: bool,
    },
    /// The reply is over, or there was none.
    ReplyEnded,
    /// Somebody else has the line (an operator's sound, a transfer): no clock runs and nothing is
    /// cut.
    Held,
    /// The line is the conversation's again.
    Released,
    /// Time passed.
    Timeout,
}

/// What follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// The caller's turn is over: answer it. If an earlier turn has not been answered yet, this
    /// one replaces it and holds its words too.
    TurnOver(Turn),
    /// The turn's words are known, and the caller pauses: its answer may be thought of, and must
    /// not be heard. A turn that is over with the same words confirms it, any other voids it.
    TurnLikely(Turn),
    /// The caller means to interrupt: cut the reply.
    CutReply,
    /// The caller seems to interrupt: stop the reply, and keep what is left of it.
    SuspendReply,
    /// That was no interruption: the reply goes on where it was, as soon as it may.
    ResumeReply,
    /// Nobody spoke for the agreed time.
    Silence {
        /// How often in a row.
        count: u32,
    },
    /// Words of the caller for the journal.
    Said {
        /// The words, not empty.
        text: String,
        /// First voiced frame.
        from: Instant,
        /// Last voiced frame.
        to: Instant,
        /// They answer nothing: too short to cut the reply, or recognized too late.
        backchannel: bool,
    },
}

/// A turn of the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// What was said.
    pub words: Words,
    /// The caller's last voiced frame.
    pub last_voice: Instant,
    /// When the silence after it was long enough.
    pub endpoint: Instant,
    /// When the recognizer had reported all of it, or had been waited for long enough.
    pub recognized: Instant,
}

/// What was said in a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    /// The utterances, joined with spaces.
    Text(String),
    /// Speech without words.
    Unclear,
}
