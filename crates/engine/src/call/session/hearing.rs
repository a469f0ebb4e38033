//! Whether the person's phone is heard at all.
//!
//! # Invariants
//!
//! - A phone that is up and is to send is waited for until its first packet; one that is on hold or muted
//!   itself is not.

use std::time::Instant;

use super::Session;
use crate::call::{
    Phase,
    deadline::{Deadline, FIRST_PACKET_MAX},
};

/// What is known of the person's sound.
#[derive(Debug)]
pub(super) struct Hearing {
    /// The first RTP packet came, which may be before the answer.
    is_heard: bool,
    /// The phone is to send.
    is_expected: bool,
}

impl Default for Hearing {
    fn default() -> Self {
        Self {
            is_heard: false,
            is_expected: true,
        }
    }
}

impl Session {
    /// The first packet came.
    pub(super) fn heard(&mut self) {
        self.hearing.is_heard = true;
        self.deadlines.set(Deadline::FirstPacket, None);
    }

    /// The phone says whether it is to send.
    pub(super) fn expect(&mut self, is_expected: bool, now: Instant) {
        let before = std::mem::replace(&mut self.hearing.is_expected, is_expected);
        if before != is_expected && self.phase == Phase::Up {
            self.listen(now);
        }
    }

    /// The phone is up, or another one has its place.
    pub(super) fn listen(&mut self, now: Instant) {
        let is_awaited = self.hearing.is_expected && !self.hearing.is_heard;
        let silent_until = is_awaited.then_some(now + FIRST_PACKET_MAX);
        self.deadlines.set(Deadline::FirstPacket, silent_until);
    }

    /// Another phone has the person's place: nothing is known of it yet.
    pub(super) fn listen_to_another(&mut self, now: Instant) {
        self.hearing = Hearing::default();
        self.listen(now);
    }
}
