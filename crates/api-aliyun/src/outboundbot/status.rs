//! The vendor's words and numbers for what becomes of jobs and calls.

use model::{Call, ContactFailure, ContactState, DialAttempt, Disposition, EndCause, HungUpSide};
use store::{AttemptOutcome, Outcomes};

use crate::fault::Fault;

/// A status or reason of the vendor's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Coded {
    pub number: i64,
    pub name: &'static str,
}

const fn coded(number: i64, name: &'static str) -> Coded {
    Coded { number, name }
}

/// The vendor's status of a job.
pub(super) fn status(state: ContactState) -> Coded {
    match state {
        ContactState::Waiting => coded(0, "Scheduling"),
        ContactState::Dialing => coded(1, "Executing"),
        ContactState::Reached => coded(2, "Succeeded"),
        ContactState::Paused => coded(3, "Paused"),
        ContactState::Failed => coded(4, "Failed"),
        ContactState::Canceled => coded(5, "Cancelled"),
    }
}

/// The vendor's word for why a job failed.
pub(super) fn failure_reason(failure: ContactFailure) -> &'static str {
    match failure {
        ContactFailure::TimeUp => "TimeUp",
        ContactFailure::Outcome(disposition) => match disposition {
            Disposition::NoAnswer
            | Disposition::Busy
            | Disposition::Rejected
            | Disposition::NotReachable => "NoAnswer",
            Disposition::EmptyNumber => "EmptyNumber",
            Disposition::CallFailed | Disposition::Canceled => "CallFailed",
            Disposition::Restricted => "ContactBlockList",
            Disposition::TooManyCalls => "PerDayCallCountLimit",
            Disposition::OutsideHours => "InvalidStrategy",
            Disposition::Reached => "Unknown",
        },
    }
}

/// Our reasons that a vendor's word covers.
pub(super) fn failures_named(name: &str) -> Vec<ContactFailure> {
    let outcomes = Disposition::ALL
        .iter()
        .copied()
        .map(ContactFailure::Outcome);
    let all = outcomes.chain([ContactFailure::TimeUp]);
    all.filter(|failure| failure_reason(*failure).eq_ignore_ascii_case(name))
        .collect()
}

/// The vendor's statuses of calls; of those that never come about here nothing is found.
const TASK_STATUSES: [&str; 33] = [
    "Executing",
    "Succeeded",
    "NoAnswer",
    "NotExist",
    "Busy",
    "Cancelled",
    "Failed",
    "NotConnected",
    "PoweredOff",
    "OutOfService",
    "InArrears",
    "EmptyNumber",
    "PerDayCallCountLimit",
    "ContactBlockList",
    "CallerNotRegistered",
    "Terminated",
    "VerificationCancelled",
    "OutOfServiceNoCall",
    "InArrearsNoCall",
    "CallingNumberNotExist",
    "SucceededFinish",
    "SucceededChatbotHangUpAfterNoAnswer",
    "SucceededChatbotHangUpAfterSilence",
    "SucceededClientHangUpAfterNoAnswer",
    "SucceededClientHangUp",
    "SucceededTransferByIntent",
    "SucceededTransferAfterNoAnswer",
    "SucceededInoInterAction",
    "SucceededError",
    "SucceededSpecialInterceptVoiceAssistant",
    "SucceededSpecialInterceptExtensionNumberTransfer",
    "SucceededSpecialInterceptCustomSpecialIntercept",
    "HighRiskSipCode",
];

/// The status of all calls that were answered, which the vendor shows no more but still takes.
const SUCCEEDED: i64 = 1;

/// The statuses that stand for it.
const SUCCEEDED_ALL: std::ops::RangeInclusive<i64> = 20..=31;

fn task_coded(number: i64) -> Coded {
    let at = usize::try_from(number).expect("statuses are few");
    coded(number, TASK_STATUSES[at])
}

/// The vendor's status of a call.
pub(super) fn task_status(attempt: &DialAttempt, call: Option<&Call>) -> Coded {
    let ended = attempt.disposition;
    outcome_status(ended.map(|disposition| AttemptOutcome::of(disposition, call)))
}

/// The vendor's status of a call that ended so; `None` is one under way.
fn outcome_status(outcome: Option<AttemptOutcome>) -> Coded {
    let Some(outcome) = outcome else {
        return task_coded(0);
    };
    task_coded(match outcome.disposition {
        Disposition::Reached => reached_status(outcome.cause, outcome.side),
        Disposition::NoAnswer => 2,
        Disposition::EmptyNumber => 3,
        Disposition::Busy => 4,
        Disposition::Canceled => 5,
        Disposition::CallFailed | Disposition::OutsideHours => 6,
        // SIP does not tell a phone that is off from one that is out of reach.
        Disposition::Rejected | Disposition::NotReachable => 7,
        Disposition::TooManyCalls => 12,
        Disposition::Restricted => 13,
    })
}

fn reached_status(cause: Option<EndCause>, side: Option<HungUpSide>) -> i64 {
    match cause {
        Some(EndCause::CallerSilent) => 22,
        Some(cause) if is_error(cause) => 28,
        Some(_) if side == Some(HungUpSide::User) => 24,
        Some(_) | None => 20,
    }
}

/// Whether we broke the call off.
fn is_error(cause: EndCause) -> bool {
    matches!(
        cause,
        EndCause::RecognizerFailed
            | EndCause::ThinkerFailed
            | EndCause::SpeakerFailed
            | EndCause::MediaTimeout
            | EndCause::Crashed
            | EndCause::Fault
    )
}

/// Whether the voice agent came to its end.
pub(super) fn reached_end(cause: Option<EndCause>) -> bool {
    cause.is_some_and(EndCause::is_agents_end)
}

/// What is asked of how calls ended.
pub(super) struct Ended<'a> {
    /// The parameter that names statuses.
    pub field: &'static str,
    /// Statuses, by name or number, as a list.
    pub statuses: &'a str,
    /// Whether the voice agent came to its end.
    pub reached_end: Option<bool>,
    /// Whether it hung up because it understood nothing, which is never told apart here.
    pub gave_up: Option<bool>,
}

impl Ended<'_> {
    /// The outcomes that are asked for; `None` if nothing is asked.
    pub fn outcomes(&self) -> Result<Option<Outcomes>, Fault> {
        let numbers: Vec<i64> = names(self.statuses)
            .iter()
            .map(|name| {
                task_number(name)
                    .ok_or_else(|| Fault::invalid(self.field, "a status is none of the vendor's"))
            })
            .collect::<Result<_, _>>()?;
        if numbers.is_empty() && self.reached_end.is_none() && self.gave_up.is_none() {
            return Ok(None);
        }
        let is_status = |status: i64| {
            let all = numbers.contains(&SUCCEEDED) && SUCCEEDED_ALL.contains(&status);
            numbers.is_empty() || all || numbers.contains(&status)
        };
        Ok(Some(Outcomes::that(|outcome| {
            let end = reached_end(outcome.and_then(|outcome| outcome.cause));
            is_status(outcome_status(outcome).number)
                && self.reached_end.is_none_or(|wanted| wanted == end)
                && self.gave_up.is_none_or(|wanted| !wanted)
        })))
    }
}

/// The number of a vendor's status of a call, which is given by name or number.
fn task_number(name: &str) -> Option<i64> {
    let numbers = 0..TASK_STATUSES.len();
    let found = match name.parse::<usize>() {
        Ok(number) => Some(number).filter(|number| numbers.contains(number)),
        Err(_) => TASK_STATUSES
            .iter()
            .position(|status| status.eq_ignore_ascii_case(name)),
    };
    found.and_then(|number| i64::try_from(number).ok())
}

/// Names in a list: some clients send one name, some a list by commas, some a JSON list.
pub(super) fn names(text: &str) -> Vec<String> {
    let plain = text
        .trim()
        .trim_matches(|c| matches!(c, '[' | ']'))
        .replace('"', "");
    plain
        .split(',')
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

/// The states that vendor's statuses of jobs mean, by name or number; `None` if none are named.
pub(super) fn job_states(field: &str, statuses: &str) -> Result<Option<Vec<ContactState>>, Fault> {
    let names = names(statuses);
    let mut states = Vec::new();
    for name in &names {
        let number = name.parse::<i64>().ok();
        // Nothing here is a draft of a job.
        if number == Some(DRAFTED.number) || name.eq_ignore_ascii_case(DRAFTED.name) {
            continue;
        }
        let is_it = |state: &&ContactState| {
            let status = status(**state);
            Some(status.number) == number || status.name.eq_ignore_ascii_case(name)
        };
        let found = ContactState::ALL.iter().find(is_it).copied();
        states.push(found.ok_or_else(|| Fault::invalid(field, "it is none of the vendor's"))?);
    }
    Ok((!names.is_empty()).then_some(states))
}

/// The vendor's status of a job that nobody has handed in.
const DRAFTED: Coded = coded(6, "Drafted");

/// The vendor's reason for the end of a call that was answered.
pub(super) fn end_reason(call: &Call) -> Option<Coded> {
    call.answered_at?;
    Some(match call.cause? {
        EndCause::CallerSilent => coded(3, "CHATBOT_HANGUP_AFTER_SILENCE"),
        cause if is_error(cause) => coded(9, "ERROR"),
        _ if call.side == Some(HungUpSide::User) => coded(5, "CLIENT_HANGUP"),
        _ => coded(1, "FINISHED"),
    })
}

/// Who hung up, in the vendor's two words.
pub(super) fn hang_up_direction(call: &Call) -> Option<&'static str> {
    call.answered_at?;
    Some(match call.side? {
        HungUpSide::User => "client",
        HungUpSide::Staff | HungUpSide::System => "ivr",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(statuses: &str) -> Option<Outcomes> {
        let ended = Ended {
            field: "TaskStatusStringList",
            statuses,
            reached_end: None,
            gave_up: None,
        };
        ended.outcomes().unwrap()
    }

    #[test]
    fn statuses_come_by_name_by_number_and_as_a_list() {
        assert_eq!(asked(""), None);
        let busy = asked("Busy").unwrap();
        assert_eq!(asked("4").unwrap(), busy);
        assert_eq!(asked("[\"busy\"]").unwrap(), busy);
        assert!(
            busy.ended
                .iter()
                .all(|one| one.disposition == Disposition::Busy)
        );
        assert!(asked("Executing, Busy").unwrap().under_way);
    }

    #[test]
    fn succeeded_is_every_call_that_was_answered() {
        let all = asked("Succeeded").unwrap();
        assert!(
            all.ended
                .iter()
                .all(|one| one.disposition == Disposition::Reached)
        );
        let one = asked("SucceededClientHangUp").unwrap();
        assert!(one.ended.len() < all.ended.len());
        assert!(
            one.ended
                .iter()
                .all(|one| one.side == Some(HungUpSide::User))
        );
    }

    #[test]
    fn what_never_comes_about_is_found_never_and_what_is_no_status_is_refused() {
        assert_eq!(asked("InArrears").unwrap(), Outcomes::default());
        let odd = Ended {
            field: "TaskStatusStringList",
            statuses: "Odd",
            reached_end: None,
            gave_up: None,
        };
        assert_eq!(
            odd.outcomes().unwrap_err().code,
            "InvalidTaskStatusStringList"
        );
        assert_eq!(job_states("JobStatus", "6").unwrap(), Some(Vec::new()));
        assert_eq!(
            job_states("JobStatus", "x").unwrap_err().code,
            "InvalidJobStatus"
        );
    }
}
