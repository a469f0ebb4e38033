//! Legs of several codecs in one conference, by what their peers receive.

use std::{
    sync::Arc,
    time::{Instant, SystemTime},
};

use crate::{
    Codec, FRAME, FRAME_SAMPLES, Frame, FrameKind, SILENT_FRAME,
    codec::{Decoder, Encoder},
    conference::{Conference, Part},
    dtmf::{Digit, EventPayload},
    g711::Codec::{Pcma, Pcmu},
    leg::{Command, Event, Leg, LegSettings, TickOut},
    opus,
    playout::{Clip, ClipId, Displaced, PlayMode},
    port::PortSettings,
    rtp::{HEADER_LEN, Header, Packet},
    story::beginning,
    tone,
};

/// A leg in a conference, and its peer's end of the line.
struct Member {
    leg: Leg,
    seat: usize,
    codec: Codec,
    encoder: Encoder,
    decoder: Decoder,
    opus: opus::Decoder,
    hum: Vec<i16>,
    heard: Vec<i16>,
    sequences: Vec<u16>,
    events: Vec<Event>,
}

struct Room {
    conference: Conference,
    members: Vec<Member>,
    now: Instant,
    n_ticks: usize,
}

impl Room {
    /// Everybody hums a tone of their own: 300, 400, 500 Hz.
    fn of(codecs: &[Codec]) -> Self {
        let mut conference = Conference::new();
        let members = codecs.iter().enumerate().map(|(n, codec)| {
            let peer = Some("192.0.2.1:4000".parse().unwrap());
            let mut port = PortSettings::new(*codec, peer, SystemTime::UNIX_EPOCH);
            port.dtmf_payload_type = Some(101);
            let mut leg = Leg::new(LegSettings::new(port), beginning());
            leg.confer(n == 0);
            let mut hum = Vec::new();
            tone::tone(&mut hum, 300.0 + 100.0 * n as f32, 6_000.0, 4_000);
            Member {
                leg,
                seat: conference.sit(Part::Inside).unwrap(),
                codec: *codec,
                encoder: Encoder::new(*codec),
                decoder: Decoder::new(*codec),
                opus: opus::Decoder::new(Pcma),
                hum,
                heard: Vec::new(),
                sequences: Vec::new(),
                events: Vec::new(),
            }
        });
        Self {
            members: members.collect(),
            conference,
            now: beginning(),
            n_ticks: 0,
        }
    }

    fn tick(&mut self) {
        self.now += FRAME;
        let mut out = TickOut::new();
        for member in &mut self.members {
            let hum = &member.hum[self.n_ticks * FRAME_SAMPLES..][..FRAME_SAMPLES];
            let mut payload = [0; FRAME_SAMPLES];
            let len = member.encoder.encode_frame(hum, &mut payload);
            let header = Header {
                marker: false,
                payload_type: member.codec.payload_type(),
                sequence: self.n_ticks as u16,
                timestamp: self.n_ticks as u32 * 160 * member.codec.clock_factor(),
                ssrc: 7,
            };
            member.send(header, &payload[..len], self.now);
            let mut mix = SILENT_FRAME;
            let is_any = self.conference.hear(member.seat, &mut mix);
            member.leg.hear_mix(is_any.then_some(&mix));
            member.leg.tick(self.now, &mut out);
            if let Some((kind, frame)) = out.tap() {
                self.conference.said(member.seat, *kind, frame);
            }
            let agent = &out.recorded().unwrap().agent;
            if agent.kind == FrameKind::Audio {
                let mut played = SILENT_FRAME;
                member.leg.tracks().decode_into(&agent.payload, &mut played);
                self.conference.played(member.seat, agent.kind, &played);
            }
            member.take(&out);
        }
        self.n_ticks += 1;
    }

    /// The peer of a member puts us on hold, and goes on sending: its music.
    fn hold(&mut self, member: usize, held: bool) {
        let member = &mut self.members[member];
        member.leg.command(Command::Hold(held));
        self.conference.hold(member.seat, held);
    }

    /// How loud the tone of `whose` is for a member, in the last half second.
    fn level(&self, member: usize, whose: usize) -> f64 {
        level(&self.members[member].heard, 300.0 + 100.0 * whose as f64)
    }
}

impl Member {
    fn send(&mut self, header: Header, payload: &[u8], now: Instant) {
        let mut head = [0; HEADER_LEN];
        header.write(&mut head);
        let datagram = [&head[..], payload].concat();
        let from = "192.0.2.1:4000".parse().unwrap();
        self.leg.receive(&datagram, from, now);
    }

    fn take(&mut self, out: &TickOut) {
        self.events.extend(out.events());
        let mut frame: Frame = SILENT_FRAME;
        if let Some(datagram) = out.datagram() {
            let packet = Packet::parse(datagram.bytes()).unwrap();
            self.sequences.push(packet.header.sequence);
            if self.codec == Codec::Opus {
                let sequence = packet.header.sequence;
                if let Some(bytes) = self.opus.decode(sequence, packet.payload) {
                    Pcma.decode_into(bytes, &mut frame);
                }
            } else {
                for (sample, byte) in frame.iter_mut().zip(packet.payload) {
                    *sample = self.decoder.decode(*byte);
                }
            }
        }
        self.heard.extend(frame);
    }
}

fn level(samples: &[i16], hz: f64) -> f64 {
    let last = &samples[samples.len() - 4_000..];
    let (mut re, mut im) = (0.0, 0.0);
    for (n, &sample) in last.iter().enumerate() {
        let turn = std::f64::consts::TAU * hz * n as f64 / 8_000.0;
        re += f64::from(sample) * turn.cos();
        im += f64::from(sample) * turn.sin();
    }
    2.0 * re.hypot(im) / last.len() as f64
}

#[test]
fn legs_of_all_codecs_hear_each_other_and_nobody_itself() {
    let mut room = Room::of(&[Pcma.into(), Pcmu.into(), Codec::G722, Codec::Opus]);
    for _ in 0..100 {
        room.tick();
    }
    for member in 0..4 {
        for whose in 0..4 {
            let level = room.level(member, whose);
            let is_right = match member == whose {
                true => level < 150.0,
                false => (3_500.0..8_000.0).contains(&level),
            };
            assert!(is_right, "{member} hears {whose} at {level}");
        }
    }
}

#[test]
fn packets_leave_in_every_tick_whoever_speaks() {
    let mut room = Room::of(&[Pcma.into(), Pcma.into(), Pcma.into()]);
    room.members[1].hum.fill(0);
    for _ in 0..50 {
        room.tick();
    }
    for member in &room.members {
        assert_eq!(member.sequences.len(), 50);
        let evenly = |pair: &[u16]| pair[1] == pair[0].wrapping_add(1);
        assert!(member.sequences.windows(2).all(evenly));
    }
}

#[test]
fn whoever_holds_hears_nothing_and_is_not_heard() {
    let mut room = Room::of(&[Pcma.into(), Pcma.into(), Pcma.into()]);
    for _ in 0..50 {
        room.tick();
    }
    room.hold(2, true);
    let n_sent = room.members[2].sequences.len();
    for _ in 0..60 {
        room.tick();
    }
    assert_eq!(room.members[2].sequences.len(), n_sent);
    assert!(room.level(0, 2) < 20.0 && room.level(0, 1) > 5_000.0);
    room.hold(2, false);
    for _ in 0..60 {
        room.tick();
    }
    assert!(room.level(0, 2) > 5_000.0 && room.level(2, 0) > 5_000.0);
}

#[test]
fn whoever_is_on_hold_hears_only_what_is_played_and_is_not_heard() {
    let mut room = Room::of(&[Pcma.into(), Pcma.into(), Pcma.into()]);
    for _ in 0..50 {
        room.tick();
    }
    let tone = Arc::from(&room.members[2].hum[..]);
    let music = Command::Play {
        clip: Clip::whole(ClipId(7), tone).repeated(u32::MAX),
        mode: PlayMode::Instead(Displaced::Resumes),
    };
    let member = &mut room.members[0];
    member.leg.command(Command::Wait(true));
    member.leg.command(music);
    let away = member.leg.is_away();
    room.conference.hold(room.members[0].seat, away);
    for _ in 0..60 {
        room.tick();
    }
    assert!(room.level(0, 1) < 20.0 && room.level(0, 2) > 5_000.0);
    // Of the two others, the one whose tone is played hears no tone of its own.
    assert!(room.level(1, 0) < 20.0 && room.level(2, 0) < 20.0);
    assert!(room.level(2, 2) < 20.0 && room.level(2, 1) > 5_000.0);
}

#[test]
fn a_key_is_an_event_and_no_sound() {
    let mut room = Room::of(&[Pcma.into(), Pcma.into(), Pcma.into()]);
    for _ in 0..40 {
        room.tick();
    }
    let n = room.n_ticks as u16;
    for step in 0..3 {
        let payload = EventPayload {
            event: 5,
            end: step == 2,
            volume: 10,
            duration: 160 * (step + 1),
        };
        let header = Header {
            marker: step == 0,
            payload_type: 101,
            sequence: n + step,
            timestamp: u32::from(n) * 160,
            ssrc: 7,
        };
        let now = room.now;
        room.members[1].send(header, &payload.to_bytes(), now);
    }
    room.tick();
    let keys = |member: &Member| {
        let digit = |event: &Event| matches!(event, Event::Digit { digit, .. } if *digit == Digit::try_from('5').unwrap());
        member.events.iter().filter(|event| digit(event)).count()
    };
    assert_eq!(room.members.iter().map(keys).collect::<Vec<_>>(), [0, 1, 0]);
}

#[test]
fn a_voice_agent_is_heard_by_all_and_alone_on_its_track() {
    let mut room = Room::of(&[Pcma.into(), Pcma.into(), Pcma.into()]);
    let mut words = Vec::new();
    tone::tone(&mut words, 1_000.0, 6_000.0, 2_000);
    room.members[0].leg.command(Command::Play {
        clip: Clip::whole(ClipId(1), words.into()),
        mode: PlayMode::Queue,
    });
    for _ in 0..60 {
        room.tick();
    }
    for member in 0..3 {
        let level = level(&room.members[member].heard, 1_000.0);
        assert!((5_000.0..7_000.0).contains(&level), "{member}: {level}");
    }
    let mut out = TickOut::new();
    room.members[0].leg.hear_mix(Some(&[20_000; FRAME_SAMPLES]));
    room.members[0].leg.tick(room.now + FRAME, &mut out);
    let agent = &out.recorded().unwrap().agent;
    let mut track = SILENT_FRAME;
    Pcma.decode_into(&agent.payload, &mut track);
    assert!(track.iter().all(|sample| sample.unsigned_abs() < 8_000));
}

#[test]
fn a_voice_agent_hears_whom_the_person_hears_and_not_itself() {
    let mut room = Room::of(&[Pcma.into(), Pcma.into(), Pcma.into()]);
    room.members[0].hum.fill(0);
    let mut words = Vec::new();
    tone::tone(&mut words, 1_000.0, 6_000.0, 2_000);
    room.members[0].leg.command(Command::Play {
        clip: Clip::whole(ClipId(1), words.into()),
        mode: PlayMode::Queue,
    });
    for _ in 0..60 {
        room.tick();
    }
    let started = |member: &Member| {
        let begins = |event: &&Event| matches!(event, Event::SpeechStarted { .. });
        member.events.iter().filter(begins).count()
    };
    let heard: Vec<usize> = room.members.iter().map(started).collect();
    assert_eq!(heard, [1, 0, 0], "turns are waited for where the agent is");
    let mut out = TickOut::new();
    let mut ears: Vec<i16> = Vec::new();
    for _ in 0..25 {
        let now = room.now + FRAME;
        room.tick();
        let mut mix = SILENT_FRAME;
        room.conference.hear(room.members[0].seat, &mut mix);
        room.members[0].leg.hear_mix(Some(&mix));
        room.members[0].leg.tick(now, &mut out);
        ears.extend(out.ears().unwrap());
        let (_, said) = out.tap().unwrap();
        assert!(
            said.iter().all(|sample| sample.unsigned_abs() < 16),
            "others are not what the person says"
        );
    }
    assert!(ears.iter().any(|sample| sample.unsigned_abs() > 4_000));
}
