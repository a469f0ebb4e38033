//! Speakers in the order in which they are asked.
//!
//! The next one is asked when one fails before its first sound, or has none in time. What broke off
//! in the middle is told as broken; whoever knows what was heard asks for the rest, which the next one
//! says then.

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
    unwell: Arc<Unwell>,
}

/// Until when each speaker is asked last.
struct Unwell(Mutex<Vec<Option<Instant>>>);

impl FailoverSpeaker {
    /// Asks these speakers in this order; at least one. A voice that a request names is that of the
    /// first one; the others use their own.
    pub fn new(backends: Vec<VoiceBackend>) -> Self {
        assert!(!backends.is_empty(), "somebody must speak");
        Self {
            unwell: Arc::new(Unwell(Mutex::new(vec![None; backends.len()]))),
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
                Ok(speech) => {
                    let unwell = Arc::clone(&self.unwell);
                    return Ok(speech.on_fault(move || unwell.failed(idx)));
                }
                Err(SpeakerFault::NothingToSay) => return Err(SpeakerFault::NothingToSay),
                Err(fault) => {
                    tracing::warn!(%fault, engine = backend.speaker.name(), "a speaker failed");
                    self.unwell.failed(idx);
                    last = fault;
                }
            }
        }
        Err(last)
    }

    /// Speakers in the order in which they are asked: those that are unwell last.
    fn order(&self) -> Vec<usize> {
        let now = Instant::now();
        let unwell = self.unwell.all();
        let mut order: Vec<usize> = (0..self.backends.len()).collect();
        order.sort_by_key(|idx| unwell[*idx].is_some_and(|until| until > now));
        order
    }
}

impl Unwell {
    fn failed(&self, idx: usize) {
        self.all()[idx] = Some(Instant::now() + UNWELL);
    }

    fn all(&self) -> std::sync::MutexGuard<'_, Vec<Option<Instant>>> {
        self.0.lock().expect("no panic under this lock")
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
