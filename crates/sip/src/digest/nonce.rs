//! placeholder
/// What an endpoint says of a caller's proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The caller knows the password.
    Proved,
    /// The caller knows the password, but the nonce is too old or was used before: challenge
    /// with `stale`.
    Stale,
    /// Wrong password, user, realm or nonce: count it with a [`Guard`](crate::Guard).
    Wrong,
}
