//! The local speaker: flite for English, espeak-ng for every other language.

use super::espeak::Espeak;
use super::flite::Flite;
use super::process::ProcessSettings;
use crate::port::{BoxFuture, Speak, Speaker, SpeakerFault, Speech};

/// Speech without network or key, from Debian's packages.
#[derive(Debug)]
pub struct LocalSpeaker {
    flite: Flite,
    espeak: Espeak,
}

impl LocalSpeaker {
    /// Engines found in `PATH`, one process a core each.
    pub fn new() -> LocalSpeaker {
        LocalSpeaker::with_engines(
            Flite::new(ProcessSettings::new("flite")),
            Espeak::new(ProcessSettings::new("espeak-ng")),
        )
    }

    /// Engines with settings of their own.
    pub fn with_engines(flite: Flite, espeak: Espeak) -> LocalSpeaker {
        LocalSpeaker { flite, espeak }
    }

    /// What is not installed, for `doctor`; empty when all is well.
    pub fn missing(&self) -> Vec<SpeakerFault> {
        [self.flite.check(), self.espeak.check()]
            .into_iter()
            .filter_map(Result::err)
            .collect()
    }
}

impl Default for LocalSpeaker {
    fn default() -> LocalSpeaker {
        LocalSpeaker::new()
    }
}

impl Speaker for LocalSpeaker {
    fn name(&self) -> &'static str {
        "local"
    }

    fn speak(&self, speak: Speak) -> BoxFuture<'_, Result<Speech, SpeakerFault>> {
        match speak.language.primary() {
            "en" => self.flite.speak(speak),
            _ => self.espeak.speak(speak),
        }
    }
}
