//! INVITE, seen from the one who receives it (section 17.2.1, RFC 6026 section 7.1).
//!
//! A 2xx is repeated by the leg that sent it, not here: it may have to cross several hops.

use std::time::Instant;

use super::{Due, Resend};
use crate::{Timing, timers::Deadline};

/// INVITE server transaction.
#[derive(Debug)]
pub(crate) struct InviteServer {
    timing: Timing,
    reliable: bool,
    state: State,
}

#[derive(Debug)]
enum State {
    /// No final answer yet.
    Proceeding,
    /// A final answer other than 2xx was sent: Timers G and H.
    Completed {
        resend: Option<Resend>,
        give_up: Instant,
    },
    /// ACK came: Timer I absorbs repetitions.
    Confirmed { over: Instant },
    /// 2xx was sent: Timer L knows repeated INVITEs.
    Accepted { over: Instant },
}

impl InviteServer {
    /// An INVITE came.
    pub fn new(timing: Timing, reliable: bool) -> Self {
        Self {
            timing,
            reliable,
            state: State::Proceeding,
        }
    }

    /// The INVITE came again: whether to repeat the last response.
    pub fn on_repeated(&self) -> bool {
        match self.state {
            // RFC 6026 section 7.1 would have a repeated INVITE be absorbed after a 2xx, for the leg repeats
            // that until ACK; callers that ask once more after their ACK would wait for nothing.
            State::Proceeding | State::Completed { .. } | State::Accepted { .. } => true,
            State::Confirmed { .. } => false,
        }
    }

    /// The core answers.
    pub fn on_answer(&mut self, status: u16, now: Instant) {
        let over = now + self.timing.patience();
        match (&self.state, status) {
            (State::Proceeding, 200..=299) => self.state = State::Accepted { over },
            (State::Proceeding, 300..) => {
                let resend = (!self.reliable).then(|| Resend::new(self.timing.t1, now));
                self.state = State::Completed {
                    resend,
                    give_up: over,
                };
            }
            (State::Proceeding, _)
            | (State::Completed { .. } | State::Confirmed { .. } | State::Accepted { .. }, _) => {}
        }
    }

    /// ACK came; whether it was for this transaction. The ACK to a 2xx is the leg's.
    pub fn on_ack(&mut self, now: Instant) -> bool {
        match self.state {
            State::Completed { .. } => {
                let over = if self.reliable {
                    now
                } else {
                    now + self.timing.t4
                };
                self.state = State::Confirmed { over };
                true
            }
            State::Confirmed { .. } => true,
            State::Proceeding | State::Accepted { .. } => false,
        }
    }

    /// Takes the time.
    pub fn on_timeout(&mut self, now: Instant) -> Due {
        match &mut self.state {
            State::Completed { give_up, .. } if *give_up <= now => Due::GaveUp,
            State::Completed {
                resend: Some(resend),
                ..
            } if resend.at <= now => {
                resend.again(Some(self.timing.t2), now);
                Due::Resend
            }
            State::Confirmed { over } | State::Accepted { over } if *over <= now => Due::Over,
            State::Proceeding
            | State::Completed { .. }
            | State::Confirmed { .. }
            | State::Accepted { .. } => Due::Nothing,
        }
    }

    /// What is due next.
    pub fn deadline(&self) -> Option<Deadline> {
        match self.state {
            State::Proceeding => None,
            State::Completed {
                resend: Some(resend),
                give_up,
            } if resend.at < give_up => Some((resend.at, "refusal of INVITE again")),
            State::Completed { give_up, .. } => Some((give_up, "ACK to a refusal")),
            State::Confirmed { over } => Some((over, "repeated ACKs")),
            State::Accepted { over } => Some((over, "repeated INVITEs")),
        }
    }
}
