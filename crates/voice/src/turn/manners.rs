//! How patient the agent is.

use std::time::Duration;

use super::{BargeIn, Endpointing, Hints};

/// How patient the agent is. The defaults suit a telephone line with 20 ms frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manners {
    /// Silence after which the caller's turn is over, 240 ms to 2 s (vendor's `VadSilenceTime`).
    pub endpointing_delay: Duration,
    /// Whether that delay follows the caller's own pauses.
    pub endpointing: Endpointing,
    /// What the words so far do to it.
    pub hints: Hints,
    /// The delay while a number is dictated, where it is longer.
    pub dictation_delay: Duration,
    /// Whether the thinker is asked as soon as the words are known, before the turn is certain to
    /// be over. Its answer is void when the caller goes on.
    pub early: bool,
    /// What cuts the agent.
    pub barge_in: BargeIn,
    /// Caller speech over the agent's voice that counts as barge-in, not as "uh-huh".
    pub barge_in_min: Duration,
    /// Silence after which the detector reports the end of speech. Without word that speech has
    /// lasted, this is waited for beyond `barge_in_min`: it may just be silence.
    pub detector_off: Duration,
    /// Speech of at most this length that cut the agent and turned out to hold no words, or only
    /// a backchannel, was a false interruption: the agent goes on where it was. Zero: every cut
    /// is final.
    pub false_interruption_max: Duration,
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
            endpointing: Endpointing::Fixed,
            hints: Hints::Longer,
            dictation_delay: Duration::from_millis(1500),
            early: false,
            barge_in: BargeIn::Speech,
            barge_in_min: Duration::from_millis(500),
            detector_off: Duration::from_millis(200),
            false_interruption_max: Duration::from_millis(1500),
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
