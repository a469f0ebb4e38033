//! Language models as their owners write them down.

use std::{sync::OnceLock, time::Duration};

pub use providers::thinker::model::Trial;
use providers::thinker::model::{ModelKind, ModelSettings, TrialSettings, try_model};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::LanguageModel;

/// Longest wait for a connection to a server of models or tools.
const CONNECT_MAX: Duration = Duration::from_secs(3);

/// Longest time that a trial may take.
const TRIAL_MAX: Duration = Duration::from_secs(50);

/// Which protocol a model speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LanguageModelType {
    /// OpenAI's chat completions, as most servers of open models have them.
    #[default]
    OpenAi,
    /// Azure's deployments of the same.
    Azure,
    /// MiniMax's variant.
    MiniMax,
    /// An application of Dify.
    Dify,
}

/// Where a language model is and how it is asked. Its key is kept apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LanguageModelSettings {
    /// Which protocol it speaks.
    #[serde(default, rename = "type")]
    pub kind: LanguageModelType,
    /// Its base: `https://api.openai.com/v1`, `https://NAME.openai.azure.com?api-version=…`,
    /// `https://api.minimax.io/v1`, `https://api.dify.ai/v1`.
    pub url: String,
    /// The model, or Azure's deployment; Dify has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// Sampling temperature, 0 to 2; the server's own if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Nucleus sampling, 0 to 1; the server's own if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f64>,
    /// The longest answer in tokens, 1 to 32,768; the server's own if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
    /// Further fields of each request.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub extra_body: Map<String, Value>,
    /// Longest wait for the first word, 100 to 30,000 ms.
    #[serde(default = "first_token_ms")]
    pub first_token_ms: u32,
    /// Longest wait between two pieces of an answer, 100 to 30,000 ms.
    #[serde(default = "piece_ms")]
    pub piece_ms: u32,
}

/// A field that cannot be taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LanguageModelFault {
    /// The field.
    pub field: &'static str,
    /// What is wrong with it, as a fragment for people.
    pub why: String,
}

impl LanguageModelSettings {
    /// One that speaks OpenAI's protocol at this address, with every default.
    pub fn at(url: &str) -> Self {
        Self {
            kind: LanguageModelType::default(),
            url: url.to_owned(),
            model: String::new(),
            temperature: None,
            top_p: None,
            max_tokens: None,
            extra_body: Map::new(),
            first_token_ms: first_token_ms(),
            piece_ms: piece_ms(),
        }
    }

    /// Checks what types cannot.
    ///
    /// # Errors
    ///
    /// The first fault found.
    pub fn check(&self) -> Result<(), LanguageModelFault> {
        let fault = |field, why: &str| {
            Err(LanguageModelFault {
                field,
                why: why.to_owned(),
            })
        };
        let is_address = reqwest::Url::parse(&self.url)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if !is_address {
            return fault("url", "must begin with http:// or https:// and a host");
        }
        let needs_model = match self.kind {
            LanguageModelType::OpenAi | LanguageModelType::MiniMax => true,
            LanguageModelType::Azure => !self.url.contains("/deployments/"),
            LanguageModelType::Dify => false,
        };
        if needs_model && self.model.trim().is_empty() {
            return fault("model", "is required for this type");
        }
        if self
            .temperature
            .is_some_and(|value| !(0.0..=2.0).contains(&value))
        {
            return fault("temperature", "must be 0 to 2");
        }
        if self
            .top_p
            .is_some_and(|value| !(0.0..=1.0).contains(&value))
        {
            return fault("top_p", "must be 0 to 1");
        }
        if self
            .max_tokens
            .is_some_and(|value| !(1..=32_768).contains(&value))
        {
            return fault("max_tokens", "must be 1 to 32768");
        }
        if !(100..=30_000).contains(&self.first_token_ms) {
            return fault("first_token_ms", "must be 100 to 30000");
        }
        if !(100..=30_000).contains(&self.piece_ms) {
            return fault("piece_ms", "must be 100 to 30000");
        }
        Ok(())
    }

    /// What is stored of a language model; `None` if it cannot be read.
    pub fn stored(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// As the thinker needs them.
    pub(crate) fn provider(&self, name: String, key: Option<String>) -> ModelSettings {
        let ms = |ms: u32| Duration::from_millis(ms.into());
        ModelSettings {
            name,
            kind: match self.kind {
                LanguageModelType::OpenAi => ModelKind::OpenAi,
                LanguageModelType::Azure => ModelKind::Azure,
                LanguageModelType::MiniMax => ModelKind::MiniMax,
                LanguageModelType::Dify => ModelKind::Dify,
            },
            url: self.url.clone(),
            key: key.unwrap_or_default(),
            model: self.model.clone(),
            temperature: self.temperature,
            top_p: self.top_p,
            max_tokens: self.max_tokens,
            extra_body: self.extra_body.clone(),
            first_token_max: ms(self.first_token_ms),
            piece_max: ms(self.piece_ms),
        }
    }
}

/// Asks a language model a few questions and measures it. `None` if what is stored of it cannot be
/// read.
pub async fn test_language_model(model: LanguageModel, n_questions: u32) -> Option<Trial> {
    let settings = LanguageModelSettings::stored(&model.settings.settings)?;
    let settings = settings.provider(model.settings.name, model.settings.key);
    let trial = TrialSettings {
        n_questions,
        wait_max: TRIAL_MAX,
    };
    Some(try_model(client(), settings, trial).await)
}

/// One client for all models and tools, so that connections are kept. It follows no redirects: a
/// server must not send us to addresses that its owner may not name.
pub(crate) fn client() -> reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    CLIENT
        .get_or_init(|| {
            reqwest::Client::builder()
                .connect_timeout(CONNECT_MAX)
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .expect("these settings need no files")
        })
        .clone()
}

fn first_token_ms() -> u32 {
    5_000
}

fn piece_ms() -> u32 {
    5_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_has_a_default_and_what_is_wrong_is_named() {
        let least = r#"{"url":"http://127.0.0.1:11434/v1","model":"qwen3"}"#;
        let settings: LanguageModelSettings = serde_json::from_str(least).unwrap();
        assert_eq!(settings.kind, LanguageModelType::OpenAi);
        assert_eq!(settings.check(), Ok(()));
        let changed = |change: &dyn Fn(&mut LanguageModelSettings)| {
            let mut changed = settings.clone();
            change(&mut changed);
            changed.check().map_err(|fault| fault.field)
        };
        assert_eq!(changed(&|s| s.url = "ftp://x".into()), Err("url"));
        assert_eq!(changed(&|s| s.model = " ".into()), Err("model"));
        assert_eq!(changed(&|s| s.kind = LanguageModelType::Dify), Ok(()));
        assert_eq!(changed(&|s| s.top_p = Some(1.5)), Err("top_p"));
        assert_eq!(changed(&|s| s.first_token_ms = 1), Err("first_token_ms"));
    }
}
