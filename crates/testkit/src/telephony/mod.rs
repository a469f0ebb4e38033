//! Calls in virtual time: the real SIP and media machines of two or more parties, and a bad network
//! between them, all of it from one seed.
//!
//! ```text
//! Party (sip::Endpoint + media::leg::Leg) ── datagrams ──▶ Network ──▶ Party
//! ```
//!
//! What it does not do: sockets, threads, streams, the centre's own tasks.
//!
//! # Invariants
//!
//! - The same seed gives the same run, to the packet.
//! - An hour of silence costs nothing but its ticks of media; time never waits for anything.

mod network;
mod party;
mod world;

pub use network::{Network, Weather};
pub use party::{Manners, Party};
pub use world::{Plan, World};
