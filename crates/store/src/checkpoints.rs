//! Brings what the log of SQLite holds into the database, beside whoever writes.
//!
//! Left alone, the writer does so itself whenever the log has grown by 1,000 pages, which is every few dozen
//! calls, and the call whose turn it is waits for the disk twice. A connection of its own makes nobody wait,
//! and writes a page that has changed ten times once.
//!
//! # Invariants
//!
//! - Before a page is brought in, the log is on the disk: where all of it has been, every transaction that
//!   ended before survives a power cut.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{AnyConnection, Connection as _};
use tokio::{
    sync::Notify,
    task::JoinHandle,
    time::{self, MissedTickBehavior, interval_at},
};

use crate::{
    StoreError,
    database::Pools,
    dialect::Dialect,
    statement::{Columns as _, sql, timed},
};

/// Less than [`SYNC_EVERY`](crate::store::SYNC_EVERY), after which a writer waits for the disk itself.
const EVERY: Duration = Duration::from_millis(700);

/// What is written during one look is left for the next, which has less of it. Where nothing is left, the
/// log begins anew with the next write.
const LOOKS_MAX: usize = 3;

/// The task that does it; it ends with this.
pub(crate) struct Checkpoints {
    stop: Arc<Notify>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Checkpoints {
    /// Begins to, and notes since when all survives a power cut; PostgreSQL does so itself.
    pub fn start(pools: &Pools, synced_at: &Arc<Mutex<Instant>>) -> Option<Self> {
        match pools.dialect {
            Dialect::Sqlite => {}
            Dialect::Postgres => return None,
        }
        let stop = Arc::new(Notify::new());
        let run = run(pools.clone(), Arc::clone(synced_at), Arc::clone(&stop));
        let task = tokio::spawn(run);
        Some(Self {
            stop,
            task: Mutex::new(Some(task)),
        })
    }

    /// Ends it and closes its connection: the last to close has the log brought in, and removes it.
    pub async fn close(&self) {
        self.stop.notify_one();
        if let Some(task) = self.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the log of the database was not looked after");
        }
    }

    fn take(&self) -> Option<JoinHandle<()>> {
        let mut task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        task.take()
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        if let Some(task) = self.take() {
            task.abort();
        }
    }
}

async fn run(pools: Pools, synced_at: Arc<Mutex<Instant>>, stop: Arc<Notify>) {
    let mut connection = None;
    let mut is_failing = false;
    let mut clock = interval_at(time::Instant::now() + EVERY, EVERY);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = clock.tick() => {}
            () = stop.notified() => break,
        }
        let began = Instant::now();
        match look(&pools, &mut connection).await {
            Ok(is_whole) => {
                if is_whole {
                    let mut synced_at = synced_at.lock().unwrap_or_else(PoisonError::into_inner);
                    *synced_at = began.max(*synced_at);
                }
                if std::mem::take(&mut is_failing) {
                    tracing::info!("the log of the database is brought in again");
                }
            }
            Err(error) => {
                connection = None;
                if !std::mem::replace(&mut is_failing, true) {
                    tracing::warn!(%error, "the log of the database grows, as it cannot be brought in");
                }
            }
        }
    }
    if let Some(open) = connection
        && let Err(error) = timed(open.close()).await
    {
        tracing::warn!(%error, "a connection to the database could not be closed");
    }
}

/// Brings in what there is, on a connection that is made if there is none; whether nothing is left.
async fn look(pools: &Pools, connection: &mut Option<AnyConnection>) -> Result<bool, StoreError> {
    let open = match connection {
        Some(open) => open,
        None => connection.insert(pools.connection().await?),
    };
    for _ in 0..LOOKS_MAX {
        let Some(row) = sql("PRAGMA wal_checkpoint(PASSIVE)").row(open).await? else {
            return Ok(false);
        };
        // While somebody else brings it in, SQLite says that it is busy, and -1 of both.
        let log = row.int("log")?;
        if !row.flag("busy")? && log >= 0 && row.int("checkpointed")? == log {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use crate::{Database, SealKey, Store};

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_log_that_was_brought_in_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("centre.db");
        let log = folder.path().join("centre.db-wal");
        let key = SealKey::from_bytes([7; 32]);
        let database = Database::Sqlite { path };
        let store = Store::open(database.clone(), key).await.unwrap();
        let pools = Pools::open(&database).await.unwrap();
        let mut connection = None;
        let mut len_max = 0;
        // 12 MB each: more than SQLite would let the log grow to.
        for n in 0..3 {
            let value = char::from(b'a' + n).to_string().repeat(12_000_000);
            store.set_setting("large", &value).await.unwrap();
            len_max = len_max.max(log.metadata().unwrap().len());
            assert!(look(&pools, &mut connection).await.unwrap());
        }
        assert!((12_000_000..25_000_000).contains(&len_max), "{len_max}");
        connection.unwrap().close().await.unwrap();
        pools.readers.close().await;
        pools.writers.close().await;
        store.close().await;
        assert!(!log.exists(), "the last to close has removed it");
    }
}
