//! One call's clock: instants of its machines as wall time.

use std::time::{Instant, SystemTime};

use model::UnixMs;

/// Fixed when the call begins, so that a step of the wall clock does not reorder its events.
#[derive(Clone, Copy, Debug)]
pub struct CallClock {
    instant: Instant,
    wall: UnixMs,
}

impl CallClock {
    /// Both clocks, read together.
    pub fn read() -> Self {
        Self {
            instant: Instant::now(),
            wall: SystemTime::now().into(),
        }
    }

    /// The wall time of an instant.
    pub fn wall(&self, at: Instant) -> UnixMs {
        match at.checked_duration_since(self.instant) {
            Some(after) => self.wall.plus(after),
            None => self.wall.minus(self.instant.duration_since(at)),
        }
    }
}
