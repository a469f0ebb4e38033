//! FunASR's WebSocket server in two passes: words while they are said, better ones at the end of a
//! sentence. One connection for each utterance.

use std::time::Duration;

use serde_json::{Map, Value, json as value_of};

use super::{
    stream::{Talk, Took, json},
    transcript::Transcript,
};
use crate::{
    port::{ListenSettings, SAMPLE_RATE_HZ},
    resampler::Resampler,
    speech::{ServiceFailure, SpeechSettings, audio::pcm_bytes, socket::Wire},
};

/// The rate of most of its models.
const RATE_HZ: u32 = 16_000;

/// After the end nothing may come, if the server had ended the sentence by itself.
const SETTLED: Duration = Duration::from_millis(300);

/// How much an expected phrase is preferred, as in its manual.
const HOTWORD_WEIGHT: u32 = 20;

/// One utterance.
pub(super) struct FunAsr {
    begin: Value,
    resampler: Resampler,
    transcript: Transcript,
    is_ended: bool,
}

impl FunAsr {
    pub fn new(settings: &SpeechSettings, listen: &ListenSettings) -> Self {
        let rate_hz = settings.sample_rate_hz.unwrap_or(RATE_HZ);
        let phrases = listen.expected.iter();
        let hotwords: Map<String, Value> = phrases
            .map(|phrase| (phrase.clone(), HOTWORD_WEIGHT.into()))
            .collect();
        let hotwords = match hotwords.is_empty() {
            true => String::new(),
            false => Value::Object(hotwords).to_string(),
        };
        let mut begin = value_of!({
            "mode": "2pass", "wav_name": uuid::Uuid::new_v4().to_string(), "wav_format": "pcm",
            "is_speaking": true, "chunk_size": [5, 10, 5], "chunk_interval": 10,
            "encoder_chunk_look_back": 4, "decoder_chunk_look_back": 0, "audio_fs": rate_hz,
            "hotwords": hotwords, "itn": true,
        });
        for (name, value) in &settings.extra {
            begin[name] = value.clone();
        }
        Self {
            begin,
            resampler: Resampler::new(SAMPLE_RATE_HZ, rate_hz),
            transcript: Transcript::default(),
            is_ended: false,
        }
    }
}

impl Talk for FunAsr {
    fn opening(&mut self) -> Vec<Wire> {
        vec![Wire::Text(self.begin.to_string())]
    }

    fn is_ready(&self) -> bool {
        true
    }

    fn sound(&mut self, samples: &[i16]) -> Wire {
        Wire::Bytes(pcm_bytes(&self.resampler.push(samples)))
    }

    fn ending(&mut self) -> Vec<Wire> {
        self.is_ended = true;
        vec![
            Wire::Bytes(pcm_bytes(&self.resampler.finish())),
            Wire::Text(r#"{"is_speaking": false}"#.to_owned()),
        ]
    }

    fn take(&mut self, wire: Wire) -> Result<Took, ServiceFailure> {
        let value = json(&wire)?;
        let text = value["text"].as_str().unwrap_or_default();
        match value["mode"].as_str() {
            Some("2pass-online" | "online") => {
                self.transcript.extend(text);
                Ok(Took::Words)
            }
            Some("2pass-offline" | "offline") => {
                self.transcript.fix(text, 1.0);
                // Servers differ in what else `is_final` means; after the end it is the end.
                let is_last = self.is_ended && value["is_final"] == true;
                Ok(match is_last {
                    true => Took::Done { reusable: false },
                    false => Took::Finished,
                })
            }
            Some(_) | None => Ok(Took::Nothing),
        }
    }

    fn transcript(&self) -> &Transcript {
        &self.transcript
    }

    fn closing_is_the_end(&self) -> bool {
        true
    }

    fn is_mute_about_noise(&self) -> bool {
        true
    }

    fn settled_after(&self) -> Option<Duration> {
        self.is_ended.then_some(SETTLED)
    }
}
