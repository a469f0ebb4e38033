//! What can go wrong in the store, sorted by who must act.

/// Why the store did not do what it was asked to. Nothing was changed, except perhaps where the
/// database became unavailable at the very end: read before you repeat.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The thing is not there, or belongs to another tenant.
    #[error("{what} not found")]
    NotFound {
        /// `voice agent`, `call` …
        what: &'static str,
    },
    /// The change contradicts what is stored: a name or number is taken, a version has moved on,
    /// a thing is in use.
    #[error("conflict: {what}")]
    Conflict {
        /// A sentence for people.
        what: String,
    },
    /// The call has ended; only recordings may follow.
    #[error("call has ended")]
    CallEnded,
    /// Others hold the database; the same request may succeed when repeated.
    #[error("database is busy")]
    Busy(#[source] sqlx::Error),
    /// The database cannot be reached or cannot write: server gone, disk full, deadline passed.
    #[error("database is unavailable: {why}")]
    Unavailable {
        /// What failed, without secrets.
        why: String,
        /// The cause, if the database named one.
        #[source]
        source: Option<sqlx::Error>,
    },
    /// What is stored cannot be read back: a damaged file, or a row that we did not write.
    #[error("stored {what} cannot be read")]
    Corrupt {
        /// Table or document.
        what: &'static str,
        /// The cause, if there is one.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The secrets in this database were sealed with another key.
    #[error("seal key does not open the secrets of this database")]
    WrongSealKey,
    /// The seal key is malformed, or its file cannot be used.
    #[error("seal key: {why}")]
    SealKey {
        /// What is wrong with it; never the key.
        why: String,
    },
    /// The database was written by a newer version of the program.
    #[error("database schema {found} is newer than {known}, the newest this version knows")]
    NewerSchema {
        /// Version in the database.
        found: i64,
        /// Newest version that we know.
        known: i64,
    },
    /// Another process runs calls on this database.
    #[error("database is in use by {by}")]
    InUse {
        /// What is known of it, for people.
        by: String,
    },
    /// The address of the database is malformed.
    #[error("database address: {why}")]
    Address {
        /// What is wrong with it.
        why: String,
    },
    /// The request cannot be stored as it is: the caller broke a rule of this interface.
    #[error("invalid request to the store: {why}")]
    Misuse {
        /// Which rule.
        why: &'static str,
    },
    /// A statement was refused: we are broken.
    #[error("statement failed")]
    Statement(#[source] sqlx::Error),
}

impl StoreError {
    /// Whether the same request may succeed later without anybody changing it.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Busy(_) | Self::Unavailable { .. } => true,
            Self::NotFound { .. }
            | Self::Conflict { .. }
            | Self::CallEnded
            | Self::Corrupt { .. }
            | Self::WrongSealKey
            | Self::SealKey { .. }
            | Self::NewerSchema { .. }
            | Self::InUse { .. }
            | Self::Address { .. }
            | Self::Misuse { .. }
            | Self::Statement(_) => false,
        }
    }
}
