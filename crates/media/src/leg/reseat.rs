//! A leg whose peer gives its place to another one: another endpoint, on other sockets.
//!
//! Everything but the endpoint goes on: what is recorded and on which clock, what plays, who is heard.

use std::time::Instant;

use super::{Leg, LegSettings, Stream};
use crate::{
    Codec,
    codec::Encoder,
    port::{Kept, Port},
};

impl Leg {
    /// Goes on with another peer: of `settings`, with its endpoint, the way of its keys and how long it may be
    /// silent. Counts and quality are of both; the codec of the recorded tracks stays.
    pub fn reseat(&mut self, settings: LegSettings, now: Instant) {
        self.before = self.stats(now);
        let mut port = settings.port;
        let stream = Stream {
            codec: port.codec,
            payload_type: port.payload_type,
            payload_type_received: port.payload_type_received,
            dtmf_payload_type: port.dtmf_payload_type,
            dtmf_payload_type_received: port.dtmf_payload_type_received,
            dtmf_clock_factor: port.dtmf_clock_factor,
            packet_ms: port.packet_ms,
        };
        // What is heard becomes bytes of the recording's codec, whatever the stream is.
        port.codec = Codec::G711(self.tracks);
        self.encoder = Encoder::new(port.codec);
        self.tones = None;
        self.signals_keys = settings.signals_keys;
        self.port = Port::new(port, now);
        self.watch.limit(settings.rtp_timeout);
        self.held = settings.held;
        self.expected = settings.expected;
        self.follow(&stream);
    }

    /// Takes the keys and the handshake out, for the leg that goes on with the same peer: it has no other
    /// handshake for it.
    pub fn keep(&mut self) -> Kept {
        self.port.keep()
    }

    /// Goes on with what another leg had with the same peer.
    pub fn go_on(&mut self, kept: Kept) {
        self.port.go_on(kept);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use crate::{
        FRAME, FrameKind, g711,
        leg::{Event, TickOut},
        port::PortSettings,
        rtp::{HEADER_LEN, Header, Packet},
        story::beginning,
    };

    use super::*;

    #[test]
    fn whoever_takes_a_place_is_heard_on_the_same_track_and_nobody_else_is() {
        let (first, second) = ("192.0.2.1:4000", "192.0.2.2:4000");
        let (first, second) = (first.parse().unwrap(), second.parse().unwrap());
        let settings = |codec, peer| PortSettings::new(codec, Some(peer), SystemTime::UNIX_EPOCH);
        let mut now = beginning();
        let mut leg = Leg::new(LegSettings::new(settings(g711::Codec::Pcma, first)), now);
        let mut out = TickOut::new();
        let mut heard = Vec::new();
        for n in 0..80_u16 {
            if n == 40 {
                leg.reseat(LegSettings::new(settings(g711::Codec::Pcmu, second)), now);
            }
            let (peer, codec, level, other) = match n {
                ..40 => (first, g711::Codec::Pcma, 8000, second),
                40.. => (second, g711::Codec::Pcmu, -8000, first),
            };
            leg.receive(&packet(codec, n, level), peer, now);
            leg.receive(&packet(g711::Codec::Pcma, n, 2000), other, now);
            now += FRAME;
            leg.tick(now, &mut out);
            let datagram = out.datagram().unwrap();
            assert_eq!(datagram.to, peer, "{n}");
            let sent = Packet::parse(datagram.bytes()).unwrap().header;
            assert_eq!(sent.payload_type, codec.payload_type());
            let user = &out.recorded().unwrap().user;
            heard.push((user.kind, g711::Codec::Pcma.decode(user.payload[80])));
        }
        let is_near = |level: i16| {
            move |&(kind, sample): &(FrameKind, i16)| {
                kind == FrameKind::Audio && (i32::from(sample) - i32::from(level)).abs() < 400
            }
        };
        let stats = leg.stats(now);
        assert_eq!((stats.packets_received, stats.packets_sent), (80, 80));
        assert!(heard[10..40].iter().all(is_near(8000)), "{heard:?}");
        assert!(heard[50..].iter().all(is_near(-8000)), "{heard:?}");
    }

    #[test]
    fn whoever_takes_a_place_has_a_silence_of_its_own() {
        let peer = "192.0.2.1:4000".parse().unwrap();
        let settings = |second| {
            let port = PortSettings::new(g711::Codec::Pcma, Some(peer), SystemTime::UNIX_EPOCH);
            let mut settings = LegSettings::new(port);
            settings.rtp_timeout = Some(Duration::from_secs(second));
            settings
        };
        // The first is missed 1 s after its beginning, the second 2 s after its own, at the next tick.
        for (taken_at, missed_at) in [(40, vec![140]), (90, vec![49, 190])] {
            let mut now = beginning();
            let mut leg = Leg::new(settings(1), now);
            let mut out = TickOut::new();
            let mut missed = Vec::new();
            for n in 0..300 {
                if n == taken_at {
                    leg.reseat(settings(2), now);
                }
                now += FRAME;
                leg.tick(now, &mut out);
                let is_missed = |event: &Event| matches!(event, Event::RtpTimeout { .. });
                missed.extend(out.events().filter(is_missed).map(|_| n));
            }
            assert_eq!(missed, missed_at);
        }
    }

    fn packet(codec: g711::Codec, n: u16, level: i16) -> Vec<u8> {
        let header = Header {
            marker: false,
            payload_type: codec.payload_type(),
            sequence: n,
            timestamp: u32::from(n) * 160,
            ssrc: 9,
        };
        let mut head = [0; HEADER_LEN];
        header.write(&mut head);
        [&head[..], &[codec.encode(level); 160]].concat()
    }
}
