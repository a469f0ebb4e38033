//! How a call ended, in the vendor's numbers and words (facts of `EndStatus` and
//! `EndStatusString`, which correspond one to one).

use model::{Call, Direction, EndCause, HungUpSide, ServingEnd};

/// A number with its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EndStatus {
    pub(crate) code: i64,
    pub(crate) word: &'static str,
}

/// What a call without a cause has: it has not ended.
const UNENDED: EndStatus = EndStatus { code: 0, word: "" };

/// `EndStatus` and `EndStatusString` of a call.
pub(crate) fn end_status(call: &Call) -> EndStatus {
    let Some(cause) = call.cause else {
        return UNENDED;
    };
    if call.direction == Direction::Inbound && hung_up_on_agent(call) {
        return HUNG_UP_DURING_AGENT;
    }
    let (code, word) = in_queue(call, cause).unwrap_or_else(|| of(cause));
    EndStatus { code, word }
}

/// What the vendor says of a caller who came for a skill group and whom nobody served.
fn in_queue(call: &Call, cause: EndCause) -> Option<(i64, &'static str)> {
    let came_for_people = call.direction == Direction::Inbound
        && call.queued.is_some()
        && call.voice_agent.is_none()
        && call.next_agents.is_empty()
        && call.served_by().is_none();
    if !came_for_people {
        return None;
    }
    match (cause, call.side) {
        (EndCause::Completed | EndCause::NotAnswered, Some(HungUpSide::User)) => {
            let rang = call.servings.last().is_some_and(|serving| {
                serving.rang_at.is_some() && serving.end == Some(ServingEnd::GivenUp)
            });
            Some(match rang {
                true => (104, "ringingGiveUp"),
                false => (103, "waitingGiveUp"),
            })
        }
        (EndCause::NotReachable, _) => Some((105, "noSeatOnline")),
        _ => None,
    }
}

/// A person who called in hung up on a voice agent. The vendor has it for inbound calls only;
/// outbound ones that end so are its 1, `ok`.
const HUNG_UP_DURING_AGENT: EndStatus = EndStatus {
    code: 232,
    word: "userHangupDuringAiCall",
};

/// Causes that the vendor has no number for are its 0, `error`: the call was not carried out for
/// a reason on our side.
fn of(cause: EndCause) -> (i64, &'static str) {
    match cause {
        EndCause::Completed => (1, "ok"),
        EndCause::NoDestination => (105, "noSeatOnline"),
        EndCause::CalleeRestricted => (108, "restrictedCallee"),
        EndCause::TooManyCalls => (109, "tooManyRequest"),
        EndCause::AreaRestricted => (110, "restrictedArea"),
        EndCause::OutsideHours => (111, "restrictedTime"),
        EndCause::NotAnswered => (202, "notAnswer"),
        EndCause::Rejected => (203, "userReject"),
        EndCause::NumberNotExist => (205, "numberNotExist"),
        EndCause::Busy => (206, "busy"),
        EndCause::LineFault | EndCause::MediaTimeout => (208, "operatorError"),
        EndCause::CanceledBeforeRinging => (209, "callerCancel"),
        EndCause::NotReachable => (210, "notInService"),
        EndCause::CarrierBlocked => (212, "carrierBlocked"),
        EndCause::NumberInvalid => (215, "numberInvalid"),
        EndCause::CanceledWhileRinging => (220, "callerCancelWhileRing"),
        EndCause::VoicemailReached => (222, "voiceMailReached"),
        EndCause::RecognizerFailed => (225, "asrError"),
        // The word is the vendor's own.
        EndCause::ThinkerFailed => (226, "llmasrError"),
        EndCause::SpeakerFailed => (227, "ttsError"),
        EndCause::FunctionCalled => (228, "functionCallHangup"),
        EndCause::MaxDuration => (229, "maxCallDurationReached"),
        EndCause::CallerSilent => (230, "userInactivity"),
        EndCause::ApiRequest => (231, "callTerminatedByAPI"),
        EndCause::AgentFinished => (233, "aiAgentEndCall"),
        EndCause::QuotaExhausted
        | EndCause::NoNumber
        | EndCause::Drained
        | EndCause::Crashed
        | EndCause::Fault => (0, "error"),
    }
}

/// `SysHangupReason` and its word: the only pair that the vendor's documents show is that of a
/// person who hung up on an answered call with a voice agent. All other calls have 0 and nothing.
pub(crate) fn sys_hangup_reason(call: &Call) -> EndStatus {
    if hung_up_on_agent(call) {
        return EndStatus {
            code: 1010,
            word: "userHangupDuringAIAgent",
        };
    }
    UNENDED
}

/// Whether the person ended an answered call with a voice agent.
fn hung_up_on_agent(call: &Call) -> bool {
    (call.voice_agent.is_some() || !call.next_agents.is_empty())
        && call.answered_at.is_some()
        && call.cause == Some(EndCause::Completed)
        && call.side == Some(HungUpSide::User)
}

/// `HungUpSide`; empty while the call runs.
pub(crate) fn hung_up_side(call: &Call) -> &'static str {
    match call.side {
        None => "",
        Some(HungUpSide::User) => "user",
        Some(HungUpSide::Staff) => "seat",
        Some(HungUpSide::System) => "system",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use model::{Server, ServerKind, Serving, UnixMs};

    use super::*;
    use crate::sample;

    #[test]
    fn who_hangs_up_on_an_agent_has_a_number_of_its_own_on_inbound_calls_only() {
        let call = |direction| Call {
            direction,
            ..sample::call()
        };
        assert_eq!(
            end_status(&call(Direction::Inbound)).word,
            "userHangupDuringAiCall"
        );
        assert_eq!(end_status(&call(Direction::Outbound)).word, "ok");
        let without_agent = Call {
            voice_agent: None,
            ..call(Direction::Inbound)
        };
        assert_eq!(end_status(&without_agent).code, 1);
    }

    #[test]
    fn who_gives_up_in_a_queue_is_told_by_whether_a_phone_rang() {
        let waited = Call {
            direction: Direction::Inbound,
            voice_agent: None,
            servings: Vec::new(),
            queued: Some((UnixMs(0), None)),
            ..sample::call()
        };
        assert_eq!(end_status(&waited).word, "waitingGiveUp");
        let mut serving = Serving::begin(server(), UnixMs(0));
        serving.rang_at = Some(UnixMs(100));
        serving.end = Some(ServingEnd::GivenUp);
        let rang = Call {
            servings: vec![serving],
            ..waited.clone()
        };
        assert_eq!(end_status(&rang).word, "ringingGiveUp");
        let nobody = Call {
            cause: Some(EndCause::NotReachable),
            side: Some(HungUpSide::System),
            ..waited
        };
        assert_eq!(end_status(&nobody).word, "noSeatOnline");
    }

    fn server() -> Server {
        Server {
            kind: ServerKind::Staff,
            address: "1001".into(),
            staff: None,
            email: String::new(),
            name: String::new(),
            skill_group: None,
        }
    }

    #[test]
    fn number_and_word_correspond_one_to_one() {
        let mut words = BTreeMap::new();
        for cause in EndCause::ALL {
            let (code, word) = of(cause);
            assert_eq!(*words.entry(code).or_insert(word), word);
        }
        words.insert(HUNG_UP_DURING_AGENT.code, HUNG_UP_DURING_AGENT.word);
        let distinct: std::collections::BTreeSet<_> = words.values().collect();
        assert_eq!(distinct.len(), words.len());
    }
}
