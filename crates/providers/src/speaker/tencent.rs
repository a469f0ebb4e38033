//! Tencent's streaming synthesis: `wss://tts.cloud.tencent.com/stream_wsv2`, one connection for each
//! text, with the times of its words.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::stream::{Talk, Took, mark};
use crate::{
    port::{SAMPLE_RATE_HZ, Speak},
    speech::{
        AudioFormat, ServiceFailure, SpeechSettings,
        audio::SoundReader,
        short,
        socket::{Address, Wire},
        tencent_url,
    },
};

/// How long a signed address may be used, in seconds.
const EXPIRES_SECOND: u64 = 3_600;

/// A voice of the telephone kind: Zhiyu.
const VOICE: &str = "101001";

/// One text.
pub(super) struct Tencent {
    text: String,
    session: String,
    sound: SoundReader,
    is_ready: bool,
}

/// Where it is spoken, signed, and how.
pub(super) fn talk(
    settings: &SpeechSettings,
    speak: &Speak,
) -> Result<(Address, Tencent), ServiceFailure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0, |since| since.as_secs());
    let session = uuid::Uuid::new_v4().to_string();
    let voice = speak.voice.as_deref().or(settings.voice.as_deref());
    let params = [
        ("Action", "TextToStreamAudioWSv2".to_owned()),
        ("AppId", settings.app_id.clone()),
        ("SecretId", settings.secret_id.clone()),
        ("Timestamp", now.to_string()),
        ("Expired", (now + EXPIRES_SECOND).to_string()),
        ("SessionId", session.clone()),
        ("ModelType", "1".to_owned()),
        ("VoiceType", voice.unwrap_or(VOICE).to_owned()),
        ("Codec", "pcm".to_owned()),
        ("SampleRate", SAMPLE_RATE_HZ.to_string()),
        ("Speed", speed(speak.speed_percent)),
        ("EnableSubtitle", "True".to_owned()),
    ];
    let params = params.map(|(name, value)| (name.to_owned(), value));
    let address = Address {
        url: tencent_url("GET", &settings.url, params.to_vec(), "Signature", settings)?,
        headers: Vec::new(),
        protocol: None,
    };
    let talk = Tencent {
        text: speak.text.clone(),
        session,
        sound: SoundReader::new(AudioFormat::Pcm, SAMPLE_RATE_HZ),
        is_ready: false,
    };
    Ok((address, talk))
}

/// The vendor's scale: -2 is 0.6 times, -1 0.8, 0 the voice's own, 1 1.2, 2 1.5, 6 2.5 times.
fn speed(percent: u16) -> String {
    let percent = f64::from(percent.clamp(60, 250));
    let speed = match percent {
        ..=120.0 => (percent - 100.0) / 20.0,
        ..=150.0 => 1.0 + (percent - 120.0) / 30.0,
        _ => 2.0 + (percent - 150.0) / 25.0,
    };
    ((speed * 100.0).round() / 100.0).to_string()
}

impl Talk for Tencent {
    fn opening(&mut self) -> Vec<Wire> {
        Vec::new()
    }

    fn take(&mut self, wire: Wire) -> Result<Took, ServiceFailure> {
        let text = match wire {
            Wire::Bytes(bytes) => return Ok(Took::Sound(self.sound.push(&bytes)?)),
            Wire::Text(text) => text,
        };
        let value: Value = serde_json::from_str(&text)
            .map_err(|error| ServiceFailure::Unreadable(short(&error.to_string())))?;
        match value["code"].as_i64() {
            Some(0) => {}
            Some(code) => {
                let why = value["message"].as_str().unwrap_or_default();
                return Err(ServiceFailure::refused(code, why));
            }
            None => {
                let why = "a message without `code`".to_owned();
                return Err(ServiceFailure::Unreadable(why));
            }
        }
        if value["final"] == 1 {
            return Ok(Took::Done { reusable: false });
        }
        if value["ready"] == 1 && !std::mem::replace(&mut self.is_ready, true) {
            return Ok(Took::Send(vec![
                self.action("ACTION_SYNTHESIS", &self.text),
                self.action("ACTION_COMPLETE", ""),
            ]));
        }
        let subtitles = value["result"]["subtitles"].as_array();
        let marks = subtitles.into_iter().flatten().filter_map(|word| {
            let end_char = word["EndIndex"].as_u64()?;
            Some(mark(&self.text, end_char, word["EndTime"].as_u64()?))
        });
        let marks: Vec<_> = marks.collect();
        Ok(match marks.is_empty() {
            true => Took::Nothing,
            false => Took::Marks(marks),
        })
    }
}

impl Tencent {
    fn action(&self, action: &str, data: &str) -> Wire {
        let message = json!({
            "session_id": self.session, "message_id": uuid::Uuid::new_v4().to_string(),
            "action": action, "data": data,
        });
        Wire::Text(message.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::speed;

    #[test]
    fn percents_are_on_the_vendors_scale() {
        let of = |percent| speed(percent);
        let scale = [60, 80, 100, 120, 150, 200, 250].map(of);
        assert_eq!(scale, ["-2", "-1", "0", "1", "2", "4", "6"]);
    }
}
