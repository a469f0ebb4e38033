//! Recordings that survive a crash.

use crate::{FRAME_SAMPLES, Frame, FrameKind, g711::Codec};

/// Whose voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Track {
    /// The party on the line.
    User = 0,
    /// What we sent.
    Agent = 1,
}

/// One tick of one track, as it was on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordedFrame {
    /// Where the samples came from; only audio and concealed frames have a payload.
    pub kind: FrameKind,
    /// Encoded samples, one byte each.
    pub payload: [u8; FRAME_SAMPLES],
}

/// One tick of both tracks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordedTick {
    /// The party on the line.
    pub user: RecordedFrame,
    /// What we sent.
    pub agent: RecordedFrame,
}

/// What stands once at the start of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileHeader {
    /// The call; at most [`CALL_ID_MAX`] bytes.
    pub call_id: String,
    /// Wall time of tick 0, milliseconds since 1970.
    pub started_at_ms: u64,
    /// Codec of both tracks.
    pub codec: Codec,
}

/// Longest call id in a header, in bytes.
pub const CALL_ID_MAX: usize = 64;

impl FileHeader {
    /// The bytes that start a recording.
    pub fn to_bytes(&self) -> Vec<u8> {
        unimplemented!()
    }
}

/// Collects ticks and seals them into chunks of 200 ms.
#[derive(Debug, Default)]
pub struct ChunkBuilder {}

impl ChunkBuilder {
    /// An empty builder; allocates all it will ever need.
    pub fn new() -> Self {
        unimplemented!()
    }

    /// Adds one tick. Returns a sealed chunk to append to the file when one is full, or when
    /// `tick` does not follow the last one (the ticks between become a gap).
    pub fn push(&mut self, _tick: u32, _frames: &RecordedTick) -> Option<&[u8]> {
        unimplemented!()
    }

    /// Seals what is there, at the end of a call.
    pub fn flush(&mut self) -> Option<&[u8]> {
        unimplemented!()
    }
}

/// Why samples of a track are not what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapCause {
    /// Packets did not come, for longer than could be concealed.
    NotReceived,
    /// Packets did not come; the samples are made up.
    Concealed,
    /// The file lacks them: never written, or damaged.
    Torn,
}

/// A stretch of a track that is not what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// From the start of the recording.
    pub start_ms: u64,
    /// Length.
    pub len_ms: u64,
    /// Why.
    pub cause: GapCause,
}

/// Lowest and highest sample of a stretch, for drawing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Peak {
    /// Lowest sample.
    pub min: i16,
    /// Highest sample.
    pub max: i16,
}

/// These bytes do not start with the header of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a recording")]
pub struct NotARecording;

/// A recording read back from its bytes, whole or torn.
#[derive(Debug)]
pub struct Recording<'a> {
    bytes: &'a [u8],
}

impl<'a> Recording<'a> {
    /// Reads the header and finds the valid chunks.
    ///
    /// # Errors
    ///
    /// Fails only if the header is missing or damaged; damaged chunks become gaps.
    pub fn open(bytes: &'a [u8]) -> Result<Self, NotARecording> {
        Ok(Self { bytes })
    }

    /// The header.
    pub fn header(&self) -> &FileHeader {
        unimplemented!()
    }

    /// Ticks of 20 ms from the start to the end of the last valid chunk.
    pub fn ticks(&self) -> u32 {
        unimplemented!()
    }

    /// Length in milliseconds; both tracks are equally long.
    pub fn len_ms(&self) -> u64 {
        unimplemented!()
    }

    /// Bytes after the last valid chunk: a write that a crash cut short.
    pub fn torn_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The frames of a track from start to end, gaps as silence.
    pub fn frames(&self, _track: Track) -> impl Iterator<Item = (FrameKind, Frame)> + '_ {
        std::iter::empty()
    }

    /// Where a track is not what was said.
    pub fn gaps(&self, _track: Track) -> Vec<Gap> {
        unimplemented!()
    }

    /// Lowest and highest samples, `per_second` (1 to 50) of them, for drawing.
    pub fn peaks(&self, _track: Track, _per_second: u32) -> Vec<Peak> {
        unimplemented!()
    }
}
