//! One utterance: asks one recognizer after the other until one answers.

use std::{sync::Arc, time::Instant};

use tokio::sync::mpsc;

use super::{EarBackend, Shared, leg::Feed, openai, stream};
use crate::{
    port::{FRAME_SAMPLES, Heard, ListenSettings, Recognizer, RecognizerFault},
    recognizer::ear::UTTERANCE_SAMPLES_MAX,
    speech::{ServiceFailure, SpeechKind},
};

/// What was understood of an utterance.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Words {
    /// The words; empty if there were none.
    pub text: String,
    /// 0 (guess) to 1 (sure), in the engine's own scale.
    pub confidence: f32,
}

/// An utterance as far as it was said. It is kept whole, for the recognizer that may be next.
pub(super) struct Said {
    samples: Vec<i16>,
    inbox: mpsc::Receiver<Feed>,
    ended: Option<Instant>,
}

impl Said {
    /// From what was said before the task began.
    pub fn new(samples: Vec<i16>, inbox: mpsc::Receiver<Feed>) -> Self {
        Self {
            samples,
            inbox,
            ended: None,
        }
    }

    /// What was said so far.
    pub fn samples(&self) -> &[i16] {
        &self.samples
    }

    /// When the utterance ended.
    pub fn ended(&self) -> Option<Instant> {
        self.ended
    }

    /// Waits for more, or for the end; after that for ever. Cancel-safe.
    pub async fn more(&mut self) {
        if self.ended.is_some() {
            std::future::pending::<()>().await;
        }
        match self.inbox.recv().await {
            Some(Feed::Sound(frame)) => self.add(&*frame),
            Some(Feed::End) | None => self.ended = Some(Instant::now()),
        }
        // What has come meanwhile goes along.
        while self.ended.is_none() {
            match self.inbox.try_recv() {
                Ok(Feed::Sound(frame)) => self.add(&*frame),
                Ok(Feed::End) => self.ended = Some(Instant::now()),
                Err(_) => break,
            }
        }
    }

    fn add(&mut self, frame: &[i16]) {
        if self.samples.len() < UTTERANCE_SAMPLES_MAX {
            self.samples.extend_from_slice(frame);
        }
    }

    /// Waits for `work`, taking in what is said meanwhile.
    pub async fn while_listening<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                () = self.more() => {}
            }
        }
    }
}

/// Has one utterance recognized, and tells what came of it.
pub(super) async fn run(shared: &Shared, utterance: u64, mut said: Said, expected: Vec<String>) {
    let listen = ListenSettings {
        language: shared.listen.language.clone(),
        expected,
    };
    let mut fault = RecognizerFault::Unsupported {
        language: listen.language.clone(),
    };
    for idx in shared.order() {
        match attempt(shared, idx, utterance, &mut said, &listen).await {
            Ok(words) => {
                let took = said.ended().map(|ended| ended.elapsed());
                return shared.tell(answer(utterance, &words, took.unwrap_or_default()));
            }
            Err(why) => {
                tracing::warn!(%why, utterance, "a recognizer failed");
                shared.failed(idx);
                fault = why;
            }
        }
    }
    // Nobody is left: the utterance's end is still waited for, so that the answer comes after it.
    while said.ended().is_none() {
        said.more().await;
    }
    shared.tell(Heard::Failed { utterance, fault });
}

fn answer(utterance: u64, words: &Words, took: std::time::Duration) -> Heard {
    match words.text.trim() {
        "" => Heard::Nothing { utterance },
        text => Heard::Final {
            utterance,
            text: text.to_owned(),
            confidence: words.confidence,
            took,
        },
    }
}

async fn attempt(
    shared: &Shared,
    idx: usize,
    utterance: u64,
    said: &mut Said,
    listen: &ListenSettings,
) -> Result<Words, RecognizerFault> {
    match &shared.backends[idx] {
        EarBackend::Local(recognizer) => local(recognizer, said, listen).await,
        EarBackend::Service(settings) => {
            let words = match settings.kind {
                SpeechKind::OpenAi => openai::whole(&shared.client, settings, said, listen).await,
                SpeechKind::Deepgram
                | SpeechKind::Tencent
                | SpeechKind::DashScope
                | SpeechKind::Sherpa
                | SpeechKind::FunAsr => {
                    stream::recognize(shared, idx, settings, utterance, said, listen).await
                }
                SpeechKind::Custom
                | SpeechKind::MiniMax
                | SpeechKind::Azure
                | SpeechKind::VolcEngine => {
                    Err(ServiceFailure::refused("its type", "it only speaks"))
                }
            };
            words.map_err(|why| why.of_recognizer(settings.kind.engine()))
        }
    }
}

/// Has an engine of this machine decide the utterance.
async fn local(
    recognizer: &Arc<dyn Recognizer>,
    said: &mut Said,
    listen: &ListenSettings,
) -> Result<Words, RecognizerFault> {
    let (mut listening, mut heard) = recognizer.open(listen.clone())?;
    listening.utterance_started();
    let mut n_pushed = 0;
    loop {
        for frame in said.samples()[n_pushed..].chunks_exact(FRAME_SAMPLES) {
            listening.push(frame.try_into().expect("chunks have this length"));
            n_pushed += FRAME_SAMPLES;
        }
        if said.ended().is_some() {
            break;
        }
        said.more().await;
    }
    listening.utterance_ended();
    while let Some(heard) = heard.recv().await {
        match heard {
            Heard::Final {
                text, confidence, ..
            } => return Ok(Words { text, confidence }),
            Heard::Nothing { .. } => return Ok(Words::default()),
            Heard::Failed { fault, .. } => return Err(fault),
            Heard::Partial { .. } | Heard::Finished { .. } | Heard::Unrecognizable { .. } => {}
        }
    }
    Err(RecognizerFault::Failed {
        engine: recognizer.name(),
        detail: "it has gone".to_owned(),
    })
}
