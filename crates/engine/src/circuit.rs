//! Whether a trunk can be used at present, from what its calls and our questions came to.
//!
//! A circuit is *closed* while calls go through, and *open* while they do not: then other trunks are
//! tried first, and one question after the other finds out when it works again.
//!
//! # Invariants
//!
//! - Silence to a question opens a circuit only if the trunk has answered questions before: some
//!   carriers never do.
//! - One answer of any status, to a question or to a call, closes it: whoever refuses is alive.
//! - A call is never forbidden here; the shell tries an open trunk when there is no other.

use std::time::{Duration, Instant};

/// Calls in a row that nobody answered, or that were answered 503, until a trunk is left alone.
const FAILURES_MAX: u32 = 3;
/// Between two questions while all is well.
const ASK_EVERY: Duration = Duration::from_secs(30);
/// Between two questions while it is not.
const ASK_AGAIN: Duration = Duration::from_secs(10);

/// What is known of a trunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CircuitState {
    /// Nothing yet.
    Unknown,
    /// Calls go through.
    Closed,
    /// They do not.
    Open,
}

/// Watches one trunk.
#[derive(Clone, Debug)]
pub struct Circuit {
    state: CircuitState,
    since: Instant,
    answered_at: Option<Instant>,
    answers_questions: bool,
    n_failures: u32,
    ask_at: Instant,
}

impl Circuit {
    /// A trunk that is asked now for the first time.
    pub fn new(now: Instant) -> Self {
        Self {
            state: CircuitState::Unknown,
            since: now,
            answered_at: None,
            answers_questions: false,
            n_failures: 0,
            ask_at: now,
        }
    }

    /// What is known.
    pub fn state(&self) -> CircuitState {
        self.state
    }

    /// Since when that is known.
    pub fn since(&self) -> Instant {
        self.since
    }

    /// When the trunk last answered, a question or a call; `None`: never yet.
    pub fn answered_at(&self) -> Option<Instant> {
        self.answered_at
    }

    /// Whether others are to be tried first.
    pub fn is_open(&self) -> bool {
        self.state == CircuitState::Open
    }

    /// Whether the last call, or the trunk, failed for a reason of the trunk's.
    pub fn has_failed(&self) -> bool {
        self.is_open() || self.n_failures > 0
    }

    /// When the next question is due.
    pub fn ask_at(&self) -> Instant {
        self.ask_at
    }

    /// A question is on its way: the next one is not due before it has come to something.
    pub fn asked(&mut self, now: Instant) {
        self.ask_at = now + ASK_EVERY;
    }

    /// A question came to this; whether the state changed.
    pub fn answered(&mut self, is_alive: bool, now: Instant) -> bool {
        let mut has_changed = false;
        if is_alive {
            self.answers_questions = true;
            has_changed = self.went(now);
        } else if self.answers_questions {
            has_changed = self.enter(CircuitState::Open, now);
        }
        self.ask_at = now + if self.is_open() { ASK_AGAIN } else { ASK_EVERY };
        has_changed
    }

    /// A call rang, was answered, or was refused for a reason of its own; whether the state changed.
    pub fn call_went(&mut self, now: Instant) -> bool {
        self.went(now)
    }

    /// A call failed for a reason of the trunk's; whether the state changed.
    pub fn call_failed(&mut self, now: Instant) -> bool {
        self.n_failures = self.n_failures.saturating_add(1);
        // It may be the first to tell.
        self.ask_at = self.ask_at.min(now + ASK_AGAIN);
        self.n_failures >= FAILURES_MAX && self.enter(CircuitState::Open, now)
    }

    fn went(&mut self, now: Instant) -> bool {
        self.n_failures = 0;
        self.answered_at = Some(now);
        self.enter(CircuitState::Closed, now)
    }

    /// Whether the state changed.
    fn enter(&mut self, state: CircuitState, now: Instant) -> bool {
        let has_changed = self.state != state;
        if has_changed {
            (self.state, self.since) = (state, now);
        }
        has_changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(
        clippy::disallowed_methods,
        reason = "any instant will do to begin with"
    )]
    fn start() -> Instant {
        Instant::now()
    }

    #[test]
    fn a_trunk_that_answered_and_falls_silent_is_open_until_it_answers_again() {
        let now = start();
        let mut circuit = Circuit::new(now);
        assert_eq!(
            (circuit.state(), circuit.ask_at()),
            (CircuitState::Unknown, now)
        );
        assert!(circuit.answered(true, now));
        assert_eq!(circuit.ask_at(), now + ASK_EVERY);
        assert!(circuit.answered(false, now) && circuit.is_open());
        assert_eq!(circuit.ask_at(), now + ASK_AGAIN);
        assert!(!circuit.answered(false, now));
        assert!(circuit.answered(true, now) && !circuit.is_open());
    }

    #[test]
    fn a_trunk_that_never_answers_questions_is_judged_by_its_calls() {
        let now = start();
        let mut circuit = Circuit::new(now);
        assert!(!circuit.answered(false, now));
        assert_eq!(circuit.state(), CircuitState::Unknown);
        assert!(!circuit.call_failed(now) && !circuit.call_failed(now));
        assert!(circuit.call_failed(now) && circuit.is_open());
        assert!(circuit.call_went(now) && !circuit.is_open());
        assert!(!circuit.call_failed(now), "it counts anew");
    }

    #[test]
    fn it_has_failed_from_the_first_failure_until_it_answers() {
        let now = start();
        let mut circuit = Circuit::new(now);
        assert!(!circuit.has_failed());
        circuit.call_failed(now);
        assert!(circuit.has_failed() && !circuit.is_open());
        circuit.answered(true, now);
        assert!(!circuit.has_failed());
    }

    #[test]
    fn a_state_knows_when_it_began_and_when_the_trunk_last_answered() {
        let begun = start();
        let at = |seconds: u64| begun + Duration::from_secs(seconds);
        let mut circuit = Circuit::new(begun);
        assert_eq!((circuit.since(), circuit.answered_at()), (begun, None));
        circuit.answered(true, at(1));
        circuit.answered(true, at(31));
        assert_eq!(
            (circuit.since(), circuit.answered_at()),
            (at(1), Some(at(31)))
        );
        circuit.answered(false, at(61));
        circuit.answered(false, at(71));
        assert_eq!(
            (circuit.since(), circuit.answered_at()),
            (at(61), Some(at(31)))
        );
        circuit.call_went(at(80));
        assert_eq!(
            (circuit.since(), circuit.answered_at()),
            (at(80), Some(at(80)))
        );
    }
}
