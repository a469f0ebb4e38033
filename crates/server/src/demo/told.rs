//! Events of a call as the native dialect tells them.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

/// One event.
#[derive(Clone, Debug, Deserialize)]
pub struct Told {
    /// Its place in the call.
    pub n: i64,
    /// When, ms since 1970.
    #[serde(deserialize_with = "unix_ms")]
    pub at: i64,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What happened. Events that the demo does not look at are [`What::Other`].
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum What {
    /// The call exists.
    Requested {
        caller: String,
        callee: String,
        voice_agent_name: String,
    },
    /// The phone rings.
    Rang { sip_status: u16 },
    /// Media flows.
    Answered { codec: String, peer: String },
    /// The agent spoke.
    AgentSaid {
        heard: String,
        unsaid: String,
        #[serde(deserialize_with = "unix_ms")]
        from: i64,
        #[serde(deserialize_with = "unix_ms")]
        to: i64,
        interrupted: bool,
    },
    /// The person spoke.
    CallerSaid {
        text: String,
        #[serde(deserialize_with = "unix_ms")]
        from: i64,
    },
    /// The person pressed keys.
    DigitsPressed { digits: String },
    /// How long a reply took.
    ReplyTimed(Latency),
    /// A sound began.
    SoundStarted { sound: i64, times: u32 },
    /// A sound is over.
    SoundEnded { sound: i64, cut: bool },
    /// The call is over.
    Ended {
        cause: String,
        side: String,
        quality: Option<Quality>,
    },
    /// A track can be fetched.
    RecordingReady(Track),
    /// A track could not be made.
    RecordingFailed { why: String },
    /// Anything else.
    #[serde(other)]
    Other,
}

/// How long a reply took, split; ms.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Latency {
    pub turn: u32,
    pub endpointing_ms: f64,
    pub recognizer_ms: f64,
    pub thinker_ms: f64,
    pub speaker_ms: f64,
    pub queue_ms: f64,
    pub total_ms: f64,
}

/// What media was like.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Quality {
    pub packets_received: u64,
    pub packets_lost: u64,
    pub jitter_ms: f64,
    pub mos: f64,
}

/// A track.
#[derive(Clone, Debug, Deserialize)]
pub struct Track {
    /// `user` or `agent`.
    pub track: String,
    pub url: String,
    #[serde(deserialize_with = "unix_ms")]
    pub started_at: i64,
    pub duration_ms: i64,
    pub n_bytes: usize,
    pub gaps: Vec<Gap>,
}

/// A stretch of a track without original sound.
#[derive(Clone, Debug, Deserialize)]
pub struct Gap {
    pub len_ms: i64,
    /// `lost` on the way, or `torn` from the file.
    pub cause: String,
}

impl Latency {
    /// Names and ms of the parts, in the order in which they come.
    pub fn parts(&self) -> [(&'static str, f64); 5] {
        [
            ("endpointing", self.endpointing_ms),
            ("recognizer", self.recognizer_ms),
            ("thinker", self.thinker_ms),
            ("speaker", self.speaker_ms),
            ("queue", self.queue_ms),
        ]
    }
}

fn unix_ms<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let text = String::deserialize(deserializer)?;
    let time: Timestamp = text.parse().map_err(serde::de::Error::custom)?;
    Ok(time.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_and_unknown_ones_passed_over() {
        let text = r#"[{"n":4,"at":"2026-11-21T09:14:02.5Z","type":"caller_said","text":"yes",
            "from":"2026-11-21T09:14:01Z","to":"2026-11-21T09:14:02Z"},
            {"n":5,"at":"2026-11-21T09:14:02.5Z","type":"dreamed","of":"sheep"}]"#;
        let told: Vec<Told> = serde_json::from_str(text).unwrap();
        assert!(matches!(&told[0].what, What::CallerSaid { text, from }
            if text == "yes" && told[0].at - from == 1500));
        assert!(matches!(told[1].what, What::Other));
    }
}
