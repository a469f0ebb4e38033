//! Any request but INVITE, seen from the one who receives it (section 17.2.2).
//!
//! We answer such requests at once, so that the states Trying and Proceeding do not occur: the
//! machine starts with its final answer.

use std::time::Instant;

use super::Due;
use crate::{Timing, timers::Deadline};

/// Non-INVITE server transaction, answered.
#[derive(Debug)]
pub(crate) struct SimpleServer {
    over: Instant,
}

impl SimpleServer {
    /// The final answer is sent now: Timer J.
    pub fn new(timing: Timing, reliable: bool, now: Instant) -> Self {
        Self {
            over: if reliable {
                now
            } else {
                now + timing.patience()
            },
        }
    }

    /// Takes the time.
    pub fn on_timeout(&self, now: Instant) -> Due {
        if self.over <= now {
            Due::Over
        } else {
            Due::Nothing
        }
    }

    /// What is due next.
    pub fn deadline(&self) -> Option<Deadline> {
        Some((self.over, "repeated requests"))
    }
}
