//! MiniMax's T2A v2: `POST https://api.minimax.io/v1/t2a_v2`, whose answer is a stream of events with
//! sound in hexadecimal digits.

use serde_json::{Value, json};

use super::http::{self, Reads};
use crate::{
    port::{SAMPLE_RATE_HZ, Speak, Speech},
    speech::{AudioFormat, ServiceFailure, SpeechSettings, audio::SoundReader, short},
    thinker::model::EventStream,
};

/// The state of an event that only repeats all of the sound.
const COMPLETE: i64 = 2;

/// Speaks one text; its sound comes while it is made.
pub(super) async fn speak(
    client: &reqwest::Client,
    settings: &SpeechSettings,
    speak: &Speak,
) -> Result<Speech, ServiceFailure> {
    let voice = speak.voice.as_ref().or(settings.voice.as_ref());
    let model = match settings.model.as_str() {
        "" => "speech-02-turbo",
        model => model,
    };
    let mut body = json!({
        "model": model,
        "text": speak.text,
        "stream": true,
        "stream_options": {"exclude_aggregated_audio": true},
        "voice_setting": {
            "voice_id": voice.map_or("female-shaonv", String::as_str),
            "speed": f64::from(speak.speed_percent.clamp(50, 200)) / 100.0,
            "vol": 1.0, "pitch": 0,
        },
        "audio_setting": {"sample_rate": SAMPLE_RATE_HZ, "format": "pcm", "channel": 1},
    });
    for (name, value) in &settings.extra {
        body[name] = value.clone();
    }
    let mut request = client.post(&settings.url).bearer_auth(&settings.key);
    if !settings.app_id.is_empty() {
        request = request.query(&[("GroupId", &settings.app_id)]);
    }
    http::speech(request.json(&body), settings, Events::default()).await
}

/// The events as far as they came.
struct Events {
    events: EventStream,
    sound: SoundReader,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            events: EventStream::default(),
            sound: SoundReader::new(AudioFormat::Pcm, SAMPLE_RATE_HZ),
        }
    }
}

impl Reads for Events {
    fn push(&mut self, bytes: &[u8]) -> Result<Vec<i16>, ServiceFailure> {
        let events = self
            .events
            .push(bytes)
            .map_err(|why| unreadable(&why.to_string()))?;
        let mut samples = Vec::new();
        for data in events {
            samples.extend(self.event(&data)?);
        }
        Ok(samples)
    }

    fn finish(&mut self) -> Result<Vec<i16>, ServiceFailure> {
        let last = self
            .events
            .end()
            .map_err(|why| unreadable(&why.to_string()))?;
        let mut samples = match last {
            Some(data) => self.event(&data)?,
            None => Vec::new(),
        };
        samples.extend(self.sound.finish()?);
        Ok(samples)
    }
}

impl Events {
    fn event(&mut self, data: &str) -> Result<Vec<i16>, ServiceFailure> {
        let value: Value =
            serde_json::from_str(data).map_err(|why| unreadable(&why.to_string()))?;
        let status = &value["base_resp"];
        if let Some(code) = status["status_code"].as_i64().filter(|code| *code != 0) {
            let why = status["status_msg"].as_str().unwrap_or_default();
            return Err(ServiceFailure::refused(code, why));
        }
        if value["data"]["status"].as_i64() == Some(COMPLETE) {
            return Ok(Vec::new());
        }
        let sound = value["data"]["audio"].as_str().unwrap_or_default();
        let sound = hex::decode(sound).map_err(|_| unreadable("its sound is no hexadecimal"))?;
        self.sound.push(&sound)
    }
}

fn unreadable(why: &str) -> ServiceFailure {
    ServiceFailure::Unreadable(short(why))
}
