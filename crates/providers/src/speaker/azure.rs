//! Azure's speech synthesis: `POST https://REGION.tts.speech.microsoft.com/cognitiveservices/v1` with
//! SSML.

use super::http;
use crate::{
    port::{SAMPLE_RATE_HZ, Speak, Speech},
    speech::{AudioFormat, ServiceFailure, SpeechSettings, audio::SoundReader},
};

/// Speaks one text; its sound comes while it is made.
pub(super) async fn speak(
    client: &reqwest::Client,
    settings: &SpeechSettings,
    speak: &Speak,
) -> Result<Speech, ServiceFailure> {
    let request = client
        .post(&settings.url)
        .header("ocp-apim-subscription-key", &settings.key)
        .header("content-type", "application/ssml+xml")
        .header("x-microsoft-outputformat", "raw-8khz-16bit-mono-pcm")
        .header("user-agent", "Switchboard")
        .body(ssml(settings, speak));
    let reader = SoundReader::new(AudioFormat::Pcm, SAMPLE_RATE_HZ);
    http::speech(request, settings, reader).await
}

fn ssml(settings: &SpeechSettings, speak: &Speak) -> String {
    let voice = speak.voice.as_deref().or(settings.voice.as_deref());
    let voice = voice.unwrap_or("en-US-JennyNeural");
    let language = match &settings.language {
        Some(language) => language.clone(),
        // A voice begins with its language: zh-CN-XiaoxiaoNeural.
        None => voice.splitn(3, '-').take(2).collect::<Vec<_>>().join("-"),
    };
    let rate = f64::from(speak.speed_percent.clamp(50, 200)) / 100.0;
    format!(
        "<speak version='1.0' xmlns='http://www.w3.org/2001/10/synthesis' xml:lang='{}'>\
         <voice name='{}'><prosody rate='{rate}'>{}</prosody></voice></speak>",
        escaped(&language),
        escaped(voice),
        escaped(&speak.text),
    )
}

/// Text between tags; what XML cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\'' => escaped.push_str("&apos;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cannot_become_tags() {
        assert_eq!(escaped("<a> & 'b'\u{1}"), "&lt;a&gt; &amp; &apos;b&apos; ");
    }
}
