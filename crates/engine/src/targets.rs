//! Which of a trunk's servers are tried first: those that did not fail lately.
//!
//! DNS says which servers a trunk has and in which order (RFC 3263); this puts those last that are
//! known not to answer. None is left out: what is thought to be dead is tried when nothing else is left.
//!
//! # Invariants
//!
//! - Among those that work, and among those that failed, the order of DNS holds.
//! - Silence to a question (OPTIONS) counts only where this server or another of the trunk has answered
//!   questions: some carriers never do.
//! - A failure is forgotten at the next answer, and after [`FAILED_FOR`].

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

/// How long a server that failed is tried after the others, if nothing is heard of it.
pub const FAILED_FOR: Duration = Duration::from_secs(300);

/// What is known of the servers of one trunk.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    known: BTreeMap<SocketAddr, Target>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Target {
    answers_questions: bool,
    failed_at: Option<Instant>,
}

impl Targets {
    /// Sorts what DNS found, by what is known of each; what it did not find is forgotten.
    pub fn sort<T>(&mut self, found: &mut [T], address: impl Fn(&T) -> SocketAddr, now: Instant) {
        self.known
            .retain(|known, _| found.iter().any(|each| address(each) == *known));
        found.sort_by_key(|each| {
            let known = self.known.get(&address(each));
            known.is_some_and(|target| target.has_failed(now))
        });
    }

    /// A server answered a question.
    pub fn answered_question(&mut self, target: SocketAddr) {
        let target = self.known.entry(target).or_default();
        target.answers_questions = true;
        target.failed_at = None;
    }

    /// A server did not answer a question.
    pub fn left_question(&mut self, target: SocketAddr, now: Instant) {
        if self.known.values().any(|known| known.answers_questions) {
            self.failed(target, now);
        }
    }

    /// A server answered something else than a question.
    pub fn answered(&mut self, target: SocketAddr) {
        if let Some(target) = self.known.get_mut(&target) {
            target.failed_at = None;
        }
    }

    /// A server did not answer what any server answers, cannot be reached, or says that it cannot serve.
    pub fn failed(&mut self, target: SocketAddr, now: Instant) {
        self.known.entry(target).or_default().failed_at = Some(now);
    }
}

impl Target {
    fn has_failed(self, now: Instant) -> bool {
        self.failed_at
            .is_some_and(|at| now.saturating_duration_since(at) < FAILED_FOR)
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

    fn server(last: u8) -> SocketAddr {
        SocketAddr::from(([192, 0, 2, last], 5060))
    }

    /// The order in which three servers are tried.
    fn order(targets: &mut Targets, now: Instant) -> Vec<u8> {
        let mut found = [1, 2, 3];
        targets.sort(&mut found, |last| server(*last), now);
        found.into()
    }

    #[test]
    fn a_server_that_failed_is_tried_last_until_it_answers_or_five_minutes_are_over() {
        let now = start();
        let mut targets = Targets::default();
        assert_eq!(order(&mut targets, now), [1, 2, 3]);
        targets.failed(server(1), now);
        targets.failed(server(2), now);
        assert_eq!(order(&mut targets, now), [3, 1, 2]);
        targets.answered(server(2));
        assert_eq!(order(&mut targets, now), [2, 3, 1]);
        assert_eq!(order(&mut targets, now + FAILED_FOR), [1, 2, 3]);
    }

    #[test]
    fn silence_to_questions_counts_where_one_of_the_trunks_servers_answers_them() {
        let now = start();
        let mut targets = Targets::default();
        targets.left_question(server(1), now);
        assert_eq!(order(&mut targets, now), [1, 2, 3], "none may ever answer");
        targets.answered_question(server(2));
        targets.left_question(server(1), now);
        assert_eq!(order(&mut targets, now), [2, 3, 1]);
        targets.answered_question(server(1));
        assert_eq!(order(&mut targets, now), [1, 2, 3]);
    }

    #[test]
    fn servers_that_dns_no_longer_names_are_forgotten() {
        let now = start();
        let mut targets = Targets::default();
        targets.failed(server(1), now);
        targets.failed(server(9), now);
        order(&mut targets, now);
        assert_eq!(targets.known.len(), 1);
    }
}
