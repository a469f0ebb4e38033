//! The dialect on HTTP.
//!
//! RPC actions are asked at `/`, or at whatever path stands in the endpoint that a client was given;
//! the later callbacks at paths that end in `/proxy/…`. Other dialects live on the same socket port:
//! the server asks [`is_aliyun`].

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Instant,
};

use app::dialogue::Dialogues;
use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::request::Parts,
    response::Response,
};
use model::ActionScope;
use serde_json::Value;
use tracing::{Instrument, Span, field::Empty};

use crate::{
    callbacks, compat, definition,
    envelope::{self, Format},
    fault::Fault,
    gate::Gate,
    navigator,
    outboundbot::{self, Context, Standing},
    request::{Received, header},
    sign::acs3,
    trail,
};

/// Answers every path and method in the vendor's envelope.
///
/// Serve it with [`ConnectInfo`] of the peer's address: guesses are slowed by address, and
/// without it they are not.
pub fn router(dialogues: Arc<Dialogues>) -> Router {
    Router::new()
        .fallback(handle)
        .with_state(Arc::new(Gate::new(dialogues)))
}

/// Whether a request is meant for this dialect, as far as its head tells: by the vendor's headers,
/// by the parameters of signature v1 in the query, or by the path of a callback. A bare form that
/// is posted without any of them is not.
pub fn is_aliyun(parts: &Parts) -> bool {
    let headers = &parts.headers;
    let named = |prefix: &str| headers.keys().any(|name| name.as_str().starts_with(prefix));
    if named("x-tc-") {
        return false;
    }
    let query = parts.uri.query().unwrap_or_default();
    let has = |name: &str| query.split('&').any(|part| part.starts_with(name));
    named("x-acs-")
        || acs3::is_signed(headers)
        || has("AccessKeyId=")
        || has("SignatureNonce=")
        || callbacks::Callback::of(parts.uri.path()).is_some()
}

async fn handle(State(gate): State<Arc<Gate>>, request: Request) -> Response {
    let request_id = uuid::Uuid::new_v4().to_string().to_uppercase();
    let span = tracing::info_span!(
        "aliyun",
        request_id,
        action = Empty,
        credential = Empty,
        tenant = Empty
    );
    answered(gate, request, request_id).instrument(span).await
}

async fn answered(gate: Arc<Gate>, request: Request, request_id: String) -> Response {
    let from: Option<IpAddr> = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|peer| peer.0.ip());
    let (parts, body) = request.into_parts();
    if let Some(callback) = callbacks::Callback::of(parts.uri.path()) {
        return callbacks::answer(&gate, callback, from, parts, body, &request_id).await;
    }
    let began = Instant::now();
    let host = header(&parts.headers, "host")
        .unwrap_or_default()
        .to_owned();
    let is_acs3 = acs3::is_signed(&parts.headers);
    let (format, action, answer) = match Received::read(from, parts, body).await {
        Err(fault) => (Format::of(None, is_acs3), String::new(), Err(fault)),
        Ok(received) => {
            let format = Format::of(received.pair("Format"), is_acs3);
            let action = wanted(&received, "Action", "x-acs-action").unwrap_or_default();
            let action = action.to_owned();
            let answer = act(gate, &received, &action).await;
            (format, action, answer)
        }
    };
    let code = answer.as_ref().err().map_or("OK", |fault| &fault.code);
    tracing::info!(code, took = ?began.elapsed(), "answered");
    envelope::write(answer, format, &action, &host, &request_id)
}

/// What signature v1 has in a parameter and V3 in a header.
fn wanted<'a>(received: &'a Received, pair: &str, header: &str) -> Option<&'a str> {
    if acs3::is_signed(&received.parts.headers) {
        return received.header(header);
    }
    received.pair(pair)
}

/// Proves the request and runs the action that it asks for.
async fn act(gate: Arc<Gate>, received: &Received, action: &str) -> Result<Value, Fault> {
    let version = wanted(received, "Version", "x-acs-version").unwrap_or_default();
    if action.is_empty() {
        return Err(Fault::missing("Action"));
    }
    if version.is_empty() {
        return Err(Fault::missing("Version"));
    }
    let credential = gate.pass(received).await?;
    let span = Span::current();
    span.record("action", action);
    span.record("credential", credential.id.as_str());
    let again = received.header("x-acs-retry-attempts").is_some();
    let (fields, run): (_, outboundbot::Run) = match version {
        definition::VERSION => {
            let fields = definition::request(action).ok_or_else(Fault::action_not_found)?;
            let entry = outboundbot::find(action).ok_or_else(|| not_built(action))?;
            (fields, entry.run)
        }
        navigator::VERSION => navigator::find(action).ok_or_else(Fault::action_not_found)?,
        _ => return Err(Fault::version()),
    };
    let parameters = definition::check(fields, &received.pairs)?;
    // Rules of calls name the instance that they hold for by another word.
    let named = ["InstanceId", "EntryId"].map(|name| parameters.get(name));
    let named = named.into_iter().flatten().find_map(Value::as_str);
    let tenant = match named {
        Some(instance) => Some(gate.tenant(instance, &credential, action).await?),
        None if allows(&credential.scope.actions, action) => None,
        None => return Err(Fault::forbidden()),
    };
    if let Some(tenant) = tenant {
        span.record("tenant", tenant.0);
    }
    let context = Context {
        gate,
        tenant,
        credential,
        again,
    };
    context.throttle(action)?;
    let Some(trail) = trail::begin(&context, received.from, action, &parameters).await? else {
        return run(context, Value::Object(parameters)).await;
    };
    let app = Arc::clone(context.app());
    let answer = run(context, Value::Object(parameters.clone())).await;
    trail::finish(trail, &app, &parameters, &answer).await?;
    answer
}

/// Whether an action that names no instance may be called.
fn allows(actions: &ActionScope, action: &str) -> bool {
    match actions {
        ActionScope::All => true,
        ActionScope::Only(names) => names.iter().any(|name| name == action),
    }
}

fn not_built(action: &str) -> Fault {
    let known = outboundbot::not_built()
        .iter()
        .find(|known| known.name == action);
    let (standing, reason) = known.map_or(("not built", ""), |known| {
        let standing = match known.standing {
            Standing::Planned => "planned",
            Standing::Declined => "declined",
        };
        (standing, known.reason)
    });
    Fault::unsupported(format!(
        "The action {action} is not supported here ({standing}: {reason}); see {}.",
        compat::OUTBOUNDBOT_PAGE
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_of_this_vendor_are_known_by_their_head() {
        for (head, ours) in [
            ("POST / x-acs-action:Dialogue", true),
            ("GET /?Action=Dialogue&AccessKeyId=L accept:text/html", true),
            ("POST / authorization:ACS3-HMAC-SHA256", true),
            ("POST /proxy/dialogue content-type:application/json", true),
            ("POST /robots/1/proxy/beginSession accept:x", true),
            ("POST / x-tc-action:HangUpCall", false),
            ("GET /api/v1/calls accept:application/json", false),
        ] {
            let mut words = head.split(' ');
            let mut word = || words.next().unwrap();
            let request = Request::builder().method(word()).uri(word());
            let (name, value) = word().split_once(':').unwrap();
            let (parts, ()) = request.header(name, value).body(()).unwrap().into_parts();
            assert_eq!(is_aliyun(&parts), ours, "{head}");
        }
    }

    #[test]
    fn an_absent_action_names_the_page_and_the_reason() {
        let fault = not_built("CreateTenantKey");
        assert_eq!(fault.code, "UnsupportedOperation");
        assert!(fault.message.contains(compat::OUTBOUNDBOT_PAGE), "{fault}");
    }
}
