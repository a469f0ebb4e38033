//! A voice agent that a request brings along, with its own language model and key.
//!
//! It is a document in the model form, whose one model is [`BROUGHT_MODEL`], with what a document
//! cannot say: the model itself, and waits to the millisecond.
//!
//! # Invariants
//!
//! - What [`BroughtAgent::new`] took, [`BroughtAgent::parsed`] parses.
//! - The key is in no log: nothing of this prints.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::BroughtDocument;
use voice::{conversation, line::Line};

use super::{DocumentFault, Parsed, SpeechParts, SpeechSource, parse};
use crate::{
    custom_tts::{custom_stt, custom_tts},
    language_model::LanguageModelSettings,
};

/// The name by which the document of a brought agent names its model.
pub const BROUGHT_MODEL: &str = "brought";

/// A voice agent that a request brings along.
#[derive(Clone, Serialize, Deserialize)]
pub struct BroughtAgent {
    /// The document, in the model form.
    pub definition: Value,
    /// The model that thinks.
    pub model: LanguageModelSettings,
    /// The key that requests to it carry; empty: none.
    pub key: String,
    /// The vendor's `CustomTTSConfig`: a speaker of its own.
    pub custom_tts: Option<String>,
    /// The vendor's `CustomSTTConfig`: a recognizer of its own, before that of this machine.
    pub custom_stt: Option<String>,
    /// What the document cannot say.
    pub exact: Exact,
}

/// What a document cannot say, or not as exactly.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Exact {
    /// Longest time from the answer to the hang-up, ms; no limit if absent.
    pub call_ms: Option<u64>,
    /// Longest silence of the caller, ms.
    pub silence_ms: Option<u64>,
    /// What is said about silence.
    pub notify: Option<ExactNotify>,
    /// The language tag of the voice, where it is another one than the caller's.
    pub voice_language: Option<String>,
}

/// What is said about silence.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExactNotify {
    /// Silence of both sides before it is said, ms.
    pub after_ms: u64,
    /// The words.
    pub say: String,
    /// How often in a row; always if absent.
    pub max: Option<u32>,
}

impl BroughtAgent {
    /// Checks an agent.
    ///
    /// # Errors
    ///
    /// What is wrong with its document, or with its speech at `custom_tts` and `custom_stt`. Its model
    /// has been [checked](LanguageModelSettings::check) before.
    pub fn new(self) -> Result<Self, DocumentFault> {
        self.parsed()?;
        Ok(self)
    }

    /// As the call needs it.
    pub(crate) fn parsed(&self) -> Result<Parsed, DocumentFault> {
        let parsed = parse(&self.definition.to_string())?.with_speech(self.speech()?);
        Ok(Parsed {
            brought: Some(Box::new(self.clone())),
            ..parsed
        })
    }

    fn speech(&self) -> Result<SpeechParts, DocumentFault> {
        let fault = |path: &str, why: String| DocumentFault {
            path: path.to_owned(),
            why,
        };
        let mut parts = SpeechParts::default();
        if let Some(config) = &self.custom_tts {
            let given = custom_tts(config).map_err(|why| fault("custom_tts", why.to_string()))?;
            parts.speakers = vec![SpeechSource::Given(Box::new(given.0))];
            parts.speed_percent = given.1;
        }
        if let Some(config) = &self.custom_stt {
            let given = custom_stt(config).map_err(|why| fault("custom_stt", why.to_string()))?;
            let given = given.map(|settings| SpeechSource::Given(Box::new(settings)));
            parts.recognizers = given.into_iter().chain([SpeechSource::Local]).collect();
        }
        Ok(parts)
    }

    /// As it is kept while its call needs it.
    pub(crate) fn document(&self) -> BroughtDocument {
        let text = serde_json::to_string(self).expect("its maps have text keys");
        BroughtDocument(text)
    }

    /// What was kept.
    pub(crate) fn kept(document: &BroughtDocument) -> anyhow::Result<Self> {
        Ok(serde_json::from_str(&document.0)?)
    }

    /// The model's name in notes: what the request calls it.
    pub(crate) fn model_name(&self) -> String {
        match self.model.model.as_str() {
            "" => "dify".to_owned(),
            name => name.to_owned(),
        }
    }
}

impl Exact {
    /// These over the settings of a conversation.
    pub(super) fn over(&self, base: conversation::Settings) -> conversation::Settings {
        let ms = Duration::from_millis;
        let mut manners = base.manners;
        if let Some(notify) = &self.notify {
            manners.no_input_after = ms(notify.after_ms);
        }
        conversation::Settings {
            manners,
            call_time_max: self.call_ms.map(ms),
            caller_silence_max: self.silence_ms.map(ms),
            notify: self.notify.as_ref().map(|notify| conversation::Notify {
                line: Line::Text(notify.say.clone()),
                max: notify.max,
            }),
            ..base
        }
    }
}

impl fmt::Debug for BroughtAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BroughtAgent(…)")
    }
}
