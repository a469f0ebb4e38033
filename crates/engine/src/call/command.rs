//! What somebody wants of a running call.

use std::time::Instant;

use model::{HungUpSide, SoundId};

/// What somebody wants of a running call. May be refused, unlike an [`Input`](super::Input).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Ends the call. Refused once it has ended; asking twice is harmless.
    HangUp {
        /// Who asks, in words for the records: `api`, `operator` …
        by: String,
    },
    /// Plays a sound to the person. Only while the call is up.
    PlaySound {
        /// Which.
        sound: SoundId,
        /// How many times, 1 to 100.
        times: u32,
        /// Mixed over the voice agent instead of in its place.
        over: bool,
    },
    /// Hands the person over. Only while the call is up, nobody else has it, and no sound plays.
    HandOver {
        /// To whom: an extension, a number, a person or a skill group.
        target: String,
    },
    /// Puts one of two who talk with each other on hold, or lets it go on; asking twice is harmless. Only while
    /// the call is up, and to hold: while two have it.
    Hold {
        /// Who is to wait: the person, or whoever took the person over.
        side: HungUpSide,
        /// On hold.
        on: bool,
    },
    /// Tells the voice agent what to do; what, is between its shell and the conversation. Only while
    /// the call is up.
    Instruct,
    /// The server is stopping: the call is hung up at `deadline` unless it is over by then. A
    /// later drain can only bring the deadline forward.
    Drain {
        /// The end of patience.
        deadline: Instant,
    },
}
