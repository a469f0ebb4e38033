//! Keeps sums of voices within 16 bits without cutting their tops off.
//!
//! A frame is known as a whole before it is sent: the gain goes down ahead of what is too loud, in
//! ramps, and comes back slowly. Only a sum that is too loud at the very beginning of a frame is cut
//! for as long as the first ramp takes.

use crate::{FRAME_SAMPLES, Frame};

/// The loudest sample that is sent: 1 dB below full scale, so that codecs do not overshoot.
const CEILING: f32 = 29_000.0;

/// Length of a ramp: 2.5 ms.
const BLOCK: usize = 20;

/// Ramps of a frame.
const N_BLOCKS: usize = FRAME_SAMPLES / BLOCK;

/// How much the gain comes back in a ramp: the whole way takes 200 ms, as between two syllables.
const RELEASE: f32 = 0.0125;

/// The gain of one listener.
#[derive(Debug)]
pub struct Limiter {
    gain: f32,
}

impl Limiter {
    /// One that lets everything pass.
    pub fn new() -> Self {
        Self { gain: 1.0 }
    }

    /// Brings a sum into `out`. Gives whether the gain is still coming back.
    pub fn limit(&mut self, sum: &[i32; FRAME_SAMPLES], out: &mut Frame) -> bool {
        let needed: [f32; N_BLOCKS] = std::array::from_fn(|block| {
            let block = &sum[block * BLOCK..(block + 1) * BLOCK];
            let peak = block.iter().map(|s| s.unsigned_abs()).max().unwrap_or(0);
            (CEILING / (peak as f32).max(1.0)).min(1.0)
        });
        let is_loud = needed.iter().any(|needed| *needed < 1.0);
        if self.gain >= 1.0 && !is_loud {
            for (out, &sum) in out.iter_mut().zip(sum) {
                *out = clip(sum as f32);
            }
            return false;
        }
        for block_idx in 0..N_BLOCKS {
            let ahead = needed[(block_idx + 1).min(N_BLOCKS - 1)];
            let end = needed[block_idx].min(ahead).min(self.gain + RELEASE);
            let step = (end - self.gain) / BLOCK as f32;
            let samples = block_idx * BLOCK..(block_idx + 1) * BLOCK;
            for (out, &sum) in out[samples.clone()].iter_mut().zip(&sum[samples]) {
                self.gain += step;
                *out = clip(sum as f32 * self.gain);
            }
            self.gain = end;
        }
        true
    }
}

fn clip(sample: f32) -> i16 {
    // A cast of a float saturates.
    sample as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_passes_as_it_is() {
        let mut limiter = Limiter::new();
        let sum: [i32; FRAME_SAMPLES] = std::array::from_fn(|n| n as i32 * 180 - 14_000);
        let mut out = [0; FRAME_SAMPLES];
        assert!(!limiter.limit(&sum, &mut out));
        assert!(out.iter().zip(sum).all(|(out, sum)| i32::from(*out) == sum));
    }

    #[test]
    fn what_is_too_loud_is_turned_down_ahead_of_it_and_comes_back_slowly() {
        let mut limiter = Limiter::new();
        let mut out = [0; FRAME_SAMPLES];
        let mut sum = [1_000; FRAME_SAMPLES];
        sum[80] = 60_000;
        limiter.limit(&sum, &mut out);
        assert!((28_000..=29_001).contains(&out[80]), "{}", out[80]);
        assert_eq!(out[0], 1_000, "not before its time");
        let steps = out
            .windows(2)
            .filter(|pair| pair[0] < 2_000 && pair[1] < 2_000);
        let largest = steps.map(|pair| (pair[1] - pair[0]).abs()).max();
        assert!(largest < Some(40), "no step: {largest:?}");

        let quiet = [1_000; FRAME_SAMPLES];
        let mut n_frames = 0;
        while limiter.limit(&quiet, &mut out) {
            n_frames += 1;
            assert!(n_frames < 20);
        }
        assert!((3..12).contains(&n_frames), "{n_frames}");
        assert_eq!(out, [1_000; FRAME_SAMPLES]);
    }

    #[test]
    fn a_sum_that_is_too_loud_at_once_is_cut_and_not_wrapped() {
        let mut out = [0; FRAME_SAMPLES];
        Limiter::new().limit(&[200_000; FRAME_SAMPLES], &mut out);
        assert_eq!(out[0], i16::MAX);
        assert!(out[40..].iter().all(|s| (28_000..=29_001).contains(s)));
    }
}
