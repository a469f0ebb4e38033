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

impl Credentials {
    /// H(A1) of a realm by MD5, in lowercase hex (RFC 7616 section 3.4.2): proves what the password
    /// does, there alone.
    #[must_use]
    pub fn hash_for(&self, realm: &str) -> String {
        let Self { username, password } = self;
        Algorithm::Md5.hex(&format!("{username}:{realm}:{password}"))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_a_realm_is_that_of_the_rfc() {
        // RFC 2617 section 3.5.
        let credentials = Credentials {
            username: "Mufasa".into(),
            password: "Circle Of Life".into(),
        };
        let hash = credentials.hash_for("testrealm@host.com");
        assert_eq!(hash, "939e7578ed9e3c518a452acee763bce9");
    }
}
