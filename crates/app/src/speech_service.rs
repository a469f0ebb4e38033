//! Recognizers and speakers elsewhere as their owners write them down.

use std::time::Duration;

use providers::speech::{AudioFormat, SpeechKind, SpeechSettings};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Which protocol a speech service speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SpeechServiceType {
    /// OpenAI's audio routes, as most servers of open models have them.
    OpenAi,
    /// Deepgram's live transcription.
    Deepgram,
    /// Tencent's real-time recognition, or streaming synthesis.
    Tencent,
    /// Alibaba's DashScope: paraformer, or CosyVoice.
    DashScope,
    /// sherpa-onnx's streaming WebSocket server.
    Sherpa,
    /// FunASR's WebSocket server, two passes.
    FunAsr,
    /// The speaker of `CustomTTSConfig`: `POST` of a text, sound as the answer.
    Custom,
    /// MiniMax's T2A v2.
    MiniMax,
    /// Azure's speech synthesis.
    Azure,
    /// Volcengine's speech synthesis.
    VolcEngine,
}

/// What a speech service does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SpeechServiceRole {
    /// It turns speech into text.
    Recognizer,
    /// It turns text into speech.
    Speaker,
}

/// How a speaker packs its samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SpeechServiceFormat {
    /// 16-bit samples without a header.
    #[default]
    Pcm,
    /// A WAV file, header first.
    Wav,
}

/// Where a speech service is and how it is asked. Its key is kept apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpeechServiceSettings {
    /// Which protocol it speaks.
    #[serde(rename = "type")]
    pub kind: SpeechServiceType,
    /// What it does.
    pub role: SpeechServiceRole,
    /// Its address; the vendor's own if absent, where there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// The model.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// A speaker's voice, where the agent names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<String>,
    /// The language in the service's own words; made from the agent's tag if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The account: Tencent's AppId, MiniMax's GroupId, Volcengine's appid.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub app_id: String,
    /// The public half of the key: Tencent's SecretId.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub secret_id: String,
    /// How a speaker packs its samples, where there is a choice.
    #[serde(default)]
    pub format: SpeechServiceFormat,
    /// Samples a second, where there is a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample_rate_hz: Option<u32>,
    /// Further parameters of each request.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
    /// Longest wait for a connection, 100 to 10,000 ms.
    #[serde(default = "connect_ms")]
    pub connect_ms: u32,
    /// Longest wait for the first sound, or for the words after the end of speech, 100 to 10,000 ms.
    #[serde(default = "answer_ms")]
    pub answer_ms: u32,
    /// Longest wait between two pieces of an answer, 100 to 10,000 ms.
    #[serde(default = "piece_ms")]
    pub piece_ms: u32,
}

/// A field that cannot be taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeechServiceFault {
    /// The field.
    pub field: &'static str,
    /// What is wrong with it, as a fragment for people.
    pub why: String,
}

type Checked = Result<(), SpeechServiceFault>;

impl SpeechServiceSettings {
    /// A service at its vendor's own address, with nothing but defaults.
    pub fn new(kind: SpeechServiceType, role: SpeechServiceRole) -> Self {
        Self {
            kind,
            role,
            url: String::new(),
            model: String::new(),
            voice: None,
            language: None,
            app_id: String::new(),
            secret_id: String::new(),
            format: SpeechServiceFormat::default(),
            sample_rate_hz: None,
            extra: Map::new(),
            connect_ms: connect_ms(),
            answer_ms: answer_ms(),
            piece_ms: piece_ms(),
        }
    }

    /// Checks what types cannot.
    ///
    /// # Errors
    ///
    /// The first fault found.
    pub fn check(&self) -> Checked {
        self.check_address()?;
        let is_given = |field: &'static str, value: &str| match value.trim() {
            "" => fault(field, "is required for this type"),
            _ => Ok(()),
        };
        self.check_role()?;
        match self.kind {
            SpeechServiceType::OpenAi => is_given("model", &self.model)?,
            SpeechServiceType::Tencent => {
                is_given("app_id", &self.app_id)?;
                is_given("secret_id", &self.secret_id)?;
            }
            SpeechServiceType::VolcEngine => is_given("app_id", &self.app_id)?,
            SpeechServiceType::Deepgram
            | SpeechServiceType::DashScope
            | SpeechServiceType::Sherpa
            | SpeechServiceType::FunAsr
            | SpeechServiceType::Custom
            | SpeechServiceType::MiniMax
            | SpeechServiceType::Azure => {}
        }
        if self
            .sample_rate_hz
            .is_some_and(|rate| !(8_000..=48_000).contains(&rate))
        {
            return fault("sample_rate_hz", "must be 8000 to 48000");
        }
        for (field, ms) in [
            ("connect_ms", self.connect_ms),
            ("answer_ms", self.answer_ms),
            ("piece_ms", self.piece_ms),
        ] {
            if !(100..=10_000).contains(&ms) {
                return fault(field, "must be 100 to 10000");
            }
        }
        Ok(())
    }

    fn check_role(&self) -> Checked {
        let only = match self.kind {
            SpeechServiceType::OpenAi
            | SpeechServiceType::Tencent
            | SpeechServiceType::DashScope => return Ok(()),
            SpeechServiceType::Deepgram | SpeechServiceType::Sherpa | SpeechServiceType::FunAsr => {
                SpeechServiceRole::Recognizer
            }
            SpeechServiceType::Custom
            | SpeechServiceType::MiniMax
            | SpeechServiceType::Azure
            | SpeechServiceType::VolcEngine => SpeechServiceRole::Speaker,
        };
        match (self.role == only, only) {
            (true, _) => Ok(()),
            (false, SpeechServiceRole::Recognizer) => fault("role", "must be recognizer"),
            (false, SpeechServiceRole::Speaker) => fault("role", "must be speaker"),
        }
    }

    fn check_address(&self) -> Checked {
        let schemes: &[&str] = match self.kind {
            SpeechServiceType::OpenAi
            | SpeechServiceType::Custom
            | SpeechServiceType::MiniMax
            | SpeechServiceType::Azure
            | SpeechServiceType::VolcEngine => &["http", "https"],
            SpeechServiceType::Deepgram
            | SpeechServiceType::Tencent
            | SpeechServiceType::DashScope
            | SpeechServiceType::Sherpa
            | SpeechServiceType::FunAsr => &["ws", "wss"],
        };
        if self.url.is_empty() && self.usual_url().is_some() {
            return Ok(());
        }
        let is_address = reqwest::Url::parse(&self.url)
            .is_ok_and(|url| schemes.contains(&url.scheme()) && url.has_host());
        if is_address {
            return Ok(());
        }
        let [plain, secure] = [schemes[0], schemes[1]];
        fault(
            "url",
            &format!("must begin with {plain}:// or {secure}:// and a host"),
        )
    }

    /// The vendor's own address.
    fn usual_url(&self) -> Option<&'static str> {
        match (self.kind, self.role) {
            (SpeechServiceType::Deepgram, _) => Some("wss://api.deepgram.com/v1/listen"),
            (SpeechServiceType::Tencent, SpeechServiceRole::Recognizer) => {
                Some("wss://asr.cloud.tencent.com/asr/v2")
            }
            (SpeechServiceType::Tencent, SpeechServiceRole::Speaker) => {
                Some("wss://tts.cloud.tencent.com/stream_wsv2")
            }
            (SpeechServiceType::DashScope, _) => {
                Some("wss://dashscope.aliyuncs.com/api-ws/v1/inference")
            }
            (SpeechServiceType::MiniMax, _) => Some("https://api.minimax.io/v1/t2a_v2"),
            (SpeechServiceType::VolcEngine, _) => {
                Some("https://openspeech.bytedance.com/api/v1/tts")
            }
            (
                SpeechServiceType::OpenAi
                | SpeechServiceType::Sherpa
                | SpeechServiceType::FunAsr
                | SpeechServiceType::Custom
                | SpeechServiceType::Azure,
                _,
            ) => None,
        }
    }

    /// What is stored of a speech service; `None` if it cannot be read.
    pub fn stored(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// As a call needs them.
    pub fn provider(&self, name: String, key: Option<String>) -> SpeechSettings {
        let ms = |ms: u32| Duration::from_millis(ms.into());
        let url = match self.url.as_str() {
            "" => self.usual_url().unwrap_or_default().to_owned(),
            url => url.to_owned(),
        };
        SpeechSettings {
            name,
            kind: match self.kind {
                SpeechServiceType::OpenAi => SpeechKind::OpenAi,
                SpeechServiceType::Deepgram => SpeechKind::Deepgram,
                SpeechServiceType::Tencent => SpeechKind::Tencent,
                SpeechServiceType::DashScope => SpeechKind::DashScope,
                SpeechServiceType::Sherpa => SpeechKind::Sherpa,
                SpeechServiceType::FunAsr => SpeechKind::FunAsr,
                SpeechServiceType::Custom => SpeechKind::Custom,
                SpeechServiceType::MiniMax => SpeechKind::MiniMax,
                SpeechServiceType::Azure => SpeechKind::Azure,
                SpeechServiceType::VolcEngine => SpeechKind::VolcEngine,
            },
            url,
            key: key.unwrap_or_default(),
            model: self.model.clone(),
            voice: self.voice.clone(),
            language: self.language.clone(),
            app_id: self.app_id.clone(),
            secret_id: self.secret_id.clone(),
            format: match self.format {
                SpeechServiceFormat::Pcm => AudioFormat::Pcm,
                SpeechServiceFormat::Wav => AudioFormat::Wav,
            },
            sample_rate_hz: self.sample_rate_hz,
            extra: self.extra.clone(),
            connect_max: ms(self.connect_ms),
            answer_max: ms(self.answer_ms),
            piece_max: ms(self.piece_ms),
        }
    }
}

/// A language by its tag; `None` if it is none.
pub fn language(tag: &str) -> Option<providers::port::Language> {
    tag.parse().ok()
}

fn fault(field: &'static str, why: &str) -> Checked {
    Err(SpeechServiceFault {
        field,
        why: why.to_owned(),
    })
}

fn connect_ms() -> u32 {
    2_000
}

fn answer_ms() -> u32 {
    2_000
}

fn piece_ms() -> u32 {
    3_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_has_a_default_and_what_is_wrong_is_named() {
        let least = r#"{"type":"openai","role":"speaker","url":"http://127.0.0.1:8880/v1","model":"kokoro"}"#;
        let settings: SpeechServiceSettings = serde_json::from_str(least).unwrap();
        assert_eq!(settings.check(), Ok(()));
        let changed = |change: &dyn Fn(&mut SpeechServiceSettings)| {
            let mut changed = settings.clone();
            change(&mut changed);
            changed.check().map_err(|fault| fault.field)
        };
        assert_eq!(changed(&|s| s.url = String::new()), Err("url"));
        assert_eq!(changed(&|s| s.url = "ws://x".into()), Err("url"));
        assert_eq!(changed(&|s| s.model = " ".into()), Err("model"));
        assert_eq!(changed(&|s| s.answer_ms = 1), Err("answer_ms"));
        assert_eq!(
            changed(&|s| s.sample_rate_hz = Some(1)),
            Err("sample_rate_hz")
        );
    }
}
