//! Any request but INVITE, seen from the one who sends it (section 17.1.2).

use std::time::{Duration, Instant};

use super::{Due, OnResponse, Resend};
use crate::{Timing, timers::Deadline};

/// Non-INVITE client transaction.
#[derive(Debug)]
pub(crate) struct SimpleClient {
    timing: Timing,
    reliable: bool,
    state: State,
}

#[derive(Debug)]
enum State {
    /// No final answer yet: Timers E and F.
    Trying {
        resend: Option<Resend>,
        give_up: Instant,
        answered: bool,
    },
    /// The final answer came: Timer K absorbs repetitions.
    Completed { over: Instant },
}

impl SimpleClient {
    /// The request is sent now.
    pub fn new(timing: Timing, reliable: bool, now: Instant) -> Self {
        let resend = (!reliable).then(|| Resend::new(timing.t1, now));
        let give_up = now + timing.patience();
        Self {
            timing,
            reliable,
            state: State::Trying {
                resend,
                give_up,
                answered: false,
            },
        }
    }

    /// Takes a response.
    pub fn on_response(&mut self, status: u16, now: Instant) -> OnResponse {
        match (&mut self.state, status) {
            (
                State::Trying {
                    answered, resend, ..
                },
                100..=199,
            ) => {
                // In Proceeding the interval is T2 at once (Timer E).
                if let Some(resend) = resend.as_mut().filter(|_| !*answered) {
                    *resend = Resend::new(self.timing.t2, now);
                }
                *answered = true;
                OnResponse::Deliver
            }
            (State::Trying { .. }, _) => {
                let linger = if self.reliable {
                    Duration::ZERO
                } else {
                    self.timing.t4
                };
                self.state = State::Completed { over: now + linger };
                OnResponse::Deliver
            }
            (State::Completed { .. }, _) => OnResponse::Absorb,
        }
    }

    /// Whether no response came yet.
    pub fn is_unanswered(&self) -> bool {
        matches!(
            self.state,
            State::Trying {
                answered: false,
                ..
            }
        )
    }

    /// Takes the time.
    pub fn on_timeout(&mut self, now: Instant) -> Due {
        match &mut self.state {
            State::Trying { give_up, .. } if *give_up <= now => Due::GaveUp,
            State::Trying {
                resend: Some(resend),
                ..
            } if resend.at <= now => {
                resend.again(Some(self.timing.t2), now);
                Due::Resend
            }
            State::Completed { over } if *over <= now => Due::Over,
            State::Trying { .. } | State::Completed { .. } => Due::Nothing,
        }
    }

    /// What is due next.
    pub fn deadline(&self) -> Option<Deadline> {
        match self.state {
            State::Trying {
                resend: Some(resend),
                give_up,
                ..
            } if resend.at < give_up => Some((resend.at, "request again")),
            State::Trying { give_up, .. } => Some((give_up, "answer to a request")),
            State::Completed { over } => Some((over, "repeated answers")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timers::tests::start;

    #[test]
    fn an_unanswered_request_is_sent_eleven_times_in_32_seconds() {
        let begin = start();
        let mut machine = SimpleClient::new(Timing::default(), false, begin);
        let mut sent_ms = vec![0];
        loop {
            let (at, _) = machine.deadline().unwrap();
            match machine.on_timeout(at) {
                Due::Resend => sent_ms.push((at - begin).as_millis()),
                Due::GaveUp => break,
                other => panic!("{other:?}"),
            }
        }
        let expected = [
            0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
        ];
        assert_eq!(sent_ms, expected);
    }
}
