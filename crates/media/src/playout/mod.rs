//! Clips queued towards a leg, paced by the tick.
//!
//! One clip plays at the front of a queue; others play over it. A clip that displaces the front
//! is put before it, so that what it displaced goes on afterwards. What left is counted by the
//! sample: the heard text of a reply is cut at that number.
//!
//! # Invariants
//!
//! - Every clip ends with exactly one `Ended`, whatever happens to it.
//! - A cut clip sends at most [`FADE`] more samples, fading out; they are counted.
//! - The end of a clip and the start of the next share a frame: no gap between them.

mod clip;
mod voice;

use std::{collections::VecDeque, sync::Arc};

pub use clip::{Clip, ClipId};
use voice::Voice;

use crate::{FRAME_SAMPLES, Frame, mix};

/// Clips that may wait or play at once on a leg; further ones end without being played.
pub const CLIPS_MAX: usize = 32;

/// Samples over which a cut clip fades out: 5 ms, enough not to click.
pub const FADE: usize = 40;

/// How a new clip meets what is playing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlayMode {
    /// After everything that is queued.
    Queue,
    /// At once, in place of what plays at the front of the queue.
    Instead(Displaced),
    /// At once, mixed with what plays at equal level.
    Over,
}

/// What becomes of the clips that another one displaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Displaced {
    /// They wait and go on where they were. Clips that play over the front play on.
    Resumes,
    /// They are cut, all of them.
    Ends,
}

/// What happened to a clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Its first sample left.
    Started {
        /// Which clip.
        id: ClipId,
    },
    /// It will send nothing more.
    Ended {
        /// Which clip.
        id: ClipId,
        /// Samples sent, over all repetitions.
        samples_sent: u64,
        /// It was stopped before its end.
        cut: bool,
        /// Ticks in which it had nothing to send although it was not finished.
        underrun_ticks: u32,
    },
}

/// See the module.
#[derive(Debug)]
pub struct Playout {
    queue: VecDeque<Voice>,
    over: Vec<Voice>,
    /// What is left of cut clips, mixed into the next frame.
    tail: [i16; FADE],
    has_tail: bool,
    changes: VecDeque<Change>,
}

impl Default for Playout {
    fn default() -> Self {
        Self::new()
    }
}

impl Playout {
    /// Nothing to play.
    pub fn new() -> Self {
        Self {
            queue: VecDeque::with_capacity(CLIPS_MAX),
            over: Vec::with_capacity(CLIPS_MAX),
            tail: [0; FADE],
            has_tail: false,
            changes: VecDeque::with_capacity(2 * CLIPS_MAX),
        }
    }

    /// Takes a clip.
    pub fn play(&mut self, clip: Clip, mode: PlayMode) {
        let voice = Voice::new(clip);
        if mode == PlayMode::Instead(Displaced::Ends) {
            self.cut_all();
        }
        if self.queue.len() + self.over.len() >= CLIPS_MAX {
            self.changes.push_back(ended(&voice, true));
            return;
        }
        match mode {
            PlayMode::Queue => self.queue.push_back(voice),
            PlayMode::Instead(Displaced::Resumes | Displaced::Ends) => {
                self.queue.push_front(voice);
            }
            PlayMode::Over => self.over.push(voice),
        }
    }

    /// Adds samples to a growing clip.
    pub fn append(&mut self, id: ClipId, samples: Arc<[i16]>, finished: bool) {
        let mut voices = self.queue.iter_mut().chain(&mut self.over);
        if let Some(voice) = voices.find(|voice| voice.id() == id) {
            voice.append(samples, finished);
        }
    }

    /// Ends one clip.
    pub fn cut(&mut self, id: ClipId) {
        if let Some(at) = self.queue.iter().position(|voice| voice.id() == id) {
            let audible = at == 0;
            let voice = self.queue.remove(at).expect("the position is in the queue");
            self.end_early(voice, audible);
        } else if let Some(at) = self.over.iter().position(|voice| voice.id() == id) {
            let voice = self.over.remove(at);
            self.end_early(voice, true);
        }
    }

    /// Ends every clip.
    pub fn cut_all(&mut self) {
        let mut audible = true;
        while let Some(voice) = self.queue.pop_front() {
            self.end_early(voice, audible);
            audible = false;
        }
        while let Some(voice) = self.over.pop() {
            self.end_early(voice, true);
        }
    }

    /// Samples of a clip that have left; `None` when it has ended.
    pub fn samples_sent(&self, id: ClipId) -> Option<u64> {
        let mut voices = self.queue.iter().chain(&self.over);
        voices.find(|voice| voice.id() == id).map(Voice::sent)
    }

    /// What happened, in order.
    pub fn poll(&mut self) -> Option<Change> {
        self.changes.pop_front()
    }

    /// Fills the frame of this tick. Returns `false` if it is silent because nothing plays.
    pub fn tick(&mut self, frame: &mut Frame) -> bool {
        frame.fill(0);
        let mut audible = self.front(frame);
        audible |= self.overs(frame);
        if std::mem::take(&mut self.has_tail) {
            mix::add(frame, &self.tail);
            self.tail.fill(0);
            audible = true;
        }
        audible
    }

    fn front(&mut self, frame: &mut Frame) -> bool {
        let mut n = 0;
        while let Some(voice) = self.queue.front_mut() {
            n += voice.take(&mut frame[n..], <[i16]>::copy_from_slice);
            if voice.starts() {
                self.changes.push_back(Change::Started { id: voice.id() });
            }
            voice.had_turn(n == FRAME_SAMPLES);
            let (is_over, is_starved) = (voice.is_over(), voice.is_starved());
            if !is_over && !is_starved {
                break;
            }
            self.changes.push_back(ended(voice, !is_over));
            self.queue.pop_front();
            if n == FRAME_SAMPLES {
                break;
            }
        }
        n > 0
    }

    fn overs(&mut self, frame: &mut Frame) -> bool {
        let mut audible = false;
        let changes = &mut self.changes;
        self.over.retain_mut(|voice| {
            let n = voice.take(frame, mix::add);
            audible |= n > 0;
            if voice.starts() {
                changes.push_back(Change::Started { id: voice.id() });
            }
            voice.had_turn(n == FRAME_SAMPLES);
            let (is_over, is_starved) = (voice.is_over(), voice.is_starved());
            if is_over || is_starved {
                changes.push_back(ended(voice, !is_over));
            }
            !is_over && !is_starved
        });
        audible
    }

    /// Ends a clip; if it was heard, its next samples fade out in the next frame.
    fn end_early(&mut self, mut voice: Voice, audible: bool) {
        if audible && voice.sent() > 0 {
            let mut fade = [0; FADE];
            let n = voice.take(&mut fade, <[i16]>::copy_from_slice);
            for (n, sample) in fade.iter_mut().enumerate() {
                let left = (FADE - n) as i32;
                *sample = (i32::from(*sample) * left / (FADE as i32 + 1)) as i16;
            }
            mix::add(&mut self.tail, &fade);
            self.has_tail |= n > 0;
        }
        self.changes.push_back(ended(&voice, true));
    }
}

fn ended(voice: &Voice, cut: bool) -> Change {
    Change::Ended {
        id: voice.id(),
        samples_sent: voice.sent(),
        cut,
        underrun_ticks: voice.underrun_ticks(),
    }
}

#[cfg(test)]
mod tests;
