//! Holds: a phone puts the call on hold, or somebody by request puts one side of it on hold.
//!
//! # Invariants
//!
//! - Music of hold is begun once and ended once, however many hold the same side.
//! - A hold by request ends with the talk that it interrupts: when one of the two gets another partner, and
//!   when somebody joins whom everybody hears. A supervisor who listens or whispers changes nothing.

use std::time::Instant;

use model::{CallEvent, HungUpSide, Refusal};

use super::Session;
use crate::call::{Output, Phase};

/// Whose phone is which of a pair.
const SIDES: [HungUpSide; 2] = [HungUpSide::User, HungUpSide::Staff];

/// Which of the two sides are on hold, and why; by the side that is on hold.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Holding {
    /// The other side's phone holds.
    by_phone: [bool; 2],
    /// By request.
    asked: [bool; 2],
}

impl Holding {
    fn is_on_hold(self, side: HungUpSide) -> bool {
        let idx = idx(side);
        self.by_phone[idx] || self.asked[idx]
    }
}

impl Session {
    /// Whether `side` may be put on hold now.
    pub(super) fn can_hold(&self) -> Result<(), Refusal> {
        let why = match self.handing.is_bridged() {
            _ if self.referring.is_some() => "the person is being handed over",
            false => "nobody else has the call",
            true if self.is_conference() => "several are in the call",
            true => return Ok(()),
        };
        Err(Refusal::Conflict { what: why.into() })
    }

    /// Somebody wants one side on hold, or to go on.
    pub(super) fn hold_by_request(&mut self, side: HungUpSide, on: bool, now: Instant) {
        let was = self.holding;
        if std::mem::replace(&mut self.holding.asked[idx(side)], on) != on {
            self.outputs.push_back(Output::Hold { side, on });
            self.hold_changed(side, was, now);
        }
    }

    /// A phone put the call on hold, or goes on: the other side hears music meanwhile.
    pub(super) fn held(&mut self, by: HungUpSide, held: bool, now: Instant) {
        if self.phase != Phase::Up || !self.handing.is_bridged() {
            return;
        }
        let was = self.holding;
        let side = opposite(by);
        self.holding.by_phone[idx(side)] = held;
        self.hold_changed(side, was, now);
    }

    /// The two do not go on with each other: nobody is on hold by request any more.
    pub(super) fn end_holds(&mut self, now: Instant) {
        for side in SIDES {
            self.hold_by_request(side, false, now);
        }
    }

    /// Somebody may have joined whom everybody hears.
    pub(super) fn end_holds_in_conference(&mut self, now: Instant) {
        if self.is_conference() {
            self.end_holds(now);
        }
    }

    /// `side` has another phone from now on, or none: the one before puts nobody on hold any more. Where that is
    /// the other side of the person, the shell says anew who holds.
    pub(super) fn partner_changes(&mut self, side: HungUpSide, now: Instant) {
        self.end_holds(now);
        match side {
            HungUpSide::User => self.holding.by_phone[idx(opposite(side))] = false,
            HungUpSide::Staff | HungUpSide::System => self.holding = Holding::default(),
        }
    }

    fn hold_changed(&mut self, side: HungUpSide, was: Holding, now: Instant) {
        let held = self.holding.is_on_hold(side);
        if was.is_on_hold(side) == held {
            return;
        }
        let by = opposite(side);
        self.record(CallEvent::HoldChanged { by, held }, now);
        // Nobody plays music into a conference; what was begun before it ends.
        if !held || !self.is_conference() {
            self.outputs.push_back(Output::HoldMusic { by, held });
        }
    }
}

fn idx(side: HungUpSide) -> usize {
    usize::from(side != HungUpSide::User)
}

fn opposite(side: HungUpSide) -> HungUpSide {
    match side {
        HungUpSide::User => HungUpSide::Staff,
        HungUpSide::Staff | HungUpSide::System => HungUpSide::User,
    }
}
