//! A telephone that answers by a script: for demos, tests and a first call without a carrier.
//!
//! [`script`] is what a person writes down, [`behavior`] decides what happens when (pure, with the
//! time as an argument), and [`start`] and [`call`] move the SIP and RTP of it over real sockets.
//! `docs/simulated-callees.md` describes the scripts.
//!
//! # Invariants
//!
//! - A call ends: every wait for the far end has a limit.
//! - A phone that is told an address of this machine only hears of this machine only.

pub mod behavior;
mod call;
mod command;
mod line;
pub mod script;
mod sounds;
mod start;

#[cfg(test)]
mod tests;

pub use command::{PhoneFlags, run};
pub use script::Script;
pub use start::{Phone, PhoneSettings};
