//! Why the centre refused a command: the caller must change something.

use std::time::Duration;

/// A rule that an outbound call is checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CallRuleKind {
    /// The do-not-call list.
    DoNotCall,
    /// Areas that are never called.
    BlindArea,
    /// Hours and days.
    WorkingHours,
    /// How often a caller number is shown.
    CallerFrequency,
    /// How often a callee is called in an interval.
    CalleeInterval,
    /// How often a callee is called in a day.
    CalleePerDay,
}

impl CallRuleKind {
    /// Every rule, in the order in which they are checked.
    pub const ALL: [Self; 6] = [
        Self::DoNotCall,
        Self::BlindArea,
        Self::WorkingHours,
        Self::CalleeInterval,
        Self::CalleePerDay,
        Self::CallerFrequency,
    ];

    /// Stable snake_case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::DoNotCall => "do_not_call",
            Self::BlindArea => "blind_area",
            Self::WorkingHours => "working_hours",
            Self::CallerFrequency => "caller_frequency",
            Self::CalleeInterval => "callee_interval",
            Self::CalleePerDay => "callee_per_day",
        }
    }

    /// The rule with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }
}

/// Why the centre refused a command.
///
/// Edges translate each variant to their own error code in one exhaustive `match`, so a new
/// variant does not compile until every dialect has decided what to call it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such tenant, or not one that the caller may know of.
    #[error("instance {0} not found")]
    TenantNotFound(i64),
    /// Something named by the request is not there.
    #[error("{what} not found")]
    NotFound {
        /// `voice agent`, `trunk` …
        what: &'static str,
    },
    /// No call with this id.
    #[error("call not found")]
    CallNotFound,
    /// The call is not in a state in which this can be done.
    #[error("call is {state} and cannot be controlled")]
    CallNotControllable {
        /// The state's name.
        state: &'static str,
    },
    /// No sound with this id.
    #[error("sound {0} not found")]
    SoundNotFound(i64),
    /// The credential may not do this.
    #[error("credential may not call this action for this instance")]
    NotPermitted,
    /// A field is missing or wrong.
    #[error("invalid `{field}`: {why}")]
    Invalid {
        /// The field, as the model calls it.
        field: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// Something with this name is there already, or is in use.
    #[error("{what}")]
    Conflict {
        /// A sentence for people.
        what: String,
    },
    /// No number to show, or no trunk that reaches the callee with it.
    #[error("no usable caller number: {why}")]
    NoCallerNumber {
        /// What was tried.
        why: String,
    },
    /// A rule forbids the call.
    #[error("refused by rule {}: {detail}", rule.name())]
    RuleForbids {
        /// Which.
        rule: CallRuleKind,
        /// The values that decided.
        detail: String,
    },
    /// The tenant's call minutes are used up or have expired.
    #[error("call minutes are used up or have expired")]
    CallQuotaExhausted,
    /// The tenant's voice-agent minutes are used up or have expired.
    #[error("voice-agent minutes are used up or have expired")]
    AgentQuotaExhausted,
    /// All voice-agent slots were busy.
    #[error("no voice-agent slot became free within {waited:?}")]
    NoAgentSlot {
        /// How long it was waited for.
        waited: Duration,
    },
    /// Every channel or call a second of the trunks is in use, or the trunk cannot be reached.
    #[error("call could not be placed: {why}")]
    TrunkFailed {
        /// Which and why.
        why: String,
    },
    /// The server is stopping and takes no new calls.
    #[error("server is stopping")]
    Draining,
}
