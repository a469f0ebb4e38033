//! Where the database is, and how it is reached.
//!
//! Both databases stand behind sqlx's `Any` driver: one SQL text, `$1` placeholders, and columns
//! of the two types that `Any` carries without loss, BIGINT and TEXT. What differs is in
//! [`dialect`](crate::dialect).

use std::{path::PathBuf, str::FromStr, time::Duration};

use sqlx::{AnyConnection, AnyPool, Connection as _, any::AnyPoolOptions};

use crate::{
    StoreError,
    at_hand::AtHand,
    dialect::Dialect,
    statement::{failed, timed},
};

/// Longest wait for a connection, the making of it included.
pub(crate) const ACQUIRE_MAX: Duration = Duration::from_secs(5);

/// Longest wait for one statement.
pub const DEADLINE: Duration = Duration::from_secs(8);

/// Connections that read beside the one that writes. SQLite only: each costs a thread and up to
/// 2 MB of page cache.
const SQLITE_READERS: u32 = 3;

/// Connections to a PostgreSQL server, whose default limit is 100 for all its clients.
const POSTGRES_CONNECTIONS: u32 = 8;

/// Where the database is.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A file of our own; created if absent, its folder must exist.
    Sqlite {
        /// The file; its name is UTF-8.
        path: PathBuf,
    },
    /// A PostgreSQL server, version 12 or later.
    Postgres {
        /// `postgres://user:password@host:port/database`.
        url: String,
    },
}

impl FromStr for Database {
    type Err = StoreError;

    /// Parses `postgres://…`, `postgresql://…`, `sqlite:<path>` or a bare path.
    fn from_str(text: &str) -> Result<Self, StoreError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres {
                url: text.to_owned(),
            });
        }
        let path = text
            .strip_prefix("sqlite://")
            .or_else(|| text.strip_prefix("sqlite:"))
            .unwrap_or(text);
        if path.is_empty() || path.contains("://") {
            return Err(StoreError::Address {
                why: "expected postgres://…, sqlite:<path> or a path".into(),
            });
        }
        Ok(Self::Sqlite { path: path.into() })
    }
}

/// The address may hold a password: a debug print shows the kind only.
impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite { path } => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres { .. } => f.debug_tuple("Postgres").finish_non_exhaustive(),
        }
    }
}

/// Open connections: some that read, some that write. On PostgreSQL they are the same.
#[derive(Clone)]
pub(crate) struct Pools {
    pub readers: AtHand,
    pub writers: AtHand,
    pub dialect: Dialect,
    url: String,
}

impl Pools {
    /// Connects once to learn whether the address is good, then as needed.
    pub async fn open(database: &Database) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let (dialect, url) = match database {
            Database::Sqlite { path } => (Dialect::Sqlite, sqlite_url(path)?),
            Database::Postgres { url } => (Dialect::Postgres, url.clone()),
        };
        // A pool repeats what fails until its time is up; a connection says what is wrong.
        let first = connection(dialect, &url).await?;
        timed(first.close()).await?;
        let at_hand = |connections_max, setup| {
            let pool = pool(connections_max, setup, &url)?;
            Ok::<_, StoreError>(AtHand::new(pool, dialect, connections_max))
        };
        let (readers, writers) = match dialect {
            Dialect::Sqlite => (
                at_hand(SQLITE_READERS, dialect.reader_setup())?,
                at_hand(1, dialect.writer_setup())?,
            ),
            Dialect::Postgres => {
                let both = at_hand(POSTGRES_CONNECTIONS, dialect.writer_setup())?;
                (both.clone(), both)
            }
        };
        Ok(Self {
            readers,
            writers,
            dialect,
            url,
        })
    }

    /// A connection beside the pools, for work that takes long.
    pub async fn connection(&self) -> Result<AnyConnection, StoreError> {
        connection(self.dialect, &self.url).await
    }
}

async fn connection(dialect: Dialect, url: &str) -> Result<AnyConnection, StoreError> {
    let connecting = tokio::time::timeout(ACQUIRE_MAX, AnyConnection::connect(url));
    let mut connection = match connecting.await {
        Ok(connected) => connected.map_err(failed)?,
        Err(_) => {
            return Err(StoreError::Unavailable {
                why: format!("no connection within {ACQUIRE_MAX:?}"),
                source: None,
            });
        }
    };
    timed(sqlx::raw_sql(dialect.writer_setup()).execute(&mut connection)).await?;
    Ok(connection)
}

fn pool(connections_max: u32, setup: &'static str, url: &str) -> Result<AnyPool, StoreError> {
    AnyPoolOptions::new()
        .max_connections(connections_max)
        .acquire_timeout(ACQUIRE_MAX)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                sqlx::raw_sql(setup).execute(connection).await?;
                Ok(())
            })
        })
        .connect_lazy(url)
        .map_err(failed)
}

/// The file as a URL, and the file itself, readable by its owner only.
fn sqlite_url(path: &std::path::Path) -> Result<String, StoreError> {
    use std::{fmt::Write as _, fs::OpenOptions, os::unix::fs::OpenOptionsExt as _};

    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| StoreError::Unavailable {
            why: format!("{}: {error}", path.display()),
            source: None,
        })?;
    let name = path.to_str().ok_or(StoreError::Address {
        why: "path is not UTF-8".into(),
    })?;
    let mut url = String::from("sqlite:");
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                url.push(byte.into());
            }
            _ => write!(url, "%{byte:02X}").expect("a String takes every write"),
        }
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_server_or_a_file() {
        let sqlite = |path: &str| Database::Sqlite { path: path.into() };
        for (text, database) in [
            ("data/centre.db", sqlite("data/centre.db")),
            ("sqlite:/var/lib/centre.db", sqlite("/var/lib/centre.db")),
            ("sqlite:///var/centre.db", sqlite("/var/centre.db")),
            (
                "postgres://u:p@db/centre",
                Database::Postgres {
                    url: "postgres://u:p@db/centre".into(),
                },
            ),
        ] {
            assert_eq!(text.parse::<Database>().unwrap(), database, "{text}");
        }
        for text in ["", "sqlite:", "mysql://db/centre"] {
            assert!(text.parse::<Database>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_debug_print_hides_the_password() {
        let database: Database = "postgres://u:secret@db/centre".parse().unwrap();
        assert!(!format!("{database:?}").contains("secret"));
    }
}
