//! What every call asks for and few write, kept in memory.
//!
//! # Invariants
//!
//! - Whoever changed it and has been told so finds the change.
//! - What is kept is read again after [`FRESH_MAX`], whatever happened: a change whose answer was lost
//!   may have taken effect.

use std::{
    future::Future,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{StoreError, at_hand::Tx, store::commit};

/// Longest time for which what was read is given without another look.
const FRESH_MAX: Duration = Duration::from_secs(5);

/// What was read last.
pub(crate) struct Known<T> {
    n_changes: AtomicU64,
    kept: Mutex<Option<Kept<T>>>,
}

struct Kept<T> {
    n_changes: u64,
    read_at: Instant,
    what: Arc<T>,
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self {
            n_changes: AtomicU64::new(0),
            kept: Mutex::new(None),
        }
    }
}

impl<T> Known<T> {
    /// What there is, from memory while nothing has changed it.
    ///
    /// # Errors
    /// Those of `read`, where it must be read.
    pub async fn or_read(
        &self,
        read: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<Arc<T>, StoreError> {
        // Counted before it is read: a change in between makes what was read old at once.
        let n_changes = self.n_changes.load(Ordering::Acquire);
        if let Some(what) = self.kept(n_changes) {
            return Ok(what);
        }
        let read_at = Instant::now();
        let what = Arc::new(read.await?);
        let kept = Kept {
            n_changes,
            read_at,
            what: Arc::clone(&what),
        };
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        Ok(what)
    }

    /// Makes a change of it durable.
    pub async fn commit(&self, tx: Tx) -> Result<(), StoreError> {
        // Also where the answer was lost: it may have taken effect.
        let done = commit(tx).await;
        self.n_changes.fetch_add(1, Ordering::AcqRel);
        done
    }

    fn kept(&self, n_changes: u64) -> Option<Arc<T>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.as_ref()?;
        let is_fresh = kept.n_changes == n_changes && kept.read_at.elapsed() < FRESH_MAX;
        is_fresh.then(|| Arc::clone(&kept.what))
    }
}
