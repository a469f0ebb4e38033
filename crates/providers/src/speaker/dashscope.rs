//! Alibaba's DashScope (CosyVoice): a task for each text, one after the other on one connection, with
//! the times of its words where the model knows them.

use serde_json::{Value, json};

use super::stream::{Talk, Took, mark};
use crate::{
    port::{SAMPLE_RATE_HZ, Speak},
    speech::{
        AudioFormat, ServiceFailure, SpeechSettings, audio::SoundReader, dashscope_failure,
        dashscope_task, short, socket::Wire,
    },
};

/// The model, where none is named, and a voice that it has.
const MODEL: &str = "cosyvoice-v2";
const VOICE: &str = "longxiaochun_v2";

/// One text.
pub(super) struct DashScope {
    task: String,
    begin: Value,
    text: String,
    sound: SoundReader,
}

impl DashScope {
    pub fn new(settings: &SpeechSettings, speak: &Speak) -> Self {
        let model = match settings.model.as_str() {
            "" => MODEL,
            model => model,
        };
        let voice = speak.voice.as_deref().or(settings.voice.as_deref());
        let mut parameters = json!({
            "text_type": "PlainText", "voice": voice.unwrap_or(VOICE), "format": "pcm",
            "sample_rate": SAMPLE_RATE_HZ, "volume": 50,
            "rate": f64::from(speak.speed_percent.clamp(50, 200)) / 100.0, "pitch": 1,
            "word_timestamp_enabled": true,
        });
        for (name, value) in &settings.extra {
            parameters[name] = value.clone();
        }
        Self {
            task: uuid::Uuid::new_v4().to_string(),
            begin: json!({
                "task_group": "audio", "task": "tts", "function": "SpeechSynthesizer",
                "model": model, "parameters": parameters, "input": {},
            }),
            text: speak.text.clone(),
            sound: SoundReader::new(AudioFormat::Pcm, SAMPLE_RATE_HZ),
        }
    }

    fn result(&self, output: &Value) -> Took {
        let words = output["sentence"]["words"].as_array();
        let words = words.or_else(|| output["words"].as_array());
        let marks = words.into_iter().flatten().filter_map(|word| {
            let end_char = word["end_index"].as_u64()?;
            Some(mark(&self.text, end_char, word["end_time"].as_u64()?))
        });
        let marks: Vec<_> = marks.collect();
        match marks.is_empty() {
            true => Took::Nothing,
            false => Took::Marks(marks),
        }
    }
}

impl Talk for DashScope {
    fn opening(&mut self) -> Vec<Wire> {
        vec![dashscope_task("run-task", &self.task, &self.begin)]
    }

    fn take(&mut self, wire: Wire) -> Result<Took, ServiceFailure> {
        let text = match wire {
            Wire::Bytes(bytes) => return Ok(Took::Sound(self.sound.push(&bytes)?)),
            Wire::Text(text) => text,
        };
        let value: Value = serde_json::from_str(&text)
            .map_err(|error| ServiceFailure::Unreadable(short(&error.to_string())))?;
        let header = &value["header"];
        if header["task_id"] != *self.task {
            return Ok(Took::Nothing);
        }
        match header["event"].as_str() {
            Some("task-started") => Ok(Took::Send(vec![
                dashscope_task(
                    "continue-task",
                    &self.task,
                    &json!({"input": {"text": self.text}}),
                ),
                dashscope_task("finish-task", &self.task, &json!({"input": {}})),
            ])),
            Some("result-generated") => Ok(self.result(&value["payload"]["output"])),
            Some("task-finished") => Ok(Took::Done { reusable: true }),
            Some("task-failed") => Err(dashscope_failure(header)),
            Some(_) | None => Ok(Took::Nothing),
        }
    }
}
