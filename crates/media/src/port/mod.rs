//! One negotiated RTP endpoint.

mod settings;
mod stats;

pub use settings::{LatchRule, PortSettings};
pub use stats::Stats;

/// Longest RTCP packet that a port writes, in bytes.
pub const RTCP_MAX: usize = 256;
