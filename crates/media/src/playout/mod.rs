//! Clips queued towards a leg, paced by the tick.

mod clip;

pub use clip::{Clip, ClipId};

/// Clips that may wait or play at once on a leg; further ones end without being played.
pub const CLIPS_MAX: usize = 32;

/// How a new clip meets what is playing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlayMode {
    /// After everything that is queued.
    Queue,
    /// At once, in place of what plays.
    Instead(Displaced),
    /// At once, mixed with what plays at equal level.
    Over,
}

/// What becomes of the clips that another one displaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Displaced {
    /// They wait and go on where they were.
    Resumes,
    /// They are cut.
    Ends,
}
