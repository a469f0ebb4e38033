//! Digest authentication (RFC 7616 as profiled for SIP by RFC 8760), from both ends.
//!
//! Algorithms MD5 and SHA-256, quality of protection `auth` or none. `auth-int` and the `-sess`
//! variants are not offered and not chosen.

mod answer;
mod challenge;
mod hash;
mod nonce;
mod response;

pub(crate) use answer::Prover;
pub(crate) use challenge::Challenge;
pub use hash::Algorithm;
pub use nonce::Verdict;
pub(crate) use nonce::Verifier;
pub use response::DigestResponse;

use std::fmt;

/// A user name and password. `Debug` hides the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Digest user name.
    pub username: String,
    /// In the clear: digest cannot do without, or with a hash for each realm.
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}
