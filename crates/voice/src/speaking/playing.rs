//! The clip that plays, and how long that may take.

use std::time::{Duration, Instant};

use crate::{
    conversation::Waits,
    reply::{Clip, SpanId},
};

/// The clip that plays, or is about to.
#[derive(Debug)]
pub(super) struct Playing {
    pub(super) span: SpanId,
    /// When the player was asked.
    pub(super) asked: Instant,
    /// The first packet.
    pub(super) started: Option<Instant>,
    /// When the last samples came.
    pub(super) fed: Instant,
    /// The speaker failed: no more samples will come.
    pub(super) is_broken: bool,
    /// Why it is being stopped, and since when.
    pub(super) stop: Option<(Stop, Instant)>,
}

/// Why a clip is being stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The reply is over.
    Drop,
    /// Somebody else plays; the rest of the line follows later.
    Pause,
}

impl Playing {
    pub(super) fn new(span: SpanId, now: Instant) -> Self {
        Self {
            span,
            asked: now,
            started: None,
            fed: now,
            is_broken: false,
            stop: None,
        }
    }

    /// Until when the player or the speaker must report something about `clip`, and what.
    pub(super) fn poll_timeout(
        &self,
        clip: Clip,
        rate_hz: u32,
        waits: &Waits,
    ) -> (Instant, &'static str) {
        if let Some((_, since)) = self.stop {
            return (since + waits.player_max, "end of a cut clip");
        }
        let Some(started) = self.started else {
            return (self.asked + waits.player_max, "start of a clip");
        };
        let end = started + duration(clip.samples, rate_hz);
        if clip.complete || self.is_broken {
            return (end + waits.player_max, "end of a clip");
        }
        (end.max(self.fed) + waits.speaker_max, "rest of a clip")
    }

    /// The samples of `clip` that were played, if its player kept time until it was stopped.
    pub(super) fn by_clock(&self, clip: Clip, rate_hz: u32, now: Instant) -> u64 {
        let Some(started) = self.started else {
            return 0;
        };
        let until = self.stop.map_or(now, |(_, since)| since);
        let micros = until.saturating_duration_since(started).as_micros();
        let samples = micros * u128::from(rate_hz) / 1_000_000;
        u64::try_from(samples).unwrap_or(u64::MAX).min(clip.samples)
    }
}

/// How long samples last; an hour at most, so that absurd counts do not overflow the clock.
fn duration(samples: u64, rate_hz: u32) -> Duration {
    const LONGEST: Duration = Duration::from_secs(3600);
    let micros = u128::from(samples) * 1_000_000 / u128::from(rate_hz.max(1));
    u64::try_from(micros).map_or(LONGEST, |micros| Duration::from_micros(micros).min(LONGEST))
}
