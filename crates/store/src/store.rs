//! The store itself: opening, closing and backing up.

use std::path::Path;

use crate::{Database, SealKey, StoreError};

/// The centre's memory. Cheap to clone; clones share connections.
#[derive(Clone)]
pub struct Store {}

impl Store {
    /// Opens the database, creates or upgrades its schema, and proves that `key` fits.
    pub async fn open(_database: Database, _key: SealKey) -> Result<Self, StoreError> {
        todo!()
    }

    /// Whether the database answers and can write, for health checks.
    pub async fn check(&self) -> Result<(), StoreError> {
        todo!()
    }

    /// Writes a consistent copy to `path`, which must not exist. SQLite only: a PostgreSQL
    /// server has tools of its own, and gives [`StoreError::Misuse`].
    pub async fn backup_to(&self, _path: &Path) -> Result<(), StoreError> {
        todo!()
    }

    /// Closes all connections; later requests give [`StoreError::Unavailable`].
    pub async fn close(&self) {
        todo!()
    }
}
