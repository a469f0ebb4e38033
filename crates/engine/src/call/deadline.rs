//! What a call waits for, and until when.

use std::time::{Duration, Instant};

/// Added to the ring time before the call stops ringing by itself: the SIP machine keeps the ring
/// time; this is for one that does not.
pub(super) const RING_GUARD: Duration = Duration::from_secs(5);
/// Added to media's own limit of silence, from the answer to the first RTP packet: some time for its word to come.
/// After it nobody is there, or a firewall is.
pub(super) const SILENCE_GUARD: Duration = Duration::from_secs(5);
/// From the answer to the end of a call that nobody ends: one forgotten by every other limit.
pub(super) const TALK_MAX: Duration = Duration::from_secs(24 * 60 * 60);
/// From a sound's request to its first sample: reading and decoding a file of 5 MB.
pub(super) const SOUND_START_MAX: Duration = Duration::from_secs(5);
/// From hanging up to the leg's confirmation. The SIP machine may go on for 32 s (64·T1, RFC 3261
/// 17.1.2.2); the records need not wait for that.
pub(super) const CONFIRM_MAX: Duration = Duration::from_secs(5);
/// From the leg's end to the end of media: a few ticks, and the last words of the conversation.
pub(super) const SETTLE_MAX: Duration = Duration::from_secs(2);

/// Something that a call waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deadline {
    /// An answer.
    Ring,
    /// The first RTP packet.
    FirstPacket,
    /// The end of what the quota pays for, or of a day.
    Talk,
    /// The end of a stopping server's patience.
    Drain,
    /// The first sample of a sound.
    SoundStart,
    /// Somebody who takes the person over.
    Handover,
    /// The answer of the phone that is rung.
    Offer,
    /// The next look for somebody who is free.
    Seek,
    /// The answer of a further party's phone.
    Party,
    /// The end of a leg that we hung up.
    Confirm,
    /// The end of media.
    Settle,
}

impl Deadline {
    const ALL: [Self; 11] = [
        Self::Ring,
        Self::FirstPacket,
        Self::Talk,
        Self::Drain,
        Self::SoundStart,
        Self::Handover,
        Self::Offer,
        Self::Seek,
        Self::Party,
        Self::Confirm,
        Self::Settle,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ring => "answer of the leg",
            Self::FirstPacket => "first RTP packet",
            Self::Talk => "talk time of the quota",
            Self::Drain => "drain of the server",
            Self::SoundStart => "start of a sound",
            Self::Handover => "handover of the person",
            Self::Offer => "answer of the phone that is rung",
            Self::Seek => "next look for somebody who is free",
            Self::Party => "answer of a further party's phone",
            Self::Confirm => "end of a leg that was hung up",
            Self::Settle => "end of media",
        }
    }
}

/// The deadlines of one call.
#[derive(Debug, Default)]
pub(super) struct Deadlines([Option<Instant>; Deadline::ALL.len()]);

impl Deadlines {
    pub(super) fn set(&mut self, deadline: Deadline, at: Option<Instant>) {
        self.0[deadline as usize] = at;
    }

    pub(super) fn at(&self, deadline: Deadline) -> Option<Instant> {
        self.0[deadline as usize]
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The earliest; of equal ones the first of the list.
    pub(super) fn next(&self) -> Option<(Instant, Deadline)> {
        Deadline::ALL
            .into_iter()
            .filter_map(|deadline| Some((self.at(deadline)?, deadline)))
            .min_by_key(|(at, _)| *at)
    }
}
