//! When the caller speaks.

use std::time::Duration;

/// How sure the detector must be.
#[derive(Clone, Copy, Debug)]
pub struct VadSettings {
    /// Voice needed before speech counts as started.
    pub on: Duration,
    /// Silence needed before speech counts as stopped. Endpointing is decided elsewhere, later.
    pub off: Duration,
}

impl Default for VadSettings {
    fn default() -> Self {
        Self {
            on: Duration::from_millis(60),
            off: Duration::from_millis(200),
        }
    }
}
