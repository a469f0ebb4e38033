//! One deadline for each owner, and the earliest of all.

use std::{
    collections::{BTreeSet, HashMap},
    hash::Hash,
    time::Instant,
};

/// An instant and the name of what is due then.
pub(crate) type Deadline = (Instant, &'static str);

/// The deadlines of many owners; each owner has one at most.
#[derive(Debug)]
pub(crate) struct Timers<K> {
    due: BTreeSet<(Instant, K, &'static str)>,
    of: HashMap<K, Deadline>,
}

impl<K: Copy + Ord + Hash> Timers<K> {
    pub fn new() -> Self {
        Self {
            due: BTreeSet::new(),
            of: HashMap::new(),
        }
    }

    /// Sets or clears the owner's deadline.
    pub fn set(&mut self, owner: K, deadline: Option<Deadline>) {
        let old = match deadline {
            Some(new) => self.of.insert(owner, new),
            None => self.of.remove(&owner),
        };
        if old == deadline {
            return;
        }
        if let Some((at, why)) = old {
            self.due.remove(&(at, owner, why));
        }
        if let Some((at, why)) = deadline {
            self.due.insert((at, owner, why));
        }
    }

    /// The earliest deadline.
    pub fn next(&self) -> Option<Deadline> {
        self.due.first().map(|&(at, _, why)| (at, why))
    }

    /// Takes one owner whose deadline has come.
    pub fn pop_due(&mut self, now: Instant) -> Option<K> {
        let &(at, owner, _) = self.due.first()?;
        if at > now {
            return None;
        }
        self.due.pop_first();
        self.of.remove(&owner);
        Some(owner)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::time::Duration;

    /// Where simulated time begins.
    #[expect(
        clippy::disallowed_methods,
        reason = "any instant will do to begin with"
    )]
    pub fn start() -> Instant {
        Instant::now()
    }

    #[test]
    fn an_owner_has_one_deadline() {
        let begin = start();
        let at = |s| begin + Duration::from_secs(s);
        let mut timers = Timers::new();
        timers.set(1, Some((at(1), "first")));
        timers.set(1, Some((at(3), "later")));
        timers.set(2, Some((at(2), "other")));
        timers.set(3, Some((at(1), "cleared")));
        timers.set(3, None);
        assert_eq!(timers.next(), Some((at(2), "other")));
        assert_eq!(timers.pop_due(at(1)), None);
        assert_eq!(timers.pop_due(at(5)), Some(2));
        assert_eq!(timers.pop_due(at(5)), Some(1));
        assert_eq!(timers.next(), None);
    }
}
