//! What a final SIP status says about the end of a call.
//!
//! Carriers translate the telephone network's causes (Q.850) to SIP by RFC 3398 section 7.2.4.1,
//! which loses detail; the better ones send the original in a `Reason` header (RFC 3326). So the
//! Q.850 cause counts first, then words that are plain where the status is vague, then the status.
//!
//! The words of an [`EndCause`] are translated by each dialect: `Busy` is `206 busy` to Tencent.

use model::EndCause;

/// Why an INVITE was refused that got the final `status`, 300 to 699, with a Q.850 cause and the
/// peer's words if it gave any.
pub fn end_cause(status: u16, q850: Option<u16>, reason: &str) -> EndCause {
    q850.and_then(by_q850)
        .or_else(|| by_words(status, reason))
        .unwrap_or_else(|| by_status(status))
}

/// ITU-T Q.850 table 1. Causes that say no more than "ended" (16, 31, 127) are left to the status.
fn by_q850(cause: u16) -> Option<EndCause> {
    match cause {
        // Unallocated number; number changed.
        1 | 22 => Some(EndCause::NumberNotExist),
        17 => Some(EndCause::Busy),
        // No user responding; no answer from user.
        18 | 19 => Some(EndCause::NotAnswered),
        // Subscriber absent: a mobile phone that is off; destination out of order.
        20 | 27 => Some(EndCause::NotReachable),
        21 => Some(EndCause::Rejected),
        // Invalid number format.
        28 => Some(EndCause::NumberInvalid),
        // Operator determined barring; not subscribed, outgoing or incoming calls barred, bearer
        // not authorized; not a member of the closed group.
        8 | 50 | 52..=55 | 57 | 87 => Some(EndCause::CarrierBlocked),
        // No route; facility rejected; no circuit, network out of order, congestion and their like;
        // incompatible destination; protocol errors.
        2
        | 3
        | 5
        | 6
        | 25
        | 26
        | 29
        | 34
        | 38
        | 41..=44
        | 46
        | 47
        | 49
        | 58
        | 63
        | 65
        | 66
        | 69
        | 79
        | 88
        | 91
        | 95..=102
        | 111 => Some(EndCause::LineFault),
        _ => None,
    }
}

/// What a cause is called in ITU-T Q.850 table 1; `None`: it stands for none there.
pub fn q850_name(cause: u16) -> Option<&'static str> {
    let at = Q850_NAMES.binary_search_by_key(&cause, |(number, _)| *number);
    at.ok().map(|at| Q850_NAMES[at].1)
}

/// ITU-T Q.850 table 1.
const Q850_NAMES: [(u16, &str); 54] = [
    (1, "unallocated (unassigned) number"),
    (2, "no route to specified transit network"),
    (3, "no route to destination"),
    (4, "send special information tone"),
    (5, "misdialled trunk prefix"),
    (6, "channel unacceptable"),
    (
        7,
        "call awarded and being delivered in an established channel",
    ),
    (8, "preemption"),
    (9, "preemption - circuit reserved for reuse"),
    (14, "query on release: ported number"),
    (16, "normal call clearing"),
    (17, "user busy"),
    (18, "no user responding"),
    (19, "no answer from user (user alerted)"),
    (20, "subscriber absent"),
    (21, "call rejected"),
    (22, "number changed"),
    (23, "redirection to new destination"),
    (25, "exchange routing error"),
    (26, "non-selected user clearing"),
    (27, "destination out of order"),
    (28, "invalid number format (address incomplete)"),
    (29, "facility rejected"),
    (30, "response to STATUS ENQUIRY"),
    (31, "normal, unspecified"),
    (34, "no circuit/channel available"),
    (38, "network out of order"),
    (39, "permanent frame mode connection out of service"),
    (40, "permanent frame mode connection operational"),
    (41, "temporary failure"),
    (42, "switching equipment congestion"),
    (43, "access information discarded"),
    (44, "requested circuit/channel not available"),
    (46, "precedence call blocked"),
    (47, "resource unavailable, unspecified"),
    (49, "quality of service unavailable"),
    (50, "requested facility not subscribed"),
    (53, "outgoing calls barred within CUG"),
    (55, "incoming calls barred within CUG"),
    (57, "bearer capability not authorized"),
    (58, "bearer capability not presently available"),
    (
        62,
        "inconsistency in designated outgoing access information and subscriber class",
    ),
    (63, "service or option not available, unspecified"),
    (65, "bearer capability not implemented"),
    (66, "channel type not implemented"),
    (69, "requested facility not implemented"),
    (79, "service or option not implemented, unspecified"),
    (87, "user not member of CUG"),
    (88, "incompatible destination"),
    (95, "invalid message, unspecified"),
    (97, "message type non-existent or not implemented"),
    (102, "recovery on timer expiry"),
    (111, "protocol error, unspecified"),
    (127, "interworking, unspecified"),
];

/// Words of carriers that send no Q.850 cause, looked for only where the status says no more than
/// "not now" (480) or "something failed" (5xx).
const WORDS: [(&str, EndCause); 14] = [
    ("powered off", EndCause::NotReachable),
    ("power off", EndCause::NotReachable),
    ("switched off", EndCause::NotReachable),
    ("not reachable", EndCause::NotReachable),
    ("subscriber absent", EndCause::NotReachable),
    ("关机", EndCause::NotReachable),
    ("unallocated", EndCause::NumberNotExist),
    ("does not exist", EndCause::NumberNotExist),
    ("空号", EndCause::NumberNotExist),
    ("user busy", EndCause::Busy),
    ("用户忙", EndCause::Busy),
    ("no answer", EndCause::NotAnswered),
    ("无人接听", EndCause::NotAnswered),
    ("invalid number", EndCause::NumberInvalid),
];

fn by_words(status: u16, reason: &str) -> Option<EndCause> {
    if status != 480 && !(500..600).contains(&status) {
        return None;
    }
    let reason = reason.to_lowercase();
    WORDS
        .iter()
        .find(|(words, _)| reason.contains(words))
        .map(|(_, cause)| *cause)
}

/// RFC 3261 section 21; the sense of each where it meets the telephone network by RFC 3398 section
/// 8.2.6.1.
fn by_status(status: u16) -> EndCause {
    match status {
        // 408 comes from a proxy whose phone did not answer; a trunk that says nothing at all is a
        // failed leg, not a status. 487 without a CANCEL of ours: somebody on the way gave up.
        408 | 480 | 487 => EndCause::NotAnswered,
        486 | 600 => EndCause::Busy,
        // Declined, by the phone; 607 by its owner's filter (RFC 8197).
        603 | 607 => EndCause::Rejected,
        404 | 410 | 604 => EndCause::NumberNotExist,
        484 | 485 => EndCause::NumberInvalid,
        // Payment required, forbidden; anonymity disallowed (RFC 5079), bad or missing identity
        // (RFC 8224); rejected by an analysis on the way (RFC 8688).
        402 | 403 | 428 | 433 | 436 | 437 | 438 | 608 => EndCause::CarrierBlocked,
        // Redirections are not followed; 401 and 407 get here when the trunk's password is wrong;
        // 488 and 606 when there is no codec in common.
        300..=399 | 400..=499 | 500..=599 | 606 => EndCause::LineFault,
        // Any other global failure means that no place of the callee wants the call.
        _ => EndCause::Rejected,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_documented_statuses_have_their_documented_causes() {
        for (status, cause) in [
            (302, EndCause::LineFault),
            (401, EndCause::LineFault),
            (403, EndCause::CarrierBlocked),
            (404, EndCause::NumberNotExist),
            (407, EndCause::LineFault),
            (408, EndCause::NotAnswered),
            (410, EndCause::NumberNotExist),
            (480, EndCause::NotAnswered),
            (484, EndCause::NumberInvalid),
            (486, EndCause::Busy),
            (488, EndCause::LineFault),
            (500, EndCause::LineFault),
            (502, EndCause::LineFault),
            (503, EndCause::LineFault),
            (504, EndCause::LineFault),
            (600, EndCause::Busy),
            (603, EndCause::Rejected),
            (604, EndCause::NumberNotExist),
            (606, EndCause::LineFault),
            (608, EndCause::CarrierBlocked),
        ] {
            assert_eq!(end_cause(status, None, ""), cause, "{status}");
        }
    }

    #[test]
    fn the_network_s_own_cause_counts_more_than_its_translation() {
        for (status, q850, cause) in [
            (480, 20, EndCause::NotReachable),
            (503, 17, EndCause::Busy),
            (500, 1, EndCause::NumberNotExist),
            (603, 19, EndCause::NotAnswered),
            (404, 28, EndCause::NumberInvalid),
            (503, 34, EndCause::LineFault),
        ] {
            assert_eq!(end_cause(status, Some(q850), ""), cause, "{status} {q850}");
        }
    }

    #[test]
    fn a_cause_that_says_nothing_leaves_it_to_the_status() {
        for q850 in [0, 16, 31, 127, 9999] {
            assert_eq!(end_cause(486, Some(q850), ""), EndCause::Busy, "{q850}");
        }
    }

    #[test]
    fn causes_have_the_names_of_the_standard() {
        assert!(Q850_NAMES.is_sorted());
        assert_eq!(q850_name(17), Some("user busy"));
        assert_eq!(q850_name(127), Some("interworking, unspecified"));
        assert_eq!(
            (q850_name(0), q850_name(10), q850_name(9999)),
            (None, None, None)
        );
    }

    #[test]
    fn words_count_only_where_the_status_is_vague() {
        assert_eq!(
            end_cause(480, None, "The phone is Powered Off"),
            EndCause::NotReachable
        );
        assert_eq!(end_cause(503, None, "空号"), EndCause::NumberNotExist);
        assert_eq!(end_cause(486, None, "power off"), EndCause::Busy);
        assert_eq!(end_cause(480, Some(17), "power off"), EndCause::Busy);
    }

    proptest! {
        #[test]
        fn every_refusal_is_a_cause_of_a_call_nobody_answered(
            status in 300u16..700,
            q850 in prop::option::of(0u16..200),
            reason in ".{0,40}",
        ) {
            let cause = end_cause(status, q850, &reason);
            prop_assert!(
                [
                    EndCause::Busy,
                    EndCause::Rejected,
                    EndCause::NotAnswered,
                    EndCause::NotReachable,
                    EndCause::NumberNotExist,
                    EndCause::NumberInvalid,
                    EndCause::CarrierBlocked,
                    EndCause::LineFault,
                ]
                .contains(&cause)
            );
        }
    }
}
