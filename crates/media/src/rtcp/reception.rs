//! What a receiver knows of one stream: which packets came, and how evenly.
//!
//! The algorithms are those of RFC 3550: sequence numbers A.1, loss A.3, jitter A.8; apart from
//! one thing: duplicates are recognized (in the last 128 numbers) and not counted as received,
//! so that they do not hide losses.

use super::Report;

/// Largest jump forward that is still the same stream (RFC 3550 A.1, MAX_DROPOUT).
const DROPOUT_MAX: u16 = 3000;
/// Sequence numbers remembered to recognize duplicates.
const WINDOW: u16 = 128;
/// A longer difference is no jitter but a pause of a sender whose clock stood still, in timestamp units:
/// 1 s. It does not count in the mean.
const DIFFERENCE_MAX: u32 = 8_000;

/// What a sequence number says about its packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sequenced {
    /// It is the newest.
    InOrder,
    /// A newer one has come before it.
    Reordered,
    /// It has come before.
    Duplicate,
    /// Too far from the others: another stream, or a restart.
    Jumped,
}

/// A sum, and of how many.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mean {
    sum: u64,
    n: u64,
}

impl Mean {
    /// Both in one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            sum: self.sum + other.sum,
            n: self.n + other.n,
        }
    }

    /// Its value; 0 of nothing.
    pub fn value(self) -> f32 {
        (self.sum as f64 / self.n.max(1) as f64) as f32
    }

    fn add(&mut self, value: u32) {
        self.sum += u64::from(value);
        self.n += 1;
    }
}

/// The numbers of one stream, from its first packet on.
#[derive(Clone, Debug)]
pub struct Reception {
    first: u32,
    /// Highest sequence number, extended by its wraps.
    highest: u32,
    /// Bit n: `highest - n` has come.
    window: u128,
    received: u64,
    /// Transit time of the last packet, in timestamp units, relative to an unknown offset.
    transit: u32,
    jitter: f32,
    /// Of the differences that the jitter is made of.
    differences: Mean,
    expected_prior: u64,
    received_prior: u64,
}

impl Reception {
    /// The stream begins with a packet: see [`Reception::packet`].
    pub fn new(sequence: u16, timestamp: u32, arrival: u32) -> Self {
        Self {
            first: u32::from(sequence),
            highest: u32::from(sequence),
            window: 1,
            received: 1,
            transit: arrival.wrapping_sub(timestamp),
            jitter: 0.0,
            differences: Mean::default(),
            expected_prior: 0,
            received_prior: 0,
        }
    }

    /// Takes a packet. `arrival` is on the clock of the timestamps, with any offset.
    pub fn packet(&mut self, sequence: u16, timestamp: u32, arrival: u32) -> Sequenced {
        let verdict = self.sequence(sequence);
        match verdict {
            Sequenced::InOrder | Sequenced::Reordered => {
                self.received += 1;
                self.transit(timestamp, arrival);
            }
            Sequenced::Duplicate | Sequenced::Jumped => {}
        }
        verdict
    }

    /// Takes the sequence number of a packet whose timestamp says nothing about its arrival
    /// (a key press keeps that of its start).
    pub fn packet_without_timing(&mut self, sequence: u16) -> Sequenced {
        let verdict = self.sequence(sequence);
        match verdict {
            Sequenced::InOrder | Sequenced::Reordered => self.received += 1,
            Sequenced::Duplicate | Sequenced::Jumped => {}
        }
        verdict
    }

    fn sequence(&mut self, sequence: u16) -> Sequenced {
        let ahead = sequence.wrapping_sub(self.highest as u16);
        let behind = 0u16.wrapping_sub(ahead);
        if ahead == 0 {
            return Sequenced::Duplicate;
        }
        if ahead < DROPOUT_MAX {
            self.highest = self.highest.wrapping_add(u32::from(ahead));
            self.window = match ahead < WINDOW {
                true => (self.window << ahead) | 1,
                false => 1,
            };
            return Sequenced::InOrder;
        }
        if behind < WINDOW {
            let bit = 1u128 << behind;
            if self.window & bit != 0 {
                return Sequenced::Duplicate;
            }
            self.window |= bit;
            return Sequenced::Reordered;
        }
        Sequenced::Jumped
    }

    fn transit(&mut self, timestamp: u32, arrival: u32) {
        let transit = arrival.wrapping_sub(timestamp);
        let difference = transit
            .wrapping_sub(self.transit)
            .cast_signed()
            .unsigned_abs();
        self.transit = transit;
        self.jitter += (difference as f32 - self.jitter) / 16.0;
        if difference <= DIFFERENCE_MAX {
            self.differences.add(difference);
        }
    }

    /// Packets that came, each counted once.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Packets that the sender sent, as far as the sequence numbers tell.
    pub fn expected(&self) -> u64 {
        // A reordered packet from before the first one may come.
        u64::from(self.highest.wrapping_sub(self.first)) + 1
    }

    /// Packets that did not come, up to now.
    pub fn lost(&self) -> u64 {
        self.expected().saturating_sub(self.received)
    }

    /// Interarrival jitter in timestamp units.
    pub fn jitter(&self) -> f32 {
        self.jitter
    }

    /// The same over the whole stream: the mean of what the other follows.
    pub fn jitter_mean(&self) -> Mean {
        self.differences
    }

    /// Sequence number that would continue the stream.
    pub fn next_sequence(&self) -> u16 {
        (self.highest as u16).wrapping_add(1)
    }

    /// The report block about this stream; starts a new interval for the share lost.
    pub fn report(&mut self, ssrc: u32, last_sender_report: u32, delay_since: u32) -> Report {
        let expected = self.expected() - self.expected_prior;
        let received = self.received - self.received_prior;
        self.expected_prior = self.expected();
        self.received_prior = self.received;
        let lost = expected.saturating_sub(received);
        let fraction = match expected {
            0 => 0,
            expected => (lost << 8) / expected,
        };
        Report {
            ssrc,
            fraction_lost: u8::try_from(fraction).unwrap_or(u8::MAX),
            cumulative_lost: i32::try_from(self.lost()).unwrap_or(i32::MAX),
            highest_sequence: self.highest,
            jitter: self.jitter as u32,
            last_sender_report,
            delay_since,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream of 20 ms packets that arrive `late` samples after they were sent.
    fn stream(packets: impl IntoIterator<Item = (u16, u32)>) -> Reception {
        let mut packets = packets.into_iter();
        let (first, late) = packets.next().expect("a first packet");
        let timestamp = |sequence: u16| u32::from(sequence.wrapping_sub(first)) * 160;
        let mut reception = Reception::new(first, 0, late);
        for (sequence, late) in packets {
            let timestamp = timestamp(sequence);
            reception.packet(sequence, timestamp, timestamp + late);
        }
        reception
    }

    #[test]
    fn losses_are_counted_across_the_wrap() {
        let reception = stream([(65534, 0), (65535, 0), (1, 0), (2, 0)]);
        assert_eq!(reception.received(), 4);
        assert_eq!(reception.lost(), 1);
    }

    #[test]
    fn a_reordered_packet_is_not_lost_and_a_duplicate_not_received() {
        let mut reception = stream([(10, 0), (12, 0)]);
        assert_eq!(reception.packet(11, 160, 400), Sequenced::Reordered);
        assert_eq!(reception.packet(11, 160, 400), Sequenced::Duplicate);
        assert_eq!(reception.packet(12, 320, 400), Sequenced::Duplicate);
        assert_eq!((reception.received(), reception.lost()), (3, 0));
    }

    #[test]
    fn a_jump_backwards_is_another_stream() {
        let mut reception = stream([(1000, 0)]);
        assert_eq!(reception.packet(500, 0, 0), Sequenced::Jumped);
        assert_eq!(reception.received(), 1);
    }

    #[test]
    fn even_arrival_has_no_jitter_and_uneven_arrival_has() {
        assert_eq!(stream((0..200).map(|n| (n, 7))).jitter(), 0.0);
        // Every other packet 10 ms late: |D| is 80 each time, so J approaches 80.
        let jitter = stream((0..200).map(|n| (n, u32::from(n % 2) * 80))).jitter();
        assert!((79.0..80.1).contains(&jitter), "{jitter}");
    }

    #[test]
    fn the_share_lost_is_of_the_last_interval_only() {
        let mut reception = stream((0..100).filter(|n| n % 4 != 2).map(|n| (n, 0)));
        assert_eq!(reception.report(1, 0, 0).fraction_lost, 64);
        for sequence in 100..200 {
            reception.packet(
                sequence,
                u32::from(sequence) * 160,
                u32::from(sequence) * 160,
            );
        }
        let report = reception.report(1, 0, 0);
        assert_eq!((report.fraction_lost, report.cumulative_lost), (0, 25));
    }
}
