//! From ticks to chunks.

use super::{
    RecordedTick,
    format::{CHUNK_HEAD_LEN, CHUNK_MAGIC, CHUNK_TICKS, CRC_LEN},
    runs::{self, RunWriter},
};

/// Collects ticks and seals them into chunks of 200 ms. Allocates only when it is made.
#[derive(Debug)]
pub struct ChunkBuilder {
    user: RunWriter,
    agent: RunWriter,
    first_tick: u32,
    n_ticks: u8,
    /// The earliest tick that may come.
    next_tick: u32,
    sealed: Vec<u8>,
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
            sealed: Vec::with_capacity(CHUNK_HEAD_LEN + 2 * runs::len_max(n_ticks) + CRC_LEN),
        }
    }

    /// Adds one tick. Returns a sealed chunk to append to the file when one is full, or when
    /// `tick` does not follow the last one (the ticks between become a gap). Ticks only go up:
    /// one that is not after the last is dropped.
    pub fn push(&mut self, tick: u32, frames: &RecordedTick) -> Option<&[u8]> {
        if tick < self.next_tick {
            return None;
        }
        let jumped = self.n_ticks > 0 && tick > self.next_tick;
        if jumped {
            self.seal();
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
            self.seal();
        }
        (jumped || full).then_some(&self.sealed)
    }

    /// Seals what is there, at the end of a call.
    pub fn flush(&mut self) -> Option<&[u8]> {
        if self.n_ticks == 0 {
            return None;
        }
        self.seal();
        Some(&self.sealed)
    }

    fn seal(&mut self) {
        let body_len = self.user.bytes().len() + self.agent.bytes().len();
        let body_len = u16::try_from(body_len).expect("ten ticks fit in 16 bits");
        self.sealed.clear();
        self.sealed.extend(CHUNK_MAGIC);
        self.sealed.extend(body_len.to_le_bytes());
        self.sealed.extend([self.n_ticks, 0]);
        self.sealed.extend(self.first_tick.to_le_bytes());
        self.sealed.extend(self.user.bytes());
        self.sealed.extend(self.agent.bytes());
        let crc = crc32fast::hash(&self.sealed);
        self.sealed.extend(crc.to_le_bytes());
        self.user.clear();
        self.agent.clear();
        self.n_ticks = 0;
    }
}
