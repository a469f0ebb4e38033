//! Stories of two legs that hear each other, tick by tick.

use std::time::{Instant, SystemTime};

use proptest::prelude::*;

use super::*;
use crate::{
    FRAME, FrameKind,
    dtmf::{self, EventPayload},
    leg::{Command, Event, LegSettings, TickOut},
    playout::{Clip, ClipId, PlayMode},
    port::PortSettings,
    rtp::{HEADER_LEN, Header, Packet},
    security::Protection,
    srtp::{MASTER_LEN, MasterKey, Srtp, SrtpSettings, Suite},
    story::beginning,
};

/// What one leg sent: its header and its payload.
type Sent = (Header, Vec<u8>);

/// A leg, its peer's numbers, and what the peer received.
struct Side {
    leg: Leg,
    sequence: u16,
    received: Vec<Sent>,
    events: Vec<Event>,
    /// Keys that are to go by signalling.
    due: Vec<char>,
    recorded: Vec<FrameKind>,
}

impl Side {
    fn new(codec: Codec, ssrc: u32, change: impl FnOnce(&mut LegSettings)) -> Self {
        let peer = Some("192.0.2.1:4000".parse().unwrap());
        let mut port = PortSettings::new(codec, peer, SystemTime::UNIX_EPOCH);
        (port.ssrc, port.first_sequence, port.first_timestamp) =
            (ssrc, u16::MAX - 5, u32::MAX - 500);
        let mut settings = LegSettings::new(port);
        change(&mut settings);
        Self {
            leg: Leg::new(settings, beginning()),
            sequence: 7,
            received: Vec::new(),
            events: Vec::new(),
            due: Vec::new(),
            recorded: Vec::new(),
        }
    }
}

struct Story {
    sides: [Side; 2],
    now: Instant,
    n_ticks: u32,
}

impl Story {
    fn new(sides: [Side; 2]) -> Self {
        Self {
            sides,
            now: beginning(),
            n_ticks: 0,
        }
    }

    /// Two legs of one codec that have been bridged after five ticks of their own.
    fn bridged(codecs: [Codec; 2]) -> Self {
        let [a, b] = codecs;
        let mut story = Self::new([Side::new(a, 1, |_| ()), Side::new(b, 2, |_| ())]);
        story.ticks(5);
        story.join();
        story
    }

    fn join(&mut self) {
        let [a, b] = &mut self.sides;
        join(&mut a.leg, &mut b.leg);
    }

    /// The peer of a side sends a packet; what the other leg makes of it arrives at the other peer.
    fn say(&mut self, side: usize, header: Header, payload: &[u8]) {
        let mut head = [0; HEADER_LEN];
        header.write(&mut head);
        let datagram = [&head[..], payload].concat();
        let [a, b] = &mut self.sides;
        let (from, to) = if side == 0 { (a, b) } else { (b, a) };
        let mut out = RelayOut::new();
        from.leg.receive_and_pass(
            &datagram,
            "192.0.2.1:4000".parse().unwrap(),
            self.now,
            &mut |packet| {
                if to.leg.relay(packet, &mut out).is_some() {
                    to.received.push(sent(out.bytes()));
                }
            },
        );
    }

    /// The peer of a side says 20 ms, in its own numbers.
    fn voice(&mut self, side: usize, payload_type: u8, byte: u8) {
        let header = Header {
            marker: false,
            payload_type,
            sequence: self.sides[side].sequence,
            timestamp: 90_000 + self.n_ticks * 160,
            ssrc: 100 + side as u32,
        };
        self.sides[side].sequence += 1;
        self.say(side, header, &[byte; 160]);
    }

    fn tick(&mut self) {
        self.now += FRAME;
        self.n_ticks += 1;
        let mut heard = [None; 2];
        for (idx, side) in self.sides.iter_mut().enumerate() {
            let mut out = TickOut::new();
            side.leg.tick(self.now, &mut out);
            side.received
                .extend(out.datagram().map(|datagram| sent(datagram.bytes())));
            side.events.extend(out.events());
            side.due
                .extend(out.events().filter_map(|event| match event {
                    Event::KeyDue { digit } => Some(digit.as_char()),
                    _ => None,
                }));
            side.recorded
                .extend(out.recorded().map(|recorded| recorded.user.kind));
            heard[idx] = out.tap().map(|(_, frame)| *frame);
        }
        let [a, b] = &mut self.sides;
        for (side, frame) in [(a, heard[1]), (b, heard[0])] {
            if let Some(frame) = frame {
                side.leg.hear_other(&frame);
            }
        }
        let keys = self.sides.each_mut().map(|side| {
            let events = std::mem::take(&mut side.events).into_iter();
            let keys = events.filter_map(|event| match event {
                Event::Digit { digit, .. } => Some(digit),
                _ => None,
            });
            keys.collect::<Vec<_>>()
        });
        for (side, keys) in self.sides.iter_mut().zip([&keys[1], &keys[0]]) {
            for digit in keys {
                side.leg.other_pressed(*digit);
            }
        }
    }

    fn ticks(&mut self, n: usize) {
        for _ in 0..n {
            self.tick();
        }
    }
}

fn sent(datagram: &[u8]) -> Sent {
    let packet = Packet::parse(datagram).unwrap();
    (packet.header, packet.payload.to_vec())
}

fn sequences(received: &[Sent]) -> Vec<u16> {
    received.iter().map(|(header, _)| header.sequence).collect()
}

const PCMA: Codec = Codec::G711(g711::Codec::Pcma);
const PCMU: Codec = Codec::G711(g711::Codec::Pcmu);

#[test]
fn packets_pass_unchanged_in_the_legs_own_numbers() {
    let mut story = Story::bridged([PCMA, PCMA]);
    for n in 0..10 {
        story.voice(0, 8, n);
        story.tick();
    }
    let received = &story.sides[1].received;
    let begins = u16::MAX - 5;
    let expected: Vec<u16> = (0..15).map(|n| begins.wrapping_add(n)).collect();
    assert_eq!(sequences(received), expected, "without a break");
    let steps: Vec<u32> = received
        .windows(2)
        .map(|pair| pair[1].0.timestamp.wrapping_sub(pair[0].0.timestamp))
        .collect();
    assert_eq!(steps, [160; 14]);
    for (n, (header, payload)) in (0..).zip(&received[5..]) {
        assert_eq!((header.ssrc, header.payload_type), (2, 8));
        assert_eq!(payload, &[n; 160]);
        assert_eq!(header.marker, n == 0, "a new talk spurt");
    }
}

#[test]
fn what_passes_to_an_encrypted_leg_is_encrypted() {
    let keys = |ours, theirs| SrtpSettings {
        suite: Suite::AesCm128HmacSha1_80,
        ours: MasterKey::of([ours; MASTER_LEN]),
        theirs: MasterKey::of([theirs; MASTER_LEN]),
        their_mki_len: 0,
    };
    let mut story = Story::new([
        Side::new(PCMA, 1, |_| ()),
        Side::new(PCMA, 2, |settings| {
            settings.port.protection = Some(Protection::Keys(keys(1, 2)));
        }),
    ]);
    story.join();
    let mut peer = Srtp::new(keys(2, 1));
    for byte in [0x2A, 0x2B] {
        story.voice(0, 8, byte);
        let (header, payload) = story.sides[1].received.last().unwrap();
        let mut head = [0; HEADER_LEN];
        header.write(&mut head);
        let datagram = [&head[..], payload].concat();
        assert!(!datagram.windows(3).any(|bytes| bytes == [byte; 3]));
        let opened = peer.open_rtp(&datagram).unwrap();
        assert_eq!(opened[HEADER_LEN..], [byte; 160]);
    }
}

#[test]
fn what_is_lost_before_us_is_lost_behind_us() {
    let mut story = Story::bridged([PCMA, PCMA]);
    for n in 0..10 {
        if n == 4 {
            story.sides[0].sequence += 1;
        } else {
            story.voice(0, 8, n);
        }
        story.tick();
    }
    let relayed = &story.sides[1].received[5..];
    let gaps: Vec<(u16, u32)> = relayed
        .windows(2)
        .map(|pair| {
            (
                pair[1].0.sequence.wrapping_sub(pair[0].0.sequence),
                pair[1].0.timestamp.wrapping_sub(pair[0].0.timestamp),
            )
        })
        .filter(|gap| *gap != (1, 160))
        .collect();
    assert_eq!(gaps, [(2, 320)]);
    assert!(!story.sides[0].recorded.contains(&FrameKind::Gap));
}

#[test]
fn a_law_becomes_u_law_by_a_table() {
    let mut story = Story::bridged([PCMA, PCMU]);
    let loud = g711::Codec::Pcma.encode(12_000);
    story.voice(0, 8, loud);
    let (header, payload) = story.sides[1].received.last().unwrap();
    assert_eq!(header.payload_type, 0);
    let heard = g711::Codec::Pcmu.decode(payload[0]);
    assert!((heard - 12_000).abs() < 500, "{heard}");
}

#[test]
fn frames_pass_between_codecs_that_are_not_alike() {
    let mut story = Story::bridged([PCMA, Codec::G722]);
    for n in 0..40_i32 {
        let loud = if n % 2 == 0 { 9_000 } else { 8_000 };
        story.voice(0, 8, g711::Codec::Pcma.encode(loud));
        story.tick();
    }
    let received = &story.sides[1].received;
    assert_eq!(received.len(), 45, "a packet a tick");
    assert!(received.iter().all(|(header, _)| header.payload_type == 9));
    assert!(
        received[44]
            .1
            .iter()
            .any(|byte| *byte != received[2].1[159])
    );
}

/// The packets of a key that is held for 100 ms.
fn press(story: &mut Story, side: usize, event: u8) {
    let timestamp = 90_000 + story.n_ticks * 160;
    for step in 1..=7_u16 {
        let payload = EventPayload {
            event,
            end: step >= 5,
            volume: 10,
            duration: 160 * step.min(5),
        };
        let header = Header {
            marker: step == 1,
            payload_type: 101,
            sequence: story.sides[side].sequence,
            timestamp,
            ssrc: 100 + side as u32,
        };
        story.sides[side].sequence += 1;
        story.say(side, header, &payload.to_bytes());
        story.tick();
    }
}

/// The same key as a tone in the sound.
fn press_tones(story: &mut Story, side: usize, event: u8) {
    let mut sender = dtmf::ToneSender::default();
    for step in 0..8_u16 {
        let payload = EventPayload {
            event,
            end: false,
            volume: 10,
            duration: 160 * (step + 1),
        };
        let samples = match step {
            0..5 => sender.frame(payload, step == 0),
            _ => SILENT_FRAME,
        };
        let header = Header {
            marker: false,
            payload_type: 8,
            sequence: story.sides[side].sequence,
            timestamp: 90_000 + story.n_ticks * 160,
            ssrc: 100 + side as u32,
        };
        story.sides[side].sequence += 1;
        let sound: Vec<u8> = samples
            .iter()
            .map(|sample| g711::Codec::Pcma.encode(*sample))
            .collect();
        story.say(side, header, &sound);
        story.tick();
    }
}

#[test]
fn comfort_noise_becomes_silence_as_nobody_agreed_on_it() {
    let mut story = Story::bridged([PCMA, PCMA]);
    let noise = |story: &mut Story| {
        let header = Header {
            marker: false,
            payload_type: 13,
            sequence: story.sides[0].sequence,
            timestamp: 90_000 + story.n_ticks * 160,
            ssrc: 100,
        };
        story.sides[0].sequence += 1;
        story.say(0, header, &[60]);
        story.tick();
    };
    for _ in 0..5 {
        story.voice(0, 8, 1);
        story.tick();
    }
    noise(&mut story);
    story.ticks(9);
    for _ in 0..5 {
        story.voice(0, 8, 2);
        story.tick();
    }
    let received = &story.sides[1].received[5..];
    assert!(received.iter().all(|(header, _)| header.payload_type == 8));
    let silent = [g711::Codec::Pcma.silence(); 160];
    let n_silent = received.iter().filter(|(_, sound)| *sound == silent);
    assert_eq!(n_silent.count(), 10, "the way through a NAT stays open");
    assert_eq!(received.last().unwrap().1, [2; 160]);
    let numbers = sequences(received);
    assert!(
        numbers
            .windows(2)
            .all(|pair| pair[1] == pair[0].wrapping_add(1))
    );
}

#[test]
fn keys_pass_as_the_events_that_came() {
    let mut story = Story::bridged([PCMA, PCMA]);
    story.voice(0, 8, 1);
    story.tick();
    press(&mut story, 0, 5);
    story.voice(0, 8, 1);
    let events: Vec<&Sent> = story.sides[1]
        .received
        .iter()
        .filter(|(header, _)| header.payload_type == 101)
        .collect();
    assert_eq!(events.len(), 7);
    assert!(
        events
            .windows(2)
            .all(|pair| pair[0].0.timestamp == pair[1].0.timestamp)
    );
    assert!(events[0].0.marker && !events[1].0.marker);
    assert_eq!(events[6].1[0], 5);
}

#[test]
fn keys_become_tones_for_a_phone_without_events() {
    let mut story = Story::new([
        Side::new(PCMA, 1, |_| ()),
        Side::new(PCMA, 2, |settings| settings.port.dtmf_payload_type = None),
    ]);
    story.join();
    story.voice(0, 8, 0xD5);
    story.tick();
    press(&mut story, 0, 5);
    story.ticks(12);
    let received = &story.sides[1].received;
    assert!(received.iter().all(|(header, _)| header.payload_type == 8));
    let loud = |payload: &[u8]| {
        payload
            .iter()
            .any(|byte| g711::Codec::Pcma.decode(*byte).abs() > 2_000)
    };
    assert_eq!(
        received.iter().filter(|(_, payload)| loud(payload)).count(),
        5
    );
}

/// Complaint 13: keys go between legs by what each of them can.
#[test]
fn keys_of_events_and_of_tones_are_handed_to_signalling_for_a_phone_that_wants_them_so() {
    for (tones, clock_hz) in [(false, 8_000), (false, 48_000), (true, 8_000)] {
        let mut story = Story::new([
            Side::new(PCMA, 1, |settings| {
                if tones {
                    settings.port.dtmf_payload_type = None;
                    settings.port.dtmf_payload_type_received = None;
                }
                settings.port.dtmf_clock_factor = (clock_hz / 8_000) as u16;
            }),
            Side::new(PCMA, 2, |settings| settings.signals_keys = true),
        ]);
        story.join();
        story.voice(0, 8, 0xD5);
        story.tick();
        if tones {
            press_tones(&mut story, 0, 5);
        } else {
            press(&mut story, 0, 5);
        }
        story.ticks(12);
        assert_eq!(story.sides[1].due, ['5'], "tones {tones}, clock {clock_hz}");
        let received = &story.sides[1].received;
        assert!(received.iter().all(|(header, _)| header.payload_type == 8));
    }
}

#[test]
fn a_tone_that_a_leg_plays_goes_before_what_the_other_says() {
    let mut story = Story::bridged([PCMA, PCMA]);
    story.voice(0, 8, 1);
    story.tick();
    story.sides[1].leg.command(Command::Play {
        clip: Clip::whole(ClipId(1), vec![8_000; 160 * 3].into()),
        mode: PlayMode::Queue,
    });
    story.tick();
    for _ in 0..6 {
        story.voice(0, 8, 1);
        story.tick();
    }
    let received = &story.sides[1].received;
    let ones = received
        .iter()
        .filter(|(_, payload)| payload == &[1; 160])
        .count();
    assert_eq!(ones, 1 + 3, "while it plays nothing passes");
    let in_order = sequences(received)
        .windows(2)
        .all(|pair| pair[1] == pair[0].wrapping_add(1));
    assert!(in_order, "{:?}", sequences(received));
}

#[test]
fn a_leg_on_hold_hears_nothing_and_misses_nothing() {
    let mut story = Story::bridged([PCMA, PCMA]);
    story.voice(0, 8, 1);
    story.tick();
    story.sides[1].leg.command(Command::Hold(true));
    let n_received = story.sides[1].received.len();
    for _ in 0..5 {
        story.voice(0, 8, 1);
        story.tick();
    }
    assert_eq!(story.sides[1].received.len(), n_received);
    story.sides[1].leg.command(Command::Hold(false));
    story.voice(0, 8, 1);
    let [.., before, after] = &story.sides[1].received[..] else {
        panic!("nothing was received")
    };
    assert_eq!(after.0.sequence, before.0.sequence.wrapping_add(1));
    assert!(after.0.timestamp.wrapping_sub(before.0.timestamp) >= 160 * 5);
}

#[test]
fn both_sides_are_recorded_and_what_nobody_records_is_not_decoded() {
    let mut story = Story::bridged([PCMA, PCMA]);
    for _ in 0..10 {
        story.voice(0, 8, 1);
        story.voice(1, 8, 2);
        story.tick();
    }
    for side in &story.sides {
        let n_heard = side
            .recorded
            .iter()
            .filter(|kind| **kind == FrameKind::Audio)
            .count();
        assert!(n_heard >= 7, "{n_heard}");
    }
    let silent = |ssrc| Side::new(PCMA, ssrc, |settings| settings.record = false);
    let mut story = Story::new([silent(1), silent(2)]);
    story.join();
    for _ in 0..5 {
        story.voice(0, 8, 1);
        story.tick();
    }
    let [a, b] = &story.sides;
    assert_eq!((a.leg.stats(story.now).frames, b.received.len()), (0, 5));
}

#[test]
fn a_leg_whose_other_is_gone_speaks_for_itself_again() {
    let mut story = Story::bridged([PCMA, PCMA]);
    story.voice(0, 8, 1);
    story.tick();
    story.sides[1].leg.part();
    let n_received = story.sides[1].received.len();
    story.voice(0, 8, 1);
    story.ticks(3);
    let own = &story.sides[1].received[n_received..];
    assert_eq!(own.len(), 3);
    assert!(own.iter().all(|(_, payload)| payload == &[0xD5; 160]));
}

proptest! {
    /// Loss, repetitions, late packets and new streams: no number is used twice, and time goes on.
    #[test]
    fn whatever_comes_goes_out_in_numbers_that_are_used_once(
        steps in prop::collection::vec((0_u16..6, 0_u32..3, 0_u8..40), 1..200),
    ) {
        let mut story = Story::bridged([PCMA, PCMA]);
        let mut ssrc = 100;
        for (back, n_ticks, chance) in steps {
            let side = &mut story.sides[0];
            side.sequence = side.sequence.wrapping_add(2);
            let mut sequence = side.sequence.wrapping_sub(back);
            if chance == 0 {
                ssrc += 1;
                sequence = sequence.wrapping_add(9_000);
                story.sides[0].sequence = sequence;
            }
            let header = Header {
                marker: false,
                payload_type: 8,
                sequence,
                timestamp: u32::from(sequence) * 160,
                ssrc,
            };
            story.say(0, header, &[3; 160]);
            story.ticks(n_ticks as usize);
        }
        let mut numbers = sequences(&story.sides[1].received);
        let n_received = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        prop_assert_eq!(numbers.len(), n_received);
    }
}
