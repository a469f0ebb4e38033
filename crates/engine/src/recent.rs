//! A table that strangers can write to: bounded, it forgets what was used longest ago.

use std::{collections::BTreeMap, time::Instant};

/// A map of at most `n_max` entries. A new one that finds it full throws out the half that was
/// used longest ago, so that the price of throwing out is paid once for many entries.
#[derive(Debug)]
pub(crate) struct Recent<K, V> {
    entries: BTreeMap<K, (Instant, V)>,
    n_max: usize,
}

impl<K: Ord, V> Recent<K, V> {
    /// # Panics
    ///
    /// Panics if `n_max` is 0.
    pub(crate) fn new(n_max: usize) -> Self {
        assert!(n_max > 0, "a table needs room for one entry");
        Self {
            entries: BTreeMap::new(),
            n_max,
        }
    }

    /// The entry of `key`, made by `new` if it is not there; counts as used at `now`.
    pub(crate) fn used(&mut self, key: K, now: Instant, new: impl FnOnce() -> V) -> &mut V {
        if self.entries.len() >= self.n_max && !self.entries.contains_key(&key) {
            self.forget_older_half();
        }
        let (used, value) = self.entries.entry(key).or_insert_with(|| (now, new()));
        *used = now;
        value
    }

    /// The entry of `key`, which does not count as used.
    pub(crate) fn peek(&self, key: &K) -> Option<&V> {
        self.entries.get(key).map(|(_, value)| value)
    }

    pub(crate) fn remove(&mut self, key: &K) {
        self.entries.remove(key);
    }

    fn forget_older_half(&mut self) {
        let mut ages: Vec<Instant> = self.entries.values().map(|(used, _)| *used).collect();
        let mut n_to_go = ages.len().div_ceil(2);
        let (_, youngest_to_go, _) = ages.select_nth_unstable(n_to_go - 1);
        let youngest_to_go = *youngest_to_go;
        self.entries.retain(|_, (used, _)| {
            let goes = n_to_go > 0 && *used <= youngest_to_go;
            n_to_go -= usize::from(goes);
            !goes
        });
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_full_table_forgets_what_was_used_longest_ago() {
        let start = Instant::now();
        let mut table = Recent::new(4);
        for key in 0..4 {
            table.used(key, start + Duration::from_secs(key), || key);
        }
        table.used(0, start + Duration::from_secs(9), || 0);
        table.used(4, start + Duration::from_secs(10), || 4);

        let left: Vec<u64> = (0..5).filter(|key| table.peek(key).is_some()).collect();
        assert_eq!(left, [0, 3, 4]);
    }

    #[test]
    fn a_flood_at_one_instant_stays_within_bounds() {
        let now = Instant::now();
        let mut table = Recent::new(8);
        for key in 0..1000 {
            table.used(key, now, || ());
            assert!(table.entries.len() <= 8);
        }
        assert!(table.peek(&999).is_some(), "the newest is always there");
    }
}
