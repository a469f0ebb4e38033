//! The streams that we receive, one after the other.
//!
//! A new SSRC, or a sequence number far from the last, begins a new stream once a second packet
//! follows it (RFC 3550 A.1: a source on probation), so that a single stray packet cannot stop
//! the one that plays.

use crate::rtcp::{Mean, Reception, Report, Sequenced};
use crate::rtp::Header;

/// What to do with a packet of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// It belongs to the stream that plays.
    Current,
    /// A new stream begins with it.
    Begins,
    /// It has come before.
    Duplicate,
    /// It belongs to no stream so far.
    Stray,
}

/// How a packet's timestamp relates to when it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// The timestamp is that of its first sample.
    OfSamples,
    /// The timestamp is that of a key press which began earlier.
    OfKeyPress,
}

/// The current stream, and the sum of those before it.
#[derive(Debug, Default)]
pub struct Inbound {
    current: Option<(u32, Reception)>,
    /// SSRC and sequence number that would prove a new stream.
    probation: Option<(u32, u16)>,
    received_before: u64,
    lost_before: u64,
    jitter_before: Mean,
}

impl Inbound {
    /// SSRC of the current stream.
    pub fn ssrc(&self) -> Option<u32> {
        self.current.as_ref().map(|(ssrc, _)| *ssrc)
    }

    /// Whether a packet could be the next one of the current stream, or one of the few after.
    pub fn continues(&self, header: &Header) -> bool {
        self.current.as_ref().is_some_and(|(ssrc, reception)| {
            let ahead = header.sequence.wrapping_sub(reception.next_sequence());
            *ssrc == header.ssrc && ahead < 50
        })
    }

    /// Begins a new stream with this packet, whatever was before.
    pub fn begin(&mut self, header: &Header, arrival: u32) {
        if let Some((_, reception)) = &self.current {
            self.received_before += reception.received();
            self.lost_before += reception.lost();
            self.jitter_before = self.jitter_before.and(reception.jitter_mean());
        }
        let reception = Reception::new(header.sequence, header.timestamp, arrival);
        self.current = Some((header.ssrc, reception));
        self.probation = None;
    }

    /// Takes a packet of the source.
    pub fn packet(&mut self, header: &Header, arrival: u32, timing: Timing) -> Judged {
        let verdict = match &mut self.current {
            Some((ssrc, reception)) if *ssrc == header.ssrc => match timing {
                Timing::OfSamples => reception.packet(header.sequence, header.timestamp, arrival),
                Timing::OfKeyPress => reception.packet_without_timing(header.sequence),
            },
            Some(_) | None => Sequenced::Jumped,
        };
        match verdict {
            Sequenced::InOrder | Sequenced::Reordered => {
                self.probation = None;
                Judged::Current
            }
            Sequenced::Duplicate => Judged::Duplicate,
            Sequenced::Jumped => {
                let next = (header.ssrc, header.sequence.wrapping_add(1));
                if self.probation.replace(next) == Some((header.ssrc, header.sequence)) {
                    self.begin(header, arrival);
                    return Judged::Begins;
                }
                Judged::Stray
            }
        }
    }

    /// Packets received over all streams.
    pub fn received(&self) -> u64 {
        let current = self.current.as_ref().map_or(0, |(_, r)| r.received());
        self.received_before + current
    }

    /// Packets lost over all streams.
    pub fn lost(&self) -> u64 {
        let current = self.current.as_ref().map_or(0, |(_, r)| r.lost());
        self.lost_before + current
    }

    /// Mean interarrival jitter over all streams, in samples.
    pub fn jitter(&self) -> f32 {
        let current = self.current.as_ref().map(|(_, r)| r.jitter_mean());
        self.jitter_before.and(current.unwrap_or_default()).value()
    }

    /// Report block about the current stream; starts a new interval.
    pub fn report(&mut self, last_sender_report: u32, delay_since: u32) -> Option<Report> {
        let (ssrc, reception) = self.current.as_mut()?;
        Some(reception.report(*ssrc, last_sender_report, delay_since))
    }
}
