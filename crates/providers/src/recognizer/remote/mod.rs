//! Recognizers elsewhere, in the order in which they are asked.
//!
//! One leg's ear sends each utterance to the first recognizer that is well, while it is being
//! spoken where the protocol streams. When that one fails, is late, or breaks off, the next one
//! gets the whole utterance from its beginning. One that failed is asked last for a while.
//!
//! # Invariants
//!
//! - An utterance is answered once, whoever answers it.
//! - Nothing waits for ever: connecting, the words after an utterance's end, and each send have
//!   deadlines. Sound that waits for a connection is bounded by the longest utterance.
//! - Dropping the ear closes every connection.

mod dashscope;
mod deepgram;
mod exchange;
mod funasr;
mod kept;
mod leg;
mod openai;
mod sherpa;
mod stream;
mod tencent;
#[cfg(test)]
mod tests;
mod transcript;

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use tokio::{runtime::Handle, sync::mpsc};

use crate::{
    port::{Heard, ListenSettings, Listening, Recognizer, RecognizerFault},
    speech::SpeechSettings,
};

/// How long a recognizer that failed is asked last.
const UNWELL: Duration = Duration::from_secs(30);

/// Answers that wait to be read; more are dropped, with a warning.
const N_HEARD_QUEUED_MAX: usize = 64;

/// A recognizer that may be asked.
#[derive(Clone)]
pub enum EarBackend {
    /// A service elsewhere.
    Service(Box<SpeechSettings>),
    /// An engine of this machine.
    Local(Arc<dyn Recognizer>),
}

/// Recognizers elsewhere.
pub struct RemoteRecognizer {
    client: reqwest::Client,
    backends: Arc<[EarBackend]>,
}

/// What the utterances of one leg share.
struct Shared {
    client: reqwest::Client,
    backends: Arc<[EarBackend]>,
    unwell_until: Mutex<Vec<Option<Instant>>>,
    listen: ListenSettings,
    heard: mpsc::Sender<Heard>,
    /// Connections that wait for the next utterance.
    kept: kept::KeptSockets,
}

impl RemoteRecognizer {
    /// Asks these recognizers in this order; at least one.
    pub fn new(client: reqwest::Client, backends: Vec<EarBackend>) -> Self {
        assert!(!backends.is_empty(), "somebody must listen");
        Self {
            client,
            backends: backends.into(),
        }
    }
}

impl Recognizer for RemoteRecognizer {
    fn name(&self) -> &'static str {
        "remote"
    }

    fn open(
        &self,
        settings: ListenSettings,
    ) -> Result<(Box<dyn Listening>, mpsc::Receiver<Heard>), RecognizerFault> {
        let (heard, receiver) = mpsc::channel(N_HEARD_QUEUED_MAX);
        let shared = Arc::new(Shared {
            client: self.client.clone(),
            unwell_until: Mutex::new(vec![None; self.backends.len()]),
            backends: Arc::clone(&self.backends),
            listen: settings,
            heard,
            kept: kept::KeptSockets::default(),
        });
        Ok((Box::new(leg::Leg::new(shared, Handle::current())), receiver))
    }
}

impl Shared {
    /// Recognizers in the order in which they are asked: those that are unwell last.
    fn order(&self) -> Vec<usize> {
        let now = Instant::now();
        let unwell = self.unwell();
        let mut order: Vec<usize> = (0..self.backends.len()).collect();
        order.sort_by_key(|idx| unwell[*idx].is_some_and(|until| until > now));
        order
    }

    fn failed(&self, idx: usize) {
        self.unwell()[idx] = Some(Instant::now() + UNWELL);
    }

    fn unwell(&self) -> std::sync::MutexGuard<'_, Vec<Option<Instant>>> {
        self.unwell_until.lock().expect("no panic under this lock")
    }

    /// Tells the call; one that does not read loses it.
    fn tell(&self, heard: Heard) {
        if self.heard.try_send(heard).is_err() {
            tracing::warn!("a recognizer's answer was not read");
        }
    }
}
