//! Errors on the wire: problem details as in RFC 9457.
//!
//! A handler returns a [`Problem`]; the outermost layer ([`super::envelope`]) writes its body,
//! because only there the id of the request is known. Answers of axum itself (no such route, wrong
//! method) become problems in the same place.

use app::{Fault, chat::ChatFault};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::Refusal;
use schemars::JsonSchema;
use serde::Serialize;
use store::StoreError;

/// What kind of thing went wrong. Each has its own `type` on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// The body is no JSON, or the query cannot be read.
    Malformed,
    /// No token, or one that is not known.
    Unauthorized,
    /// The token may not do this.
    Forbidden,
    /// No such route or thing, or one of another instance.
    NotFound,
    /// The route does not know the method.
    MethodNotAllowed,
    /// What was asked contradicts what is there.
    Conflict,
    /// A rule, a quota or a limit of the instance forbids it now.
    Refused,
    /// Somebody else changed it in between.
    VersionMismatch,
    /// The body is too large.
    TooLarge,
    /// The body is of a type that is not taken here.
    UnsupportedMedia,
    /// A field is missing, unknown or wrong.
    Invalid,
    /// What was asked for is not kept any more.
    Gone,
    /// Too many requests, or too many wrong tokens.
    TooMany,
    /// We are broken.
    Internal,
    /// The same request may succeed later.
    Unavailable,
    /// Set-up is not finished: only the set-up page answers.
    SetUpPending,
}

impl Kind {
    /// Every kind.
    pub(super) const ALL: [Self; 16] = [
        Self::Malformed,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::Refused,
        Self::VersionMismatch,
        Self::TooLarge,
        Self::UnsupportedMedia,
        Self::Invalid,
        Self::Gone,
        Self::TooMany,
        Self::Internal,
        Self::Unavailable,
        Self::SetUpPending,
    ];

    /// Status, last part of the `type`, and title.
    pub(super) fn row(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Malformed => (
                StatusCode::BAD_REQUEST,
                "malformed",
                "Request cannot be read",
            ),
            Self::Unauthorized => (
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "Nobody is signed in",
            ),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "Not allowed"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "Not found"),
            Self::MethodNotAllowed => (
                StatusCode::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "Method not allowed",
            ),
            Self::Conflict => (StatusCode::CONFLICT, "conflict", "In conflict"),
            Self::Refused => (
                StatusCode::CONFLICT,
                "refused",
                "Refused by a rule or limit",
            ),
            Self::VersionMismatch => (
                StatusCode::PRECONDITION_FAILED,
                "version-mismatch",
                "Changed in between",
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                "Body is too large",
            ),
            Self::UnsupportedMedia => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media",
                "Content type is not taken here",
            ),
            Self::Invalid => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid",
                "A field is wrong",
            ),
            Self::Gone => (StatusCode::GONE, "gone", "Not kept any more"),
            Self::TooMany => (
                StatusCode::TOO_MANY_REQUESTS,
                "too-many",
                "Too many requests",
            ),
            Self::Internal => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "Internal fault",
            ),
            Self::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "Not available at present",
            ),
            Self::SetUpPending => (
                StatusCode::SERVICE_UNAVAILABLE,
                "set-up-pending",
                "Set-up is not finished",
            ),
        }
    }

    fn of(status: StatusCode) -> Self {
        Self::ALL
            .into_iter()
            .find(|kind| kind.row().0 == status)
            .unwrap_or(if status.is_server_error() {
                Self::Internal
            } else {
                Self::Malformed
            })
    }
}

/// Why a request was not carried out; nothing was changed.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    pub kind: Kind,
    /// A sentence fragment for people, without secrets.
    pub detail: String,
    /// Which field, such as `prefix_rules[0].strip`.
    pub field: Option<String>,
    /// Seconds after which the same request may succeed.
    pub retry_after: Option<u32>,
    /// From which event to go on after loading everything anew.
    pub resume_after: Option<i64>,
}

/// Why a request was not carried out (RFC 9457). Nothing was changed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub(super) struct ProblemDocument<'a> {
    /// `urn:switchboard:problem:` and the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same for every problem of this type.
    pub title: &'a str,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong this time.
    pub detail: &'a str,
    /// Which field is wrong, such as `prefix_rules[0].strip`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'a str>,
    /// Of a stream of events: load what is shown anew, then stream after this number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resume_after: Option<i64>,
    /// Id of the request, as in the header `X-Request-Id`.
    pub request_id: &'a str,
}

impl Problem {
    pub(super) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            field: None,
            retry_after: None,
            resume_after: None,
        }
    }

    /// A field that is wrong.
    pub(super) fn invalid(field: &str, why: impl Into<String>) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..Self::new(Kind::Invalid, why)
        }
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(Kind::NotFound, format!("{what} not found"))
    }

    pub(super) fn retry_after(self, second: u32) -> Self {
        Self {
            retry_after: Some(second),
            ..self
        }
    }

    /// The problem that an answer of axum itself stands for.
    pub(super) fn of_status(status: StatusCode) -> Self {
        let kind = Kind::of(status);
        let detail = match kind {
            Kind::NotFound => "no such route",
            Kind::MethodNotAllowed => "the route does not know this method",
            Kind::Malformed
            | Kind::Unauthorized
            | Kind::Forbidden
            | Kind::Conflict
            | Kind::Refused
            | Kind::VersionMismatch
            | Kind::TooLarge
            | Kind::UnsupportedMedia
            | Kind::Invalid
            | Kind::Gone
            | Kind::TooMany
            | Kind::Internal
            | Kind::Unavailable
            | Kind::SetUpPending => kind.row().2,
        };
        Self::new(kind, detail)
    }

    /// The document on the wire.
    pub(super) fn document(&self, request_id: &str) -> Vec<u8> {
        let (status, name, title) = self.kind.row();
        let document = ProblemDocument {
            kind: format!("urn:switchboard:problem:{name}"),
            title,
            status: status.as_u16(),
            detail: &self.detail,
            field: self.field.as_deref(),
            resume_after: self.resume_after,
            request_id,
        };
        serde_json::to_vec(&document).expect("a problem holds texts and numbers only")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.kind.row().0.into_response();
        if let Some(second) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(second));
        }
        if self.kind == Kind::Unauthorized {
            let challenge = HeaderValue::from_static("Bearer realm=\"switchboard\"");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Refused(refusal) => refusal.into(),
            Fault::Store(error) => error.into(),
            Fault::Internal(error) => {
                tracing::error!(error = format!("{error:#}"), "request failed");
                Self::of_status(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }
}

impl From<ChatFault> for Problem {
    fn from(fault: ChatFault) -> Self {
        match fault {
            ChatFault::Off => Self::new(Kind::NotFound, "chat is off for this instance"),
            ChatFault::NotFound { what } => Self::not_found(what),
            ChatFault::Refused(refused) => Self::new(Kind::Conflict, refused.to_string()),
            ChatFault::Invalid { field, why } => Self::invalid(field, why),
            ChatFault::Busy => Self::new(Kind::Unavailable, "too much is waiting").retry_after(1),
            ChatFault::Store(error) => error.into(),
            ChatFault::Internal(error) => {
                tracing::error!(error = format!("{error:#}"), "request failed");
                Self::of_status(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::TenantNotFound(_)
            | Refusal::NotFound { .. }
            | Refusal::CallNotFound
            | Refusal::SoundNotFound(_) => Self::new(Kind::NotFound, detail),
            Refusal::CallNotControllable { .. } | Refusal::Conflict { .. } => {
                Self::new(Kind::Conflict, detail)
            }
            Refusal::NotPermitted => Self::new(Kind::Forbidden, detail),
            Refusal::Invalid { field, why } => Self::invalid(field, why),
            Refusal::NoCallerNumber { .. }
            | Refusal::RuleForbids { .. }
            | Refusal::CallQuotaExhausted
            | Refusal::AgentQuotaExhausted => Self::new(Kind::Refused, detail),
            Refusal::NoAgentSlot { .. } | Refusal::TrunkFailed { .. } | Refusal::Draining => {
                Self::new(Kind::Unavailable, detail).retry_after(5)
            }
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::NotFound { what } => Self::not_found(what),
            StoreError::Conflict { what } => Self::new(Kind::Conflict, what.as_str()),
            StoreError::CallEnded => Self::new(Kind::Conflict, "call has ended"),
            StoreError::Busy(_) | StoreError::Unavailable { .. } => {
                tracing::warn!(%error, "database does not answer");
                Self::new(Kind::Unavailable, "the database does not answer").retry_after(1)
            }
            StoreError::Corrupt { .. }
            | StoreError::WrongSealKey
            | StoreError::SealKey { .. }
            | StoreError::NewerSchema { .. }
            | StoreError::InUse { .. }
            | StoreError::Address { .. }
            | StoreError::Misuse { .. }
            | StoreError::Statement(_) => {
                tracing::error!(?error, "store failed");
                Self::of_status(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }
}
