//! Recordings, by signed addresses that expire.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, header},
    response::Response,
};
use model::RecordingId;
use schemars::JsonSchema;
use serde::Deserialize;
use tower::ServiceExt;
use tower_http::services::ServeFile;

use super::{
    context::Native,
    field::Text,
    problem::{Kind, Problem},
    read::{Ask, PathText},
    table::{Row, get},
};

/// The proof in a recording's address.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordingAsk {
    /// Until when the address is good, in seconds since 1970.
    expires: i64,
    /// The server's signature of id and time.
    signature: Text<1, 128>,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        get(
            "/recordings/{file}",
            "Fetch a recorded track, whole or in ranges",
            fetch,
        )
        .public()
        .asks::<RecordingAsk>()
        .gives_media("audio/mpeg")
        .refuses(&[Kind::Forbidden]),
    ]
}

async fn fetch(
    State(native): State<Native>,
    PathText(file): PathText,
    Ask(ask): Ask<RecordingAsk>,
    request: Request,
) -> Result<Response, Problem> {
    let id = file
        .strip_suffix(".mp3")
        .ok_or_else(|| Problem::not_found("recording"))?;
    let path = native
        .app()
        .recording_file(&RecordingId(id.to_owned()), ask.expires, &ask.signature.0)
        .await?;
    let mime = "audio/mpeg".parse().expect("a media type");
    let answer = ServeFile::new_with_mime(path, &mime).oneshot(request).await;
    let mut response = answer
        .expect("serving a file answers every request")
        .map(Body::new);
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=3600"),
    );
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("inline"),
    );
    Ok(response)
}
