//! Conversations by text: commands in, events out.
//!
//! [`Chats`] keeps the machines of conversations that are talked in, one writer for each, and gives
//! an answer away only once its events are stored. What a conversation waits for beside its
//! customer (an answer of our bot, the tenant's server, a person) is done by tasks that a restart
//! starts again, as it is read from the conversation itself.
//!
//! # Invariants
//!
//! - What was acknowledged is in the journal; what is seen live was stored before.
//! - Live events come in the order of the journal, and each once; who missed some reads them there.
//! - At most [`LIVE_MAX`] conversations are in memory, and at most [`PENDING_MAX`] steps wait for
//!   the database.

mod absent;
mod assigning;
mod bot;
mod desk;
mod feeds;
mod files;
mod followup;
mod pushes;
mod routing;
mod settings;
mod start;
mod told;
mod writer;

pub use assigning::staffed;
pub use desk::{Chats, LIVE_MAX, Outcome};
pub use feeds::{Feed, Reading, Subscription};
pub use files::{FILES_MAX, media_type};
pub use settings::fresh_secret;
pub use start::{Begun, NewConversation};
pub use told::{ChatTold, RoutingAnswer};
pub use writer::PENDING_MAX;

pub(crate) use desk::ChatParts;

pub use engine::chat::{Input, Refused, stream::Closed};

/// Why a command is not done; nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum ChatFault {
    /// The tenant does not chat.
    #[error("chat is off for this instance")]
    Off,
    /// There is no such thing, or not of this tenant.
    #[error("{what} not found")]
    NotFound {
        /// `conversation`, `message` …
        what: &'static str,
    },
    /// The conversation does not allow it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Something that was given is not usable.
    #[error("invalid `{field}`: {why}")]
    Invalid {
        /// Which.
        field: &'static str,
        /// What is wrong.
        why: String,
    },
    /// More steps wait for the database than may, or the server stops.
    #[error("too much is waiting")]
    Busy,
    /// The database does not answer; the same may succeed later.
    #[error("failed to reach the database")]
    Store(#[source] store::StoreError),
    /// We are broken; the text is for the log only.
    #[error("internal fault")]
    Internal(#[source] anyhow::Error),
}

impl From<store::StoreError> for ChatFault {
    fn from(error: store::StoreError) -> Self {
        match error {
            store::StoreError::NotFound { what } => Self::NotFound { what },
            other => Self::Store(other),
        }
    }
}
