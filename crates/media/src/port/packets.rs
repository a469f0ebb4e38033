//! Makes packets of the length that the peer wants out of frames of 20 ms.
//!
//! # Invariants
//!
//! - No sample is left out or sent twice, but for what waits when packets of another leg go first, or
//!   nothing goes.

use crate::FRAME_SAMPLES;

/// Bytes of 1 ms of a codec that has one byte for each sample of 8 kHz.
const BYTES_OF_MS: usize = 8;

/// The longest packet, ms: what is longer makes a loss be heard.
pub const PACKET_MS_MAX: u16 = 60;

/// The longest packet, bytes.
pub const PACKET_BYTES_MAX: usize = PACKET_MS_MAX as usize * BYTES_OF_MS;

/// What waits until it fills a packet.
#[derive(Debug)]
pub struct Packets {
    bytes: [u8; PACKET_BYTES_MAX + FRAME_SAMPLES],
    len: usize,
    /// Bytes of a packet.
    of_packet: usize,
    /// Timestamp of the first byte, in samples.
    timestamp: u32,
    /// A talk spurt begins with it.
    marker: bool,
}

/// One packet that is full.
#[derive(Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Its payload.
    pub payload: &'a [u8],
    /// Timestamp of its first byte, in samples.
    pub timestamp: u32,
    /// A talk spurt begins with it.
    pub marker: bool,
}

impl Packets {
    /// For packets of `ms`, 10 to 60; `None`: a frame is a packet.
    pub fn of(ms: u16) -> Option<Box<Self>> {
        let of_packet = usize::from(ms.clamp(10, PACKET_MS_MAX)) * BYTES_OF_MS;
        (of_packet != FRAME_SAMPLES).then(|| {
            Box::new(Self {
                bytes: [0; PACKET_BYTES_MAX + FRAME_SAMPLES],
                len: 0,
                of_packet,
                timestamp: 0,
                marker: false,
            })
        })
    }

    /// Takes a frame that begins at `timestamp`.
    pub fn push(&mut self, frame: &[u8], timestamp: u32, marker: bool) {
        if self.len == 0 {
            self.timestamp = timestamp;
            self.marker = marker;
        }
        let end = self.len + frame.len();
        if let Some(place) = self.bytes.get_mut(self.len..end) {
            place.copy_from_slice(frame);
            self.len = end;
        }
    }

    /// Takes out the next full packet, copied into `payload`.
    pub fn pop<'a>(&mut self, payload: &'a mut [u8; PACKET_BYTES_MAX]) -> Option<Packet<'a>> {
        (self.len >= self.of_packet).then(|| self.cut(self.of_packet, payload))
    }

    /// Takes out what waits as a shorter packet.
    pub fn rest<'a>(&mut self, payload: &'a mut [u8; PACKET_BYTES_MAX]) -> Option<Packet<'a>> {
        (self.len > 0).then(|| self.cut(self.len.min(PACKET_BYTES_MAX), payload))
    }

    fn cut<'a>(&mut self, len: usize, payload: &'a mut [u8; PACKET_BYTES_MAX]) -> Packet<'a> {
        let payload = &mut payload[..len];
        payload.copy_from_slice(&self.bytes[..len]);
        self.bytes.copy_within(len..self.len, 0);
        self.len -= len;
        let (timestamp, marker) = (self.timestamp, std::mem::take(&mut self.marker));
        self.timestamp = timestamp.wrapping_add(u32::try_from(len).unwrap_or(0));
        Packet {
            payload,
            timestamp,
            marker,
        }
    }

    /// Something else goes first: what waits is left out.
    pub fn clear(&mut self) {
        self.len = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lengths and timestamps of what leaves in each of six ticks.
    fn sent(ms: u16) -> Vec<Vec<(usize, u32)>> {
        let mut packets = Packets::of(ms).expect("not 20 ms");
        let mut next = 0;
        (0..6)
            .map(|tick: u32| {
                let frame: Vec<u8> = (0..160).map(|n| (tick * 160 + n) as u8).collect();
                packets.push(&frame, 1000 + tick * 160, tick == 0);
                let mut sent = Vec::new();
                let mut payload = [0; PACKET_BYTES_MAX];
                while let Some(packet) = packets.pop(&mut payload) {
                    for &byte in packet.payload {
                        assert_eq!(byte, next as u8);
                        next += 1;
                    }
                    assert_eq!(packet.marker, packet.timestamp == 1000);
                    sent.push((packet.payload.len(), packet.timestamp - 1000));
                }
                sent
            })
            .collect()
    }

    #[test]
    fn frames_become_packets_of_every_length() {
        let nothing: Vec<(usize, u32)> = Vec::new();
        assert_eq!(sent(10)[1], [(80, 160), (80, 240)]);
        assert_eq!(sent(40)[..2], [nothing.clone(), vec![(320, 0)]]);
        assert_eq!(
            sent(30)[..3],
            [nothing.clone(), vec![(240, 0)], vec![(240, 240)]]
        );
        assert_eq!(sent(60)[2..4], [vec![(480, 0)], nothing]);
        assert!(Packets::of(20).is_none());
    }

    #[test]
    fn what_waits_leaves_as_a_shorter_packet_before_something_else() {
        let mut packets = Packets::of(60).expect("not 20 ms");
        let mut payload = [0; PACKET_BYTES_MAX];
        assert_eq!(packets.rest(&mut payload), None);
        packets.push(&[1; 160], 1000, true);
        packets.push(&[2; 160], 1160, false);
        let rest = packets.rest(&mut payload).expect("two frames wait");
        assert_eq!((rest.payload.len(), rest.timestamp), (320, 1000));
        assert_eq!(packets.rest(&mut payload), None);
        packets.push(&[3; 160], 1320, false);
        let rest = packets.rest(&mut payload).expect("a frame waits");
        assert_eq!((rest.payload, rest.timestamp), (&[3; 160][..], 1320));
    }
}
