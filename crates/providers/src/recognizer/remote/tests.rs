//! Over real sockets: every protocol by its stand-in, and what becomes of an utterance when one of
//! them is late, refuses, breaks off or makes no sense.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::speech::{APP_ID, Act, Fault, KEY, SECRET_ID, SpeechServer};

use super::*;
use crate::{
    port::{FRAME_SAMPLES, Frame},
    speech::{AudioFormat, SpeechKind},
};

const HEARING: [SpeechKind; 6] = [
    SpeechKind::OpenAi,
    SpeechKind::Deepgram,
    SpeechKind::Tencent,
    SpeechKind::DashScope,
    SpeechKind::Sherpa,
    SpeechKind::FunAsr,
];

#[tokio::test]
async fn every_protocol_tells_the_words_of_an_utterance() {
    for kind in HEARING {
        let server = SpeechServer::start(|_| Act::hears("a table for two")).await;
        let mut leg = Leg::open(vec![service(kind, &server)]);
        assert_eq!(leg.say(30).await, words("a table for two"), "{kind:?}");
        let [seen] = &server.seen()[..] else {
            panic!("{kind:?}: one connection, not {}", server.seen().len());
        };
        let seconds = seen.sound.len() as f64 / f64::from(bytes_a_second(kind));
        // 600 ms of speech, the silence that is added, and a WAV header.
        assert!((0.59..1.1).contains(&seconds), "{kind:?}: {seconds} s");
    }
}

#[tokio::test]
async fn segments_are_joined_and_partials_come_before() {
    for kind in HEARING
        .into_iter()
        .filter(|kind| *kind != SpeechKind::OpenAi)
    {
        let server = SpeechServer::start(|_| Act {
            words: vec!["good morning".to_owned(), "I need a cab".to_owned()],
            ..Act::default()
        })
        .await;
        let mut leg = Leg::open(vec![service(kind, &server)]);
        assert_eq!(
            leg.say(60).await,
            words("good morning I need a cab"),
            "{kind:?}"
        );
        assert!(
            leg.partials.contains(&"good morning".to_owned()),
            "{kind:?}: {:?}",
            leg.partials
        );
        assert!(leg.n_finished > 0, "{kind:?}");
    }
}

#[tokio::test]
async fn the_python_server_of_sherpa_ends_by_closing() {
    let server = SpeechServer::start(|_| Act::hears("yes")).await;
    let mut settings = settings(SpeechKind::Sherpa, &server);
    settings.url = format!("ws://{}/sherpa-python", server.host);
    let mut leg = Leg::open(vec![EarBackend::Service(Box::new(settings))]);
    assert_eq!(leg.say(20).await, words("yes"));
}

#[tokio::test]
async fn a_connection_that_can_be_used_again_is() {
    for (kind, n_connections) in [
        (SpeechKind::Deepgram, 1),
        (SpeechKind::DashScope, 1),
        (SpeechKind::Tencent, 3),
    ] {
        let server =
            SpeechServer::start(|n| Act::hears(["one", "two", "three"][(n - 1) % 3])).await;
        let mut leg = Leg::open(vec![service(kind, &server)]);
        for expected in ["one", "two", "three"] {
            assert_eq!(leg.say(20).await, words(expected), "{kind:?}");
        }
        assert_eq!(server.seen().len(), n_connections, "{kind:?}");
    }
}

#[tokio::test]
async fn the_next_recognizer_gets_the_whole_utterance() {
    for kind in HEARING {
        for fault in [Fault::Status(429), Fault::Drop, Fault::Garbage, Fault::Hang] {
            if (kind, fault) == (SpeechKind::FunAsr, Fault::Hang) {
                continue; // It says nothing of noise either.
            }
            let bad = SpeechServer::start(move |_| Act::fails(fault)).await;
            let good = SpeechServer::start(|_| Act::hears("yes please")).await;
            let mut leg = Leg::open(vec![
                service(kind, &bad),
                service(SpeechKind::Deepgram, &good),
            ]);
            assert_eq!(leg.say(40).await, words("yes please"), "{kind:?} {fault:?}");
            let sound = good.seen()[0].sound.len();
            assert_eq!(sound, 40 * FRAME_SAMPLES * 2, "{kind:?} {fault:?}");
            // And the one that failed is not asked first again.
            assert_eq!(leg.say(20).await, words("yes please"), "{kind:?} {fault:?}");
            assert_eq!(bad.seen().len(), 1, "{kind:?} {fault:?}");
        }
    }
}

#[tokio::test]
async fn a_wrong_key_is_told_without_the_key() {
    for kind in HEARING {
        if matches!(kind, SpeechKind::Sherpa | SpeechKind::FunAsr) {
            continue;
        }
        let server = SpeechServer::start(|_| Act::hears("never")).await;
        let mut settings = settings(kind, &server);
        settings.key = "sk-wrong".to_owned();
        let mut leg = Leg::open(vec![EarBackend::Service(Box::new(settings))]);
        let Heard::Failed { fault, .. } = leg.say(20).await else {
            panic!("{kind:?}");
        };
        let told = fault.to_string();
        assert!(told.contains("refused with"), "{kind:?}: {told}");
        assert!(!told.contains("sk-wrong"), "{kind:?}: {told}");
    }
}

#[tokio::test]
async fn nobody_there_is_a_failure_and_not_a_wait() {
    let gone = SpeechServer::start(|_| Act::default()).await;
    let backend = service(SpeechKind::Sherpa, &gone);
    let host = gone.host.clone();
    drop(gone);
    while tokio::net::TcpStream::connect(&host).await.is_ok() {
        tokio::task::yield_now().await;
    }
    let mut leg = Leg::open(vec![backend]);
    let began = Instant::now();
    assert!(matches!(leg.say(20).await, Heard::Failed { .. }));
    assert!(began.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_slow_recognizer_is_waited_for_and_a_late_one_is_not() {
    for (after, is_heard) in [(150, true), (5_000, false)] {
        let act = move |_| Act::hears("yes").after(Duration::from_millis(after));
        let server = SpeechServer::start(act).await;
        let mut leg = Leg::open(vec![service(SpeechKind::Tencent, &server)]);
        match leg.say(20).await {
            Heard::Final { took, .. } => {
                assert!(is_heard && took >= Duration::from_millis(after));
            }
            Heard::Failed { fault, .. } => {
                assert!(
                    !is_heard && matches!(fault, RecognizerFault::TimedOut { .. }),
                    "{fault}"
                );
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn an_utterance_that_goes_on_is_one_under_a_new_number() {
    let server = SpeechServer::start(|n| Act::hears(["never", "all of it"][(n - 1) % 2])).await;
    let mut leg = Leg::open(vec![service(SpeechKind::OpenAi, &server)]);
    let first = leg.listening.utterance_started();
    leg.push(20);
    leg.listening.utterance_ended();
    let second = leg.listening.utterance_resumed();
    leg.push(20);
    leg.listening.utterance_ended();
    assert!(second > first);
    let Heard::Final { utterance, .. } = leg.answer().await else {
        panic!("no words");
    };
    assert_eq!(utterance, second);
    let seen = server.seen();
    let sound = seen.last().unwrap().sound.len() - 44;
    assert_eq!(sound, 40 * FRAME_SAMPLES * 2);
}

#[tokio::test]
async fn closing_the_ear_closes_the_connection() {
    let server = SpeechServer::start(|_| Act::hears("never")).await;
    let mut leg = Leg::open(vec![service(SpeechKind::Deepgram, &server)]);
    leg.listening.utterance_started();
    leg.push(20);
    while server
        .seen()
        .first()
        .is_none_or(|seen| seen.sound.is_empty())
    {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(leg);
    while !server.seen()[0].is_cut {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn what_is_sent_is_what_the_vendors_want() {
    let server = SpeechServer::start(|_| Act::hears("yes")).await;
    let mut leg = Leg::open(vec![service(SpeechKind::Deepgram, &server)]);
    leg.say(20).await;
    let target = &server.seen()[0].target;
    for part in [
        "model=nova-3",
        "language=en",
        "encoding=linear16",
        "sample_rate=8000",
        "interim_results=true",
    ] {
        assert!(target.contains(part), "{target}");
    }
    let server = SpeechServer::start(|_| Act::hears("yes")).await;
    let mut leg = Leg::open(vec![service(SpeechKind::FunAsr, &server)]);
    leg.say(20).await;
    let seen = server.seen();
    let begin: Value = serde_json::from_str(&seen[0].texts[0]).unwrap();
    assert_eq!(begin["chunk_size"], json!([5, 10, 5]));
    assert_eq!(
        begin["hotwords"], r#"{"tuesday":20}"#,
        "a text that holds JSON"
    );
    assert_eq!(seen[0].headers["sec-websocket-protocol"], "binary");
    let server = SpeechServer::start(|_| Act::hears("yes")).await;
    let mut leg = Leg::open(vec![service(SpeechKind::DashScope, &server)]);
    leg.say(20).await;
    let begin: Value = serde_json::from_str(&server.seen()[0].texts[0]).unwrap();
    assert_eq!(begin["payload"]["parameters"]["sample_rate"], 8_000);
    assert_eq!(
        begin["payload"]["parameters"]["language_hints"],
        json!(["en"])
    );
    let server = SpeechServer::start(|_| Act::hears("yes")).await;
    let mut leg = Leg::open(vec![service(SpeechKind::OpenAi, &server)]);
    leg.say(20).await;
    let seen = server.seen();
    assert!(seen[0].sound.starts_with(b"RIFF"));
    for field in ["model=nova-3", "language=en", "prompt=tuesday"] {
        assert!(
            seen[0].texts.contains(&field.to_owned()),
            "{:?}",
            seen[0].texts
        );
    }
}

/// A leg with what it heard on the way.
struct Leg {
    listening: Box<dyn Listening>,
    heard: mpsc::Receiver<Heard>,
    partials: Vec<String>,
    n_finished: u32,
}

impl Leg {
    fn open(backends: Vec<EarBackend>) -> Self {
        let recognizer = RemoteRecognizer::new(client(), backends);
        let settings = ListenSettings {
            language: "en".parse().unwrap(),
            expected: vec!["tuesday".to_owned()],
        };
        let (listening, heard) = recognizer.open(settings).unwrap();
        Self {
            listening,
            heard,
            partials: Vec::new(),
            n_finished: 0,
        }
    }

    fn push(&mut self, n_frames: usize) {
        let frame: Frame = std::array::from_fn(|n| (n as i16) * 50);
        (0..n_frames).for_each(|_| self.listening.push(&frame));
    }

    /// Says so many frames, in halves so that words can come in between, and returns the answer.
    async fn say(&mut self, n_frames: usize) -> Heard {
        let utterance = self.listening.utterance_started();
        self.push(n_frames / 2);
        tokio::time::sleep(Duration::from_millis(30)).await;
        self.push(n_frames - n_frames / 2);
        self.listening.utterance_ended();
        let answer = self.answer().await;
        let (Heard::Final { utterance: of, .. } | Heard::Failed { utterance: of, .. }) = &answer
        else {
            return answer;
        };
        assert_eq!(*of, utterance);
        answer
    }

    async fn answer(&mut self) -> Heard {
        loop {
            let next = tokio::time::timeout(Duration::from_secs(20), self.heard.recv()).await;
            match next.expect("an answer in time").expect("the ear is open") {
                Heard::Partial { text, .. } => self.partials.push(text),
                Heard::Finished { .. } => self.n_finished += 1,
                answer => return answer,
            }
        }
    }
}

/// Words to be compared with.
#[derive(Debug)]
struct Words(String);

fn words(text: &str) -> Words {
    Words(text.to_owned())
}

impl PartialEq<Words> for Heard {
    fn eq(&self, words: &Words) -> bool {
        matches!(self, Heard::Final { text, .. } if *text == words.0)
    }
}

fn client() -> reqwest::Client {
    // Another test of this process may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

fn service(kind: SpeechKind, server: &SpeechServer) -> EarBackend {
    EarBackend::Service(Box::new(settings(kind, server)))
}

fn settings(kind: SpeechKind, server: &SpeechServer) -> SpeechSettings {
    let host = &server.host;
    SpeechSettings {
        name: "stand-in".to_owned(),
        kind,
        url: match kind {
            SpeechKind::OpenAi => format!("http://{host}/v1"),
            SpeechKind::Deepgram => format!("ws://{host}/v1/listen"),
            SpeechKind::Tencent => format!("ws://{host}/asr/v2"),
            SpeechKind::DashScope => format!("ws://{host}/api-ws/v1/inference"),
            SpeechKind::Sherpa => format!("ws://{host}/sherpa"),
            _ => format!("ws://{host}/funasr"),
        },
        key: KEY.to_owned(),
        model: match kind {
            SpeechKind::OpenAi | SpeechKind::Deepgram => "nova-3".to_owned(),
            _ => String::new(),
        },
        voice: None,
        language: None,
        app_id: match kind {
            SpeechKind::Tencent => APP_ID.to_owned(),
            _ => String::new(),
        },
        secret_id: SECRET_ID.to_owned(),
        format: AudioFormat::Pcm,
        sample_rate_hz: None,
        extra: serde_json::Map::new(),
        connect_max: Duration::from_millis(1_500),
        answer_max: Duration::from_millis(1_500),
        piece_max: Duration::from_millis(1_500),
    }
}

/// Of what a protocol is sent.
fn bytes_a_second(kind: SpeechKind) -> u32 {
    match kind {
        SpeechKind::Sherpa => 64_000,
        SpeechKind::FunAsr => 32_000,
        _ => 16_000,
    }
}
