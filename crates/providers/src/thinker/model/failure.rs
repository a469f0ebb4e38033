//! Why a back end has no answer.

use std::time::Duration;

/// Why a back end has no answer. The texts are for the journal; they hold no addresses and no keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ModelFailure {
    /// No connection, or nothing in time.
    #[error("not reached: {0}")]
    Unreachable(String),
    /// It has too much to do.
    #[error("busy: {why}")]
    Busy {
        /// In its own words.
        why: String,
        /// When it wants to be asked again, if it says so.
        retry_after: Option<Duration>,
    },
    /// It failed; it may succeed when asked again.
    #[error("failed with {status}: {why}")]
    Failed {
        /// HTTP status, or the one that it names itself.
        status: u16,
        /// In its own words.
        why: String,
    },
    /// It does not take the question: the settings are wrong.
    #[error("refused with {status}: {why}")]
    Refused {
        /// HTTP status, or the one that it names itself.
        status: u16,
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

/// The longest reason that is kept, in characters.
const WHY_CHARS_MAX: usize = 300;

impl ModelFailure {
    /// Whether the same question may be answered the next time.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Busy { .. } | Self::Failed { .. } | Self::Broken(_) => {
                true
            }
            Self::Refused { .. } | Self::Unreadable(_) => false,
        }
    }

    /// From an HTTP status that is no success, with what the body says.
    pub fn of_status(status: u16, why: &str, retry_after: Option<Duration>) -> Self {
        let why = short(why);
        match status {
            429 => Self::Busy { why, retry_after },
            500..=599 | 408 => Self::Failed { status, why },
            _ => Self::Refused { status, why },
        }
    }

    /// From an error of the client.
    pub fn of_client(error: &reqwest::Error) -> Self {
        Self::Unreachable(short(&super::super::dialogue::cause(error)))
    }
}

/// One line of limited length, without control characters.
pub(super) fn short(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .filter(|c| !c.is_control())
        .take(WHY_CHARS_MAX)
        .collect()
}
