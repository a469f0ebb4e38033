//! Key presses out of a stream of events, each once.
//!
//! Every packet of a press carries the timestamp of its start, which names it. A press is
//! reported at the first packet with the end bit, or, when all of those are lost, at the next
//! press or after a silence.
//!
//! # Invariants
//!
//! - One timestamp gives one press at most, however often its packets come.

use std::time::{Duration, Instant};

use super::{Digit, EventPayload};
use crate::SAMPLE_RATE_HZ;

/// Silence after which a press without an end is over: three intervals of 50 ms, the longest
/// that RFC 4733 section 2.5.1.2 suggests.
const ABANDONED: Duration = Duration::from_millis(150);

/// A key that was pressed and released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pressed {
    /// Which key.
    pub digit: Digit,
    /// How long, as far as packets tell.
    pub duration: Duration,
}

/// Recognizes key presses.
#[derive(Clone, Debug, Default)]
pub struct Receiver {
    current: Option<Press>,
}

#[derive(Clone, Copy, Debug)]
struct Press {
    /// Timestamp of its packets: of its start, or of its last segment's start.
    timestamp: u32,
    digit: Digit,
    /// Length of the segments before this one, in timestamp units.
    before: u32,
    /// Length of this segment.
    duration: u16,
    reported: bool,
    seen: Instant,
}

impl Press {
    fn seen(&mut self, end: bool, now: Instant) -> Option<Pressed> {
        self.seen = now;
        if end { self.pressed() } else { None }
    }

    fn pressed(&mut self) -> Option<Pressed> {
        if std::mem::replace(&mut self.reported, true) {
            return None;
        }
        let samples = self.before.saturating_add(u32::from(self.duration));
        Some(Pressed {
            digit: self.digit,
            duration: Duration::from_micros(
                u64::from(samples) * 1_000_000 / u64::from(SAMPLE_RATE_HZ),
            ),
        })
    }
}

impl Receiver {
    /// Takes a packet. Returns the presses that it ends, in order: an earlier one whose end was
    /// lost, and its own.
    pub fn packet(&mut self, timestamp: u32, payload: &[u8], now: Instant) -> [Option<Pressed>; 2] {
        let Some(event) = EventPayload::parse(payload) else {
            return [None, None];
        };
        let Some(digit) = Digit::from_event(event.event) else {
            return [None, None];
        };
        let Some(current) = &mut self.current else {
            return [None, self.begin(timestamp, digit, event, now)];
        };
        let since = timestamp.wrapping_sub(current.timestamp);
        if since == 0 {
            current.duration = current.duration.max(event.duration);
            return [None, current.seen(event.end, now)];
        }
        if since.cast_signed() < 0 {
            // A straggler of a press that was reported when this one began.
            return [None, None];
        }
        if !current.reported && current.digit == digit && since == u32::from(u16::MAX) {
            // A long press continues in a new segment (RFC 4733 section 2.5.1.3).
            current.before = current.before.saturating_add(since);
            current.timestamp = timestamp;
            current.duration = event.duration;
            return [None, current.seen(event.end, now)];
        }
        let unfinished = current.pressed();
        [unfinished, self.begin(timestamp, digit, event, now)]
    }

    /// Returns the press whose end was lost, once that is clear. Call it on every tick.
    pub fn tick(&mut self, now: Instant) -> Option<Pressed> {
        let current = self.current.as_mut()?;
        if current.reported || now.saturating_duration_since(current.seen) < ABANDONED {
            return None;
        }
        current.pressed()
    }

    /// Forgets the last press: another stream begins.
    pub fn reset(&mut self) {
        self.current = None;
    }

    fn begin(
        &mut self,
        timestamp: u32,
        digit: Digit,
        event: EventPayload,
        now: Instant,
    ) -> Option<Pressed> {
        let press = self.current.insert(Press {
            timestamp,
            digit,
            before: 0,
            duration: event.duration,
            reported: false,
            seen: now,
        });
        press.seen(event.end, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::beginning;

    /// Plays packets (`timestamp`, key, duration, end), 20 ms apart, then 200 ms of nothing.
    fn hear(packets: &[(u32, char, u16, bool)]) -> Vec<(char, u128)> {
        let mut receiver = Receiver::default();
        let mut now = beginning();
        let mut heard = Vec::new();
        for &(timestamp, key, duration, end) in packets {
            let payload = EventPayload {
                event: Digit::try_from(key).unwrap().event(),
                end,
                volume: 10,
                duration,
            };
            heard.extend(receiver.packet(timestamp, &payload.to_bytes(), now));
            now += Duration::from_millis(20);
            heard.push(receiver.tick(now));
        }
        heard.push(receiver.tick(now + Duration::from_millis(200)));
        let heard = heard.into_iter().flatten();
        heard
            .map(|p| (p.digit.as_char(), p.duration.as_millis()))
            .collect()
    }

    #[test]
    fn three_end_packets_are_one_press() {
        assert_eq!(
            hear(&[
                (0, '5', 160, false),
                (0, '5', 320, false),
                (0, '5', 480, true),
                (0, '5', 480, true),
                (0, '5', 480, true),
            ]),
            [('5', 60)]
        );
    }

    #[test]
    fn the_same_key_twice_is_two_presses() {
        assert_eq!(
            hear(&[(0, '5', 480, true), (1600, '5', 480, true)]),
            [('5', 60), ('5', 60)]
        );
    }

    #[test]
    fn a_press_whose_ends_are_lost_is_reported_at_the_next_one() {
        assert_eq!(
            hear(&[
                (0, '1', 160, false),
                (0, '1', 320, false),
                (1600, '2', 160, true)
            ]),
            [('1', 40), ('2', 20)]
        );
    }

    #[test]
    fn a_press_whose_ends_are_lost_is_reported_after_a_silence() {
        assert_eq!(hear(&[(0, '#', 800, false)]), [('#', 100)]);
    }

    #[test]
    fn stragglers_of_an_earlier_press_change_nothing() {
        assert_eq!(
            hear(&[
                (0, '1', 480, true),
                (1600, '2', 160, false),
                (0, '1', 480, true)
            ]),
            [('1', 60), ('2', 20)]
        );
    }

    #[test]
    fn a_press_longer_than_the_counter_is_one_press() {
        assert_eq!(
            hear(&[
                (100, '9', 0xFFFF, false),
                (100 + 0xFFFF, '9', 160, false),
                (100 + 0xFFFF, '9', 320, true)
            ]),
            [('9', 8231)]
        );
    }

    #[test]
    fn flash_and_tones_are_not_keys() {
        let mut receiver = Receiver::default();
        let now = beginning();
        assert_eq!(receiver.packet(0, &[16, 0x80, 0, 160], now), [None, None]);
        assert_eq!(receiver.packet(0, &[1, 0x80], now), [None, None]);
    }
}
