//! Who guesses credentials is slowed down.
//!
//! The first few wrong ones are free, since people mistype; after that the source waits, twice as
//! long each time. Whoever asks here refuses or delays only what is wrong: others may stand behind
//! the same address, and a right credential is served and forgives. That guessing on yields
//! nothing is the work of the secrets' length, not of the wait; the wait bounds what guessing
//! costs us. Passwords are short, so there even the right one has to wait, and the account that is
//! guessed at is a source too. A source with a network of its own is one source: IPv6 addresses count by their /64.

use std::{
    net::{IpAddr, Ipv6Addr},
    time::{Duration, Instant},
};

use crate::recent::Recent;

/// Wrong credentials that cost nothing.
const FREE: u32 = 5;
/// The first wait; each further one is twice as long.
const WAIT_MIN: Duration = Duration::from_secs(1);
/// The longest wait: a typist is back within a minute.
const WAIT_MAX: Duration = Duration::from_secs(60);
/// Quiet time after which a source starts afresh.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(10 * 60);
/// Sources that are remembered. A guesser with more addresses than this gets its free ones again,
/// and needs luck in a space of 128 bits.
const SOURCES_MAX: usize = 10_000;

/// Remembers who guesses.
#[derive(Debug)]
pub struct Guesses {
    sources: Recent<GuessedFrom, Source>,
}

/// Where wrong credentials come from, or what they are tried on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GuessedFrom {
    /// A network.
    Network(IpAddr),
    /// An account, by what people call it.
    Account(String),
}

impl From<IpAddr> for GuessedFrom {
    fn from(address: IpAddr) -> Self {
        Self::Network(network(address))
    }
}

#[derive(Clone, Copy, Debug)]
struct Source {
    n_wrong: u32,
    last: Instant,
}

impl Default for Guesses {
    fn default() -> Self {
        Self::new()
    }
}

impl Guesses {
    /// Nobody has guessed yet.
    pub fn new() -> Self {
        Self {
            sources: Recent::new(SOURCES_MAX),
        }
    }

    /// Counts a wrong credential from `from`. Do not count what is refused because
    /// [`wait`](Self::wait) said so.
    pub fn note(&mut self, from: impl Into<GuessedFrom>, now: Instant) {
        let source = self.sources.used(from.into(), now, || Source {
            n_wrong: 0,
            last: now,
        });
        if now.saturating_duration_since(source.last) >= FORGOTTEN_AFTER {
            source.n_wrong = 0;
        }
        source.n_wrong = source.n_wrong.saturating_add(1);
        source.last = now;
    }

    /// Forgets the mistakes of `from`: it brought a right credential.
    pub fn forgive(&mut self, from: impl Into<GuessedFrom>) {
        self.sources.remove(&from.into());
    }

    /// How long what is wrong from `from` is still slowed; `None` if it is answered as usual.
    pub fn wait(&self, from: impl Into<GuessedFrom>, now: Instant) -> Option<Duration> {
        let source = self.sources.peek(&from.into())?;
        let n_costly = source.n_wrong.checked_sub(FREE)?;
        let wait = WAIT_MIN.saturating_mul(1 << n_costly.min(16)).min(WAIT_MAX);
        let left = wait.saturating_sub(now.saturating_duration_since(source.last));
        (!left.is_zero()).then_some(left)
    }
}

/// The address that a source is known by: its own, or the /64 that one subscriber gets of IPv6.
fn network(from: IpAddr) -> IpAddr {
    match from {
        IpAddr::V4(_) => from,
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(mapped) => IpAddr::V4(mapped),
            None => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_mistakes_are_free_and_then_each_costs_twice() {
        let now = Instant::now();
        let mut guesses = Guesses::new();
        let waits: Vec<u64> = (0..12)
            .map(|_| {
                guesses.note(address("192.0.2.7"), now);
                guesses
                    .wait(address("192.0.2.7"), now)
                    .map_or(0, |wait| wait.as_secs())
            })
            .collect();
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]);
    }

    #[test]
    fn a_wait_passes() {
        let now = Instant::now();
        let guesses = guessed(6, "192.0.2.7", now);
        let later = now + Duration::from_millis(1500);
        assert_eq!(
            guesses.wait(address("192.0.2.7"), later),
            Some(Duration::from_millis(500))
        );
        assert_eq!(
            guesses.wait(address("192.0.2.7"), now + Duration::from_secs(2)),
            None
        );
    }

    #[test]
    fn a_quiet_source_starts_afresh() {
        let now = Instant::now();
        let mut guesses = guessed(20, "192.0.2.7", now);
        let later = now + FORGOTTEN_AFTER;
        guesses.note(address("192.0.2.7"), later);
        assert_eq!(guesses.wait(address("192.0.2.7"), later), None);
    }

    #[test]
    fn a_right_credential_is_forgiven_the_wrong_ones_before() {
        let now = Instant::now();
        let mut guesses = guessed(20, "192.0.2.7", now);
        guesses.forgive(address("192.0.2.7"));
        assert_eq!(guesses.wait(address("192.0.2.7"), now), None);
    }

    #[test]
    fn a_subscriber_cannot_hide_in_its_own_ipv6_network() {
        let now = Instant::now();
        let guesses = guessed(20, "2001:db8:1:2::3", now);
        assert!(guesses.wait(address("2001:db8:1:2:ffff::9"), now).is_some());
        assert!(guesses.wait(address("2001:db8:1:3::3"), now).is_none());
    }

    #[test]
    fn an_ipv4_address_is_the_same_on_a_socket_of_both_families() {
        let now = Instant::now();
        let guesses = guessed(20, "::ffff:192.0.2.7", now);
        assert!(guesses.wait(address("192.0.2.7"), now).is_some());
    }

    #[test]
    fn an_account_that_is_guessed_at_from_everywhere_is_slowed_too() {
        let now = Instant::now();
        let mut guesses = Guesses::new();
        let account = GuessedFrom::Account("lin@example.com".to_owned());
        for _ in 0..6 {
            guesses.note(account.clone(), now);
        }
        assert!(guesses.wait(account, now).is_some());
        let other = GuessedFrom::Account("wei@example.com".to_owned());
        assert!(guesses.wait(other, now).is_none());
    }

    fn guessed(n: u32, from: &str, now: Instant) -> Guesses {
        let mut guesses = Guesses::new();
        for _ in 0..n {
            guesses.note(address(from), now);
        }
        guesses
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }
}
