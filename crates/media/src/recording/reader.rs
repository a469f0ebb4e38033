//! From the bytes of a file, whole or torn, to voices.

use super::{
    Track,
    format::{CHUNK_MAGIC, Chunk, FileHeader, HEADER_LEN, NotARecording},
    peaks::{self, Peak},
    runs::Ticks,
};
use crate::{FRAME_SAMPLES, Frame, FrameKind, SILENT_FRAME};

/// Length of a tick in milliseconds.
const TICK_MS: u64 = 20;

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

/// A recording read back from its bytes, whole or torn.
#[derive(Debug)]
pub struct Recording<'a> {
    header: FileHeader,
    /// The valid chunks, in the order of their ticks, without overlaps.
    chunks: Vec<Chunk<'a>>,
    torn_bytes: usize,
}

/// A tick of a track.
#[derive(Clone, Copy, Debug)]
enum Tick<'a> {
    Missing,
    There(FrameKind, Option<&'a [u8; FRAME_SAMPLES]>),
}

impl<'a> Recording<'a> {
    /// Reads the header and finds the valid chunks. Takes memory in proportion to the bytes.
    ///
    /// # Errors
    ///
    /// Fails only if the header is missing or damaged; damaged chunks become gaps.
    pub fn open(bytes: &'a [u8]) -> Result<Self, NotARecording> {
        let header = FileHeader::parse(bytes)?;
        let mut chunks: Vec<Chunk<'a>> = Vec::new();
        let (mut at, mut end) = (HEADER_LEN, HEADER_LEN);
        let mut next_tick = 0;
        while at < bytes.len() {
            let chunk = Chunk::parse(&bytes[at..]).filter(|c| c.first_tick >= next_tick);
            let Some(chunk) = chunk else {
                let Some(next) = find_magic(&bytes[at + 1..]) else {
                    break;
                };
                at += 1 + next;
                continue;
            };
            next_tick = chunk.first_tick + u32::from(chunk.n_ticks);
            at += chunk.len;
            end = at;
            chunks.push(chunk);
        }
        Ok(Self {
            header,
            chunks,
            torn_bytes: bytes.len() - end,
        })
    }

    /// The header.
    pub fn header(&self) -> &FileHeader {
        &self.header
    }

    /// Ticks of 20 ms from the start to the end of the last valid chunk.
    pub fn ticks(&self) -> u32 {
        let last = self.chunks.last();
        last.map_or(0, |chunk| chunk.first_tick + u32::from(chunk.n_ticks))
    }

    /// Length in milliseconds; both tracks are equally long.
    pub fn len_ms(&self) -> u64 {
        u64::from(self.ticks()) * TICK_MS
    }

    /// Bytes after the last valid chunk: a write that a crash cut short.
    pub fn torn_bytes(&self) -> usize {
        self.torn_bytes
    }

    /// The frames of a track from start to end, gaps as silence.
    pub fn frames(&self, track: Track) -> impl Iterator<Item = (FrameKind, Frame)> + '_ {
        let codec = self.header.codec;
        self.track(track).map(move |tick| match tick {
            Tick::There(kind, Some(payload)) => {
                let mut samples = SILENT_FRAME;
                codec.decode_into(payload, &mut samples);
                (kind, samples)
            }
            Tick::There(kind, None) => (kind, SILENT_FRAME),
            Tick::Missing => (FrameKind::Gap, SILENT_FRAME),
        })
    }

    /// Where a track is not what was said.
    pub fn gaps(&self, track: Track) -> Vec<Gap> {
        let mut gaps: Vec<Gap> = Vec::new();
        for (tick, what) in (0u64..).zip(self.track(track)) {
            let cause = match what {
                Tick::Missing => GapCause::Torn,
                Tick::There(FrameKind::Gap, _) => GapCause::NotReceived,
                Tick::There(FrameKind::Concealed, _) => GapCause::Concealed,
                Tick::There(FrameKind::Audio | FrameKind::Silence, _) => continue,
            };
            let start_ms = tick * TICK_MS;
            match gaps.last_mut() {
                Some(gap) if gap.cause == cause && gap.start_ms + gap.len_ms == start_ms => {
                    gap.len_ms += TICK_MS;
                }
                Some(_) | None => gaps.push(Gap {
                    start_ms,
                    len_ms: TICK_MS,
                    cause,
                }),
            }
        }
        gaps
    }

    /// Lowest and highest samples, `per_second` (1 to 50) of them, for drawing.
    pub fn peaks(&self, track: Track, per_second: u32) -> Vec<Peak> {
        peaks::of(self.frames(track).map(|(_, frame)| frame), per_second)
    }

    /// The ticks of a track, the missing ones filled in.
    fn track(&self, track: Track) -> impl Iterator<Item = Tick<'a>> + '_ {
        let mut next_tick = 0;
        self.chunks.iter().flat_map(move |chunk| {
            let n_missing = chunk.first_tick - next_tick;
            next_tick = chunk.first_tick + u32::from(chunk.n_ticks);
            let missing = std::iter::repeat_n(Tick::Missing, n_missing as usize);
            let there = Ticks::new(chunk.tracks[track as usize]);
            missing.chain(there.map(|(kind, payload)| Tick::There(kind, payload)))
        })
    }
}

fn find_magic(bytes: &[u8]) -> Option<usize> {
    let mut windows = bytes.windows(CHUNK_MAGIC.len());
    windows.position(|window| window == CHUNK_MAGIC)
}
