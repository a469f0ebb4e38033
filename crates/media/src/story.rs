//! The instant that the stories of tests count from.

use std::time::Instant;

/// Some instant: an `Instant` can only be had from the clock.
#[expect(
    clippy::disallowed_methods,
    reason = "only differences to it are looked at"
)]
pub fn beginning() -> Instant {
    Instant::now()
}
