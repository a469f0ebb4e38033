//! Credentials and instances that were looked up a moment ago.
//!
//! A conversation asks every few seconds; without this each question would read both from the
//! database. What is changed or withdrawn counts after [`FRESH`] at the latest. What is not there
//! is never remembered.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// How long a find is good.
pub(crate) const FRESH: Duration = Duration::from_secs(1);

/// Entries of one table; a full one begins anew.
const ENTRIES_MAX: usize = 10_000;

/// Finds of one kind.
pub(crate) struct Known<K, V>(Mutex<HashMap<K, (Instant, Arc<V>)>>);

impl<K: Eq + Hash, V> Known<K, V> {
    pub fn new() -> Self {
        Self(Mutex::default())
    }

    /// A find that is still good at `now`.
    pub fn recall(&self, key: &K, now: Instant) -> Option<Arc<V>> {
        let entries = self.entries();
        let (at, value) = entries.get(key)?;
        (now.saturating_duration_since(*at) < FRESH).then(|| Arc::clone(value))
    }

    /// Keeps a find.
    pub fn keep(&self, key: K, value: V, now: Instant) -> Arc<V> {
        let value = Arc::new(value);
        let mut entries = self.entries();
        if entries.len() >= ENTRIES_MAX {
            entries.clear();
        }
        entries.insert(key, (now, Arc::clone(&value)));
        value
    }

    /// Forgets a find that is known to be out of date.
    pub fn forget(&self, key: &K) {
        self.entries().remove(key);
    }

    fn entries(&self) -> std::sync::MutexGuard<'_, HashMap<K, (Instant, Arc<V>)>> {
        self.0
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_find_is_good_for_a_moment() {
        let (known, now) = (Known::new(), Instant::now());
        known.keep("key", 7, now);
        assert_eq!(known.recall(&"key", now + FRESH / 2).as_deref(), Some(&7));
        assert_eq!(known.recall(&"key", now + FRESH), None);
        assert_eq!(known.recall(&"other", now), None);
    }
}
