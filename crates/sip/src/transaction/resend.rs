//! Doubling intervals.

use std::time::{Duration, Instant};

/// When to send the next time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resend {
    /// The next time.
    pub at: Instant,
    interval: Duration,
}

impl Resend {
    /// The first interval starts now.
    pub fn new(interval: Duration, now: Instant) -> Self {
        Self {
            at: now + interval,
            interval,
        }
    }

    /// Doubles the interval up to a limit.
    pub fn again(&mut self, interval_max: Option<Duration>, now: Instant) {
        let doubled = self.interval * 2;
        self.interval = interval_max.map_or(doubled, |max| doubled.min(max));
        self.at = now + self.interval;
    }
}
