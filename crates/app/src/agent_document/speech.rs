//! The parts of a document that say who hears the caller and who speaks.

use providers::speech::SpeechSettings;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    DocumentFault,
    conduct::{fault, within},
};

/// The name of the engines of this machine, among services.
pub const LOCAL: &str = "local";

/// Most services of a kind.
const SERVICES_MAX: usize = 4;

/// Who hears the caller.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecognizerText {
    /// Names of speech services, 1 to 4, in the order in which they are asked; `local` is the
    /// engine of this machine.
    services: Vec<String>,
}

/// Who speaks.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpeakerText {
    /// Names of speech services, 1 to 4, in the order in which they are asked; `local` is the
    /// engine of this machine. The document's `voice` is that of the first one.
    services: Vec<String>,
    /// Speed in percent of the voice's own, 50 to 200.
    speed_percent: Option<u32>,
}

/// Who hears, or who speaks.
#[derive(Clone, Debug)]
pub enum SpeechSource {
    /// The engine of this machine.
    Local,
    /// A stored service, by its name.
    Named(String),
    /// A service that a request brought along.
    Given(Box<SpeechSettings>),
}

/// Who hears and who speaks.
#[derive(Clone, Debug)]
pub struct SpeechParts {
    /// Who hears, in order; at least one.
    pub recognizers: Vec<SpeechSource>,
    /// Who speaks, in order; at least one.
    pub speakers: Vec<SpeechSource>,
    /// Speed in percent of a voice's own.
    pub speed_percent: u16,
}

impl Default for SpeechParts {
    fn default() -> Self {
        Self {
            recognizers: vec![SpeechSource::Local],
            speakers: vec![SpeechSource::Local],
            speed_percent: 100,
        }
    }
}

impl SpeechParts {
    /// What a document says, checked.
    pub(super) fn new(
        recognizer: Option<RecognizerText>,
        speaker: Option<SpeakerText>,
    ) -> Result<Self, DocumentFault> {
        let mut parts = Self::default();
        if let Some(recognizer) = recognizer {
            parts.recognizers = sources("recognizer.services", recognizer.services)?;
        }
        if let Some(speaker) = speaker {
            within("speaker.speed_percent", speaker.speed_percent, 50, 200)?;
            let speed = speaker.speed_percent.unwrap_or(100);
            parts.speed_percent = u16::try_from(speed).expect("checked above");
            parts.speakers = sources("speaker.services", speaker.services)?;
        }
        Ok(parts)
    }

    /// Whether only engines of this machine speak.
    pub fn speaks_locally(&self) -> bool {
        let mut speakers = self.speakers.iter();
        speakers.all(|source| matches!(source, SpeechSource::Local))
    }

    /// The names of stored services, with their places in the document and whether they speak.
    pub fn named(&self) -> impl Iterator<Item = (String, &str, bool)> {
        let hear = self.recognizers.iter().enumerate();
        let speak = self.speakers.iter().enumerate();
        hear.map(|(idx, source)| ("recognizer", idx, source))
            .chain(speak.map(|(idx, source)| ("speaker", idx, source)))
            .filter_map(|(place, idx, source)| match source {
                SpeechSource::Named(name) => {
                    let path = format!("{place}.services[{idx}]");
                    Some((path, name.as_str(), place == "speaker"))
                }
                SpeechSource::Local | SpeechSource::Given(_) => None,
            })
    }
}

fn sources(path: &str, names: Vec<String>) -> Result<Vec<SpeechSource>, DocumentFault> {
    if !(1..=SERVICES_MAX).contains(&names.len()) {
        return Err(fault(path, format!("must have 1 to {SERVICES_MAX} items")));
    }
    let source = |name: String| match name.as_str() {
        LOCAL => SpeechSource::Local,
        _ => SpeechSource::Named(name),
    };
    Ok(names.into_iter().map(source).collect())
}
