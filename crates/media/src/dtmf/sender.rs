//! Key presses into a stream of events, one packet a tick.

use std::{collections::VecDeque, time::Duration};

use super::{Digit, EventPayload};
use crate::{FRAME, FRAME_SAMPLES};

/// Times that the end of a press is sent (RFC 4733 section 2.5.1.4).
const END_PACKETS: u32 = 3;
/// Loudness of our keys, -10 dBm0: between the -4 to -9 dBm of ITU-T Q.23 phones, each tone,
/// and what gateways usually regenerate.
const VOLUME: u8 = 10;
/// Keys that may wait; further ones are dropped. Longer than any number or extension.
const WAITING_MAX: usize = 64;
/// Shortest key and pause, in ticks: ITU-T Q.24 wants 40 ms of each to be recognized.
const TICKS_MIN: u32 = 2;
/// Longest key, in ticks (5 s): its duration stays within 16 bits.
const TICKS_MAX: u32 = 250;

/// What to send in one tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// An event packet in place of audio.
    Event {
        /// Its payload.
        payload: EventPayload,
        /// It is the first of the press: the marker is set, and the press has the timestamp of
        /// this tick.
        first: bool,
    },
    /// Silence: the pause after a key.
    Pause {
        /// No key follows: this is the last tick of the command.
        last: bool,
    },
}

/// Sends key presses one after the other.
#[derive(Debug)]
pub struct Sender {
    waiting: VecDeque<Digit>,
    current: Option<Press>,
    tone_ticks: u32,
    gap_ticks: u32,
}

#[derive(Clone, Copy, Debug)]
struct Press {
    digit: Digit,
    /// Ticks that it has lasted.
    tick: u32,
}

impl Sender {
    /// Keys of `tone` (40 ms to 5 s) with pauses of `gap` (40 ms to 5 s), in whole ticks.
    pub fn new(tone: Duration, gap: Duration) -> Self {
        let ticks = |time: Duration| {
            u32::try_from(time.as_millis() / FRAME.as_millis())
                .unwrap_or(TICKS_MAX)
                .clamp(TICKS_MIN, TICKS_MAX)
        };
        Self {
            waiting: VecDeque::with_capacity(WAITING_MAX),
            current: None,
            tone_ticks: ticks(tone),
            // The repeated end packets are part of the pause.
            gap_ticks: ticks(gap).max(END_PACKETS),
        }
    }

    /// Adds keys after those that wait, as far as there is room.
    pub fn press(&mut self, digits: &[Digit]) {
        let room = WAITING_MAX - self.waiting.len();
        self.waiting.extend(digits.iter().take(room));
    }

    /// What to send in this tick; `None` when no key waits.
    pub fn tick(&mut self) -> Option<Sending> {
        if self.current.is_none() {
            let digit = self.waiting.pop_front()?;
            self.current = Some(Press { digit, tick: 0 });
        }
        let press = self.current.as_mut()?;
        press.tick += 1;
        let Press { digit, tick } = *press;
        // The first end packet closes the tone; its repetitions fall into the pause.
        let end_tick = self.tone_ticks;
        if tick < end_tick + END_PACKETS {
            let samples = tick.min(self.tone_ticks) * FRAME_SAMPLES as u32;
            return Some(Sending::Event {
                payload: EventPayload {
                    event: digit.event(),
                    end: tick >= end_tick,
                    volume: VOLUME,
                    duration: u16::try_from(samples).expect("TICKS_MAX keeps it in 16 bits"),
                },
                first: tick == 1,
            });
        }
        let over = tick >= self.tone_ticks + self.gap_ticks;
        if over {
            self.current = None;
        }
        Some(Sending::Pause {
            last: over && self.waiting.is_empty(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs until nothing is sent: `M` first packet, `.` further, `E` end, `_` pause, `|` last.
    fn score(keys: &str, tone_ms: u64, gap_ms: u64) -> (String, Vec<u16>) {
        let mut sender = Sender::new(
            Duration::from_millis(tone_ms),
            Duration::from_millis(gap_ms),
        );
        let digits: Vec<_> = keys.chars().map(|k| Digit::try_from(k).unwrap()).collect();
        sender.press(&digits);
        let mut durations = Vec::new();
        let mut score = String::new();
        while let Some(sending) = sender.tick() {
            score.push(match sending {
                Sending::Event { payload, first } => {
                    durations.push(payload.duration);
                    match (first, payload.end) {
                        (true, _) => 'M',
                        (false, false) => '.',
                        (false, true) => 'E',
                    }
                }
                Sending::Pause { last: false } => '_',
                Sending::Pause { last: true } => '|',
            });
        }
        (score, durations)
    }

    #[test]
    fn a_key_grows_ends_three_times_and_rests() {
        let (score, durations) = score("7", 100, 100);
        assert_eq!(score, "M...EEE__|");
        assert_eq!(durations, [160, 320, 480, 640, 800, 800, 800]);
    }

    #[test]
    fn keys_follow_each_other() {
        assert_eq!(score("1#", 60, 80).0, "M.EEE__M.EEE_|");
    }

    #[test]
    fn times_are_kept_within_what_receivers_need() {
        assert_eq!(score("A", 0, 0).0, "MEEE|");
        let (_, durations) = score("A", 60_000, 0);
        assert_eq!(durations.last(), Some(&40_000));
    }

    #[test]
    fn a_flood_of_keys_is_bounded() {
        let keys = "1".repeat(500);
        let (score, _) = score(&keys, 40, 40);
        assert_eq!(score.matches('M').count(), WAITING_MAX);
    }
}
