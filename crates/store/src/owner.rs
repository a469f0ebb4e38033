//! Which process runs calls on a database: one at a time.
//!
//! A start closes the calls that the last run left open. Two centres on one database would close
//! each other's, so the second must not start. Looking at the same database beside a running
//! centre (a doctor, a backup) needs no ownership.
//!
//! # Invariants
//!
//! - Ownership ends with the process, however that dies: it is a lock of the kernel (SQLite) or of
//!   the server's session (PostgreSQL), never a row that outlives its owner.

use std::{
    fs::{File, TryLockError},
    io::{Read as _, Write as _},
    path::Path,
    time::{Duration, Instant},
};

use sqlx::{AnyConnection, Connection as _};

use crate::{
    Database, Store, StoreError,
    dialect::Dialect,
    statement::{Columns as _, sql, timed},
};

/// Longest wait for the last owner to be gone: PostgreSQL ends a session some time after its
/// process has died.
const OWN_WAIT: Duration = Duration::from_secs(5);

/// Pause between attempts to become owner, and to reach a database that is away.
const OWN_PAUSE: Duration = Duration::from_millis(200);

/// How often an owner makes sure that it still is.
const CHECK_EVERY: Duration = Duration::from_secs(1);

/// The right to run calls on a database; given back when it is dropped.
pub struct Owner {
    store: Store,
    held: Held,
}

enum Held {
    /// SQLite: the lock of a file beside the database.
    File { _lock: File },
    /// PostgreSQL: an advisory lock of this session.
    Session(Box<AnyConnection>),
}

impl Store {
    /// Becomes the one process that runs calls on `database`, which this store has open.
    ///
    /// # Errors
    ///
    /// Gives [`StoreError::InUse`] while another process is, with what is known of it.
    pub async fn own(&self, database: &Database) -> Result<Owner, StoreError> {
        let held = match database {
            Database::Sqlite { path } => Held::File {
                _lock: lock_beside(path)?,
            },
            Database::Postgres { .. } => Held::Session(Box::new(self.lock_session().await?)),
        };
        Ok(Owner {
            store: self.clone(),
            held,
        })
    }

    /// A session that holds the lock; waits up to [`OWN_WAIT`] for it.
    async fn lock_session(&self) -> Result<AnyConnection, StoreError> {
        let mut session = self.connection_beside().await?;
        timed(sqlx::raw_sql(Dialect::OWNER_SETUP).execute(&mut session)).await?;
        sql("SELECT set_config('application_name', $1, false)")
            .bind(format!("switchboard, process {}", std::process::id()))
            .rows(&mut session)
            .await?;
        let deadline = Instant::now() + OWN_WAIT;
        while sql(Dialect::OWN).number(&mut session).await? == 0 {
            if Instant::now() >= deadline {
                let owner = sql(Dialect::OWNER).row(&mut session).await?;
                let by = owner.map_or(Ok("another server".to_owned()), |row| row.text("owner"))?;
                timed(session.close()).await?;
                return Err(StoreError::InUse { by });
            }
            tokio::time::sleep(OWN_PAUSE).await;
        }
        Ok(session)
    }
}

impl Owner {
    /// Makes sure for as long as it is awaited that ownership holds, and takes it again after
    /// PostgreSQL was away. Gives [`StoreError::InUse`] when somebody else took it meanwhile:
    /// whoever runs calls must stop then.
    pub async fn lost(&mut self) -> StoreError {
        loop {
            let Held::Session(session) = &mut self.held else {
                return std::future::pending().await;
            };
            tokio::time::sleep(CHECK_EVERY).await;
            if sql("SELECT 1").rows(session).await.is_ok() {
                continue;
            }
            match take_again(&self.store).await {
                Ok(session) => self.held = Held::Session(Box::new(session)),
                Err(why) => return why,
            }
        }
    }
}

/// Waits for a database that is away, however long: calls go on meanwhile.
async fn take_again(store: &Store) -> Result<AnyConnection, StoreError> {
    loop {
        match store.lock_session().await {
            Ok(session) => return Ok(session),
            Err(why @ StoreError::InUse { .. }) => return Err(why),
            Err(error) => {
                tracing::warn!(%error, "the database is away; ownership of it is not certain");
            }
        }
        tokio::time::sleep(OWN_PAUSE).await;
    }
}

/// Two data folders may name one file.
fn lock_beside(database: &Path) -> Result<File, StoreError> {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    let unavailable = |error: std::io::Error| StoreError::Unavailable {
        why: format!("{}: {error}", Path::new(&name).display()),
        source: None,
    };
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    let mut file = options.open(&name).map_err(unavailable)?;
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0).map_err(unavailable)?;
            file.write_all(std::process::id().to_string().as_bytes())
                .map_err(unavailable)?;
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => {
            let mut process = String::new();
            file.read_to_string(&mut process).map_err(unavailable)?;
            Err(StoreError::InUse {
                by: format!("process {process}"),
            })
        }
        Err(TryLockError::Error(error)) => Err(unavailable(error)),
    }
}
