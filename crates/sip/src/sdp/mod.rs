//! Session descriptions (RFC 8866) and offer/answer (RFC 3264) for one audio stream.
//!
//! [`Session::parse`] reads what peers send, tolerantly and within bounds. [`offer`], [`answer`]
//! and [`negotiated`] decide codecs, addresses and direction. Video and other streams of an offer
//! are refused with port 0.

mod codec;
mod crypto;
mod mismatch;
mod negotiate;
mod parse;
mod session;

pub use codec::{Codec, Format};
pub use crypto::{
    Crypto, Encryption, MASTER_LEN, MasterKey, Secured, Security, Suite, without_keys,
};
pub use mismatch::Mismatch;
pub use negotiate::{Local, Negotiated, answer, negotiated, offer};
pub use parse::SdpError;
pub use session::{Direction, Media, Origin, Session};

#[cfg(test)]
mod tests;
