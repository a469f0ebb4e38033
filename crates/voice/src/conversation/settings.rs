//! How one conversation is to be held.

use std::time::Duration;

use crate::{line::Line, turn::Manners};

/// How one conversation is to be held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// When to listen, to answer and to be cut.
    pub manners: Manners,
    /// Silence between the answer and the welcome.
    pub welcome_delay: Duration,
    /// The rate in which the samples of clips are counted.
    pub sample_rate_hz: u32,
    /// The longest time from the answer to the hang-up; `None`: no limit.
    pub call_time_max: Option<Duration>,
    /// The longest silence of the caller; the agent's prompts do not shorten it, its answers do.
    pub caller_silence_max: Option<Duration>,
    /// Said once when the recognizer, the thinker or the speaker fails; after a second failure in a
    /// row the call ends. Best a sound, or a text that was synthesized beforehand.
    pub fallback: Option<Line>,
    /// Played before the welcome, and never cut: the tone that tells of a machine.
    pub opening: Option<Line>,
    /// Said about silence by the agent itself; `None`: the thinker is asked what to say.
    pub notify: Option<Notify>,
    /// What to do when a machine has answered; `None`: whoever answers is talked to.
    pub voicemail: Option<VoicemailAction>,
    /// How long to wait for others.
    pub waits: Waits,
}

/// What the agent says about silence without asking the thinker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notify {
    /// The words (the vendor's `NotifyMessage`).
    pub line: Line,
    /// How often in a row (`NotifyMaxCount`); silence is left alone after that. `None`: always.
    pub max: Option<u32>,
}

/// What to do when a machine has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VoicemailAction {
    /// End the call at once.
    HangUp,
    /// Say this once the machine listens, then end the call.
    LeaveMessage(Line),
}

/// How long the conversation waits for each of its neighbors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    /// For each decision of the thinker while there is nothing to play.
    pub thinker_max: Duration,
    /// For the first samples of a clip, and for the next ones once it has run out.
    pub speaker_max: Duration,
    /// For word that a clip has started, or has ended after its length or a cut.
    pub player_max: Duration,
    /// For the end of an operator's sound.
    pub sound_max: Duration,
    /// For the end of a transfer.
    pub transfer_max: Duration,
    /// Between two keys of one row.
    pub next_digit_max: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            manners: Manners::default(),
            welcome_delay: Duration::ZERO,
            sample_rate_hz: 8000,
            call_time_max: None,
            caller_silence_max: Some(Duration::from_secs(60)),
            fallback: None,
            opening: None,
            notify: None,
            voicemail: None,
            waits: Waits::default(),
        }
    }
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            thinker_max: Duration::from_secs(10),
            speaker_max: Duration::from_secs(10),
            player_max: Duration::from_secs(2),
            sound_max: Duration::from_secs(3600),
            transfer_max: Duration::from_secs(120),
            next_digit_max: Duration::from_secs(3),
        }
    }
}
