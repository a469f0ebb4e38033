//! One SIP user agent.
use crate::{
    Config, Input, Output,
    digest::{Credentials, DigestResponse, Verdict},
};
use std::time::Instant;
/// One SIP user agent: every transaction and every leg.
#[derive(Debug)]
pub struct Endpoint {
    _config: Config,
    _seed: [u8; 32],
}
impl Endpoint {
    /// An endpoint without transactions. The seed feeds tags, branches, Call-IDs and nonces:
    /// fresh randomness in production, a number in tests.
    #[must_use]
    pub fn new(config: Config, seed: [u8; 32]) -> Self {
        Self {
            _config: config,
            _seed: seed,
        }
    }
    /// Takes one input. Drain [`Endpoint::poll`] before the next one.
    pub fn handle(&mut self, _input: Input, _now: Instant) {}
    /// The next thing for the shell to do.
    pub fn poll(&mut self) -> Option<Output> {
        None
    }
    /// The next instant at which [`Input::Timeout`] is due, and why.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        None
    }
    /// Whether an incoming leg's [`Incoming::authorization`](crate::Incoming) proves that the
    /// caller has these credentials. Call it once for each INVITE: a second time is a replay.
    pub fn authenticate(
        &mut self,
        _proof: &DigestResponse,
        _credentials: &Credentials,
        _now: Instant,
    ) -> Verdict {
        Verdict::Wrong
    }
}
