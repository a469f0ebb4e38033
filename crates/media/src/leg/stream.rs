//! What a leg's packets are, as far as it can change while they flow.

use super::{Leg, Tones};
use crate::{Codec, codec::Encoder};

/// Codec and payload types of both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    /// Codec.
    pub codec: Codec,
    /// Payload type of what we send, 0 to 127.
    pub payload_type: u8,
    /// Payload type of what we receive.
    pub payload_type_received: u8,
    /// Payload type of the `telephone-event` that we send, if negotiated.
    pub dtmf_payload_type: Option<u8>,
    /// The same of those that we receive.
    pub dtmf_payload_type_received: Option<u8>,
    /// See [`PortSettings`](crate::port::PortSettings).
    pub dtmf_clock_factor: u16,
    /// ms of audio in a packet that we send, 10 to 60.
    pub packet_ms: u16,
}

impl Leg {
    /// Goes on with another stream. The codec of the recorded tracks stays.
    pub(super) fn follow(&mut self, stream: &Stream) {
        if self.port.settings().codec != stream.codec {
            self.encoder = Encoder::new(stream.codec);
        }
        match stream.dtmf_payload_type {
            Some(_) => self.tones = None,
            None => {
                self.tones.get_or_insert_with(Tones::default);
            }
        }
        self.port.follow(stream);
        self.resumed = true;
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use crate::{
        FRAME, FrameKind, g711,
        leg::{Command, Leg, LegSettings, TickOut},
        port::PortSettings,
        rtp::{HEADER_LEN, Header, Packet},
        story::beginning,
    };

    use super::*;

    const PEER: &str = "192.0.2.1:4000";

    fn packet(payload_type: u8, n: u16, payload: &[u8]) -> Vec<u8> {
        let header = Header {
            marker: false,
            payload_type,
            sequence: n,
            timestamp: u32::from(n) * 160,
            ssrc: 9,
        };
        let mut head = [0; HEADER_LEN];
        header.write(&mut head);
        [&head[..], payload].concat()
    }

    #[test]
    fn a_change_of_codec_keeps_the_time_line_and_the_codec_of_the_recording() {
        let peer = PEER.parse().unwrap();
        let port = PortSettings::new(g711::Codec::Pcma, Some(peer), SystemTime::UNIX_EPOCH);
        let mut now = beginning();
        let mut leg = Leg::new(LegSettings::new(port), now);
        let mut out = TickOut::new();
        let level = 8000_i16;
        let (mut sent, mut recorded) = (Vec::new(), Vec::new());
        for n in 0..100_u16 {
            let codec = if n < 50 {
                g711::Codec::Pcma
            } else {
                g711::Codec::Pcmu
            };
            if n == 50 {
                leg.command(Command::Follow(Stream {
                    codec: codec.into(),
                    payload_type: 0,
                    payload_type_received: 0,
                    dtmf_payload_type: Some(96),
                    dtmf_payload_type_received: Some(96),
                    dtmf_clock_factor: 1,
                    packet_ms: 20,
                }));
            }
            let payload = [codec.encode(level); 160];
            leg.receive(&packet(codec.payload_type(), n, &payload), peer, now);
            now += FRAME;
            leg.tick(now, &mut out);
            let datagram = Packet::parse(out.datagram().unwrap().bytes()).unwrap();
            sent.push((datagram.header.payload_type, datagram.header.timestamp));
            let user = &out.recorded().unwrap().user;
            recorded.push((user.kind, g711::Codec::Pcma.decode(user.payload[80])));
        }
        let timestamps: Vec<u32> = sent.iter().map(|(_, at)| at - sent[0].1).collect();
        let even: Vec<u32> = (0..100).map(|n| n * 160).collect();
        assert_eq!(timestamps, even);
        assert_eq!((sent[49].0, sent[50].0), (8, 0));
        let is_heard = |&(kind, sample): &(FrameKind, i16)| {
            kind == FrameKind::Audio && (i32::from(sample) - i32::from(level)).abs() < 400
        };
        assert!(recorded[10..50].iter().all(is_heard));
        assert!(recorded[55..].iter().all(is_heard), "{recorded:?}");
        // What waited in the old codec is made up, not read as the new one.
        assert!(
            recorded[50..55]
                .iter()
                .all(|(_, sample)| sample.abs() < 9000)
        );
    }

    #[test]
    fn a_peer_that_takes_no_key_presses_any_more_gets_tones() {
        let port = PortSettings::new(g711::Codec::Pcma, None, SystemTime::UNIX_EPOCH);
        let mut leg = Leg::new(LegSettings::new(port), beginning());
        let stream = Stream {
            codec: g711::Codec::Pcma.into(),
            payload_type: 8,
            payload_type_received: 8,
            dtmf_payload_type: None,
            dtmf_payload_type_received: None,
            dtmf_clock_factor: 1,
            packet_ms: 20,
        };
        leg.command(Command::Follow(stream));
        assert!(leg.tones.is_some());
        let dtmf_payload_type = Some(101);
        leg.command(Command::Follow(Stream {
            dtmf_payload_type,
            ..stream
        }));
        assert!(leg.tones.is_none());
    }
}
