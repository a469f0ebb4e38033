//! The beep by which a machine says that it records.
//!
//! A pure tone obeys `x[n] = c x[n-1] - x[n-2]` with one `c` (2 cos of its frequency); nothing else
//! on a telephone does for long. A frame is a tone if the best `c` leaves almost none of its energy
//! over, and a beep is a tone that stays at its pitch long enough and then ends.
//!
//! # Invariants
//!
//! - A beep is reported once, when it has ended: a message that begins before is not recorded.

use std::time::Duration;

use crate::{FRAME, FRAME_SAMPLES, Frame, SAMPLE_RATE_HZ};

/// Pitches of beeps. Dial, busy and ringing tones of a single frequency (425 and 450 Hz) are below.
const HZ: std::ops::RangeInclusive<f32> = 500.0..=2600.0;

/// A shorter tone is a click or a vowel.
const LENGTH_MIN: Duration = Duration::from_millis(160);

/// A longer one is a fax or a test tone.
const LENGTH_MAX: Duration = Duration::from_millis(2500);

/// Share of a frame's energy that a tone may leave over: its second harmonic, G.711 and noise.
const LEFT_OVER_MAX: f32 = 0.02;

/// Change of pitch from frame to frame.
const DRIFT_MAX: f32 = 0.04;

/// Root mean square below which nothing is a beep: -40 dBm0.
const RMS_MIN: f32 = 300.0;

/// Listens for beeps.
#[derive(Clone, Debug, Default)]
pub struct BeepDetector {
    /// Pitch and frames of the tone that sounds.
    tone: Option<(f32, u32)>,
}

impl BeepDetector {
    /// Takes the next frame; `true` when a beep has ended with it.
    pub fn frame(&mut self, frame: &Frame) -> bool {
        let pitch = pitch(frame);
        let before = self.tone;
        self.tone = match (before, pitch) {
            (Some((tone, n_frames)), Some(pitch)) if (pitch / tone - 1.0).abs() <= DRIFT_MAX => {
                Some((tone, n_frames.saturating_add(1)))
            }
            (_, Some(pitch)) => Some((pitch, 1)),
            (_, None) => None,
        };
        let is_over = self.tone.is_none_or(|(_, n_frames)| n_frames == 1);
        let length = before.map_or(Duration::ZERO, |(_, n_frames)| FRAME * n_frames);
        is_over && (LENGTH_MIN..=LENGTH_MAX).contains(&length)
    }
}

/// The frequency of a frame that is a tone, Hz.
fn pitch(frame: &Frame) -> Option<f32> {
    let (mut inner, mut around, mut energy) = (0.0_f32, 0.0_f32, 0.0_f32);
    for window in frame.windows(3) {
        let [before, now, after] = [0, 1, 2].map(|n| f32::from(window[n]));
        inner += now * (before + after);
        around += now * now;
        energy += (before + after) * (before + after);
    }
    if around < RMS_MIN * RMS_MIN * FRAME_SAMPLES as f32 {
        return None;
    }
    // The `c` of least squares, and what it leaves over.
    let c = inner / around;
    let left_over = (energy - c * inner) / around;
    if left_over > LEFT_OVER_MAX || c.abs() >= 2.0 {
        return None;
    }
    let hz = (c / 2.0).acos() / std::f32::consts::TAU * SAMPLE_RATE_HZ as f32;
    HZ.contains(&hz).then_some(hz)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{g711::Codec, tone};

    #[test]
    fn a_beep_is_heard_when_it_ends_in_every_usual_pitch() {
        for hz in [620.0, 1000.0, 1400.0, 2300.0] {
            assert_eq!(beeps(&clip(&[(hz, 500), (0.0, 200)])), 1, "{hz} Hz");
        }
    }

    #[test]
    fn a_beep_through_a_telephone_is_one() {
        let mut samples = clip(&[(1000.0, 400), (0.0, 200)]);
        let mut coded = [0; FRAME_SAMPLES];
        for chunk in samples.chunks_exact_mut(FRAME_SAMPLES) {
            let frame: &mut Frame = chunk.try_into().unwrap();
            Codec::Pcmu.encode_into(frame, &mut coded);
            Codec::Pcmu.decode_into(&coded, frame);
        }
        assert_eq!(beeps(&samples), 1);
    }

    #[test]
    fn clicks_faxes_exchanges_and_voices_are_none() {
        assert_eq!(beeps(&clip(&[(1000.0, 60), (0.0, 200)])), 0, "a click");
        assert_eq!(beeps(&clip(&[(1100.0, 3000), (0.0, 200)])), 0, "a fax");
        assert_eq!(beeps(&clip(&[(450.0, 350), (0.0, 350)])), 0, "busy");
        let mut chord = clip(&[(697.0, 300)]);
        for (sample, other) in chord.iter_mut().zip(clip(&[(1209.0, 300)])) {
            *sample += other;
        }
        chord.resize(chord.len() + 1600, 0);
        assert_eq!(beeps(&chord), 0, "a key");
    }

    fn clip(tones: &[(f32, u32)]) -> Vec<i16> {
        let mut samples = Vec::new();
        for (hz, ms) in tones {
            tone::tone(&mut samples, *hz, if *hz > 0.0 { 6000.0 } else { 0.0 }, *ms);
        }
        samples
    }

    fn beeps(samples: &[i16]) -> usize {
        let mut detector = BeepDetector::default();
        let frames = samples.chunks_exact(FRAME_SAMPLES);
        frames
            .filter(|frame| detector.frame((*frame).try_into().unwrap()))
            .count()
    }
}
