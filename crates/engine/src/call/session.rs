//! The machine that owns a call.

use std::time::{Duration, Instant};

use model::{Direction, Refusal};

use super::{Command, Input, Output, Phase};

/// What a call starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Who started it.
    pub direction: Direction,
    /// Longest ringing; the SIP machine's limit, guarded here.
    pub ring_time_max: Duration,
    /// Longest time from the answer, by the tenant's remaining quota; `None` is unlimited.
    pub talk_time_max: Option<Duration>,
}

/// The machine that owns one call.
#[derive(Debug)]
pub struct Session {}

impl Session {
    /// A call that waits for [`Input::Begin`].
    pub fn new(_settings: Settings) -> Self {
        Self {}
    }

    /// Takes what happened.
    pub fn handle(&mut self, _input: Input, _now: Instant) {}

    /// Takes what somebody wants, or says why not.
    pub fn command(&mut self, command: &Command, _now: Instant) -> Result<(), Refusal> {
        self.control(command)
    }

    /// Whether `command` would be taken now; changes nothing.
    pub fn control(&self, _command: &Command) -> Result<(), Refusal> {
        Ok(())
    }

    /// What the shell must do next; drain it after every input and command.
    pub fn poll(&mut self) -> Option<Output> {
        None
    }

    /// When to hand in [`Input::Timeout`], and the name of that deadline.
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        None
    }

    /// Where the call is.
    pub fn phase(&self) -> Phase {
        Phase::New
    }
}
