//! A caller who waits for somebody of a skill group, and where the caller goes who waits in vain.
//!
//! People are looked for, rung and given up as in every handover; this adds what holds for callers
//! who come for a group: they are answered once somebody can be waited for, hear music, wait by the
//! group's own rules, and go on by them.
//!
//! # Invariants
//!
//! - The caller is answered at most once, and not at all where nobody works and the rules name
//!   nobody else.
//! - A caller passes through at most [`QUEUES_MAX`] groups: rules that go round in circles end.
//! - Whom a rule names and who is gone, or cannot take the caller, is tried once; another rule follows.

use std::time::Instant;

use model::{CallEvent, Overflow, QueueRules, SkillGroupId, TransferFailure, VoiceAgentId};

use super::Session;
use crate::call::{
    Output, Phase,
    deadline::Deadline,
    handing::{self, Stage},
};

/// Groups that one caller waits for, one after the other.
const QUEUES_MAX: u32 = 5;

/// Phones that are rung for one caller in one queue: an hour's patience of ten people.
const OFFERS_MAX: u32 = 100;

/// Where a caller of a group is.
#[derive(Debug, Default)]
pub(super) struct Queueing {
    /// The group's.
    rules: QueueRules,
    /// Groups that were waited for.
    n_queues: u32,
    /// The caller is being answered, or was.
    is_answering: bool,
    /// The time to wait is over, and a phone still rings.
    is_late: bool,
    /// The caller hears music.
    is_playing: bool,
    /// Goes on with the caller once that is answered.
    then_agent: Option<VoiceAgentId>,
    /// Why the group did not take the caller, who is on the way by its rules.
    why: Option<TransferFailure>,
    /// Where they lead.
    to: Overflow,
    /// Where they have led in vain.
    gone: Vec<Overflow>,
}

impl Session {
    /// A caller comes for a group.
    pub(super) fn begin_queue(&mut self, group: SkillGroupId, now: Instant) {
        self.queueing = Some(Queueing::default());
        self.outputs.push_back(Output::Attend);
        self.enter_queue(group, now);
    }

    fn enter_queue(&mut self, group: SkillGroupId, now: Instant) {
        let Some(queueing) = &mut self.queueing else {
            return;
        };
        queueing.n_queues += 1;
        queueing.is_late = false;
        let target = format!("skill_group:{group}");
        self.record(CallEvent::TransferRequested { target }, now);
        self.outputs.push_back(Output::EnterQueue { group });
        self.handing.stage = Stage::Entering;
    }

    /// The rules of the group that the caller comes for; `None`: there is no such group any more.
    pub(super) fn queue_entered(
        &mut self,
        group: SkillGroupId,
        rules: Option<Box<QueueRules>>,
        now: Instant,
    ) {
        if self.handing.stage != Stage::Entering || self.is_ending() {
            return;
        }
        let Some(rules) = rules else {
            self.led_nowhere();
            return self.transfer_failed(TransferFailure::Unknown, now);
        };
        let skill_group = Some(group);
        self.record(CallEvent::Queued { skill_group }, now);
        let wait_until = now + rules.wait_max;
        if let Some(queueing) = &mut self.queueing {
            queueing.rules = *rules;
            queueing.why = None;
        }
        self.look_for(&format!("skill_group:{group}"), false, wait_until);
        self.handing.is_queued = true;
        if self.phase == Phase::Up {
            self.stop_music();
            self.start_music();
        }
    }

    /// Somebody can be waited for: the caller is answered, to hear music meanwhile.
    pub(super) fn answer_queued(&mut self) {
        let Some(queueing) = &mut self.queueing else {
            return;
        };
        let is_answering = std::mem::replace(&mut queueing.is_answering, true);
        if !is_answering {
            self.outputs.push_back(Output::Answer);
        }
    }

    /// Whether the caller of a group is being answered, or was.
    pub(super) fn is_answering_queued(&self) -> bool {
        let queueing = self.queueing.as_ref();
        queueing.is_some_and(|queueing| queueing.is_answering)
    }

    /// The caller of a group has confirmed our answer.
    pub(super) fn queued_answered(&mut self, now: Instant) {
        let then_agent = self.queueing.as_mut().and_then(|it| it.then_agent.take());
        match then_agent {
            Some(agent) => self.go_to_agent(agent, now),
            None if self.is_other_answered() => self.bridge(now),
            None => self.start_music(),
        }
    }

    /// Phones that may be rung for one wish.
    pub(super) fn offers_max(&self) -> u32 {
        match self.queueing {
            Some(_) => OFFERS_MAX,
            None => handing::OFFERS_MAX,
        }
    }

    /// The time to wait is over while a phone rings: whoever has waited that long hears it ring to
    /// its end.
    pub(super) fn is_patient(&mut self) -> bool {
        match &mut self.queueing {
            Some(queueing) => {
                queueing.is_late = true;
                true
            }
            None => false,
        }
    }

    /// Whether the caller has waited for too long.
    pub(super) fn is_late(&self) -> bool {
        self.queueing.as_ref().is_some_and(|it| it.is_late)
    }

    /// Nobody of the group takes the caller: its rules say what follows.
    pub(super) fn overflow(&mut self, why: TransferFailure, now: Instant) {
        let Some(queueing) = &mut self.queueing else {
            return;
        };
        // Whoever was led nowhere goes on for the reason that led there.
        let rule = *queueing.why.get_or_insert(why);
        queueing.to = queueing.rules.after_all(rule, &queueing.gone);
        match queueing.to {
            Overflow::VoiceAgent(agent) if self.phase == Phase::Up => self.go_to_agent(agent, now),
            Overflow::VoiceAgent(agent) => {
                queueing.then_agent = Some(agent);
                self.answer_queued();
            }
            Overflow::SkillGroup(group) if queueing.n_queues < QUEUES_MAX => {
                self.enter_queue(group, now);
            }
            Overflow::SkillGroup(_) | Overflow::HangUp => {
                self.hang_up(handing::cause_of(why), now);
            }
        }
    }

    /// Where the rules led is nobody who takes the caller.
    pub(super) fn led_nowhere(&mut self) {
        if let Some(queueing) = &mut self.queueing {
            let to = queueing.to;
            queueing.gone.push(to);
        }
    }

    fn go_to_agent(&mut self, agent: VoiceAgentId, now: Instant) {
        self.stop_music();
        self.handing.stage = Stage::ToAgent;
        let target = format!("agent:{agent}");
        self.record(CallEvent::TransferRequested { target }, now);
        let agent = agent.to_string();
        self.outputs.push_back(Output::ChangeAgent { agent });
    }

    /// Somebody talks with the caller now, or a place of the call was given away.
    pub(super) fn leave_queue(&mut self) {
        self.stop_music();
        self.queueing = None;
        self.deadlines.set(Deadline::Seek, None);
    }

    fn start_music(&mut self) {
        if let Some(queueing) = &mut self.queueing {
            queueing.is_playing = true;
            self.outputs.push_back(Output::PlayQueue);
        }
    }

    fn stop_music(&mut self) {
        let queueing = self.queueing.as_mut();
        if queueing.is_some_and(|it| std::mem::take(&mut it.is_playing)) {
            self.outputs.push_back(Output::StopWaiting);
        }
    }
}
