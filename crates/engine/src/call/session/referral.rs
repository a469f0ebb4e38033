//! A phone that gives its place to another one (REFER, RFC 3515; Replaces, RFC 3891).
//!
//! # Invariants
//!
//! - One place of a call is given away at a time, and never while somebody is looked for otherwise.
//! - Who has the place keeps it until another phone is answered; who hung up meanwhile ends the call
//!   if none is.
//! - Whoever asked is answered once, and told the end once.

use std::time::Instant;

use model::{CallEvent, CallId, EndCause, HungUpSide, Referral, ServingEnd, TransferFailure};

use super::Session;
use crate::call::{
    First, LegEvent, Output, Phase, Successor,
    deadline::{Deadline, RING_GUARD},
    ending::{self, LegEnd},
    handing::{self, Handing, OFFER_RING_MAX, OFFERS_MAX, SEEK_AGAIN, Sought, Stage},
    referring::{Referring, TAKE_MAX, status_of},
};

impl Session {
    /// Whether the place of `side` can be given away now: not while further parties are in the call or
    /// rung for it.
    ///
    /// # Errors
    ///
    /// The SIP status to refuse with: 480 for a call that is not up, 403 for one with further parties, 491
    /// while somebody is looked for (RFC 3515 leaves the second REFER to us), 603 for a place that nobody has.
    pub fn may_refer(&self, side: HungUpSide) -> Result<(), u16> {
        if self.phase != Phase::Up || self.is_ending() {
            return Err(480);
        }
        // Nobody could say who of several goes on with whom.
        if self.parties.is_any() {
            return Err(403);
        }
        let is_busy = self.handing.is_on_its_way() || self.sounds.is_any();
        if self.referring.is_some() || is_busy {
            return Err(491);
        }
        match (side, self.handing.stage) {
            (HungUpSide::User, _) | (HungUpSide::Staff, Stage::Bridged) => Ok(()),
            (HungUpSide::Staff | HungUpSide::System, _) => Err(603),
        }
    }

    /// Whether the phone in the place of `side` can go on in another call.
    pub fn may_give(&self, side: HungUpSide) -> bool {
        let is_alone = self.referring.is_none() && !self.parties.is_any();
        let is_quiet = is_alone && !self.is_ending();
        is_quiet
            && self.phase == Phase::Up
            && self.handing.is_bridged()
            && side != HungUpSide::System
    }

    /// Whom a phone that called waits for: nobody has answered it yet. Another call of its may have them rung
    /// instead.
    pub fn rung(&self) -> Option<&str> {
        let is_early = matches!(self.phase, Phase::Dialing | Phase::Ringing);
        let is_looking = matches!(
            self.handing.stage,
            Stage::Seeking | Stage::Waiting | Stage::Offered
        );
        let is_phones = matches!(self.settings.first, First::Phone { .. });
        let waits = is_early && is_looking && is_phones && !self.is_ending();
        waits.then_some(self.handing.target.as_str())
    }

    /// Whether another phone may take the place of the one that rings.
    pub fn may_pick_up(&self) -> bool {
        self.handing.stage == Stage::Offered && !self.is_ending()
    }

    /// The place of `side` is to be given away.
    pub(super) fn refer(&mut self, side: HungUpSide, to: &Successor, now: Instant) {
        if self.phase == Phase::Ended {
            return;
        }
        if let Err(status) = self.may_refer(side) {
            self.outputs.push_back(Output::AnswerRefer { status });
            return;
        }
        let (target, call) = (to.words(), to.call());
        let asked = Referral::Asked {
            side,
            target: target.clone(),
            call: call.clone(),
        };
        self.record(CallEvent::Referral(asked), now);
        let rings = matches!(to, Successor::Phone(_));
        self.referring = Some(Referring {
            side,
            search: Handing::begin(&target, true),
            has_left: false,
            rings,
        });
        self.deadlines
            .set(Deadline::Handover, Some(handing::until(now)));
        self.outputs.push_back(Output::AnswerRefer { status: 202 });
        match to {
            Successor::Phone(_) => {
                self.ring_back(side, true);
                self.outputs.push_back(Output::SeekNext { target });
            }
            Successor::Call { call, .. } => {
                let call = call.clone();
                self.outputs.push_back(Output::FetchNext { call });
            }
            Successor::Caller(server) => {
                self.outputs.push_back(Output::AnswerNext);
                self.sought_next(Sought::Found(server.clone()), now);
            }
        }
    }

    /// Whoever does not give its place away hears it ring, and a voice agent waits.
    fn ring_back(&mut self, side: HungUpSide, on: bool) {
        self.outputs
            .push_back(match (self.handing.is_bridged(), on) {
                (true, on) => Output::RingBack { side, on },
                (false, true) => Output::PauseVoice,
                (false, false) => Output::ResumeVoice,
            });
    }

    /// What the shell found for a place.
    pub(super) fn sought_next(&mut self, sought: Sought, now: Instant) {
        let wanted = self.referring.as_mut().filter(|referring| {
            matches!(referring.search.stage, Stage::Seeking) && self.ending.is_none()
        });
        let Some(referring) = wanted else {
            // What was closed is forgotten: its shell lets go of everything.
            if matches!(sought, Sought::Found(_)) && self.phase != Phase::Ended {
                let cause = EndCause::CanceledBeforeRinging;
                self.outputs.push_back(Output::DropNext { cause });
            }
            return;
        };
        match sought {
            Sought::Found(server) => {
                referring.search.stage = Stage::Offered;
                referring.search.n_offers += 1;
                referring.search.has_rung = false;
                let patience = match referring.rings {
                    true => OFFER_RING_MAX + RING_GUARD,
                    false => TAKE_MAX,
                };
                self.deadlines.set(Deadline::Offer, Some(now + patience));
                self.record(CallEvent::Offered(*server), now);
            }
            Sought::AllBusy(group) => {
                referring.search.stage = Stage::Waiting;
                let is_queued = std::mem::replace(&mut referring.search.is_queued, true);
                self.deadlines.set(Deadline::Seek, Some(now + SEEK_AGAIN));
                if !is_queued {
                    self.record(CallEvent::Queued { skill_group: group }, now);
                }
            }
            // Only whoever hands a person over asks its carrier.
            Sought::Asked(_) => self.referral_failed(TransferFailure::NotReachable, now),
            Sought::Nobody(why) => {
                let why = referring.search.last_failure.unwrap_or(why);
                self.referral_failed(why, now);
            }
        }
    }

    /// Whoever rings in the call that a REFER names is rung for the place: a transfer while it rings (RFC 5589
    /// section 7.6 leaves to us how).
    pub(super) fn next_rings(&mut self, target: String) {
        let wanted = self.referring.as_mut().filter(|referring| {
            let is_fetched = matches!(referring.search.stage, Stage::Seeking) && !referring.rings;
            is_fetched && self.ending.is_none()
        });
        let Some(referring) = wanted else {
            return;
        };
        referring.search.target.clone_from(&target);
        referring.rings = true;
        let side = referring.side;
        self.ring_back(side, true);
        self.outputs.push_back(Output::SeekNext { target });
    }

    /// What happened to the phone that a place is given to.
    pub(super) fn next(&mut self, event: LegEvent, now: Instant) {
        let is_offered = self
            .referring
            .as_ref()
            .is_some_and(|referring| referring.search.stage == Stage::Offered);
        if !is_offered {
            return;
        }
        match event {
            LegEvent::Dialed { .. }
            | LegEvent::Rerouted { .. }
            | LegEvent::EarlyMedia
            | LegEvent::MediaTimeout
            | LegEvent::NotEncrypted { .. } => {}
            LegEvent::Rang { .. } => self.next_rang(now),
            LegEvent::Answered { codec, peer } => self.place_taken(codec, peer, now),
            LegEvent::Refused { .. }
            | LegEvent::Unanswered
            | LegEvent::Ended { .. }
            | LegEvent::Failed { .. } => self.next_over(handing::end_of(&event), now),
        }
    }

    fn next_rang(&mut self, now: Instant) {
        let Some(referring) = &mut self.referring else {
            return;
        };
        if !std::mem::replace(&mut referring.search.has_rung, true) {
            self.record(CallEvent::OfferRang, now);
            self.outputs.push_back(Output::TellReferrer { status: 180 });
        }
    }

    fn place_taken(&mut self, codec: String, peer: String, now: Instant) {
        let Some(Referring { side, rings, .. }) = self.referring.take() else {
            return;
        };
        self.stop_looking();
        self.partner_changes(side, now);
        self.record(
            CallEvent::Referral(Referral::Taken { side, codec, peer }),
            now,
        );
        self.outputs.push_back(Output::TellReferrer { status: 200 });
        self.outputs.push_back(Output::TakePlace { side });
        if rings {
            self.ring_back(side, false);
        }
        if side == HungUpSide::User {
            self.listen_to_another(now);
        }
    }

    /// One phone was not answered: the next one, if there is one.
    fn next_over(&mut self, end: ServingEnd, now: Instant) {
        self.deadlines.set(Deadline::Offer, None);
        self.record(CallEvent::ServingEnded { end }, now);
        let failure = handing::failure_of(end);
        let Some(referring) = &mut self.referring else {
            return;
        };
        referring.search.last_failure = Some(failure);
        if !referring.rings || referring.search.n_offers >= OFFERS_MAX {
            return self.referral_failed(failure, now);
        }
        self.seek_next();
    }

    fn seek_next(&mut self) {
        if let Some(referring) = &mut self.referring {
            referring.search.stage = Stage::Seeking;
            let target = referring.search.target.clone();
            self.outputs.push_back(Output::SeekNext { target });
        }
    }

    /// Nobody takes the place: whoever asked keeps it, or the call ends if it has left.
    fn referral_failed(&mut self, why: TransferFailure, now: Instant) {
        let Some(referring) = self.referring.take() else {
            return;
        };
        self.stop_looking();
        self.record(CallEvent::TransferFailed { why }, now);
        let status = status_of(why);
        self.outputs.push_back(Output::TellReferrer { status });
        let side = referring.side;
        if !referring.has_left {
            if referring.rings {
                self.ring_back(side, false);
            }
            return;
        }
        match side {
            HungUpSide::User => self.leg_over(LegEnd::completed(side), now),
            HungUpSide::Staff | HungUpSide::System => {
                self.handing.stage = Stage::Idle;
                self.hang_up_by(EndCause::Completed, side, now);
            }
        }
    }

    fn stop_looking(&mut self) {
        for deadline in [Deadline::Handover, Deadline::Offer, Deadline::Seek] {
            self.deadlines.set(deadline, None);
        }
    }

    /// The phone in the place of `side` is over. Gives whether that ends nothing, because its place is
    /// being given away.
    pub(super) fn has_left(&mut self, side: HungUpSide, now: Instant) -> bool {
        let is_ending = self.is_ending();
        let Some(referring) = &mut self.referring else {
            return false;
        };
        if is_ending || referring.side != side {
            return false;
        }
        if !std::mem::replace(&mut referring.has_left, true) {
            self.record(CallEvent::Referral(Referral::Left { side }), now);
        }
        true
    }

    /// Whether a silent leg of `side` matters: whoever gives its place away may have stopped to send.
    pub(super) fn is_heard_for(&self, side: HungUpSide) -> bool {
        let referring = self.referring.as_ref();
        referring.is_none_or(|referring| referring.side != side)
    }

    /// A deadline of the search has come.
    pub(super) fn referral_expired(&mut self, deadline: Deadline, now: Instant) {
        let Some(referring) = &self.referring else {
            return;
        };
        let last_failure = referring.search.last_failure;
        match (deadline, referring.search.stage) {
            (Deadline::Seek, Stage::Waiting) => self.seek_next(),
            (Deadline::Offer, Stage::Offered) => {
                self.drop_next(EndCause::NotAnswered);
                self.next_over(ServingEnd::NotAnswered, now);
            }
            (Deadline::Handover, Stage::Offered) => {
                self.drop_next(EndCause::NotAnswered);
                let end = ServingEnd::NotAnswered;
                self.record(CallEvent::ServingEnded { end }, now);
                self.referral_failed(TransferFailure::NotAnswered, now);
            }
            (Deadline::Handover, _) => {
                self.referral_failed(last_failure.unwrap_or(TransferFailure::NobodyFree), now);
            }
            _ => {}
        }
    }

    fn drop_next(&mut self, cause: EndCause) {
        self.outputs.push_back(Output::DropNext { cause });
    }

    /// The call ends: nobody takes a place of it any more.
    pub(super) fn give_up_next(&mut self, cause: EndCause) {
        let Some(referring) = self.referring.take() else {
            return;
        };
        if referring.search.has_phone() {
            self.drop_next(cause);
        }
        // Request terminated (RFC 3261 section 21.4.25).
        self.outputs.push_back(Output::TellReferrer { status: 487 });
    }

    /// The phone in the place of `side` goes on in another call: this one is over.
    pub(super) fn given(&mut self, side: HungUpSide, call: CallId, now: Instant) {
        let is_early = self.rung().is_some();
        if self.is_ending() || self.phase != Phase::Up && !is_early {
            return;
        }
        self.record(CallEvent::Referral(Referral::Moved { side, call }), now);
        if is_early {
            let cause = ending::requested(self.phase, EndCause::Completed);
            return self.hang_up_by(cause, HungUpSide::User, now);
        }
        match side {
            HungUpSide::User => self.leg_over(LegEnd::completed(HungUpSide::Staff), now),
            HungUpSide::Staff | HungUpSide::System => {
                self.handing.stage = Stage::Idle;
                self.hang_up_by(EndCause::Completed, HungUpSide::User, now);
            }
        }
    }

    /// What the carrier says that was asked to call somebody itself; `None`: it says nothing at all.
    pub(super) fn refer_told(&mut self, status: Option<u16>, is_last: bool, now: Instant) {
        if self.handing.stage != Stage::Asked || self.is_ending() {
            return;
        }
        self.handing.is_taken |= matches!(status, Some(100..=199)) && !is_last;
        match status {
            Some(101..=199) if !is_last => {
                if !std::mem::replace(&mut self.handing.has_rung, true) {
                    self.record(CallEvent::OfferRang, now);
                }
            }
            Some(200..=299) => {
                self.sent(now);
                self.hang_up_by(EndCause::Completed, HungUpSide::System, now);
            }
            Some(status @ 300..) if is_last => {
                let refused = LegEvent::Refused {
                    status,
                    reason: String::new(),
                    q850: None,
                    moved_to: None,
                };
                self.not_reached(handing::end_of(&refused), now);
            }
            Some(_) | None if is_last => self.not_reached(ServingEnd::NotReachable, now),
            Some(_) | None => {}
        }
    }

    fn sent(&mut self, now: Instant) {
        let side = HungUpSide::User;
        self.record(CallEvent::Referral(Referral::Sent { side }), now);
        self.handing.stage = Stage::Idle;
    }

    /// The person's leg ended. A carrier that does as it was asked may hang up before it has told how that
    /// went (RFC 5589 section 5): that is no hang-up of the person.
    pub(super) fn carried_on(&mut self, now: Instant) {
        if self.handing.stage == Stage::Asked && self.handing.is_taken && !self.is_ending() {
            self.sent(now);
            self.decide(EndCause::Completed, HungUpSide::System, now);
        }
    }

    /// The carrier did not reach whom it was asked to call: the person is ours again.
    pub(super) fn not_reached(&mut self, end: ServingEnd, now: Instant) {
        self.record(CallEvent::ServingEnded { end }, now);
        self.transfer_failed(handing::failure_of(end), now);
    }

    /// Another phone is answered instead of the one that rings.
    pub(super) fn picked_up(&mut self, server: model::Server, now: Instant) {
        if !self.may_pick_up() {
            return;
        }
        let end = ServingEnd::GivenUp;
        self.record(CallEvent::ServingEnded { end }, now);
        self.record(CallEvent::Offered(server), now);
        self.deadlines.set(Deadline::Offer, Some(now + TAKE_MAX));
    }
}
