//! Calls that wait for somebody of a skill group, in the order in which they began to, how many
//! calls are bridged, and how many parties are in them beside.
//!
//! # Invariants
//!
//! - Whoever waits longest is served first.
//! - No more calls wait for one group than its rules allow.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use model::{CallId, SkillGroupId, TenantId};

use crate::queues::Queues;

/// Whose calls a queue holds; without a group, those for anybody.
type Key = (TenantId, Option<SkillGroupId>);

/// See the module.
#[derive(Clone, Default)]
pub struct Handovers {
    queues: Arc<Mutex<BTreeMap<Key, VecDeque<CallId>>>>,
    n_bridged: Arc<AtomicUsize>,
    n_parties: Arc<AtomicUsize>,
    visits: Queues,
}

/// A call's place in a queue; dropping it gives it up.
pub struct Place {
    handovers: Handovers,
    key: Key,
    call: CallId,
}

/// Counts a bridged call, or a further party of one, until this is dropped.
pub struct Bridged(Arc<AtomicUsize>);

impl Handovers {
    /// Puts a call behind those that wait, or in front of them if phones were rung for it `before` and
    /// nobody answered; `None` if `waiting_max` wait.
    pub fn queue(
        &self,
        tenant: TenantId,
        group: Option<SkillGroupId>,
        call: &CallId,
        (waiting_max, before): (usize, bool),
    ) -> Option<Place> {
        let key = (tenant, group);
        let mut queues = self.lock();
        let queue = queues.entry(key).or_default();
        if queue.len() >= waiting_max && !before {
            return None;
        }
        match before {
            true => queue.push_front(call.clone()),
            false => queue.push_back(call.clone()),
        }
        Some(Place {
            handovers: self.clone(),
            key,
            call: call.clone(),
        })
    }

    /// Calls that wait now.
    pub fn n_waiting(&self) -> usize {
        self.lock().values().map(VecDeque::len).sum()
    }

    /// How it goes for callers who came for a group.
    pub fn queues(&self) -> &Queues {
        &self.visits
    }

    /// Counts a bridged call.
    pub fn bridged(&self) -> Bridged {
        self.n_bridged.fetch_add(1, Ordering::Relaxed);
        Bridged(Arc::clone(&self.n_bridged))
    }

    /// Counts a further party of a call.
    pub fn party(&self) -> Bridged {
        self.n_parties.fetch_add(1, Ordering::Relaxed);
        Bridged(Arc::clone(&self.n_parties))
    }

    /// Further parties that are in calls now.
    pub fn n_parties(&self) -> usize {
        self.n_parties.load(Ordering::Relaxed)
    }

    /// Calls that are bridged now.
    pub fn n_bridged(&self) -> usize {
        self.n_bridged.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, VecDeque<CallId>>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Whether nobody has waited longer.
    pub fn is_first(&self) -> bool {
        let queues = self.handovers.lock();
        let first = queues.get(&self.key).and_then(VecDeque::front);
        first == Some(&self.call)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut queues = self.handovers.lock();
        if let Some(queue) = queues.get_mut(&self.key) {
            queue.retain(|call| *call != self.call);
            if queue.is_empty() {
                queues.remove(&self.key);
            }
        }
    }
}

impl Drop for Bridged {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX: usize = 100;

    #[test]
    fn whoever_waits_longest_is_first_and_places_are_given_up() {
        let (handovers, tenant) = (Handovers::default(), TenantId(1));
        let group = Some(SkillGroupId(7));
        let wait = |name: &str| {
            handovers
                .queue(tenant, group, &CallId(name.into()), (MAX, false))
                .unwrap()
        };
        let (first, second) = (wait("a"), wait("b"));
        assert!(first.is_first() && !second.is_first());
        let elsewhere = handovers
            .queue(tenant, None, &CallId("c".into()), (MAX, false))
            .unwrap();
        assert!(elsewhere.is_first());
        drop(first);
        assert!(second.is_first());
        let again = handovers
            .queue(tenant, group, &CallId("a".into()), (MAX, true))
            .unwrap();
        assert!(again.is_first() && !second.is_first(), "nobody answered");
        drop((second, elsewhere, again));
        assert_eq!(handovers.n_waiting(), 0);
    }

    #[test]
    fn a_full_queue_takes_nobody_more() {
        let handovers = Handovers::default();
        let wait =
            |n: usize| handovers.queue(TenantId(1), None, &CallId(n.to_string()), (MAX, false));
        let places: Vec<_> = (0..MAX).map(|n| wait(n).unwrap()).collect();
        assert!(wait(MAX).is_none());
        drop(places);
        assert!(wait(1).is_some());
    }

    #[test]
    fn bridged_calls_are_counted_while_they_are() {
        let handovers = Handovers::default();
        let one = handovers.bridged();
        assert_eq!(handovers.n_bridged(), 1);
        drop(one);
        assert_eq!(handovers.n_bridged(), 0);
    }
}
