//! The outline of a call's two voices, for drawing it without decoding its sound.
//!
//! It is made of the tracks as they were on the wire, so it is there while the call still runs.
//!
//! # Invariants
//!
//! - Both voices have the same number of levels and begin at the same moment.
//! - The number of levels is bounded, however long the call.

use media::recording::{Recording, Track};
use model::{CallId, UnixMs};

use crate::{App, Fault};

/// Most levels of one voice: more than any screen has pixels. Longer calls get fewer a second.
const LEVELS_MAX: u64 = 20_000;

/// Full scale of 16-bit sound over full scale of a level.
const SCALE: u16 = 128;

/// Two voices, as loud as they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallOutline {
    /// Wall time of the first level.
    pub started_at: UnixMs,
    /// Length of both tracks.
    pub len_ms: u64,
    /// Levels in one second, 1 to 50.
    pub levels_per_second: u32,
    /// Loudness of the person, 0 to 255: the largest amplitude in each stretch.
    pub user: Vec<u8>,
    /// Loudness of what we sent.
    pub agent: Vec<u8>,
}

impl App {
    /// The outline of a call with at most `levels_per_second` levels in a second, 1 to 50. `None`
    /// when the call was not recorded, or its recording cannot be read.
    ///
    /// # Errors
    ///
    /// Fails when the file is there and the machine does not give it.
    pub async fn call_outline(
        &self,
        call: &CallId,
        levels_per_second: u32,
    ) -> Result<Option<CallOutline>, Fault> {
        let Some(raw) = self.raw_recording(call).await? else {
            return Ok(None);
        };
        // Decoding an hour takes a good part of a second.
        tokio::task::spawn_blocking(move || CallOutline::of(&raw, levels_per_second))
            .await
            .map_err(|error| Fault::Internal(error.into()))
    }
}

impl CallOutline {
    fn of(raw: &[u8], levels_per_second: u32) -> Option<Self> {
        let recording = Recording::open(raw).ok()?;
        let seconds = recording.len_ms().div_ceil(1000).max(1);
        let most = u32::try_from(LEVELS_MAX / seconds).unwrap_or(u32::MAX);
        let levels_per_second = levels_per_second.min(most).clamp(1, 50);
        let levels = |track| {
            let peaks = recording.peaks(track, levels_per_second);
            let amplitude = |peak: media::recording::Peak| {
                let amplitude = peak.min.unsigned_abs().max(peak.max.unsigned_abs());
                u8::try_from(amplitude / SCALE).unwrap_or(u8::MAX)
            };
            peaks.into_iter().map(amplitude).collect()
        };
        Some(Self {
            started_at: UnixMs(i64::try_from(recording.header().started_at_ms).ok()?),
            len_ms: recording.len_ms(),
            levels_per_second,
            user: levels(Track::User),
            agent: levels(Track::Agent),
        })
    }
}

#[cfg(test)]
mod tests {
    use media::{
        FRAME_SAMPLES, FrameKind,
        g711::Codec,
        recording::{ChunkBuilder, FileHeader, RecordedFrame, RecordedTick},
    };

    use super::*;

    #[test]
    fn a_loud_voice_stands_where_it_was_and_the_other_is_flat() {
        let outline = CallOutline::of(&recorded(100), 25).unwrap();
        assert_eq!((outline.len_ms, outline.levels_per_second), (2000, 25));
        assert_eq!(outline.started_at, UnixMs(1_000));
        assert_eq!((outline.user.len(), outline.agent.len()), (50, 50));
        assert!(outline.user[..25].iter().all(|&level| level == 0));
        assert!(outline.user[25..].iter().all(|&level| level > 60));
        assert!(outline.agent.iter().all(|&level| level == 0));
    }

    #[test]
    fn a_long_call_has_fewer_levels_a_second() {
        // An hour.
        let outline = CallOutline::of(&recorded(180_000), 50).unwrap();
        assert_eq!(outline.levels_per_second, 5);
        assert!(outline.user.len() as u64 <= LEVELS_MAX);
    }

    #[test]
    fn what_is_no_recording_has_no_outline() {
        assert_eq!(CallOutline::of(b"ID3", 25), None);
    }

    /// Silence, then in the second half the person speaks.
    fn recorded(n_ticks: u32) -> Vec<u8> {
        let header = FileHeader {
            call_id: "call".to_owned(),
            started_at_ms: 1_000,
            codec: Codec::Pcma,
        };
        let frame = |kind, byte| RecordedFrame {
            kind,
            payload: [byte; FRAME_SAMPLES],
        };
        let (mut bytes, mut builder) = (header.to_bytes(), ChunkBuilder::new());
        let mut chunk = Vec::new();
        for tick in 0..n_ticks {
            let user = match tick * 2 < n_ticks {
                true => frame(FrameKind::Silence, 0xd5),
                // A-law 0xaa is the largest amplitude.
                false => frame(FrameKind::Audio, 0xaa),
            };
            let agent = frame(FrameKind::Silence, 0xd5);
            if builder.push(tick, &RecordedTick { user, agent }, &mut chunk) {
                bytes.extend_from_slice(&chunk);
            }
        }
        bytes
    }
}
