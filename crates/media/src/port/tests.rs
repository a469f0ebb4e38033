//! Stories of a port: packets in, packets out, in simulated time.

use std::time::SystemTime;

use super::*;
use crate::{
    g711::Codec,
    rtcp::{Compound, Packet, Report, SenderInfo, Writer},
    rtp::Header,
    security::Protection,
    srtp::{MASTER_LEN, MasterKey, RTCP_OVERHEAD, SrtpSettings, Suite},
    story::beginning,
};

const PEER: &str = "192.0.2.1:4000";

fn peer() -> SocketAddr {
    PEER.parse().unwrap()
}

fn settings() -> PortSettings {
    PortSettings {
        ssrc: 500,
        first_sequence: 65_535,
        first_timestamp: u32::MAX - 100,
        ..PortSettings::new(Codec::Pcma, Some(peer()), SystemTime::UNIX_EPOCH)
    }
}

fn rtp(payload_type: u8, ssrc: u32, sequence: u16, payload: &[u8]) -> Vec<u8> {
    let header = Header {
        marker: false,
        payload_type,
        sequence,
        timestamp: u32::from(sequence) * 160,
        ssrc,
    };
    let mut buf = [0; rtp::HEADER_LEN];
    header.write(&mut buf);
    [&buf[..], payload].concat()
}

fn voice(ssrc: u32, sequence: u16) -> Vec<u8> {
    rtp(8, ssrc, sequence, &[0xAA; 160])
}

#[test]
fn sequence_and_time_go_on_through_audio_keys_and_pauses() {
    let mut port = Port::new(settings(), beginning());
    let mut buf = [0; RTP_MAX];
    let mut sent = Vec::new();
    let mut note = |buf: &[u8]| {
        let header = rtp::Packet::parse(buf).unwrap().header;
        sent.push((header.marker, header.sequence, header.timestamp));
    };
    let event = EventPayload {
        event: 1,
        end: false,
        volume: 10,
        duration: 160,
    };
    for tick in 0..7 {
        let len = match tick {
            2 | 3 => port.send_event(event, tick == 2, &mut buf).unwrap(),
            5 => {
                port.send_nothing();
                continue;
            }
            _ => port.send_audio(&[0xD5; 160], &mut buf),
        };
        note(&buf[..len]);
    }
    let at = |tick: u32| (u32::MAX - 100).wrapping_add(tick * 160);
    assert_eq!(
        sent,
        [
            (true, 65_535, at(0)),
            (false, 0, at(1)),
            (true, 1, at(2)),
            (false, 2, at(2)),
            (true, 3, at(4)),
            (true, 4, at(6)),
        ]
    );
}

#[test]
fn strangers_and_other_payload_types_are_not_heard() {
    let now = beginning();
    let mut port = Port::new(settings(), now);
    let thief = "198.51.100.66:4000".parse().unwrap();
    assert!(port.receive(&voice(1, 0), peer(), now).first);
    port.receive(&voice(1, 1), thief, now);
    port.receive(&rtp(9, 1, 1, &[0; 160]), peer(), now);
    port.receive(b"SIP/2.0", peer(), now);
    let stats = port.stats(now);
    assert_eq!((stats.packets_received, stats.refused), (1, 3));
    assert_eq!(port.remote(), Some(peer()));
}

#[test]
fn media_that_signalling_moves_behind_a_nat_are_heard_from_there() {
    let now = beginning();
    let mut port = Port::new(settings(), now);
    port.receive(&voice(1, 0), peer(), now);
    let nat: SocketAddr = "203.0.113.7:61000".parse().unwrap();
    let rule = LatchRule::Behind(nat.ip());
    port.signalled("192.168.1.20:4000".parse().unwrap(), rule);
    port.receive(&voice(2, 0), nat, now);
    assert_eq!(port.stats(now).packets_received, 2);
    assert_eq!(port.remote(), Some(nat));
    port.signalled(peer(), LatchRule::SdpAddress);
    port.receive(&voice(2, 1), nat, now);
    assert_eq!(port.stats(now).packets_received, 2);
    assert_eq!(port.remote(), Some(peer()));
}

#[test]
fn a_new_stream_of_the_source_plays_after_two_packets() {
    let now = beginning();
    let mut port = Port::new(settings(), now);
    for sequence in 0..10 {
        port.receive(&voice(1, sequence), peer(), now);
    }
    // One stray packet of another stream is ignored.
    port.receive(&voice(7, 99), peer(), now);
    assert_eq!(port.stats(now).packets_received, 10);
    for sequence in 500..510 {
        port.receive(&voice(2, sequence), peer(), now);
    }
    let stats = port.stats(now);
    assert_eq!((stats.packets_received, stats.lost), (19, 0));
}

#[test]
fn keys_are_reported_once_and_are_not_loss() {
    let now = beginning();
    let mut port = Port::new(settings(), now);
    let mut pressed = Vec::new();
    port.receive(&voice(1, 0), peer(), now);
    for sequence in 1..5 {
        let event = EventPayload {
            event: 3,
            end: sequence > 1,
            volume: 10,
            duration: 800,
        };
        let mut datagram = rtp(101, 1, sequence, &event.to_bytes());
        datagram[4..8].copy_from_slice(&160u32.to_be_bytes());
        pressed.extend(port.receive(&datagram, peer(), now).pressed);
        port.pop();
    }
    let keys: Vec<_> = pressed.into_iter().flatten().collect();
    assert_eq!(keys.len(), 1);
    assert_eq!(keys[0].digit.as_char(), '3');
    assert_eq!(keys[0].duration, Duration::from_millis(100));
    assert_eq!(port.stats(now).lost, 0);
}

#[test]
fn a_report_is_due_every_5_seconds_and_says_what_was_lost() {
    let start = beginning();
    let mut port = Port::new(settings(), start);
    let mut buf = [0; RTCP_MAX];
    let mut rtp_buf = [0; RTP_MAX];
    for sequence in (0..100).filter(|n| n % 4 != 2) {
        port.receive(&voice(1, sequence), peer(), start);
    }
    port.send_audio(&[0xD5; 160], &mut rtp_buf);

    assert_eq!(port.rtcp(start + Duration::from_secs(2), &mut buf), None);
    let due = port.rtcp_due();
    let len = port.rtcp(due, &mut buf).unwrap();
    let Some(Packet::SenderReport {
        ssrc,
        sender,
        mut reports,
    }) = Compound::new(&buf[..len]).next()
    else {
        panic!("a sender reports what it sent");
    };
    assert_eq!((ssrc, sender.packets, sender.octets), (500, 1, 160));
    let report = reports.next().unwrap();
    assert_eq!((report.ssrc, report.cumulative_lost), (1, 25));
    assert_eq!(port.rtcp_due(), due + Duration::from_secs(5));

    // Nothing was sent since: a receiver report.
    let len = port.rtcp(port.rtcp_due(), &mut buf).unwrap();
    let first = Compound::new(&buf[..len]).next();
    assert!(matches!(first, Some(Packet::ReceiverReport { .. })));
}

#[test]
fn the_round_trip_comes_from_the_peers_report() {
    let start = beginning();
    let mut port = Port::new(settings(), start);
    let mut buf = [0; RTCP_MAX];
    let mut rtp_buf = [0; RTP_MAX];
    port.receive(&voice(1, 0), peer(), start);
    port.send_audio(&[0xD5; 160], &mut rtp_buf);
    let sent_at = port.rtcp_due();
    let len = port.rtcp(sent_at, &mut buf).unwrap();
    let Some(Packet::SenderReport { sender, .. }) = Compound::new(&buf[..len]).next() else {
        panic!("a sender report");
    };

    // The peer answers 1 s after it got it; the network takes 80 ms both ways together.
    let mut answer = [0; RTCP_MAX];
    let mut writer = Writer::new(&mut answer);
    let its_own = SenderInfo {
        ntp: crate::rtcp::NtpTime(7),
        rtp_timestamp: 0,
        packets: 1,
        octets: 160,
    };
    let about_us = Report {
        ssrc: 500,
        fraction_lost: 64,
        cumulative_lost: 1,
        highest_sequence: 0,
        jitter: 0,
        last_sender_report: sender.ntp.middle(),
        delay_since: 65_536,
    };
    writer.report(1, Some(&its_own), Some(&about_us));
    let len = writer.len();
    let from = "192.0.2.1:4001".parse().unwrap();
    port.receive_rtcp(&answer[..len], from, sent_at + Duration::from_millis(1080));
    let stats = port.stats(sent_at);
    // The wire counts in 1/65536 s.
    assert!((79..=80).contains(&stats.rtt.unwrap().as_millis()));
    assert_eq!(stats.remote_loss, Some(0.25));
    assert_eq!(port.rtcp_remote(), Some(from));
}

#[test]
fn the_farewell_names_our_stream() {
    let now = beginning();
    let mut port = Port::new(settings(), now);
    let mut buf = [0; RTCP_MAX];
    let len = port.goodbye(now, &mut buf);
    let last = Compound::new(&buf[..len]).last();
    assert_eq!(last, Some(Packet::Goodbye { ssrc: 500 }));
}

#[test]
fn the_longest_report_fits() {
    let now = beginning();
    let settings = PortSettings {
        cname: "x".repeat(300),
        ..settings()
    };
    let mut port = Port::new(settings, now);
    let mut rtp_buf = [0; RTP_MAX];
    port.receive(&voice(1, 0), peer(), now);
    port.send_audio(&[0xD5; 160], &mut rtp_buf);
    let plain = port.goodbye(now, &mut [0; RTCP_MAX]);
    assert_eq!(plain, RTCP_MAX - RTCP_OVERHEAD);
    let longest = SrtpSettings {
        suite: Suite::AeadAes256Gcm,
        ours: MasterKey::of([1; 44]),
        theirs: MasterKey::of([2; 44]),
        their_mki_len: 0,
    };
    port.secure(Some(Protection::Keys(longest)));
    port.send_audio(&[0xD5; 160], &mut rtp_buf);
    assert_eq!(port.goodbye(now, &mut [0; RTCP_MAX]), RTCP_MAX);
}

fn keys(ours: u8, theirs: u8) -> Protection {
    Protection::Keys(SrtpSettings {
        suite: Suite::AesCm128HmacSha1_80,
        ours: MasterKey::of([ours; MASTER_LEN]),
        theirs: MasterKey::of([theirs; MASTER_LEN]),
        their_mki_len: 0,
    })
}

/// Two ports that call each other under keys.
fn encrypted() -> (Port, Port) {
    let now = beginning();
    let here = PortSettings {
        protection: Some(keys(1, 2)),
        ..settings()
    };
    let there = PortSettings {
        protection: Some(keys(2, 1)),
        ssrc: 600,
        ..settings()
    };
    (Port::new(here, now), Port::new(there, now))
}

#[test]
fn an_encrypted_call_hears_its_peer_and_nobody_else() {
    let now = beginning();
    let (mut here, mut there) = encrypted();
    let mut buf = [0; RTP_MAX];
    for _ in 0..5 {
        let len = here.send_audio(&[0x2A; 160], &mut buf);
        assert!(!buf[..len].windows(3).any(|bytes| bytes == [0x2A; 3]));
        there.receive(&buf[..len], peer(), now);
    }
    // The same in the clear, a changed one and one again.
    there.receive(&voice(500, 10), peer(), now);
    let len = here.send_audio(&[0x2A; 160], &mut buf);
    buf[30] ^= 1;
    there.receive(&buf[..len], peer(), now);
    buf[30] ^= 1;
    there.receive(&buf[..len], peer(), now);
    there.receive(&buf[..len], peer(), now);
    let stats = there.stats(now);
    assert_eq!(
        (stats.packets_received, stats.unauthentic, stats.duplicate),
        (6, 2, 1)
    );
}

#[test]
fn reports_of_an_encrypted_call_are_encrypted_too() {
    let (mut here, mut there) = encrypted();
    let now = here.rtcp_due();
    let mut buf = [0; RTP_MAX];
    let len = there.send_audio(&[0xD5; 160], &mut buf);
    here.receive(&buf[..len], peer(), now);
    let len = here.send_audio(&[0xD5; 160], &mut buf);
    there.receive(&buf[..len], peer(), now);
    let mut report = [0; RTCP_MAX];
    let len = here.rtcp(now, &mut report).unwrap();
    let cname = b"switchboard";
    assert!(!report.windows(cname.len()).any(|bytes| bytes == cname));
    there.receive_rtcp(&report[..len], peer(), now);
    assert_eq!(there.stats(now).remote_loss, Some(0.0));
    // In the clear it is nobody's.
    let mut clear = [0; RTCP_MAX];
    let len = Port::new(settings(), now).goodbye(now, &mut clear);
    there.receive_rtcp(&clear[..len], peer(), now);
    assert_eq!(there.stats(now).unauthentic, 1);
}

#[test]
fn events_of_an_encrypted_call_arrive() {
    let now = beginning();
    let (mut here, mut there) = encrypted();
    let mut buf = [0; RTP_MAX];
    let len = here.send_audio(&[0xD5; 160], &mut buf);
    there.receive(&buf[..len], peer(), now);
    let event = EventPayload {
        event: 3,
        end: true,
        volume: 10,
        duration: 800,
    };
    let len = here.send_event(event, true, &mut buf).unwrap();
    let received = there.receive(&buf[..len], peer(), now);
    let digits = received.pressed.into_iter().flatten();
    assert!(digits.map(|pressed| pressed.digit.as_char()).eq(['3']));
}

#[test]
fn opus_goes_by_a_clock_of_its_own_and_lost_packets_come_back() {
    let start = beginning();
    let opus = |ssrc| PortSettings {
        codec: crate::Codec::Opus,
        payload_type: 111,
        dtmf_clock_factor: 6,
        ssrc,
        ..settings()
    };
    let mut here = Port::new(opus(500), start);
    let mut there = Port::new(opus(600), start);
    let mut encoder = crate::opus::Encoder::new();
    let (mut packet, mut buf) = ([0; 160], [0; RTP_MAX]);
    let mut timestamps = Vec::new();
    let mut kinds = Vec::new();
    for tick in 0..100u32 {
        let now = start + crate::FRAME * tick;
        let tone: [i16; 160] = std::array::from_fn(|n| {
            let t = f64::from(tick * 160 + n as u32) / 8000.0 * std::f64::consts::TAU;
            ((t * 300.0).sin() * 8000.0) as i16
        });
        let len = encoder.encode_frame(&tone, &mut packet);
        let len = here.send_audio(&packet[..len], &mut buf);
        timestamps.push(rtp::Packet::parse(&buf).unwrap().header.timestamp);
        if tick % 20 != 10 {
            there.receive(&buf[..len], peer(), now);
        }
        let popped = there.pop();
        if tick > 20 {
            kinds.push(popped.kind);
        }
    }
    let steps = timestamps
        .windows(2)
        .map(|pair| pair[1].wrapping_sub(pair[0]));
    assert!(steps.into_iter().all(|step| step == 960));
    assert_eq!(there.stats(start).lost, 5);
    assert!(
        kinds.iter().all(|kind| *kind == FrameKind::Audio),
        "{kinds:?}"
    );
}
