//! Where the time between the caller's last sound and the reply went.

use std::time::Duration;

/// One reply's voice latency in parts that add up to `total`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breakdown {
    /// From the caller's last voiced frame to the decision that the turn is over.
    pub endpointing: Duration,
    /// What the recognizer needed beyond that.
    pub recognizer: Duration,
    /// From the question to the first line the thinker decided to say.
    pub thinker: Duration,
    /// From that line to its first samples.
    pub speaker: Duration,
    /// From the first samples to the first packet on the wire.
    pub queue: Duration,
    /// From the last voiced frame to the first packet.
    pub total: Duration,
}
