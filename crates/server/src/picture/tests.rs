//! A picture of a fixed call is a fixed file, and nothing hostile gets into one.

use std::time::Duration;

use media::{
    FRAME_SAMPLES, FrameKind,
    g711::Codec,
    recording::{ChunkBuilder, FileHeader, RecordedFrame, RecordedTick},
};
use model::{
    CallEvent, CallId, Direction, E164, EndCause, HungUpSide, LegQuality, SoundId, TenantId,
    TurnLatency, UnixMs, Variable, VoiceAgentId,
};

use super::*;

/// 2026-11-21 09:14:02 UTC, when the phone was answered.
const ANSWERED: i64 = 1_795_252_442_000;

#[test]
fn a_fixed_call_is_a_fixed_picture() {
    let (call, events, raw) = reminder();
    let drawn = draw(&call, &events, Some(&raw));
    if std::env::var_os("SWITCHBOARD_DRAW_AGAIN").is_some() {
        let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/src/picture/golden.svg");
        std::fs::write(golden, &drawn).unwrap();
    }
    assert!(
        drawn == include_str!("golden.svg"),
        "look at it, then run with SWITCHBOARD_DRAW_AGAIN=1"
    );
}

#[test]
fn both_voices_all_words_and_every_latency_are_there() {
    let (call, events, raw) = reminder();
    let drawn = draw(&call, &events, Some(&raw));
    for part in [
        "Caller",
        "Agent",
        "class=\"cut\"",
        "interrupted",
        "812 ms",
        "1310 ms",
        "♪ sound 3",
    ] {
        assert!(drawn.contains(part), "{part}");
    }
    assert_eq!(drawn.matches("stroke-linecap").count(), 2, "two waveforms");
    assert_eq!(
        drawn.matches("<text").count(),
        drawn.matches("</text>").count()
    );
}

#[test]
fn a_picture_stands_alone() {
    let (call, events, raw) = reminder();
    let drawn = draw(&call, &events, Some(&raw));
    for outside in [
        "<script",
        "href",
        "<image",
        "<foreignObject",
        "@import",
        "on",
    ] {
        let found = match outside {
            "on" => drawn.contains(" onload") || drawn.contains(" onclick"),
            other => drawn.contains(other),
        };
        assert!(!found, "{outside}");
    }
    assert_eq!(drawn.matches("http").count(), 1, "the name space");
}

#[test]
fn hostile_words_stay_words() {
    let (mut call, mut events, raw) = reminder();
    let hostile = "</text><script>alert(1)</script>\u{0}]]>&\"'";
    call.voice_agent_name = hostile.to_owned();
    for stamped in &mut events {
        match &mut stamped.event {
            CallEvent::AgentSaid { heard, unsaid, .. } => {
                *heard = hostile.to_owned();
                *unsaid = hostile.to_owned();
            }
            CallEvent::CallerSaid { text, .. } => *text = hostile.to_owned(),
            CallEvent::HangUpRequested { by } => *by = hostile.to_owned(),
            _ => {}
        }
    }
    let drawn = draw(&call, &events, Some(&raw));
    assert!(!drawn.contains("<script") && !drawn.contains('\u{0}'));
    assert_eq!(
        drawn.matches("<text").count(),
        drawn.matches("</text>").count()
    );
}

#[test]
fn a_call_of_ten_minutes_is_below_400_kb() {
    let seconds = 600;
    let (mut call, mut events, _) = reminder();
    call.ended_at = Some(UnixMs(ANSWERED + seconds * 1000));
    for at_s in (0..seconds).step_by(4) {
        let from = UnixMs(ANSWERED + at_s * 1000);
        let to = from.plus(Duration::from_secs(3));
        let text = "您好，这里是海港诊所，请问您周二上午能来复诊吗？".repeat(3);
        events.push(stamp(
            events.len(),
            at_s * 1000,
            CallEvent::CallerSaid { text, from, to },
        ));
    }
    let all_loud = |_| Some((9000, 9000));
    let raw = recording(seconds * 50, all_loud);
    let drawn = draw(&call, &events, Some(&raw));
    assert!(drawn.len() < 400_000, "{} bytes", drawn.len());
}

#[test]
fn a_call_that_nobody_answered_has_a_picture_too() {
    let (mut call, events, _) = reminder();
    call.answered_at = None;
    call.cause = Some(EndCause::NotAnswered);
    let drawn = draw(&call, &events[..2], None);
    assert!(drawn.contains("not answered"));
}

#[test]
fn a_recording_that_is_none_is_left_out() {
    let (call, events, _) = reminder();
    assert!(draw(&call, &events, Some(b"junk")).contains("Caller"));
}

/// A reminder: three turns of the agent, the second one cut, a key, a sound and a gap.
fn reminder() -> (Call, Vec<Stamped>, Vec<u8>) {
    let number = |digits| E164::parse(digits, "").unwrap();
    let wall = |ms: i64| UnixMs(ANSWERED + ms);
    let said = |heard: &str, unsaid: &str, from, to| CallEvent::AgentSaid {
        heard: heard.to_owned(),
        unsaid: unsaid.to_owned(),
        from: wall(from),
        to: wall(to),
        interrupted: !unsaid.is_empty(),
        interruptible: true,
        occasion: model::Occasion::Answer,
    };
    let caller = |text: &str, from, to| CallEvent::CallerSaid {
        text: text.to_owned(),
        from: wall(from),
        to: wall(to),
    };
    let requested = CallEvent::Requested {
        tenant: TenantId(1_400_000_001),
        direction: Direction::Outbound,
        caller: number("+12025550199"),
        callee: number("+12025550101"),
        voice_agent: Some(VoiceAgentId(1)),
        voice_agent_name: "Clinic reminder".to_owned(),
        voice_agent_version: 7,
        trunk: None,
        variables: vec![Variable {
            key: "name".into(),
            value: "Ms Lin".into(),
        }],
        user_data: None,
        ring_time_max: Duration::from_secs(30),
        credential: None,
    };
    let greeting = "Hello Ms Lin, this is Harbor Clinic. Can you come on Tuesday at ten?";
    let told = [
        (-1300, requested),
        (-1200, CallEvent::Rang { sip_status: 180 }),
        (
            0,
            CallEvent::Answered {
                codec: "PCMA".into(),
                peer: "127.0.0.1:4000".into(),
            },
        ),
        (4900, said(greeting, "", 400, 4800)),
        (6900, caller("no", 6000, 6300)),
        (
            7112,
            CallEvent::ReplyTimed(latency(1, [500, 120, 2, 168, 22])),
        ),
        (
            10_010,
            said(
                "We also have a place on Thursday",
                "at nine thirty in the morning.",
                7110,
                9800,
            ),
        ),
        (10_600, caller("thursday", 9300, 10_000)),
        (
            11_312,
            CallEvent::ReplyTimed(latency(2, [700, 300, 10, 290, 10])),
        ),
        (11_500, CallEvent::DigitsPressed { digits: "1".into() }),
        (14_000, said("Thursday it is. Goodbye!", "", 11_310, 13_900)),
        (
            14_100,
            CallEvent::SoundStarted {
                sound: SoundId(3),
                times: 2,
                over: false,
            },
        ),
        (
            16_300,
            CallEvent::SoundEnded {
                sound: SoundId(3),
                cut: false,
            },
        ),
        (17_000, ended()),
    ];
    let mut events = Vec::new();
    for (ms, event) in told {
        events.push(stamp(events.len(), ms, event));
    }
    let (first, rest) = events.split_first().unwrap();
    let id = CallId("8f31c2aa-0000-4000-8000-000000000000".into());
    let mut call = Call::begin(id, &first.event, first.at).unwrap();
    for stamped in rest {
        call.apply(&stamped.event, stamped.at);
    }
    let voices = |tick: i64| {
        let within = |stretches: &[(i64, i64)]| {
            let ms = tick * 20;
            stretches
                .iter()
                .any(|(from, to)| (*from..*to).contains(&ms))
        };
        if within(&[(13_000, 13_400)]) {
            return None;
        }
        // Syllables: four swells a second.
        let swell = ((tick as f64 * 0.25).sin().abs() * 9000.0) as i16 + 900;
        let level = |speaks: bool| if speaks { swell } else { 0 };
        Some((
            level(within(&[(6000, 6300), (9300, 10_000)])),
            level(within(&[
                (400, 4800),
                (7110, 9800),
                (11_310, 13_900),
                (14_100, 16_300),
            ])),
        ))
    };
    let raw = recording(850, voices);
    (call, events, raw)
}

fn latency(turn: u32, parts: [u64; 5]) -> TurnLatency {
    let [endpointing, recognizer, thinker, speaker, queue] = parts.map(Duration::from_millis);
    let total = endpointing + recognizer + thinker + speaker + queue;
    TurnLatency {
        turn,
        endpointing,
        recognizer,
        thinker,
        first_token: thinker / 2,
        speaker,
        queue,
        total,
    }
}

fn ended() -> CallEvent {
    CallEvent::Ended {
        cause: EndCause::AgentFinished,
        side: HungUpSide::System,
        sip_status: Some(200),
        sip_reason: String::new(),
        quality: Some(LegQuality {
            packets_received: 840,
            packets_sent: 850,
            packets_lost: 10,
            mos: 4.3,
            ..LegQuality::default()
        }),
    }
}

fn stamp(n: usize, ms: i64, event: CallEvent) -> Stamped {
    Stamped {
        n: n as i64 + 1,
        at: UnixMs(ANSWERED + ms),
        event,
    }
}

/// A raw recording of `ticks`; `voices` gives the caller's and the agent's amplitude of a tick, or
/// nothing where the caller's packets were lost.
fn recording(ticks: i64, voices: impl Fn(i64) -> Option<(i16, i16)>) -> Vec<u8> {
    let header = FileHeader {
        call_id: "8f31c2aa".into(),
        started_at_ms: ANSWERED as u64,
        codec: Codec::Pcma,
    };
    let frame = |amplitude: i16| match amplitude {
        0 => RecordedFrame {
            kind: FrameKind::Silence,
            payload: [0xd5; FRAME_SAMPLES],
        },
        _ => RecordedFrame {
            kind: FrameKind::Audio,
            payload: std::array::from_fn(|n| {
                Codec::Pcma.encode(if n % 16 < 8 { amplitude } else { -amplitude })
            }),
        },
    };
    let lost = RecordedFrame {
        kind: FrameKind::Gap,
        payload: [0xd5; FRAME_SAMPLES],
    };
    let mut bytes = header.to_bytes();
    let mut chunks = ChunkBuilder::new();
    let mut chunk = Vec::new();
    for tick in 0..ticks {
        let ticked = match voices(tick) {
            Some((user, agent)) => RecordedTick {
                user: frame(user),
                agent: frame(agent),
            },
            None => RecordedTick {
                user: lost,
                agent: frame(0),
            },
        };
        if chunks.push(tick as u32, &ticked, &mut chunk) {
            bytes.extend(&chunk);
        }
    }
    if chunks.flush(&mut chunk) {
        bytes.extend(&chunk);
    }
    bytes
}
