//! What a use case answers when it does not do what was asked.

use model::Refusal;

/// Either the caller must change something, or we failed.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The caller must change something; nothing was changed here.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database does not answer or is full; the same request may succeed later.
    #[error("failed to reach the database")]
    Store(#[source] store::StoreError),
    /// We are broken; the text is for the log only.
    #[error("internal fault")]
    Internal(#[source] anyhow::Error),
}

impl From<store::StoreError> for Fault {
    fn from(error: store::StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<anyhow::Error> for Fault {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}
