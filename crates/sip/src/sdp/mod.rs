//! Session descriptions (RFC 8866) and offer/answer (RFC 3264) for one audio stream.
//!
//! [`Session::parse`] reads what peers send, tolerantly and within bounds. [`offer`], [`answer`]
//! and [`negotiated`] decide codecs, addresses and direction. Video and other streams of an offer
//! are refused with port 0.

mod codec;
mod crypto;
mod handshake;
mod mismatch;
mod negotiate;
mod parse;
mod security;
mod session;

pub use codec::{Codec, Format};
pub use crypto::{Crypto, MASTER_LEN, MasterKey, SharedKeys, Suite, without_keys};
pub use handshake::{
    Fingerprint, Handshake, HandshakeLines, Hash, Ice, IceCredentials, OurHandshake, Role, Setup,
};
pub use mismatch::Mismatch;
pub use negotiate::{Local, Negotiated, answer, negotiated, offer};
pub use parse::SdpError;
pub use security::{Encryption, Secured, Security};
pub use session::{Direction, Media, Origin, Session};

#[cfg(test)]
mod browsers;
#[cfg(test)]
mod tests;
