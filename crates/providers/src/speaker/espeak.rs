//! espeak-ng: over a hundred languages, robotic, offline (Debian package `espeak-ng`).
//!
//! The program is GPL-3: it runs as a process of its own and is never linked.

use super::process::{Engine, ProcessSettings};
use crate::port::{BoxFuture, Language, Speak, Speaker, SpeakerFault, Speech};

/// espeak-ng's own speed, words a minute.
const WORDS_A_MINUTE: u32 = 175;

/// Speech in many languages by the program `espeak-ng`.
#[derive(Debug)]
pub struct Espeak(Engine);

impl Espeak {
    /// Starts nothing yet.
    pub fn new(settings: ProcessSettings) -> Espeak {
        Espeak(Engine::new("espeak-ng", "espeak-ng", settings))
    }

    /// Whether the program is there, for `doctor`.
    pub fn check(&self) -> Result<(), SpeakerFault> {
        self.0.check()
    }

    async fn say(&self, speak: Speak) -> Result<Speech, SpeakerFault> {
        let args = args(&speak)?;
        let samples = self.0.say(args, &speak.text).await?;
        Ok(Speech::whole(samples.into()))
    }
}

impl Speaker for Espeak {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn speak(&self, speak: Speak) -> BoxFuture<'_, Result<Speech, SpeakerFault>> {
        Box::pin(self.say(speak))
    }
}

/// The voice may name a variant, such as `f3`. A language that espeak-ng lacks ends the program
/// with an error.
fn args(speak: &Speak) -> Result<Vec<String>, SpeakerFault> {
    let mut voice = espeak_language(&speak.language);
    if let Some(variant) = &speak.voice {
        let is_name = (1..=32).contains(&variant.len())
            && variant.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_name {
            return Err(SpeakerFault::UnknownVoice {
                voice: variant.clone(),
            });
        }
        voice = format!("{voice}+{variant}");
    }
    let speed = WORDS_A_MINUTE * u32::from(speak.speed_percent.clamp(50, 200)) / 100;
    let speed = speed.to_string();
    Ok(["-v", &voice, "-s", &speed, "--stdin", "--stdout"]
        .map(str::to_owned)
        .to_vec())
}

/// espeak-ng names Mandarin and Cantonese by their ISO 639-3 codes.
fn espeak_language(language: &Language) -> String {
    match language.as_str() {
        "zh-hk" | "zh-yue" | "yue" => "yue".to_owned(),
        "en" => "en-us".to_owned(),
        "en-us" | "en-gb" | "pt-br" | "es-419" => language.as_str().to_owned(),
        _ if language.primary() == "zh" => "cmn".to_owned(),
        _ => language.primary().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_mandarin_unless_it_says_cantonese() {
        for (tag, voice) in [
            ("zh", "cmn"),
            ("zh-CN", "cmn"),
            ("zh-HK", "yue"),
            ("fr-FR", "fr"),
            ("en", "en-us"),
        ] {
            assert_eq!(espeak_language(&tag.parse().unwrap()), voice);
        }
    }

    #[test]
    fn a_variant_is_a_name() {
        let speak = Speak::new("hello", Language::english()).with_voice("../f3");
        assert!(matches!(
            args(&speak),
            Err(SpeakerFault::UnknownVoice { .. })
        ));
    }
}
