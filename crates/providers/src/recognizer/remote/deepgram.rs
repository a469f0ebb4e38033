//! Deepgram's live transcription: `wss://…/v1/listen`.
//!
//! An utterance ends with `Finalize`; the connection stays open for the next one by `KeepAlive`.

use std::time::Duration;

use serde_json::Value;

use super::{
    stream::{Talk, Took, json},
    transcript::Transcript,
};
use crate::{
    port::{ListenSettings, SAMPLE_RATE_HZ},
    speech::{
        ServiceFailure, SpeechSettings,
        audio::pcm_bytes,
        socket::{Address, Wire},
        with_query,
    },
};

/// After `Finalize` nothing may come, if there was nothing left to say.
const SETTLED: Duration = Duration::from_millis(400);

/// Silence after which Deepgram takes the caller for finished, in its own units: ms.
const ENDPOINTING_MS: &str = "300";

/// One utterance.
#[derive(Default)]
pub(super) struct Deepgram {
    transcript: Transcript,
    is_ended: bool,
}

/// Where it listens, and to what.
pub(super) fn address(settings: &SpeechSettings, listen: &ListenSettings) -> Address {
    let rate = SAMPLE_RATE_HZ.to_string();
    let language = settings
        .language
        .clone()
        .unwrap_or_else(|| listen.language.to_string());
    let model = match settings.model.as_str() {
        "" => "nova-2-phonecall",
        model => model,
    };
    let mut query = vec![
        ("model", model),
        ("language", &language),
        ("encoding", "linear16"),
        ("sample_rate", &rate),
        ("channels", "1"),
        ("interim_results", "true"),
        ("punctuate", "true"),
        ("endpointing", ENDPOINTING_MS),
    ];
    query.retain(|(name, _)| !settings.extra.contains_key(*name));
    Address {
        url: with_query(&settings.url, &query, &settings.extra),
        headers: match settings.key.as_str() {
            "" => Vec::new(),
            key => vec![("authorization", format!("Token {key}"))],
        },
        protocol: None,
    }
}

impl Talk for Deepgram {
    fn opening(&mut self) -> Vec<Wire> {
        Vec::new()
    }

    fn is_ready(&self) -> bool {
        true
    }

    fn sound(&mut self, samples: &[i16]) -> Wire {
        Wire::Bytes(pcm_bytes(samples))
    }

    fn ending(&mut self) -> Vec<Wire> {
        self.is_ended = true;
        vec![Wire::Text(r#"{"type":"Finalize"}"#.to_owned())]
    }

    fn take(&mut self, wire: Wire) -> Result<Took, ServiceFailure> {
        let value = json(&wire)?;
        match value["type"].as_str() {
            Some("Results") => Ok(self.results(&value)),
            Some("UtteranceEnd") => Ok(Took::Finished),
            Some("Error") => {
                let words = ["description", "err_msg", "message"];
                let why = words.iter().find_map(|name| value[name].as_str());
                let code = value["err_code"].as_str().unwrap_or("an error");
                Err(ServiceFailure::refused(code, why.unwrap_or_default()))
            }
            Some(_) => Ok(Took::Nothing),
            None => Err(ServiceFailure::Unreadable(
                "a message without `type`".to_owned(),
            )),
        }
    }

    fn transcript(&self) -> &Transcript {
        &self.transcript
    }

    fn settled_after(&self) -> Option<Duration> {
        Some(SETTLED)
    }
}

impl Deepgram {
    fn results(&mut self, value: &Value) -> Took {
        let best = &value["channel"]["alternatives"][0];
        let text = best["transcript"].as_str().unwrap_or_default();
        if value["is_final"] == true {
            let confidence = best["confidence"].as_f64().unwrap_or(0.0) as f32;
            self.transcript.fix(text, confidence);
        } else {
            self.transcript.open(text);
        }
        if value["from_finalize"] == true && self.is_ended {
            return Took::Done { reusable: true };
        }
        match value["speech_final"] == true {
            true => Took::Finished,
            false => Took::Words,
        }
    }
}
