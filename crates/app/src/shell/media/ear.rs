//! Forwards the caller's sound while the caller speaks.

use std::collections::VecDeque;

use media::Frame;

/// Sound kept from before the detector noticed speech: 300 ms.
const PRE_ROLL_FRAMES: usize = 15;

/// Frames of sound in one report: 100 ms.
const SOUND_FRAMES: usize = 5;

/// See the module.
pub struct Ear {
    pre_roll: VecDeque<Frame>,
    speaking: bool,
    pending: Vec<Frame>,
}

impl Ear {
    /// One that has heard nothing.
    pub fn new() -> Self {
        Self {
            pre_roll: VecDeque::with_capacity(PRE_ROLL_FRAMES),
            speaking: false,
            pending: Vec::with_capacity(SOUND_FRAMES),
        }
    }

    /// Takes a frame; returns a piece of sound when one is full.
    pub fn hear(&mut self, frame: &Frame) -> Option<Vec<Frame>> {
        if !self.speaking {
            if self.pre_roll.len() == PRE_ROLL_FRAMES {
                self.pre_roll.pop_front();
            }
            self.pre_roll.push_back(*frame);
            return None;
        }
        self.pending.push(*frame);
        (self.pending.len() >= SOUND_FRAMES)
            .then(|| std::mem::replace(&mut self.pending, Vec::with_capacity(SOUND_FRAMES)))
    }

    /// Speech has started: what was kept from before it.
    pub fn start(&mut self) -> Vec<Frame> {
        self.speaking = true;
        self.pre_roll.drain(..).collect()
    }

    /// Speech has stopped: what was not sent yet.
    pub fn stop(&mut self) -> Option<Vec<Frame>> {
        (!self.pending.is_empty()).then(|| std::mem::take(&mut self.pending))
    }

    /// Nobody speaks any more.
    pub fn rest(&mut self) {
        self.speaking = false;
    }
}
