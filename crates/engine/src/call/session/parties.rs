//! Third parties and supervisors: who is invited, joins, changes and leaves.
//!
//! # Invariants
//!
//! - A call goes on while the person talks with somebody: a voice agent, whoever serves them, a third
//!   party, or a supervisor whom everybody hears. Whoever only listens keeps no call.
//! - The call is the person's: it ends when the person leaves, whoever else is in it.

use std::time::Instant;

use model::{
    CallEvent, EndCause, HungUpSide, ListenMode, PartyEvent, PartyId, PartyRole, Refusal,
    ServingEnd,
};

use super::Session;
use crate::call::{
    LegEvent, Output, Phase, Sought,
    deadline::{Deadline, RING_GUARD},
    handing::{OFFER_RING_MAX, Stage as Handover},
    parties::{self, Invitation, PartyInput, Stage},
};

/// Whoever is named is not in the call.
const NOT_THERE: Refusal = Refusal::NotFound {
    what: "participant",
};

impl Session {
    /// Takes somebody who is wanted in the call; their phone is looked for and rung.
    ///
    /// # Errors
    ///
    /// [`Refusal::CallNotControllable`] unless the call is up, [`Refusal::Conflict`] while the person
    /// is being handed over, and where too many are in it.
    pub fn invite(&mut self, invited: &Invitation, now: Instant) -> Result<PartyId, Refusal> {
        self.up()?;
        if self.handing.is_on_its_way() || self.referring.is_some() {
            let what = "the person is being handed over".into();
            return Err(Refusal::Conflict { what });
        }
        self.parties.has_room()?;
        let party = self.parties.add(invited.role);
        let target = invited.target.clone();
        self.record_party(
            PartyEvent::Wanted {
                party,
                role: invited.role,
                target: target.clone(),
                by: invited.by.clone(),
            },
            now,
        );
        self.outputs.push_back(Output::CallParty {
            party,
            role: invited.role,
            target,
        });
        Ok(party)
    }

    /// Sends somebody out of the call, or gives up their phone; `is_supervisor`: one who listens in.
    ///
    /// # Errors
    ///
    /// [`Refusal::CallNotControllable`] unless the call is up, [`Refusal::NotFound`] for whoever
    /// is not in it.
    pub fn dismiss(
        &mut self,
        party: PartyId,
        is_supervisor: bool,
        by: &str,
        now: Instant,
    ) -> Result<(), Refusal> {
        self.up()?;
        let present = self.parties.get(party).ok_or(NOT_THERE)?;
        if (present.role == PartyRole::Participant) == is_supervisor {
            return Err(NOT_THERE);
        }
        let end = match present.stage {
            Stage::Joined => ServingEnd::Served,
            Stage::Seeking | Stage::Invited => ServingEnd::GivenUp,
        };
        self.drop_party(party, EndCause::ApiRequest);
        self.party_left(party, end, by, now);
        Ok(())
    }

    /// Lets a supervisor be heard by others from now on.
    ///
    /// # Errors
    ///
    /// As [`dismiss`](Self::dismiss); and [`Refusal::Conflict`] for a third party, who talks with
    /// everybody.
    pub fn change_mode(
        &mut self,
        party: PartyId,
        mode: ListenMode,
        by: &str,
        now: Instant,
    ) -> Result<(), Refusal> {
        self.up()?;
        let present = self.parties.find(party).ok_or(NOT_THERE)?;
        match present.role {
            PartyRole::Participant => Err(Refusal::Conflict {
                what: "a participant talks with everybody".into(),
            }),
            PartyRole::Supervisor(was) if was == mode => Ok(()),
            PartyRole::Supervisor(was) => {
                present.role = PartyRole::Supervisor(mode);
                let is_joined = present.stage == Stage::Joined;
                let by = by.to_owned();
                self.record_party(PartyEvent::ModeChanged { party, mode, by }, now);
                if is_joined {
                    self.end_holds_in_conference(now);
                    self.outputs.push_back(Output::Regroup);
                }
                if is_joined && was == ListenMode::Barge {
                    self.end_if_alone(HungUpSide::Staff, now);
                }
                Ok(())
            }
        }
    }

    fn up(&self) -> Result<(), Refusal> {
        match self.phase {
            Phase::Up => Ok(()),
            _ => Err(Refusal::CallNotControllable {
                state: self.phase.words(),
            }),
        }
    }

    /// What happened to somebody's phone.
    pub(super) fn party(&mut self, party: PartyId, input: PartyInput, now: Instant) {
        match input {
            PartyInput::Sought(sought) => self.party_sought(party, sought, now),
            PartyInput::Leg(event) => self.party_leg(party, event, now),
            PartyInput::Held(held) if self.is_joined(party) => {
                self.record_party(PartyEvent::HoldChanged { party, held }, now);
            }
            PartyInput::Pressed(key) if self.is_joined(party) => {
                let digits = key.to_string();
                self.record_party(PartyEvent::DigitsPressed { party, digits }, now);
            }
            PartyInput::Held(_) | PartyInput::Pressed(_) => {}
        }
    }

    fn is_joined(&self, party: PartyId) -> bool {
        let present = self.parties.get(party);
        present.is_some_and(|present| present.stage == Stage::Joined)
    }

    fn party_sought(&mut self, party: PartyId, sought: Sought, now: Instant) {
        let Some(present) = self.parties.find(party) else {
            // They were sent away meanwhile: whoever is rung is to stop.
            if self.phase != Phase::Ended {
                self.drop_party(party, EndCause::CanceledBeforeRinging);
            }
            return;
        };
        if present.stage != Stage::Seeking {
            return;
        }
        match sought {
            Sought::Found(server) => {
                present.stage = Stage::Invited;
                present.until = Some(now + OFFER_RING_MAX + RING_GUARD);
                let server = *server;
                self.record_party(PartyEvent::Invited { party, server }, now);
            }
            Sought::AllBusy(_) | Sought::Asked(_) | Sought::Nobody(_) => {
                let why = parties::failure_of(&sought);
                self.parties.remove(party);
                self.record_party(PartyEvent::Failed { party, why }, now);
            }
        }
        self.watch_parties();
    }

    fn party_leg(&mut self, party: PartyId, event: LegEvent, now: Instant) {
        let Some(present) = self.parties.find(party) else {
            return;
        };
        let stage = present.stage;
        match event {
            LegEvent::Dialed { .. } | LegEvent::Rerouted { .. } | LegEvent::EarlyMedia => {}
            LegEvent::Rang { .. } => {
                let is_first = !std::mem::replace(&mut present.has_rung, true);
                if stage == Stage::Invited && is_first {
                    self.record_party(PartyEvent::Rang { party }, now);
                }
            }
            LegEvent::Answered { codec, peer } => {
                if stage == Stage::Invited {
                    present.stage = Stage::Joined;
                    present.until = None;
                    self.watch_parties();
                    self.end_holds_in_conference(now);
                    self.record_party(PartyEvent::Joined { party, codec, peer }, now);
                    self.outputs.push_back(Output::JoinParty(party));
                }
            }
            LegEvent::MediaTimeout => {
                if stage == Stage::Joined {
                    self.drop_party(party, EndCause::MediaTimeout);
                    self.party_left(party, ServingEnd::Served, "", now);
                }
            }
            LegEvent::NotEncrypted { .. } => {
                if stage == Stage::Joined {
                    self.drop_party(party, EndCause::LineFault);
                    self.party_left(party, ServingEnd::NotEncrypted, "", now);
                }
            }
            LegEvent::Refused { .. }
            | LegEvent::Unanswered
            | LegEvent::Ended { .. }
            | LegEvent::Failed { .. } => {
                self.party_left(party, parties::end_of(&event, stage), "", now);
            }
        }
    }

    /// A phone was not answered in time.
    pub(super) fn party_expired(&mut self, now: Instant) {
        while let Some(party) = self.parties.late(now) {
            self.drop_party(party, EndCause::NotAnswered);
            self.party_left(party, ServingEnd::NotAnswered, "", now);
        }
        self.watch_parties();
    }

    fn party_left(&mut self, party: PartyId, end: ServingEnd, by: &str, now: Instant) {
        let Some(left) = self.parties.remove(party) else {
            return;
        };
        let by = by.to_owned();
        self.record_party(PartyEvent::Left { party, end, by }, now);
        self.watch_parties();
        if left.stage == Stage::Joined {
            self.outputs.push_back(Output::Regroup);
            self.end_if_alone(HungUpSide::Staff, now);
        }
    }

    /// The person talks with nobody any more: the call is over.
    fn end_if_alone(&mut self, side: HungUpSide, now: Instant) {
        let is_served = self.has_voice || self.handing.stage != Handover::Idle;
        if self.phase == Phase::Up && !is_served && self.parties.n_talking() == 0 {
            self.hang_up_by(EndCause::Completed, side, now);
        }
    }

    /// Whoever served the person hung up: whether the call goes on with others.
    pub(super) fn goes_on_without_server(&mut self, now: Instant) -> bool {
        if self.phase != Phase::Up || self.parties.n_talking() == 0 {
            return false;
        }
        let end = ServingEnd::Served;
        self.record(CallEvent::ServingEnded { end }, now);
        self.outputs.push_back(Output::Regroup);
        true
    }

    /// The voice agent is done; whether the call goes on with others.
    pub(super) fn goes_on_without_voice(&mut self, cause: EndCause) -> bool {
        if cause == EndCause::MaxDuration || self.parties.n_talking() == 0 {
            return false;
        }
        self.has_voice = false;
        self.outputs.push_back(Output::LeaveVoice);
        self.outputs.push_back(Output::Regroup);
        true
    }

    /// Whether a hold is heard as music by the other side: not in a conference.
    pub(super) fn is_conference(&self) -> bool {
        self.parties.n_talking() > 0
    }

    /// The call ends: so does everybody's part.
    pub(super) fn give_up_parties(&mut self, cause: EndCause) {
        for party in self.parties.take_all() {
            self.drop_party(party.id, cause);
        }
    }

    fn watch_parties(&mut self) {
        let until = self.parties.until().filter(|_| !self.is_ending());
        self.deadlines.set(Deadline::Party, until);
    }

    fn drop_party(&mut self, party: PartyId, cause: EndCause) {
        self.outputs.push_back(Output::HangUpParty { party, cause });
    }

    fn record_party(&mut self, event: PartyEvent, now: Instant) {
        self.record(CallEvent::Party(event), now);
    }
}
