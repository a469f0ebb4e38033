//! Thinking before the caller's turn is certain to be over.
//!
//! The thinker is asked as soon as the words are known; until the turn is over its answer is made,
//! not heard. A turn that ends with the same words finds the answer there; one that goes on
//! replaces the question.

use std::time::Instant;

use super::{Conversation, question::Question};
use crate::{
    latency::Marks,
    speaking::Speaking,
    thinker::Heard,
    turn::{Turn, Words},
};

impl Conversation {
    /// The caller's turn may be over.
    pub(super) fn caller_may_have_said(&mut self, turn: &Turn, now: Instant) {
        let Words::Text(text) = &turn.words else {
            return;
        };
        if self.is_away() || self.is_welcome_open() {
            return;
        }
        let replaces = match &self.question {
            Some(open) if !open.is_replaceable() => return,
            Some(open) => open.made_void(),
            None => None,
        };
        let mut question = Question::new(
            Heard::Utterance(text.clone()),
            replaces,
            Some(Marks::new(turn)),
        );
        question.is_early = true;
        self.ask(question, now);
    }

    /// The turn is over. Returns whether the thinker was asked about just these words already.
    pub(super) fn confirm_early(&mut self, turn: &Turn, now: Instant) -> bool {
        let Words::Text(text) = &turn.words else {
            return false;
        };
        let Some(question) = self.question.as_mut().filter(|open| open.is_early) else {
            return false;
        };
        if question.heard != Heard::Utterance(text.clone()) {
            return false;
        }
        question.is_early = false;
        if let Some(marks) = &mut question.marks {
            marks.confirmed(turn);
        }
        self.quiet_since = Some(now);
        true
    }

    /// Whether the reply in hand must not end yet, because nobody may hear it yet.
    pub(super) fn is_thinking_early(&self) -> bool {
        let is_dropped = self.reply.as_ref().is_none_or(Speaking::is_dropped);
        !is_dropped && self.question.as_ref().is_some_and(|open| open.is_early)
    }

    fn is_welcome_open(&self) -> bool {
        self.question
            .as_ref()
            .is_some_and(|open| matches!(open.heard, Heard::Start | Heard::TakenOver))
    }
}
