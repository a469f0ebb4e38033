//! So many a second: of a trunk's new calls, of an API action's requests.
//!
//! # Invariants
//!
//! - In no stretch of one second, wherever it starts, more than `per_second` are let through.
//! - Memory is bounded by `per_second` instants.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// Length of the sliding window.
const WINDOW: Duration = Duration::from_secs(1);

/// A sliding limit of so many a second.
///
/// It remembers when each of the last second was let through, rather than filling at a constant
/// rate: a carrier counts calls in a second, and two bursts on either side of a boundary are too
/// many for it.
#[derive(Clone, Debug)]
pub struct Bucket {
    per_second: usize,
    passed: VecDeque<Instant>,
}

impl Bucket {
    /// At most `per_second` in any second; 0 lets nothing through.
    pub fn new(per_second: u32) -> Self {
        Self {
            per_second: per_second as usize,
            passed: VecDeque::new(),
        }
    }

    /// Sets another limit; what passed already counts against it.
    pub fn limit(&mut self, per_second: u32) {
        self.per_second = per_second as usize;
    }

    /// Whether one more may pass; counts nothing.
    pub fn allows(&self, now: Instant) -> bool {
        self.n_recent(now) < self.per_second
    }

    /// Lets one more pass and counts it; `false` if it may not.
    pub fn take(&mut self, now: Instant) -> bool {
        while self
            .passed
            .front()
            .is_some_and(|at| now.saturating_duration_since(*at) >= WINDOW)
        {
            self.passed.pop_front();
        }
        let allowed = self.passed.len() < self.per_second;
        if allowed {
            self.passed.push_back(now);
        }
        allowed
    }

    /// How many passed in the last second.
    pub fn passed_lately(&self, now: Instant) -> usize {
        self.n_recent(now)
    }

    fn n_recent(&self, now: Instant) -> usize {
        self.passed
            .iter()
            .rev()
            .take_while(|at| now.saturating_duration_since(**at) < WINDOW)
            .count()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_burst_passes_and_the_rest_waits_for_the_second_to_end() {
        let start = Instant::now();
        let mut bucket = Bucket::new(2);
        let passed = [0, 10, 20, 999, 1000, 1005, 1010, 1011]
            .map(|ms| bucket.take(start + Duration::from_millis(ms)));
        assert_eq!(passed, [true, true, false, false, true, false, true, false]);
    }

    #[test]
    fn looking_counts_nothing() {
        let now = Instant::now();
        let mut bucket = Bucket::new(1);
        assert!(bucket.allows(now) && bucket.allows(now));
        assert!(bucket.take(now));
        assert!(!bucket.allows(now));
        assert!(bucket.allows(now + WINDOW));
    }

    #[test]
    fn a_new_limit_counts_what_passed_before() {
        let now = Instant::now();
        let mut bucket = Bucket::new(1);
        assert!(bucket.take(now));
        bucket.limit(2);
        assert!(bucket.take(now));
        bucket.limit(1);
        assert!(!bucket.take(now + WINDOW / 2));
    }

    #[test]
    fn a_limit_of_zero_lets_nothing_through() {
        assert!(!Bucket::new(0).take(Instant::now()));
    }

    proptest! {
        #[test]
        fn no_second_holds_more_than_the_limit(
            per_second in 1u32..10,
            gaps in prop::collection::vec(0u64..400, 1..200),
        ) {
            let start = Instant::now();
            let mut bucket = Bucket::new(per_second);
            let mut at = start;
            let mut passed = Vec::new();
            for gap in gaps {
                at += Duration::from_millis(gap);
                prop_assert_eq!(bucket.allows(at), bucket.clone().take(at));
                if bucket.take(at) {
                    passed.push(at);
                }
            }
            for first in &passed {
                let within = passed.iter().filter(|at| *at >= first && **at < *first + WINDOW);
                prop_assert!(within.count() <= per_second as usize);
            }
        }
    }
}
