//! One endpoint and a peer who writes SIP by hand: what stands on the wire, in both directions.

mod change;
mod common;
mod connection;
mod crossing;
mod handshake;
mod incoming;
mod ipv6;
mod large;
mod outgoing;
mod registering;
mod reliable;
mod session;
mod transfer;
mod ways;
