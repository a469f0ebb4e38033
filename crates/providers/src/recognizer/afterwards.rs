//! What was said in a recording, by a recognizer that hears it after the call.
//!
//! # Invariants
//!
//! - Each stretch of speech is heard once, in its order, and never together with another.
//! - A recording is understood as a whole or not at all: where one stretch fails, there is no result.

use std::{
    ops::Range,
    time::{Duration, Instant},
};

use media::{
    FRAME, FrameKind,
    vad::{Change, Detector, VadSettings},
};
use tokio::sync::mpsc;

use crate::port::{Frame, Heard, ListenSettings, Listening, Recognizer, RecognizerFault};

/// One track: 20 ms a frame.
pub type Sound = Vec<(FrameKind, Frame)>;

/// Longest stretch that is recognized at once, 14 s: recognizers keep
/// [15 s](super::ear::UTTERANCE_SAMPLES_MAX) of an utterance.
const STRETCH_FRAMES_MAX: usize = 700;

/// Frames before a stretch's first voice, 300 ms, and after its last, 200 ms, that go with it.
const LEAD_FRAMES: usize = 15;
const TAIL_FRAMES: usize = 10;

/// Longest wait for the words of one stretch; recognizers give up by themselves before.
const ANSWER_MAX: Duration = Duration::from_secs(120);

/// A stretch of speech and its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// The words; never empty.
    pub text: String,
    /// From the start of the recording to the stretch's first voice, ms.
    pub from_ms: u64,
    /// To its last voice, ms.
    pub to_ms: u64,
}

/// Has everything recognized that is said in a recording. Must be called within a tokio runtime.
///
/// # Errors
///
/// Why the recognizer did not hear one of the stretches.
pub async fn transcribe(
    recognizer: &dyn Recognizer,
    listen: ListenSettings,
    sound: Sound,
) -> Result<Vec<Spoken>, RecognizerFault> {
    let found = tokio::task::spawn_blocking(move || {
        let stretches = stretches(&sound);
        (sound, stretches)
    });
    let gone = |_| RecognizerFault::Failed {
        engine: "vad",
        detail: "it has panicked".to_owned(),
    };
    let (sound, stretches) = found.await.map_err(gone)?;
    if stretches.is_empty() {
        return Ok(Vec::new());
    }
    let (mut listening, mut heard) = recognizer.open(listen)?;
    let mut spoken = Vec::new();
    let mut before = 0;
    for stretch in stretches {
        let from = stretch.start.saturating_sub(LEAD_FRAMES).max(before);
        before = stretch.end.min(sound.len());
        let to = (stretch.end + TAIL_FRAMES).min(sound.len());
        let words = hear(&mut *listening, &mut heard, &sound[from..to]);
        let words = match tokio::time::timeout(ANSWER_MAX, words).await {
            Ok(words) => words?,
            Err(_) => return Err(RecognizerFault::TimedOut { waited: ANSWER_MAX }),
        };
        if let Some(text) = words {
            let (from_ms, to_ms) = (ms(stretch.start), ms(stretch.end));
            spoken.push(Spoken {
                text,
                from_ms,
                to_ms,
            });
        }
    }
    Ok(spoken)
}

/// The words of one stretch; `None` where there are none.
async fn hear(
    listening: &mut dyn Listening,
    heard: &mut mpsc::Receiver<Heard>,
    sound: &[(FrameKind, Frame)],
) -> Result<Option<String>, RecognizerFault> {
    let number = listening.utterance_started();
    for (_, frame) in sound {
        listening.push(frame);
    }
    listening.utterance_ended();
    loop {
        match heard.recv().await {
            Some(Heard::Final {
                utterance, text, ..
            }) if utterance == number => return Ok(Some(text)),
            Some(Heard::Nothing { utterance }) if utterance == number => return Ok(None),
            Some(Heard::Failed { utterance, fault }) if utterance == number => return Err(fault),
            Some(_) => {}
            None => {
                return Err(RecognizerFault::Failed {
                    engine: "recognizer",
                    detail: "it has gone".to_owned(),
                });
            }
        }
    }
}

/// Where somebody speaks, from the first voice to the last, in frames.
fn stretches(sound: &[(FrameKind, Frame)]) -> Vec<Range<usize>> {
    let start = Instant::now();
    let place = |at: Instant| {
        let since = at.saturating_duration_since(start).as_millis() / FRAME.as_millis();
        usize::try_from(since)
            .unwrap_or(usize::MAX)
            .min(sound.len())
    };
    let mut detector = Detector::new(&VadSettings::default());
    let (mut found, mut since, mut now) = (Vec::new(), None, start);
    for (idx, (kind, frame)) in sound.iter().enumerate() {
        now += FRAME;
        match detector.frame(*kind, frame, now) {
            Some(Change::Started { at }) => since = Some(place(at)),
            Some(Change::Stopped { last_voice }) => {
                let ended = since.take().map(|from| from..place(last_voice));
                found.extend(ended.filter(|stretch| !stretch.is_empty()));
            }
            Some(Change::Lasts { .. }) | None => {}
        }
        let is_long = |from: &usize| idx.saturating_sub(*from) >= STRETCH_FRAMES_MAX;
        if let Some(from) = since.filter(is_long) {
            found.push(from..idx);
            since = Some(idx);
        }
    }
    let rest = since.map(|from| from..sound.len());
    found.extend(rest.filter(|stretch| !stretch.is_empty()));
    found
}

fn ms(n_frames: usize) -> u64 {
    n_frames as u64 * 20
}

#[cfg(test)]
mod tests {
    use testkit::speech::{Act, Fault, SpeechServer};

    use super::*;
    use crate::{
        port::{FRAME_SAMPLES, Language},
        recognizer::remote::{EarBackend, RemoteRecognizer},
        speech::{AudioFormat, SpeechKind, SpeechSettings},
    };

    #[tokio::test]
    async fn each_stretch_of_a_recording_is_heard_where_it_was_said() {
        let server = SpeechServer::start(|_| Act::hears("good morning")).await;
        let sound = play(&[
            (1_000, false),
            (800, true),
            (2_000, false),
            (400, true),
            (500, false),
        ]);
        let spoken = heard(&server, sound).await.unwrap();
        assert_eq!(spoken.len(), 2, "{spoken:?}");
        for (spoken, (from, to)) in spoken.iter().zip([(1_000, 1_800), (3_800, 4_200)]) {
            assert_eq!(spoken.text, "good morning");
            assert!(spoken.from_ms.abs_diff(from) <= 60, "{spoken:?}");
            assert!(spoken.to_ms.abs_diff(to) <= 60, "{spoken:?}");
        }
    }

    #[tokio::test]
    async fn a_long_speech_is_heard_in_pieces_and_nothing_of_it_is_lost() {
        let server = SpeechServer::start(|_| Act::hears("and so on")).await;
        let spoken = heard(&server, play(&[(200, false), (30_000, true), (600, false)])).await;
        let spoken = spoken.unwrap();
        assert_eq!(spoken.len(), 3, "{spoken:?}");
        let sent: usize = server.seen().iter().map(|seen| seen.sound.len()).sum();
        assert!(sent >= 30_000 * 16, "{sent} bytes of 16 a ms");
    }

    #[tokio::test]
    async fn silence_asks_nobody() {
        let server = SpeechServer::start(|_| Act::hears("never")).await;
        let spoken = heard(&server, play(&[(5_000, false)])).await.unwrap();
        assert_eq!(spoken, []);
        assert!(server.seen().is_empty());
    }

    #[tokio::test]
    async fn a_recognizer_that_breaks_off_makes_no_half_transcript() {
        let server = SpeechServer::start(|n| match n {
            1 => Act::hears("hello"),
            _ => Act::fails(Fault::Drop),
        })
        .await;
        let sound = play(&[
            (500, false),
            (500, true),
            (1_000, false),
            (500, true),
            (500, false),
        ]);
        let mut settings = settings(&server);
        settings.kind = SpeechKind::OpenAi;
        settings.url = format!("http://{}/v1", server.host);
        assert!(
            transcribe(&recognizer(settings), listen(), sound)
                .await
                .is_err()
        );
    }

    async fn heard(server: &SpeechServer, sound: Sound) -> Result<Vec<Spoken>, RecognizerFault> {
        transcribe(&recognizer(settings(server)), listen(), sound).await
    }

    fn recognizer(settings: SpeechSettings) -> RemoteRecognizer {
        // Another test of this process may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let backends = vec![EarBackend::Service(Box::new(settings))];
        RemoteRecognizer::new(reqwest::Client::new(), backends)
    }

    fn settings(server: &SpeechServer) -> SpeechSettings {
        SpeechSettings {
            name: "stand-in".to_owned(),
            kind: SpeechKind::Deepgram,
            url: format!("ws://{}/v1/listen", server.host),
            key: testkit::speech::KEY.to_owned(),
            model: "nova-3".to_owned(),
            voice: None,
            language: None,
            app_id: String::new(),
            secret_id: String::new(),
            format: AudioFormat::Pcm,
            sample_rate_hz: None,
            extra: serde_json::Map::new(),
            connect_max: Duration::from_secs(2),
            answer_max: Duration::from_secs(2),
            piece_max: Duration::from_secs(2),
        }
    }

    fn listen() -> ListenSettings {
        ListenSettings {
            language: Language::english(),
            expected: Vec::new(),
        }
    }

    /// Stretches of so many ms, with voice or without: a 125 Hz buzz through one resonance.
    fn play(parts: &[(u64, bool)]) -> Sound {
        let mut sound = Sound::new();
        let mut n = 0_u32;
        for &(ms, is_voice) in parts {
            for _ in 0..ms / 20 {
                let mut frame = [0; FRAME_SAMPLES];
                for sample in &mut frame {
                    let since = f32::from(u16::try_from(n % 64).unwrap()) / 8_000.0;
                    let ring =
                        (-since * 300.0).exp() * (since * 700.0 * std::f32::consts::TAU).sin();
                    *sample = if is_voice {
                        (ring * 12_000.0) as i16
                    } else {
                        0
                    };
                    n += 1;
                }
                sound.push((FrameKind::Audio, frame));
            }
        }
        sound
    }
}
