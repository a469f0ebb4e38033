//! Decisions of the centre, without sockets, clocks or databases.
//!
//! What may happen is decided here, to the nouns of `model`; what does happen is done by the
//! shells of `app`. Machines that live in memory take [`std::time::Instant`]; what outlives the
//! process takes [`model::UnixMs`].
//!
//! - [`call`]: the machine that owns one call, [`call::Session`]
//! - [`chat`]: the machine that owns one conversation by text, and who gets it
//! - [`campaign`]: whether, whom and how many a campaign dials
//! - [`sip_cause`]: what a final SIP status says about the end of a call
//! - [`rules`]: whether a callee may be called now
//! - [`refused`]: how the record of a call reads that was refused
//! - [`quota`]: whether the tenant's packages pay for it, and for how long
//! - [`slots`]: how many voice agents talk at once, and who waits
//! - [`route`]: which trunk and which caller number
//! - [`targets`]: which of a trunk's servers are tried first
//! - [`bucket`]: so many a second
//! - [`presence`]: what a person's status becomes
//! - [`rate`]: API requests a second
//! - [`guess`]: guessing of credentials is slowed down
//! - [`webhook`]: when to try a webhook again
//! - [`recovery`]: how a call ends that a crash cut off
#![cfg_attr(
    test,
    expect(clippy::disallowed_methods, reason = "simulated time needs an epoch")
)]

#[macro_use]
mod fsm;

pub mod bucket;
pub mod call;
pub mod campaign;
pub mod chat;
pub mod circuit;
pub mod guess;
pub mod presence;
pub mod quota;
pub mod rate;
mod recent;
pub mod recovery;
pub mod refused;
pub mod review;
pub mod route;
pub mod rules;
pub mod sip_cause;
pub mod slots;
pub mod targets;
pub mod webhook;

pub use fsm::NoTransition;
