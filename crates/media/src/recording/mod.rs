//! Recordings that survive a crash.
//!
//! A recording is one file that is only ever appended to: a [`FileHeader`], then chunks of
//! 200 ms with both tracks as they were on the wire, each with its own checksum. Whatever
//! happens to the machine, what was written before is readable; [`Recording`] finds it, and
//! knows what is missing.
//!
//! # Format, version 1 (integers little endian)
//!
//! ```text
//! header  magic "SWBDREC\0"  version u16  codec u8 (RTP payload type)  tracks u8 = 2
//!         sample rate u32  started at u64 (ms since 1970)  id length u8  id [64]  zero [3]
//!         crc32 u32 of all before it
//! chunk   magic "SWBK"  body length u16  ticks u8 (1 to 10)  zero u8  first tick u32
//!         body: the runs of track 0 ("user"), then of track 1 ("agent")
//!         crc32 u32 of all before it, from the magic on
//! run     kind u8 (0 silence, 1 audio, 2 concealed, 3 gap)  ticks u8
//!         audio and concealed: 160 bytes a tick
//! ```
//!
//! The runs of a track last as many ticks as the chunk, so an idle chunk is 20 bytes.

mod builder;
mod format;
mod peaks;
mod reader;
mod runs;

pub use builder::{CHUNK_LEN_MAX, ChunkBuilder};
pub use format::{CALL_ID_MAX, FileHeader, HEADER_LEN, NotARecording, TICKS_MAX};
pub use peaks::Peak;
pub use reader::{Gap, GapCause, Recording};

use crate::{FRAME_SAMPLES, FrameKind};

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

#[cfg(test)]
mod tests;
