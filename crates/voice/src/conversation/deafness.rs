//! Callers who are not heard because the recognizer fails: they are told so, and asked again, for a
//! while.

use std::time::Instant;

use super::{Conversation, EndCause, Note, question::Question};
use crate::thinker::Heard;

/// Why a stretch of speech was not recognized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deafness {
    /// Too much is to be recognized just now: the next words may be understood again.
    Overloaded,
    /// The recognizer is broken, or gone.
    Broken,
}

impl Deafness {
    /// Turns in a row that are asked for again; the next one ends the call. An overload passes: a
    /// caller who says it once more costs less than one who is hung up on.
    fn turns_max(self) -> u32 {
        match self {
            Self::Overloaded => 3,
            Self::Broken => 1,
        }
    }
}

impl Conversation {
    /// The recognizer failed on the caller's newest speech.
    pub(super) fn not_heard(
        &mut self,
        utterance: u32,
        deafness: Deafness,
        why: String,
        now: Instant,
    ) {
        self.deafness = Some(deafness);
        self.note(Note::RecognizerFailed { why, at: now });
        self.recognized(utterance, String::new(), now);
    }

    /// The recognizer works.
    pub(super) fn hears_again(&mut self) {
        self.deafness = None;
        self.n_deaf_turns = 0;
    }

    /// The caller's whole turn went unheard: that is said, unless it was said too often.
    pub(super) fn apologize_for(&mut self, deafness: Deafness, now: Instant) {
        self.n_deaf_turns += 1;
        if self.n_deaf_turns > deafness.turns_max() {
            return self.end(EndCause::RecognizerFailed, now);
        }
        let notify = self.settings.notify.as_ref();
        let mut question = Question::new(Heard::Unclear, None, None);
        question.own_answer = self
            .settings
            .fallback
            .clone()
            .or_else(|| notify.map(|notify| notify.line.clone()));
        self.ask(question, now);
    }
}
