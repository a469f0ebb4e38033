//! Stories of a leg: what a shell sees, tick by tick.

use std::time::{Duration, SystemTime};

use proptest::prelude::*;

use super::*;
use crate::{
    FRAME,
    dtmf::{Digit, EventPayload},
    g711::Codec,
    playout::{Clip, PlayMode},
    port::{LatchRule, PortSettings},
    rtcp::{NtpTime, SenderInfo, Writer},
    rtp::{HEADER_LEN, Header, Packet},
    story::beginning,
};

const PEER: &str = "192.0.2.1:4000";

struct Story {
    leg: Leg,
    start: Instant,
    now: Instant,
    out: TickOut,
    sequence: u16,
    /// Events with the tick in which they came.
    events: Vec<(u32, Event)>,
    n_ticks: u32,
}

impl Story {
    fn new(change: impl FnOnce(&mut LegSettings)) -> Self {
        let start = beginning();
        let remote = Some(PEER.parse().unwrap());
        let port = PortSettings::new(Codec::Pcma, remote, SystemTime::UNIX_EPOCH);
        let mut settings = LegSettings::new(port);
        change(&mut settings);
        Self {
            leg: Leg::new(settings, start),
            start,
            now: start,
            out: TickOut::new(),
            sequence: 0,
            events: Vec::new(),
            n_ticks: 0,
        }
    }

    /// The peer sends a packet, and a tick passes. Returns what we sent: payload type, first
    /// and last byte of the payload.
    fn tick(&mut self, payload: Option<(u8, &[u8])>) -> Option<(u8, u8, u8)> {
        if let Some((payload_type, payload)) = payload {
            let header = Header {
                marker: false,
                payload_type,
                sequence: self.sequence,
                timestamp: self.n_ticks * 160,
                ssrc: 9,
            };
            self.sequence += 1;
            let mut head = [0; HEADER_LEN];
            header.write(&mut head);
            let datagram = [&head[..], payload].concat();
            self.leg.receive(&datagram, PEER.parse().unwrap(), self.now);
        }
        self.now += FRAME;
        self.n_ticks += 1;
        self.leg.tick(self.now, &mut self.out);
        let events = self.out.events().map(|event| (self.n_ticks, event));
        self.events.extend(events);
        let datagram = self.out.datagram()?;
        let packet = Packet::parse(datagram.bytes()).unwrap();
        let (first, last) = (packet.payload[0], *packet.payload.last().unwrap());
        Some((packet.header.payload_type, first, last))
    }

    fn ticks(&mut self, n: usize, payload: Option<(u8, &[u8])>) {
        for _ in 0..n {
            self.tick(payload);
        }
    }

    /// Names of the events so far, with their ticks.
    fn names(&self) -> Vec<(u32, &'static str)> {
        let names = self.events.iter().map(|&(tick, event)| {
            let name = match event {
                Event::FirstPacket { .. } => "first packet",
                Event::SpeechStarted { .. } => "speech started",
                Event::SpeechStopped { .. } => "speech stopped",
                Event::SpeechLasts { .. } => "speech lasts",
                Event::Beep { .. } => "beep",
                Event::Digit { .. } => "digit",
                Event::ClipStarted { .. } => "clip started",
                Event::ClipEnded { cut: true, .. } => "clip cut",
                Event::ClipEnded { cut: false, .. } => "clip ended",
                Event::KeyDue { .. } => "key due",
                Event::DigitsSent { .. } => "digits sent",
                Event::RtpTimeout { .. } => "rtp timeout",
                Event::Secured { .. } => "secured",
                Event::HandshakeFailed { .. } => "handshake failed",
            };
            (tick, name)
        });
        names.collect()
    }
}

fn clip(id: u64, ms: usize) -> Clip {
    Clip::whole(ClipId(id), vec![8000; ms * 8].into())
}

fn play(clip: Clip) -> Command {
    Command::Play {
        clip,
        mode: PlayMode::Queue,
    }
}

/// A loud vowel as in `vad`: a 125 Hz buzz, encoded.
fn buzz() -> Vec<u8> {
    let wave = (0..160).map(|n| {
        let t = n as f32 / 8000.0 * std::f32::consts::TAU;
        let sum: f32 = (1..12)
            .map(|h| (t * 125.0 * h as f32).sin() / h as f32)
            .sum();
        Codec::Pcma.encode((sum * 6000.0) as i16)
    });
    wave.collect()
}

#[test]
fn a_leg_with_nothing_to_say_sends_silence() {
    let mut story = Story::new(|_| {});
    for _ in 0..5 {
        assert_eq!(story.tick(None), Some((8, 0xD5, 0xD5)));
    }
    let recorded = story.out.recorded().unwrap();
    assert_eq!(recorded.agent.kind, FrameKind::Silence);
    assert_eq!(recorded.user.kind, FrameKind::Silence);
}

#[test]
fn a_leg_of_g722_hears_and_speaks_it_and_records_what_any_place_can_be_read_of() {
    let mut story = Story::new(|settings| {
        settings.port.codec = crate::Codec::G722;
        settings.port.payload_type = 9;
    });
    let tone: Vec<i16> = (0..160 * 50)
        .map(|n| ((n as f32 * 0.4).sin() * 9000.0) as i16)
        .collect();
    let mut wire = vec![0; tone.len()];
    let mut peer = crate::g722::Encoder::new();
    peer.encode_into(&tone, &mut wire);
    story.leg.command(play(clip(1, 1000)));
    let mut ours = crate::g722::Decoder::new();
    let mut spoken = 0;
    for payload in wire.chunks(160) {
        story.tick(Some((9, payload)));
        let packet = Packet::parse(story.out.datagram().unwrap().bytes()).unwrap();
        assert_eq!((packet.header.payload_type, packet.payload.len()), (9, 160));
        for byte in packet.payload {
            spoken = ours.decode(*byte);
        }
    }
    // The clip holds one value: the decoder has come near it.
    assert!((7000..9000).contains(&spoken), "{spoken}");
    let (kind, heard) = *story.out.tap().unwrap();
    assert_eq!(kind, FrameKind::Audio);
    let loudest = heard.iter().copied().max().unwrap();
    assert!((8000..10_000).contains(&loudest), "{loudest}");
    let recorded = story.out.recorded().unwrap();
    for (byte, sample) in recorded.user.payload.iter().zip(heard) {
        let error = i32::from(Codec::Pcma.decode(*byte)) - i32::from(sample);
        assert!(error.abs() <= 512, "{error}");
    }
    assert_eq!(recorded.agent.payload[9], Codec::Pcma.encode(8000));
}

#[test]
fn a_new_manner_of_listening_begins_in_silence() {
    let mut story = Story::new(|_| {});
    let buzz = buzz();
    story.ticks(20, Some((8, &buzz)));
    let started = |story: &Story| {
        let names = story.names();
        names
            .iter()
            .filter(|(_, name)| *name == "speech started")
            .count()
    };
    assert_eq!(started(&story), 1);
    story.leg.command(Command::Listen {
        vad: crate::vad::VadSettings::default(),
        beeps: false,
    });
    story.ticks(20, Some((8, &buzz)));
    assert_eq!(started(&story), 2, "whoever is speaking has just begun");
}

#[test]
fn a_clip_leaves_in_the_tick_after_its_command() {
    let mut story = Story::new(|_| {});
    story.tick(None);
    story.leg.command(play(clip(1, 40)));
    let loud = Codec::Pcma.encode(8000);
    assert_eq!(story.tick(None), Some((8, loud, loud)));
    assert_eq!(story.leg.samples_sent(ClipId(1)), Some(160));
    story.ticks(2, None);
    assert_eq!(story.names(), [(2, "clip started"), (3, "clip ended")]);
    assert_eq!(story.leg.samples_sent(ClipId(1)), None);
}

#[test]
fn a_cut_takes_effect_within_one_tick() {
    let mut story = Story::new(|_| {});
    story.leg.command(play(clip(1, 1000)));
    story.ticks(10, None);
    story.leg.command(Command::CutAll);
    let (_, first, last) = story.tick(None).unwrap();
    assert_ne!(first, 0xD5);
    assert_eq!(last, 0xD5);
    let ended = story.events.last().unwrap().1;
    assert_eq!(
        ended,
        Event::ClipEnded {
            id: ClipId(1),
            samples_sent: 1640,
            cut: true,
            underrun_ticks: 0,
            at: story.now,
        }
    );
}

#[test]
fn the_callers_speech_is_heard_tapped_and_recorded() {
    let mut story = Story::new(|_| {});
    let (voice, silence) = (buzz(), [0xD5; 160]);
    story.ticks(20, Some((8, &silence)));
    story.ticks(25, Some((8, &voice)));
    let (kind, samples) = *story.out.tap().unwrap();
    assert_eq!(kind, FrameKind::Audio);
    assert!(samples.iter().any(|&s| s > 4000));
    assert_eq!(story.out.recorded().unwrap().user.payload[..], voice[..]);
    story.ticks(25, Some((8, &silence)));

    let names: Vec<_> = story.names().into_iter().map(|(_, name)| name).collect();
    assert_eq!(
        names,
        [
            "first packet",
            "speech started",
            "speech lasts",
            "speech stopped"
        ]
    );
    let Event::SpeechStarted { at } = story.events[1].1 else {
        panic!("{:?}", story.events);
    };
    // Sent in ticks 21 to 45; the jitter buffer's 40 ms do not count.
    let at = (at - story.start).as_millis();
    assert!((380..=440).contains(&at), "{at}");
    let Event::SpeechStopped { last_voice, .. } = story.events[3].1 else {
        panic!("{:?}", story.events);
    };
    let last_voice = (last_voice - story.start).as_millis();
    assert!((880..=960).contains(&last_voice), "{last_voice}");
}

#[test]
fn a_key_is_one_event() {
    let mut story = Story::new(|_| {});
    let event = EventPayload {
        event: 5,
        end: true,
        volume: 10,
        duration: 800,
    };
    story.tick(Some((101, &event.to_bytes())));
    story.ticks(3, None);
    let digit = Digit::try_from('5').unwrap();
    let duration = Duration::from_millis(100);
    assert_eq!(story.events[1].1, Event::Digit { digit, duration });
    assert_eq!(story.events.len(), 2);
}

#[test]
fn digits_go_out_before_speech_goes_on() {
    let mut story = Story::new(|_| {});
    story.leg.command(play(clip(1, 60)));
    story.tick(None);
    let digits = vec![Digit::try_from('1').unwrap()];
    story.leg.command(Command::SendDigits(digits));
    let types: Vec<_> = (0..12).map(|_| story.tick(None).unwrap().0).collect();
    assert_eq!(types, [101, 101, 101, 101, 101, 101, 101, 8, 8, 8, 8, 8]);
    assert_eq!(
        story.names(),
        [(1, "clip started"), (11, "digits sent"), (13, "clip ended")]
    );
}

#[test]
fn what_waits_for_a_long_packet_leaves_before_a_key() {
    let mut story = Story::new(|settings| settings.port.packet_ms = 60);
    story.leg.command(play(clip(1, 400)));
    story.ticks(5, None);
    story
        .leg
        .command(Command::SendDigits(vec![Digit::try_from('1').unwrap()]));
    story.tick(None);
    let sent: Vec<_> = story
        .out
        .datagrams()
        .map(|datagram| {
            let packet = Packet::parse(datagram.bytes()).unwrap();
            let header = packet.header;
            (
                header.payload_type,
                header.sequence,
                header.timestamp,
                packet.payload.len(),
            )
        })
        .collect();
    let [(8, first, began, 320), (101, second, key, 4)] = sent[..] else {
        panic!("two frames wait, and go before the key: {sent:?}");
    };
    assert_eq!(
        (second.wrapping_sub(first), key.wrapping_sub(began)),
        (1, 320)
    );
}

#[test]
fn where_no_events_are_negotiated_keys_are_tones_in_both_directions() {
    let no_events = |settings: &mut LegSettings| settings.port.dtmf_payload_type = None;
    let (mut ours, mut theirs) = (Story::new(no_events), Story::new(no_events));
    let digits = "1#".chars().map(|key| Digit::try_from(key).unwrap());
    ours.leg.command(Command::SendDigits(digits.collect()));
    for _ in 0..40 {
        let (payload_type, ..) = ours.tick(None).unwrap();
        assert_eq!(payload_type, 8);
        let sent = Packet::parse(ours.out.datagram().unwrap().bytes()).unwrap();
        theirs.tick(Some((8, sent.payload)));
    }
    assert_eq!(ours.names(), [(20, "digits sent")]);
    let heard: Vec<char> = theirs
        .events
        .iter()
        .filter_map(|(_, event)| match event {
            Event::Digit { digit, .. } => Some(digit.as_char()),
            _ => None,
        })
        .collect();
    assert_eq!(heard, ['1', '#']);
}

#[test]
fn a_peer_that_is_muted_and_sends_reports_only_is_there() {
    let mut story = Story::new(|settings| settings.rtp_timeout = Some(Duration::from_secs(1)));
    story.tick(Some((8, &[0xD5; 160])));
    let report = |story: &mut Story, ssrc: u32| {
        let mut buf = [0; crate::port::RTCP_MAX];
        let mut writer = Writer::new(&mut buf);
        let sender = SenderInfo {
            ntp: NtpTime::from_wall(SystemTime::UNIX_EPOCH),
            rtp_timestamp: 0,
            packets: 1,
            octets: 160,
        };
        writer.report(ssrc, Some(&sender), None);
        writer.cname(ssrc, b"peer");
        let len = writer.len();
        let from = PEER.parse().unwrap();
        story.leg.receive_rtcp(&buf[..len], from, story.now);
    };
    for _ in 0..5 {
        story.ticks(40, None);
        report(&mut story, 9);
    }
    assert_eq!(story.names(), [(1, "first packet")]);
    // Reports of a stream that nobody sends us are no sign of life.
    for _ in 0..2 {
        story.ticks(40, None);
        report(&mut story, 77);
    }
    assert_eq!(story.names()[1..], [(251, "rtp timeout")]);
}

#[test]
fn no_digits_are_done_at_once() {
    let mut story = Story::new(|_| {});
    story.leg.command(Command::SendDigits(Vec::new()));
    assert_eq!(story.tick(None), Some((8, 0xD5, 0xD5)));
    assert_eq!(story.names(), [(1, "digits sent")]);
}

#[test]
fn silence_of_the_peer_is_reported_once_and_not_on_hold() {
    let mut story = Story::new(|settings| settings.rtp_timeout = Some(Duration::from_secs(1)));
    story.leg.command(Command::Hold(true));
    assert_eq!(story.tick(None), None);
    story.ticks(99, None);
    story.leg.command(Command::Hold(false));
    story.ticks(150, None);
    assert_eq!(story.names(), [(151, "rtp timeout")]);
    story.ticks(2, Some((8, &[0xD5; 160])));
    story.ticks(100, None);
    assert_eq!(
        story.names()[1..],
        [(251, "first packet"), (301, "rtp timeout")]
    );
}

#[test]
fn a_peer_is_missed_from_its_answer_on_whatever_came_before() {
    let mut story = Story::new(|settings| settings.rtp_timeout = None);
    story.ticks(100, None);
    let second = Some(Duration::from_secs(1));
    for (limit, missed_at) in [(second, Some(151)), (second, Some(211)), (None, None)] {
        let n_before = story.names().len();
        story.leg.command(Command::Watch(limit));
        story.ticks(60, None);
        let missed: Vec<_> = missed_at
            .map(|at| (at, "rtp timeout"))
            .into_iter()
            .collect();
        assert_eq!(story.names()[n_before..], missed);
    }
}

#[test]
fn a_peer_that_is_not_to_send_is_not_missed_and_hears_on() {
    let limit = Some(Duration::from_secs(1));
    let mut story = Story::new(|settings| {
        (settings.rtp_timeout, settings.expected) = (limit, false);
    });
    story.ticks(99, None);
    assert!(story.tick(None).is_some());
    story.leg.command(Command::Expect(true));
    story.ticks(60, None);
    assert_eq!(story.names(), [(151, "rtp timeout")]);
    story.ticks(2, Some((8, &[0xD5; 160])));
    story.leg.command(Command::Expect(false));
    story.ticks(100, None);
    assert_eq!(story.names()[1..], [(161, "first packet")]);
    let stats = story.leg.stats(story.now);
    assert_eq!((stats.concealed_frames, stats.gap_frames), (0, 0));
    story.ticks(20, Some((8, &[0xAA; 160])));
    assert_eq!(story.out.recorded().unwrap().user.kind, FrameKind::Audio);
}

#[test]
fn a_peer_that_is_on_hold_from_the_start_hears_nothing_until_it_goes_on() {
    let mut story = Story::new(|settings| settings.held = true);
    story.leg.command(play(clip(1, 1000)));
    assert_eq!(story.tick(None), None);
    assert_eq!(story.leg.samples_sent(ClipId(1)), Some(0));
    story.leg.command(Command::Hold(false));
    assert!(story.tick(None).is_some());
    assert_eq!(story.leg.samples_sent(ClipId(1)), Some(160));
}

#[test]
fn mute_and_hold_keep_clips_where_they_are() {
    let mut story = Story::new(|_| {});
    story.leg.command(play(clip(1, 1000)));
    story.ticks(5, None);
    story.leg.command(Command::Mute(true));
    assert_eq!(story.tick(None), Some((8, 0xD5, 0xD5)));
    story.leg.command(Command::Hold(true));
    assert_eq!(story.tick(None), None);
    assert_eq!(story.leg.samples_sent(ClipId(1)), Some(800));
}

#[test]
fn nothing_is_missing_on_hold() {
    let mut story = Story::new(|_| {});
    story.ticks(20, Some((8, &[0xAA; 160])));
    story.leg.command(Command::Hold(true));
    story.ticks(100, None);
    let stats = story.leg.stats(story.now);
    assert_eq!((stats.concealed_frames, stats.gap_frames), (0, 0));
    assert_eq!(stats.silent_for, Some(FRAME * 101));
}

proptest! {
    #[test]
    fn whatever_arrives_a_tick_is_one_packet_and_never_a_panic(
        datagrams in prop::collection::vec(datagram(), 0..120),
    ) {
        let mut story = Story::new(|settings| settings.port.rtcp_mux = true);
        for datagram in datagrams {
            let from = PEER.parse().unwrap();
            story.leg.receive(&datagram, from, story.now);
            story.leg.receive_rtcp(&datagram, from, story.now);
            prop_assert!(story.tick(None).is_some());
        }
        let stats = story.leg.stats(story.now);
        prop_assert!((1.0..=4.5).contains(&stats.mos));
        prop_assert!(stats.playout_delay_ms <= 500.0);
    }
}

/// Datagrams from plausible to absurd: audio, keys and reports with wild numbers, and noise.
fn datagram() -> impl Strategy<Value = Vec<u8>> {
    let header = (any::<u8>(), any::<u16>(), any::<u32>(), 0u32..3);
    let rtp = (
        prop::sample::select(vec![8u8, 13, 101, 0x88, 0xE5]),
        header,
        prop::collection::vec(any::<u8>(), 0..900),
    )
        .prop_map(
            |(payload_type, (flags, sequence, timestamp, ssrc), payload)| {
                let flags = 0x80 | if flags < 20 { flags } else { 0 };
                let mut bytes = vec![flags, payload_type];
                bytes.extend((sequence % 200).to_be_bytes());
                bytes.extend((timestamp % 5).wrapping_mul(timestamp).to_be_bytes());
                bytes.extend(ssrc.to_be_bytes());
                bytes.extend(payload);
                bytes
            },
        );
    let noise = prop::collection::vec(any::<u8>(), 0..200).prop_map(|mut bytes| {
        bytes.splice(0..0, [0x81, 200]);
        bytes
    });
    prop_oneof![4 => rtp, 1 => noise]
}

#[test]
fn a_flood_of_events_is_handed_on_in_later_ticks() {
    let mut story = Story::new(|_| {});
    for id in 0..40 {
        story.leg.command(play(clip(id, 0)));
    }
    story.ticks(5, None);
    assert_eq!(story.events.len(), 40);
    assert_eq!(story.out.events().count(), 0);
}

#[test]
fn without_an_address_nothing_is_sent_and_clips_wait() {
    let mut story = Story::new(|settings| settings.port.remote = None);
    story.leg.command(play(clip(1, 20)));
    assert_eq!(story.tick(None), None);
    let latch = LatchRule::SdpAddress;
    let to = PEER.parse().unwrap();
    story.leg.command(Command::Remote { to, latch });
    assert!(story.tick(None).is_some());
    assert_eq!(story.names(), [(2, "clip started"), (2, "clip ended")]);
}
