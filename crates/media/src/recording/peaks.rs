//! The outline of a voice, for drawing.

use crate::{FRAME_SAMPLES, Frame, SAMPLE_RATE_HZ};

/// Lowest and highest sample of a stretch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Peak {
    /// Lowest sample, at most 0.
    pub min: i16,
    /// Highest sample, at least 0.
    pub max: i16,
}

/// Peaks of a voice, `per_second` of them, kept between 1 and 50.
pub fn of(frames: impl Iterator<Item = Frame>, per_second: u32) -> Vec<Peak> {
    let per_second = u64::from(per_second.clamp(1, 50));
    let mut peaks: Vec<Peak> = Vec::new();
    for (n, frame) in frames.enumerate() {
        for (m, &sample) in frame.iter().enumerate() {
            let at = (n * FRAME_SAMPLES + m) as u64 * per_second / u64::from(SAMPLE_RATE_HZ);
            if peaks.len() as u64 <= at {
                peaks.push(Peak::default());
            }
            let peak = peaks.last_mut().expect("one was pushed");
            peak.min = peak.min.min(sample);
            peak.max = peak.max.max(sample);
        }
    }
    peaks
}
