//! Why a speech service has no answer.

use std::time::Duration;

use serde_json::Value;

use crate::port::{RecognizerFault, SpeakerFault};

/// The longest error body that is read, in bytes.
const ERROR_BYTES_MAX: usize = 16 * 1024;

/// The longest reason that is kept, in characters.
const WHY_CHARS_MAX: usize = 300;

/// Why a speech service has no answer. The texts are for the log; they hold no addresses and no
/// keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ServiceFailure {
    /// No connection.
    #[error("not reached: {0}")]
    Unreachable(String),
    /// Connected, and nothing came.
    #[error("nothing within {0:?}")]
    Late(Duration),
    /// It does not want to, by an HTTP status or a code of its own.
    #[error("refused with {status}: {why}")]
    Refused {
        /// The status or code.
        status: String,
        /// In its own words.
        why: String,
    },
    /// The answer broke off.
    #[error("broke off: {0}")]
    Broken(String),
    /// What it says is not understood.
    #[error("cannot be read: {0}")]
    Unreadable(String),
}

impl ServiceFailure {
    /// From an error of the HTTP client.
    pub fn of_client(error: &reqwest::Error) -> Self {
        Self::Unreachable(short(&crate::thinker::cause(error)))
    }

    /// From a code that the service names itself.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "called with words and numbers"
    )]
    pub fn refused(status: impl ToString, why: &str) -> Self {
        Self::Refused {
            status: status.to_string(),
            why: short(why),
        }
    }

    /// In the words of the speaker's port.
    pub fn of_speaker(self, engine: &'static str) -> SpeakerFault {
        match self {
            Self::Late(waited) => SpeakerFault::TimedOut { waited },
            other => SpeakerFault::Failed {
                engine,
                detail: other.to_string(),
            },
        }
    }

    /// In the words of the recognizer's port.
    pub fn of_recognizer(self, engine: &'static str) -> RecognizerFault {
        match self {
            Self::Late(waited) => RecognizerFault::TimedOut { waited },
            other => RecognizerFault::Failed {
                engine,
                detail: other.to_string(),
            },
        }
    }
}

/// A response that is a success, or the failure that it tells of.
pub(crate) async fn accepted(
    response: reqwest::Response,
) -> Result<reqwest::Response, ServiceFailure> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    Err(told(response, status.as_u16().to_string()).await)
}

/// The failure that a body tells of.
/// Whoever waits for it sets the deadline.
pub(crate) async fn told(mut response: reqwest::Response, status: String) -> ServiceFailure {
    let mut body = Vec::new();
    while let Ok(Some(piece)) = response.chunk().await {
        body.extend_from_slice(&piece);
        if body.len() > ERROR_BYTES_MAX {
            break;
        }
    }
    let value: Value = serde_json::from_slice(&body).unwrap_or_default();
    let words = [
        &value["error"]["message"],
        &value["error"],
        &value["message"],
        &value["detail"],
        &value["base_resp"]["status_msg"],
    ];
    let why = words.iter().find_map(|words| words.as_str());
    let why = why.map_or_else(
        || String::from_utf8_lossy(&body).into_owned(),
        ToOwned::to_owned,
    );
    let status = match value["error"]["code"].as_str() {
        Some(code) => format!("{status} {}", short(code)),
        None => status,
    };
    ServiceFailure::refused(status, &why)
}

/// One line of limited length, without control characters.
pub(crate) fn short(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .filter(|c| !c.is_control())
        .take(WHY_CHARS_MAX)
        .collect()
}
