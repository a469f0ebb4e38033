//! What the call of a dial attempt came to.

use model::{Call, Disposition, EndCause};

/// The outcome of the attempt whose call this is; `None` while it has not ended.
pub fn outcome(call: &Call) -> Option<Disposition> {
    let cause = call.cause?;
    if call.answered_at.is_some() && cause != EndCause::VoicemailReached {
        return Some(Disposition::Reached);
    }
    Some(match cause {
        // A machine is not the person: the contact is tried again.
        EndCause::VoicemailReached | EndCause::NotAnswered | EndCause::CanceledWhileRinging => {
            Disposition::NoAnswer
        }
        EndCause::Busy => Disposition::Busy,
        EndCause::Rejected => Disposition::Rejected,
        EndCause::NotReachable => Disposition::NotReachable,
        EndCause::NumberNotExist | EndCause::NumberInvalid => Disposition::EmptyNumber,
        EndCause::ApiRequest | EndCause::CanceledBeforeRinging => Disposition::Canceled,
        EndCause::CalleeRestricted | EndCause::AreaRestricted => Disposition::Restricted,
        EndCause::TooManyCalls => Disposition::TooManyCalls,
        EndCause::OutsideHours => Disposition::OutsideHours,
        EndCause::Completed
        | EndCause::AgentFinished
        | EndCause::FunctionCalled
        | EndCause::MaxDuration
        | EndCause::CallerSilent
        | EndCause::RecognizerFailed
        | EndCause::ThinkerFailed
        | EndCause::SpeakerFailed
        | EndCause::CarrierBlocked
        | EndCause::LineFault
        | EndCause::QuotaExhausted
        | EndCause::NoNumber
        | EndCause::NoDestination
        | EndCause::MediaTimeout
        | EndCause::Drained
        | EndCause::Crashed
        | EndCause::Fault => Disposition::CallFailed,
    })
}
