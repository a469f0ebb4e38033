//! Why two session descriptions do not fit, and how that is told (RFC 3261 section 20.43).

/// Who warns: a name instead of an address, as the same section allows.
const AGENT: &str = "switchboard";

/// Why two descriptions do not fit; answer 488.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// No audio stream, or it was refused.
    #[error("no audio stream")]
    NoAudio,
    /// None of our codecs.
    #[error("no common codec")]
    NoCodec,
    /// An unknown profile, or an encrypted one where we do not encrypt.
    #[error("unsupported media protocol")]
    Protocol,
    /// No encryption that we know, where there must be one.
    #[error("media would not be encrypted")]
    NotEncrypted,
    /// A handshake without a fingerprint that proves anything (RFC 8122 section 5).
    #[error("no usable fingerprint of a certificate")]
    Fingerprint,
    /// It cannot be read.
    #[error("unreadable session description")]
    Unreadable,
    /// The connection address is a name or missing.
    #[error("no usable media address")]
    Address,
}

impl Mismatch {
    /// Value of the `Warning` that goes with 488.
    #[must_use]
    pub fn warning(self) -> String {
        let code = match self {
            Mismatch::Address => 301,
            Mismatch::Protocol | Mismatch::NotEncrypted | Mismatch::Fingerprint => 302,
            Mismatch::NoAudio => 304,
            Mismatch::NoCodec => 305,
            Mismatch::Unreadable => 307,
        };
        format!("{code} {AGENT} \"{self}\"")
    }
}
