//! INVITE, seen from the one who sends it (section 17.1.1, RFC 6026 section 7.2).

use std::time::{Duration, Instant};

use super::{Due, OnResponse, Resend};
use crate::{Timing, timers::Deadline};

/// Timer D: how long repeated final answers are acknowledged over UDP.
const TIMER_D: Duration = Duration::from_secs(32);

/// INVITE client transaction.
#[derive(Debug)]
pub(crate) struct InviteClient {
    timing: Timing,
    reliable: bool,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Sent, no answer yet: Timers A and B.
    Calling {
        resend: Option<Resend>,
        give_up: Instant,
    },
    /// A provisional answer came; nothing is due until the final one.
    Proceeding,
    /// A final answer other than 2xx came: Timer D.
    Completed { over: Instant },
    /// 2xx came; more may come from other branches or as repetitions: Timer M.
    Accepted { over: Instant },
}

impl InviteClient {
    /// The INVITE is sent now.
    pub fn new(timing: Timing, reliable: bool, now: Instant) -> Self {
        let resend = (!reliable).then(|| Resend::new(timing.t1, now));
        let give_up = now + timing.patience();
        Self {
            timing,
            reliable,
            state: State::Calling { resend, give_up },
        }
    }

    /// Takes a response.
    pub fn on_response(&mut self, status: u16, now: Instant) -> OnResponse {
        match (&self.state, status) {
            (State::Calling { .. } | State::Proceeding, 100..=199) => {
                self.state = State::Proceeding;
                OnResponse::Deliver
            }
            (State::Calling { .. } | State::Proceeding, 200..=299) => {
                self.state = State::Accepted {
                    over: now + self.timing.patience(),
                };
                OnResponse::Deliver
            }
            (State::Calling { .. } | State::Proceeding, _) => {
                let linger = if self.reliable {
                    Duration::ZERO
                } else {
                    TIMER_D
                };
                self.state = State::Completed { over: now + linger };
                OnResponse::AckAndDeliver
            }
            (State::Completed { .. }, 300..) => OnResponse::AckAgain,
            (State::Accepted { .. }, 200..=299) => OnResponse::Deliver,
            (State::Completed { .. } | State::Accepted { .. }, _) => OnResponse::Absorb,
        }
    }

    /// Whether no response came yet.
    pub fn is_unanswered(&self) -> bool {
        matches!(self.state, State::Calling { .. })
    }

    /// Is not sent again; an answer is waited for as before.
    pub fn rest(&mut self) {
        if let State::Calling { resend, .. } = &mut self.state {
            *resend = None;
        }
    }

    /// Takes the time.
    pub fn on_timeout(&mut self, now: Instant) -> Due {
        match &mut self.state {
            State::Calling { give_up, .. } if *give_up <= now => Due::GaveUp,
            State::Calling {
                resend: Some(resend),
                ..
            } if resend.at <= now => {
                resend.again(None, now);
                Due::Resend
            }
            State::Completed { over } | State::Accepted { over } if *over <= now => Due::Over,
            State::Calling { .. }
            | State::Proceeding
            | State::Completed { .. }
            | State::Accepted { .. } => Due::Nothing,
        }
    }

    /// What is due next.
    pub fn deadline(&self) -> Option<Deadline> {
        match self.state {
            State::Calling {
                resend: Some(resend),
                give_up,
            } if resend.at < give_up => Some((resend.at, "INVITE again")),
            State::Calling { give_up, .. } => Some((give_up, "any answer to INVITE")),
            State::Proceeding => None,
            State::Completed { over } => Some((over, "repeated refusals of INVITE")),
            State::Accepted { over } => Some((over, "repeated answers to INVITE")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timers::tests::start;

    #[test]
    fn an_unanswered_invite_is_sent_seven_times_in_32_seconds() {
        let begin = start();
        let mut machine = InviteClient::new(Timing::default(), false, begin);
        let mut sent_ms = vec![0];
        loop {
            let (at, _) = machine.deadline().unwrap();
            match machine.on_timeout(at) {
                Due::Resend => sent_ms.push((at - begin).as_millis()),
                Due::GaveUp => break assert_eq!(at - begin, Duration::from_secs(32)),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(sent_ms, [0, 500, 1_500, 3_500, 7_500, 15_500, 31_500]);
    }

    #[test]
    fn a_repeated_refusal_is_acknowledged_but_not_told_twice() {
        let now = start();
        let mut machine = InviteClient::new(Timing::default(), false, now);
        assert_eq!(machine.on_response(180, now), OnResponse::Deliver);
        assert_eq!(machine.on_response(486, now), OnResponse::AckAndDeliver);
        assert_eq!(machine.on_response(486, now), OnResponse::AckAgain);
        assert_eq!(machine.on_response(200, now), OnResponse::Absorb);
        assert_eq!(machine.on_timeout(now + TIMER_D), Due::Over);
    }
}
