//! Who serves the person of a call, on the wire.

use model::{Server, Serving, UnixMs};
use schemars::JsonSchema;
use serde::Serialize;

use super::field::Time;

/// A phone that is rung for a call, and whose it is.
#[derive(Serialize, JsonSchema)]
pub(super) struct ServerView {
    /// `staff`, `staff_mobile`, `extension` or `outside`.
    kind: &'static str,
    /// The extension, or the digits of the number.
    address: String,
    /// Whose it is.
    staff: Option<i64>,
    /// Their e-mail; empty if it is nobody's.
    email: String,
    /// Their name, or that of the extension; may be empty.
    name: String,
    /// The group whose calls they take, if the call was for the group.
    skill_group: Option<i64>,
}

/// One phone that was rung for a call, and what became of it.
#[derive(Serialize, JsonSchema)]
pub(super) struct ServingView {
    /// Who.
    #[serde(flatten)]
    server: ServerView,
    /// When it was called.
    offered_at: Time,
    /// When it began to ring.
    rang_at: Option<Time>,
    /// When it was answered.
    answered_at: Option<Time>,
    /// When it was over.
    ended_at: Option<Time>,
    /// `served`, `not_answered`, `busy`, `rejected`, `not_reachable`, `not_encrypted` (its media found no
    /// keys) or `given_up`, once it is over.
    end: Option<&'static str>,
}

impl From<Server> for ServerView {
    fn from(server: Server) -> Self {
        Self {
            kind: server.kind.name(),
            address: server.address,
            staff: server.staff.map(|id| id.0),
            email: server.email,
            name: server.name,
            skill_group: server.skill_group.map(|(id, _)| id.0),
        }
    }
}

impl From<Serving> for ServingView {
    fn from(serving: Serving) -> Self {
        let time = |at: Option<UnixMs>| at.map(Time);
        Self {
            server: serving.server.into(),
            offered_at: Time(serving.offered_at),
            rang_at: time(serving.rang_at),
            answered_at: time(serving.answered_at),
            ended_at: time(serving.ended_at),
            end: serving.end.map(|end| end.name()),
        }
    }
}
