//! The outermost layer: an id for each request, and a problem document for everything that went
//! wrong inside, panics included.

use std::panic::AssertUnwindSafe;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt;

use super::problem::Problem;

/// Carries the id of the request, in every answer.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Runs the rest and dresses its answer.
pub(super) async fn envelope(request: Request, next: Next) -> Response {
    let id = uuid::Uuid::new_v4().to_string();
    let span = tracing::debug_span!("request", id, method = %request.method(), path = request.uri().path());
    let running = tracing::Instrument::instrument(next.run(request), span);
    let response = AssertUnwindSafe(running)
        .catch_unwind()
        .await
        .unwrap_or_else(|_| {
            tracing::error!(request_id = id, "request panicked");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        });
    dress(response, &id)
}

/// The whole answer to a request that is refused before it gets to any route.
pub(super) fn refuse(problem: Problem) -> Response {
    dress(problem.into_response(), &uuid::Uuid::new_v4().to_string())
}

fn dress(mut response: Response, id: &str) -> Response {
    if let Some(problem) = problem_of(&response) {
        let body = problem.document(id);
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        *response.body_mut() = Body::from(body);
    }
    let value = HeaderValue::from_str(id).expect("a uuid is a header value");
    response.headers_mut().insert(REQUEST_ID, value);
    response
        .headers_mut()
        .entry(header::X_CONTENT_TYPE_OPTIONS)
        .or_insert(HeaderValue::from_static("nosniff"));
    response
}

/// The problem that a handler left, or that an answer of axum itself stands for. A 416 keeps its
/// own form, which RFC 9110 section 15.5.17 asks for.
fn problem_of(response: &Response) -> Option<Problem> {
    if let Some(problem) = response.extensions().get::<Problem>() {
        return Some(problem.clone());
    }
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    (failed && status != StatusCode::RANGE_NOT_SATISFIABLE).then(|| Problem::of_status(status))
}
