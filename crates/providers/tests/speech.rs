//! The real engines, as the project's own setup installs them.

#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test is its failure, in its helpers too"
)]

use std::collections::HashSet;
use std::time::{Duration, Instant};

use providers::port::{Heard, Language, ListenSettings, Recognizer, Speak, Speaker};
use providers::recognizer::pocketsphinx::{Pocketsphinx, PoolSettings, WorkerCommand};
use providers::speaker::LocalSpeaker;

const VOICES: [&str; 3] = ["slt", "awb", "rms"];

fn recognizer() -> Pocketsphinx {
    let program = env!("CARGO_BIN_EXE_recognizer-worker").into();
    let mut settings = PoolSettings::new(WorkerCommand {
        program,
        args: vec![],
    });
    settings.work_max = Duration::from_secs(30);
    Pocketsphinx::new(settings)
}

async fn say(speaker: &LocalSpeaker, text: &str, voice: &str) -> Vec<i16> {
    let speak = Speak::new(text, Language::english()).with_voice(voice);
    let samples = speaker.speak(speak).await.unwrap().collect().await.unwrap();
    samples
        .iter()
        .map(|sample| through_mu_law(*sample))
        .collect()
}

/// What G.711 µ-law makes of a sample (ITU-T G.711, 14-bit scale).
fn through_mu_law(sample: i16) -> i16 {
    let magnitude = (i32::from(sample).abs() / 4).min(8_158) + 33;
    let step = 1 << ((32 - magnitude.leading_zeros()) - 5 - 1);
    let magnitude = (magnitude / step * step + step / 2 - 33) * 4;
    (magnitude * i32::from(sample).signum()) as i16
}

/// Says the samples to an ear that expects the phrases; the answer, without its time.
async fn hear(recognizer: &Pocketsphinx, expected: &[&str], samples: &[i16]) -> Option<String> {
    let expected = expected.iter().map(|phrase| (*phrase).to_owned()).collect();
    let settings = ListenSettings {
        language: Language::english(),
        expected,
    };
    let (mut listening, mut heard) = recognizer.open(settings).unwrap();
    let silence = [0; 160];
    (0..20).for_each(|_| listening.push(&silence));
    let number = listening.utterance_started();
    for chunk in samples.chunks(160) {
        let mut frame = silence;
        frame[..chunk.len()].copy_from_slice(chunk);
        listening.push(&frame);
    }
    (0..15).for_each(|_| listening.push(&silence));
    listening.utterance_ended();
    match heard.recv().await.unwrap() {
        Heard::Final {
            utterance, text, ..
        } => {
            assert_eq!(utterance, number);
            Some(text)
        }
        Heard::Nothing { .. } => None,
        other @ (Heard::Partial { .. }
        | Heard::Finished { .. }
        | Heard::Failed { .. }
        | Heard::Unrecognizable { .. }) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn yes_no_and_two_survive_a_telephone_line() {
    let (speaker, recognizer) = (LocalSpeaker::new(), recognizer());
    recognizer.warm().await.unwrap();
    for voice in VOICES {
        for (said, expected) in [("Yes.", "yes"), ("No.", "no"), ("Two.", "2")] {
            let samples = say(&speaker, said, voice).await;
            let others = if expected == "2" {
                vec!["1", "2"]
            } else {
                vec!["yes", "no"]
            };
            assert_eq!(
                hear(&recognizer, &others, &samples).await.as_deref(),
                Some(expected),
                "{voice}"
            );
        }
    }
}

/// All 252 pairs gave: 52 of 54 expected phrases right, 1 wrong; 20 of 198 others taken for a
/// phrase. A third of the others is asked here, and the bounds are a little looser.
#[tokio::test]
async fn phrases_are_mostly_right_and_other_speech_is_mostly_nothing() {
    let (speaker, recognizer) = (LocalSpeaker::new(), recognizer());
    let grammars: [&[&str]; 3] = [
        &["yes", "no"],
        &[
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
        ],
        &[
            "sales",
            "support",
            "billing",
            "opening hours",
            "speak to a person",
            "cancel my order",
        ],
    ];
    let strange = [
        "what is the weather like today",
        "I would like to order a pizza",
        "hello",
        "my name is John",
        "maybe tomorrow",
        "can you hear me",
        "I do not know",
        "the train leaves at the station",
        "please call me later",
        "who is this",
    ];
    let (mut n_right, mut n_wrong, mut n_inside) = (0, 0, 0);
    let (mut n_false, mut n_outside) = (0, 0);
    let mut slowest = Duration::ZERO;
    for voice in VOICES {
        for grammar in grammars {
            let own: HashSet<&str> = grammar.iter().copied().collect();
            let others = grammars.iter().copied().flatten().chain(&strange);
            let others = others.filter(|said| !own.contains(**said)).step_by(3);
            for said in grammar.iter().chain(others) {
                let samples = say(&speaker, &format!("{said}."), voice).await;
                let began = Instant::now();
                let heard = hear(&recognizer, grammar, &samples).await;
                slowest = slowest.max(began.elapsed());
                if own.contains(said) {
                    n_inside += 1;
                    n_right += usize::from(heard.as_deref() == Some(*said));
                    n_wrong += usize::from(heard.is_some_and(|heard| heard != *said));
                } else {
                    n_outside += 1;
                    n_false += usize::from(heard.is_some());
                }
            }
        }
    }
    eprintln!(
        "right {n_right}, wrong {n_wrong} of {n_inside}; false {n_false} of {n_outside}; slowest {slowest:?}"
    );
    assert!(n_right * 100 >= n_inside * 80 && n_wrong * 100 <= n_inside * 6);
    assert!(n_false * 100 <= n_outside * 20);
}

#[tokio::test]
async fn every_engine_speaks_and_mandarin_is_spoken() {
    let speaker = LocalSpeaker::new();
    assert_eq!(speaker.missing(), []);
    for (text, tag) in [
        ("Good morning.", "en-US"),
        ("你好，请问你是王先生吗？", "zh"),
        ("Bonjour.", "fr"),
    ] {
        for round in ["cold", "warm"] {
            let began = Instant::now();
            let speak = Speak::new(text, tag.parse().unwrap());
            let samples = speaker.speak(speak).await.unwrap().collect().await.unwrap();
            eprintln!(
                "{tag} {round}: {:?} for {} ms",
                began.elapsed(),
                samples.len() / 8
            );
            assert!(
                (2_000..40_000).contains(&samples.len()),
                "{tag}: {}",
                samples.len()
            );
        }
    }
}

#[tokio::test]
async fn a_text_that_looks_like_an_option_is_spoken() {
    let samples = say(&LocalSpeaker::new(), "--help -o /tmp/x; $(id)", "kal").await;
    assert!(samples.len() > 4_000);
}
