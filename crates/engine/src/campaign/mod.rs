//! Decisions of campaigns: whether they may dial now, how many to dial, and what becomes of a contact
//! after a dial attempt.
//!
//! A [`Runner`] decides for one campaign; it never dials and holds no contacts: they are many, and
//! the database keeps and orders them. The shell looks at the database, tells what it saw, and does
//! what the runner wants. [`outcome()`] reads a call that has ended; [`settle`] moves its contact.
//!
//! # Invariants
//!
//! - A campaign never dials outside its schedule or its tenant's working hours, as far as its shell
//!   tells the time.
//! - No contact has more attempts, in all or on one day, than the rules allow; attempts that were
//!   not dialled do not count.
//! - Every contact is settled in the end: by its outcome, by the campaign's end, or after
//!   [`CONTACT_LIFE_MAX`].

mod contact;
mod outcome;
mod runner;
mod share;
#[cfg(test)]
mod tests;
mod window;

pub use contact::{CONTACT_LIFE_MAX, Ended, Settled, settle};
pub use outcome::outcome;
pub use runner::{BLOCKED_MAX, Look, Runner, START_MAX, Trouble, Want};
pub use share::{Share, room};
pub use window::{Calendars, Local, Window, window};
