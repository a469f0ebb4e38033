//! Tencent's real-time recognition: `wss://asr.cloud.tencent.com/asr/v2/<AppId>`, one connection for
//! each utterance.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::{
    stream::{Talk, Took, json},
    transcript::Transcript,
};
use crate::{
    port::ListenSettings,
    speech::{
        ServiceFailure, SpeechSettings,
        audio::pcm_bytes,
        socket::{Address, Wire},
        tencent_url,
    },
};

/// How long a signed address may be used, in seconds.
const EXPIRES_SECOND: u64 = 3_600;

/// Longest word of a list that the service shall listen for, in characters, and most of them
/// (`hotword_list`).
const HOTWORD_CHARS_MAX: usize = 10;
const HOTWORDS_MAX: usize = 128;

/// One utterance.
#[derive(Default)]
pub(super) struct Tencent {
    transcript: Transcript,
    is_ready: bool,
}

/// Where it listens, signed.
pub(super) fn address(
    settings: &SpeechSettings,
    listen: &ListenSettings,
) -> Result<Address, ServiceFailure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0, |since| since.as_secs());
    let engine = match (settings.model.as_str(), listen.language.primary()) {
        ("", "zh") => "8k_zh".to_owned(),
        ("", language) => format!("8k_{language}"),
        (model, _) => model.to_owned(),
    };
    let mut params = vec![
        ("secretid".to_owned(), settings.secret_id.clone()),
        ("timestamp".to_owned(), now.to_string()),
        ("expired".to_owned(), (now + EXPIRES_SECOND).to_string()),
        (
            "nonce".to_owned(),
            rand::random_range(1..1_000_000_000_u32).to_string(),
        ),
        ("engine_model_type".to_owned(), engine),
        ("voice_id".to_owned(), uuid::Uuid::new_v4().to_string()),
        ("voice_format".to_owned(), "1".to_owned()),
        ("needvad".to_owned(), "1".to_owned()),
    ];
    let hotwords: Vec<String> = listen
        .expected
        .iter()
        .filter(|word| word.chars().count() <= HOTWORD_CHARS_MAX && !word.contains([',', '|']))
        .take(HOTWORDS_MAX)
        .map(|word| format!("{word}|8"))
        .collect();
    if !hotwords.is_empty() {
        params.push(("hotword_list".to_owned(), hotwords.join(",")));
    }
    let base = format!("{}/{}", settings.url.trim_end_matches('/'), settings.app_id);
    Ok(Address {
        url: tencent_url("", &base, params, "signature", settings)?,
        headers: Vec::new(),
        protocol: None,
    })
}

impl Talk for Tencent {
    fn opening(&mut self) -> Vec<Wire> {
        Vec::new()
    }

    /// The first frame says whether the signature was taken.
    fn is_ready(&self) -> bool {
        self.is_ready
    }

    fn sound(&mut self, samples: &[i16]) -> Wire {
        Wire::Bytes(pcm_bytes(samples))
    }

    fn ending(&mut self) -> Vec<Wire> {
        vec![Wire::Text(r#"{"type":"end"}"#.to_owned())]
    }

    fn take(&mut self, wire: Wire) -> Result<Took, ServiceFailure> {
        let value = json(&wire)?;
        let code = value["code"].as_i64();
        if code != Some(0) {
            let why = value["message"].as_str().unwrap_or_default();
            return match code {
                Some(code) => Err(ServiceFailure::refused(code, why)),
                None => Err(ServiceFailure::Unreadable(
                    "a message without `code`".to_owned(),
                )),
            };
        }
        self.is_ready = true;
        if value["final"] == 1 {
            return Ok(Took::Done { reusable: false });
        }
        match &value["result"] {
            Value::Object(result) => {
                let text = result.get("voice_text_str").and_then(Value::as_str);
                let text = text.unwrap_or_default();
                if result.get("slice_type").and_then(Value::as_i64) == Some(2) {
                    self.transcript.fix(text, 1.0);
                    return Ok(Took::Finished);
                }
                self.transcript.open(text);
                Ok(Took::Words)
            }
            _ => Ok(Took::Nothing),
        }
    }

    fn transcript(&self) -> &Transcript {
        &self.transcript
    }
}
