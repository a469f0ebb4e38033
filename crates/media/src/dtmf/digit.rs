//! The keys of a telephone.

use std::fmt;

/// A key of a telephone: `0`–`9`, `*`, `#`, `A`–`D`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digit(u8);

/// A character that is not a key of a telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a telephone key")]
pub struct NotADigit;

/// Keys in the order of their event codes (RFC 4733 section 3.2, table 3).
const KEYS: &[u8; 16] = b"0123456789*#ABCD";

impl Digit {
    /// The key with this event code; codes from 16 on are not keys.
    pub fn from_event(event: u8) -> Option<Self> {
        (event < 16).then_some(Self(event))
    }

    /// Event code on the wire, 0 to 15.
    pub fn event(self) -> u8 {
        self.0
    }

    /// The key's character, letters in upper case.
    pub fn as_char(self) -> char {
        char::from(KEYS[usize::from(self.0)])
    }
}

impl TryFrom<char> for Digit {
    type Error = NotADigit;

    fn try_from(key: char) -> Result<Self, NotADigit> {
        let key = key.to_ascii_uppercase();
        KEYS.iter()
            .position(|&k| char::from(k) == key)
            .and_then(|event| Self::from_event(u8::try_from(event).ok()?))
            .ok_or(NotADigit)
    }
}

impl fmt::Display for Digit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.as_char())
    }
}
