//! Callers who came for a skill group: how many wait now and for how long, and how it went since the
//! start of this process.
//!
//! The order in which they are served is that of [`Handovers`](crate::handovers::Handovers), where
//! callers wait together with people whom voice agents hand over.
//!
//! # Invariants
//!
//! - Every visit ends exactly once: answered, passed on by the group's rules, or abandoned, which is
//!   whatever else ends it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use model::{SkillGroupId, TenantId};

/// Whose queue.
type Key = (TenantId, SkillGroupId);

/// See the module.
#[derive(Clone, Default)]
pub struct Queues(Arc<Mutex<BTreeMap<Key, Queue>>>);

#[derive(Default)]
struct Queue {
    n_visits: u64,
    /// Since when whoever waits has waited, by the number of the visit.
    waiting: BTreeMap<u64, Instant>,
    counts: QueueCounts,
}

/// How it went for callers of one group since the start of this process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueCounts {
    /// Somebody talked with them.
    pub answered: u64,
    /// Of these, within the group's time.
    pub answered_in_time: u64,
    /// They hung up, or were hung up on, before that.
    pub abandoned: u64,
    /// The group's rules sent them elsewhere, or ended the call.
    pub passed_on: u64,
    /// How long those who were answered had waited, together.
    pub answered_wait: Duration,
    /// The longest wait that has ended.
    pub wait_max: Duration,
}

/// A queue at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueNow {
    /// Callers who wait, those included for whom a phone rings.
    pub waiting: usize,
    /// How long the first of them has waited.
    pub longest_wait: Duration,
    /// How it went.
    pub counts: QueueCounts,
}

/// One caller in one queue; dropping it is giving up.
pub struct Visit {
    queues: Queues,
    key: Key,
    n: u64,
    since: Instant,
    service_time: Duration,
    is_over: bool,
}

/// How a visit ended.
#[derive(Clone, Copy)]
enum VisitEnd {
    Answered,
    PassedOn,
    Abandoned,
}

impl Queues {
    /// A caller comes for a group, who is answered in time within `service_time`.
    pub fn enter(
        &self,
        tenant: TenantId,
        group: SkillGroupId,
        service_time: Duration,
        now: Instant,
    ) -> Visit {
        let key = (tenant, group);
        let mut queues = self.lock();
        let queue = queues.entry(key).or_default();
        queue.n_visits += 1;
        let n = queue.n_visits;
        queue.waiting.insert(n, now);
        Visit {
            queues: self.clone(),
            key,
            n,
            since: now,
            service_time,
            is_over: false,
        }
    }

    /// A group's queue.
    pub fn of(&self, tenant: TenantId, group: SkillGroupId, now: Instant) -> QueueNow {
        let queues = self.lock();
        queues
            .get(&(tenant, group))
            .map(|queue| queue.at(now))
            .unwrap_or_default()
    }

    /// Every queue that somebody came for.
    pub fn all(&self, now: Instant) -> Vec<(SkillGroupId, QueueNow)> {
        let queues = self.lock();
        let all = queues.iter();
        all.map(|((_, group), queue)| (*group, queue.at(now)))
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, Queue>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn at(&self, now: Instant) -> QueueNow {
        let first = self.waiting.values().min();
        QueueNow {
            waiting: self.waiting.len(),
            longest_wait: first.map_or(Duration::ZERO, |since| now.duration_since(*since)),
            counts: self.counts,
        }
    }
}

impl QueueCounts {
    /// Share of callers who were answered in time, among those who were answered or gave up; `None`
    /// while there was none.
    pub fn service_level(&self) -> Option<f64> {
        let n_all = self.answered + self.abandoned;
        (n_all > 0).then(|| self.answered_in_time as f64 / n_all as f64)
    }
}

impl Visit {
    /// Somebody talks with the caller.
    pub fn answered(mut self, now: Instant) {
        self.end(VisitEnd::Answered, now);
    }

    /// The group's rules send the caller elsewhere.
    pub fn passed_on(mut self, now: Instant) {
        self.end(VisitEnd::PassedOn, now);
    }

    fn end(&mut self, end: VisitEnd, now: Instant) {
        if std::mem::replace(&mut self.is_over, true) {
            return;
        }
        let waited = now.duration_since(self.since);
        let mut queues = self.queues.lock();
        let queue = queues.entry(self.key).or_default();
        queue.waiting.remove(&self.n);
        let counts = &mut queue.counts;
        counts.wait_max = counts.wait_max.max(waited);
        match end {
            VisitEnd::Answered => {
                counts.answered += 1;
                counts.answered_in_time += u64::from(waited <= self.service_time);
                counts.answered_wait += waited;
            }
            VisitEnd::PassedOn => counts.passed_on += 1,
            VisitEnd::Abandoned => counts.abandoned += 1,
        }
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.end(VisitEnd::Abandoned, Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALES: SkillGroupId = SkillGroupId(7);

    #[test]
    fn who_is_answered_late_or_gives_up_lowers_the_service_level() {
        let (queues, tenant, start) = (Queues::default(), TenantId(1), Instant::now());
        let after = |secs| start + Duration::from_secs(secs);
        let enter = || queues.enter(tenant, SALES, Duration::from_secs(20), start);
        let [soon, late, elsewhere, gone] = [enter(), enter(), enter(), enter()];
        soon.answered(after(20));
        late.answered(after(21));
        elsewhere.passed_on(after(60));
        let now = queues.of(tenant, SALES, after(70));
        assert_eq!((now.waiting, now.longest_wait.as_secs()), (1, 70));
        drop(gone);
        let QueueNow {
            waiting, counts, ..
        } = queues.of(tenant, SALES, after(80));
        assert_eq!((waiting, counts.abandoned, counts.passed_on), (0, 1, 1));
        assert_eq!(counts.service_level(), Some(1.0 / 3.0));
        assert_eq!(counts.answered_wait.as_secs(), 41);
        assert_eq!(counts.wait_max.as_secs(), 60);
    }

    #[test]
    fn a_queue_that_nobody_came_for_has_no_service_level() {
        let queues = Queues::default();
        let now = queues.of(TenantId(1), SALES, Instant::now());
        assert_eq!((now.waiting, now.counts.service_level()), (0, None));
        assert!(queues.all(Instant::now()).is_empty());
    }
}
