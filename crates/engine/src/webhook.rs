//! When to try a webhook again, and when to stop.
//!
//! A [`Delivery`] decides; it never sends. The shell sends what is due, reports what came back,
//! and stores [`Delivery::state`], [`Delivery::due_at`] and [`Delivery::n_attempts`] after each
//! step, so that a restart goes on where it stopped.
//!
//! # Invariants
//!
//! - A delivery is due at one instant at most, and never after it is settled.
//! - A round never has more than 1 + [`WAITS`]`.len()` attempts. The vendor documents at most
//!   three repeats; the waits between them are ours, it documents none.

use std::time::Duration;

use model::{DeliveryState, UnixMs};

/// Waits before the three repeats. The first attempt is immediate.
pub const WAITS: [Duration; 3] = [
    Duration::from_secs(5),
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
];

/// Longest `Retry-After` that is honored; a receiver cannot park a delivery for longer.
pub const RETRY_AFTER_MAX: Duration = Duration::from_secs(60 * 60);

/// What the receiver's server did with one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It took the event.
    Accepted,
    /// Anything else, including no answer at all.
    Failed {
        /// What its `Retry-After` header asked for.
        retry_after: Option<Duration>,
    },
}

impl Answer {
    /// Reads an HTTP answer.
    ///
    /// Accepted is a 2xx whose body does not object: `error_code` is the number `ErrCode` of its
    /// JSON object. The vendor asks for `{"ErrCode":0,"ErrMsg":""}` and repeats otherwise; we take
    /// a body without `ErrCode`, even an empty one, for consent (`None`), since many receivers
    /// answer a bare 200 and a repeat would only bother them.
    pub fn read(status: u16, error_code: Option<i64>, retry_after: Option<Duration>) -> Self {
        if (200..300).contains(&status) && error_code.is_none_or(|code| code == 0) {
            Self::Accepted
        } else {
            Self::Failed { retry_after }
        }
    }
}

/// One round of attempts to deliver one event to one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    n_attempts: usize,
    due_at: UnixMs,
    state: DeliveryState,
}

impl Delivery {
    /// A new round, due at once: an event, or its replay.
    pub fn new(now: UnixMs) -> Self {
        Self::resume(0, now)
    }

    /// A round that was stored as due, after `n_attempts` failed ones.
    pub fn resume(n_attempts: i64, due_at: UnixMs) -> Self {
        Self {
            n_attempts: usize::try_from(n_attempts).unwrap_or(0),
            due_at,
            state: DeliveryState::Due,
        }
    }

    /// Takes the answer to the attempt that was due.
    ///
    /// # Panics
    ///
    /// Panics on a settled delivery: the shell attempted something that was not due.
    pub fn attempted(&mut self, answer: Answer, now: UnixMs) {
        assert!(
            self.state == DeliveryState::Due,
            "attempted a settled delivery"
        );
        self.n_attempts += 1;
        self.state = match (answer, WAITS.get(self.n_attempts - 1)) {
            (Answer::Accepted, _) => DeliveryState::Delivered,
            (Answer::Failed { .. }, None) => DeliveryState::Exhausted,
            (Answer::Failed { retry_after }, Some(wait)) => {
                let asked = retry_after.unwrap_or_default().min(RETRY_AFTER_MAX);
                self.due_at = now.plus(asked.max(*wait));
                DeliveryState::Due
            }
        };
    }

    /// When the next attempt should start, and why the shell is being woken.
    pub fn poll_timeout(&self) -> Option<(UnixMs, &'static str)> {
        match self.state {
            DeliveryState::Due => Some((self.due_at, "webhook attempt")),
            DeliveryState::Delivered | DeliveryState::Exhausted => None,
        }
    }

    /// Where it is.
    pub fn state(&self) -> DeliveryState {
        self.state
    }

    /// When the next attempt is due; the last due time once it is settled.
    pub fn due_at(&self) -> UnixMs {
        self.due_at
    }

    /// Attempts so far in this round.
    pub fn n_attempts(&self) -> i64 {
        i64::try_from(self.n_attempts).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILED: Answer = Answer::Failed { retry_after: None };

    #[test]
    fn gives_up_after_three_repeats() {
        assert_eq!(
            deliver_to(|_| FAILED),
            (4, WAITS.iter().sum(), DeliveryState::Exhausted)
        );
    }

    #[test]
    fn stops_at_the_first_success() {
        let (n_attempts, spent, state) = deliver_to(|attempt| match attempt {
            1 => FAILED,
            _ => Answer::Accepted,
        });
        assert_eq!(
            (n_attempts, spent, state),
            (2, WAITS[0], DeliveryState::Delivered)
        );
    }

    #[test]
    fn a_receiver_is_given_the_time_it_asks_for_within_the_limit() {
        let asking = |seconds| Answer::Failed {
            retry_after: Some(Duration::from_secs(seconds)),
        };
        for (asked, spent) in [(1, 5), (120, 120), (86_400, 3_600)] {
            let (_, waited, _) = deliver_to(|attempt| match attempt {
                1 => asking(asked),
                _ => Answer::Accepted,
            });
            assert_eq!(waited, Duration::from_secs(spent), "{asked}");
        }
    }

    #[test]
    fn only_a_2xx_that_does_not_object_is_success() {
        for (status, error_code, accepted) in [
            (200, Some(0), true),
            (200, None, true),
            (204, None, true),
            (200, Some(-1), false),
            (302, None, false),
            (500, Some(0), false),
        ] {
            let answer = Answer::read(status, error_code, None);
            assert_eq!(
                answer == Answer::Accepted,
                accepted,
                "{status} {error_code:?}"
            );
        }
    }

    #[test]
    fn a_restart_goes_on_where_it_stopped() {
        let mut before = Delivery::new(UnixMs(0));
        before.attempted(FAILED, UnixMs(0));
        before.attempted(FAILED, before.due_at());
        let mut after = Delivery::resume(before.n_attempts(), before.due_at());
        assert_eq!(after, before);
        after.attempted(FAILED, after.due_at());
        after.attempted(FAILED, after.due_at());
        assert_eq!(after.state(), DeliveryState::Exhausted);
        assert_eq!(after.poll_timeout(), None);
    }

    #[test]
    #[should_panic(expected = "attempted a settled delivery")]
    fn a_settled_delivery_is_not_attempted() {
        let mut delivery = Delivery::new(UnixMs(0));
        delivery.attempted(Answer::Accepted, UnixMs(0));
        delivery.attempted(Answer::Accepted, UnixMs(0));
    }

    /// Drives a delivery to its end in simulated time.
    fn deliver_to(receiver: impl Fn(i64) -> Answer) -> (i64, Duration, DeliveryState) {
        let start = UnixMs(1_000);
        let mut delivery = Delivery::new(start);
        let mut now = start;
        while let Some((due, _)) = delivery.poll_timeout() {
            now = due;
            delivery.attempted(receiver(delivery.n_attempts() + 1), now);
        }
        (delivery.n_attempts(), now.since(start), delivery.state())
    }
}
