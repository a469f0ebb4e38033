//! A clip: a piece of speech or sound to play, whole or still growing.

use std::sync::Arc;

/// Names a clip on its leg; chosen by whoever plays it, unique on the leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClipId(pub u64);

/// A piece of audio to play towards a leg, at 8 kHz mono.
#[derive(Clone, Debug)]
pub struct Clip {
    /// Its name in commands and events.
    pub id: ClipId,
    /// Samples known so far.
    pub samples: Arc<[i16]>,
    /// How often to play it, at least 1. A growing clip plays once.
    pub times: u32,
    /// No samples will be appended.
    pub finished: bool,
}

impl Clip {
    /// A clip that is known from start to end.
    pub fn whole(id: ClipId, samples: Arc<[i16]>) -> Self {
        Self {
            id,
            samples,
            times: 1,
            finished: true,
        }
    }

    /// A clip whose samples are appended while it plays (speech as it is synthesized).
    pub fn growing(id: ClipId) -> Self {
        Self {
            id,
            samples: Arc::from([]),
            times: 1,
            finished: false,
        }
    }

    /// Plays `times` times in a row; 0 counts as 1.
    pub fn repeated(mut self, times: u32) -> Self {
        self.times = times.max(1);
        self
    }
}
