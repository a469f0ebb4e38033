//! Whether the person's phone is heard at all.
//!
//! # Invariants
//!
//! - A phone that is up and may not be silent for ever is waited for until its first packet. On hold it may be,
//!   and where it muted itself.

use std::time::{Duration, Instant};

use model::MediaTimeout;

use super::Session;
use crate::call::{
    Phase,
    deadline::{Deadline, SILENCE_GUARD},
};

/// What is known of the person's sound.
#[derive(Debug)]
pub(super) struct Hearing {
    /// The first RTP packet came, which may be before the answer.
    is_heard: bool,
    /// How long the phone may be silent; `None` for ever.
    silence_max: Option<Duration>,
}

impl Default for Hearing {
    fn default() -> Self {
        Self {
            is_heard: false,
            silence_max: MediaTimeout::default().limit(),
        }
    }
}

impl Session {
    /// The first packet came.
    pub(super) fn heard(&mut self) {
        self.hearing.is_heard = true;
        self.deadlines.set(Deadline::FirstPacket, None);
    }

    /// It is known how long the phone may be silent.
    pub(super) fn expect(&mut self, silence_max: Option<Duration>, now: Instant) {
        let before = std::mem::replace(&mut self.hearing.silence_max, silence_max);
        if before != silence_max && self.phase == Phase::Up {
            self.listen(now);
        }
    }

    /// The phone is up, or another one has its place.
    pub(super) fn listen(&mut self, now: Instant) {
        let silence_max = self.hearing.silence_max.filter(|_| !self.hearing.is_heard);
        let silent_until = silence_max.map(|silence| now + silence + SILENCE_GUARD);
        self.deadlines.set(Deadline::FirstPacket, silent_until);
    }

    /// Another phone has the person's place: nothing is known of it yet.
    pub(super) fn listen_to_another(&mut self, now: Instant) {
        self.hearing = Hearing::default();
        self.listen(now);
    }
}
