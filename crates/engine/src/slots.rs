//! How many voice agents of a tenant talk at once, and who waits for one.
//!
//! # Invariants
//!
//! - A tenant never holds more slots than the limit that was told last, except those it held
//!   before the limit was lowered.
//! - Waiters of one tenant are served in the order in which they came; no tenant waits for
//!   another.
//! - Every waiter is granted, expires or is released, once; nobody waits past its deadline.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::{Duration, Instant},
};

use model::{CallId, Refusal, TenantId};

/// Waiters of all tenants together, if not told otherwise. More than that are refused at once:
/// a wait is at most 5 s, so that a longer list could not be served anyway.
pub const WAITING_MAX: usize = 1_000;

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acquired {
    /// The slot is held until it is released.
    Granted,
    /// A [`SlotEvent`] will tell.
    Waiting,
    /// There is no slot, and no time or room to wait for one.
    Refused(Refusal),
}

/// What became of a waiter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlotEvent {
    /// The slot is held until it is released.
    Granted(CallId),
    /// No slot became free in time.
    Expired {
        /// Who waited.
        call: CallId,
        /// For the command's answer.
        refusal: Refusal,
    },
}

/// The slots of every tenant.
#[derive(Debug)]
pub struct Slots {
    waiting_max: usize,
    n_waiting: usize,
    tenants: BTreeMap<TenantId, Tenant>,
    told: VecDeque<SlotEvent>,
}

#[derive(Debug, Default)]
struct Tenant {
    limit: Option<u32>,
    held: BTreeSet<CallId>,
    waiting: VecDeque<Waiter>,
}

#[derive(Debug)]
struct Waiter {
    call: CallId,
    since: Instant,
    until: Instant,
}

impl Tenant {
    fn has_room(&self) -> bool {
        self.limit
            .is_none_or(|limit| self.held.len() < limit as usize)
    }
}

impl Slots {
    /// Nobody talks. At most `waiting_max` calls wait: [`WAITING_MAX`] is a good choice.
    pub fn new(waiting_max: usize) -> Self {
        Self {
            waiting_max,
            n_waiting: 0,
            tenants: BTreeMap::new(),
            told: VecDeque::new(),
        }
    }

    /// Asks for a slot for `call`; `limit` is the tenant's present one, `None` is unlimited.
    /// `wait_until` at or before `now` means not to wait. A call that holds a slot is granted it
    /// again; one that waits goes on waiting.
    pub fn acquire(
        &mut self,
        call: &CallId,
        tenant: TenantId,
        limit: Option<u32>,
        wait_until: Instant,
        now: Instant,
    ) -> Acquired {
        self.handle_timeout(now);
        self.tenants.entry(tenant).or_default().limit = limit;
        self.grant(tenant, now);
        let slots = self.tenants.entry(tenant).or_default();
        if slots.held.contains(call) {
            return Acquired::Granted;
        }
        if slots.waiting.iter().any(|waiter| waiter.call == *call) {
            return Acquired::Waiting;
        }
        if slots.has_room() {
            slots.held.insert(call.clone());
            return Acquired::Granted;
        }
        if wait_until <= now || self.n_waiting >= self.waiting_max {
            return Acquired::Refused(Refusal::NoAgentSlot {
                waited: Duration::ZERO,
            });
        }
        slots.waiting.push_back(Waiter {
            call: call.clone(),
            since: now,
            until: wait_until,
        });
        self.n_waiting += 1;
        Acquired::Waiting
    }

    /// Gives back the slot of `call`, or its place in the waiting list. A call that has neither
    /// changes nothing.
    pub fn release(&mut self, call: &CallId, tenant: TenantId, now: Instant) {
        self.handle_timeout(now);
        let Some(slots) = self.tenants.get_mut(&tenant) else {
            return;
        };
        slots.held.remove(call);
        let n_before = slots.waiting.len();
        slots.waiting.retain(|waiter| waiter.call != *call);
        self.n_waiting -= n_before - slots.waiting.len();
        self.grant(tenant, now);
        if self
            .tenants
            .get(&tenant)
            .is_some_and(|slots| slots.held.is_empty() && slots.waiting.is_empty())
        {
            self.tenants.remove(&tenant);
        }
    }

    /// Lets those go whose deadline has come.
    pub fn handle_timeout(&mut self, now: Instant) {
        if self.poll_timeout().is_none_or(|(at, _)| at > now) {
            return;
        }
        for slots in self.tenants.values_mut() {
            let (gone, waiting): (VecDeque<Waiter>, VecDeque<Waiter>) = slots
                .waiting
                .drain(..)
                .partition(|waiter| waiter.until <= now);
            slots.waiting = waiting;
            self.n_waiting -= gone.len();
            self.told
                .extend(gone.into_iter().map(|waiter| SlotEvent::Expired {
                    call: waiter.call,
                    refusal: Refusal::NoAgentSlot {
                        waited: waiter.until.saturating_duration_since(waiter.since),
                    },
                }));
        }
    }

    /// What became of waiters; drain it after every call of the other methods.
    pub fn poll(&mut self) -> Option<SlotEvent> {
        self.told.pop_front()
    }

    /// When to call [`handle_timeout`](Self::handle_timeout), and why.
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        self.tenants
            .values()
            .flat_map(|slots| &slots.waiting)
            .map(|waiter| waiter.until)
            .min()
            .map(|at| (at, "wait for a voice-agent slot"))
    }

    /// Slots that `tenant` holds now.
    pub fn n_held(&self, tenant: TenantId) -> usize {
        self.tenants
            .get(&tenant)
            .map_or(0, |slots| slots.held.len())
    }

    fn grant(&mut self, tenant: TenantId, now: Instant) {
        let Some(slots) = self.tenants.get_mut(&tenant) else {
            return;
        };
        while slots.has_room() {
            let Some(waiter) = slots.waiting.pop_front() else {
                return;
            };
            debug_assert!(waiter.until > now, "expired waiters are gone");
            self.n_waiting -= 1;
            slots.held.insert(waiter.call.clone());
            self.told.push_back(SlotEvent::Granted(waiter.call));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TENANT: TenantId = TenantId(1);

    #[test]
    fn a_free_slot_is_granted_at_once() {
        let now = Instant::now();
        let mut slots = Slots::new(WAITING_MAX);
        assert_eq!(acquire(&mut slots, "a", 1, 0, now), Acquired::Granted);
        assert_eq!(slots.n_held(TENANT), 1);
    }

    #[test]
    fn without_time_to_wait_a_busy_slot_is_a_refusal() {
        let now = Instant::now();
        let mut slots = Slots::new(WAITING_MAX);
        acquire(&mut slots, "a", 1, 0, now);
        assert_eq!(
            acquire(&mut slots, "b", 1, 0, now),
            Acquired::Refused(Refusal::NoAgentSlot {
                waited: Duration::ZERO
            })
        );
    }

    #[test]
    fn waiters_are_served_in_the_order_in_which_they_came() {
        let now = Instant::now();
        let mut slots = Slots::new(WAITING_MAX);
        acquire(&mut slots, "a", 1, 0, now);
        assert_eq!(acquire(&mut slots, "b", 1, 5000, now), Acquired::Waiting);
        assert_eq!(acquire(&mut slots, "c", 1, 5000, now), Acquired::Waiting);

        slots.release(&call("a"), TENANT, now + Duration::from_secs(1));
        assert_eq!(slots.poll(), Some(SlotEvent::Granted(call("b"))));
        slots.release(&call("b"), TENANT, now + Duration::from_secs(2));
        assert_eq!(slots.poll(), Some(SlotEvent::Granted(call("c"))));
        assert_eq!(slots.poll(), None);
    }

    #[test]
    fn a_waiter_leaves_at_its_deadline_and_is_not_served_afterwards() {
        let now = Instant::now();
        let mut slots = Slots::new(WAITING_MAX);
        acquire(&mut slots, "a", 1, 0, now);
        acquire(&mut slots, "b", 1, 3000, now);
        let (due, _) = slots.poll_timeout().unwrap();
        assert_eq!(due, now + Duration::from_secs(3));

        slots.release(&call("a"), TENANT, due);
        assert_eq!(
            slots.poll(),
            Some(SlotEvent::Expired {
                call: call("b"),
                refusal: Refusal::NoAgentSlot {
                    waited: Duration::from_secs(3)
                },
            })
        );
        assert_eq!(slots.n_held(TENANT), 0);
        assert_eq!(slots.poll_timeout(), None);
    }

    #[test]
    fn who_stops_waiting_gives_way_to_the_next() {
        let now = Instant::now();
        let mut slots = Slots::new(WAITING_MAX);
        for name in ["a", "b", "c"] {
            acquire(&mut slots, name, 1, 5000, now);
        }
        slots.release(&call("b"), TENANT, now);
        slots.release(&call("a"), TENANT, now);
        assert_eq!(slots.poll(), Some(SlotEvent::Granted(call("c"))));
    }

    #[test]
    fn a_full_waiting_list_refuses_at_once() {
        let now = Instant::now();
        let mut slots = Slots::new(1);
        acquire(&mut slots, "a", 1, 5000, now);
        acquire(&mut slots, "b", 1, 5000, now);
        assert!(matches!(
            acquire(&mut slots, "c", 1, 5000, now),
            Acquired::Refused(_)
        ));
    }

    #[test]
    fn a_raised_limit_serves_those_who_wait_first() {
        let now = Instant::now();
        let mut slots = Slots::new(WAITING_MAX);
        acquire(&mut slots, "a", 1, 5000, now);
        acquire(&mut slots, "b", 1, 5000, now);
        assert_eq!(acquire(&mut slots, "c", 2, 5000, now), Acquired::Waiting);
        assert_eq!(slots.poll(), Some(SlotEvent::Granted(call("b"))));
    }

    #[test]
    fn one_tenant_does_not_wait_for_another() {
        let now = Instant::now();
        let mut slots = Slots::new(WAITING_MAX);
        acquire(&mut slots, "a", 1, 0, now);
        assert_eq!(
            slots.acquire(&call("b"), TenantId(2), Some(1), now, now),
            Acquired::Granted
        );
        assert_eq!(
            slots.acquire(&call("c"), TenantId(3), None, now, now),
            Acquired::Granted
        );
    }

    proptest! {
        #[test]
        fn no_order_of_requests_overdraws_the_limit_or_loses_a_waiter(
            limit in 1u32..4,
            steps in prop::collection::vec((any::<bool>(), 0u64..12, 0u64..50), 1..200),
        ) {
            let mut now = Instant::now();
            let mut slots = Slots::new(4);
            let mut waiting = BTreeSet::new();
            for (is_release, n, ms) in steps {
                now += Duration::from_millis(ms);
                let name = n.to_string();
                slots.handle_timeout(now);
                while let Some(event) = slots.poll() {
                    prop_assert!(waiting.remove(whose(&event)), "told once: {event:?}");
                }
                if is_release {
                    slots.release(&call(&name), TENANT, now);
                    waiting.remove(&call(&name));
                } else if acquire(&mut slots, &name, limit, ms, now) == Acquired::Waiting {
                    waiting.insert(call(&name));
                }
                while let Some(event) = slots.poll() {
                    prop_assert!(waiting.remove(whose(&event)), "told once: {:?}", event);
                }
                prop_assert!(slots.n_held(TENANT) <= limit as usize);
                prop_assert!(waiting.len() <= 4);
                prop_assert_eq!(waiting.len(), slots.n_waiting);
            }
            slots.handle_timeout(now + Duration::from_secs(60));
            while let Some(event) = slots.poll() {
                waiting.remove(whose(&event));
            }
            prop_assert!(waiting.is_empty(), "nobody waits forever");
        }
    }

    fn whose(event: &SlotEvent) -> &CallId {
        match event {
            SlotEvent::Granted(call) | SlotEvent::Expired { call, .. } => call,
        }
    }

    fn acquire(slots: &mut Slots, name: &str, limit: u32, wait_ms: u64, now: Instant) -> Acquired {
        let until = now + Duration::from_millis(wait_ms);
        slots.acquire(&call(name), TENANT, Some(limit), until, now)
    }

    fn call(name: &str) -> CallId {
        CallId(name.into())
    }
}
