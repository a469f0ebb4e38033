//! Two phones behind one encrypted call that are heard before either answers: who answers is talked to, under
//! the answer's key. What goes wrong elsewhere is sound one way only: the first phone's key or address stays.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "any instant will do to begin with, and a test stops where it fails"
)]

use std::{
    net::SocketAddr,
    time::{Duration, Instant, SystemTime},
};

use media::{
    FRAME, FrameKind,
    g711::Codec,
    leg::{Command, Leg, LegSettings, TickOut},
    port::{LatchRule, PortSettings},
    rtp::{HEADER_LEN, Header, Packet},
    security::Protection,
    srtp::{MASTER_LEN, MasterKey, Srtp, SrtpSettings, Suite},
};

/// Our key, which the INVITE offered to whoever takes the call.
const OURS: MasterKey = MasterKey::of([1; MASTER_LEN]);

/// A phone: where it is, how its voice sounds, and its key.
struct Phone {
    at: SocketAddr,
    level: i16,
    key: MasterKey,
    srtp: Srtp,
    n_sent: u16,
}

impl Phone {
    fn new(at: &str, level: i16, key: u8) -> Self {
        let key = MasterKey::of([key; MASTER_LEN]);
        Self {
            at: at.parse().unwrap(),
            level,
            key,
            srtp: Srtp::new(keys(key, OURS)),
            n_sent: 0,
        }
    }

    fn says(&mut self) -> Vec<u8> {
        let header = Header {
            marker: false,
            payload_type: 8,
            // Its numbers begin again while it is heard.
            sequence: self.n_sent.wrapping_sub(20),
            timestamp: u32::from(self.n_sent) * 160,
            ssrc: u32::from(self.at.port()),
        };
        self.n_sent += 1;
        let mut buf = [0; 400];
        let (head, body) = buf.split_first_chunk_mut::<HEADER_LEN>().unwrap();
        header.write(head);
        body[..160].fill(Codec::Pcma.encode(self.level));
        let len = self.srtp.seal_rtp(&mut buf, HEADER_LEN + 160);
        buf[..len].to_vec()
    }
}

fn keys(ours: MasterKey, theirs: MasterKey) -> SrtpSettings {
    SrtpSettings {
        suite: Suite::AesCm128HmacSha1_80,
        ours,
        theirs,
        their_mki_len: 0,
    }
}

#[test]
fn of_two_encrypted_phones_that_are_heard_early_the_one_that_answers_is_talked_to() {
    let mut first = Phone::new("192.0.2.1:4000", 8000, 2);
    let mut second = Phone::new("192.0.2.2:5000", -8000, 3);
    let mut port = PortSettings::new(Codec::Pcma, Some(first.at), SystemTime::UNIX_EPOCH);
    port.protection = Some(Protection::Keys(keys(OURS, first.key)));
    let mut now = Instant::now() + Duration::from_secs(1);
    let mut leg = Leg::new(LegSettings::new(port), now);
    let mut out = TickOut::new();
    let (mut heard, mut talked_to) = (Vec::new(), Vec::new());
    for n in 0..150 {
        if n == 50 {
            // Another 183 of the same INVITE, or its answer.
            leg.command(Command::Remote {
                to: second.at,
                latch: LatchRule::SdpAddress,
            });
            leg.command(Command::Secure(Some(Protection::Keys(keys(
                OURS, second.key,
            )))));
        }
        for phone in [&mut first, &mut second] {
            let packet = phone.says();
            leg.receive(&packet, phone.at, now);
        }
        now += FRAME;
        leg.tick(now, &mut out);
        let sent = out.datagram().unwrap();
        let phone = match sent.to == first.at {
            true => &mut first,
            false => &mut second,
        };
        let is_readable = phone.srtp.open_rtp(sent.bytes()).is_ok_and(|plain| {
            Packet::parse(plain).is_ok_and(|packet| packet.payload.len() == 160)
        });
        talked_to.push((sent.to, is_readable));
        let user = &out.recorded().unwrap().user;
        heard.push((user.kind, Codec::Pcma.decode(user.payload[80])));
    }
    let sounds_like = |level: i16| {
        move |&(kind, sample): &(FrameKind, i16)| {
            kind == FrameKind::Audio && (i32::from(sample) - i32::from(level)).abs() < 400
        }
    };
    assert!(heard[10..50].iter().all(sounds_like(8000)), "{heard:?}");
    assert!(heard[65..].iter().all(sounds_like(-8000)), "{heard:?}");
    assert!(talked_to[..50].iter().all(|&to| to == (first.at, true)));
    assert!(talked_to[51..].iter().all(|&to| to == (second.at, true)));
}
