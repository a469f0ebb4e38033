//! Why a call ends, from what the leg says and who decided.

use std::time::Instant;

use model::{Direction, EndCause, HungUpSide};

use super::{LegEvent, Phase};
use crate::sip_cause;

/// The decision that ended a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ending {
    pub(super) cause: EndCause,
    pub(super) side: HungUpSide,
    pub(super) at: Instant,
    pub(super) is_answered: bool,
}

/// What a leg's last event says, if nothing was decided before it.
#[derive(Debug)]
pub(super) struct LegEnd {
    pub(super) cause: EndCause,
    pub(super) side: HungUpSide,
    pub(super) sip_status: Option<u16>,
    pub(super) words: String,
}

impl Default for LegEnd {
    /// A leg that never said why.
    fn default() -> Self {
        Self::by_system(EndCause::LineFault, String::new())
    }
}

impl LegEnd {
    /// What `event`, the last of a leg, says. An event that is not a last one reads as a fault of
    /// the line.
    pub(super) fn of(event: LegEvent, direction: Direction, is_answered: bool) -> Self {
        match event {
            LegEvent::Refused {
                status,
                reason,
                q850,
                moved_to: _,
            } => {
                let cause = sip_cause::end_cause(status, q850, &reason);
                Self {
                    cause,
                    side: if cause == EndCause::Rejected {
                        HungUpSide::User
                    } else {
                        HungUpSide::System
                    },
                    sip_status: Some(status),
                    words: reason,
                }
            }
            LegEvent::Unanswered => Self::by_system(EndCause::NotAnswered, String::new()),
            LegEvent::Ended {
                by_peer: true,
                reason,
            } => Self {
                cause: match (is_answered, direction) {
                    (true, Direction::Inbound | Direction::Outbound) => EndCause::Completed,
                    // The caller gave up before we answered.
                    (false, Direction::Inbound) => EndCause::NotAnswered,
                    (false, Direction::Outbound) => EndCause::Rejected,
                },
                side: HungUpSide::User,
                sip_status: None,
                words: reason,
            },
            LegEvent::Ended {
                by_peer: false,
                reason,
            } => Self::by_system(EndCause::LineFault, reason),
            LegEvent::Failed { why } => Self::by_system(EndCause::LineFault, why),
            LegEvent::Dialed { .. }
            | LegEvent::Rerouted { .. }
            | LegEvent::Rang { .. }
            | LegEvent::EarlyMedia
            | LegEvent::Answered { .. }
            | LegEvent::MediaTimeout
            | LegEvent::NotEncrypted { .. } => Self::default(),
        }
    }

    /// A leg whose peer is done, or goes on elsewhere.
    pub(super) fn completed(side: HungUpSide) -> Self {
        Self {
            cause: EndCause::Completed,
            side,
            sip_status: None,
            words: String::new(),
        }
    }

    fn by_system(cause: EndCause, words: String) -> Self {
        Self {
            cause,
            side: HungUpSide::System,
            sip_status: None,
            words,
        }
    }
}

/// The cause of a call that somebody asked to end in `phase`: `if_up` once it was answered, else
/// how far it had come.
pub(super) fn requested(phase: Phase, if_up: EndCause) -> EndCause {
    match phase {
        Phase::New | Phase::Dialing => EndCause::CanceledBeforeRinging,
        Phase::Ringing | Phase::Canceling => EndCause::CanceledWhileRinging,
        Phase::Up | Phase::HangingUp | Phase::Settling | Phase::Ended => if_up,
    }
}
