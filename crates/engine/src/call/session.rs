//! The machine that owns a call.
//!
//! # Invariants
//!
//! - Exactly one [`CallEvent::Ended`] is recorded in every run, and then [`Output::Close`] is the
//!   last output.
//! - Every phase but `New` and `Ended` has a deadline, so that a call ends whatever its parts fail
//!   to say.
//! - The first decision to end the call gives its cause; what the leg says afterwards only adds
//!   its status and words.
//! - A call ends when we hung up or its leg was over, not when its last words were handed in:
//!   records after that bear the time of the end.

mod agents;
mod handover;
mod hearing;
mod holding;
mod parties;
mod queue;
mod referral;

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use model::{CallEvent, Direction, EndCause, HungUpSide, LegQuality, Refusal, SkillGroupId};

use hearing::Hearing;
use holding::Holding;
use queue::Queueing;

use super::{
    Command, Input, LegEvent, MediaEvent, Output, Phase, Trigger, VoiceEvent,
    deadline::{CONFIRM_MAX, Deadline, Deadlines, RING_GUARD, SETTLE_MAX, TALK_MAX},
    ending::{self, Ending, LegEnd},
    handing::Handing,
    parties::Parties,
    referring::Referring,
    sounds::{Sounds, Wish},
};

/// What a call starts with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Who started it.
    pub direction: Direction,
    /// Who talks with the person first.
    pub first: First,
    /// Longest ringing. The SIP machine keeps it; here it is guarded, 5 s later.
    pub ring_time_max: Duration,
    /// Longest time from the answer, by the tenant's remaining quota. Without one, and at most, 24
    /// hours. The voice agent's own limit is kept by the conversation.
    pub talk_time_max: Option<Duration>,
}

/// Who talks with the person first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum First {
    /// A voice agent.
    Agent,
    /// Another phone: the caller is answered when that is. Only of calls that come in.
    Phone {
        /// An extension, a number, a person or a skill group.
        target: String,
    },
    /// Somebody of a skill group, for whom the caller waits. Only of calls that come in.
    Queue {
        /// Whose people.
        group: SkillGroupId,
    },
}

/// The machine that owns one call. Give it inputs and commands, drain [`poll`](Self::poll) after
/// each, and wake it at [`poll_timeout`](Self::poll_timeout).
#[derive(Debug)]
pub struct Session {
    settings: Settings,
    phase: Phase,
    deadlines: Deadlines,
    sounds: Sounds,
    /// The other side of the bridge.
    handing: Handing,
    holding: Holding,
    /// The caller came for a skill group, and nobody has talked with the caller yet.
    queueing: Option<Queueing>,
    /// Whoever else is in the call.
    parties: Parties,
    /// A voice agent was started, and has not left.
    has_voice: bool,
    /// A place in the call that is being given away.
    referring: Option<Referring>,
    /// Voice agents that took over from the first one.
    n_next_agents: u32,
    /// Why the call ends, once that is decided.
    ending: Option<Ending>,
    /// What the leg said last.
    leg_end: LegEnd,
    /// What failed elsewhere than on the leg and ended the call, in words; empty: nothing.
    fault: String,
    quality: Option<LegQuality>,
    /// Media was started and not asked to stop.
    has_media: bool,
    is_media_stopped: bool,
    hearing: Hearing,
    /// Time of the last record.
    recorded_at: Option<Instant>,
    outputs: VecDeque<Output>,
}

impl Session {
    /// A call that waits for [`Input::Begin`].
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            phase: Phase::New,
            deadlines: Deadlines::default(),
            sounds: Sounds::default(),
            handing: Handing::default(),
            holding: Holding::default(),
            queueing: None,
            parties: Parties::default(),
            has_voice: false,
            referring: None,
            n_next_agents: 0,
            ending: None,
            leg_end: LegEnd::default(),
            fault: String::new(),
            quality: None,
            has_media: false,
            is_media_stopped: false,
            hearing: Hearing::default(),
            recorded_at: None,
            outputs: VecDeque::new(),
        }
    }

    /// Takes what happened. What means nothing in the present phase is dropped: a peer may say
    /// anything at any time, and messages of the call's parts cross.
    pub fn handle(&mut self, input: Input, now: Instant) {
        match input {
            Input::Begin => self.begin(now),
            Input::Leg(event) => self.leg(event, now),
            Input::Voice(event) => self.voice(event, now),
            Input::Media(event) => self.media(event, now),
            Input::Sought(sought) => self.sought(sought, now),
            Input::QueueEntered { group, rules } => self.queue_entered(group, rules, now),
            Input::Instead { server, before } => self.instead(*server, before.as_ref(), now),
            Input::AgentChanged(changed) => self.agent_changed(changed, now),
            Input::Other(event) => self.other(event, now),
            Input::Party { party, input } => self.party(party, input, now),
            Input::Held { by, held } => self.held(by, held, now),
            Input::Referred { side, to } => self.refer(side, &to, now),
            Input::SoughtNext(sought) => self.sought_next(sought, now),
            Input::NextRings { target } => self.next_rings(target),
            Input::Next(event) => self.next(event, now),
            Input::ReferTold { status, is_last } => self.refer_told(status, is_last, now),
            Input::Given { side, call } => self.given(side, call, now),
            Input::PickedUp(server) => self.picked_up(*server, now),
            Input::Timeout => self.timeout(now),
        }
    }

    /// Takes what somebody wants.
    ///
    /// # Errors
    ///
    /// As [`control`](Self::control); nothing is changed then.
    pub fn command(&mut self, command: &Command, now: Instant) -> Result<(), Refusal> {
        self.control(command)?;
        match command {
            Command::HangUp { by } => self.hang_up_by_request(by, now),
            Command::PlaySound { sound, times, over } => {
                self.sounds.add(Wish {
                    sound: *sound,
                    times: *times,
                    over: *over,
                });
                self.advance_sounds(now);
            }
            Command::HandOver { target } => self.hand_over(target, true, now),
            Command::Hold { side, on } => self.hold_by_request(*side, *on, now),
            Command::Instruct => {}
            Command::Drain { deadline } => self.drain_by(*deadline),
        }
        Ok(())
    }

    /// Whether `command` would be taken now; changes nothing.
    ///
    /// # Errors
    ///
    /// [`Refusal::CallNotControllable`] in the wrong phase: sounds, handovers, holds and instructions need
    /// a call that is up, everything else one that has not ended. [`Refusal::Conflict`] when too many
    /// sounds wait, and for what a handover, and who is on the line, stand against.
    pub fn control(&self, command: &Command) -> Result<(), Refusal> {
        let is_fit = match command {
            Command::HangUp { .. } | Command::Drain { .. } => self.phase != Phase::Ended,
            Command::PlaySound { .. }
            | Command::HandOver { .. }
            | Command::Hold { .. }
            | Command::Instruct => self.phase == Phase::Up,
        };
        if !is_fit {
            return Err(Refusal::CallNotControllable {
                state: self.phase.words(),
            });
        }
        match command {
            Command::PlaySound { .. }
                if self.handing.is_on_its_way() || self.referring.is_some() =>
            {
                self.can_hand_over()
            }
            Command::PlaySound { .. } => self.sounds.has_room(),
            Command::HandOver { .. } => self.can_hand_over(),
            Command::Hold { on: true, .. } => self.can_hold(),
            Command::Instruct if self.handing.is_bridged() => self.can_hand_over(),
            Command::HangUp { .. }
            | Command::Hold { .. }
            | Command::Instruct
            | Command::Drain { .. } => Ok(()),
        }
    }

    /// What the shell must do next. Drain it after every input and command.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to hand in [`Input::Timeout`], and the name of that deadline.
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        let (at, deadline) = self.deadlines.next()?;
        Some((at, deadline.name()))
    }

    /// Where the call is.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    fn begin(&mut self, now: Instant) {
        if !self.moves(Trigger::Begin) {
            return;
        }
        let ring_until = now + self.settings.ring_time_max + RING_GUARD;
        self.deadlines.set(Deadline::Ring, Some(ring_until));
        match self.settings.first.clone() {
            First::Phone { target } => return self.call_other(&target, now),
            First::Queue { group } => return self.begin_queue(group, now),
            First::Agent => {}
        }
        self.outputs.push_back(match self.settings.direction {
            Direction::Outbound => Output::Dial,
            Direction::Inbound => Output::Answer,
        });
    }

    fn leg(&mut self, event: LegEvent, now: Instant) {
        match event {
            LegEvent::Dialed { sip_call_id, peer } => {
                if self.is_open() {
                    self.record(CallEvent::Dialed { sip_call_id, peer }, now);
                }
            }
            LegEvent::Rerouted { trunk, caller, why } => {
                if self.is_open() {
                    self.record(CallEvent::Rerouted { trunk, caller, why }, now);
                }
            }
            LegEvent::Rang { status } => {
                // Only the first is recorded: a peer may repeat it as often as it likes.
                let is_first = self.phase == Phase::Dialing;
                if self.moves(Trigger::Ring) && is_first {
                    self.record(CallEvent::Rang { sip_status: status }, now);
                }
            }
            LegEvent::EarlyMedia => {
                if matches!(self.phase, Phase::Dialing | Phase::Ringing) {
                    self.start_media();
                    self.join_early();
                }
            }
            LegEvent::Answered { codec, peer } => self.answered(codec, peer, now),
            LegEvent::MediaTimeout => {
                if self.phase == Phase::Up && self.is_heard_for(HungUpSide::User) {
                    self.hang_up(EndCause::MediaTimeout, now);
                }
            }
            LegEvent::NotEncrypted { why } => self.leg(LegEvent::Failed { why }, now),
            LegEvent::Refused { .. }
            | LegEvent::Unanswered
            | LegEvent::Ended { .. }
            | LegEvent::Failed { .. }
                if self.has_left(HungUpSide::User, now) => {}
            LegEvent::Failed { .. } => {
                // A dialog may be left where the failure is not the peer's: it must not go on.
                if self.is_open() && !self.is_ending() {
                    let cause = EndCause::LineFault;
                    self.outputs.push_back(Output::HangUpLeg { cause });
                }
                self.leg_last(event, now);
            }
            LegEvent::Refused { .. } | LegEvent::Unanswered | LegEvent::Ended { .. } => {
                if let LegEvent::Ended { by_peer: true, .. } = event {
                    self.carried_on(now);
                }
                self.leg_last(event, now);
            }
        }
    }

    fn answered(&mut self, codec: String, peer: String, now: Instant) {
        if !self.moves(Trigger::Answer) {
            return;
        }
        self.deadlines.set(Deadline::Ring, None);
        self.listen(now);
        self.deadlines.set(
            Deadline::Talk,
            Some(
                now + self
                    .settings
                    .talk_time_max
                    .unwrap_or(TALK_MAX)
                    .min(TALK_MAX),
            ),
        );
        self.record(CallEvent::Answered { codec, peer }, now);
        self.start_media();
        match self.settings.first {
            First::Agent => {
                self.has_voice = true;
                self.outputs.push_back(Output::StartVoice);
            }
            First::Phone { .. } if self.is_other_answered() => self.bridge(now),
            First::Phone { .. } => self.hang_up(EndCause::LineFault, now),
            First::Queue { .. } => self.queued_answered(now),
        }
    }

    fn voice(&mut self, event: VoiceEvent, now: Instant) {
        if !self.is_answered() {
            return;
        }
        if let VoiceEvent::TransferWanted { target } = &event {
            return self.hand_over(target, false, now);
        }
        if let VoiceEvent::AgentWanted { agent } = &event {
            return self.change_agent(agent, now);
        }
        if let VoiceEvent::Finished(cause) = event {
            if self.phase == Phase::Up && !self.goes_on_without_voice(cause) {
                self.hang_up(cause, now);
            }
            return;
        }
        if let Some(event) = event.recorded() {
            self.record(event, now);
        }
    }

    fn media(&mut self, event: MediaEvent, now: Instant) {
        match event {
            MediaEvent::FirstPacket => self.heard(),
            MediaEvent::SilenceMax(silence_max) => self.expect(silence_max, now),
            MediaEvent::SoundStarted(play) => {
                if let Some(event) = self.sounds.started(play) {
                    self.record(event, now);
                    self.deadlines.set(Deadline::SoundStart, None);
                }
            }
            MediaEvent::SoundEnded { play, cut } => {
                if let Some(event) = self.sounds.ended(play, cut) {
                    self.record(event, now);
                }
                self.advance_sounds(now);
            }
            MediaEvent::Stopped { quality } => self.media_stopped(quality, now),
            MediaEvent::Failed => self.media_stopped(None, now),
        }
    }

    /// Media has stopped: because we asked, or because it broke down, which ends the call.
    fn media_stopped(&mut self, quality: Option<LegQuality>, now: Instant) {
        if self.phase == Phase::Ended || self.is_media_stopped {
            return;
        }
        self.is_media_stopped = true;
        self.quality = quality;
        if self.is_ending() {
            self.settle_if_stopped(now);
        } else {
            self.hang_up(EndCause::Fault, now);
        }
    }

    fn timeout(&mut self, now: Instant) {
        while let Some((at, deadline)) = self.deadlines.next() {
            if at > now {
                return;
            }
            self.deadlines.set(deadline, None);
            self.expire(deadline, now);
        }
    }

    fn expire(&mut self, deadline: Deadline, now: Instant) {
        match deadline {
            Deadline::Ring => {
                let cause = match self.settings.direction {
                    Direction::Outbound => EndCause::NotAnswered,
                    // We answered, and the caller never confirmed.
                    Direction::Inbound => EndCause::LineFault,
                };
                self.hang_up(cause, now);
            }
            Deadline::FirstPacket => self.hang_up(EndCause::MediaTimeout, now),
            Deadline::Talk => self.hang_up(EndCause::MaxDuration, now),
            Deadline::Drain => {
                self.record(CallEvent::HangUpRequested { by: "drain".into() }, now);
                self.hang_up(ending::requested(self.phase, EndCause::Drained), now);
            }
            Deadline::SoundStart => {
                self.outputs
                    .extend(self.sounds.give_up().map(Output::CutSound));
                self.advance_sounds(now);
            }
            Deadline::Handover | Deadline::Offer | Deadline::Seek => {
                self.handover_expired(deadline, now);
            }
            Deadline::Party => self.party_expired(now),
            Deadline::Confirm => self.leg_over(LegEnd::default(), now),
            Deadline::Settle => {
                self.is_media_stopped = true;
                self.settle_if_stopped(now);
            }
        }
    }

    fn drain_by(&mut self, deadline: Instant) {
        if self.is_ending() {
            return;
        }
        let earlier = self.deadlines.at(Deadline::Drain).unwrap_or(deadline);
        self.deadlines
            .set(Deadline::Drain, Some(deadline.min(earlier)));
    }

    fn hang_up_by_request(&mut self, by: &str, now: Instant) {
        if self.is_ending() {
            return;
        }
        self.record(CallEvent::HangUpRequested { by: by.to_owned() }, now);
        self.hang_up(ending::requested(self.phase, EndCause::ApiRequest), now);
    }

    /// Ends the call by our own decision.
    fn hang_up(&mut self, cause: EndCause, now: Instant) {
        self.hang_up_by(cause, HungUpSide::System, now);
    }

    /// Ends the call because `side` wants it.
    fn hang_up_by(&mut self, cause: EndCause, side: HungUpSide, now: Instant) {
        if !self.moves(Trigger::HangUp) {
            return;
        }
        self.decide(cause, side, now);
        if self.phase == Phase::Ended {
            self.finish(now);
            return;
        }
        self.outputs.push_back(Output::HangUpLeg { cause });
        self.stop_media(now);
        self.deadlines
            .set(Deadline::Confirm, Some(now + CONFIRM_MAX));
    }

    fn leg_last(&mut self, event: LegEvent, now: Instant) {
        let end = LegEnd::of(event, self.settings.direction, self.is_answered());
        self.leg_over(end, now);
    }

    /// The leg is over, whoever ended it.
    fn leg_over(&mut self, end: LegEnd, now: Instant) {
        if !self.moves(Trigger::LegOver) {
            return;
        }
        self.decide(end.cause, end.side, now);
        self.leg_end = end;
        self.stop_media(now);
        if self.phase == Phase::Ended {
            self.finish(now);
            return;
        }
        self.deadlines.set(Deadline::Confirm, None);
        self.deadlines.set(Deadline::Settle, Some(now + SETTLE_MAX));
        self.settle_if_stopped(now);
    }

    /// The first decision counts. Nothing that the call waited for matters any more.
    fn decide(&mut self, cause: EndCause, side: HungUpSide, now: Instant) {
        if self.ending.is_none() {
            self.deadlines.clear();
            let is_answered = self.is_answered();
            self.ending = Some(Ending {
                cause,
                side,
                at: now,
                is_answered,
            });
            self.give_up_next(cause);
            self.give_up_other(cause);
            self.give_up_parties(cause);
        }
    }

    /// Once: early media goes on after the answer.
    fn start_media(&mut self) {
        if !std::mem::replace(&mut self.has_media, true) {
            self.outputs.push_back(Output::StartMedia);
        }
    }

    fn stop_media(&mut self, now: Instant) {
        if !std::mem::take(&mut self.has_media) {
            return;
        }
        if let Some(event) = self.sounds.cut_all() {
            self.record(event, now);
        }
        self.outputs.push_back(Output::StopMedia);
    }

    fn settle_if_stopped(&mut self, now: Instant) {
        if self.is_media_stopped && self.moves(Trigger::Settle) {
            self.finish(now);
        }
    }

    fn finish(&mut self, now: Instant) {
        self.deadlines.clear();
        let ending = self.ending.expect("a call ends by a decision");
        let mut end = std::mem::take(&mut self.leg_end);
        if !self.fault.is_empty() {
            end.words = std::mem::take(&mut self.fault);
        }
        self.record(
            CallEvent::Ended {
                cause: ending.cause,
                side: ending.side,
                sip_status: end.sip_status.or(ending.is_answered.then_some(200)),
                sip_reason: end.words,
                quality: self.quality.filter(|_| ending.is_answered),
            },
            now,
        );
        self.outputs.push_back(Output::Close);
    }

    fn advance_sounds(&mut self, now: Instant) {
        if self.phase != Phase::Up {
            return;
        }
        self.outputs.extend(self.sounds.advance(now));
        self.deadlines
            .set(Deadline::SoundStart, self.sounds.start_until());
    }

    fn record(&mut self, event: CallEvent, now: Instant) {
        let at = self.ending.map_or(now, |ending| ending.at);
        let at = self.recorded_at.map_or(at, |last| last.max(at));
        self.recorded_at = Some(at);
        self.outputs.push_back(Output::Record { event, at });
    }

    /// Moves along the table of phases; `false` if the trigger means nothing now.
    fn moves(&mut self, trigger: Trigger) -> bool {
        let Ok(next) = self.phase.on(trigger) else {
            return false;
        };
        self.phase = next;
        true
    }

    fn is_open(&self) -> bool {
        self.phase != Phase::New && self.phase != Phase::Ended
    }

    fn is_ending(&self) -> bool {
        self.ending.is_some()
    }

    /// Whether the leg was answered and the call has not ended.
    fn is_answered(&self) -> bool {
        matches!(self.phase, Phase::Up | Phase::HangingUp | Phase::Settling)
    }
}
