//! Further parties of a call: who is rung for it, who talks in it, and who listens in.
//!
//! # Invariants
//!
//! - At most [`PARTIES_MAX`] are rung or in the call at once: a conference has eight seats, of which
//!   the person and whoever serves the person have two.
//! - Every phone that is rung has a deadline.

use std::time::Instant;

use model::{PartyId, PartyRole, Refusal, ServingEnd, TransferFailure};

use super::{LegEvent, Sought, handing};

/// Further parties that are rung or in the call at once.
pub const PARTIES_MAX: usize = 6;

/// Further parties that one call may have had at its end: each has a track and a line in the record.
pub(super) const PARTIES_EVER_MAX: u32 = 60;

/// Somebody who is wanted in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// What they are to be.
    pub role: PartyRole,
    /// An extension, a number, a person or a skill group.
    pub target: String,
    /// Who wants them, in words for the records.
    pub by: String,
}

/// What happened to a further party's phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartyInput {
    /// What was found where its phone was looked for.
    Sought(Sought),
    /// Signalling. Media that ends, too.
    Leg(LegEvent),
    /// It holds, or goes on.
    Held(bool),
    /// A key was pressed on it.
    Pressed(char),
}

/// How far one has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The shell looks for a phone.
    Seeking,
    /// Its phone is called.
    Invited,
    /// It is in the call.
    Joined,
}

#[derive(Debug)]
pub(super) struct Party {
    pub(super) id: PartyId,
    pub(super) role: PartyRole,
    pub(super) stage: Stage,
    pub(super) has_rung: bool,
    /// When its phone must have been answered.
    pub(super) until: Option<Instant>,
}

/// Those of one call.
#[derive(Debug, Default)]
pub(super) struct Parties {
    n_ever: u32,
    present: Vec<Party>,
}

impl Parties {
    /// Whether one more may come.
    pub(super) fn has_room(&self) -> Result<(), Refusal> {
        let what = if self.present.len() >= PARTIES_MAX {
            format!("{PARTIES_MAX} further parties are in the call or rung")
        } else if self.n_ever >= PARTIES_EVER_MAX {
            format!("the call has had {PARTIES_EVER_MAX} further parties")
        } else {
            return Ok(());
        };
        Err(Refusal::Conflict { what })
    }

    pub(super) fn add(&mut self, role: PartyRole) -> PartyId {
        self.n_ever += 1;
        let id = PartyId(self.n_ever);
        self.present.push(Party {
            id,
            role,
            stage: Stage::Seeking,
            has_rung: false,
            until: None,
        });
        id
    }

    pub(super) fn find(&mut self, id: PartyId) -> Option<&mut Party> {
        self.present.iter_mut().find(|party| party.id == id)
    }

    pub(super) fn get(&self, id: PartyId) -> Option<&Party> {
        self.present.iter().find(|party| party.id == id)
    }

    pub(super) fn remove(&mut self, id: PartyId) -> Option<Party> {
        let at = self.present.iter().position(|party| party.id == id)?;
        Some(self.present.remove(at))
    }

    /// All of them, who are gone then.
    pub(super) fn take_all(&mut self) -> Vec<Party> {
        std::mem::take(&mut self.present)
    }

    /// Whether anybody is rung or in the call.
    pub(super) fn is_any(&self) -> bool {
        !self.present.is_empty()
    }

    /// How many talk so that everybody hears them.
    pub(super) fn n_talking(&self) -> usize {
        let talks = |party: &&Party| party.stage == Stage::Joined && party.role.is_heard();
        self.present.iter().filter(talks).count()
    }

    /// The earliest deadline of a phone that is rung.
    pub(super) fn until(&self) -> Option<Instant> {
        self.present.iter().filter_map(|party| party.until).min()
    }

    /// Somebody whose phone was not answered by `now`.
    pub(super) fn late(&self, now: Instant) -> Option<PartyId> {
        let is_late = |party: &&Party| party.until.is_some_and(|until| until <= now);
        self.present.iter().find(is_late).map(|party| party.id)
    }
}

/// What the last event of a phone says of its party.
pub(super) fn end_of(event: &LegEvent, stage: Stage) -> ServingEnd {
    match stage {
        Stage::Joined => ServingEnd::Served,
        Stage::Seeking | Stage::Invited => handing::end_of(event),
    }
}

/// Why no phone could be called, from what was found.
pub(super) fn failure_of(sought: &Sought) -> TransferFailure {
    match sought {
        Sought::Found(_) | Sought::AllBusy(_) => TransferFailure::NobodyFree,
        // Only whoever hands a person over asks its carrier.
        Sought::Asked(_) => TransferFailure::NotReachable,
        Sought::Nobody(why) => *why,
    }
}
