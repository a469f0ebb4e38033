//! From an HTTP request to who asks for what.
//!
//! The order of checks: method and path, the query's parameters, the signature, administrator, rate,
//! and only then the body.

use std::{net::IpAddr, sync::Arc, time::Duration};

use api::user_sig::{Claim, Unreadable};
use app::{App, chat::ChatFault};
use axum::{
    body::Body,
    http::{Method, request::Parts},
};
use model::{ChatSettings, TenantId};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use store::StoreError;

use super::{
    Asked, Run,
    code::{self, Failed},
    command,
};
use crate::flatten;

/// The only service that is served here.
const SERVICE: &str = "desk_http_svc";

/// Longest body in bytes: the vendor's *12k*.
const BODY_BYTES_MAX: usize = 12 * 1024;

/// How long the bytes of a body may take to arrive.
const BODY_WAIT_MAX: Duration = Duration::from_secs(30);

/// Reads and proves a request.
pub(super) async fn pass(
    app: &Arc<App>,
    from: Option<IpAddr>,
    parts: &Parts,
    body: Body,
) -> Result<(Run, Asked), Failed> {
    let (name, run) = routed(parts)?;
    let query = Query::of(parts)?;
    let settings = proven(app, from, &query).await?;
    if !settings.admins.contains(&query.identifier) {
        return Err(Failed::new(
            code::NO_ADMIN,
            "the request needs an administrator of the app",
        ));
    }
    if !app.chats().allow_server(settings.tenant, name) {
        return Err(Failed::new(code::TOO_OFTEN, "requests are too frequent"));
    }
    let (body, digest) = read(body).await?;
    let asked = Asked {
        app: Arc::clone(app),
        settings,
        random: query.random,
        body,
        digest,
    };
    Ok((run, asked))
}

fn routed(parts: &Parts) -> Result<(&str, Run), Failed> {
    if parts.method != Method::POST {
        return Err(Failed::new(code::HTTP, "the method must be POST"));
    }
    let path = parts.uri.path().strip_prefix("/v4/").unwrap_or_default();
    let (service, name) = path.split_once('/').unwrap_or((path, ""));
    match command(name) {
        Some(run) if service == SERVICE => Ok((name, run)),
        _ => Err(Failed::new(code::HTTP, "no such service or command")),
    }
}

/// The parameters of every request.
struct Query {
    sdk_app_id: TenantId,
    identifier: String,
    user_sig: String,
    random: u32,
}

impl Query {
    fn of(parts: &Parts) -> Result<Self, Failed> {
        let pairs = flatten::pairs(parts.uri.query().unwrap_or_default())
            .map_err(|_| Failed::new(code::HTTP, "the query cannot be read"))?;
        let value = |name: &str| {
            let found = pairs.iter().find(|(given, _)| given == name);
            found.map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        let sdk_app_id = value("sdkappid").parse().map(TenantId);
        let sdk_app_id = sdk_app_id
            .map_err(|_| Failed::new(code::NO_APP, "sdkappid is missing or no number"))?;
        let identifier = value("identifier").to_owned();
        if identifier.is_empty() {
            return Err(Failed::new(code::NO_ACCOUNT, "identifier is missing"));
        }
        let user_sig = value("usersig").to_owned();
        if user_sig.is_empty() {
            return Err(Failed::new(code::NO_SIG, "usersig is empty"));
        }
        let random = value("random")
            .parse()
            .map_err(|_| Failed::new(code::HTTP, "random is no unsigned 32-bit number"))?;
        if value("contenttype") != "json" {
            return Err(Failed::new(code::HTTP, "contenttype must be json"));
        }
        Ok(Self {
            sdk_app_id,
            identifier,
            user_sig,
            random,
        })
    }
}

/// The chat settings of the instance whose secret the signature was made with.
async fn proven(
    app: &App,
    from: Option<IpAddr>,
    query: &Query,
) -> Result<Arc<ChatSettings>, Failed> {
    let tenant = query.sdk_app_id;
    match app.store().tenant(tenant).await {
        Ok(_) => {}
        Err(StoreError::NotFound { .. }) => {
            return Err(Failed::new(code::APP_NOT_FOUND, "sdkappid not found"));
        }
        Err(error) => return Err(error.into()),
    }
    let settings = match app.chats().settings(tenant).await {
        Ok(settings) => settings,
        Err(ChatFault::NotFound { .. }) => return Err(ChatFault::Off.into()),
        Err(fault) => return Err(fault.into()),
    };
    let claim = Claim::read(&query.user_sig).map_err(|why| {
        let code = match why {
            Unreadable::Encoding => code::BAD_SIG,
            Unreadable::Field(_) => code::HALF_SIG,
        };
        Failed::new(code, format!("usersig is invalid: {why}"))
    })?;
    if claim.identifier != query.identifier {
        let info = "usersig was made for another identifier";
        return Err(Failed::new(code::OTHER_ACCOUNT, info));
    }
    if claim.sdk_app_id != tenant {
        let info = "usersig was made for another sdkappid";
        return Err(Failed::new(code::OTHER_APP, info));
    }
    if !claim.is_made_with(&settings.secret) {
        return Err(wrong_key(app, from, &claim, &settings));
    }
    if let Some(from) = from {
        app.forgive_guesses(from);
    }
    if claim.is_expired(app.now()) {
        return Err(Failed::new(code::EXPIRED, "usersig is expired"));
    }
    if !settings.enabled {
        return Err(ChatFault::Off.into());
    }
    Ok(settings)
}

/// What a signature with another key is told; counts it as a guess, unless it was good once.
fn wrong_key(app: &App, from: Option<IpAddr>, claim: &Claim, settings: &ChatSettings) -> Failed {
    let previous = settings.previous_secret.as_deref();
    if previous.is_some_and(|secret| claim.is_made_with(secret)) {
        return Failed::new(code::REVOKED, "usersig is expired: the secret was replaced");
    }
    if let Some(from) = from {
        if app.is_guessing(from) {
            let info = "too many wrong signatures, please try again after 1 minute";
            return Failed::new(code::TOO_MANY_TRIES, info);
        }
        app.note_guess(from);
    }
    Failed::new(code::WRONG_KEY, "usersig was made with another key")
}

/// The body as an object, with the digest of its bytes.
async fn read(body: Body) -> Result<(Map<String, Value>, String), Failed> {
    let bytes = axum::body::to_bytes(body, BODY_BYTES_MAX);
    let bytes = match tokio::time::timeout(BODY_WAIT_MAX, bytes).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => {
            let info = "the JSON data packet is longer than 12k";
            return Err(Failed::new(code::TOO_LONG, info));
        }
        Err(_) => return Err(Failed::new(code::HTTP, "the body did not arrive in time")),
    };
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(body)) => Ok((body, hex::encode(Sha256::digest(&bytes)))),
        Ok(_) => Err(Failed::new(code::JSON, "the body is no JSON object")),
        Err(error) => Err(Failed::new(
            code::JSON,
            format!("JSON format parsing failed: {error}"),
        )),
    }
}
