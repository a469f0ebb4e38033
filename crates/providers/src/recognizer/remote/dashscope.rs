//! Alibaba's DashScope (paraformer): a task for each utterance, one after the other on one
//! connection.

use serde_json::{Value, json as value_of};

use super::{
    stream::{Talk, Took, json},
    transcript::Transcript,
};
use crate::{
    port::{ListenSettings, SAMPLE_RATE_HZ},
    resampler::Resampler,
    speech::{ServiceFailure, SpeechSettings, audio::pcm_bytes, dashscope_task, socket::Wire},
};

/// The model for telephones.
const MODEL: &str = "paraformer-realtime-8k-v2";

/// The rate of models that are not for telephones.
const WIDE_HZ: u32 = 16_000;

/// One utterance.
pub(super) struct DashScope {
    task: String,
    begin: Value,
    resampler: Resampler,
    transcript: Transcript,
    is_ready: bool,
}

impl DashScope {
    pub fn new(settings: &SpeechSettings, listen: &ListenSettings) -> Self {
        let model = match settings.model.as_str() {
            "" => MODEL,
            model => model,
        };
        let usual = if model.contains("8k") {
            SAMPLE_RATE_HZ
        } else {
            WIDE_HZ
        };
        let rate_hz = settings.sample_rate_hz.unwrap_or(usual);
        let language = match &settings.language {
            Some(language) => language.as_str(),
            None => listen.language.primary(),
        };
        let mut parameters = value_of!({
            "format": "pcm", "sample_rate": rate_hz, "language_hints": [language],
        });
        for (name, value) in &settings.extra {
            parameters[name] = value.clone();
        }
        Self {
            task: uuid::Uuid::new_v4().to_string(),
            begin: value_of!({
                "task_group": "audio", "task": "asr", "function": "recognition", "model": model,
                "parameters": parameters, "input": {},
            }),
            resampler: Resampler::new(SAMPLE_RATE_HZ, rate_hz),
            transcript: Transcript::default(),
            is_ready: false,
        }
    }

    fn sentence(&mut self, sentence: &Value) -> Took {
        if sentence["heartbeat"] == true {
            return Took::Nothing;
        }
        let text = sentence["text"].as_str().unwrap_or_default();
        let is_final = match &sentence["sentence_end"] {
            Value::Bool(is_end) => *is_end,
            // Older models only give it an end.
            _ => sentence["end_time"].is_number(),
        };
        if is_final {
            self.transcript.fix(text, 1.0);
            return Took::Finished;
        }
        self.transcript.open(text);
        Took::Words
    }
}

impl Talk for DashScope {
    fn opening(&mut self) -> Vec<Wire> {
        vec![dashscope_task("run-task", &self.task, &self.begin)]
    }

    fn is_ready(&self) -> bool {
        self.is_ready
    }

    fn sound(&mut self, samples: &[i16]) -> Wire {
        Wire::Bytes(pcm_bytes(&self.resampler.push(samples)))
    }

    fn ending(&mut self) -> Vec<Wire> {
        let rest = pcm_bytes(&self.resampler.finish());
        let end = dashscope_task("finish-task", &self.task, &value_of!({"input": {}}));
        match rest.is_empty() {
            true => vec![end],
            false => vec![Wire::Bytes(rest), end],
        }
    }

    fn take(&mut self, wire: Wire) -> Result<Took, ServiceFailure> {
        let value = json(&wire)?;
        let header = &value["header"];
        if header["task_id"] != *self.task {
            return Ok(Took::Nothing);
        }
        match header["event"].as_str() {
            Some("task-started") => {
                self.is_ready = true;
                Ok(Took::Nothing)
            }
            Some("result-generated") => Ok(self.sentence(&value["payload"]["output"]["sentence"])),
            Some("task-finished") => Ok(Took::Done { reusable: true }),
            Some("task-failed") => Err(crate::speech::dashscope_failure(header)),
            Some(_) | None => Ok(Took::Nothing),
        }
    }

    fn transcript(&self) -> &Transcript {
        &self.transcript
    }
}
