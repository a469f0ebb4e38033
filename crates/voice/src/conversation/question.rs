//! The question that is open to the thinker.

use std::time::Instant;

use crate::{
    latency::Marks,
    line::Line,
    thinker::{Heard, TurnId},
};

/// What the thinker is asked, or will be as soon as the reply before it has ended.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) heard: Heard,
    /// The unheard answer that this question makes void.
    pub(super) replaces: Option<TurnId>,
    /// For questions that the caller's speech asked.
    pub(super) marks: Option<Marks>,
    /// `None` while it waits.
    pub(super) turn: Option<TurnId>,
    /// The caller's turn may not be over: its answer is not heard yet.
    pub(super) is_early: bool,
    /// What the agent answers by itself, without asking the thinker.
    pub(super) own_answer: Option<Line>,
}

impl Question {
    pub(super) fn new(heard: Heard, replaces: Option<TurnId>, marks: Option<Marks>) -> Self {
        Self {
            heard,
            replaces,
            marks,
            turn: None,
            is_early: false,
            own_answer: None,
        }
    }

    /// The answer that one in its place makes void: what the thinker never heard of is none.
    pub(super) fn made_void(&self) -> Option<TurnId> {
        let asked = self.turn.filter(|_| self.own_answer.is_none());
        asked.or(self.replaces)
    }

    /// Whether more speech of the caller may take its place before its answer is heard. A
    /// welcome is not talked away, and pressed keys count.
    pub(super) fn is_replaceable(&self) -> bool {
        match self.heard {
            Heard::Utterance(_) | Heard::Silence { .. } | Heard::Unclear => true,
            Heard::Start
            | Heard::TakenOver
            | Heard::Digits(_)
            | Heard::TransferFailed
            | Heard::AgentRefused(_)
            | Heard::Instruction(_) => false,
        }
    }

    /// Whether it came from the clock and not from the caller.
    pub(super) fn is_prompt(&self) -> bool {
        matches!(self.heard, Heard::Silence { .. })
    }

    /// Notes when the thinker decided something.
    pub(super) fn decided(&mut self, is_line: bool, now: Instant) {
        if let Some(marks) = &mut self.marks {
            marks.first_decision.get_or_insert(now);
            if is_line {
                marks.first_line.get_or_insert(now);
            }
        }
    }
}
