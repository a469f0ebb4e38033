//! Callers who are handed over: to people, to another voice agent, and from one.
//!
//! Two voice agents have two conversations, one after the other, on the same leg. What the first one
//! [leaves behind](Past) is all that the second one knows of it: what was said and heard, the
//! numbers that name turns and clips, and how long the call may last.

use std::time::Instant;

use super::{
    Conversation, Exchange,
    machine::{Hold, Stage},
    question::Question,
};
use crate::{thinker::Heard, turn};

/// What a conversation leaves to the one that follows it in the same call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    pub(super) history: Vec<Exchange>,
    /// The next conversation counts on, so that no name means two things in one call.
    pub(super) n_turns: u32,
    pub(super) n_spans: u32,
    /// The call's longest time is that of its first agent, unless a later one allows less.
    pub(super) call_until: Option<Instant>,
}

impl Conversation {
    /// What this conversation leaves behind; whole once it is [over](Conversation::is_over).
    pub fn past(&self) -> Past {
        Past {
            history: self.history.clone(),
            n_turns: self.n_turns,
            n_spans: self.n_spans,
            call_until: self.call_until,
        }
    }

    /// Goes on where another conversation of the call has ended: it begins without a tone, without
    /// a delay and without looking for a machine.
    ///
    /// # Panics
    ///
    /// Panics once it has begun.
    pub fn follow(&mut self, past: Past) {
        assert!(
            self.stage == Stage::Ready,
            "only a new conversation follows"
        );
        self.took_over = true;
        self.history = past.history;
        self.n_turns = past.n_turns;
        self.n_spans = past.n_spans;
        self.call_until = past.call_until;
    }

    /// Begins with a caller whom another agent has handed over.
    pub(super) fn take_over(&mut self, answered: Instant, now: Instant) {
        let own = self.settings.call_time_max.map(|max| answered + max);
        self.call_until = self.call_until.into_iter().chain(own).min();
        self.ask(Question::new(Heard::TakenOver, None, None), now);
    }

    /// Nobody takes the caller over: the agent goes on.
    pub(super) fn not_handed_over(&mut self, why: Heard, now: Instant) {
        if matches!(self.held, Some(Hold::Transfer(_))) {
            self.held = None;
            self.quiet_since = Some(now);
            self.turn(turn::Input::Released, now);
            self.turn(turn::Input::AgentTakesFloor, now);
            self.ask(Question::new(why, None, None), now);
        }
    }
}
