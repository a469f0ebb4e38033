//! G.711.

/// A-law or µ-law: the codec of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Codec {
    /// µ-law, payload type 0 (RFC 3551).
    Pcmu,
    /// A-law, payload type 8 (RFC 3551).
    Pcma,
}

impl Codec {
    /// Static RTP payload type (RFC 3551 table 4).
    pub fn payload_type(self) -> u8 {
        match self {
            Self::Pcmu => 0,
            Self::Pcma => 8,
        }
    }
}
