//! Quiet frames, which can be dropped or repeated unheard, told from the others.

use super::Popped;
use crate::{FRAME_SAMPLES, FrameKind};

/// See the module.
#[derive(Debug)]
pub struct Quiet {
    /// Mean magnitude of the background.
    floor: f32,
    /// The last frame was quiet.
    pub last: bool,
}

impl Quiet {
    /// Mean magnitude below which every frame is quiet, about -60 dBm0.
    const ALWAYS: f32 = 24.0;
    /// The floor rises by 1 % a frame, so that it follows louder background in seconds.
    const RISE: f32 = 1.01;

    pub fn new() -> Self {
        Self {
            floor: Self::ALWAYS,
            last: false,
        }
    }

    pub fn hear(&mut self, frame: &Popped) {
        self.last = match frame.kind {
            FrameKind::Audio => {
                let sum: i32 = frame.samples.iter().map(|&s| i32::from(s).abs()).sum();
                let mean = sum as f32 / FRAME_SAMPLES as f32;
                self.floor = (self.floor * Self::RISE).min(mean.max(1.0));
                mean < Self::ALWAYS || mean < 1.5 * self.floor
            }
            FrameKind::Silence | FrameKind::Gap => true,
            FrameKind::Concealed => false,
        };
    }
}
