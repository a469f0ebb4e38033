//! Over real sockets: every protocol by its stand-in, and what becomes of a text when one of them is
//! late, refuses, breaks off or makes no sense.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::Value;
use testkit::speech::{APP_ID, Act, Fault, KEY, SECRET_ID, SpeechServer};
use voice::reply::Mark;

use super::*;
use crate::{
    port::{Language, Speak, Speaker, SpeakerFault},
    speech::{AudioFormat, SpeechKind, SpeechSettings},
};

const SPEAKING: [SpeechKind; 7] = [
    SpeechKind::OpenAi,
    SpeechKind::Tencent,
    SpeechKind::DashScope,
    SpeechKind::Custom,
    SpeechKind::MiniMax,
    SpeechKind::Azure,
    SpeechKind::VolcEngine,
];

/// 60 ms a character at 8 kHz.
const CHAR_SAMPLES: usize = 480;

const TEXT: &str = "Two rooms are free.";

#[tokio::test]
async fn every_protocol_speaks_all_of_a_text_at_the_telephones_rate() {
    for kind in SPEAKING {
        let server = SpeechServer::start(|_| Act::default()).await;
        let samples = say(&speaker(kind, &server)).await.unwrap();
        assert_eq!(samples.len(), TEXT.len() * CHAR_SAMPLES, "{kind:?}");
        let loudness = |samples: &[i16]| samples.iter().map(|s| s.unsigned_abs()).max();
        let middle = &samples[2_000..6_000];
        assert!(
            (7_000..9_000).contains(&loudness(middle).unwrap()),
            "{kind:?}"
        );
    }
}

#[tokio::test]
async fn a_wav_of_unknown_length_is_read_as_it_comes() {
    for kind in [SpeechKind::OpenAi] {
        let server = SpeechServer::start(|_| Act::default()).await;
        let mut settings = settings(kind, &server);
        settings.format = AudioFormat::Wav;
        let samples = say(&ServiceSpeaker::new(client(), settings)).await.unwrap();
        assert_eq!(samples.len(), TEXT.len() * CHAR_SAMPLES);
    }
}

#[tokio::test]
async fn the_first_sound_does_not_wait_for_the_last() {
    for kind in SPEAKING {
        if kind == SpeechKind::VolcEngine {
            continue; // One document.
        }
        let between = Duration::from_millis(60);
        let server = SpeechServer::start(move |_| Act {
            between,
            ..Act::default()
        })
        .await;
        let began = Instant::now();
        let speech = speaker(kind, &server).speak(speak()).await.unwrap();
        let speech = speech.begun().await.unwrap();
        let first = began.elapsed();
        speech.collect().await.unwrap();
        // Twelve pieces.
        assert!(began.elapsed() > first + between * 6, "{kind:?}: {first:?}");
    }
}

#[tokio::test]
async fn words_come_with_their_times_where_the_vendor_knows_them() {
    for kind in [SpeechKind::Tencent, SpeechKind::DashScope] {
        let server = SpeechServer::start(|_| Act::default()).await;
        let mut speech = speaker(kind, &server).speak(speak()).await.unwrap();
        let mut marks = Vec::new();
        while let Some(piece) = speech.next().await {
            marks.extend(piece.unwrap().marks);
        }
        let ends: Vec<usize> = TEXT.match_indices(' ').map(|(at, _)| at).collect();
        let mark = |text_end: usize| Mark {
            samples: (text_end * CHAR_SAMPLES) as u64,
            text_end,
        };
        let expected: Vec<Mark> = ends.into_iter().chain([TEXT.len()]).map(mark).collect();
        assert_eq!(marks, expected, "{kind:?}");
    }
}

#[tokio::test]
async fn the_next_speaker_says_what_the_first_one_cannot() {
    for kind in SPEAKING {
        for fault in [Fault::Status(429), Fault::Garbage, Fault::Hang] {
            let bad = SpeechServer::start(move |_| Act::fails(fault)).await;
            let good = SpeechServer::start(|_| Act::default()).await;
            let both = failover(vec![
                Arc::new(speaker(kind, &bad)),
                Arc::new(speaker(SpeechKind::OpenAi, &good)),
            ]);
            for _ in 0..2 {
                let samples = say(&both).await.unwrap();
                assert_eq!(
                    samples.len(),
                    TEXT.len() * CHAR_SAMPLES,
                    "{kind:?} {fault:?}"
                );
            }
            assert_eq!(
                (bad.seen().len(), good.seen().len()),
                (1, 2),
                "{kind:?} {fault:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_speech_that_breaks_off_is_no_shorter_speech() {
    for kind in SPEAKING {
        if kind == SpeechKind::VolcEngine {
            continue; // One document.
        }
        let between = Duration::from_millis(2);
        let fault = Some(Fault::Drop);
        let server = SpeechServer::start(move |_| Act {
            fault,
            between,
            ..Act::default()
        })
        .await;
        let fault = say(&speaker(kind, &server)).await.unwrap_err();
        assert!(fault.may_pass(), "{kind:?}: {fault}");
    }
}

#[tokio::test]
async fn the_next_speaker_is_asked_first_after_one_that_broke_off() {
    let fault = Some(Fault::Drop);
    let bad = SpeechServer::start(move |_| Act {
        fault,
        ..Act::default()
    })
    .await;
    let good = SpeechServer::start(|_| Act::default()).await;
    let both = failover(vec![
        Arc::new(speaker(SpeechKind::DashScope, &bad)),
        Arc::new(speaker(SpeechKind::OpenAi, &good)),
    ]);
    assert!(say(&both).await.is_err());
    assert_eq!(say(&both).await.unwrap().len(), TEXT.len() * CHAR_SAMPLES);
    assert_eq!((bad.seen().len(), good.seen().len()), (1, 1));
}

#[tokio::test]
async fn a_wrong_key_is_told_without_the_key() {
    for kind in SPEAKING {
        let server = SpeechServer::start(|_| Act::default()).await;
        let mut settings = settings(kind, &server);
        settings.key = "sk-wrong".to_owned();
        let told = say(&ServiceSpeaker::new(client(), settings))
            .await
            .unwrap_err();
        let told = told.to_string();
        assert!(told.contains("refused with"), "{kind:?}: {told}");
        assert!(!told.contains("sk-wrong"), "{kind:?}: {told}");
    }
}

#[tokio::test]
async fn a_speech_that_nobody_hears_any_more_closes_its_connection() {
    for kind in SPEAKING {
        if kind == SpeechKind::VolcEngine {
            continue; // One document.
        }
        let between = Duration::from_millis(40);
        let server = SpeechServer::start(move |_| Act {
            between,
            ..Act::default()
        })
        .await;
        let speech = speaker(kind, &server).speak(speak()).await.unwrap();
        drop(speech.begun().await.unwrap());
        let closed = async {
            while !server.seen()[0].is_cut {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let closed = tokio::time::timeout(Duration::from_secs(5), closed).await;
        assert!(closed.is_ok(), "{kind:?}");
    }
}

#[tokio::test]
async fn tasks_of_dashscope_follow_one_another_on_one_connection() {
    let server = SpeechServer::start(|_| Act::default()).await;
    let speaker = speaker(SpeechKind::DashScope, &server);
    for _ in 0..3 {
        say(&speaker).await.unwrap();
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn what_is_sent_is_what_the_vendors_want() {
    let server = SpeechServer::start(|_| Act::default()).await;
    say(&speaker(SpeechKind::Custom, &server)).await.unwrap();
    let seen = server.seen();
    let body: Value = serde_json::from_str(&seen[0].texts[0]).unwrap();
    let expected =
        serde_json::json!({"Text": TEXT, "Format": "pcm", "SampleRate": 16_000, "Channel": 1});
    assert_eq!(body, expected);
    assert_eq!(seen[0].headers["x-sdk-app-id"], APP_ID);
    assert!(seen[0].headers.contains_key("x-rquest-id"));

    let server = SpeechServer::start(|_| Act::default()).await;
    say(&speaker(SpeechKind::DashScope, &server)).await.unwrap();
    let begin: Value = serde_json::from_str(&server.seen()[0].texts[0]).unwrap();
    assert_eq!(begin["payload"]["parameters"]["voice"], "her");
    assert_eq!(begin["payload"]["parameters"]["sample_rate"], 8_000);

    let server = SpeechServer::start(|_| Act::default()).await;
    let mut fast = speak();
    fast.speed_percent = 150;
    speaker(SpeechKind::Tencent, &server)
        .speak(fast)
        .await
        .unwrap()
        .collect()
        .await
        .unwrap();
    let seen = server.seen();
    assert!(seen[0].target.contains("&Speed=2&"), "{}", seen[0].target);
    assert!(
        seen[0].target.contains("VoiceType=her"),
        "{}",
        seen[0].target
    );
}

async fn say(speaker: &dyn Speaker) -> Result<Arc<[i16]>, SpeakerFault> {
    speaker.speak(speak()).await?.collect().await
}

fn speak() -> Speak {
    Speak {
        is_fixed: false,
        ..Speak::new(TEXT, Language::english())
    }
}

fn failover(speakers: Vec<Arc<dyn Speaker>>) -> FailoverSpeaker {
    let backends = speakers.into_iter().map(|speaker| VoiceBackend {
        speaker,
        first_sound_max: Duration::from_secs(2),
    });
    FailoverSpeaker::new(backends.collect())
}

fn client() -> reqwest::Client {
    // Another test of this process may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

fn speaker(kind: SpeechKind, server: &SpeechServer) -> ServiceSpeaker {
    ServiceSpeaker::new(client(), settings(kind, server))
}

fn settings(kind: SpeechKind, server: &SpeechServer) -> SpeechSettings {
    let host = &server.host;
    SpeechSettings {
        name: "stand-in".to_owned(),
        kind,
        url: match kind {
            SpeechKind::OpenAi => format!("http://{host}/v1"),
            SpeechKind::Tencent => format!("ws://{host}/stream_wsv2"),
            SpeechKind::DashScope => format!("ws://{host}/api-ws/v1/inference"),
            SpeechKind::Custom => format!("http://{host}/stream-audio"),
            SpeechKind::MiniMax => format!("http://{host}/v1/t2a_v2"),
            SpeechKind::Azure => format!("http://{host}/cognitiveservices/v1"),
            _ => format!("http://{host}/api/v1/tts"),
        },
        key: KEY.to_owned(),
        model: String::new(),
        voice: Some("her".to_owned()),
        language: None,
        app_id: APP_ID.to_owned(),
        secret_id: SECRET_ID.to_owned(),
        format: AudioFormat::Pcm,
        sample_rate_hz: None,
        extra: serde_json::Map::new(),
        connect_max: Duration::from_secs(2),
        answer_max: Duration::from_millis(800),
        piece_max: Duration::from_millis(800),
    }
}
