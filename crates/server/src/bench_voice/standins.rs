//! A recognizer and a speaker whose delays are set, so that what is left is the centre's own.

use std::{sync::Arc, time::Duration};

use media::{Frame, SAMPLE_RATE_HZ};
use providers::port::{
    BoxFuture, Heard, ListenSettings, Listening, Recognizer, RecognizerFault, Speak, Speaker,
    SpeakerFault, Speech,
};
use tokio::sync::mpsc;

/// Answers that may wait for a call.
const ANSWERS_MAX: usize = 16;

/// Speech of one character.
pub const CHAR_MS: u32 = 60;

/// What every caller says.
pub const WORDS: &str = "yes";

/// Understands [`WORDS`] in everything, so long after its end.
pub struct FixedRecognizer(pub Duration);

/// One call's ear.
struct FixedEar {
    took: Duration,
    heard: mpsc::Sender<Heard>,
    utterance: u64,
    is_open: bool,
}

impl Recognizer for FixedRecognizer {
    fn name(&self) -> &'static str {
        "fixed"
    }

    fn open(
        &self,
        _: ListenSettings,
    ) -> Result<(Box<dyn Listening>, mpsc::Receiver<Heard>), RecognizerFault> {
        let (heard, answers) = mpsc::channel(ANSWERS_MAX);
        let ear = FixedEar {
            took: self.0,
            heard,
            utterance: 0,
            is_open: false,
        };
        Ok((Box::new(ear), answers))
    }
}

impl Listening for FixedEar {
    fn push(&mut self, _: &Frame) {}

    fn expect(&mut self, _: Vec<String>) {}

    fn utterance_started(&mut self) -> u64 {
        if !self.is_open {
            self.is_open = true;
            self.utterance += 1;
        }
        self.utterance
    }

    fn utterance_ended(&mut self) {
        if !std::mem::take(&mut self.is_open) {
            return;
        }
        let (took, heard, utterance) = (self.took, self.heard.clone(), self.utterance);
        tokio::spawn(async move {
            tokio::time::sleep(took).await;
            let answer = Heard::Final {
                utterance,
                text: WORDS.to_owned(),
                confidence: 1.0,
                took,
            };
            // The call may be over.
            let _ = heard.send(answer).await;
        });
    }

    fn utterance_resumed(&mut self) -> u64 {
        self.utterance_started()
    }
}

/// Says every text as a tone, so long after it was asked.
pub struct FixedSpeaker(pub Duration);

impl Speaker for FixedSpeaker {
    fn name(&self) -> &'static str {
        "fixed"
    }

    fn speak(&self, speak: Speak) -> BoxFuture<'_, Result<Speech, SpeakerFault>> {
        let took = self.0;
        Box::pin(async move {
            tokio::time::sleep(took).await;
            let n_chars = u32::try_from(speak.text.chars().count()).unwrap_or(u32::MAX);
            let n_samples = n_chars.saturating_mul(CHAR_MS) * (SAMPLE_RATE_HZ / 1000);
            let tone = (0..n_samples).map(|n| {
                let phase = n as f32 / SAMPLE_RATE_HZ as f32 * std::f32::consts::TAU * 300.0;
                (phase.sin() * 6000.0) as i16
            });
            let samples: Arc<[i16]> = tone.collect();
            Ok(Speech::whole(samples))
        })
    }
}
