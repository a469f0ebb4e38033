//! The machine that owns one conversation by text, and who gets it.
//!
//! - [`Conversation`] decides what may happen; what it decides are [`model::ChatEvent`]s, and it is
//!   nothing but a fold of them: a restart plays the stored events and has the same machine.
//! - [`stream`] is one growing message.
//! - [`assign`] chooses who is asked to take a waiting customer.
//!
//! # Invariants
//!
//! - A refused input has no events and changes nothing.
//! - A repeated request (the sender's name of it, within its window) has the answer of the first
//!   and no events.
//! - In a conversation that has ended or that a person has, no message of a bot grows.

pub mod assign;
mod conversation;
mod decide;
mod fold;
mod input;
mod recent;
pub mod stream;
#[cfg(test)]
mod tests;

pub use conversation::{Conversation, Draw, ServiceDone, Wants};
pub use input::{BotThen, Done, EVENTS_MAX, Input, Refused};
pub use recent::{REQUEST_WINDOW, REQUESTS_MAX};
