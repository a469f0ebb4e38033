//! The customer's channel of conversations: what the widget speaks, under `/chat/v1`.
//!
//! A customer is known by a token that [`start`] gives to each browser; there are no cookies.
//! Everything is bounded to the token's customer: other conversations are *not found*.
//!
//! - [`start`]: begin or resume, with who the customer is.
//! - [`talk`]: messages, files, a person, opinions, the end.
//! - [`live`]: numbered events by WebSocket, as server-sent events, or by long polling.
//! - [`cors`]: which pages may do so.

mod cors;
mod live;
mod start;
mod talk;
mod token;

pub(super) use talk::{client_id, file_answer, file_name, file_view};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::from_fn,
    routing::{get, post},
};

use super::context::Native;

/// Longest body of a file, in bytes; settings may set less.
const FILE_BYTES_MAX: usize = 50 * 1024 * 1024;

/// The routes of the channel.
pub(super) fn routes() -> Router<Native> {
    const ONE: &str = "/chat/v1/conversations/{id}";
    let one = |rest: &str| format!("{ONE}{rest}");
    Router::new()
        .route("/chat/v1/start", post(start::start))
        .route("/chat/v1/conversations", get(start::list))
        .route(ONE, get(start::show))
        .route(&one("/messages"), get(talk::messages).post(talk::say))
        .route(
            &one("/files"),
            post(talk::send_file).layer(DefaultBodyLimit::max(FILE_BYTES_MAX)),
        )
        .route(&one("/person"), post(talk::ask_person))
        .route(&one("/rating"), post(talk::rate))
        .route(&one("/word"), post(talk::leave_word))
        .route(&one("/end"), post(talk::end))
        .route(&one("/events"), get(live::events))
        .route(&one("/socket"), get(live::socket))
        .route("/chat/v1/files/{id}", get(talk::file))
        .layer(from_fn(cors::cors))
}
