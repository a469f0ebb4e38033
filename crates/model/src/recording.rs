//! Recorded tracks.

use std::borrow::Cow;

use crate::{CallId, PartyId, RecordingId, TenantId, UnixMs};

/// Whose voice a track holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Track {
    /// The person on the line.
    User,
    /// The voice agent, or whoever served the person.
    Agent,
    /// A further party: from the beginning of the call, silent until it joined.
    Party(PartyId),
}

/// What stands before the number of a further party.
const PARTY: &str = "party_";

impl Track {
    /// The two tracks of every call, the person first.
    pub const ALL: [Self; 2] = [Self::User, Self::Agent];

    /// Stable lower-case name.
    pub fn name(self) -> Cow<'static, str> {
        match self {
            Self::User => Cow::Borrowed("user"),
            Self::Agent => Cow::Borrowed("agent"),
            Self::Party(party) => Cow::Owned(format!("{PARTY}{party}")),
        }
    }

    /// The track with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        match name.strip_prefix(PARTY) {
            Some(party) => party.parse().ok().map(|n| Self::Party(PartyId(n))),
            None => Self::ALL.into_iter().find(|track| track.name() == name),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_track() {
        for track in [Track::User, Track::Agent, Track::Party(PartyId(12))] {
            assert_eq!(Track::by_name(&track.name()), Some(track));
        }
        assert_eq!(Track::by_name("party_x"), None);
        assert_eq!(Track::by_name("other"), None);
    }
}
