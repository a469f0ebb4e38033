//! What the recorder and the recognizer get from a leg whose network and whose peer are not as they should
//! be: one time line without holes, aligned to what was said. All in virtual time, from seeds.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "any instant will do to begin with, and a test stops where it fails"
)]

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    time::{Duration, Instant, SystemTime},
};

use media::{
    FRAME, FrameKind,
    g711::Codec,
    leg::{Event, Leg, LegSettings, TickOut},
    port::PortSettings,
    rtp::{HEADER_LEN, Header},
};

const PEER: &str = "192.0.2.1:4000";
const FRAMES_A_SECOND: usize = 50;

/// Chance from a seed (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
}

/// A person who speaks for 2 s and is silent for 1 s; the loudness of each frame tells it from others.
fn loudness(frame: usize) -> i16 {
    if frame % (3 * FRAMES_A_SECOND) >= 2 * FRAMES_A_SECOND {
        return 0;
    }
    let mut chance = Chance(frame as u64);
    1_000 + i16::try_from(chance.below(12_000)).unwrap()
}

/// 20 ms of a tone of this loudness.
fn sound(loudness: i16) -> Vec<u8> {
    (0..160)
        .map(|n| {
            let phase = f32::from(n as u8) * 500.0 / 8000.0 * std::f32::consts::TAU;
            Codec::Pcmu.encode((phase.sin() * f32::from(loudness)) as i16)
        })
        .collect()
}

fn packet(payload_type: u8, ssrc: u32, sequence: u16, timestamp: u32, payload: &[u8]) -> Vec<u8> {
    let header = Header {
        marker: false,
        payload_type,
        sequence,
        timestamp,
        ssrc,
    };
    let mut head = [0; HEADER_LEN];
    header.write(&mut head);
    [&head[..], payload].concat()
}

/// What was recorded of the peer: how loud each frame is, and of which kind.
#[derive(Default)]
struct Heard {
    loudness: Vec<i16>,
    kinds: BTreeMap<&'static str, usize>,
    timeouts: usize,
}

/// Plays packets, each with the time of its arrival since the beginning, to a leg for so many ticks.
fn play(mut packets: Vec<(Duration, Vec<u8>)>, n_ticks: usize) -> Heard {
    packets.sort_by_key(|(at, _)| *at);
    let peer: SocketAddr = PEER.parse().unwrap();
    let beginning = Instant::now();
    let port = PortSettings::new(Codec::Pcmu, Some(peer), SystemTime::UNIX_EPOCH);
    let mut leg = Leg::new(LegSettings::new(port), beginning);
    let mut out = TickOut::new();
    let mut heard = Heard::default();
    let mut coming = packets.into_iter().peekable();
    for tick in 1..=n_ticks {
        let now = FRAME * u32::try_from(tick).unwrap();
        while let Some((at, datagram)) = coming.next_if(|(at, _)| *at <= now) {
            leg.receive(&datagram, peer, beginning + at);
        }
        leg.tick(beginning + now, &mut out);
        let user = &out.recorded().expect("every tick is recorded").user;
        let loudest = user
            .payload
            .iter()
            .map(|b| Codec::Pcmu.decode(*b).saturating_abs());
        heard.loudness.push(loudest.max().unwrap_or(0));
        let kind = match user.kind {
            FrameKind::Audio => "audio",
            FrameKind::Silence => "silence",
            FrameKind::Concealed => "concealed",
            FrameKind::Gap => "gap",
        };
        *heard.kinds.entry(kind).or_default() += 1;
        let is_timeout = |event: &Event| matches!(event, Event::RtpTimeout { .. });
        heard.timeouts += out.events().filter(is_timeout).count();
    }
    heard
}

/// By how many frames what was heard around `at` lies behind what was said, and how alike they are.
fn lag(heard: &Heard, at: usize) -> (i64, f64) {
    let window = 6 * FRAMES_A_SECOND;
    let of = |values: Vec<f64>| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.into_iter().map(|v| v - mean).collect::<Vec<f64>>()
    };
    let part = of((at..at + window)
        .map(|n| f64::from(heard.loudness[n]))
        .collect());
    (-60_i64..60)
        .map(|lag| {
            let said = (at..at + window)
                .map(|n| n as i64 - lag)
                .map(|n| f64::from(usize::try_from(n).map_or(0, loudness)))
                .collect();
            let said = of(said);
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            let alike = dot(&part, &said) / (dot(&part, &part) * dot(&said, &said)).sqrt();
            (lag, alike)
        })
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap()
}

/// The packets of a person who speaks for so many frames of 20 ms on a clock that runs `ppm` fast.
fn spoken(n_frames: usize, ppm: i64) -> Vec<(Duration, Vec<u8>)> {
    (0..n_frames)
        .map(|n| {
            let exact = 20_000_i64 * n as i64;
            let at = exact - exact * ppm / 1_000_000;
            let at = Duration::from_micros(u64::try_from(at).unwrap());
            let bytes = packet(0, 7, n as u16, n as u32 * 160, &sound(loudness(n)));
            (at, bytes)
        })
        .collect()
}

#[test]
fn a_clock_that_drifts_for_an_hour_makes_no_hole_and_does_not_run_away() {
    for ppm in [-200, 200] {
        let n_ticks = 3600 * FRAMES_A_SECOND;
        let ahead = n_ticks as i64 * ppm / 1_000_000;
        let n_frames = n_ticks.saturating_add_signed(isize::try_from(ahead).unwrap());
        let heard = play(spoken(n_frames - 100, ppm), n_ticks - 200);
        for kind in ["gap", "concealed"] {
            assert_eq!(heard.kinds.get(kind), None, "{ppm} ppm: {:?}", heard.kinds);
        }
        // What is behind at the end is what the clock is behind: 36 frames in an hour.
        for minute in [1, 20, 40, 59] {
            let at = minute * 60 * FRAMES_A_SECOND;
            let (lag, alike) = lag(&heard, at);
            let drifted = -(at as i64 * ppm / 1_000_000);
            // Frames lie astride those that were said: half of each at worst.
            assert!(alike > 0.7, "{ppm} ppm, minute {minute}: {alike}");
            let behind = lag - drifted;
            assert!(
                (0..=8).contains(&behind),
                "{ppm} ppm, minute {minute}: {behind}"
            );
        }
    }
}

#[test]
fn with_loss_and_jitter_the_recording_is_aligned_to_what_was_said() {
    for seed in 1..=8 {
        let mut chance = Chance(seed);
        let n = 120 * FRAMES_A_SECOND;
        let mut packets = spoken(n, 0);
        packets.retain(|_| chance.below(100) >= 5);
        for (at, _) in &mut packets {
            *at += Duration::from_micros(chance.below(60_000));
        }
        // One in a hundred comes twice.
        let twice: Vec<_> = packets.iter().step_by(100).cloned().collect();
        packets.extend(twice);
        let heard = play(packets, n - 50);
        assert_eq!(
            heard.kinds.get("gap"),
            None,
            "seed {seed}: {:?}",
            heard.kinds
        );
        let lags: Vec<i64> = (0..11)
            .map(|n| {
                let (lag, alike) = lag(&heard, (5 + n * 10) * FRAMES_A_SECOND);
                assert!(alike > 0.75, "seed {seed}, part {n}: {alike}");
                lag
            })
            .collect();
        let (least, most) = (lags.iter().min().unwrap(), lags.iter().max().unwrap());
        assert!(
            *least >= 0 && *most <= 8,
            "seed {seed}: at most 160 ms behind: {lags:?}"
        );
        assert!(most - least <= 4, "seed {seed}: {lags:?}");
    }
}

#[test]
fn another_stream_and_another_payload_type_in_mid_call_leave_the_time_line_whole() {
    let n = 30 * FRAMES_A_SECOND;
    let packets = (0..n)
        .map(|n| {
            // After 10 s another machine sends: other SSRC, sequence and time.
            let bytes = match n {
                ..500 => packet(0, 7, n as u16, n as u32 * 160, &sound(loudness(n))),
                _ => packet(
                    0,
                    99,
                    40_000 + n as u16,
                    5 + n as u32 * 160,
                    &sound(loudness(n)),
                ),
            };
            (FRAME * n as u32, bytes)
        })
        .collect();
    let heard = play(packets, n - 10);
    assert_eq!(heard.timeouts, 0);
    let missing: usize = ["gap", "concealed"]
        .iter()
        .filter_map(|kind| heard.kinds.get(kind))
        .sum();
    assert!(missing <= 5, "{:?}", heard.kinds);
    for second in [2, 14, 20] {
        let (lag, alike) = lag(&heard, second * FRAMES_A_SECOND);
        assert!(
            alike > 0.9 && (0..=8).contains(&lag),
            "second {second}: {lag} {alike}"
        );
    }
}

/// Payload types of an offer and its answer may differ (RFC 3264 section 5.1); some peers send theirs,
/// others ours.
#[test]
fn what_comes_under_our_payload_type_or_theirs_is_heard() {
    for sent_by_peer in [111, 96] {
        let peer: SocketAddr = PEER.parse().unwrap();
        let mut now = Instant::now();
        let mut port = PortSettings::new(Codec::Pcmu, Some(peer), SystemTime::UNIX_EPOCH);
        port.payload_type = 96;
        port.payload_type_received = 111;
        port.dtmf_payload_type = Some(100);
        port.dtmf_payload_type_received = Some(101);
        let mut leg = Leg::new(LegSettings::new(port), now);
        let mut out = TickOut::new();
        let (mut n_heard, mut keys) = (0, Vec::new());
        for n in 0..60_u16 {
            let key = if sent_by_peer == 96 { 100 } else { 101 };
            let bytes = match n {
                20..25 => {
                    let end = if n == 24 { 0x80 } else { 0 };
                    packet(key, 7, n, 20 * 160, &[5, end | 10, 0, 160])
                }
                _ => packet(sent_by_peer, 7, n, u32::from(n) * 160, &sound(8_000)),
            };
            leg.receive(&bytes, peer, now);
            now += FRAME;
            leg.tick(now, &mut out);
            let user = &out.recorded().unwrap().user;
            n_heard += usize::from(user.kind == FrameKind::Audio);
            keys.extend(out.events().filter_map(|event| match event {
                Event::Digit { digit, .. } => Some(digit.as_char()),
                _ => None,
            }));
            let sent = media::rtp::Packet::parse(out.datagram().unwrap().bytes()).unwrap();
            assert_eq!(sent.header.payload_type, 96);
        }
        assert!(n_heard > 45, "{sent_by_peer}: {n_heard}");
        assert_eq!(keys, ['5'], "{sent_by_peer}");
    }
}
