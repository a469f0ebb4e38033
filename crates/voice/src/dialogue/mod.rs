//! A voice agent as the robot of somebody else's call: words in, words out, no audio.
//!
//! Another call centre tells what happened on its call ([`Asked`]) and is told what to say and to
//! do ([`Answer`]). The script is the one that also talks on our own phones: the same
//! [`ScriptRun`](crate::script::ScriptRun) decides, so the same words lead to the same answers. What
//! else thinks there is a [`Mind`] here.
//!
//! # Invariants
//!
//! - The same questions in the same order give the same answers where a script thinks: a
//!   conversation is stored as its questions, and a restart plays them again. Other minds are not
//!   asked again; what they said is recalled.
//! - Every question has an answer, whatever the order in which questions come.
//! - After the robot has hung up it says nothing more.

mod asked;
mod robot;
#[cfg(test)]
mod tests;

pub use asked::{Asked, NotAsked};
pub use robot::{Act, Answer, Mind, Profile, Robot};
