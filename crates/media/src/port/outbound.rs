//! The stream that we send: one sequence, one clock.

use super::{
    packets::{PACKET_BYTES_MAX, Packet},
    relay::{Mapping, RELAY_MAX, Relayed},
};
use crate::{
    FRAME_SAMPLES,
    dtmf::EventPayload,
    rtp::{HEADER_LEN, Header},
    srtp::RTP_OVERHEAD,
};

/// Longest RTP packet that a port writes: header, 60 ms of G.711 and the tag of SRTP.
pub const RTP_MAX: usize = HEADER_LEN + PACKET_BYTES_MAX + RTP_OVERHEAD;

/// Numbers packets and counts them. Its clock runs on in ticks without a packet.
#[derive(Debug)]
pub struct Outbound {
    ssrc: u32,
    sequence: u16,
    /// Ticks of the wire's clock in one sample.
    clock_factor: u32,
    /// Timestamp of the frame of this tick, in samples.
    timestamp: u32,
    /// Timestamp of the key press that is being sent.
    event_timestamp: u32,
    /// Nothing was sent in the last tick: the next packet of audio starts a talk spurt.
    paused: bool,
    /// How the numbers of a stream that is relayed lie in ours; `None` while all is our own.
    relayed: Option<Mapping>,
    packets: u64,
    octets: u64,
}

impl Outbound {
    /// A stream that starts with these (random) numbers.
    pub fn new(ssrc: u32, sequence: u16, timestamp: u32, clock_factor: u32) -> Self {
        Self {
            ssrc,
            sequence,
            clock_factor,
            timestamp,
            event_timestamp: timestamp,
            paused: true,
            relayed: None,
            packets: 0,
            octets: 0,
        }
    }

    /// Our SSRC.
    pub fn ssrc(&self) -> u32 {
        self.ssrc
    }

    /// Timestamp of the next frame, as it goes to the wire.
    pub fn timestamp(&self) -> u32 {
        self.timestamp.wrapping_mul(self.clock_factor)
    }

    /// The wire's clock changes.
    pub fn set_clock_factor(&mut self, factor: u32) {
        self.clock_factor = factor;
    }

    /// Packets sent.
    pub fn packets(&self) -> u64 {
        self.packets
    }

    /// Payload bytes sent.
    pub fn octets(&self) -> u64 {
        self.octets
    }

    /// Writes this tick's packet of audio. The marker is set where a talk spurt starts, which
    /// for a sender that never suppresses silence is after a tick without a packet of audio
    /// (RFC 3551 section 4.1).
    pub fn audio(&mut self, payload_type: u8, payload: &[u8], buf: &mut [u8; RTP_MAX]) -> usize {
        let (timestamp, marker) = self.take_frame();
        let packet = Packet {
            payload,
            timestamp,
            marker,
        };
        self.packet(payload_type, &packet, buf)
    }

    /// Lets the time of a frame of audio pass that leaves now or later: its timestamp in samples, and
    /// whether a talk spurt starts with it.
    pub fn take_frame(&mut self) -> (u32, bool) {
        self.on_our_own();
        let (timestamp, marker) = (self.timestamp, std::mem::replace(&mut self.paused, false));
        self.timestamp = timestamp.wrapping_add(FRAME_SAMPLES as u32);
        (timestamp, marker)
    }

    /// Writes this tick's packet of a key press. The marker is set on the first, whose
    /// timestamp all of them have (RFC 4733 section 2.3.2 and 2.5.1.2).
    pub fn event(
        &mut self,
        payload_type: u8,
        event: EventPayload,
        first: bool,
        buf: &mut [u8; RTP_MAX],
    ) -> usize {
        self.on_our_own();
        if first {
            self.event_timestamp = self.timestamp;
        }
        self.paused = true;
        self.timestamp = self.timestamp.wrapping_add(FRAME_SAMPLES as u32);
        let packet = Packet {
            payload: &event.to_bytes(),
            timestamp: self.event_timestamp,
            marker: first,
        };
        self.packet(payload_type, &packet, buf)
    }

    /// Writes a packet of another stream in our numbers. Gaps in its sequence and time are gaps in
    /// ours: whoever hears it knows what was lost. `None` for one from before what we relay.
    pub fn relay(
        &mut self,
        packet: &Relayed<'_>,
        payload_type: u8,
        table: Option<&[u8; 256]>,
        buf: &mut [u8; RELAY_MAX],
    ) -> Option<usize> {
        if packet.begins {
            self.on_our_own();
        }
        let (sequence, timestamp) = (self.sequence, self.timestamp);
        let mapping = self
            .relayed
            .get_or_insert_with(|| Mapping::new(&packet.header, sequence, timestamp));
        let (numbers, next_sequence) = mapping.place(packet)?;
        if next_sequence.wrapping_sub(self.sequence) < 1 << 15 {
            self.sequence = next_sequence;
        }
        let header = Header {
            payload_type,
            ssrc: self.ssrc,
            timestamp: numbers.timestamp.wrapping_mul(self.clock_factor),
            ..numbers
        };
        let (head, body) = buf
            .split_first_chunk_mut::<HEADER_LEN>()
            .expect("RELAY_MAX holds a header");
        header.write(head);
        let body = body.get_mut(..packet.payload.len())?;
        match table.filter(|_| packet.is_sound()) {
            None => body.copy_from_slice(packet.payload),
            Some(table) => {
                for (to, &from) in body.iter_mut().zip(packet.payload) {
                    *to = table[usize::from(from)];
                }
            }
        }
        self.packets += 1;
        self.octets += packet.payload.len() as u64;
        Some(HEADER_LEN + packet.payload.len())
    }

    /// What we send is our own from now on, behind everything that was relayed.
    pub fn on_our_own(&mut self) {
        if let Some(mapping) = self.relayed.take() {
            self.timestamp = mapping.later_than(self.timestamp);
            self.paused = true;
        }
    }

    /// This tick sends nothing.
    pub fn pause(&mut self) {
        self.paused = true;
        self.timestamp = self.timestamp.wrapping_add(FRAME_SAMPLES as u32);
    }

    /// Writes a packet whose time has passed already.
    pub fn packet(
        &mut self,
        payload_type: u8,
        packet: &Packet<'_>,
        buf: &mut [u8; RTP_MAX],
    ) -> usize {
        let payload = packet.payload;
        let header = Header {
            marker: packet.marker,
            payload_type,
            sequence: self.sequence,
            timestamp: packet.timestamp.wrapping_mul(self.clock_factor),
            ssrc: self.ssrc,
        };
        let (head, body) = buf
            .split_first_chunk_mut::<HEADER_LEN>()
            .expect("RTP_MAX holds a header");
        header.write(head);
        body[..payload.len()].copy_from_slice(payload);
        self.sequence = self.sequence.wrapping_add(1);
        self.packets += 1;
        self.octets += payload.len() as u64;
        HEADER_LEN + payload.len()
    }
}
