//! Speech as the body of an HTTP answer, heard while it comes.

use std::time::Duration;

use crate::{
    port::{Speech, SpeechPiece, SpeechSink},
    speech::{ServiceFailure, SpeechSettings, accepted, audio::SoundReader, told},
};

/// What makes sound of the bytes of an answer.
pub(super) trait Reads: Send {
    /// Takes bytes of any length.
    fn push(&mut self, bytes: &[u8]) -> Result<Vec<i16>, ServiceFailure>;

    /// The rest, after the last byte.
    fn finish(&mut self) -> Result<Vec<i16>, ServiceFailure>;

    /// Whether JSON is the answer, and not a refusal.
    fn reads_json(&self) -> bool {
        false
    }
}

impl Reads for SoundReader {
    fn push(&mut self, bytes: &[u8]) -> Result<Vec<i16>, ServiceFailure> {
        Self::push(self, bytes)
    }

    fn finish(&mut self) -> Result<Vec<i16>, ServiceFailure> {
        Self::finish(self)
    }
}

/// Pieces that may wait to be heard; a server that is faster waits.
const N_PIECES_QUEUED_MAX: usize = 64;

/// The longest speech that is taken, in samples: five minutes.
pub(super) const SAMPLES_MAX: usize = 300 * crate::port::SAMPLE_RATE_HZ as usize;

/// Sends a request and returns the speech that its answer is.
pub(super) async fn speech(
    request: reqwest::RequestBuilder,
    settings: &SpeechSettings,
    reader: impl Reads + 'static,
) -> Result<Speech, ServiceFailure> {
    let reads_json = reader.reads_json();
    let asked = async {
        let response = request.send().await;
        let response = response.map_err(|error| ServiceFailure::of_client(&error))?;
        let response = accepted(response).await?;
        let kind = response.headers().get("content-type");
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.to_ascii_lowercase();
        let is_json = kind.starts_with("application/json");
        let is_page = kind.starts_with("text/") && !kind.starts_with("text/event-stream");
        if is_page || (is_json && !reads_json) {
            // A success by its status whose body says what is wrong.
            return Err(told(response, "no sound".to_owned()).await);
        }
        Ok(response)
    };
    let waited = settings.answer_max;
    let response = tokio::time::timeout(waited, asked)
        .await
        .map_err(|_| ServiceFailure::Late(waited))??;
    let (sink, speech) = Speech::growing(N_PIECES_QUEUED_MAX);
    let (piece_max, engine) = (settings.piece_max, settings.kind.engine());
    tokio::spawn(async move {
        match pump(response, piece_max, reader, &sink).await {
            Ok(true) => sink.end().await,
            // Nobody listens: the connection is closed with the response.
            Ok(false) => {}
            Err(why) => sink.fail(why.of_speaker(engine)).await,
        }
    });
    Ok(speech)
}

/// Hands on the sound of a response; `false` when nobody listens any more.
async fn pump(
    mut response: reqwest::Response,
    piece_max: Duration,
    mut reader: impl Reads,
    sink: &SpeechSink,
) -> Result<bool, ServiceFailure> {
    let mut n_samples = 0;
    loop {
        let chunk = tokio::time::timeout(piece_max, response.chunk());
        let Some(chunk) = sink.wanted(chunk).await else {
            return Ok(false);
        };
        let chunk = chunk
            .map_err(|_| ServiceFailure::Late(piece_max))?
            .map_err(|error| ServiceFailure::Broken(crate::thinker::cause(&error)))?;
        let is_last = chunk.is_none();
        let samples = match chunk {
            Some(bytes) => reader.push(&bytes)?,
            None => reader.finish()?,
        };
        n_samples += samples.len();
        if n_samples > SAMPLES_MAX {
            return Err(ServiceFailure::Unreadable("it is too long".to_owned()));
        }
        if !samples.is_empty() && !sink.piece(piece(samples)).await {
            return Ok(false);
        }
        if is_last {
            return Ok(true);
        }
    }
}

/// Samples without marks.
pub(super) fn piece(samples: Vec<i16>) -> SpeechPiece {
    SpeechPiece {
        samples: samples.into(),
        marks: Vec::new(),
    }
}
