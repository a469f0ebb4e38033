//! The store itself: opening, closing, backing up, and the connections that all else uses.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use model::VoiceAgentId;
use sqlx::{AnyConnection, Connection as _};

use crate::{
    Database, SealKey, StoreError,
    at_hand::{AtHand, Taken, Tx},
    checkpoints::Checkpoints,
    database::Pools,
    dialect::{Dialect, Safety},
    known::Known,
    known_trunks::Trunks,
    schema,
    statement::{failed, sql, timed},
};

/// Name of the setting that proves a seal key.
const SEAL_PROOF: &str = "seal_proof";

/// Longest time for which events in the middle of calls may be safe from `kill -9` only.
pub(crate) const SYNC_EVERY: Duration = Duration::from_secs(1);

/// The centre's memory. Cheap to clone; clones share connections.
#[derive(Clone)]
pub struct Store {
    pools: Pools,
    checkpoints: Option<Arc<Checkpoints>>,
    /// All that ended before survives a power cut: when a transaction was last begun that makes it so, or the
    /// log was brought in.
    synced_at: Arc<Mutex<Instant>>,
    pub(crate) key: Arc<SealKey>,
    pub(crate) known_trunks: Arc<Known<Trunks>>,
    /// Voice agents that have their words from elsewhere.
    pub(crate) known_remote_robots: Arc<Known<BTreeSet<VoiceAgentId>>>,
}

impl Store {
    /// Opens the database, creates or upgrades its schema, and proves that `key` fits.
    pub async fn open(database: Database, key: SealKey) -> Result<Self, StoreError> {
        let pools = Pools::open(&database).await?;
        let mut store = Self {
            pools,
            checkpoints: None,
            synced_at: Arc::new(Mutex::new(Instant::now())),
            key: Arc::new(key),
            known_trunks: Arc::default(),
            known_remote_robots: Arc::default(),
        };
        let mut tx = store.begin().await?;
        schema::migrate(&mut tx, store.pools.dialect).await?;
        store.prove_key(&mut tx).await?;
        commit(tx).await?;
        store.checkpoints = Checkpoints::start(&store.pools, &store.synced_at).map(Arc::new);
        tracing::debug!(?database, "database is open");
        Ok(store)
    }

    /// Whether the database answers and can write, for health checks.
    pub async fn check(&self) -> Result<(), StoreError> {
        let mut tx = self.pools.writers.begin(Safety::Kill).await?;
        // SQLite writes nothing where nothing changes, and would succeed on a full disk.
        sql(
            "INSERT INTO setting (name, value) VALUES ('write_check', '0') \
             ON CONFLICT (name) DO UPDATE \
             SET value = CASE setting.value WHEN '0' THEN '1' ELSE '0' END",
        )
        .run(&mut tx)
        .await?;
        commit(tx).await
    }

    /// Writes a consistent copy to `path`, which must not exist. Takes as long as it takes.
    ///
    /// SQLite only: a PostgreSQL server has tools of its own, and gives [`StoreError::Misuse`].
    pub async fn backup_to(&self, path: &Path) -> Result<(), StoreError> {
        use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt as _};

        match self.pools.dialect {
            Dialect::Sqlite => {}
            Dialect::Postgres => {
                return Err(StoreError::Misuse {
                    why: "a PostgreSQL database is backed up with pg_dump",
                });
            }
        }
        let name = path.to_str().ok_or(StoreError::Misuse {
            why: "path of a backup is UTF-8",
        })?;
        // An empty file counts as absent for SQLite; ours is readable by its owner only.
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::AlreadyExists => StoreError::Conflict {
                    what: "a file with the name of the backup exists".into(),
                },
                _ => StoreError::Unavailable {
                    why: format!("{}: {error}", path.display()),
                    source: None,
                },
            })?;
        let mut connection = self.connection_beside().await?;
        sqlx::query("VACUUM INTO $1")
            .bind(name)
            .execute(&mut connection)
            .await
            .map_err(failed)?;
        timed(connection.close()).await
    }

    /// Closes all connections; later requests give [`StoreError::Unavailable`].
    pub async fn close(&self) {
        if let Some(checkpoints) = &self.checkpoints {
            checkpoints.close().await;
        }
        self.pools.readers.close().await;
        self.pools.writers.close().await;
    }

    /// A connection that only reads.
    pub(crate) async fn reader(&self) -> Result<Taken, StoreError> {
        self.pools.readers.take().await
    }

    /// Connections that write.
    pub(crate) fn writers(&self) -> &AtHand {
        &self.pools.writers
    }

    /// A transaction that writes and survives a power cut; dropped without [`commit`], it changes
    /// nothing.
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        self.pools.writers.begin(self.safety(false)).await
    }

    /// A transaction for what is many and small.
    pub(crate) async fn begin_small(&self) -> Result<Tx, StoreError> {
        self.pools.writers.begin(self.safety(true)).await
    }

    /// What a transaction that begins now survives. Of those that are small and begin within a second,
    /// one waits for the disk on behalf of all, unless [`checkpoints`](crate::checkpoints) have.
    pub(crate) fn safety(&self, is_small: bool) -> Safety {
        let mut synced_at = self
            .synced_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if is_small && synced_at.elapsed() < SYNC_EVERY {
            return Safety::Kill;
        }
        *synced_at = Instant::now();
        Safety::PowerCut
    }

    /// A connection of its own, that no pool gives away.
    pub(crate) async fn connection_beside(&self) -> Result<AnyConnection, StoreError> {
        self.pools.connection().await
    }

    /// Which database it is.
    pub(crate) fn dialect(&self) -> Dialect {
        self.pools.dialect
    }

    /// The first start leaves a sealed word behind; every later one must be able to open it.
    async fn prove_key(&self, tx: &mut AnyConnection) -> Result<(), StoreError> {
        let proof = sql("SELECT value FROM setting WHERE name = $1")
            .bind(SEAL_PROOF)
            .row(tx)
            .await?;
        if let Some(row) = proof {
            use crate::statement::Columns as _;
            return self.key.open(SEAL_PROOF, &row.text("value")?).map(|_| ());
        }
        sql("INSERT INTO setting (name, value) VALUES ($1, $2)")
            .bind(SEAL_PROOF)
            .bind(self.key.seal(SEAL_PROOF, "switchboard"))
            .run(tx)
            .await?;
        Ok(())
    }
}

/// Makes a transaction durable. If this fails as unavailable, it may have taken effect.
pub(crate) async fn commit(tx: Tx) -> Result<(), StoreError> {
    tx.commit().await
}

/// The next `n` numbers of a counter; gives the first. The row stays locked until the transaction
/// ends, so that numbers are used in the order in which they become visible.
pub(crate) async fn next_ids(
    tx: &mut AnyConnection,
    counter: &'static str,
    n: usize,
) -> Result<i64, StoreError> {
    let n = i64::try_from(n).expect("batches are small");
    let last = sql("UPDATE counter SET value = value + $1 WHERE name = $2 RETURNING value")
        .bind(n)
        .bind(counter)
        .number(tx)
        .await?;
    Ok(last - n + 1)
}

/// The next number of a counter.
pub(crate) async fn next_id(
    tx: &mut AnyConnection,
    counter: &'static str,
) -> Result<i64, StoreError> {
    next_ids(tx, counter, 1).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_disk_that_was_full_is_written_again_when_it_has_room() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("centre.db");
        let key = SealKey::from_bytes([7; 32]);
        let store = Store::open(Database::Sqlite { path }, key).await.unwrap();
        // Lasts as long as the connection, as a full disk lasts for a while.
        let mut writer = store.pools.writers.take().await.unwrap();
        let limit = sqlx::raw_sql("PRAGMA max_page_count = 150");
        limit.execute(&mut *writer).await.unwrap();
        drop(writer);
        let value = "x".repeat(100_000);
        let mut n_written = 0;
        let refused = loop {
            match store.set_setting(&n_written.to_string(), &value).await {
                Ok(()) => n_written += 1,
                Err(error) => break error,
            }
        };
        assert!(refused.is_transient(), "{refused:?}");
        assert!(n_written < 20, "the limit is felt");
        store.set_setting("after", &value).await.unwrap();
    }
}
