//! Reading requests: bodies, queries, path parameters and patches, with the field named in every
//! refusal.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::problem::{Kind, Problem};

/// The largest JSON body, in bytes. The largest thing in one is a voice agent's definition.
pub(super) const BODY_BYTES_MAX: usize = 1024 * 1024;

/// A JSON body that is a `T`.
pub(super) struct Body<T>(pub T);

/// A JSON body that changes some fields of a `T` (RFC 7396): `null` takes a field away.
pub(super) struct Patch {
    changes: Value,
    replaced: Option<&'static str>,
}

/// A query that is a `T`.
pub(super) struct Ask<T>(pub T);

/// The number at the end of a path. What is no number names nothing.
pub(super) struct PathId(pub i64);

/// The numbers of a thing and of a part of it, in a path. What are no numbers names nothing.
pub(super) struct PathIds(pub i64, pub i64);

/// The text at the end of a path, 1 to 128 characters. A longer one names nothing.
pub(super) struct PathText(pub String);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = json_body(request, state).await?;
        let body = parse(bytes.as_ref())?;
        // A list fits a type whose fields may all be absent; it is no object all the same.
        if bytes.trim_ascii_start().starts_with(b"{") {
            return Ok(Self(body));
        }
        Err(Problem::new(Kind::Invalid, "the body must be an object"))
    }
}

impl<S: Send + Sync> FromRequest<S> for Patch {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let patch: Value = parse(json_body(request, state).await?.as_ref())?;
        if patch.is_object() {
            return Ok(Self {
                changes: patch,
                replaced: None,
            });
        }
        Err(Problem::new(Kind::Invalid, "the body must be an object"))
    }
}

impl Patch {
    /// Has this field replaced as a whole, where it is named at all, instead of merged.
    pub(super) fn replacing(self, field: &'static str) -> Self {
        Self {
            replaced: Some(field),
            ..self
        }
    }

    /// What `present` becomes by this patch, checked as a whole.
    pub(super) fn onto<T: Serialize + DeserializeOwned>(self, present: &T) -> Result<T, Problem> {
        let mut whole = serde_json::to_value(present).expect("bodies hold no odd map keys");
        let replaced = self
            .replaced
            .filter(|field| self.changes.get(field).is_some());
        if let (Some(field), Value::Object(fields)) = (replaced, &mut whole) {
            fields.remove(field);
        }
        merge(&mut whole, self.changes);
        from_value(whole)
    }
}

/// RFC 7396 section 2. The depth of `patch` is bounded by the parser.
fn merge(target: &mut Value, patch: Value) {
    match (target, patch) {
        (Value::Object(fields), Value::Object(changes)) => {
            for (name, change) in changes {
                if change.is_null() {
                    fields.remove(&name);
                } else {
                    merge(fields.entry(name).or_insert(Value::Null), change);
                }
            }
        }
        (target, Value::Object(changes)) => {
            *target = Value::Object(serde_json::Map::new());
            merge(target, Value::Object(changes));
        }
        (target, patch) => *target = patch,
    }
}

async fn json_body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    if !is_json(request.headers()) {
        let detail = "the body must be sent as application/json";
        return Err(Problem::new(Kind::UnsupportedMedia, detail));
    }
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                let detail = "the body has more bytes than are taken here";
                return Problem::new(Kind::TooLarge, detail);
            }
            Problem::new(Kind::Malformed, "the body ended early")
        })
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(sent) = headers
        .get(header::CONTENT_TYPE)
        .and_then(|sent| sent.to_str().ok())
    else {
        return false;
    };
    let kind = sent.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
        || kind.eq_ignore_ascii_case("application/merge-patch+json")
}

/// Parses JSON text.
pub(super) fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value: Result<T, _> = serde_path_to_error::deserialize(&mut deserializer);
    match value {
        Ok(value) => deserializer
            .end()
            .map(|()| value)
            .map_err(|error| malformed(&error)),
        Err(error) if error.inner().is_data() => {
            Err(wrong(error.path().to_string(), error.inner()))
        }
        Err(error) => Err(malformed(error.inner())),
    }
}

fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value)
        .map_err(|error| wrong(error.path().to_string(), error.inner()))
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::new(Kind::Malformed, format!("the body is no JSON: {error}"))
}

/// The problem of a field: serde tells of missing and unknown fields at the path of the object
/// that lacks or holds them.
fn wrong(path: String, error: &impl std::fmt::Display) -> Problem {
    let text = error.to_string();
    let why = text.split(" at line ").next().unwrap_or(&text);
    let path = if path == "." { String::new() } else { path };
    let named = ["missing field `", "unknown field `"]
        .iter()
        .find_map(|start| why.strip_prefix(start)?.split('`').next());
    let field = match named {
        Some(name) if path.is_empty() => name.to_owned(),
        Some(name) if path != name && !path.ends_with(&format!(".{name}")) => {
            format!("{path}.{name}")
        }
        Some(_) | None => path,
    };
    Problem {
        field: (!field.is_empty()).then_some(field),
        ..Problem::new(Kind::Invalid, why)
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Ask<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs))
            .map(Self)
            .map_err(|error| wrong(error.path().to_string(), error.inner()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(id) = Path::<i64>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found("id"))?;
        Ok(Self(id))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathIds {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((id, part)) = Path::<(i64, i64)>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found("id"))?;
        Ok(Self(id, part))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathText {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found("id"))?;
        if text.is_empty() || text.chars().count() > 128 || text.chars().any(char::is_control) {
            return Err(Problem::not_found("id"));
        }
        Ok(Self(text))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_refusal_names_its_field() {
        for (json, field) in [
            (r#"{"name":"a"}"#, Some("rules")),
            (r#"{"name":5,"rules":[]}"#, Some("name")),
            (r#"{"name":"a","rules":[],"x":1}"#, Some("x")),
            (
                r#"{"name":"a","rules":[{"strip":1},{"strip":"a"}]}"#,
                Some("rules[1].strip"),
            ),
            (r#"{"name":"a","rules":[{}]}"#, Some("rules[0].strip")),
            (
                r#"{"name":"a","rules":[{"strip":1,"y":1}]}"#,
                Some("rules[0].y"),
            ),
            ("5", None),
        ] {
            let problem = parse::<Example>(json.as_bytes()).map(|_| ()).unwrap_err();
            assert_eq!(problem.kind, Kind::Invalid, "{json}");
            assert_eq!(
                problem.field.as_deref(),
                field,
                "{json}: {}",
                problem.detail
            );
        }
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        for json in ["", "{", r#"{"name":"a","rules":[]} x"#, "\u{1}"] {
            let problem = parse::<Example>(json.as_bytes()).map(|_| ()).unwrap_err();
            assert_eq!(problem.kind, Kind::Malformed, "{json}");
        }
        let deep = "[".repeat(100_000);
        assert!(parse::<Value>(deep.as_bytes()).is_err());
    }

    #[test]
    fn a_patch_changes_what_it_names_and_null_takes_away() {
        let present = json!({"name": "a", "auth": {"user": "u", "password": "p"}, "note": "n"});
        let patch = patch(json!({"auth": {"password": "q"}, "note": null}));
        let changed: Value = patch.onto(&present).unwrap();
        assert_eq!(
            changed,
            json!({"name": "a", "auth": {"user": "u", "password": "q"}})
        );
    }

    #[test]
    fn a_field_that_is_replaced_keeps_nothing_of_its_own() {
        let present = json!({"auth": {"user": "u", "password": "p"}});
        let changed: Value = patch(json!({"auth": {"user": "v"}}))
            .replacing("auth")
            .onto(&present)
            .unwrap();
        assert_eq!(changed, json!({"auth": {"user": "v"}}));
    }

    fn patch(changes: Value) -> Patch {
        Patch {
            changes,
            replaced: None,
        }
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Example {
        #[serde(rename = "name")]
        _name: String,
        #[serde(rename = "rules")]
        _rules: Vec<Rule>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Rule {
        #[serde(rename = "strip")]
        _strip: u8,
    }
}
