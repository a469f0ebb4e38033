//! What was understood of recordings after their calls.

use model::{Sentence, Track, UnixMs};
use serde::{Deserialize, Serialize};

use super::{document, text, unknown};
use crate::StoreError;

#[derive(Serialize, Deserialize)]
struct SentenceDoc {
    track: String,
    text: String,
    from: i64,
    to: i64,
}

/// The document of sentences.
pub(crate) fn sentences_text(sentences: &[Sentence]) -> String {
    let doc = |sentence: &Sentence| SentenceDoc {
        track: sentence.track.name().into_owned(),
        text: sentence.text.clone(),
        from: sentence.from.0,
        to: sentence.to.0,
    };
    text(&sentences.iter().map(doc).collect::<Vec<_>>())
}

/// The sentences in a document.
pub(crate) fn sentences_of(text: &str) -> Result<Vec<Sentence>, StoreError> {
    let docs: Vec<SentenceDoc> = document("transcript", text)?;
    let sentence = |doc: SentenceDoc| {
        let track = Track::by_name(&doc.track);
        Ok(Sentence {
            track: track.ok_or_else(|| unknown("track"))?,
            text: doc.text,
            from: UnixMs(doc.from),
            to: UnixMs(doc.to),
        })
    };
    docs.into_iter().map(sentence).collect()
}
