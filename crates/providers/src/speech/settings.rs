//! Where a recognizer or speaker is, and how it is asked.

use std::{fmt, time::Duration};

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// Which protocol a service speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpeechKind {
    /// OpenAI's `/audio/transcriptions` and `/audio/speech`, as servers of open models have them.
    OpenAi,
    /// Deepgram's live transcription.
    Deepgram,
    /// Tencent's real-time recognition and streaming synthesis.
    Tencent,
    /// Alibaba's DashScope: paraformer and CosyVoice.
    DashScope,
    /// sherpa-onnx's streaming WebSocket server.
    Sherpa,
    /// FunASR's WebSocket server, two passes.
    FunAsr,
    /// The speaker of the vendor's `CustomTTSConfig`: `POST` of a text, sound as the answer.
    Custom,
    /// MiniMax's T2A v2.
    MiniMax,
    /// Azure's speech synthesis.
    Azure,
    /// Volcengine's speech synthesis.
    VolcEngine,
}

impl SpeechKind {
    /// Its name in faults and logs.
    pub(crate) fn engine(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Deepgram => "deepgram",
            Self::Tencent => "tencent",
            Self::DashScope => "dashscope",
            Self::Sherpa => "sherpa",
            Self::FunAsr => "funasr",
            Self::Custom => "custom",
            Self::MiniMax => "minimax",
            Self::Azure => "azure",
            Self::VolcEngine => "volcengine",
        }
    }
}

/// How a speaker packs its samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AudioFormat {
    /// Signed 16-bit little-endian samples without a header.
    #[default]
    Pcm,
    /// The same behind a RIFF header.
    Wav,
}

/// One service as a call uses it.
#[derive(Clone)]
pub struct SpeechSettings {
    /// For notes and logs.
    pub name: String,
    /// Its protocol.
    pub kind: SpeechKind,
    /// Its base or endpoint.
    pub url: String,
    /// Its key or secret; empty: none is sent.
    pub key: String,
    /// The model; empty where the protocol has none.
    pub model: String,
    /// The voice, where a request names none.
    pub voice: Option<String>,
    /// The language in the service's own words, where it differs from the agent's tag.
    pub language: Option<String>,
    /// The account, where the protocol has one (Tencent's AppId, MiniMax's GroupId).
    pub app_id: String,
    /// The public half of the key, where the protocol has one.
    pub secret_id: String,
    /// How samples come.
    pub format: AudioFormat,
    /// Their rate, where the service leaves a choice.
    pub sample_rate_hz: Option<u32>,
    /// Further parameters of each request.
    pub extra: Map<String, Value>,
    /// Longest wait for a connection.
    pub connect_max: Duration,
    /// Longest wait for the first sound of a speech, or for the words after an utterance's end.
    pub answer_max: Duration,
    /// Longest wait between two pieces of an answer.
    pub piece_max: Duration,
}

/// Keys never print.
impl fmt::Debug for SpeechSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpeechSettings")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

impl SpeechSettings {
    /// Tells services apart that say the same words differently; holds no secret. For keys of the
    /// [cache](crate::speaker::CachedSpeaker).
    pub fn identity(&self) -> String {
        let voice = self.voice.as_deref().unwrap_or_default();
        let extra = Value::Object(self.extra.clone()).to_string();
        let mut hash = Sha256::new();
        for part in [&*self.url, &*self.model, voice, &*self.app_id, &*extra] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        format!("{:?}/{}", self.kind, hex::encode(&hash.finalize()[..16]))
    }

    /// An address below the base, keeping what it has as a query.
    pub(crate) fn below_base(&self, path: &str) -> String {
        let (base, query) = match self.url.split_once('?') {
            Some((base, query)) => (base, Some(query)),
            None => (self.url.as_str(), None),
        };
        let base = base.trim_end_matches('/');
        let whole = if base.ends_with(path) {
            base.to_owned()
        } else {
            format!("{base}{path}")
        };
        match query {
            Some(query) => format!("{whole}?{query}"),
            None => whole,
        }
    }
}
