//! The frame on HTTP.

use std::{net::SocketAddr, sync::Arc, time::Instant};

use app::App;
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderValue, header::CONTENT_TYPE, request::Parts},
    response::Response,
};
use serde_json::{Map, Value, json};

use super::{Answer, code::Failed, gate};

/// Answers every path under `/v4/` with the vendor's frame.
///
/// Serve it with [`ConnectInfo`] of the peer's address: guesses are slowed by address.
pub fn router(app: Arc<App>) -> Router {
    Router::new().fallback(handle).with_state(app)
}

/// Whether a request is meant for this API.
pub fn is_desk(parts: &Parts) -> bool {
    parts.uri.path().starts_with("/v4/")
}

async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let began = Instant::now();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let from = peer.map(|peer| peer.0.ip());
    let (parts, body) = request.into_parts();
    let command = parts.uri.path().rsplit('/').next().unwrap_or_default();
    let command = command.to_owned();
    let answer = match gate::pass(&app, from, &parts, body).await {
        Ok((run, asked)) => run(asked).await,
        Err(failed) => Err(failed),
    };
    let code = answer.as_ref().err().map_or(0, |failed| failed.code);
    tracing::info!(command, code, took = ?began.elapsed(), "desk answered");
    write(answer)
}

/// HTTP 200 always, with the frame's three fields first.
fn write(answer: Answer) -> Response {
    let body = match answer {
        Ok(fields) => framed("OK", "", 0, fields),
        Err(Failed { code, info }) => framed("FAIL", &info, code, Map::new()),
    };
    let mut response = Response::new(Body::from(body));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

fn framed(status: &str, info: &str, code: i64, fields: Map<String, Value>) -> String {
    let mut frame = Map::new();
    frame.insert("ActionStatus".to_owned(), json!(status));
    frame.insert("ErrorInfo".to_owned(), json!(info));
    frame.insert("ErrorCode".to_owned(), json!(code));
    frame.extend(fields);
    Value::Object(frame).to_string()
}
