//! What a leg's events say of the trunk that carries it.

use engine::call::LegEvent;

/// What an event says of the trunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing.
    Unsaid,
    /// It works, whatever became of the call.
    Went,
    /// It failed, so: another may do better.
    TrunkFailed(String),
}

/// Judges one event. A trunk fails by silence, by a message that cannot be sent, and by the server
/// failures that say "not here, not now" (502, 503, 504): not by anything that is about the callee.
pub(super) fn verdict(event: &LegEvent) -> Verdict {
    match event {
        LegEvent::Rang { .. } | LegEvent::EarlyMedia | LegEvent::Answered { .. } => Verdict::Went,
        // A Q.850 cause comes from the network behind the trunk.
        LegEvent::Refused {
            status: status @ 502..=504,
            reason,
            q850: None,
            ..
        } => Verdict::TrunkFailed(format!("{status} {reason}")),
        LegEvent::Refused { .. } => Verdict::Went,
        LegEvent::Failed { why } => Verdict::TrunkFailed(why.clone()),
        LegEvent::Dialed { .. }
        | LegEvent::Rerouted { .. }
        | LegEvent::Unanswered
        | LegEvent::Ended { .. }
        | LegEvent::MediaTimeout
        | LegEvent::NotEncrypted { .. } => Verdict::Unsaid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, q850: Option<u16>) -> Verdict {
        verdict(&LegEvent::Refused {
            status,
            reason: "words".into(),
            q850,
            moved_to: None,
        })
    }

    #[test]
    fn a_trunk_fails_by_what_is_not_about_the_callee() {
        assert_eq!(refused(503, None), Verdict::TrunkFailed("503 words".into()));
        for status in [404, 480, 486, 488, 500, 600, 603] {
            assert_eq!(refused(status, None), Verdict::Went, "{status}");
        }
        assert_eq!(refused(503, Some(17)), Verdict::Went);
        let silent = LegEvent::Failed {
            why: "the trunk does not answer".into(),
        };
        assert!(matches!(verdict(&silent), Verdict::TrunkFailed(_)));
        assert_eq!(verdict(&LegEvent::Unanswered), Verdict::Unsaid);
    }
}
