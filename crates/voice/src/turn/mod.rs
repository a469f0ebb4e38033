//! Whose turn it is to speak.
//!
//! [`Turns`] hears when the caller starts and stops making speech, what the recognizer made of
//! it, and when the agent's reply starts and ends playing. It decides when the caller's turn is
//! over, when a reply is cut short, and when silence has lasted long enough to say something about
//! it. It neither knows what is said in a reply nor plays it; [`Turns::agent_may_speak`] tells
//! the owner when playing would talk over the caller.
//!
//! Later strategies have their places: an adaptive endpointing delay replaces
//! [`Manners::endpointing_delay`] where a pause begins, a false interruption shows as a turn that
//! was cut out of a reply and ends [`Unclear`](Words::Unclear), and a reply thought of too early
//! is one that the next [`Output::TurnOver`] replaces.
//!
//! # Invariants
//!
//! - A reply is never cut by speech shorter than [`Manners::barge_in_min`], nor while it is
//!   uninterruptible, nor while an operator's sound holds the line.
//! - Words belong to one turn: once a reply to them is heard, they are not reported again.
//! - Every state in which the next step is the caller's has a deadline.

mod floor;
mod stretch;

pub use floor::Turns;

use std::time::{Duration, Instant};

/// How patient the agent is. The defaults suit a telephone line with 20 ms frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manners {
    /// Silence after which the caller's turn is over, 240 ms to 2 s (vendor's `VadSilenceTime`).
    pub endpointing_delay: Duration,
    /// Caller speech over the agent's voice that counts as barge-in, not as "uh-huh".
    pub barge_in_min: Duration,
    /// Speech over the last part of a reply, this long before its end, is an answer even if it
    /// was too short to cut the reply.
    pub reply_tail: Duration,
    /// Speech without recognized words that is long enough to be asked about; what is shorter
    /// was a cough.
    pub unclear_min: Duration,
    /// The longest turn of the caller. Music on hold would otherwise never end.
    pub turn_max: Duration,
    /// How long the turn waits for the recognizer after the endpointing delay.
    pub recognizer_wait_max: Duration,
    /// Silence of both sides after which the thinker is told that the caller says nothing.
    pub no_input_after: Duration,
    /// How often in a row silence is put to the thinker before the call ends; `None`: forever.
    pub no_input_max: Option<u32>,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            endpointing_delay: Duration::from_millis(700),
            barge_in_min: Duration::from_millis(500),
            reply_tail: Duration::from_secs(1),
            unclear_min: Duration::from_millis(300),
            turn_max: Duration::from_secs(120),
            recognizer_wait_max: Duration::from_secs(2),
            no_input_after: Duration::from_secs(10),
            no_input_max: None,
        }
    }
}

impl Manners {
    /// The shortest and the longest endpointing delay, as the vendor's `VadSilenceTime` has them.
    pub const ENDPOINTING_DELAY: (Duration, Duration) =
        (Duration::from_millis(240), Duration::from_millis(2000));

    /// These manners with an endpointing delay brought into its range.
    pub fn with_endpointing_delay(self, delay: Duration) -> Self {
        let (min, max) = Self::ENDPOINTING_DELAY;
        Self {
            endpointing_delay: delay.clamp(min, max),
            ..self
        }
    }
}

/// What happened to the floor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The caller began to speak.
    CallerStarted {
        /// First voiced frame.
        first_voice: Instant,
    },
    /// The caller stopped.
    CallerStopped {
        /// Last voiced frame.
        last_voice: Instant,
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
    /// The caller means to interrupt: cut the reply.
    CutReply,
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

#[cfg(test)]
mod tests;
