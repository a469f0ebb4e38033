//! RTCP: what both ends of an RTP stream tell each other about it (RFC 3550 section 6).
//!
//! `wire` reads and writes compound packets, `reception` keeps the numbers that a report needs.
//! When to send is decided by [`crate::port::Port`].

mod reception;
mod wire;

pub use reception::{Mean, Reception, Sequenced};
pub use wire::{
    CNAME_MAX, Compound, NtpTime, Packet, Report, Reports, SenderInfo, Writer, round_trip,
};
