//! Adding voices.

use crate::{FRAME_SAMPLES, Frame};

/// How a voice enters a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fade {
    /// As it is.
    None,
    /// It begins: from nothing to all of it.
    In,
    /// It ends.
    Out,
}

/// Adds `other` to `samples`, as far as both go; what exceeds 16 bits is clipped.
pub fn add(samples: &mut [i16], other: &[i16]) {
    for (sample, &other) in samples.iter_mut().zip(other) {
        *sample = sample.saturating_add(other);
    }
}

/// Adds a frame to a sum of frames.
pub fn accumulate(sum: &mut [i32; FRAME_SAMPLES], frame: &Frame, fade: Fade) {
    const LEN: i32 = FRAME_SAMPLES as i32;
    match fade {
        Fade::None => {
            for (sum, &sample) in sum.iter_mut().zip(frame) {
                *sum += i32::from(sample);
            }
        }
        Fade::In => {
            for ((sum, &sample), n) in sum.iter_mut().zip(frame).zip(1..) {
                *sum += i32::from(sample) * n / LEN;
            }
        }
        Fade::Out => {
            for ((sum, &sample), n) in sum.iter_mut().zip(frame).zip(0..) {
                *sum += i32::from(sample) * (LEN - 1 - n) / LEN;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loud_voices_clip_and_do_not_wrap() {
        let mut samples = [30_000, -30_000, 100];
        add(&mut samples, &[10_000, -10_000, -40]);
        assert_eq!(samples, [i16::MAX, i16::MIN, 60]);
    }

    #[test]
    fn a_voice_that_begins_or_ends_does_so_without_a_step() {
        let frame = [16_000; FRAME_SAMPLES];
        for (fade, ends) in [(Fade::In, [100, 16_000]), (Fade::Out, [15_900, 0])] {
            let mut sum = [0; FRAME_SAMPLES];
            accumulate(&mut sum, &frame, fade);
            assert_eq!([sum[0], sum[FRAME_SAMPLES - 1]], ends);
        }
    }
}
