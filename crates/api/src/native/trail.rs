//! The trail that a change leaves in the audit log.
//!
//! Before a row that changes something runs, what it is about to do is noted with what is there;
//! when it has run, the note becomes an entry with the outcome and what is there then. Secrets are
//! masked in both.
//!
//! # Invariants
//!
//! - No change is answered before its entry is written: what cannot be written is told as a fault.
//! - A change that a crash cut off has an entry after the next start.

use std::net::IpAddr;

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{Extensions, Method, StatusCode, Uri, header},
    middleware::Next,
    response::Response,
};
use model::{AuditDraft, TenantId};
use serde_json::Value;
use tower::ServiceExt as _;

use super::{
    admit::{Actor, Caller, Gate},
    problem::Problem,
};
use crate::trail::Trail;

/// Longest text of what was there before or after, in bytes; the rest is cut off.
const TEXT_BYTES_MAX: usize = 32 * 1024;

/// Largest answer that is read for the log, in bytes. JSON answers of one thing are smaller.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Stands for a secret.
const MASK: &str = "***";

/// Runs the row and writes down what it did.
pub(super) async fn run(
    gate: &Gate,
    actor: &Actor,
    caller: Caller,
    from: IpAddr,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let store = gate.native.store();
    // The body of a request cannot be looked at by two threads: only what is around it is kept.
    let (uri, around) = (request.uri().clone(), request.extensions().clone());
    let before = present(gate, uri.clone(), around).await;
    let entry = AuditDraft {
        at: gate.native.now(),
        tenant: tenant(caller, before.as_ref(), uri.query()),
        actor: actor.audited(),
        address: from.to_string(),
        action: gate.name.to_string(),
        subject: uri.path().to_owned(),
        outcome: String::new(),
        before: before.as_ref().map(text),
        after: None,
    };
    let trail = Trail::begin(store, entry).await?;
    let (response, after) = read(next.run(request).await).await;
    let status = response.status();
    if status.is_success() {
        trail.done(store, status.as_str(), after.as_ref()).await?;
    } else {
        trail.refused(store, status.as_str()).await?;
    }
    Ok(response)
}

/// What the row is about to change, as the row that shows it would show it.
async fn present(gate: &Gate, uri: Uri, around: Extensions) -> Option<Value> {
    let shown = gate.shown.clone()?;
    let mut asked = Request::builder()
        .method(Method::GET)
        .uri(uri)
        .body(Body::empty())
        .ok()?;
    *asked.extensions_mut() = around;
    let response = shown.oneshot(asked).await.ok()?;
    if response.status() != StatusCode::OK {
        return None;
    }
    let bytes = to_bytes(response.into_body(), ANSWER_BYTES_MAX)
        .await
        .ok()?;
    let value: Value = serde_json::from_slice(&bytes).ok()?;
    // A list is no single thing that is changed.
    value.get("items").is_none().then_some(value)
}

/// The answer as it is, and the JSON in it.
async fn read(response: Response) -> (Response, Option<Value>) {
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if !is_json {
        return (response, None);
    }
    let (parts, body) = response.into_parts();
    match to_bytes(body, ANSWER_BYTES_MAX).await {
        Ok(bytes) => {
            let value = serde_json::from_slice(&bytes).ok();
            (Response::from_parts(parts, Body::from(bytes)), value)
        }
        Err(error) => {
            tracing::error!(%error, "an answer could not be read for the audit log");
            (Response::from_parts(parts, Body::empty()), None)
        }
    }
}

/// Whose things a change is about: the caller's instance, the one that the query names, or the
/// one that the thing itself names.
fn tenant(caller: Caller, before: Option<&Value>, query: Option<&str>) -> Option<TenantId> {
    let query = query.unwrap_or_default();
    let named = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "instance")
        .and_then(|(_, value)| value.parse().ok())
        .map(TenantId);
    caller.limit().or(named).or(before.and_then(instance))
}

fn instance(value: &Value) -> Option<TenantId> {
    value.get("instance")?.as_i64().map(TenantId)
}

/// The text of a value for the log: without secrets, and not longer than fits.
pub fn text(value: &Value) -> String {
    let mut text = masked(value).to_string();
    if text.len() > TEXT_BYTES_MAX {
        let cut = (0..=TEXT_BYTES_MAX)
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0);
        text.truncate(cut);
        text.push('…');
    }
    text
}

fn masked(value: &Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(name, value)| {
                    let value = match value {
                        Value::String(_) if is_secret(name) => Value::from(MASK),
                        other => masked(other),
                    };
                    (name.clone(), value)
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(masked).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// Whether a field of this name holds a secret.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["password", "secret", "token", "csrf", "usersig", "user_sig"].contains(&name.as_str())
        || ["_password", "_secret", "_token", "secret_key", "secretkey"]
            .iter()
            .any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let value = json!({
            "name": "a",
            "token": "swb_1",
            "auth": {"client_secret": "s", "token_url": "http://a/token"},
            "keys": [{"secret_key": "k", "secret_id": "AKID1"}],
        });
        assert_eq!(
            masked(&value),
            json!({
                "name": "a",
                "token": "***",
                "auth": {"client_secret": "***", "token_url": "http://a/token"},
                "keys": [{"secret_key": "***", "secret_id": "AKID1"}],
            })
        );
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let long = json!({"name": "坐".repeat(TEXT_BYTES_MAX)});
        let text = text(&long);
        assert!(text.len() <= TEXT_BYTES_MAX + 3 && text.ends_with('…'));
    }
}
