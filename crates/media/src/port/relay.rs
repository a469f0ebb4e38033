//! Packets of one port that another one sends on.

use crate::{
    jitter::PAYLOAD_MAX,
    rtp::{HEADER_LEN, Header},
    srtp::RTP_OVERHEAD,
};

/// Longest packet that is relayed: a header, the longest payload that a port takes, and the tag of SRTP.
pub const RELAY_MAX: usize = HEADER_LEN + PAYLOAD_MAX + RTP_OVERHEAD;

/// A packet that a port took from its source.
#[derive(Clone, Copy, Debug)]
pub struct Relayed<'a> {
    /// Its header as it came.
    pub header: Header,
    /// Its payload, at most [`PAYLOAD_MAX`] bytes.
    pub payload: &'a [u8],
    /// It is of a key press (RFC 4733).
    pub is_key: bool,
    /// It is comfort noise (RFC 3389).
    pub is_noise: bool,
    /// A new stream begins with it: its numbers have nothing to do with those before.
    pub begins: bool,
}

impl Relayed<'_> {
    /// Whether its payload is encoded sound.
    pub fn is_sound(&self) -> bool {
        !self.is_key && !self.is_noise
    }
}

/// How the numbers of a relayed stream lie in the sender's own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mapping {
    /// Added to sequence numbers.
    sequence: u16,
    /// Added to timestamps.
    timestamp: u32,
    /// Our number of the first packet: what comes later and is older would get a number that is used.
    first_sequence: u16,
    /// The packet that comes next is the first.
    is_first: bool,
    /// Our timestamp behind the last sample so far.
    until: u32,
}

impl Mapping {
    /// The stream of `first` goes on where ours is: with these numbers.
    pub(super) fn new(first: &Header, sequence: u16, timestamp: u32) -> Self {
        Self {
            sequence: sequence.wrapping_sub(first.sequence),
            timestamp: timestamp.wrapping_sub(first.timestamp),
            first_sequence: sequence,
            is_first: true,
            until: timestamp,
        }
    }

    /// The numbers of a packet in our stream, and the sequence number behind it.
    pub(super) fn place(&mut self, packet: &Relayed<'_>) -> Option<(Header, u16)> {
        let header = &packet.header;
        let sequence = header.sequence.wrapping_add(self.sequence);
        if sequence.wrapping_sub(self.first_sequence) >= 1 << 15 {
            return None;
        }
        // The first number is compared over half a round only: it follows the stream.
        if sequence.wrapping_sub(self.first_sequence) >= 1 << 14 {
            self.first_sequence = sequence.wrapping_sub(1 << 13);
        }
        let timestamp = header.timestamp.wrapping_add(self.timestamp);
        let len = if packet.is_sound() {
            u32::try_from(packet.payload.len()).unwrap_or(0)
        } else {
            0
        };
        self.until = later(self.until, timestamp.wrapping_add(len));
        let marker = header.marker || std::mem::take(&mut self.is_first);
        let numbers = Header {
            marker,
            sequence,
            timestamp,
            ..*header
        };
        Some((numbers, sequence.wrapping_add(1)))
    }

    /// `timestamp`, or the end of what was relayed if that is later.
    pub(super) fn later_than(&self, timestamp: u32) -> u32 {
        later(timestamp, self.until)
    }
}

/// The later of two timestamps that are less than half a round apart.
fn later(a: u32, b: u32) -> u32 {
    if b.wrapping_sub(a) < 1 << 31 { b } else { a }
}
