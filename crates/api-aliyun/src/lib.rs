//! The dialect of Alibaba Cloud's outbound robot: signed requests, the actions of `OutboundBot`
//! 2019-12-26 with `Dialogue` at their center, its documented sister `VoiceNavigator` 2018-06-12,
//! and the callbacks that followed them.
//!
//! A request passes [`http`] (envelope), [`sign`] (who), [`definition`] (what, in the vendor's
//! types), and one action in [`outboundbot`] or `navigator`. [`callbacks`] are JSON and events
//! instead. [`compat`] writes the compatibility pages from the same tables.
//!
//! # Invariants
//!
//! - Nothing of a request is acted on before its signature is proven and its nonce is new.
//! - Every answer carries a `RequestId`, and an error the HTTP status that the clients expect.

pub mod callbacks;
pub mod compat;
pub mod definition;
pub mod fault;
pub mod form;
pub mod http;
pub mod outboundbot;
pub mod sign;

mod asked;
mod envelope;
mod gate;
mod known;
mod navigator;
mod nonce;
mod request;
#[cfg(test)]
mod tests;
mod trail;
