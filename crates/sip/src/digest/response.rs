//! What a client brings in Authorization.

use super::{
    Algorithm,
    answer::Computation,
    challenge::{digest_params, find},
};

/// A parsed `Authorization` or `Proxy-Authorization` with the method that it was computed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestResponse {
    /// Whose password to look up.
    pub username: String,
    /// The protection space that the client answers for.
    pub realm: String,
    /// Hash of the client's choice.
    pub algorithm: Algorithm,
    pub(crate) nonce: String,
    uri: String,
    response: String,
    /// cnonce and nonce count, when `qop=auth`.
    auth: Option<(String, u32)>,
    method: String,
}

impl DigestResponse {
    /// Reads a field's value. `None`: not digest, incomplete, or of a kind that we never ask for.
    pub(crate) fn parse(field: &str, method: &str) -> Option<Self> {
        let params = digest_params(field).into_iter().next()?;
        let value = |name: &str| find(&params, name).map(str::to_owned);
        let auth = match value("qop") {
            None => None,
            Some(qop) if qop.eq_ignore_ascii_case("auth") => {
                let nc = value("nc").filter(|nc| nc.len() == 8)?;
                Some((value("cnonce")?, u32::from_str_radix(&nc, 16).ok()?))
            }
            Some(_) => return None,
        };
        Some(Self {
            username: value("username")?,
            realm: value("realm")?,
            algorithm: Algorithm::of(find(&params, "algorithm"))?,
            nonce: value("nonce")?,
            uri: value("uri")?,
            response: value("response")?,
            auth,
            method: method.to_owned(),
        })
    }

    /// The nonce count, when `qop=auth`.
    pub(super) fn nc(&self) -> Option<u32> {
        self.auth.as_ref().map(|(_, nc)| *nc)
    }

    /// Whether it was computed with this password.
    pub(super) fn proves(&self, password: &str) -> bool {
        let expected = Computation {
            algorithm: self.algorithm,
            username: &self.username,
            realm: &self.realm,
            password,
            nonce: &self.nonce,
            method: &self.method,
            uri: &self.uri,
            auth: self
                .auth
                .as_ref()
                .map(|(cnonce, nc)| (cnonce.as_str(), *nc)),
        }
        .response();
        // All bytes are looked at, so that the time tells nothing about the first wrong one.
        expected.len() == self.response.len()
            && expected
                .bytes()
                .zip(self.response.bytes())
                .fold(0, |wrong, (a, b)| wrong | (a ^ b.to_ascii_lowercase()))
                == 0
    }
}
