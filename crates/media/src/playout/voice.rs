//! One clip being played: where it is, and what is left.

use std::{collections::VecDeque, sync::Arc};

use super::{Clip, ClipId};
use crate::FRAME;

/// Audio that may wait in a growing clip: 30 min. What is appended beyond is dropped, and the
/// clip ends there.
const SAMPLES_MAX: u64 = 30 * 60 * 8000;

/// Ticks that a growing clip may have nothing to play: 10 s. Then it ends as if cut, so that
/// a speaker that died cannot silence the leg for ever.
const STARVED_TICKS_MAX: u32 = (10_000 / FRAME.as_millis()) as u32;

/// A clip and its progress.
#[derive(Debug)]
pub struct Voice {
    id: ClipId,
    /// What is still to be played of this repetition, and, if `times_left` is more than 1, of
    /// the next ones: then there is one chunk, kept whole.
    chunks: VecDeque<Arc<[i16]>>,
    /// Samples of the first chunk that have been played.
    at: usize,
    times_left: u32,
    finished: bool,
    started: bool,
    sent: u64,
    appended: u64,
    underrun_ticks: u32,
    starved_ticks: u32,
}

impl Voice {
    pub fn new(clip: Clip) -> Self {
        Self {
            id: clip.id,
            appended: clip.samples.len() as u64,
            chunks: VecDeque::from([clip.samples]),
            at: 0,
            // What grows cannot be repeated: its start may be gone when its end comes.
            times_left: if clip.finished { clip.times.max(1) } else { 1 },
            finished: clip.finished,
            started: false,
            sent: 0,
            underrun_ticks: 0,
            starved_ticks: 0,
        }
    }

    pub fn id(&self) -> ClipId {
        self.id
    }

    /// Samples sent, over all repetitions.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    pub fn underrun_ticks(&self) -> u32 {
        self.underrun_ticks
    }

    /// Adds samples to a growing clip.
    pub fn append(&mut self, samples: Arc<[i16]>, finished: bool) {
        if self.finished {
            return;
        }
        self.appended += samples.len() as u64;
        self.finished = finished || self.appended > SAMPLES_MAX;
        if self.appended <= SAMPLES_MAX && !samples.is_empty() {
            self.chunks.push_back(samples);
        }
    }

    /// All of it has been played.
    pub fn is_over(&self) -> bool {
        self.finished && self.chunks.is_empty()
    }

    /// Nothing came for so long that nothing will.
    pub fn is_starved(&self) -> bool {
        self.starved_ticks > STARVED_TICKS_MAX
    }

    /// Returns `true` once: at the first sample.
    pub fn starts(&mut self) -> bool {
        self.sent > 0 && !std::mem::replace(&mut self.started, true)
    }

    /// Hands samples on to `put`, at most as many as fit into `out`. Returns how many.
    pub fn take(&mut self, out: &mut [i16], put: fn(&mut [i16], &[i16])) -> usize {
        let mut n = 0;
        while n < out.len() {
            let Some(chunk) = self.chunks.front() else {
                break;
            };
            let take = (chunk.len() - self.at).min(out.len() - n);
            put(&mut out[n..n + take], &chunk[self.at..self.at + take]);
            n += take;
            self.at += take;
            if self.at < chunk.len() {
                continue;
            }
            self.at = 0;
            let is_empty = chunk.is_empty();
            if self.times_left > 1 && !is_empty {
                self.times_left -= 1;
            } else {
                self.chunks.pop_front();
            }
        }
        self.sent += n as u64;
        n
    }

    /// A tick ended in which the clip had its turn and filled it, or not.
    pub fn had_turn(&mut self, filled: bool) {
        if filled || self.is_over() {
            self.starved_ticks = 0;
            return;
        }
        self.starved_ticks += 1;
        if self.started {
            self.underrun_ticks += 1;
        }
    }
}
