//! What a tenant has been granted.

use crate::UnixMs;

/// An operator's limits for a tenant: the clouds' packages. `None` is unlimited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    /// Minutes of calls; started minutes count.
    pub call_minutes: Option<i64>,
    /// Call minutes are good until then.
    pub call_until: Option<UnixMs>,
    /// Minutes of calls with a voice agent.
    pub agent_minutes: Option<i64>,
    /// Voice-agent minutes are good until then.
    pub agent_until: Option<UnixMs>,
    /// Voice-agent calls at once.
    pub agent_calls_max: Option<i64>,
}

/// What a tenant has used of its quota since it was last granted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuotaUsage {
    /// Started call minutes.
    pub call_minutes: i64,
    /// Started voice-agent minutes.
    pub agent_minutes: i64,
}
