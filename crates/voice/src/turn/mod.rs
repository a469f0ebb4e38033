//! Whose turn it is to speak.
//!
//! [`Turns`] hears when the caller starts and stops making speech, what the recognizer made of
//! it, and when the agent's reply starts and ends playing. It decides when the caller's turn is
//! over, when a reply is cut short, and when silence has lasted long enough to say something about
//! it. It neither knows what is said in a reply nor plays it; [`Turns::agent_may_speak`] tells
//! the owner when playing would talk over the caller.
//!
//! Later strategies have their places: an adaptive endpointing delay replaces
//! [`Manners::endpointing_delay`] where a pause begins, a false interruption shows as a turn that
//! was cut out of a reply and ends [`Unclear`](Words::Unclear), and a reply thought of too early
//! is one that the next [`Output::TurnOver`] replaces.
//!
//! # Invariants
//!
//! - A reply is never cut by speech shorter than [`Manners::barge_in_min`], nor while it is
//!   uninterruptible, nor while an operator's sound holds the line.
//! - Words belong to one turn: once a reply to them is heard, they are not reported again.
//! - Every state in which the next step is the caller's has a deadline.

mod event;
mod floor;
mod manners;
mod stretch;
#[cfg(test)]
mod tests;

pub use event::{Input, Output, Turn, Words};
pub use floor::Turns;
pub use manners::Manners;
