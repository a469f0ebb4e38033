//! Volcengine's speech synthesis: `POST https://openspeech.bytedance.com/api/v1/tts`, whose answer is
//! one JSON document with all of the sound.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::http::{self, Reads};
use crate::{
    port::{SAMPLE_RATE_HZ, Speak, Speech},
    speech::{AudioFormat, ServiceFailure, SpeechSettings, audio::SoundReader},
};

/// The code of a success.
const SUCCESS: i64 = 3000;

/// The longest answer, in bytes: five minutes of sound as Base64.
const ANSWER_BYTES_MAX: usize = 8 << 20;

/// Speaks one text.
pub(super) async fn speak(
    client: &reqwest::Client,
    settings: &SpeechSettings,
    speak: &Speak,
) -> Result<Speech, ServiceFailure> {
    let voice = speak.voice.as_ref().or(settings.voice.as_ref());
    // The model's field holds the cluster.
    let cluster = match settings.model.as_str() {
        "" => "volcano_tts",
        cluster => cluster,
    };
    let mut audio = json!({
        "voice_type": voice.map_or("BV001_streaming", String::as_str), "encoding": "pcm",
        "rate": SAMPLE_RATE_HZ, "speed_ratio": f64::from(speak.speed_percent.clamp(50, 200)) / 100.0,
    });
    for (name, value) in &settings.extra {
        audio[name] = value.clone();
    }
    let body = json!({
        "app": {"appid": settings.app_id, "token": settings.key, "cluster": cluster},
        "user": {"uid": "switchboard"},
        "audio": audio,
        "request": {
            "reqid": uuid::Uuid::new_v4().to_string(), "text": speak.text, "text_type": "plain",
            "operation": "query",
        },
    });
    let request = client
        .post(&settings.url)
        // With a semicolon: the vendor's own way.
        .header("authorization", format!("Bearer;{}", settings.key))
        .json(&body);
    http::speech(request, settings, Whole::default()).await
}

/// The answer as far as it came.
#[derive(Default)]
struct Whole(Vec<u8>);

impl Reads for Whole {
    fn push(&mut self, bytes: &[u8]) -> Result<Vec<i16>, ServiceFailure> {
        if self.0.len() + bytes.len() > ANSWER_BYTES_MAX {
            return Err(unreadable("it is too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(Vec::new())
    }

    fn finish(&mut self) -> Result<Vec<i16>, ServiceFailure> {
        let value: Value = serde_json::from_slice(&self.0).map_err(|_| unreadable("no JSON"))?;
        let code = value["code"].as_i64();
        if code != Some(SUCCESS) {
            let why = value["message"].as_str().unwrap_or_default();
            let code = code.map_or_else(|| "no code".to_owned(), |code| code.to_string());
            return Err(ServiceFailure::refused(code, why));
        }
        let sound = value["data"].as_str().unwrap_or_default();
        let sound = BASE64_STANDARD
            .decode(sound)
            .map_err(|_| unreadable("its sound is no Base64"))?;
        let mut reader = SoundReader::new(AudioFormat::Pcm, SAMPLE_RATE_HZ);
        let mut samples = reader.push(&sound)?;
        samples.extend(reader.finish()?);
        Ok(samples)
    }

    fn reads_json(&self) -> bool {
        true
    }
}

fn unreadable(why: &str) -> ServiceFailure {
    ServiceFailure::Unreadable(why.to_owned())
}
