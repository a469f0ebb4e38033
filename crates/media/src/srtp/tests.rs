//! Packets between two sides, and those of libsrtp's own tests.

use super::*;
use crate::rtp::{HEADER_LEN, Header};

const OURS: MasterKey = MasterKey::of([1; MASTER_LEN]);
const THEIRS: MasterKey = MasterKey::of([2; MASTER_LEN]);
const NEXT: MasterKey = MasterKey::of([3; MASTER_LEN]);

fn side(suite: Suite, ours: MasterKey, theirs: MasterKey) -> Srtp {
    Srtp::new(settings(suite, ours, theirs))
}

fn settings(suite: Suite, ours: MasterKey, theirs: MasterKey) -> SrtpSettings {
    SrtpSettings {
        suite,
        ours,
        theirs,
        their_mki_len: 0,
    }
}

fn pair() -> (Srtp, Srtp) {
    let suite = Suite::AesCm128HmacSha1_80;
    (side(suite, OURS, THEIRS), side(suite, THEIRS, OURS))
}

fn plain(ssrc: u32, sequence: u16) -> Vec<u8> {
    let header = Header {
        marker: false,
        payload_type: 8,
        sequence,
        timestamp: 160 * u32::from(sequence),
        ssrc,
    };
    let mut head = [0; HEADER_LEN];
    header.write(&mut head);
    [&head[..], &[0x55; 160]].concat()
}

fn sealed(srtp: &mut Srtp, packet: &[u8]) -> Vec<u8> {
    let mut buf = [0; 1500];
    buf[..packet.len()].copy_from_slice(packet);
    let len = srtp.seal_rtp(&mut buf, packet.len());
    buf[..len].to_vec()
}

fn hex(text: &str) -> Vec<u8> {
    let digits = |n| u8::from_str_radix(&text[n..n + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digits).collect()
}

/// Key and packets of libsrtp's `srtp_validate`.
#[test]
fn packets_are_those_of_libsrtp() {
    let key = hex("e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6");
    let key = MasterKey::of(<[u8; MASTER_LEN]>::try_from(key).unwrap());
    let mut srtp = side(Suite::AesCm128HmacSha1_80, key, key);
    let rtp = hex("800f1234decafbadcafebabeabababababababababababababababab");
    let srtp_packet =
        hex("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb");
    assert_eq!(sealed(&mut srtp, &rtp), srtp_packet);
    assert_eq!(srtp.open_rtp(&srtp_packet), Ok(&rtp[..]));

    let rtcp = hex("81c8000bcafebabeabababababababababababababababab");
    let srtcp_packet =
        hex("81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798");
    let mut buf = [0; 100];
    buf[..rtcp.len()].copy_from_slice(&rtcp);
    let len = srtp.seal_rtcp(&mut buf, rtcp.len());
    assert_eq!(buf[..len], srtcp_packet);
    assert_eq!(srtp.open_rtcp(&srtcp_packet), Ok(&rtcp[..]));
    assert_eq!(srtp.open_rtcp(&srtcp_packet), Err(Rejected::Replayed));
}

fn key(suite: Suite, byte: u8) -> MasterKey {
    let bytes = [byte; MASTER_LEN_MAX];
    let (key, salt) = (&bytes[..suite.key_len()], &bytes[..suite.salt_len()]);
    MasterKey::of_suite(suite, key, salt).unwrap()
}

const SUITES: [(Suite, usize, usize); 6] = [
    (Suite::AesCm128HmacSha1_80, 10, 14),
    (Suite::AesCm128HmacSha1_32, 4, 14),
    (Suite::AesCm256HmacSha1_80, 10, 14),
    (Suite::AesCm256HmacSha1_32, 4, 14),
    (Suite::AeadAes128Gcm, 16, 20),
    (Suite::AeadAes256Gcm, 16, 20),
];

#[test]
fn every_suite_carries_packets_and_nothing_is_readable() {
    for (suite, more, _) in SUITES {
        let (a, b) = (key(suite, 1), key(suite, 2));
        let (mut here, mut there) = (side(suite, a, b), side(suite, b, a));
        for sequence in [65_534, 65_535, 0, 2] {
            let packet = plain(9, sequence);
            let sent = sealed(&mut here, &packet);
            assert_eq!(sent.len(), packet.len() + more);
            assert!(!sent.windows(4).any(|bytes| bytes == [0x55; 4]));
            let mut changed = sent.clone();
            changed[20] ^= 1;
            assert!(there.open_rtp(&changed).is_err(), "{suite:?}");
            assert_eq!(there.open_rtp(&sent), Ok(&packet[..]), "{suite:?}");
            assert_eq!(there.open_rtp(&sent), Err(Rejected::Replayed));
        }
    }
}

#[test]
fn every_suite_carries_reports_and_nothing_is_readable() {
    let report = hex("81c8000bcafebabeabababababababababababababababab");
    for (suite, _, more) in SUITES {
        let (a, b) = (key(suite, 1), key(suite, 2));
        let (mut here, mut there) = (side(suite, a, b), side(suite, b, a));
        let mut buf = [0; 100];
        for _ in 0..2 {
            buf[..report.len()].copy_from_slice(&report);
            let len = here.seal_rtcp(&mut buf, report.len());
            assert_eq!(len, report.len() + more, "{suite:?}");
            assert!(!buf[..len].windows(4).any(|bytes| bytes == [0xAB; 4]));
            for at in [1, 5, 10, len - 1] {
                buf[at] ^= 1;
                assert!(there.open_rtcp(&buf[..len]).is_err(), "{suite:?} {at}");
                buf[at] ^= 1;
            }
            assert_eq!(there.open_rtcp(&buf[..len]), Ok(&report[..]), "{suite:?}");
            assert_eq!(there.open_rtcp(&buf[..len]), Err(Rejected::Replayed));
        }
    }
}

#[test]
fn a_key_identifier_of_aes_gcm_stands_behind_the_tag() {
    let suite = Suite::AeadAes128Gcm;
    let (a, b) = (key(suite, 1), key(suite, 2));
    let mut here = side(suite, a, b);
    let mut there = Srtp::new(SrtpSettings {
        their_mki_len: 4,
        ..settings(suite, b, a)
    });
    let packet = plain(9, 1);
    let mut sent = sealed(&mut here, &packet);
    sent.extend([0, 0, 0, 1]);
    assert_eq!(there.open_rtp(&sent), Ok(&packet[..]));
}

#[test]
fn another_stream_of_ours_under_the_same_key_counts_for_itself() {
    let (mut here, mut there) = pair();
    for sequence in [65_534, 65_535, 0, 1] {
        let packet = plain(9, sequence);
        assert!(there.open_rtp(&sealed(&mut here, &packet)).is_ok());
    }
    let (_, mut late) = pair();
    let sent = sealed(&mut here, &plain(10, 7));
    assert_eq!(late.open_rtp(&sent), Ok(&plain(10, 7)[..]));
    assert_eq!(there.open_rtp(&sent), Ok(&plain(10, 7)[..]));
}

#[test]
fn a_changed_packet_is_dropped_and_the_true_one_is_still_new() {
    let (mut here, mut there) = pair();
    let packet = plain(9, 1);
    let sent = sealed(&mut here, &packet);
    for at in [0, 1, 3, 7, 11, 12, 100, sent.len() - 1] {
        let mut changed = sent.clone();
        changed[at] ^= 1;
        assert!(there.open_rtp(&changed).is_err(), "byte {at}");
    }
    assert_eq!(there.open_rtp(&packet), Err(Rejected::Unauthentic));
    assert_eq!(there.open_rtp(&sent), Ok(&packet[..]));
    assert_eq!(there.open_rtp(&sent), Err(Rejected::Replayed));
}

#[test]
fn no_datagram_of_any_length_is_trouble() {
    let (mut here, mut there) = pair();
    let sent = sealed(&mut here, &plain(9, 1));
    for len in 0..sent.len() {
        assert!(there.open_rtp(&sent[..len]).is_err());
        assert!(there.open_rtcp(&sent[..len]).is_err());
    }
    let mut extended = sent.clone();
    extended[0] |= 0x1F;
    assert!(there.open_rtp(&extended).is_err());
    assert_eq!(there.open_rtp(&[0x80; 3000]), Err(Rejected::Malformed));
}

#[test]
fn packets_are_counted_over_the_end_of_sequence_numbers() {
    let (mut here, mut there) = pair();
    let mut late = None;
    for n in 0..140_000u32 {
        let packet = plain(9, (n + 65_000) as u16);
        let sent = sealed(&mut here, &packet);
        match n {
            // On either side of a rollover, one comes after its followers.
            536 | 66_071 => late = Some((sent, packet)),
            _ => assert_eq!(there.open_rtp(&sent), Ok(&packet[..]), "packet {n}"),
        }
        if n == 540 || n == 66_075 {
            let (sent, packet) = late.take().unwrap();
            assert_eq!(there.open_rtp(&sent), Ok(&packet[..]));
        }
    }
}

#[test]
fn a_listener_may_miss_the_first_rollover() {
    let (mut here, mut there) = pair();
    sealed(&mut here, &plain(9, 65_535));
    let packet = plain(9, 0);
    let sent = sealed(&mut here, &packet);
    assert_eq!(there.open_rtp(&sent), Ok(&packet[..]));
}

/// A phone that has talked for hours when its call goes on at another port (a transfer).
#[test]
fn a_listener_may_come_after_many_rollovers_and_tries_as_many_only_before_the_first_packet() {
    let (mut here, mut there) = pair();
    for n in 0..(7u32 << 16) {
        if n % 0x4000 == 0 {
            sealed(&mut here, &plain(9, n as u16));
        }
    }
    let packet = plain(9, 5);
    let sent = sealed(&mut here, &packet);
    assert_eq!(there.open_rtp(&sent), Ok(&packet[..]));
    let other = plain(10, 5);
    let (mut far, _) = pair();
    for n in 0..12u32 {
        sealed(&mut far, &plain(10, (n * 0x4000) as u16));
    }
    let late = sealed(&mut far, &other);
    assert_eq!(there.open_rtp(&late), Err(Rejected::Unauthentic));
}

#[test]
fn another_stream_of_the_peer_counts_for_itself() {
    let (mut here, mut there) = pair();
    for ssrc in 1..10 {
        let mut restarted = side(Suite::AesCm128HmacSha1_80, OURS, THEIRS);
        let packet = plain(ssrc, 100);
        let sent = sealed(&mut restarted, &packet);
        assert_eq!(there.open_rtp(&sent), Ok(&packet[..]), "stream {ssrc}");
    }
    // A stranger without the key does not push a stream out.
    let mut stranger = side(Suite::AesCm128HmacSha1_80, NEXT, THEIRS);
    for ssrc in 100..200 {
        let sent = sealed(&mut stranger, &plain(ssrc, 1));
        assert_eq!(there.open_rtp(&sent), Err(Rejected::Unauthentic));
    }
    sealed(&mut here, &plain(9, 99));
    let sent = sealed(&mut here, &plain(9, 100));
    assert_eq!(there.open_rtp(&sent), Err(Rejected::Replayed));
}

#[test]
fn a_new_key_takes_over_and_the_old_one_is_heard_until_then() {
    let (mut here, mut there) = pair();
    let suite = Suite::AesCm128HmacSha1_80;
    let first = sealed(&mut here, &plain(9, 1));
    assert!(there.open_rtp(&first).is_ok());
    let on_its_way = sealed(&mut here, &plain(9, 2));
    here.rekey(settings(suite, NEXT, THEIRS));
    there.rekey(settings(suite, THEIRS, NEXT));
    assert!(there.open_rtp(&on_its_way).is_ok());
    let sent = sealed(&mut here, &plain(9, 3));
    assert_eq!(there.open_rtp(&sent), Ok(&plain(9, 3)[..]));
    // From now on the old key is nobody's.
    let mut old = side(suite, OURS, THEIRS);
    let sent = sealed(&mut old, &plain(9, 4));
    assert_eq!(there.open_rtp(&sent), Err(Rejected::Unauthentic));
}

#[test]
fn the_same_keys_again_change_nothing() {
    let (mut here, mut there) = pair();
    let suite = Suite::AesCm128HmacSha1_80;
    for sequence in [65_534, 65_535, 0] {
        assert!(
            there
                .open_rtp(&sealed(&mut here, &plain(9, sequence)))
                .is_ok()
        );
    }
    here.rekey(settings(suite, OURS, THEIRS));
    there.rekey(settings(suite, THEIRS, OURS));
    // The rollover was not forgotten.
    let sent = sealed(&mut here, &plain(9, 1));
    assert_eq!(there.open_rtp(&sent), Ok(&plain(9, 1)[..]));
}

#[test]
fn a_key_identifier_of_the_peer_is_stepped_over() {
    let suite = Suite::AesCm128HmacSha1_80;
    let mut here = side(suite, OURS, THEIRS);
    let mut there = Srtp::new(SrtpSettings {
        their_mki_len: 4,
        ..settings(suite, THEIRS, OURS)
    });
    let packet = plain(9, 1);
    let mut sent = sealed(&mut here, &packet);
    let tag = sent.split_off(packet.len());
    sent.extend([0, 0, 0, 1]);
    sent.extend(tag);
    assert_eq!(there.open_rtp(&sent), Ok(&packet[..]));
}
