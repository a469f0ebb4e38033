//! When to tell a registrar again where we are: before it forgets, and later and later while it
//! refuses or is silent.
//!
//! A [`Registration`] decides; it never sends. The shell sends a REGISTER when one is due and reports
//! the answer.
//!
//! # Invariants
//!
//! - A refresh is due before the contact expires, with a fifth of its time and at most a minute left.
//! - After a failure the next attempt waits, twice as long each time, from 2 s up to 5 min (RFC 5626
//!   section 4.5 has the same shape), and never less than the registrar's `Retry-After`.

use std::time::{Duration, Instant};

use crate::RegisterAnswer;

/// The first wait after a failure.
const WAIT_FIRST: Duration = Duration::from_secs(2);
/// The longest.
const WAIT_MAX: Duration = Duration::from_secs(300);
/// Wait after a refused password: trying on quickly would have us blocked.
const WAIT_FORBIDDEN: Duration = Duration::from_secs(60);
/// Most of a contact's time that is left when it is refreshed.
const SPARE_MAX: Duration = Duration::from_secs(60);
/// The longest time that we ask for.
const EXPIRES_MAX: Duration = Duration::from_secs(86_400);

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationState {
    /// No answer yet.
    Unknown,
    /// The registrar knows us.
    Registered,
    /// It refused; the status.
    Refused(u16),
    /// Nobody answers.
    Silent,
}

/// One account at one registrar.
#[derive(Clone, Debug)]
pub struct Registration {
    state: RegistrationState,
    expires: Duration,
    next_at: Instant,
    n_failures: u32,
    /// The contact is kept until then.
    good_until: Option<Instant>,
}

impl Registration {
    /// An account whose first REGISTER is due now, for `expires` at first.
    #[must_use]
    pub fn new(expires: Duration, now: Instant) -> Self {
        Self {
            state: RegistrationState::Unknown,
            expires,
            next_at: now,
            n_failures: 0,
            good_until: None,
        }
    }

    /// How the last answer was.
    #[must_use]
    pub fn state(&self) -> RegistrationState {
        self.state
    }

    /// Whether the registrar still keeps our contact, also while a refresh fails.
    #[must_use]
    pub fn is_good(&self, now: Instant) -> bool {
        self.good_until.is_some_and(|until| now < until)
    }

    /// When the next REGISTER is due.
    #[must_use]
    pub fn next_at(&self) -> Instant {
        self.next_at
    }

    /// How long the contact is to be kept that the next REGISTER asks for.
    #[must_use]
    pub fn expires(&self) -> Duration {
        self.expires
    }

    /// Takes the answer to a REGISTER. `chance` from 0 to 1 spreads accounts that failed together.
    pub fn answered(&mut self, answer: &RegisterAnswer, chance: f64, now: Instant) {
        match answer.status {
            Some(200..=299) => {
                let granted = answer
                    .expires_second
                    .map_or(self.expires, |s| Duration::from_secs(s.into()))
                    .max(Duration::from_secs(1));
                self.state = RegistrationState::Registered;
                self.n_failures = 0;
                self.good_until = Some(now + granted);
                self.next_at = now + granted - (granted / 5).min(SPARE_MAX);
            }
            // It wants a longer time: asked for at once, and not again if that does not help.
            Some(423) if self.takes_longer(answer) => self.next_at = now,
            Some(status) => {
                self.state = RegistrationState::Refused(status);
                let least = if matches!(status, 401 | 403 | 404 | 407) {
                    WAIT_FORBIDDEN
                } else {
                    Duration::ZERO
                };
                self.fail(answer, least, chance, now);
            }
            None => {
                self.state = RegistrationState::Silent;
                self.fail(answer, Duration::ZERO, chance, now);
            }
        }
    }

    fn takes_longer(&mut self, answer: &RegisterAnswer) -> bool {
        let min = Duration::from_secs(answer.min_expires_second.unwrap_or(0).into());
        let longer = min > self.expires && min <= EXPIRES_MAX;
        if longer {
            self.expires = min;
        }
        longer
    }

    fn fail(&mut self, answer: &RegisterAnswer, least: Duration, chance: f64, now: Instant) {
        let doubled = WAIT_FIRST.saturating_mul(2_u32.saturating_pow(self.n_failures));
        self.n_failures = self.n_failures.saturating_add(1);
        let asked = Duration::from_secs(answer.retry_after_second.unwrap_or(0).into());
        let wait = doubled
            .min(WAIT_MAX)
            .mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
            .max(least)
            .max(asked.min(EXPIRES_MAX));
        self.next_at = now + wait;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timers::tests::start;

    const S: fn(u64) -> Duration = Duration::from_secs;

    fn said(status: Option<u16>) -> RegisterAnswer {
        RegisterAnswer {
            status,
            expires_second: None,
            min_expires_second: None,
            retry_after_second: None,
            cseq: 1,
        }
    }

    #[test]
    fn a_contact_is_refreshed_before_the_registrar_forgets_it() {
        let now = start();
        let mut registration = Registration::new(S(3600), now);
        assert_eq!(registration.next_at(), now);
        registration.answered(&said(Some(200)), 1.0, now);
        assert_eq!(registration.next_at(), now + S(3540));
        let short = RegisterAnswer {
            expires_second: Some(60),
            ..said(Some(200))
        };
        registration.answered(&short, 1.0, now);
        assert_eq!(registration.next_at(), now + S(48));
        assert!(registration.is_good(now + S(59)) && !registration.is_good(now + S(60)));
    }

    #[test]
    fn failures_wait_twice_as_long_each_time_and_success_forgives() {
        let now = start();
        let mut registration = Registration::new(S(3600), now);
        let mut waits = Vec::new();
        for _ in 0..10 {
            registration.answered(&said(None), 1.0, now);
            waits.push((registration.next_at() - now).as_secs());
        }
        assert_eq!(waits, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        registration.answered(&said(Some(200)), 1.0, now);
        registration.answered(&said(None), 0.0, now);
        assert_eq!(registration.next_at(), now + S(1));
        assert_eq!(registration.state(), RegistrationState::Silent);
        assert!(registration.is_good(now), "it is known for an hour");
    }

    #[test]
    fn a_registrar_may_ask_for_more_time_or_patience() {
        let now = start();
        let mut registration = Registration::new(S(60), now);
        let brief = RegisterAnswer {
            min_expires_second: Some(600),
            ..said(Some(423))
        };
        registration.answered(&brief, 1.0, now);
        assert_eq!(
            (registration.next_at(), registration.expires()),
            (now, S(600))
        );
        registration.answered(&brief, 1.0, now);
        assert!(registration.next_at() > now, "no loop");
        let busy = RegisterAnswer {
            retry_after_second: Some(90),
            ..said(Some(503))
        };
        registration.answered(&busy, 1.0, now);
        assert_eq!(registration.next_at(), now + S(90));
        registration.answered(&said(Some(403)), 1.0, now);
        assert!(registration.next_at() >= now + S(60));
    }
}
