//! Sound for lost frames: the last pitch period, repeated and fading.
//!
//! In the spirit of ITU-T G.711 Appendix I: same pitch range, same attenuation, overlap-add at
//! the seams; without its 3.75 ms delay and its change to several periods, which matter for
//! music more than for speech.

use crate::{FRAME_SAMPLES, Frame};

/// Pitch periods looked for: 5 ms to 15 ms (200 Hz to 66 Hz).
const PITCH_MIN: usize = 40;
const PITCH_MAX: usize = 120;
/// Samples compared at each pitch: 20 ms.
const CORRELATION: usize = 160;
/// Samples of the past that are kept.
const HISTORY: usize = CORRELATION + PITCH_MAX;
/// Samples over which a seam is cross-faded: 4 ms.
const OVERLAP: usize = 32;
/// Full loudness for 10 ms, then 20 % less each 10 ms: silent after 60 ms.
const FULL: usize = 80;
const FADED: usize = 480;

/// Makes up frames from those before.
#[derive(Debug)]
pub struct Concealer {
    /// The last two frames in turns, so that a good frame is stored and nothing is moved.
    frames: [Frame; 2],
    newest_idx: usize,
    /// The period that repeats, its seam smoothed.
    period: [i16; PITCH_MAX],
    pitch: usize,
    /// Samples made up since the last good frame.
    made_up: usize,
}

impl Concealer {
    /// Before the first frame there is silence to make up from.
    pub fn new() -> Self {
        Self {
            frames: [[0; FRAME_SAMPLES]; 2],
            newest_idx: 0,
            period: [0; PITCH_MAX],
            pitch: PITCH_MIN,
            made_up: 0,
        }
    }

    /// Takes a good frame. After a loss its start is cross-faded with what was made up.
    pub fn good(&mut self, frame: &mut Frame) {
        if self.made_up > 0 {
            for (n, sample) in frame.iter_mut().take(OVERLAP).enumerate() {
                let (old, new) = (i32::from(self.next()), i32::from(*sample));
                *sample = cross_fade(old, new, n, OVERLAP);
            }
            self.made_up = 0;
        }
        self.remember(frame);
    }

    /// Makes up a frame. Returns `false`, and silence, when the past is too far away.
    pub fn conceal(&mut self, frame: &mut Frame) -> bool {
        if self.made_up == 0 {
            self.find_period();
        }
        if self.made_up >= FADED {
            frame.fill(0);
            return false;
        }
        for sample in frame.iter_mut() {
            *sample = self.next();
        }
        self.remember(frame);
        true
    }

    /// The peer paused: nothing of the past is of use.
    pub fn rest(&mut self) {
        if self.made_up < FADED {
            self.frames.as_flattened_mut().fill(0);
            self.period.fill(0);
            self.made_up = FADED;
        }
    }

    fn remember(&mut self, frame: &Frame) {
        self.newest_idx ^= 1;
        self.frames[self.newest_idx] = *frame;
    }

    /// The samples of the past, the newest last.
    fn history(&self) -> [i16; HISTORY] {
        let mut history = [0; HISTORY];
        let (before, newest) = history.split_at_mut(HISTORY - FRAME_SAMPLES);
        let last_but_one = &self.frames[self.newest_idx ^ 1];
        before.copy_from_slice(&last_but_one[FRAME_SAMPLES - before.len()..]);
        newest.copy_from_slice(&self.frames[self.newest_idx]);
        history
    }

    fn next(&mut self) -> i16 {
        if self.made_up >= FADED {
            return 0;
        }
        let sample = i32::from(self.period[self.made_up % self.pitch]);
        let left = FADED - self.made_up.max(FULL);
        self.made_up += 1;
        (sample * left as i32 / (FADED - FULL) as i32) as i16
    }

    /// Copies the last pitch period, its end cross-faded into what came before its start, so
    /// that it can follow itself.
    fn find_period(&mut self) {
        let history = self.history();
        self.pitch = pitch(&history);
        let pitch = self.pitch;
        self.period[..pitch].copy_from_slice(&history[HISTORY - pitch..]);
        let seam = pitch / 4;
        for n in 0..seam {
            let at = pitch - seam + n;
            let before = i32::from(history[HISTORY - pitch - seam + n]);
            let here = i32::from(self.period[at]);
            self.period[at] = cross_fade(here, before, n, seam);
        }
    }
}

fn cross_fade(old: i32, new: i32, n: usize, of: usize) -> i16 {
    let (n, of) = (n as i32 + 1, of as i32 + 1);
    ((old * (of - n) + new * n) / of) as i16
}

/// The lag at which the past resembles itself most: every second lag and sample first, then
/// the neighbors in full.
fn pitch(history: &[i16; HISTORY]) -> usize {
    let best = |lags: &mut dyn Iterator<Item = usize>, step: usize| {
        lags.map(|lag| (lag, likeness(history, lag, step)))
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map_or(PITCH_MAX, |(lag, _)| lag)
    };
    let coarse = best(&mut (PITCH_MIN..=PITCH_MAX).step_by(2), 2);
    let near = coarse.saturating_sub(1).max(PITCH_MIN)..=(coarse + 1).min(PITCH_MAX);
    best(&mut near.into_iter(), 1)
}

/// Normalized cross-correlation of the last 20 ms with those `lag` samples earlier.
fn likeness(history: &[i16; HISTORY], lag: usize, step: usize) -> f32 {
    let now = &history[PITCH_MAX..];
    let then = &history[PITCH_MAX - lag..HISTORY - lag];
    let (mut product, mut energy) = (0.0, 1.0);
    for (now, then) in now.iter().zip(then).step_by(step) {
        product += f32::from(*now) * f32::from(*then);
        energy += f32::from(*then) * f32::from(*then);
    }
    product / f32::sqrt(energy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(period: f64, start: usize) -> Frame {
        std::array::from_fn(|n| {
            let phase = (start + n) as f64 / period * std::f64::consts::TAU;
            (phase.sin() * 8000.0) as i16
        })
    }

    fn loudness(frame: &Frame) -> i16 {
        frame.iter().map(|s| s.saturating_abs()).max().unwrap()
    }

    /// A concealer that has heard 60 ms of a tone.
    fn after_tone(period: f64) -> Concealer {
        let mut concealer = Concealer::new();
        for n in 0..3 {
            concealer.good(&mut tone(period, n * FRAME_SAMPLES));
        }
        concealer
    }

    #[test]
    fn a_voice_goes_on_at_its_pitch() {
        for period in [45.0, 64.0, 80.0, 101.0] {
            let mut frame = [0; FRAME_SAMPLES];
            assert!(after_tone(period).conceal(&mut frame));
            let expected = tone(period, 3 * FRAME_SAMPLES);
            for n in 0..FULL {
                let off = i32::from(frame[n]) - i32::from(expected[n]);
                assert!(off.abs() < 1600, "period {period}, sample {n}: {off}");
            }
        }
    }

    #[test]
    fn it_fades_and_is_silent_after_60_ms() {
        let mut concealer = after_tone(80.0);
        let mut frame = [0; FRAME_SAMPLES];
        let mut loud = Vec::new();
        for _ in 0..3 {
            assert!(concealer.conceal(&mut frame));
            loud.push(loudness(&frame));
        }
        assert!(loud[0] > loud[1] && loud[1] > loud[2], "{loud:?}");
        assert!(!concealer.conceal(&mut frame));
        assert_eq!(loudness(&frame), 0);
    }

    #[test]
    fn the_voice_returns_without_a_click() {
        let mut concealer = after_tone(80.0);
        let mut frame = [0; FRAME_SAMPLES];
        concealer.conceal(&mut frame);
        let last = frame[FRAME_SAMPLES - 1];
        // The worst return: half a period off.
        let mut back = tone(80.0, 4 * FRAME_SAMPLES + 40);
        concealer.good(&mut back);
        assert!((i32::from(back[0]) - i32::from(last)).abs() < 1600);
    }

    #[test]
    fn nothing_is_made_up_from_nothing() {
        let mut frame = [7; FRAME_SAMPLES];
        assert!(Concealer::new().conceal(&mut frame));
        assert_eq!(loudness(&frame), 0);
    }
}
