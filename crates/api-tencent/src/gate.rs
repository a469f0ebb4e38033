//! From an HTTP request to who asks for what.
//!
//! TC3 requests tell in their headers who says they are asking; the credential is looked up
//! before the body is read, so that strangers cannot make us hold large bodies. A v1 request has
//! everything in its form or query.
//!
//! The order of checks: method, `Action` and `Version`, form and time of the signature, the
//! credential, the signature, the parameters.
//!
//! A right signature is served whatever was guessed from its address, and forgives it; wrong ones
//! from an address that guesses are answered late ([`slow`]).

mod slow;

use std::{net::IpAddr, time::Duration};

use app::App;
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Method, request::Parts},
};
use model::{Credential, CredentialId};
use serde_json::{Map, Value};
use store::StoreError;

use crate::{
    definition,
    fault::{Fault, Language},
    flatten,
    sign::{tc3, v1},
};

/// The vendor's limit of a TC3 request.
const BODY_MAX: usize = 10 * 1024 * 1024;
/// The vendor's limit of a v1 request. Also the limit of what is parsed into parameters: the
/// largest request of an action is far smaller.
const FORM_MAX: usize = 1024 * 1024;
/// The vendor's limit of a GET request.
const QUERY_MAX: usize = 32 * 1024;
/// How long the bytes of a body may take to arrive.
const BODY_WAIT_MAX: Duration = Duration::from_secs(30);

/// A request whose signature is proven.
#[derive(Debug)]
pub(crate) struct Asked {
    /// An action of the vendor's definition.
    pub(crate) action: String,
    /// Who asks.
    pub(crate) credential: Credential,
    /// What they gave, not checked yet.
    pub(crate) parameters: Map<String, Value>,
}

/// Whether a request signs with TC3 or, having no headers of the kind, with v1.
fn is_tc3(headers: &HeaderMap) -> bool {
    headers.contains_key("authorization") || headers.contains_key("x-tc-action")
}

/// Reads and proves a request. The language is known even where the request is refused.
pub(crate) async fn pass(
    app: &App,
    from: Option<IpAddr>,
    parts: &Parts,
    body: Body,
) -> (Language, Result<Asked, Fault>) {
    if parts.method != Method::GET && parts.method != Method::POST {
        let language = Language::of(header(&parts.headers, "x-tc-language"));
        return (language, Err(Fault::unsupported_protocol()));
    }
    if is_tc3(&parts.headers) {
        let language = Language::of(header(&parts.headers, "x-tc-language"));
        return (language, pass_tc3(app, from, parts, body).await);
    }
    let pairs = match form(parts, body).await {
        Ok(pairs) => pairs,
        Err(fault) => return (Language::default(), Err(fault)),
    };
    let language = Language::of(value(&pairs, "Language"));
    (language, pass_v1(app, from, parts, &pairs).await)
}

async fn pass_tc3(
    app: &App,
    from: Option<IpAddr>,
    parts: &Parts,
    body: Body,
) -> Result<Asked, Fault> {
    let headers = &parts.headers;
    let action = routed(
        header(headers, "x-tc-action"),
        header(headers, "x-tc-version"),
    )?;
    no_token(header(headers, "x-tc-token"))?;
    let claim = tc3::claim(headers, app.now())?;
    let credential = credential(app, from, &claim.credential).await?;
    let query = query(parts)?;
    let body = if parts.method == Method::POST {
        read(body, BODY_MAX, "10 MB").await?
    } else {
        Bytes::new()
    };
    let covered = tc3::Covered {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query,
        headers,
        body: &body,
    };
    if let Err(fault) = tc3::verify(&claim, &credential.secret, covered) {
        return Err(slow::refused(app, from, fault).await);
    }
    slow::forgive(app, from);
    let parameters = if parts.method == Method::GET {
        unflattened(&flatten::pairs(query)?)?
    } else {
        body_parameters(content_type(headers), &body)?
    };
    Ok(Asked {
        action,
        credential,
        parameters,
    })
}

async fn pass_v1(
    app: &App,
    from: Option<IpAddr>,
    parts: &Parts,
    pairs: &[(String, String)],
) -> Result<Asked, Fault> {
    let action = routed(value(pairs, "Action"), value(pairs, "Version"))?;
    no_token(value(pairs, "Token"))?;
    let claim = v1::claim(pairs, app.now())?;
    let credential = credential(app, from, &claim.credential).await?;
    let covered = v1::Covered {
        method: parts.method.as_str(),
        host: header(&parts.headers, "host").unwrap_or_default(),
        path: parts.uri.path(),
        pairs,
    };
    if let Err(fault) = v1::verify(&claim, &credential.secret, covered) {
        return Err(slow::refused(app, from, fault).await);
    }
    slow::forgive(app, from);
    Ok(Asked {
        action,
        credential,
        parameters: unflattened(pairs)?,
    })
}

/// The action, if the vendor has it in this version.
fn routed(action: Option<&str>, version: Option<&str>) -> Result<String, Fault> {
    let action = action.ok_or_else(|| Fault::missing("Action"))?;
    let version = version.ok_or_else(|| Fault::missing("Version"))?;
    if version != definition::VERSION {
        return Err(Fault::no_such_version());
    }
    if definition::ccc().request(action).is_none() {
        return Err(Fault::invalid_action());
    }
    Ok(action.to_owned())
}

/// Temporary credentials are not issued here. Some clients send the field empty.
fn no_token(token: Option<&str>) -> Result<(), Fault> {
    match token {
        None | Some("") => Ok(()),
        Some(_) => Err(Fault::token_failure()),
    }
}

/// The enabled credential with this id.
async fn credential(
    app: &App,
    from: Option<IpAddr>,
    id: &CredentialId,
) -> Result<Credential, Fault> {
    match app.store().credential(id).await {
        Ok(credential) if credential.enabled => Ok(credential),
        Ok(_) | Err(StoreError::NotFound { .. }) => {
            Err(slow::refused(app, from, Fault::secret_id_not_found()).await)
        }
        Err(error) => Err(Fault::from(error)),
    }
}

/// All parameters of a v1 request.
async fn form(parts: &Parts, body: Body) -> Result<Vec<(String, String)>, Fault> {
    if parts.method == Method::GET {
        return flatten::pairs(query(parts)?);
    }
    if !is_form(content_type(&parts.headers)) {
        return Err(Fault::missing("Action"));
    }
    let bytes = read(body, FORM_MAX, "1 MB").await?;
    flatten::pairs(utf8(&bytes)?)
}

fn query(parts: &Parts) -> Result<&str, Fault> {
    let query = parts.uri.query().unwrap_or_default();
    if query.len() > QUERY_MAX {
        return Err(Fault::too_large("32 KB"));
    }
    Ok(query)
}

async fn read(body: Body, limit: usize, limit_name: &str) -> Result<Bytes, Fault> {
    match tokio::time::timeout(BODY_WAIT_MAX, axum::body::to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(Fault::too_large(limit_name)),
        Err(_) => Err(Fault::invalid_request("its body did not arrive in time")),
    }
}

fn body_parameters(content_type: &str, body: &[u8]) -> Result<Map<String, Value>, Fault> {
    if body.len() > FORM_MAX {
        return Err(Fault::too_large("1 MB"));
    }
    if is_form(content_type) {
        return unflattened(&flatten::pairs(utf8(body)?)?);
    }
    if !is_type(content_type, "application/json") {
        return Err(Fault::invalid_request(
            "its `Content-Type` is neither application/json nor application/x-www-form-urlencoded",
        ));
    }
    if body.trim_ascii().is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(parameters)) => Ok(parameters),
        Ok(_) => Err(Fault::unreadable("the body is not a JSON object")),
        Err(error) => Err(Fault::unreadable(&error.to_string())),
    }
}

/// Business parameters of a flattened request.
fn unflattened(pairs: &[(String, String)]) -> Result<Map<String, Value>, Fault> {
    flatten::unflatten(
        pairs
            .iter()
            .filter(|(name, _)| !v1::COMMON.contains(&name.as_str()))
            .map(|(name, value)| (name.as_str(), value.as_str())),
    )
}

fn utf8(bytes: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|_| Fault::unreadable("the body is not UTF-8"))
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(given, _)| given == name)
        .map(|(_, value)| value.as_str())
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn content_type(headers: &HeaderMap) -> &str {
    header(headers, "content-type").unwrap_or_default()
}

fn is_form(content_type: &str) -> bool {
    is_type(content_type, "application/x-www-form-urlencoded")
}

/// Compares the media type without its parameters.
fn is_type(content_type: &str, wanted: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(wanted)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn actions_and_versions_must_exist() {
        let version = Some(definition::VERSION);
        for (action, version, code) in [
            (None, version, "MissingParameter"),
            (Some("HangUpCall"), None, "MissingParameter"),
            (Some("HangUpCall"), Some("2017-03-12"), "NoSuchVersion"),
            (Some("hangupcall"), version, "InvalidAction"),
            (Some("RunInstances"), version, "InvalidAction"),
        ] {
            assert_eq!(routed(action, version).unwrap_err().code, code);
        }
        assert!(routed(Some("HangUpCall"), version).is_ok());
    }

    #[test]
    fn json_and_forms_are_read_and_other_bodies_are_not() {
        let json = "application/json; charset=utf-8";
        let form = "application/x-www-form-urlencoded";
        let read = |kind, body: &str| body_parameters(kind, body.as_bytes()).map(Value::Object);
        assert_eq!(read(json, r#"{"A": 1}"#), Ok(json!({"A": 1})));
        assert_eq!(read(json, " "), Ok(json!({})));
        assert_eq!(read(form, "A.0=1&Action=x"), Ok(json!({"A": ["1"]})));
        for (kind, body, code) in [
            (json, "[]", "InvalidParameter"),
            (json, "{", "InvalidParameter"),
            (json, &"[".repeat(100_000), "InvalidParameter"),
            ("text/plain", "{}", "InvalidRequest"),
            ("multipart/form-data; boundary=x", "", "InvalidRequest"),
        ] {
            assert_eq!(read(kind, body).unwrap_err().code, code);
        }
    }

    #[test]
    fn a_body_too_large_for_parameters_is_refused_before_it_is_parsed() {
        let body = vec![b' '; FORM_MAX + 1];
        let fault = body_parameters("application/json", &body).unwrap_err();
        assert_eq!(fault.code, "RequestSizeLimitExceeded");
    }

    #[test]
    fn no_action_has_a_parameter_with_the_name_of_a_common_one() {
        for action in definition::ccc().actions() {
            for field in definition::ccc().request(action).unwrap() {
                assert!(!v1::COMMON.contains(&field.name), "{action} {}", field.name);
            }
        }
    }
}
