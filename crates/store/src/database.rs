//! Where the database is.

use std::{path::PathBuf, time::Duration};

use crate::StoreError;

/// Longest that one request to the store may take, waiting included.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// Where the database is.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A file of our own; created if absent, its folder must exist.
    Sqlite {
        /// The file.
        path: PathBuf,
    },
    /// A PostgreSQL server, version 12 or later.
    Postgres {
        /// `postgres://user:password@host:port/database`.
        url: String,
    },
}

impl std::str::FromStr for Database {
    type Err = StoreError;

    /// Parses `postgres://…`, `postgresql://…`, `sqlite:<path>` or a bare path.
    fn from_str(_text: &str) -> Result<Self, StoreError> {
        todo!()
    }
}
