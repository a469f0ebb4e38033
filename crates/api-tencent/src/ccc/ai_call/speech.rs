//! Which languages and voices a request names, and what becomes of them here.
//!
//! The vendor's own voices cannot be had elsewhere: each stands for the language that it speaks,
//! which this server's speaker speaks. Speakers and recognizers that the request brings along are
//! asked as it says.

use serde_json::Value;

use crate::fault::Fault;

/// The languages of the vendor's recognizer, each with the tag that engines here know.
const LANGUAGES: [(&str, &str); 20] = [
    ("zh", "zh"),
    ("zh-TW", "zh-tw"),
    ("zh-dialect", "zh"),
    ("en", "en"),
    ("vi", "vi"),
    ("ja", "ja"),
    ("ko", "ko"),
    ("id", "id"),
    ("th", "th"),
    ("pt", "pt"),
    ("tr", "tr"),
    ("ar", "ar"),
    ("es", "es"),
    ("hi", "hi"),
    ("fr", "fr"),
    ("ms", "ms"),
    ("fil", "fil"),
    ("de", "de"),
    ("it", "it"),
    ("ru", "ru"),
];

/// Most languages of a request.
const LANGUAGES_MAX: usize = 4;

/// The vendor's voices, each with its language.
const VOICES: [(&str, &str); 14] = [
    ("ZhiMei", "zh"),
    ("ZhiXi", "zh"),
    ("ZhiQi", "zh"),
    ("ZhiTian", "zh"),
    ("AiXiaoJing", "zh"),
    ("WeRose", "en"),
    ("Monika", "en"),
    ("Nanami", "ja"),
    ("SunHi", "ko"),
    ("Gadis", "id"),
    ("Yasmin", "ms"),
    ("Kani", "ta"),
    ("Achara", "th"),
    ("HoaiMy", "vi"),
];

/// The tag of the first language, which is the caller's; Chinese without any.
pub(super) fn language(languages: &[String]) -> Result<&'static str, Fault> {
    if languages.len() > LANGUAGES_MAX {
        return Err(Fault::wrong_value(
            "Languages",
            "it holds at most 4 languages",
        ));
    }
    let mut first = None;
    for (idx, name) in languages.iter().enumerate() {
        let known = LANGUAGES.iter().find(|(known, _)| known == name);
        let (_, tag) = known.ok_or_else(|| {
            Fault::wrong_value(
                &format!("Languages.{idx}"),
                "it is not a language of the vendor's list",
            )
        })?;
        first.get_or_insert(*tag);
    }
    Ok(first.unwrap_or("zh"))
}

/// The language of a voice; `None`: that of the caller.
pub(super) fn voice_language(voice: Option<&str>) -> Result<Option<&'static str>, Fault> {
    let Some(voice) = voice.filter(|voice| !voice.is_empty()) else {
        return Ok(None);
    };
    let known = VOICES.iter().find(|(known, _)| *known == voice);
    match known {
        Some((_, language)) => Ok(Some(language)),
        None => Err(Fault::wrong_value(
            "VoiceType",
            "it is not a voice of the vendor's list; others are named in `CustomTTSConfig`",
        )),
    }
}

/// The address that a `CustomTTSConfig` makes us ask, if it names one.
pub(super) fn speaker_address(config: Option<&str>) -> Option<String> {
    let config: Value = serde_json::from_str(config?).ok()?;
    config["APIUrl"].as_str().map(ToOwned::to_owned)
}
