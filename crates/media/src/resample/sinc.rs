//! Whole clips, any rate to any rate.
//!
//! The kernel is a sinc under a Kaiser window, tabulated at 128 phases between two input
//! samples; an output sample lies between two phases, and is the linear mix of both. That costs
//! two dot products a sample and leaves errors below -90 dB.

use super::{kaiser, sinc};
use crate::SAMPLE_RATE_HZ;

/// Lowest rate that is taken.
pub const RATE_MIN_HZ: u32 = 4000;
/// Highest rate that is taken.
pub const RATE_MAX_HZ: u32 = 192_000;

/// Zero crossings on each side of the kernel.
const CROSSINGS: f64 = 24.0;
/// Kaiser's shape: stop band 80 dB down.
const BETA: f64 = 8.0;
/// Middle of the transition, as a share of the lower rate: it passes to 0.41 and stops at 0.51,
/// which for 8 kHz is 3.3 kHz and 4.1 kHz, the telephone's band and its end.
const CUTOFF: f64 = 0.46;
const PHASES: usize = 128;

/// Brings a whole clip from any rate (4 kHz to 192 kHz) to 8 kHz, anti-aliased.
///
/// # Panics
///
/// Panics on a rate outside that range: the edge has checked it.
pub fn to_8k(samples: &[i16], rate_hz: u32) -> Vec<i16> {
    resample(samples, rate_hz, SAMPLE_RATE_HZ)
}

/// Brings a whole clip from one rate to another (each 4 kHz to 192 kHz), anti-aliased. The
/// result starts when the input starts and is as long, to the sample.
///
/// # Panics
///
/// Panics on a rate outside that range: the edge has checked it.
pub fn resample(samples: &[i16], from_hz: u32, to_hz: u32) -> Vec<i16> {
    for rate in [from_hz, to_hz] {
        assert!(
            (RATE_MIN_HZ..=RATE_MAX_HZ).contains(&rate),
            "a sample rate of {rate} Hz"
        );
    }
    if from_hz == to_hz {
        return samples.to_vec();
    }
    let kernel = Kernel::new(from_hz, to_hz);
    // Silence on both sides, so that the kernel never looks past the end.
    let mut padded = vec![0.0; kernel.half];
    padded.extend(samples.iter().map(|&sample| f32::from(sample)));
    padded.resize(samples.len() + 2 * kernel.half + 1, 0.0);

    let (from, to) = (u64::from(from_hz), u64::from(to_hz));
    let n_out = samples.len() as u64 * to / from;
    let out = (0..n_out).map(|n| {
        let at = n * from;
        let phase = (at % to) as f64 / to as f64 * PHASES as f64;
        kernel.sample(&padded[(at / to) as usize..], phase)
    });
    out.map(|sample| sample.round().clamp(-32_768.0, 32_767.0) as i16)
        .collect()
}

/// The filter at each phase.
struct Kernel {
    /// Input samples on each side of an output sample.
    half: usize,
    /// `PHASES + 1` rows of `2 * half` taps.
    taps: Vec<f32>,
}

impl Kernel {
    fn new(from_hz: u32, to_hz: u32) -> Self {
        let (from, lower) = (f64::from(from_hz), f64::from(from_hz.min(to_hz)));
        let width = CROSSINGS * from / lower;
        let half = width.ceil() as usize;
        let cutoff = 2.0 * CUTOFF * lower / from;
        let mut taps = Vec::with_capacity((PHASES + 1) * 2 * half);
        for phase in 0..=PHASES {
            let offset = phase as f64 / PHASES as f64;
            let row = taps.len();
            for tap in 0..2 * half {
                // Tap `half - 1` lies on the input sample at or before the output sample.
                let x = tap as f64 - (half as f64 - 1.0) - offset;
                let window = if x.abs() < width {
                    kaiser(x / width, BETA)
                } else {
                    0.0
                };
                taps.push((cutoff * sinc(cutoff * x) * window) as f32);
            }
            // The same loudness at every phase.
            let sum: f32 = taps[row..].iter().sum();
            for tap in &mut taps[row..] {
                *tap /= sum;
            }
        }
        Self { half, taps }
    }

    /// The output sample that lies `phase` after the input sample at `padded[half]`.
    fn sample(&self, padded: &[f32], phase: f64) -> f32 {
        let row = phase as usize;
        let between = (phase - row as f64) as f32;
        let len = 2 * self.half;
        let input = &padded[1..=len];
        let (a, b) = self.taps[row * len..(row + 2) * len].split_at(len);
        let (a, b) = (dot(input, a), dot(input, b));
        a + (b - a) * between
    }
}

/// Eight sums side by side, which the compiler turns into vector instructions.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    let (a, b) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a
        .remainder()
        .iter()
        .zip(b.remainder())
        .map(|(a, b)| a * b)
        .sum();
    for (a, b) in a.zip(b) {
        for n in 0..8 {
            sums[n] += a[n] * b[n];
        }
    }
    sums.iter().sum::<f32>() + rest
}
