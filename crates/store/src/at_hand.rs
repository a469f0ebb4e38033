//! Connections at hand, and the transactions on them.
//!
//! The driver's pool tests a connection each time it is taken and each time it comes back. A server
//! far away may have gone in between, and there it stays so. SQLite has no network: each test is a
//! way to the thread of the connection and back, which costs more than what most statements do. There a
//! connection is used again at once, and tested by the pool once in [`TEST_EVERY`].
//!
//! Invariant: a connection that comes back is not within a transaction.

use std::{
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{Any, AnyConnection, AnyPool, pool::PoolConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    StoreError,
    database::ACQUIRE_MAX,
    dialect::{Dialect, Safety},
    statement::timed,
};

/// Longest time for which a connection is used without a test: for so long statements may fail on one
/// whose thread has died.
const TEST_EVERY: Duration = Duration::from_secs(1);

/// Connections of one kind. Cheap to clone; clones share them.
#[derive(Clone)]
pub(crate) struct AtHand {
    pool: AnyPool,
    dialect: Dialect,
    places: Arc<Semaphore>,
    /// `None` once it is closed.
    kept: Arc<Mutex<Option<Vec<Kept>>>>,
}

/// A connection between two uses.
struct Kept {
    connection: PoolConnection<Any>,
    tested_at: Instant,
    /// What its next transaction survives if nothing else is said; SQLite only.
    safety: Option<Safety>,
}

impl AtHand {
    /// Connections of a pool that has as many.
    pub fn new(pool: AnyPool, dialect: Dialect, connections_max: u32) -> Self {
        Self {
            pool,
            dialect,
            places: Arc::new(Semaphore::new(connections_max as usize)),
            kept: Arc::new(Mutex::new(Some(Vec::new()))),
        }
    }

    /// A connection, as soon as one is free.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if none is free within [`ACQUIRE_MAX`], or after [`AtHand::close`].
    pub async fn take(&self) -> Result<Taken, StoreError> {
        let unavailable = |why| StoreError::Unavailable { why, source: None };
        let place = Arc::clone(&self.places).acquire_owned();
        let place = match tokio::time::timeout(ACQUIRE_MAX, place).await {
            Ok(Ok(place)) => place,
            Ok(Err(_)) => return Err(unavailable("the store is closed".to_owned())),
            Err(_) => return Err(unavailable(format!("no connection within {ACQUIRE_MAX:?}"))),
        };
        let connection = match self.fresh() {
            Some(kept) => kept,
            None => Kept {
                connection: timed(self.pool.acquire()).await?,
                tested_at: Instant::now(),
                safety: None,
            },
        };
        Ok(Taken {
            connection: Some(connection),
            home: self.clone(),
            _place: place,
        })
    }

    /// One that was tested not long ago; others go back to the pool, which tests them.
    fn fresh(&self) -> Option<Kept> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.as_mut()?;
        kept.retain(|one| one.tested_at.elapsed() < TEST_EVERY);
        kept.pop()
    }

    /// Begins a transaction that writes; dropped without [`Tx::commit`], it changes nothing.
    pub async fn begin(&self, safety: Safety) -> Result<Tx, StoreError> {
        let mut tx = self.reserve(safety).await?;
        control(self.dialect, &mut tx, self.dialect.begin(safety)).await?;
        Ok(tx)
    }

    /// A connection on which the next statement begins a transaction that survives what it should.
    pub async fn reserve(&self, safety: Safety) -> Result<Tx, StoreError> {
        let mut taken = self.take().await?;
        if let Some(setup) = self.dialect.before_begin(safety)
            && taken.safety() != Some(safety)
        {
            taken.set_safety(None);
            timed(sqlx::raw_sql(setup).execute(&mut *taken)).await?;
            taken.set_safety(Some(safety));
        }
        Ok(Tx {
            taken: Some(taken),
            dialect: self.dialect,
        })
    }

    /// Lets no more be taken, and waits for those that are.
    pub async fn close(&self) {
        self.places.close();
        let kept = self
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        drop(kept);
        self.pool.close().await;
    }
}

/// A connection in use; it goes back when it is dropped.
pub(crate) struct Taken {
    connection: Option<Kept>,
    home: AtHand,
    _place: OwnedSemaphorePermit,
}

impl Taken {
    fn safety(&self) -> Option<Safety> {
        self.connection.as_ref().and_then(|kept| kept.safety)
    }

    fn set_safety(&mut self, safety: Option<Safety>) {
        if let Some(kept) = &mut self.connection {
            kept.safety = safety;
        }
    }

    /// Closes it instead of using it again.
    fn discard(mut self) {
        if let Some(mut kept) = self.connection.take() {
            kept.connection.close_on_drop();
        }
    }
}

impl Deref for Taken {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        let kept = self.connection.as_ref();
        &kept.expect("it is there until it is dropped").connection
    }
}

impl DerefMut for Taken {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        let kept = self.connection.as_mut();
        &mut kept.expect("it is there until it is dropped").connection
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let (Dialect::Sqlite, Some(connection)) = (self.home.dialect, self.connection.take())
        else {
            // The pool tests it.
            return;
        };
        let mut kept = self
            .home
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept.as_mut() {
            kept.push(connection);
        }
    }
}

/// A transaction, on a connection of its own.
pub(crate) struct Tx {
    /// `None` once it has ended.
    taken: Option<Taken>,
    dialect: Dialect,
}

impl Tx {
    /// Makes it durable. If this fails as unavailable, it may have taken effect.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        let dialect = self.dialect;
        control(dialect, &mut self, "COMMIT").await?;
        self.has_ended();
        Ok(())
    }

    /// A statement has made it durable.
    pub fn has_ended(mut self) {
        self.taken = None;
    }
}

impl Deref for Tx {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        self.taken.as_ref().expect("it goes on until it has ended")
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        self.taken.as_mut().expect("it goes on until it has ended")
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(mut taken) = self.taken.take() else {
            return;
        };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return taken.discard();
        };
        let dialect = self.dialect;
        runtime.spawn(async move {
            // Fails, too, where SQLite has taken it back by itself, as on a full disk.
            if control(dialect, &mut taken, "ROLLBACK").await.is_err() {
                taken.discard();
            }
        });
    }
}

/// Runs what begins or ends a transaction: kept prepared by SQLite, as one message to PostgreSQL.
async fn control(
    dialect: Dialect,
    connection: &mut AnyConnection,
    text: &'static str,
) -> Result<(), StoreError> {
    match dialect {
        Dialect::Sqlite => timed(sqlx::query(text).execute(connection)).await?,
        Dialect::Postgres => timed(sqlx::raw_sql(text).execute(connection)).await?,
    };
    Ok(())
}
