//! Whose turn it is to speak.
//!
//! [`Turns`] hears when the caller starts and stops making speech, what the recognizer made of
//! it, and when the agent's reply starts and ends playing. It decides when the caller's turn is
//! over, when a reply is cut short, and when silence has lasted long enough to say something about
//! it. It neither knows what is said in a reply nor plays it; [`Turns::agent_may_speak`] tells
//! the owner when playing would talk over the caller.
//!
//! A cut is first a [suspension](Output::SuspendReply): the agent falls silent at once, and what the
//! caller turns out to have said decides whether the reply is over or goes on where it was. While
//! the turn's end is not certain, the thinker can be asked [early](Output::TurnLikely); the next
//! [`Output::TurnOver`] confirms its answer or replaces it.
//!
//! # Invariants
//!
//! - A reply is cut by nothing but what [`BargeIn`] says, never while it is uninterruptible, nor
//!   while an operator's sound holds the line.
//! - Every suspended reply is resumed, or a turn replaces it, or its owner ends it.
//! - Words belong to one turn: once a reply to them is heard, they are not reported again.
//! - Every state in which the next step is the caller's has a deadline.

mod barge_in;
mod endpointing;
mod event;
mod floor;
mod manners;
mod stretch;
#[cfg(test)]
mod tests;

pub use barge_in::{BargeIn, WORDLESS_MAX};
pub use endpointing::{Dictation, Endpointing, Hints};
pub use event::{Input, Output, Turn, Words};
pub use floor::Turns;
pub use manners::Manners;
