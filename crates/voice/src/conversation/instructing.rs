//! What somebody tells the agent in the middle of a call: to say something, or to think about it.
//!
//! # Invariants
//!
//! - What may not be cut is carried out before anything else is taken, however it came to wait.
//! - What waits is forgotten when somebody interrupts, and never more than [`WAITING_MAX`] wait.

use std::time::Instant;

use super::{Conversation, EndCause, Note, question::Question};
use crate::{line::Line, speaking::Act, thinker::Heard, turn};

/// Instructions that may wait for silence; a further one is dropped.
pub const WAITING_MAX: usize = 32;

/// What the agent is told to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instruction {
    /// Say something.
    Say(Push),
    /// Have the thinker answer this, as if it had been said to it.
    Think {
        /// What.
        content: String,
        /// Whether it cuts what is going on; otherwise it waits for silence.
        interrupt: bool,
    },
}

/// Something that the agent is told to say (the vendor's `ServerPushText`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// What.
    pub line: Line,
    /// Whether it cuts what is going on.
    pub interrupt: bool,
    /// Whether it waits for silence where it does not cut; otherwise it is dropped.
    pub waits: bool,
    /// Whether the caller may cut it. While one that may not be cut waits or is said, nothing else
    /// is taken.
    pub interruptible: bool,
    /// Whether what was heard of it enters the history of the thinker.
    pub remembered: bool,
    /// Whether the call ends once it was heard.
    pub then_hang_up: bool,
}

/// What becomes of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is carried out now.
    Taken,
    /// It waits for silence.
    Waits,
    /// It is not carried out.
    Dropped,
}

impl Instruction {
    fn interrupts(&self) -> bool {
        match self {
            Self::Say(push) => push.interrupt,
            Self::Think { interrupt, .. } => *interrupt,
        }
    }

    fn may_wait(&self) -> bool {
        match self {
            Self::Say(push) => push.waits,
            Self::Think { .. } => true,
        }
    }

    fn is_interruptible(&self) -> bool {
        match self {
            Self::Say(push) => push.interruptible,
            Self::Think { .. } => true,
        }
    }
}

impl Conversation {
    /// Takes an instruction, lets it wait, or drops it.
    pub(super) fn instruct(&mut self, instruction: Instruction, now: Instant) {
        let fate = self.fate(&instruction);
        self.note(Note::Instructed {
            instruction: instruction.clone(),
            fate,
            at: now,
        });
        match fate {
            Fate::Dropped => {}
            Fate::Waits => self.waiting.push_back(instruction),
            Fate::Taken => {
                self.forget_waiting(now);
                self.question = None;
                self.unanswered = None;
                self.drop_reply(now);
                self.turn(turn::Input::AgentTakesFloor, now);
                self.instructed = Some(instruction);
            }
        }
    }

    fn fate(&self, instruction: &Instruction) -> Fate {
        if self.is_bound() || self.held.is_some() {
            return Fate::Dropped;
        }
        if instruction.interrupts() || self.is_idle() {
            return Fate::Taken;
        }
        let has_room = self.waiting.len() < WAITING_MAX;
        match instruction.may_wait() && has_room {
            true => Fate::Waits,
            false => Fate::Dropped,
        }
    }

    /// Whether something is being said, or is to be said, that nothing may come before.
    fn is_bound(&self) -> bool {
        let to_come = self.instructed.iter().chain(&self.waiting);
        let waits = to_come.into_iter().any(|told| !told.is_interruptible());
        waits || self.reply.as_ref().is_some_and(|reply| reply.is_bound())
    }

    /// Whether nobody speaks and nothing is to be said.
    fn is_idle(&self) -> bool {
        self.reply.is_none()
            && self.question.is_none()
            && self.instructed.is_none()
            && self.welcome_at.is_none()
            && self.turns.is_open()
    }

    /// Carries out what was taken, or the oldest that waits once there is silence.
    pub(super) fn carry_out_instruction(&mut self, now: Instant) -> bool {
        if self.reply.is_some() || self.question.is_some() || self.held.is_some() {
            return false;
        }
        let is_idle = self.is_idle();
        let waiting = match self.instructed.take() {
            Some(taken) => Some(taken),
            None if is_idle => self.waiting.pop_front(),
            None => None,
        };
        let Some(instruction) = waiting else {
            return false;
        };
        self.turn(turn::Input::AgentTakesFloor, now);
        match instruction {
            Instruction::Think { content, .. } => {
                self.ask(Question::new(Heard::Instruction(content), None, None), now);
            }
            Instruction::Say(push) => self.say_push(push, now),
        }
        true
    }

    fn say_push(&mut self, push: Push, now: Instant) {
        let words = match &push.line {
            Line::Text(text) => text.clone(),
            Line::Sound(_) => String::new(),
        };
        let heard = Heard::Instruction(words);
        self.say_by_itself(&heard, push.line, push.interruptible, now);
        if let Some(reply) = &mut self.reply {
            reply.is_as_told(push.remembered, !push.interruptible);
            if push.then_hang_up {
                reply.then(Act::HangUp(EndCause::Requested), now);
            }
        }
    }

    /// An interruption makes void what waits for silence.
    pub(super) fn forget_waiting(&mut self, now: Instant) {
        for instruction in std::mem::take(&mut self.waiting) {
            self.note(Note::Instructed {
                instruction,
                fate: Fate::Dropped,
                at: now,
            });
        }
    }
}
