//! Key presses as tones in the sound, for peers that negotiate no events (ITU-T Q.23 and Q.24).
//!
//! A key is two tones at once: one of four low pitches and one of four high ones. A frame holds a key
//! if one pitch of each group stands out from its group and both together are almost all of its sound.
//!
//! # Invariants
//!
//! - A press is reported once, when it has ended.
//! - A key counts only in two frames in a row: speech that looks like one for a moment is none.

use std::f32::consts::TAU;

use super::{Digit, EventPayload, Pressed};
use crate::{FRAME, FRAME_SAMPLES, Frame, SAMPLE_RATE_HZ};

/// Pitches of rows and columns (Q.23).
const LOW_HZ: [f32; 4] = [697.0, 770.0, 852.0, 941.0];
const HIGH_HZ: [f32; 4] = [1209.0, 1336.0, 1477.0, 1633.0];

/// The keys of the rows.
const KEYS: [[char; 4]; 4] = [
    ['1', '2', '3', 'A'],
    ['4', '5', '6', 'B'],
    ['7', '8', '9', 'C'],
    ['*', '0', '#', 'D'],
];

/// Amplitude of each of our tones, -10 dBm0 (full scale is 3.14 dBm0), as of our events.
const LEVEL: f32 = 7200.0;

/// Mean square below which nothing is a key: each tone at -35 dBm0, weaker than Q.24 asks for.
const POWER_MIN: f32 = 160_000.0;

/// Share of a frame's energy that the two tones have. Half would do for a pitch that is 1.5 % off (Q.24);
/// music and vowels have less.
const SHARE_MIN: f32 = 0.55;

/// By how much a pitch stands out from each other one of its group.
const STANDS_OUT: f32 = 4.0;

/// Most that one of the two tones is stronger than the other: 8 dB of Q.24, and some.
const TWIST_MAX: f32 = 8.0;

/// Frames in a row with the same key that make a press: 40 ms of Q.24.
const FRAMES_MIN: u32 = 2;

/// Recognizes keys by their tones.
#[derive(Clone, Debug, Default)]
pub struct ToneReceiver {
    /// The key that sounds, and in how many frames it has.
    sounding: Option<(Digit, u32)>,
    /// Frames without it: one may be broken by a loss.
    n_without: u32,
}

impl ToneReceiver {
    /// Takes the next frame; gives a press that has ended.
    pub fn frame(&mut self, frame: &Frame) -> Option<Pressed> {
        let heard = key(frame);
        let Some((digit, n_frames)) = self.sounding else {
            self.sounding = heard.map(|digit| (digit, 1));
            return None;
        };
        if heard == Some(digit) {
            self.sounding = Some((digit, n_frames.saturating_add(1)));
            self.n_without = 0;
            return None;
        }
        self.n_without += 1;
        if heard.is_none() && self.n_without < 2 && n_frames >= FRAMES_MIN {
            return None;
        }
        self.n_without = 0;
        self.sounding = heard.map(|digit| (digit, 1));
        (n_frames >= FRAMES_MIN).then(|| Pressed {
            digit,
            duration: FRAME * n_frames,
        })
    }
}

/// The key in a frame.
fn key(frame: &Frame) -> Option<Digit> {
    let energy: f32 = frame.iter().map(|&x| f32::from(x) * f32::from(x)).sum();
    let n = FRAME_SAMPLES as f32;
    if energy / n < POWER_MIN {
        return None;
    }
    let (row, low) = outstanding(LOW_HZ.map(|hz| power(frame, hz)))?;
    let (column, high) = outstanding(HIGH_HZ.map(|hz| power(frame, hz)))?;
    let share = (low + high) * 2.0 / n / energy;
    let twist = (low / high).max(high / low);
    if share < SHARE_MIN || twist > TWIST_MAX {
        return None;
    }
    Digit::try_from(KEYS[row][column]).ok()
}

/// The strongest of a group, if it stands out, and its power.
fn outstanding(powers: [f32; 4]) -> Option<(usize, f32)> {
    let (at, &strongest) = powers
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(b.1))?;
    let is_alone = powers
        .iter()
        .enumerate()
        .all(|(other, power)| other == at || power * STANDS_OUT <= strongest);
    is_alone.then_some((at, strongest))
}

/// Power of one pitch, squared: Goertzel's algorithm.
fn power(frame: &Frame, hz: f32) -> f32 {
    let c = 2.0 * (TAU * hz / SAMPLE_RATE_HZ as f32).cos();
    let (mut last, mut before) = (0.0_f32, 0.0_f32);
    for &sample in frame {
        let next = f32::from(sample) + c * last - before;
        before = last;
        last = next;
    }
    last * last + before * before - c * last * before
}

/// Makes the tones of keys that are told as events.
#[derive(Clone, Debug, Default)]
pub struct ToneSender {
    /// Samples of the press that were made.
    made: u32,
}

impl ToneSender {
    /// The next frame of a press: its tones, then silence as long as its end is told.
    pub fn frame(&mut self, event: EventPayload, first: bool) -> Frame {
        if first {
            self.made = 0;
        }
        let mut frame = [0; FRAME_SAMPLES];
        let place = Digit::from_event(event.event).and_then(pitches);
        let Some((low, high)) = place.filter(|_| u32::from(event.duration) > self.made) else {
            return frame;
        };
        for (n, sample) in (self.made..).zip(&mut frame) {
            let t = n as f32 / SAMPLE_RATE_HZ as f32 * TAU;
            *sample = (LEVEL * ((t * low).sin() + (t * high).sin())) as i16;
        }
        self.made += FRAME_SAMPLES as u32;
        frame
    }
}

fn pitches(digit: Digit) -> Option<(f32, f32)> {
    let key = digit.as_char();
    let row = KEYS.iter().position(|row| row.contains(&key))?;
    let column = KEYS[row].iter().position(|other| *other == key)?;
    Some((LOW_HZ[row], HIGH_HZ[column]))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{dtmf::Sender, dtmf::Sending, g711::Codec};

    /// What a receiver makes of samples that went over G.711.
    fn heard(samples: &[i16]) -> String {
        let mut receiver = ToneReceiver::default();
        let mut keys = String::new();
        let silence = [0_i16; 4 * FRAME_SAMPLES];
        let all: Vec<i16> = samples.iter().chain(&silence).copied().collect();
        for chunk in all.chunks_exact(FRAME_SAMPLES) {
            let frame: Frame =
                std::array::from_fn(|n| Codec::Pcma.decode(Codec::Pcma.encode(chunk[n])));
            keys.extend(
                receiver
                    .frame(&frame)
                    .map(|pressed| pressed.digit.as_char()),
            );
        }
        keys
    }

    /// Two tones of these pitches and amplitudes, so many ms after so many samples of silence.
    fn two(tones: [(f32, f32); 2], ms: usize, offset: usize) -> Vec<i16> {
        let mut samples = vec![0; offset];
        samples.extend((0..ms * 8).map(|n| {
            let t = n as f32 / 8000.0 * TAU;
            tones
                .iter()
                .map(|(hz, level)| (t * hz).sin() * level)
                .sum::<f32>() as i16
        }));
        samples
    }

    #[test]
    fn every_key_that_is_sent_is_heard_once() {
        let keys = "0123456789*#ABCD";
        let mut sender = Sender::new(Duration::from_millis(60), Duration::from_millis(60));
        let digits: Vec<Digit> = keys
            .chars()
            .map(|key| Digit::try_from(key).unwrap())
            .collect();
        sender.press(&digits);
        let mut tones = ToneSender::default();
        let mut samples = Vec::new();
        while let Some(sending) = sender.tick() {
            samples.extend(match sending {
                Sending::Event { payload, first } => tones.frame(payload, first),
                Sending::Pause { .. } => [0; FRAME_SAMPLES],
            });
        }
        assert_eq!(heard(&samples), keys);
    }

    #[test]
    fn a_key_may_begin_anywhere_be_weak_and_twisted_and_a_little_off() {
        for offset in [0, 40, 80, 120] {
            for factor in [0.985, 1.0, 1.015] {
                let tones = [(770.0 * factor, 4000.0), (1336.0 * factor, 2000.0)];
                assert_eq!(heard(&two(tones, 70, offset)), "5", "{offset} {factor}");
            }
            let weak = [(941.0, 600.0), (1477.0, 600.0)];
            assert_eq!(heard(&two(weak, 70, offset)), "#", "{offset}");
        }
    }

    #[test]
    fn what_is_too_short_one_tone_or_two_of_a_group_is_no_key() {
        let key = [(770.0, 5000.0), (1336.0, 5000.0)];
        assert_eq!(heard(&two(key, 15, 30)), "");
        assert_eq!(heard(&two([(770.0, 5000.0), (0.0, 0.0)], 200, 0)), "");
        assert_eq!(heard(&two([(697.0, 5000.0), (852.0, 5000.0)], 200, 0)), "");
        assert_eq!(heard(&two([(425.0, 5000.0), (1336.0, 5000.0)], 200, 0)), "");
    }

    #[test]
    fn a_vowel_and_a_ringing_tone_are_no_keys() {
        for pitch in [90, 120, 150, 180, 210] {
            let vowel: Vec<i16> = (0..8000)
                .map(|n| {
                    let t = n as f32 / 8000.0 * TAU * pitch as f32;
                    let sum: f32 = (1..20).map(|h| (t * h as f32).sin() / h as f32).sum();
                    (sum * 5000.0) as i16
                })
                .collect();
            assert_eq!(heard(&vowel), "", "{pitch}");
        }
        assert_eq!(heard(&two([(440.0, 8000.0), (480.0, 8000.0)], 1000, 0)), "");
    }
}
