//! Handing a call over: who is looked for, rung, given up and talked with.

use std::time::Instant;

use model::{CallEvent, EndCause, HungUpSide, Refusal, Server, ServingEnd, TransferFailure};

use super::Session;
use crate::call::{
    LegEvent, Output, Phase, Trigger,
    deadline::{Deadline, RING_GUARD},
    handing::{self, Handing, OFFER_RING_MAX, SEEK_AGAIN, Sought, Stage},
};

impl Session {
    /// Whether the person can be handed over now.
    pub(super) fn can_hand_over(&self) -> Result<(), Refusal> {
        let why = match self.handing.stage {
            _ if self.referring.is_some() => "the person is being handed over already",
            Stage::Idle if self.sounds.is_any() => "a sound is played",
            Stage::Idle => return Ok(()),
            Stage::Entering
            | Stage::Seeking
            | Stage::Waiting
            | Stage::Asked
            | Stage::Offered
            | Stage::Answered
            | Stage::ToAgent => "the person is being handed over already",
            Stage::Bridged => "a person has the call",
        };
        Err(Refusal::Conflict { what: why.into() })
    }

    /// The voice agent, or somebody by request, wants the person to be handed over.
    pub(super) fn hand_over(&mut self, target: &str, by_request: bool, now: Instant) {
        if self.phase != Phase::Up || self.can_hand_over().is_err() {
            // The agent waits for an answer.
            if !by_request {
                self.outputs.push_back(Output::TellTransferFailed);
            }
            return;
        }
        if by_request {
            self.outputs.push_back(Output::PauseVoice);
        }
        self.outputs.push_back(Output::StartWaiting);
        self.seek(target, by_request, now);
    }

    /// A phone calls another one: it is rung before the caller is answered.
    pub(super) fn call_other(&mut self, target: &str, now: Instant) {
        self.outputs.push_back(Output::Attend);
        self.seek(target, false, now);
        self.deadlines
            .set(Deadline::Ring, Some(handing::until(now) + RING_GUARD));
    }

    fn seek(&mut self, target: &str, by_request: bool, now: Instant) {
        let target = target.to_owned();
        self.record(
            CallEvent::TransferRequested {
                target: target.clone(),
            },
            now,
        );
        self.look_for(&target, by_request, handing::until(now));
    }

    /// Lets the shell look for a phone, until it is enough.
    pub(super) fn look_for(&mut self, target: &str, by_request: bool, until: Instant) {
        self.handing = Handing::begin(target, by_request);
        self.deadlines.set(Deadline::Handover, Some(until));
        let target = target.to_owned();
        self.outputs.push_back(Output::Seek { target });
    }

    /// What the shell found.
    pub(super) fn sought(&mut self, sought: Sought, now: Instant) {
        let is_wanted = self.handing.stage == Stage::Seeking && !self.is_ending();
        match sought {
            Sought::Found(server) if is_wanted => {
                self.handing.stage = Stage::Offered;
                self.handing.n_offers += 1;
                self.handing.has_rung = false;
                self.handing.is_heard_early = false;
                self.deadlines
                    .set(Deadline::Offer, Some(now + OFFER_RING_MAX + RING_GUARD));
                self.record(CallEvent::Offered(*server), now);
                self.answer_queued();
            }
            // What was closed is forgotten: its shell lets go of everything.
            Sought::Found(_) if self.phase == Phase::Ended => {}
            Sought::Found(_) => self.drop_other(EndCause::CanceledBeforeRinging),
            Sought::AllBusy(group) if is_wanted => {
                self.handing.stage = Stage::Waiting;
                self.deadlines.set(Deadline::Seek, Some(now + SEEK_AGAIN));
                if !std::mem::replace(&mut self.handing.is_queued, true) {
                    self.record(CallEvent::Queued { skill_group: group }, now);
                }
                self.answer_queued();
            }
            Sought::Nobody(why) if is_wanted => {
                let why = self.handing.last_failure.unwrap_or(why);
                self.transfer_failed(why, now);
            }
            // Only a call that is answered can be given to its carrier.
            Sought::Asked(_) if is_wanted && self.phase != Phase::Up => {
                self.transfer_failed(TransferFailure::NotReachable, now);
            }
            Sought::Asked(server) if is_wanted => {
                self.handing.stage = Stage::Asked;
                self.handing.n_offers += 1;
                self.record(CallEvent::Offered(*server), now);
            }
            Sought::Asked(_) | Sought::AllBusy(_) | Sought::Nobody(_) => {}
        }
    }

    /// What happened to the other phone.
    pub(super) fn other(&mut self, event: LegEvent, now: Instant) {
        match event {
            LegEvent::Dialed { .. } | LegEvent::Rerouted { .. } => {}
            LegEvent::EarlyMedia => self.other_heard_early(),
            LegEvent::Rang { status } => self.other_rang(status, now),
            LegEvent::Answered { codec, peer } => self.other_answered(codec, peer, now),
            LegEvent::MediaTimeout => {
                let matters = self.is_heard_for(HungUpSide::Staff);
                if self.handing.is_bridged() && self.phase == Phase::Up && matters {
                    self.hang_up(EndCause::MediaTimeout, now);
                }
            }
            LegEvent::NotEncrypted { why } => self.other_not_encrypted(why, now),
            LegEvent::Refused { .. }
            | LegEvent::Unanswered
            | LegEvent::Ended { .. }
            | LegEvent::Failed { .. } => self.other_over(&event, now),
        }
    }

    /// The other phone hears nobody, and nobody hears it.
    fn other_not_encrypted(&mut self, why: String, now: Instant) {
        let is_answered = matches!(self.handing.stage, Stage::Answered | Stage::Bridged);
        if !is_answered || self.is_ending() || !self.is_heard_for(HungUpSide::Staff) {
            return;
        }
        self.drop_other(EndCause::LineFault);
        self.handing.stage = Stage::Idle;
        self.partner_changes(HungUpSide::Staff, now);
        let end = ServingEnd::NotEncrypted;
        self.record(CallEvent::ServingEnded { end }, now);
        if self.is_conference() {
            return self.outputs.push_back(Output::Regroup);
        }
        self.fault = why;
        self.hang_up(EndCause::LineFault, now);
    }

    fn other_rang(&mut self, status: u16, now: Instant) {
        if self.handing.stage != Stage::Offered || self.is_ending() {
            return;
        }
        if !std::mem::replace(&mut self.handing.has_rung, true) {
            self.record(CallEvent::OfferRang, now);
        }
        let is_heard = self.is_answering_queued();
        if self.phase == Phase::Dialing && !is_heard && self.moves(Trigger::Ring) {
            self.record(CallEvent::Rang { sip_status: status }, now);
            self.outputs.push_back(Output::RingCaller);
        }
    }

    /// What the other phone sends before its answer, an announcement or the ringing, is for the caller. A
    /// person who waits in a call that is up hears us meanwhile.
    fn other_heard_early(&mut self) {
        let is_wanted = self.handing.stage == Stage::Offered
            && matches!(self.phase, Phase::Dialing | Phase::Ringing)
            && !self.is_answering_queued();
        if is_wanted && !std::mem::replace(&mut self.handing.is_heard_early, true) {
            self.outputs.push_back(Output::ProgressCaller);
        }
    }

    /// The caller can hear something before the answer.
    pub(super) fn join_early(&mut self) {
        if self.handing.stage == Stage::Offered && self.handing.is_heard_early {
            self.outputs.push_back(Output::JoinEarly);
        }
    }

    fn other_answered(&mut self, codec: String, peer: String, now: Instant) {
        if self.handing.stage != Stage::Offered || self.is_ending() {
            return;
        }
        self.deadlines.set(Deadline::Offer, None);
        self.record(CallEvent::Served { codec, peer }, now);
        match self.phase {
            Phase::Up if self.queueing.is_some() => self.bridge(now),
            Phase::Up => {
                self.outputs.push_back(Output::StopWaiting);
                self.outputs.push_back(Output::LeaveVoice);
                self.has_voice = false;
                self.bridge(now);
            }
            _ => {
                self.handing.stage = Stage::Answered;
                if !self.is_answering_queued() {
                    self.outputs.push_back(Output::Answer);
                }
            }
        }
    }

    /// Whether the other phone was answered, and the caller not yet.
    pub(super) fn is_other_answered(&self) -> bool {
        self.handing.stage == Stage::Answered
    }

    /// The caller of a phone has confirmed our answer, or the agent has left.
    pub(super) fn bridge(&mut self, now: Instant) {
        self.leave_queue();
        self.partner_changes(HungUpSide::Staff, now);
        self.handing.stage = Stage::Bridged;
        self.deadlines.set(Deadline::Handover, None);
        self.outputs.push_back(Output::Bridge);
    }

    fn other_over(&mut self, event: &LegEvent, now: Instant) {
        let by_peer = matches!(event, LegEvent::Ended { by_peer: true, .. });
        let stage = self.handing.stage;
        match stage {
            Stage::Bridged if self.has_left(HungUpSide::Staff, now) => {}
            Stage::Answered | Stage::Bridged if !self.is_ending() => {
                let cause = match (by_peer, self.phase) {
                    (true, Phase::Up) => EndCause::Completed,
                    // The caller has not confirmed: nobody has talked.
                    (true, _) => EndCause::NotAnswered,
                    (false, _) => EndCause::LineFault,
                };
                let side = match by_peer {
                    true => HungUpSide::Staff,
                    false => HungUpSide::System,
                };
                self.handing.stage = Stage::Idle;
                self.partner_changes(HungUpSide::Staff, now);
                if !self.goes_on_without_server(now) {
                    self.hang_up_by(cause, side, now);
                }
            }
            Stage::Offered if !self.is_ending() => {
                self.offer_ended(handing::end_of(event), now);
            }
            Stage::Idle
            | Stage::Entering
            | Stage::Seeking
            | Stage::Waiting
            | Stage::Asked
            | Stage::Offered
            | Stage::Answered
            | Stage::Bridged
            | Stage::ToAgent => {}
        }
    }

    /// Of several phones that ring for one call, another one counts now: the one before has ended like
    /// this, or stops ringing because the other one was answered.
    pub(super) fn instead(&mut self, server: Server, before: Option<&LegEvent>, now: Instant) {
        if self.handing.stage != Stage::Offered || self.is_ending() {
            return;
        }
        let end = before.map_or(ServingEnd::GivenUp, handing::end_of);
        self.record(CallEvent::ServingEnded { end }, now);
        self.record(CallEvent::Offered(server), now);
        if self.handing.has_rung {
            self.record(CallEvent::OfferRang, now);
        }
    }

    /// One phone was not answered: the next one, if there is one.
    fn offer_ended(&mut self, end: ServingEnd, now: Instant) {
        self.deadlines.set(Deadline::Offer, None);
        self.record(CallEvent::ServingEnded { end }, now);
        let failure = handing::failure_of(end);
        self.handing.last_failure = Some(failure);
        if self.handing.n_offers >= self.offers_max() || self.is_late() {
            return self.transfer_failed(failure, now);
        }
        self.handing.stage = Stage::Seeking;
        let target = self.handing.target.clone();
        self.outputs.push_back(Output::Seek { target });
    }

    /// Nobody takes the person over: the agent goes on, or the phone that called is told.
    pub(super) fn transfer_failed(&mut self, why: TransferFailure, now: Instant) {
        for deadline in [Deadline::Handover, Deadline::Offer, Deadline::Seek] {
            self.deadlines.set(deadline, None);
        }
        self.record(CallEvent::TransferFailed { why }, now);
        let handing = std::mem::take(&mut self.handing);
        if self.queueing.is_some() {
            return self.overflow(why, now);
        }
        if self.phase != Phase::Up {
            return self.hang_up(handing::cause_of(why), now);
        }
        self.outputs.push_back(Output::StopWaiting);
        self.outputs.push_back(match handing.by_request {
            true => Output::ResumeVoice,
            false => Output::TellTransferFailed,
        });
    }

    /// A deadline of the handover has come.
    pub(super) fn handover_expired(&mut self, deadline: Deadline, now: Instant) {
        if self.referring.is_some() {
            return self.referral_expired(deadline, now);
        }
        match (deadline, self.handing.stage) {
            (Deadline::Seek, Stage::Waiting) => {
                self.handing.stage = Stage::Seeking;
                let target = self.handing.target.clone();
                self.outputs.push_back(Output::Seek { target });
            }
            (Deadline::Offer, Stage::Offered) => {
                self.drop_other(EndCause::NotAnswered);
                self.offer_ended(ServingEnd::NotAnswered, now);
            }
            (Deadline::Handover, Stage::Offered) if self.is_patient() => {}
            (Deadline::Handover, Stage::Offered) => {
                self.drop_other(EndCause::NotAnswered);
                let end = ServingEnd::NotAnswered;
                self.record(CallEvent::ServingEnded { end }, now);
                self.transfer_failed(TransferFailure::NotAnswered, now);
            }
            (Deadline::Handover, Stage::Asked) => {
                self.not_reached(ServingEnd::NotAnswered, now);
            }
            (Deadline::Handover, Stage::Seeking | Stage::Waiting) => {
                let why = self.handing.last_failure;
                self.transfer_failed(why.unwrap_or(TransferFailure::NobodyFree), now);
            }
            (Deadline::Handover, Stage::Answered) => {
                // The caller never confirmed; the leg's own deadline ends it.
            }
            _ => {}
        }
    }

    /// The call ends: so does the other phone's part.
    pub(super) fn give_up_other(&mut self, cause: EndCause) {
        if self.handing.has_phone() {
            self.drop_other(cause);
        }
        self.handing.stage = Stage::Idle;
    }

    fn drop_other(&mut self, cause: EndCause) {
        self.outputs.push_back(Output::HangUpOther { cause });
    }
}
