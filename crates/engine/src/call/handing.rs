//! How far a call has come with its other side: the phone that the person is handed over to, or that
//! a phone calls.
//!
//! # Invariants
//!
//! - At most one phone is rung or talked with.
//! - Looking for somebody ends: after [`OFFERS_MAX`] phones, or at [`HANDOVER_MAX`].

use std::time::{Duration, Instant};

use model::{EndCause, ServingEnd, SkillGroupId, TransferFailure};

use super::LegEvent;
use crate::sip_cause;

/// From the wish to the answer, all phones together: less than the conversation waits for it (120 s).
pub(super) const HANDOVER_MAX: Duration = Duration::from_secs(110);
/// How long one phone of several rings; the caller hears it ring meanwhile. Four rings of 5 s.
pub const OFFER_RING_MAX: Duration = Duration::from_secs(20);
/// Until a group whose people are all busy is asked again: what a person notices of it.
pub(super) const SEEK_AGAIN: Duration = Duration::from_secs(1);
/// Phones that are rung for one wish, one after the other.
pub(super) const OFFERS_MAX: u32 = 10;

/// What the shell found where a phone was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// This phone is called now: what happens to it comes as
    /// [`Input::Other`](super::Input::Other).
    Found(Box<model::Server>),
    /// The carrier of the person is asked to call this number itself (REFER): what it says comes as
    /// [`Input::ReferTold`](super::Input::ReferTold).
    Asked(Box<model::Server>),
    /// Everybody of this group, or of all (`None`), is busy, or others wait longer.
    AllBusy(Option<SkillGroupId>),
    /// Nobody, or nobody more.
    Nobody(TransferFailure),
}

/// Where a handover is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nobody is looked for.
    #[default]
    Idle,
    /// The rules of a group are asked for.
    Entering,
    /// The shell looks for a phone.
    Seeking,
    /// Everybody is busy.
    Waiting,
    /// The carrier is asked to call a number itself.
    Asked,
    /// A phone is called.
    Offered,
    /// It was answered, and the caller is being answered.
    Answered,
    /// Both hear each other.
    Bridged,
    /// Nobody was found, and a voice agent is being got ready.
    ToAgent,
}

/// A handover on its way.
#[derive(Debug, Default)]
pub(super) struct Handing {
    pub(super) stage: Stage,
    /// To whom.
    pub(super) target: String,
    /// The voice agent did not ask for it, and goes on by itself if it fails.
    pub(super) by_request: bool,
    /// Phones that were called.
    pub(super) n_offers: u32,
    /// Why the last of them was not answered.
    pub(super) last_failure: Option<TransferFailure>,
    /// That the call waits is told once.
    pub(super) is_queued: bool,
    pub(super) has_rung: bool,
    /// The phone that is called can be heard before its answer.
    pub(super) is_heard_early: bool,
    /// The carrier does as it was asked: who leaves is on the way to whom it calls.
    pub(super) is_taken: bool,
}

impl Handing {
    /// Somebody is to be found.
    pub(super) fn begin(target: &str, by_request: bool) -> Self {
        Self {
            stage: Stage::Seeking,
            target: target.to_owned(),
            by_request,
            ..Self::default()
        }
    }

    /// Whether a phone is called or talked with.
    pub(super) fn has_phone(&self) -> bool {
        match self.stage {
            Stage::Offered | Stage::Answered | Stage::Bridged => true,
            Stage::Idle
            | Stage::Entering
            | Stage::Seeking
            | Stage::Waiting
            | Stage::Asked
            | Stage::ToAgent => false,
        }
    }

    /// Whether the person waits for somebody.
    pub(super) fn is_on_its_way(&self) -> bool {
        match self.stage {
            Stage::Entering
            | Stage::Seeking
            | Stage::Waiting
            | Stage::Asked
            | Stage::Offered
            | Stage::Answered
            | Stage::ToAgent => true,
            Stage::Idle | Stage::Bridged => false,
        }
    }

    pub(super) fn is_bridged(&self) -> bool {
        self.stage == Stage::Bridged
    }
}

/// What the last event of a phone that was not answered says of it.
pub(super) fn end_of(event: &LegEvent) -> ServingEnd {
    match event {
        LegEvent::Refused {
            status,
            reason,
            q850,
            moved_to: _,
        } => match sip_cause::end_cause(*status, *q850, reason) {
            EndCause::Busy => ServingEnd::Busy,
            EndCause::Rejected => ServingEnd::Rejected,
            EndCause::NotAnswered => ServingEnd::NotAnswered,
            _ => ServingEnd::NotReachable,
        },
        LegEvent::Unanswered => ServingEnd::NotAnswered,
        LegEvent::Ended { .. } => ServingEnd::Rejected,
        LegEvent::NotEncrypted { .. } => ServingEnd::NotEncrypted,
        LegEvent::Dialed { .. }
        | LegEvent::Rerouted { .. }
        | LegEvent::Rang { .. }
        | LegEvent::EarlyMedia
        | LegEvent::Answered { .. }
        | LegEvent::MediaTimeout
        | LegEvent::Failed { .. } => ServingEnd::NotReachable,
    }
}

/// Why nobody took over, if the last phone ended so.
pub(super) fn failure_of(end: ServingEnd) -> TransferFailure {
    match end {
        ServingEnd::Served | ServingEnd::GivenUp | ServingEnd::NotAnswered => {
            TransferFailure::NotAnswered
        }
        ServingEnd::Busy => TransferFailure::Busy,
        ServingEnd::Rejected => TransferFailure::Rejected,
        ServingEnd::NotReachable | ServingEnd::NotEncrypted => TransferFailure::NotReachable,
    }
}

/// What a caller is told whom nobody takes.
pub(super) fn cause_of(failure: TransferFailure) -> EndCause {
    match failure {
        TransferFailure::Unknown => EndCause::NumberNotExist,
        TransferFailure::NobodyThere | TransferFailure::NotReachable => EndCause::NotReachable,
        // The last two are of voice agents, whom no caller waits for.
        TransferFailure::QueueFull
        | TransferFailure::NobodyFree
        | TransferFailure::Busy
        | TransferFailure::SameAgent
        | TransferFailure::TooOften => EndCause::Busy,
        TransferFailure::NotAnswered => EndCause::NotAnswered,
        TransferFailure::Rejected => EndCause::Rejected,
    }
}

/// When a handover that begins now must have come to something.
pub(super) fn until(now: Instant) -> Instant {
    now + HANDOVER_MAX
}
