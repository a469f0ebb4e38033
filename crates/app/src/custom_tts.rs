//! The vendor's `CustomTTSConfig`: a speaker that a request brings along, as a JSON text.

use providers::speech::SpeechSettings;
use serde_json::{Value, json};

use crate::speech_service::{
    SpeechServiceFormat, SpeechServiceRole, SpeechServiceSettings, SpeechServiceType,
};

/// What is wrong with a `CustomTTSConfig`, as a fragment for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CustomTtsFault(pub String);

/// The speaker that a `CustomTTSConfig` describes, and its speed in percent.
///
/// # Errors
///
/// Says what cannot be taken: no JSON, a `TTSType` that is not known, a field that is missing.
pub fn custom_tts(config: &str) -> Result<(SpeechSettings, u16), CustomTtsFault> {
    let value: Value = serde_json::from_str(config)
        .map_err(|error| CustomTtsFault(format!("is no JSON: {error}")))?;
    let config = Config(value);
    let given = match config.text("TTSType").to_ascii_lowercase().as_str() {
        "tencent" => config.tencent(),
        "minimax" => config.minimax(),
        "volcengine" => config.volcengine(),
        "azure" => config.azure()?,
        "custom" => config.custom()?,
        other => return Err(CustomTtsFault(format!("has an unknown TTSType `{other}`"))),
    };
    given
        .settings
        .check()
        .map_err(|fault| CustomTtsFault(format!("`{}` {}", fault.field, fault.why)))?;
    let key = Some(given.key).filter(|key| !key.is_empty());
    let speed_percent = (given.speed * 100.0).clamp(50.0, 200.0) as u16;
    let settings = given.settings.provider("CustomTTSConfig".to_owned(), key);
    Ok((settings, speed_percent))
}

/// The fields of a request.
struct Config(Value);

/// What they say.
struct Given {
    settings: SpeechServiceSettings,
    key: String,
    /// In times of the voice's own.
    speed: f64,
}

impl Config {
    /// A text or a number; empty if there is none.
    fn text(&self, name: &str) -> String {
        match &self.0[name] {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        }
    }

    fn number(&self, name: &str) -> Option<f64> {
        self.0[name].as_f64()
    }

    fn given(&self, kind: SpeechServiceType, key: &str) -> Given {
        let mut settings = SpeechServiceSettings::new(kind, SpeechServiceRole::Speaker);
        settings.url = self.text("APIUrl");
        settings.voice = Some(self.text("VoiceType")).filter(|voice| !voice.is_empty());
        Given {
            settings,
            key: self.text(key),
            speed: self.number("Speed").unwrap_or(1.0),
        }
    }

    fn tencent(&self) -> Given {
        let mut given = self.given(SpeechServiceType::Tencent, "SecretKey");
        given.settings.app_id = self.text("AppId");
        given.settings.secret_id = self.text("SecretId");
        // Its scale of speeds is its own.
        given.speed = 1.0;
        for name in ["Speed", "Volume", "FastVoiceType", "PrimaryLanguage"] {
            if !self.0[name].is_null() {
                let value = self.0[name].clone();
                given.settings.extra.insert(name.to_owned(), value);
            }
        }
        given
    }

    fn minimax(&self) -> Given {
        let mut given = self.given(SpeechServiceType::MiniMax, "APIKey");
        given.settings.model = self.text("Model");
        given.settings.app_id = self.text("GroupId");
        given
    }

    fn volcengine(&self) -> Given {
        let mut given = self.given(SpeechServiceType::VolcEngine, "Token");
        given.settings.app_id = self.text("AppId");
        given.settings.model = self.text("Cluster");
        if let Some(volume) = self.number("Volume") {
            let name = "volume_ratio".to_owned();
            given.settings.extra.insert(name, volume.into());
        }
        given
    }

    fn azure(&self) -> Result<Given, CustomTtsFault> {
        let mut given = self.given(SpeechServiceType::Azure, "SubscriptionKey");
        let region = self.text("Region");
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if region.is_empty() || !region.chars().all(is_name) {
            return Err(CustomTtsFault("needs a Region".to_owned()));
        }
        let host = format!("https://{region}.tts.speech.microsoft.com");
        given.settings.url = format!("{host}/cognitiveservices/v1");
        let text = |name| Some(self.text(name)).filter(|text| !text.is_empty());
        given.settings.voice = text("VoiceName");
        given.settings.language = text("Language");
        given.speed = self.number("Rate").unwrap_or(1.0);
        Ok(given)
    }

    fn custom(&self) -> Result<Given, CustomTtsFault> {
        let mut given = self.given(SpeechServiceType::Custom, "APIKey");
        given.settings.format = match self.text("AudioFormat").as_str() {
            "pcm" => SpeechServiceFormat::Pcm,
            "" | "wav" => SpeechServiceFormat::Wav,
            other => {
                let why = format!("has an unknown AudioFormat `{other}`");
                return Err(CustomTtsFault(why));
            }
        };
        let rate = self.0["SampleRate"].as_u64();
        given.settings.sample_rate_hz = rate.and_then(|rate| u32::try_from(rate).ok());
        Ok(given)
    }
}

/// The recognizer that a `CustomSTTConfig` describes: `trtc` with an account is Tencent's real-time
/// recognition, without one it is whatever this server has (`None`).
///
/// # Errors
///
/// Says what cannot be taken: no JSON, or an `STTType` that is not known.
pub fn custom_stt(config: &str) -> Result<Option<SpeechSettings>, CustomTtsFault> {
    let value: Value = serde_json::from_str(config)
        .map_err(|error| CustomTtsFault(format!("is no JSON: {error}")))?;
    let text = |name: &str| match &value[name] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let kind = text("STTType");
    if !kind.eq_ignore_ascii_case("trtc") {
        return Err(CustomTtsFault(format!("has an unknown STTType `{kind}`")));
    }
    let settings = json!({
        "type": SpeechServiceType::Tencent,
        "role": SpeechServiceRole::Recognizer,
        "app_id": text("AppId"),
        "secret_id": text("SecretId"),
    });
    let settings: SpeechServiceSettings =
        serde_json::from_value(settings).map_err(|error| CustomTtsFault(error.to_string()))?;
    let key = text("SecretKey");
    let is_account = settings.check().is_ok() && !key.is_empty();
    Ok(is_account.then(|| settings.provider("CustomSTTConfig".to_owned(), Some(key))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use providers::speech::{AudioFormat, SpeechKind};

    #[test]
    fn each_type_of_the_vendor_is_a_speaker() {
        let (custom, _) = custom_tts(
            r#"{"TTSType":"custom","APIKey":"k","APIUrl":"http://a.example/stream-audio",
                "AudioFormat":"pcm","SampleRate":16000,"AudioChannel":1}"#,
        )
        .unwrap();
        assert_eq!(
            (custom.kind, custom.format),
            (SpeechKind::Custom, AudioFormat::Pcm)
        );
        assert_eq!(custom.sample_rate_hz, Some(16_000));
        let (tencent, _) = custom_tts(
            r#"{"TTSType":"tencent","AppId":1300000000,"SecretId":"AKID","SecretKey":"s",
                "VoiceType":101001,"Speed":1.25,"Volume":5}"#,
        )
        .unwrap();
        assert_eq!(tencent.voice.as_deref(), Some("101001"));
        assert_eq!(tencent.extra["Speed"], 1.25);
        let (azure, speed) = custom_tts(
            r#"{"TTSType":"azure","SubscriptionKey":"k","Region":"chinanorth3",
                "VoiceName":"zh-CN-XiaoxiaoNeural","Language":"zh-CN","Rate":1.5}"#,
        )
        .unwrap();
        assert!(
            azure
                .url
                .starts_with("https://chinanorth3.tts.speech.microsoft.com/")
        );
        assert_eq!(speed, 150);
        let (minimax, _) = custom_tts(
            r#"{"TTSType":"minimax","Model":"speech-01-turbo","APIUrl":"https://api.minimax.chat/v1/t2a_v2",
                "APIKey":"k","GroupId":"g","VoiceType":"female-tianmei-jingpin","Speed":1.2}"#,
        )
        .unwrap();
        assert_eq!((minimax.kind, &*minimax.app_id), (SpeechKind::MiniMax, "g"));
        let (volcengine, _) = custom_tts(
            r#"{"TTSType":"volcengine","AppId":"1","Token":"t","Speed":1.0,"Volume":1.0,
                "Cluster":"volcano_tts","VoiceType":"zh_male_aojiaobazong_moon_bigtts"}"#,
        )
        .unwrap();
        assert_eq!(volcengine.model, "volcano_tts");
    }

    #[test]
    fn the_vendors_recognizer_needs_an_account() {
        let given = custom_stt(
            r#"{"STTType":"trtc","AppId":"1300168489","SecretId":"AKID","SecretKey":"s"}"#,
        );
        assert_eq!(given.unwrap().unwrap().kind, SpeechKind::Tencent);
        assert!(custom_stt(r#"{"STTType":"trtc"}"#).unwrap().is_none());
        assert!(custom_stt(r#"{"STTType":"ear"}"#).is_err());
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (config, word) in [
            ("nonsense", "JSON"),
            (r#"{"TTSType":"siren"}"#, "TTSType"),
            (r#"{"TTSType":"custom","APIKey":"k"}"#, "url"),
            (
                r#"{"TTSType":"azure","SubscriptionKey":"k","Region":"x/../y"}"#,
                "Region",
            ),
            (
                r#"{"TTSType":"tencent","SecretId":"a","SecretKey":"b"}"#,
                "app_id",
            ),
        ] {
            let fault = custom_tts(config).unwrap_err().to_string();
            assert!(fault.contains(word), "{config}: {fault}");
        }
    }
}
