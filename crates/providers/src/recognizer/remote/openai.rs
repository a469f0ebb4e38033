//! OpenAI's `POST <base>/audio/transcriptions`, as speaches, vLLM and others have it: one request
//! for each utterance, when it is over.

use std::time::Instant;

use reqwest::multipart::{Form, Part};
use serde_json::Value;

use super::{
    exchange::{Said, Words},
    transcript::Transcript,
};
use crate::{
    port::{ListenSettings, SAMPLE_RATE_HZ},
    speech::{ServiceFailure, SpeechSettings, accepted, audio::wav_file},
};

/// The longest answer, in bytes.
const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// Longest list of expected phrases that goes along as a prompt, in characters.
const PROMPT_CHARS_MAX: usize = 600;

/// Waits for the end of the utterance and has it transcribed.
pub(super) async fn whole(
    client: &reqwest::Client,
    settings: &SpeechSettings,
    said: &mut Said,
    listen: &ListenSettings,
) -> Result<Words, ServiceFailure> {
    while said.ended().is_none() {
        said.more().await;
    }
    let form = form(settings, said.samples(), listen)?;
    let mut request = client
        .post(settings.below_base("/audio/transcriptions"))
        .multipart(form);
    if !settings.key.is_empty() {
        request = request.bearer_auth(&settings.key);
    }
    let began = Instant::now();
    let asked = async {
        let response = request.send().await;
        let response = response.map_err(|error| ServiceFailure::of_client(&error))?;
        read(accepted(response).await?).await
    };
    tokio::time::timeout(settings.answer_max, asked)
        .await
        .map_err(|_| ServiceFailure::Late(began.elapsed()))?
}

fn form(
    settings: &SpeechSettings,
    samples: &[i16],
    listen: &ListenSettings,
) -> Result<Form, ServiceFailure> {
    let file = Part::bytes(wav_file(samples, SAMPLE_RATE_HZ))
        .file_name("utterance.wav")
        .mime_str("audio/wav")
        .map_err(|error| ServiceFailure::of_client(&error))?;
    // Whisper's languages are ISO 639-1 codes.
    let language = match &settings.language {
        Some(language) => language.clone(),
        None => listen.language.primary().to_owned(),
    };
    let mut form = Form::new()
        .part("file", file)
        .text("model", settings.model.clone())
        .text("language", language)
        .text("response_format", "json");
    let phrases = listen.expected.join(", ");
    if !phrases.is_empty() && phrases.chars().count() <= PROMPT_CHARS_MAX {
        form = form.text("prompt", phrases);
    }
    for (name, value) in &settings.extra {
        let value = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        form = form.text(name.clone(), value);
    }
    Ok(form)
}

async fn read(mut response: reqwest::Response) -> Result<Words, ServiceFailure> {
    let mut body = Vec::new();
    while let Some(piece) = response
        .chunk()
        .await
        .map_err(|error| ServiceFailure::Broken(crate::thinker::cause(&error)))?
    {
        if body.len() + piece.len() > ANSWER_BYTES_MAX {
            return Err(ServiceFailure::Unreadable("it is too long".to_owned()));
        }
        body.extend_from_slice(&piece);
    }
    let value: Value = serde_json::from_slice(&body)
        .map_err(|error| ServiceFailure::Unreadable(error.to_string()))?;
    let text = value["text"]
        .as_str()
        .ok_or_else(|| ServiceFailure::Unreadable("an answer without `text`".to_owned()))?;
    let mut transcript = Transcript::default();
    transcript.fix(text, 1.0);
    Ok(transcript.words())
}
