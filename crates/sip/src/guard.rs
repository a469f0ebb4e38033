//! Slows down those who guess.
//!
//! [`Guard`] counts refusals (wrong password, unknown number, not a known trunk) by source address
//! and says which of its messages are to be ignored for now. It only counts and answers; the shell
//! reports refusals and drops what is stopped before it reaches the endpoint.
//!
//! # Invariants
//!
//! - At most [`GuardRules::n_sources_max`] sources are remembered; the one refused longest ago
//!   makes room, so that a flood of forged sources cannot grow the table.
//! - Every block ends by itself.
//! - A block stops attempts only (a new INVITE, REGISTER, a password outside a call): answers to
//!   our requests and messages of calls that are up always pass, since for UDP a stranger can
//!   forge the address of a peer that we talk to.

use std::{
    collections::{BTreeSet, HashMap},
    net::IpAddr,
    time::{Duration, Instant},
};

use crate::message::{Envelope, Message, Method, Request};

/// When a source is blocked and for how long.
#[derive(Clone, Copy, Debug)]
pub struct GuardRules {
    /// Refusals that cost nothing: a person mistypes a password.
    pub n_refusals_free: u32,
    /// The first block; each further refusal doubles it.
    pub block_first: Duration,
    /// The longest block.
    pub block_max: Duration,
    /// Without a refusal for so long, a source starts afresh.
    pub forget_after: Duration,
    /// Sources remembered.
    pub n_sources_max: usize,
}

impl Default for GuardRules {
    fn default() -> Self {
        Self {
            n_refusals_free: 5,
            block_first: Duration::from_secs(1),
            block_max: Duration::from_secs(600),
            forget_after: Duration::from_secs(3600),
            n_sources_max: 10_000,
        }
    }
}

/// Counts refusals by source address.
#[derive(Debug)]
pub struct Guard {
    rules: GuardRules,
    sources: HashMap<IpAddr, Source>,
    by_age: BTreeSet<(Instant, IpAddr)>,
}

#[derive(Clone, Copy, Debug)]
struct Source {
    n_refusals: u32,
    last: Instant,
    blocked_until: Instant,
}

impl Guard {
    /// A guard that has seen nobody.
    #[must_use]
    pub fn new(rules: GuardRules) -> Self {
        Self {
            rules,
            sources: HashMap::new(),
            by_age: BTreeSet::new(),
        }
    }

    /// Counts one refusal of this source.
    pub fn refused(&mut self, source: IpAddr, now: Instant) {
        let n_before = match self.sources.get(&source) {
            Some(known) => {
                self.by_age.remove(&(known.last, source));
                if now.saturating_duration_since(known.last) > self.rules.forget_after {
                    0
                } else {
                    known.n_refusals
                }
            }
            None => {
                self.make_room();
                0
            }
        };
        let n_refusals = n_before.saturating_add(1);
        let blocked_until = now + self.block(n_refusals);
        self.sources.insert(
            source,
            Source {
                n_refusals,
                last: now,
                blocked_until,
            },
        );
        self.by_age.insert((now, source));
    }

    /// The source proved itself: its refusals are forgiven.
    pub fn proved(&mut self, source: IpAddr) {
        if let Some(known) = self.sources.remove(&source) {
            self.by_age.remove(&(known.last, source));
        }
    }

    /// How long this source is still to be ignored; `None`: let it in.
    #[must_use]
    pub fn blocked(&self, source: IpAddr, now: Instant) -> Option<Duration> {
        let known = self.sources.get(&source)?;
        let left = known.blocked_until.saturating_duration_since(now);
        (!left.is_zero()).then_some(left)
    }

    /// Whether this message is to be dropped: an attempt of a source that is blocked.
    #[must_use]
    pub fn stops(&self, source: IpAddr, message: &[u8], now: Instant) -> bool {
        if self.blocked(source, now).is_none() {
            return false;
        }
        match Message::parse(message) {
            Ok(Message::Request(request)) => is_attempt(&request),
            // Nothing of these can guess.
            Ok(Message::Response(_)) | Err(_) => false,
        }
    }

    fn make_room(&mut self) {
        while self.sources.len() >= self.rules.n_sources_max.max(1) {
            let Some((_, oldest)) = self.by_age.pop_first() else {
                return;
            };
            self.sources.remove(&oldest);
        }
    }

    fn block(&self, n_refusals: u32) -> Duration {
        let n_over = n_refusals.saturating_sub(self.rules.n_refusals_free);
        if n_over == 0 {
            return Duration::ZERO;
        }
        let factor = 2_u32.saturating_pow(n_over - 1);
        self.rules
            .block_first
            .saturating_mul(factor)
            .min(self.rules.block_max)
    }
}

/// Whether a request begins something that the caller must have a right to.
fn is_attempt(request: &Request) -> bool {
    let in_dialog =
        || Envelope::of_request(request).is_ok_and(|envelope| envelope.to.tag().is_some());
    let with_password = || {
        ["Authorization", "Proxy-Authorization"]
            .iter()
            .any(|name| request.headers.get(name).is_some())
    };
    match &request.method {
        Method::Ack | Method::Bye | Method::Cancel => false,
        Method::Invite => !in_dialog(),
        Method::Register => true,
        Method::Options
        | Method::Info
        | Method::Prack
        | Method::Update
        | Method::Refer
        | Method::Notify
        | Method::Other(_) => with_password() && !in_dialog(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timers::tests::start;

    const STRANGER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 66));

    #[test]
    fn a_few_mistakes_cost_nothing_and_guessing_costs_more_each_time() {
        let now = start();
        let mut guard = Guard::new(GuardRules::default());
        for _ in 0..5 {
            guard.refused(STRANGER, now);
        }
        assert_eq!(guard.blocked(STRANGER, now), None);
        guard.refused(STRANGER, now);
        assert_eq!(guard.blocked(STRANGER, now), Some(Duration::from_secs(1)));
        guard.refused(STRANGER, now);
        assert_eq!(guard.blocked(STRANGER, now), Some(Duration::from_secs(2)));
        for _ in 0..100 {
            guard.refused(STRANGER, now);
        }
        assert_eq!(guard.blocked(STRANGER, now), Some(Duration::from_secs(600)));
        assert_eq!(
            guard.blocked(STRANGER, now + Duration::from_secs(600)),
            None
        );
    }

    #[test]
    fn a_block_stops_attempts_and_nothing_of_a_call_that_is_up() {
        let now = start();
        let mut guard = Guard::new(GuardRules::default());
        let request = |method: &str, to: &str, more: &str| {
            format!(
                "{method} sip:1@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n\
                 From: <sip:2@h>;tag=a\r\nTo: {to}\r\nCall-ID: 1\r\nCSeq: 1 {method}\r\n{more}\r\n"
            )
        };
        let proof = "Authorization: Digest username=\"u\"\r\n";
        let forged = "\"x;tag=1\" <sip:1@h>;x=\">;tag=1\"";
        let stopped = [
            request("INVITE", "<sip:1@h>", ""),
            request("INVITE", forged, ""),
            request("REGISTER", "<sip:1@h>", ""),
            request("OPTIONS", "<sip:1@h>", proof),
        ];
        let passed = [
            request("INVITE", "<sip:1@h>;tag=b", ""),
            request("INFO", "<sip:1@h>;tag=b", proof),
            request("OPTIONS", "<sip:1@h>", ""),
            request("ACK", "<sip:1@h>", ""),
            request("CANCEL", "<sip:1@h>", ""),
            request("BYE", "<sip:1@h>;tag=b", proof),
            "SIP/2.0 200 OK\r\n\r\n".to_owned(),
        ];
        let stops = |guard: &Guard, text: &String| guard.stops(STRANGER, text.as_bytes(), now);
        assert!(!stopped.iter().any(|text| stops(&guard, text)), "not yet");
        for _ in 0..6 {
            guard.refused(STRANGER, now);
        }
        assert!(stopped.iter().all(|text| stops(&guard, text)));
        assert!(!passed.iter().any(|text| stops(&guard, text)));
    }
}
