//! Recorded tracks.

use crate::{CallId, RecordingId, TenantId, UnixMs};

/// Whose voice a track holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Track {
    /// The person on the line.
    User,
    /// The voice agent.
    Agent,
}

impl Track {
    /// Both tracks, the person first.
    pub const ALL: [Self; 2] = [Self::User, Self::Agent];

    /// Stable lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Agent => "agent",
        }
    }
}

/// Why a stretch of a track holds no original sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapCause {
    /// Packets did not arrive; the sound there is made up.
    Lost,
    /// The process ended before the audio was on disk.
    Torn,
}

/// A stretch of a track that holds no original sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// From the start of the recording.
    pub start_ms: i64,
    /// Its length.
    pub len_ms: i64,
    /// Why.
    pub cause: GapCause,
}

/// One participant's track of one call, rendered and ready to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Unique: `RecordId`.
    pub id: RecordingId,
    /// Its owner.
    pub tenant: TenantId,
    /// Its call.
    pub call: CallId,
    /// Whose voice.
    pub track: Track,
    /// File name below the recordings folder.
    pub file_name: String,
    /// Wall time of its first sample; the same for every track of a call.
    pub started_at: UnixMs,
    /// Its length.
    pub duration_ms: i64,
    /// Bytes of the file.
    pub n_bytes: i64,
    /// SHA-256 of the file, lower-case hex.
    pub sha256: String,
    /// Where no original sound is.
    pub gaps: Vec<Gap>,
    /// Address of the copy in the tenant's own store, if one was made.
    pub copy_url: Option<String>,
    /// When it was rendered.
    pub ready_at: UnixMs,
}
