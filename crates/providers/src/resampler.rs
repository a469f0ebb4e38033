//! From one sample rate to another, piece by piece.
//!
//! A Hann-windowed sinc, cut off at 93 % of the lower of both Nyquist frequencies. Pieces of any
//! length give the same samples as the whole clip at once.

use std::collections::VecDeque;

/// Zero crossings of the sinc on each side: stop band about 60 dB with the Hann window.
const SINC_CROSSINGS: f64 = 16.0;

/// A resampler with the samples that it still needs. Its memory is a few hundred samples.
#[derive(Debug)]
pub(crate) struct Resampler {
    /// The filter for each place of an output sample between two input samples.
    phases: Vec<Vec<f32>>,
    n_taps: usize,
    /// Input samples by which the place moves with each output sample, in `1 / phases` of one.
    step: u64,
    from: u64,
    to: u64,
    /// Input from the sample number `first` on.
    input: VecDeque<i16>,
    first: u64,
    n_in: u64,
    n_out: u64,
}

impl Resampler {
    /// Both rates in samples a second, not 0.
    pub fn new(from_hz: u32, to_hz: u32) -> Self {
        let (from, to) = (u64::from(from_hz), u64::from(to_hz));
        let cutoff = 0.93 * (f64::from(to_hz) / f64::from(from_hz)).min(1.0);
        let reach = SINC_CROSSINGS / cutoff;
        let n_taps = 2 * reach.ceil() as usize;
        let divisor = greatest_common_divisor(from, to);
        let (n_phases, step) = (to / divisor, from / divisor);
        let phase = |phase: u64| -> Vec<f32> {
            let centre = (n_taps / 2 - 1) as f64 + phase as f64 / n_phases as f64;
            let tap = |tap: usize| {
                let x = tap as f64 - centre;
                let window =
                    0.5 + 0.5 * (std::f64::consts::PI * (x / reach).clamp(-1.0, 1.0)).cos();
                let angle = std::f64::consts::PI * x * cutoff;
                let sinc = if angle.abs() < 1e-9 {
                    1.0
                } else {
                    angle.sin() / angle
                };
                (cutoff * sinc * window) as f32
            };
            (0..n_taps).map(tap).collect()
        };
        Self {
            phases: (0..n_phases).map(phase).collect(),
            n_taps,
            step,
            from,
            to,
            input: VecDeque::new(),
            first: 0,
            n_in: 0,
            n_out: 0,
        }
    }

    /// Takes more input; returns the output that is certain.
    pub fn push(&mut self, samples: &[i16]) -> Vec<i16> {
        if self.from == self.to {
            return samples.to_vec();
        }
        self.input.extend(samples);
        self.n_in += samples.len() as u64;
        let reach = self.n_taps as u64 / 2;
        self.output(|whole, n_in| whole + reach < n_in)
    }

    /// The rest: there is silence behind the end.
    pub fn finish(&mut self) -> Vec<i16> {
        if self.from == self.to {
            return Vec::new();
        }
        let n_out_max = self.n_in * self.to / self.from;
        let left = usize::try_from(n_out_max.saturating_sub(self.n_out)).unwrap_or_default();
        let mut rest = self.output(|whole, n_in| whole < n_in);
        rest.truncate(left);
        rest
    }

    fn output(&mut self, is_certain: impl Fn(u64, u64) -> bool) -> Vec<i16> {
        let n_phases = self.phases.len() as u64;
        let before = self.n_taps as u64 / 2 - 1;
        let mut samples = Vec::new();
        loop {
            let place = self.n_out * self.step;
            let (whole, part) = (place / n_phases, place % n_phases);
            if !is_certain(whole, self.n_in) {
                break;
            }
            // Before the first sample there is silence.
            let skip = before.saturating_sub(whole) as usize;
            let from = (whole.saturating_sub(before) - self.first) as usize;
            let taps = &self.phases[part as usize][skip.min(self.n_taps)..];
            let (one, two) = self.input.as_slices();
            let window = one.iter().chain(two).skip(from);
            let sum: f32 = taps
                .iter()
                .zip(window)
                .map(|(t, s)| t * f32::from(*s))
                .sum();
            samples.push(sum.round() as i16);
            self.n_out += 1;
        }
        let next = self.n_out * self.step / n_phases;
        let done = next.saturating_sub(before).min(self.n_in) - self.first;
        self.input.drain(..done as usize);
        self.first += done;
        samples
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_give_what_the_whole_gives() {
        let clip: Vec<i16> = (0..4_801)
            .map(|t| ((t as f32 * 0.3).sin() * 9_000.0) as i16)
            .collect();
        for (from, to) in [
            (24_000, 8_000),
            (8_000, 16_000),
            (22_050, 8_000),
            (8_000, 8_000),
        ] {
            let whole = crate::pcm::resample(&clip, from, to);
            let mut resampler = Resampler::new(from, to);
            let mut pieces = Vec::new();
            for piece in clip.chunks(37) {
                pieces.extend(resampler.push(piece));
            }
            pieces.extend(resampler.finish());
            assert_eq!(pieces, whole, "{from} to {to}");
            assert!(resampler.input.len() <= resampler.n_taps * 2);
        }
    }
}
