//! Whether the peer still sends.

use std::time::{Duration, Instant};

/// Notices, once, that nothing has come for too long.
#[derive(Debug)]
pub struct Watch {
    limit: Option<Duration>,
    /// Nothing was expected before.
    since: Instant,
    /// The last packet when the silence was reported.
    reported: Option<Instant>,
}

impl Watch {
    /// Expects packets from `now` on, at most `limit` apart; `None` expects nothing.
    pub fn new(limit: Option<Duration>, now: Instant) -> Self {
        Self {
            limit,
            since: now,
            reported: None,
        }
    }

    /// Packets may be this far apart from now on; `None` expects nothing.
    pub fn limit(&mut self, limit: Option<Duration>) {
        self.limit = limit;
    }

    /// Packets are expected anew from `now` on.
    pub fn restart(&mut self, now: Instant) {
        self.since = now;
        self.reported = None;
    }

    /// When the silence after the last packet, at `heard`, is too long.
    pub fn due(&self, heard: Option<Instant>) -> Option<Instant> {
        let last = self.last(heard);
        (self.reported != Some(last)).then_some(last + self.limit?)
    }

    /// Whether to report the silence now.
    pub fn is_over(&mut self, heard: Option<Instant>, now: Instant) -> bool {
        let over = self.due(heard).is_some_and(|due| due <= now);
        if over {
            self.reported = Some(self.last(heard));
        }
        over
    }

    fn last(&self, heard: Option<Instant>) -> Instant {
        heard.map_or(self.since, |heard| heard.max(self.since))
    }
}
