//! Live audio between 8 kHz and 16 kHz.
//!
//! A half-band filter passes the lower half of the band; every second of its taps is zero, so
//! it costs a quarter of a general one. It passes to 3.5 kHz, stops from 4.5 kHz on (70 dB),
//! and delays by [`DELAY`] samples at 16 kHz.

use std::sync::LazyLock;

use super::{kaiser, sinc};

/// Taps on each side that are not zero.
const SIDE: usize = 20;
/// Taps from the first to the last, zeros among them.
const SPAN: usize = 4 * SIDE - 1;
/// Delay in samples at 16 kHz: 2.4 ms.
pub const DELAY: usize = SPAN / 2;
/// Kaiser's shape: stop band 70 dB down.
const BETA: f64 = 6.76;

/// The taps at 1, 3, 5 … samples from the middle; the middle is 0.5.
static TAPS: LazyLock<[f32; SIDE]> = LazyLock::new(|| {
    let taps: [f64; SIDE] = std::array::from_fn(|n| {
        let x = (2 * n + 1) as f64;
        0.5 * sinc(x / 2.0) * kaiser(x / (2 * SIDE) as f64, BETA)
    });
    let sum: f64 = taps.iter().sum();
    taps.map(|tap| (tap * 0.25 / sum) as f32)
});

/// Samples handled in one piece.
const PIECE: usize = 320;

/// Live 16 kHz to 8 kHz; keeps its state between calls.
#[derive(Debug)]
pub struct Halve {
    /// The end of the last piece, then this one.
    line: [f32; SPAN + PIECE],
}

impl Default for Halve {
    fn default() -> Self {
        Self {
            line: [0.0; SPAN + PIECE],
        }
    }
}

impl Halve {
    /// Takes an even number of samples, writes half as many.
    ///
    /// # Panics
    ///
    /// Panics if `output` is not half as long as `input`.
    pub fn process(&mut self, input: &[i16], output: &mut [i16]) {
        assert_eq!(input.len(), 2 * output.len(), "two samples in, one out");
        for (input, output) in input.chunks(PIECE).zip(output.chunks_mut(PIECE / 2)) {
            for (to, from) in self.line[SPAN..].iter_mut().zip(input) {
                *to = f32::from(*from);
            }
            for (n, out) in output.iter_mut().enumerate() {
                // The middle lies on an input sample; the taps on its odd neighbors.
                let middle = 2 * n + DELAY + 1;
                let mut sum = 0.5 * self.line[middle];
                for (k, tap) in TAPS.iter().enumerate() {
                    let far = 2 * k + 1;
                    sum += tap * (self.line[middle - far] + self.line[middle + far]);
                }
                *out = to_sample(sum);
            }
            self.line.copy_within(input.len()..input.len() + SPAN, 0);
        }
    }
}

/// Live 8 kHz to 16 kHz; keeps its state between calls.
#[derive(Debug)]
pub struct Double {
    line: [f32; 2 * SIDE + PIECE],
}

impl Default for Double {
    fn default() -> Self {
        Self {
            line: [0.0; 2 * SIDE + PIECE],
        }
    }
}

impl Double {
    /// Takes samples, writes twice as many.
    ///
    /// # Panics
    ///
    /// Panics if `output` is not twice as long as `input`.
    pub fn process(&mut self, input: &[i16], output: &mut [i16]) {
        assert_eq!(2 * input.len(), output.len(), "one sample in, two out");
        for (input, output) in input.chunks(PIECE).zip(output.chunks_mut(2 * PIECE)) {
            for (to, from) in self.line[2 * SIDE..].iter_mut().zip(input) {
                *to = f32::from(*from);
            }
            for (n, pair) in output.chunks_exact_mut(2).enumerate() {
                // A sample as it is, then the one between it and the next.
                let left = n + SIDE;
                let between: f32 = TAPS
                    .iter()
                    .enumerate()
                    .map(|(k, tap)| tap * (self.line[left - k] + self.line[left + 1 + k]))
                    .sum();
                pair[0] = to_sample(self.line[left]);
                pair[1] = to_sample(2.0 * between);
            }
            self.line
                .copy_within(input.len()..input.len() + 2 * SIDE, 0);
        }
    }
}

fn to_sample(value: f32) -> i16 {
    value.round().clamp(-32_768.0, 32_767.0) as i16
}
