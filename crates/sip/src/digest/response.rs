//! What a client brings in Authorization.

use super::Algorithm;

/// A parsed `Authorization` or `Proxy-Authorization` with what it was computed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestResponse {
    /// Whose password to look up.
    pub username: String,
    /// The protection space that the client answers for.
    pub realm: String,
    /// Hash of the client's choice.
    pub algorithm: Algorithm,
    pub(crate) nonce: String,
    pub(crate) uri: String,
    pub(crate) response: String,
    /// cnonce and nc, when `qop=auth`.
    pub(crate) auth: Option<(String, u32)>,
    /// Method of the request that carried it.
    pub(crate) method: String,
}
