//! Recordings, by signed addresses that expire.
//!
//! Who hears one is written into the audit log: a person or token if the request comes with one,
//! the holder of the address otherwise.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header},
    response::Response,
};
use model::{AuditActor, AuditActorKind, AuditDraft, RecordingId};
use schemars::JsonSchema;
use serde::Deserialize;
use tower::ServiceExt;
use tower_http::services::ServeFile;

use super::{
    admit::{known, peer},
    context::Native,
    field::Text,
    problem::{Kind, Problem},
    read::{Ask, PathText},
    table::{Row, get},
};

/// The proof in the address of a recording or transcript.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordingAsk {
    /// Until when the address is good, in seconds since 1970.
    expires: i64,
    /// The server's signature of id and time.
    signature: Text<1, 128>,
}

impl RecordingAsk {
    /// Until when the address is good, and its signature.
    pub(super) fn proof(&self) -> (i64, &str) {
        (self.expires, &self.signature.0)
    }
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

/// A player fetches a recording in many pieces: those within this time are one hearing.
const ONE_HEARING: Duration = Duration::from_secs(10 * 60);

/// Hearings that are remembered; beyond, all are forgotten, and a few are written down twice.
const HEARINGS_MAX: usize = 10_000;

/// Who heard which recording lately.
#[derive(Default)]
pub(super) struct Heard(BTreeMap<(String, RecordingId), Instant>);

impl Heard {
    /// Whether this is the first piece of a hearing.
    fn begins(&mut self, who: &str, id: &RecordingId, now: Instant) -> bool {
        if self.0.len() >= HEARINGS_MAX {
            self.0.clear();
        }
        let last = self.0.insert((who.to_owned(), id.clone()), now);
        last.is_none_or(|last| now.saturating_duration_since(last) >= ONE_HEARING)
    }
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
    let id = RecordingId(id.to_owned());
    let path = native
        .app()
        .recording_file(&id, ask.expires, &ask.signature.0)
        .await?;
    let from = peer(request.extensions());
    note(&native, &id, from, request.headers().clone()).await?;
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

async fn note(
    native: &Native,
    id: &RecordingId,
    from: IpAddr,
    headers: HeaderMap,
) -> Result<(), Problem> {
    let actor = match known(native, from, &Method::GET, &headers).await {
        Ok((actor, _)) => actor.audited(),
        // The address is proof enough; who holds it is not known.
        Err(_) => AuditActor {
            kind: AuditActorKind::Link,
            name: String::new(),
        },
    };
    let who = format!("{} {from}", actor.name);
    let begins = native
        .heard()
        .lock()
        .expect("nothing panics while it holds this lock")
        .begins(&who, id, Instant::now());
    if !begins {
        return Ok(());
    }
    let recording = native.store().recording(id).await?;
    let entry = AuditDraft {
        at: native.now(),
        tenant: Some(recording.tenant),
        actor,
        address: from.to_string(),
        action: "get /recordings/{file}".to_owned(),
        subject: format!("recording {id} of call {}", recording.call),
        outcome: "200".to_owned(),
        before: None,
        after: None,
    };
    native.store().audit(&entry).await?;
    Ok(())
}
