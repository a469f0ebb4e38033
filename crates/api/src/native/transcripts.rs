//! What was said in a call, by signed addresses that expire.

use axum::{Json, extract::State};
use model::{CallId, Sentence, Track};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    context::Native,
    field::Time,
    problem::{Kind, Problem},
    read::{Ask, PathText},
    recordings::RecordingAsk,
    table::{Row, get},
};

/// What was said in a call.
#[derive(Serialize, JsonSchema)]
struct TranscriptView {
    /// `SessionId`.
    call: String,
    /// In the order in which it began.
    sentences: Vec<SentenceView>,
}

/// Something that was said.
#[derive(Serialize, JsonSchema)]
struct SentenceView {
    /// `user` or `agent`; `party`: somebody else who joined.
    track: &'static str,
    /// What the other side could hear, or what was recognized.
    text: String,
    /// When it began.
    from: Time,
    /// When it ended.
    to: Time,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        get(
            "/transcripts/{file}",
            "Fetch what was said in a call",
            fetch,
        )
        .public()
        .asks::<RecordingAsk>()
        .gives::<TranscriptView>()
        .refuses(&[Kind::Forbidden]),
    ]
}

async fn fetch(
    State(native): State<Native>,
    PathText(file): PathText,
    Ask(ask): Ask<RecordingAsk>,
) -> Result<Json<TranscriptView>, Problem> {
    let id = file.strip_suffix(".json");
    let id = CallId(
        id.ok_or_else(|| Problem::not_found("transcript"))?
            .to_owned(),
    );
    let (expires, signature) = ask.proof();
    let (call, sentences) = native.app().transcript(&id, expires, signature).await?;
    let view = |sentence: Sentence| SentenceView {
        track: match sentence.track {
            Track::User => "user",
            Track::Agent => "agent",
            Track::Party(_) => "party",
        },
        text: sentence.text,
        from: Time(sentence.from),
        to: Time(sentence.to),
    };
    Ok(Json(TranscriptView {
        call: call.id.0,
        sentences: sentences.into_iter().map(view).collect(),
    }))
}
