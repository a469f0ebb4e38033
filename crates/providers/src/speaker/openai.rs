//! OpenAI's `POST <base>/audio/speech`, as Kokoro, speaches and others have it.

use serde_json::{Value, json};

use super::http;
use crate::{
    port::{Speak, Speech},
    speech::{AudioFormat, ServiceFailure, SpeechSettings, audio::SoundReader},
};

/// The rate of `pcm`, where the server leaves no choice.
const PCM_RATE_HZ: u32 = 24_000;

/// Speaks one text; its sound comes while it is made.
pub(super) async fn speak(
    client: &reqwest::Client,
    settings: &SpeechSettings,
    speak: &Speak,
) -> Result<Speech, ServiceFailure> {
    let mut request = client
        .post(settings.below_base("/audio/speech"))
        .json(&body(settings, speak));
    if !settings.key.is_empty() {
        request = request.bearer_auth(&settings.key);
    }
    let rate_hz = settings.sample_rate_hz.unwrap_or(PCM_RATE_HZ);
    let reader = SoundReader::new(settings.format, rate_hz);
    http::speech(request, settings, reader).await
}

fn body(settings: &SpeechSettings, speak: &Speak) -> Value {
    let voice = speak.voice.as_ref().or(settings.voice.as_ref());
    let mut body = json!({
        "model": settings.model,
        "input": speak.text,
        "voice": voice.map_or("alloy", String::as_str),
        "response_format": match settings.format {
            AudioFormat::Pcm => "pcm",
            AudioFormat::Wav => "wav",
        },
    });
    if speak.speed_percent != 100 {
        // 0.25 to 4.
        body["speed"] = json!(f64::from(speak.speed_percent.clamp(25, 400)) / 100.0);
    }
    for (name, value) in &settings.extra {
        body[name] = value.clone();
    }
    body
}
