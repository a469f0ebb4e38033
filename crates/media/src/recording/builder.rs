//! From ticks to chunks.

use super::{
    RecordedTick,
    format::{CHUNK_HEAD_LEN, CHUNK_MAGIC, CHUNK_TICKS, CRC_LEN},
    runs::{self, RunWriter},
};

/// Bytes of the longest chunk.
pub const CHUNK_LEN_MAX: usize = CHUNK_HEAD_LEN + 2 * runs::len_max(CHUNK_TICKS as usize) + CRC_LEN;

/// Collects ticks and seals them into chunks of 200 ms. Allocates only when it is made, if what it
/// seals into has room for [`CHUNK_LEN_MAX`] bytes.
#[derive(Debug)]
pub struct ChunkBuilder {
    user: RunWriter,
    agent: RunWriter,
    first_tick: u32,
    n_ticks: u8,
    /// The earliest tick that may come.
    next_tick: u32,
}

impl Default for ChunkBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl ChunkBuilder {
    /// An empty builder.
    pub fn new() -> Self {
        let n_ticks = usize::from(CHUNK_TICKS);
        Self {
            user: RunWriter::new(n_ticks),
            agent: RunWriter::new(n_ticks),
            first_tick: 0,
            n_ticks: 0,
            next_tick: 0,
        }
    }

    /// Adds one tick. Returns whether it has filled `sealed`, in place of what was there, with a
    /// chunk to append to the file: when one is full, or when `tick` does not follow the last one
    /// (the ticks between become a gap). Ticks only go up: one that is not after the last is
    /// dropped.
    pub fn push(&mut self, tick: u32, frames: &RecordedTick, sealed: &mut Vec<u8>) -> bool {
        if tick < self.next_tick {
            return false;
        }
        let jumped = self.n_ticks > 0 && tick > self.next_tick;
        if jumped {
            self.seal(sealed);
        }
        if self.n_ticks == 0 {
            self.first_tick = tick;
        }
        self.user.push(frames.user.kind, &frames.user.payload);
        self.agent.push(frames.agent.kind, &frames.agent.payload);
        self.n_ticks += 1;
        self.next_tick = tick.saturating_add(1);
        let full = self.n_ticks == CHUNK_TICKS;
        if full {
            self.seal(sealed);
        }
        jumped || full
    }

    /// Seals what is there, at the end of a call. Returns whether it has filled `sealed`.
    pub fn flush(&mut self, sealed: &mut Vec<u8>) -> bool {
        let is_any = self.n_ticks > 0;
        if is_any {
            self.seal(sealed);
        }
        is_any
    }

    fn seal(&mut self, sealed: &mut Vec<u8>) {
        let body_len = self.user.bytes().len() + self.agent.bytes().len();
        let body_len = u16::try_from(body_len).expect("ten ticks fit in 16 bits");
        sealed.clear();
        sealed.extend(CHUNK_MAGIC);
        sealed.extend(body_len.to_le_bytes());
        sealed.extend([self.n_ticks, 0]);
        sealed.extend(self.first_tick.to_le_bytes());
        sealed.extend(self.user.bytes());
        sealed.extend(self.agent.bytes());
        let crc = crc32fast::hash(sealed);
        sealed.extend(crc.to_le_bytes());
        self.user.clear();
        self.agent.clear();
        self.n_ticks = 0;
    }
}
