//! Why a call ended, in our words. Each dialect translates.

/// Why a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndCause {
    /// Answered, and a person hung up.
    Completed,
    /// Answered, and the voice agent said goodbye.
    AgentFinished,
    /// Answered, and a language model called the function that ends the call.
    FunctionCalled,
    /// Answered, and the voice agent's maximum duration was reached.
    MaxDuration,
    /// Answered, and the person said nothing for too long.
    CallerSilent,
    /// Ended by an API call.
    ApiRequest,
    /// Answered, and the recognizer failed for good.
    RecognizerFailed,
    /// Answered, and the thinker failed for good.
    ThinkerFailed,
    /// Answered, and the speaker failed for good.
    SpeakerFailed,
    /// Answered by a machine.
    VoicemailReached,
    /// Rang, and nobody answered in time.
    NotAnswered,
    /// The callee refused.
    Rejected,
    /// The callee is on the phone.
    Busy,
    /// The callee's phone is off or cannot be reached.
    NotReachable,
    /// The number is not in use.
    NumberNotExist,
    /// The number cannot be dialled as it is written.
    NumberInvalid,
    /// The carrier refused to carry the call.
    CarrierBlocked,
    /// The trunk failed or does not answer.
    LineFault,
    /// Ended by the centre before the callee's phone rang.
    CanceledBeforeRinging,
    /// Ended by the centre while the callee's phone rang.
    CanceledWhileRinging,
    /// Refused: the callee is on the do-not-call list.
    CalleeRestricted,
    /// Refused: too many calls from this caller or to this callee.
    TooManyCalls,
    /// Refused: the callee's area is never called.
    AreaRestricted,
    /// Refused: outside the working hours.
    OutsideHours,
    /// Refused: the package is used up or has expired.
    QuotaExhausted,
    /// Refused: no number to show or no trunk to carry the call.
    NoNumber,
    /// Refused: no voice agent answers the number that was called.
    NoDestination,
    /// The media stopped arriving.
    MediaTimeout,
    /// The server was stopped while the call was up.
    Drained,
    /// The server died while the call was up.
    Crashed,
    /// We are broken.
    Fault,
}

impl EndCause {
    /// Every cause.
    pub const ALL: [Self; 31] = [
        Self::Completed,
        Self::AgentFinished,
        Self::FunctionCalled,
        Self::MaxDuration,
        Self::CallerSilent,
        Self::ApiRequest,
        Self::RecognizerFailed,
        Self::ThinkerFailed,
        Self::SpeakerFailed,
        Self::VoicemailReached,
        Self::NotAnswered,
        Self::Rejected,
        Self::Busy,
        Self::NotReachable,
        Self::NumberNotExist,
        Self::NumberInvalid,
        Self::CarrierBlocked,
        Self::LineFault,
        Self::CanceledBeforeRinging,
        Self::CanceledWhileRinging,
        Self::CalleeRestricted,
        Self::TooManyCalls,
        Self::AreaRestricted,
        Self::OutsideHours,
        Self::QuotaExhausted,
        Self::NoNumber,
        Self::NoDestination,
        Self::MediaTimeout,
        Self::Drained,
        Self::Crashed,
        Self::Fault,
    ];

    /// Stable snake_case name, for the store and the native dialect.
    pub fn name(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::AgentFinished => "agent_finished",
            Self::FunctionCalled => "function_called",
            Self::MaxDuration => "max_duration",
            Self::CallerSilent => "caller_silent",
            Self::ApiRequest => "api_request",
            Self::RecognizerFailed => "recognizer_failed",
            Self::ThinkerFailed => "thinker_failed",
            Self::SpeakerFailed => "speaker_failed",
            Self::VoicemailReached => "voicemail_reached",
            Self::NotAnswered => "not_answered",
            Self::Rejected => "rejected",
            Self::Busy => "busy",
            Self::NotReachable => "not_reachable",
            Self::NumberNotExist => "number_not_exist",
            Self::NumberInvalid => "number_invalid",
            Self::CarrierBlocked => "carrier_blocked",
            Self::LineFault => "line_fault",
            Self::CanceledBeforeRinging => "canceled_before_ringing",
            Self::CanceledWhileRinging => "canceled_while_ringing",
            Self::CalleeRestricted => "callee_restricted",
            Self::TooManyCalls => "too_many_calls",
            Self::AreaRestricted => "area_restricted",
            Self::OutsideHours => "outside_hours",
            Self::QuotaExhausted => "quota_exhausted",
            Self::NoNumber => "no_number",
            Self::NoDestination => "no_destination",
            Self::MediaTimeout => "media_timeout",
            Self::Drained => "drained",
            Self::Crashed => "crashed",
            Self::Fault => "fault",
        }
    }

    /// Whether the voice agent came to its end: it said goodbye, or its model ended the call.
    pub fn is_agents_end(self) -> bool {
        matches!(self, Self::AgentFinished | Self::FunctionCalled)
    }

    /// The cause with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.name() == name)
    }
}

/// Who ended an answered call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HungUpSide {
    /// The person on the line.
    User,
    /// A member of staff.
    Staff,
    /// The centre: a voice agent, a rule, an API call, a fault.
    System,
}

impl HungUpSide {
    /// Stable lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Staff => "staff",
            Self::System => "system",
        }
    }

    /// The side with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        [Self::User, Self::Staff, Self::System]
            .into_iter()
            .find(|side| side.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_is_found_by_its_name() {
        for cause in EndCause::ALL {
            assert_eq!(EndCause::by_name(cause.name()), Some(cause));
        }
    }
}
