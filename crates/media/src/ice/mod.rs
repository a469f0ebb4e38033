//! Checks of the way that media takes: the lite side of ICE (RFC 8445 section 2.5).
//!
//! The peer asks by STUN, from every address that it may send from, whether we hear it there, and names the
//! address that media takes. We answer, and never ask: our one address is in the SDP.
//!
//! # Invariants
//!
//! - Only who knows the password of our SDP changes anything.
//! - An answer goes where the question came from. One to a stranger is never longer than the question.
//! - Nothing allocates.

mod agent;
mod stun;

pub use agent::{Agent, Answered};
pub use stun::STUN_MAX;
