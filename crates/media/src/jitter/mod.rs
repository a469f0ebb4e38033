//! The jitter buffer.

use std::time::Duration;

/// Bounds of the delay that a jitter buffer may add.
#[derive(Clone, Copy, Debug)]
pub struct JitterSettings {
    /// Delay on a perfect line.
    pub target_min: Duration,
    /// Longest delay, up to 200 ms; what comes later is lost.
    pub target_max: Duration,
}

impl Default for JitterSettings {
    fn default() -> Self {
        Self {
            target_min: Duration::from_millis(40),
            target_max: Duration::from_millis(200),
        }
    }
}
