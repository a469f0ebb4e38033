//! Speakers in the order in which they are asked.
//!
//! The next one is asked when one fails before its first sound, or has none in time. What broke off
//! in the middle is told as broken: nobody knows which words are missing.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use crate::port::{BoxFuture, Speak, Speaker, SpeakerFault, Speech};

/// How long a speaker that failed is asked last.
const UNWELL: Duration = Duration::from_secs(30);

/// A speaker that may be asked.
#[derive(Clone)]
pub struct VoiceBackend {
    /// Who speaks.
    pub speaker: Arc<dyn Speaker>,
    /// Longest wait for its first sound.
    pub first_sound_max: Duration,
}

/// Speakers, the next one for when one fails.
pub struct FailoverSpeaker {
    backends: Vec<VoiceBackend>,
    unwell_until: Mutex<Vec<Option<Instant>>>,
}

impl FailoverSpeaker {
    /// Asks these speakers in this order; at least one. A voice that a request names is that of the
    /// first one; the others use their own.
    pub fn new(backends: Vec<VoiceBackend>) -> Self {
        assert!(!backends.is_empty(), "somebody must speak");
        Self {
            unwell_until: Mutex::new(vec![None; backends.len()]),
            backends,
        }
    }

    async fn say(&self, speak: Speak) -> Result<Speech, SpeakerFault> {
        let mut last = SpeakerFault::NothingToSay;
        for idx in self.order() {
            let backend = &self.backends[idx];
            let voice = speak.voice.clone().filter(|_| idx == 0);
            let speak = Speak {
                voice,
                ..speak.clone()
            };
            let begun = async { backend.speaker.speak(speak).await?.begun().await };
            let waited = backend.first_sound_max;
            let begun = tokio::time::timeout(waited, begun).await;
            match begun.unwrap_or(Err(SpeakerFault::TimedOut { waited })) {
                Ok(speech) => return Ok(speech),
                Err(SpeakerFault::NothingToSay) => return Err(SpeakerFault::NothingToSay),
                Err(fault) => {
                    tracing::warn!(%fault, engine = backend.speaker.name(), "a speaker failed");
                    self.unwell()[idx] = Some(Instant::now() + UNWELL);
                    last = fault;
                }
            }
        }
        Err(last)
    }

    /// Speakers in the order in which they are asked: those that are unwell last.
    fn order(&self) -> Vec<usize> {
        let now = Instant::now();
        let unwell = self.unwell();
        let mut order: Vec<usize> = (0..self.backends.len()).collect();
        order.sort_by_key(|idx| unwell[*idx].is_some_and(|until| until > now));
        order
    }

    fn unwell(&self) -> std::sync::MutexGuard<'_, Vec<Option<Instant>>> {
        self.unwell_until.lock().expect("no panic under this lock")
    }
}

impl Speaker for FailoverSpeaker {
    fn name(&self) -> &'static str {
        "failover"
    }

    fn speak(&self, speak: Speak) -> BoxFuture<'_, Result<Speech, SpeakerFault>> {
        Box::pin(self.say(speak))
    }
}
