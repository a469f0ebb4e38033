//! Loops that give machines time and I/O. The only place that spawns.

pub(crate) mod attendance;
pub mod call;
pub(crate) mod campaigns;
pub(crate) mod inbound;
pub(crate) mod known_peers;
pub mod media;
pub(crate) mod registrar;
pub mod reviews;
pub mod sip;
pub(crate) mod slots;
pub(crate) mod sweep;
pub mod targets;
pub(crate) mod transcripts;
pub(crate) mod trunks;
pub(crate) mod webhook;
