//! The vendor's `CustomTTSConfig`: a speaker that a request brings along, as a JSON text.

use providers::speech::SpeechSettings;
use serde_json::{Map, Value, json};

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
    let text = |name: &str| match &value[name] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let kind = match text("TTSType").to_ascii_lowercase().as_str() {
        "tencent" => SpeechServiceType::Tencent,
        "minimax" => SpeechServiceType::MiniMax,
        "volcengine" => SpeechServiceType::VolcEngine,
        "azure" => SpeechServiceType::Azure,
        "custom" => SpeechServiceType::Custom,
        other => return Err(CustomTtsFault(format!("has an unknown TTSType `{other}`"))),
    };
    let mut extra = Map::new();
    let mut speed_percent = 100.0;
    let speed = value["Speed"].as_f64();
    let voice = Some(text("VoiceType")).filter(|voice| !voice.is_empty());
    let mut settings = json!({"type": kind, "role": SpeechServiceRole::Speaker});
    let mut set = |name: &str, value: String| {
        if !value.is_empty() {
            settings[name] = value.into();
        }
    };
    let key = match kind {
        SpeechServiceType::Tencent => {
            set("app_id", text("AppId"));
            set("secret_id", text("SecretId"));
            for name in ["Speed", "Volume", "FastVoiceType", "PrimaryLanguage"] {
                if !value[name].is_null() {
                    extra.insert(name.to_owned(), value[name].clone());
                }
            }
            text("SecretKey")
        }
        SpeechServiceType::MiniMax => {
            set("model", text("Model"));
            set("url", text("APIUrl"));
            set("app_id", text("GroupId"));
            speed_percent = speed.unwrap_or(1.0) * 100.0;
            text("APIKey")
        }
        SpeechServiceType::VolcEngine => {
            set("app_id", text("AppId"));
            set("model", text("Cluster"));
            speed_percent = speed.unwrap_or(1.0) * 100.0;
            if let Some(volume) = value["Volume"].as_f64() {
                extra.insert("volume_ratio".to_owned(), volume.into());
            }
            text("Token")
        }
        SpeechServiceType::Azure => {
            let region = text("Region");
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
            if region.is_empty() || !region.chars().all(is_name) {
                return Err(CustomTtsFault("needs a Region".to_owned()));
            }
            let host = format!("https://{region}.tts.speech.microsoft.com");
            set("url", format!("{host}/cognitiveservices/v1"));
            set("voice", text("VoiceName"));
            set("language", text("Language"));
            speed_percent = value["Rate"].as_f64().unwrap_or(1.0) * 100.0;
            text("SubscriptionKey")
        }
        _ => {
            set("url", text("APIUrl"));
            text("APIKey")
        }
    };
    let mut settings: SpeechServiceSettings =
        serde_json::from_value(settings).map_err(|error| CustomTtsFault(error.to_string()))?;
    if kind == SpeechServiceType::Custom {
        settings.format = match text("AudioFormat").as_str() {
            "pcm" => SpeechServiceFormat::Pcm,
            "" | "wav" => SpeechServiceFormat::Wav,
            other => {
                return Err(CustomTtsFault(format!(
                    "has an unknown AudioFormat `{other}`"
                )));
            }
        };
        let rate = value["SampleRate"].as_u64();
        settings.sample_rate_hz = rate.and_then(|rate| u32::try_from(rate).ok());
    }
    settings.voice = settings.voice.or(voice);
    settings.extra = extra;
    settings
        .check()
        .map_err(|fault| CustomTtsFault(format!("`{}` {}", fault.field, fault.why)))?;
    let key = Some(key).filter(|key| !key.is_empty());
    let speed_percent = speed_percent.clamp(50.0, 200.0) as u16;
    Ok((
        settings.provider("CustomTTSConfig".to_owned(), key),
        speed_percent,
    ))
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
