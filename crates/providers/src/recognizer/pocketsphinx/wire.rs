//! What parent and worker say to each other over the worker's stdin and stdout.
//!
//! Each message is a length in bytes (u32, little-endian) and that many bytes: a question is two
//! messages, JSON and 8 kHz PCM (i16, little-endian); an answer is one, JSON.

use serde::{Deserialize, Serialize};

/// Longest message: a longest utterance fits twice.
pub(crate) const MESSAGE_BYTES_MAX: usize = 512 * 1024;

/// What was expected; the audio follows.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Question {
    pub phrases: Vec<String>,
}

/// What was heard.
#[derive(Debug, Serialize, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// The question was decided.
    Decided(Decision),
    /// The library or its model is missing.
    NotInstalled { what: String },
    /// The library refused.
    Failed { detail: String },
}

/// A decided utterance.
#[derive(Debug, Default, Serialize, Deserialize, PartialEq)]
pub(crate) struct Decision {
    /// The expected phrase and the confidence in it; `None` for other speech.
    pub phrase: Option<(String, f32)>,
    /// Phrases that the dictionary lacks.
    pub dropped: Vec<String>,
}

/// A message with its length before it.
pub(crate) fn framed(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).expect("messages are below 512 KiB");
    [&length.to_le_bytes(), body].concat()
}

pub(crate) fn pcm_bytes(samples: &[i16]) -> Vec<u8> {
    samples
        .iter()
        .flat_map(|sample| sample.to_le_bytes())
        .collect()
}

pub(crate) fn pcm_samples(bytes: &[u8]) -> Vec<i16> {
    bytes
        .chunks_exact(2)
        .map(|pair| i16::from_le_bytes([pair[0], pair[1]]))
        .collect()
}
