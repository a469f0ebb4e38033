//! The vendor's Desk API: a tenant's server writes into conversations and moves them.
//!
//! `POST /v4/desk_http_svc/<command>?sdkappid=&identifier=&usersig=&random=&contenttype=json` with a
//! JSON body; the answer is HTTP 200 always, and says in `ErrorCode` what came of it.
//!
//! - [`http`]: the frame.
//! - `gate`: who asks, by `UserSig`.
//! - `code`: every error code and the condition that leads to it.
//! - one file for each group of commands.
//!
//! # Invariants
//!
//! - Nothing of a body is read before the signature is proven.
//! - What was answered with `OK` is stored.

mod code;
mod describe;
mod gate;
pub mod http;
mod message;
pub mod page;
mod send;
mod session;

pub use code::{CODES, Code};
pub(crate) use message::{elements, text_elements};

use std::sync::Arc;

use app::App;
use futures::future::BoxFuture;
use model::ChatSettings;
use serde_json::{Map, Value};

use self::code::Failed;

/// A request whose signature is proven.
struct Asked {
    app: Arc<App>,
    settings: Arc<ChatSettings>,
    /// The number that the sender drew for the request.
    random: u32,
    body: Map<String, Value>,
    /// Of the body's bytes, lower-case hex.
    digest: String,
}

/// Fields of an answer, beside those of the frame.
type Answer = Result<Map<String, Value>, Failed>;

type Run = fn(Asked) -> BoxFuture<'static, Answer>;

/// Every command that the vendor documents under `desk_http_svc`.
const COMMANDS: [(&str, Run); 7] = [
    ("send_msg", |asked| Box::pin(send::message(asked))),
    ("send_stream_msg", |asked| Box::pin(send::piece(asked))),
    ("transfer_to_human", |asked| {
        Box::pin(session::transfer(asked))
    }),
    ("get_session_state", |asked| Box::pin(session::state(asked))),
    ("end_session", |asked| Box::pin(session::end(asked))),
    ("describe_im_cdr_list", |asked| {
        Box::pin(describe::records(asked))
    }),
    ("describe_chat_messages", |asked| {
        Box::pin(describe::messages(asked))
    }),
];

/// The command with this name.
fn command(name: &str) -> Option<Run> {
    let found = COMMANDS.iter().find(|(known, _)| *known == name);
    found.map(|(_, run)| *run)
}
