//! How the record of a call reads that was refused before it was dialed.

use model::{CallRuleKind, EndCause, Refusal};

/// The end cause of a call that `refusal` kept from being dialed; `None` where no call came to
/// be, so that there is nothing to record: the request was wrong, or there was no room for it.
pub fn end_cause(refusal: &Refusal) -> Option<EndCause> {
    match refusal {
        Refusal::RuleForbids { rule, .. } => Some(rule_end_cause(*rule)),
        Refusal::CallQuotaExhausted | Refusal::AgentQuotaExhausted => {
            Some(EndCause::QuotaExhausted)
        }
        Refusal::NoCallerNumber { .. } => Some(EndCause::NoNumber),
        Refusal::TrunkFailed { .. } => Some(EndCause::LineFault),
        Refusal::TenantNotFound(_)
        | Refusal::NotFound { .. }
        | Refusal::CallNotFound
        | Refusal::CallNotControllable { .. }
        | Refusal::SoundNotFound(_)
        | Refusal::NotPermitted
        | Refusal::Invalid { .. }
        | Refusal::Conflict { .. }
        | Refusal::NoAgentSlot { .. }
        | Refusal::Draining => None,
    }
}

/// The end cause of a call that this rule forbids. All three limits of frequency are one cause, as
/// the vendor's `tooManyRequest` is.
pub fn rule_end_cause(rule: CallRuleKind) -> EndCause {
    match rule {
        CallRuleKind::DoNotCall => EndCause::CalleeRestricted,
        CallRuleKind::BlindArea => EndCause::AreaRestricted,
        CallRuleKind::WorkingHours => EndCause::OutsideHours,
        CallRuleKind::CallerFrequency
        | CallRuleKind::CalleeInterval
        | CallRuleKind::CalleePerDay => EndCause::TooManyCalls,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forbidden_call_is_recorded_with_the_cause_of_its_rule() {
        let refusal = Refusal::RuleForbids {
            rule: CallRuleKind::WorkingHours,
            detail: String::new(),
        };
        assert_eq!(end_cause(&refusal), Some(EndCause::OutsideHours));
    }

    #[test]
    fn a_wrong_request_leaves_no_call() {
        assert_eq!(end_cause(&Refusal::NotPermitted), None);
    }
}
