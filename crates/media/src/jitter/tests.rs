//! Stories of the jitter buffer in simulated time: a sender, a network, and 20 ms ticks.

use proptest::prelude::*;

use super::*;
use crate::g711::Codec;

/// Pseudo-random numbers from a seed (xorshift), so that every run is the same.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

proptest! {
    #[test]
    fn wild_packets_never_panic_and_the_delay_is_bounded(
        packets in prop::collection::vec((any::<u16>(), any::<u32>(), 0u32..4, 1usize..900), 0..300),
    ) {
        let mut buffer = JitterBuffer::new(Codec::Pcmu, &JitterSettings::default());
        for (at, (sequence, timestamp, scale, len)) in (0u32..).zip(packets) {
            // From near each other to anywhere.
            let timestamp = timestamp >> (8 * scale);
            let payload = vec![0xAA; len];
            buffer.insert(&Arrival { sequence, timestamp, payload: &payload, at: at * 160 });
            buffer.pop();
            prop_assert!(buffer.delay() <= 4000.0);
        }
    }
}

/// A packet on its way: when it arrives (samples), and what it says.
#[derive(Clone)]
struct Sent {
    arrives: u32,
    sequence: u16,
    timestamp: u32,
    samples: usize,
}

/// `n` packets of `ptime_ms`, sent evenly from time 0, each `late` samples on its way.
fn send(n: u32, ptime_ms: u32, mut late: impl FnMut(u32) -> u32) -> Vec<Sent> {
    let samples = ptime_ms * 8;
    (0..n)
        .map(|n| Sent {
            arrives: (n + 1) * samples + late(n),
            sequence: 65_500u16.wrapping_add(n as u16),
            timestamp: 0xFFFF_F000u32.wrapping_add(n * samples),
            samples: samples as usize,
        })
        .collect()
}

struct Heard {
    /// One letter a tick: Audio, Concealed, Silence, Gap.
    score: String,
    late: usize,
    duplicate: usize,
    delay_ms: Vec<f32>,
    corrections: (u64, u64),
}

/// Lets packets arrive and pops a frame each 20 ms, for `ticks` ticks.
fn play(mut packets: Vec<Sent>, ticks: u32, level: fn(u32) -> u8) -> Heard {
    packets.sort_by_key(|packet| packet.arrives);
    let mut buffer = JitterBuffer::new(Codec::Pcma, &JitterSettings::default());
    let mut packets = packets.into_iter().peekable();
    let mut heard = Heard {
        score: String::new(),
        late: 0,
        duplicate: 0,
        delay_ms: Vec::new(),
        corrections: (0, 0),
    };
    for tick in 1..=ticks {
        while let Some(packet) = packets.next_if(|packet| packet.arrives <= tick * 160) {
            let payload = vec![level(packet.timestamp); packet.samples];
            match buffer.insert(&Arrival {
                sequence: packet.sequence,
                timestamp: packet.timestamp,
                payload: &payload,
                at: packet.arrives,
            }) {
                Inserted::Stored => {}
                Inserted::Duplicate => heard.duplicate += 1,
                Inserted::Late => heard.late += 1,
            }
        }
        heard.score.push(match buffer.pop().kind {
            FrameKind::Audio => 'A',
            FrameKind::Concealed => 'C',
            FrameKind::Silence => 'S',
            FrameKind::Gap => 'G',
        });
        heard.delay_ms.push(buffer.delay() / 8.0);
    }
    heard.corrections = buffer.corrections();
    heard
}

/// A loud sample, so that no frame is quiet.
fn loud(_timestamp: u32) -> u8 {
    0xAA
}

/// Silence.
fn quiet(_timestamp: u32) -> u8 {
    0xD5
}

#[test]
fn an_even_stream_plays_40_ms_after_it_came() {
    assert_eq!(play(send(10, 20, |_| 0), 14, loud).score, "SSAAAAAAAAAACC");
}

#[test]
fn nothing_received_is_silence() {
    assert_eq!(play(Vec::new(), 5, loud).score, "SSSSS");
}

#[test]
fn packets_of_10_to_60_ms_become_frames_of_20() {
    for ptime in [10, 20, 30, 40, 50, 60] {
        let heard = play(send(6000 / ptime, ptime, |_| 0), 300, loud);
        let start = heard.score.find('A').unwrap();
        assert!(
            heard.score[start..].chars().all(|kind| kind == 'A'),
            "{ptime} ms: {}",
            heard.score
        );
    }
}

#[test]
fn a_lost_packet_is_concealed() {
    let mut packets = send(20, 20, |_| 0);
    packets.remove(5);
    assert_eq!(play(packets, 20, loud).score, "SSAAAAACAAAAAAAAAAAA");
}

#[test]
fn a_loss_of_more_than_60_ms_ends_in_a_gap() {
    let mut packets = send(40, 20, |_| 0);
    packets.drain(10..18);
    let score = play(packets, 40, loud).score;
    assert!(score.contains("ACCCG"), "{score}");
    assert!(score.ends_with(&"A".repeat(19)), "{score}");
}

#[test]
fn reordered_packets_play_in_order_and_duplicates_once() {
    let mut packets = send(20, 20, |_| 0);
    packets[6].arrives += 200;
    let again = Sent {
        arrives: packets[9].arrives + 10,
        ..packets[9]
    };
    packets.push(again);
    let heard = play(packets, 20, loud);
    assert_eq!(heard.score, "SSAAAAAAAAAAAAAAAAAA");
    assert_eq!(heard.duplicate, 1);
}

#[test]
fn a_pause_of_the_sender_is_silence_not_loss() {
    let mut packets = send(20, 20, |_| 0);
    for packet in &mut packets[10..] {
        packet.timestamp = packet.timestamp.wrapping_add(160 * 30);
        packet.arrives += 160 * 30;
    }
    // Nothing says that a pause begins; when it ends, the sequence shows that nothing was lost.
    let score = play(packets, 52, loud).score;
    assert!(score.ends_with("SSAAAAAAAAA"), "{score}");
}

#[test]
fn while_a_key_is_pressed_nothing_is_missing() {
    let mut buffer = JitterBuffer::new(Codec::Pcma, &JitterSettings::default());
    let payload = [0xAA; 160];
    let mut score = Vec::new();
    for n in 0..20u16 {
        match n {
            5..15 => buffer.rest(n),
            _ => {
                buffer.insert(&Arrival {
                    sequence: n,
                    timestamp: u32::from(n) * 160,
                    payload: &payload,
                    at: u32::from(n) * 160,
                });
            }
        }
        score.push(buffer.pop().kind);
    }
    assert!(!score.contains(&FrameKind::Concealed), "{score:?}");
    assert!(!score.contains(&FrameKind::Gap), "{score:?}");
    assert_eq!(score.iter().filter(|k| **k == FrameKind::Audio).count(), 8);
}

#[test]
fn one_stray_packet_changes_nothing_and_two_are_a_new_time_line() {
    let mut packets = send(40, 20, |_| 0);
    packets[10].timestamp = 0x4000_0000;
    let score = play(packets, 40, loud).score;
    assert_eq!(score.matches('C').count(), 1, "{score}");

    let mut packets = send(40, 20, |_| 0);
    for packet in &mut packets[20..] {
        packet.timestamp = packet.timestamp.wrapping_add(0x1234_5678);
    }
    let score = play(packets, 42, loud).score;
    assert!(score.ends_with("AAAAAAAAAAAAAAAAAA"), "{score}");
}

#[test]
fn a_clock_set_back_is_followed_after_100_ms() {
    let mut packets = send(100, 20, |_| 0);
    for packet in &mut packets[50..] {
        packet.timestamp = packet.timestamp.wrapping_sub(8 * 300);
    }
    let score = play(packets, 100, loud).score;
    assert!(score.ends_with(&"A".repeat(38)), "{score}");
}

#[test]
fn with_loss_and_jitter_the_time_line_has_no_holes_and_the_delay_a_bound() {
    for seed in 1..=20 {
        let mut chance = Chance(seed * 7919);
        let mut packets = send(3000, 20, |_| 0);
        for packet in &mut packets {
            packet.arrives += chance.below(480) as u32;
        }
        packets.retain(|_| chance.below(100) >= 5);
        let n_lost = 3000 - packets.len();
        let heard = play(packets, 3000, loud);

        let made_up = heard.score.matches('C').count() + heard.score.matches('G').count();
        assert!(
            made_up < n_lost + 60,
            "seed {seed}: {made_up} frames made up for {n_lost} lost"
        );
        let longest = heard.delay_ms.iter().copied().fold(0.0, f32::max);
        assert!(longest < 160.0, "seed {seed}: {longest} ms");
        assert!(heard.late < 30, "seed {seed}: {} late", heard.late);
    }
}

#[test]
fn a_stall_of_the_network_is_recovered_from() {
    // 300 ms in which nothing comes, then everything at once.
    let packets = send(400, 20, |n| match n {
        100..115 => (115 - n) * 160,
        _ => 0,
    });
    let heard = play(packets, 400, quiet);
    assert!(heard.score.ends_with(&"A".repeat(200)), "{}", heard.score);
    let last = heard.delay_ms[399];
    assert!(last < 140.0, "{last} ms");
}

#[test]
fn drifting_clocks_cost_frames_of_silence_only() {
    // 0.1 % fast and slow: a frame each 20 s, in a call of 200 s.
    for permille in [-1i64, 1] {
        let mut packets = send(10_000, 20, |_| 0);
        for packet in &mut packets {
            let arrives = i64::from(packet.arrives);
            packet.arrives = u32::try_from(arrives + arrives * permille / 1000).unwrap();
        }
        let heard = play(packets, 9_900, quiet);
        assert_eq!(heard.score.matches('C').count(), 0, "{permille}");
        assert_eq!(heard.late, 0, "{permille}");
        let (inserted, dropped) = heard.corrections;
        let net = inserted as i64 - dropped as i64;
        assert!((net - permille * 10).abs() <= 2, "{permille}: {net}");
        let off = heard.delay_ms.iter().copied().fold(0.0, f32::max);
        assert!(off < 75.0, "{permille}: {off} ms");
    }
}
