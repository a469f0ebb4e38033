//! The speaker of `CustomTTSConfig` with `TTSType` `custom`: the vendor's own HTTP protocol, for which
//! customers write servers (Tencent RTC's page "Custom TTS Protocol").

use serde_json::json;

use super::http;
use crate::{
    port::{Speak, Speech},
    speech::{AudioFormat, ServiceFailure, SpeechSettings, audio::SoundReader},
};

/// The protocol's default.
const RATE_HZ: u32 = 16_000;

/// Speaks one text; its sound comes while it is made.
pub(super) async fn speak(
    client: &reqwest::Client,
    settings: &SpeechSettings,
    speak: &Speak,
) -> Result<Speech, ServiceFailure> {
    let rate_hz = settings.sample_rate_hz.unwrap_or(RATE_HZ);
    let mut body = json!({
        "Text": speak.text,
        "Format": match settings.format {
            AudioFormat::Pcm => "pcm",
            AudioFormat::Wav => "wav",
        },
        "SampleRate": rate_hz,
        "Channel": 1,
    });
    for (name, value) in &settings.extra {
        body[name] = value.clone();
    }
    let id = uuid::Uuid::new_v4().to_string();
    let mut request = client
        .post(&settings.url)
        .header("x-task-id", &id)
        // Written like this on the vendor's page.
        .header("x-rquest-id", &id)
        .header("x-sdk-app-id", &settings.app_id)
        .header("content-type", "application/json;charset=UTF-8")
        .body(body.to_string());
    if !settings.key.is_empty() {
        request = request.bearer_auth(&settings.key);
    }
    let reader = SoundReader::new(settings.format, rate_hz);
    http::speech(request, settings, reader).await
}
