//! The recognizer's port on the pool: one task for each utterance that waits for its decision.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::decoder::model_folder;
use super::pool::{Pool, PoolSettings};
use crate::port::{Frame, Heard, ListenSettings, Listening, Recognizer, RecognizerFault};
use crate::recognizer::ear::Ear;

/// The Debian package that brings the model and, through its dependency, the library.
pub(crate) const PACKAGE: &str = "pocketsphinx pocketsphinx-en-us";

/// Answers that wait to be read; more are dropped, with a warning.
const N_HEARD_QUEUED_MAX: usize = 64;

/// The local recognizer. English only.
#[derive(Debug)]
pub struct Pocketsphinx {
    pool: Arc<Pool>,
}

impl Pocketsphinx {
    /// Starts nothing yet.
    pub fn new(settings: PoolSettings) -> Pocketsphinx {
        Pocketsphinx {
            pool: Arc::new(Pool::new(settings)),
        }
    }

    /// Whether library and model are there, for `doctor`.
    pub fn check() -> Result<(), RecognizerFault> {
        let missing = |what: &str| RecognizerFault::NotInstalled {
            what: what.to_owned(),
            package: PACKAGE,
        };
        model_folder().ok_or_else(|| missing("pocketsphinx-en-us"))?;
        let folders = [
            "/usr/lib",
            "/usr/lib64",
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib/aarch64-linux-gnu",
        ];
        let found = |folder: &&&str| Path::new(folder).join("libpocketsphinx.so.3").exists();
        folders
            .iter()
            .find(found)
            .map(|_| ())
            .ok_or_else(|| missing("libpocketsphinx.so.3"))
    }

    /// Loads a worker's model now, so that the first caller does not wait for it.
    pub async fn warm(&self) -> Result<(), RecognizerFault> {
        self.pool.decide(Vec::new(), &[]).await.map(|_| ())
    }
}

impl Recognizer for Pocketsphinx {
    fn name(&self) -> &'static str {
        "pocketsphinx"
    }

    fn open(
        &self,
        settings: ListenSettings,
    ) -> Result<(Box<dyn Listening>, mpsc::Receiver<Heard>), RecognizerFault> {
        if settings.language.primary() != "en" {
            return Err(RecognizerFault::Unsupported {
                language: settings.language,
            });
        }
        let (heard, receiver) = mpsc::channel(N_HEARD_QUEUED_MAX);
        let leg = Leg {
            pool: Arc::clone(&self.pool),
            runtime: Handle::current(),
            heard,
            ear: Ear::default(),
            expected: settings.expected,
            of_utterance: Vec::new(),
            deciding: None,
            dropped_told: false,
        };
        Ok((Box::new(leg), receiver))
    }
}

struct Leg {
    pool: Arc<Pool>,
    runtime: Handle,
    heard: mpsc::Sender<Heard>,
    ear: Ear,
    expected: Vec<String>,
    /// What was expected when the open utterance began.
    of_utterance: Vec<String>,
    deciding: Option<JoinHandle<()>>,
    /// Whether dropped phrases of `expected` were told already.
    dropped_told: bool,
}

impl Listening for Leg {
    fn push(&mut self, frame: &Frame) {
        self.ear.push(frame);
    }

    fn expect(&mut self, phrases: Vec<String>) {
        self.expected = phrases;
        self.dropped_told = false;
    }

    fn utterance_started(&mut self) -> u64 {
        self.of_utterance.clone_from(&self.expected);
        self.ear.started()
    }

    fn utterance_ended(&mut self) {
        let Some((utterance, samples)) = self.ear.ended() else {
            return;
        };
        let (pool, heard) = (Arc::clone(&self.pool), self.heard.clone());
        let phrases = self.of_utterance.clone();
        let tell_dropped = !std::mem::replace(&mut self.dropped_told, true);
        let began = Instant::now();
        self.deciding = Some(self.runtime.spawn(async move {
            let result = if phrases.is_empty() {
                Ok(super::wire::Decision::default())
            } else {
                pool.decide(phrases, &samples).await
            };
            for answer in answers(utterance, result, tell_dropped, began) {
                if heard.try_send(answer).is_err() {
                    tracing::warn!(utterance, "recognizer's answer was not read");
                }
            }
        }));
    }

    fn utterance_resumed(&mut self) -> u64 {
        let (utterance, joined) = self.ear.resumed();
        if joined && let Some(deciding) = self.deciding.take() {
            deciding.abort();
        }
        if !joined {
            self.of_utterance.clone_from(&self.expected);
        }
        utterance
    }
}

fn answers(
    utterance: u64,
    result: Result<super::wire::Decision, RecognizerFault>,
    tell_dropped: bool,
    began: Instant,
) -> Vec<Heard> {
    let decision = match result {
        Ok(decision) => decision,
        Err(fault) => return vec![Heard::Failed { utterance, fault }],
    };
    let mut answers = Vec::new();
    if tell_dropped && !decision.dropped.is_empty() {
        answers.push(Heard::Unrecognizable {
            phrases: decision.dropped,
        });
    }
    answers.push(match decision.phrase {
        Some((text, confidence)) => Heard::Final {
            utterance,
            text,
            confidence,
            took: began.elapsed(),
        },
        None => Heard::Nothing { utterance },
    });
    answers
}
