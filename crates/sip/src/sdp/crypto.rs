//! Keys of media in session descriptions (RFC 4568): the `a=crypto` attribute.
//!
//! # Invariants
//!
//! - A line that asks for more than we do (unencrypted or unauthenticated packets, several keys, a key
//!   derivation rate) is passed over, as section 6.3.7 wants it of what is not understood.
//! - Keys print only where they are written into a message.

use std::{borrow::Cow, fmt};

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// Bytes of a master key with its salt, of both suites (section 6.2).
pub const MASTER_LEN: usize = 30;

/// Longest key identifier that we step over in packets (section 6.1 allows 128).
const MKI_LEN_MAX: u8 = 128;

/// How media is encrypted (section 6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// `AES_CM_128_HMAC_SHA1_80`.
    AesCm128HmacSha1_80,
    /// `AES_CM_128_HMAC_SHA1_32`.
    AesCm128HmacSha1_32,
}

/// A master key with its salt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MasterKey(pub [u8; MASTER_LEN]);

/// One `a=crypto` line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crypto {
    /// Names the line in an answer, 1 to 9 digits.
    pub tag: u32,
    /// How media is encrypted.
    pub suite: Suite,
    /// For what the maker of the description sends.
    pub key: MasterKey,
    /// Bytes of the key identifier that the maker puts into packets; 0 for none.
    pub mki_len: u8,
}

/// Keys that both sides agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedKeys {
    /// How media is encrypted.
    pub suite: Suite,
    /// For what we send.
    pub ours: MasterKey,
    /// For what the peer sends.
    pub theirs: MasterKey,
    /// Bytes of the key identifier in the peer's packets; 0 for none.
    pub their_mki_len: u8,
}

impl Suite {
    /// Every suite, in the order of our wish.
    pub const ALL: [Self; 2] = [Self::AesCm128HmacSha1_80, Self::AesCm128HmacSha1_32];

    /// Its name in SDP.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AesCm128HmacSha1_80 => "AES_CM_128_HMAC_SHA1_80",
            Self::AesCm128HmacSha1_32 => "AES_CM_128_HMAC_SHA1_32",
        }
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey")
    }
}

impl SharedKeys {
    /// What an answer's line makes of the line that we offered under the same tag.
    pub(super) fn agreed(ours: &[Crypto], theirs: &[Crypto]) -> Option<Self> {
        let theirs = theirs.first()?;
        let ours = ours
            .iter()
            .find(|line| line.tag == theirs.tag && line.suite == theirs.suite)?;
        Some(Self::of(ours, theirs))
    }

    pub(super) fn of(ours: &Crypto, theirs: &Crypto) -> Self {
        Self {
            suite: ours.suite,
            ours: ours.key,
            theirs: theirs.key,
            their_mki_len: theirs.mki_len,
        }
    }
}

impl Crypto {
    /// Reads what stands behind `a=crypto:`; `None` for what we do not do.
    pub(super) fn parse(value: &str) -> Option<Self> {
        let mut words = value.split_ascii_whitespace();
        let tag = words.next().filter(|tag| tag.len() <= 9)?.parse().ok()?;
        let name = words.next()?;
        let suite = Suite::ALL
            .into_iter()
            .find(|suite| suite.name().eq_ignore_ascii_case(name))?;
        let (key, mki_len) = key(words.next()?)?;
        // A window size only matters to the receiver; everything else changes what packets are.
        let understood = words.all(|parameter| parameter.starts_with("WSH="));
        understood.then_some(Self {
            tag,
            suite,
            key,
            mki_len,
        })
    }
}

impl fmt::Display for Crypto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = STANDARD.encode(self.key.0);
        write!(f, "{} {} inline:{key}", self.tag, self.suite.name())
    }
}

/// `inline:KEY`, `inline:KEY|2^20` or `inline:KEY|2^20|1:4`: key and length of its identifier.
fn key(params: &str) -> Option<(MasterKey, u8)> {
    // A second key of one line would be told apart by identifiers only.
    if params.contains(';') {
        return None;
    }
    let mut parts = params.strip_prefix("inline:")?.split('|');
    let bytes = STANDARD.decode(parts.next()?).ok()?;
    let key = MasterKey(bytes.try_into().ok()?);
    let mut mki_len = 0;
    for part in parts {
        if let Some((_, len)) = part.split_once(':') {
            mki_len = len.parse().ok().filter(|len| *len <= MKI_LEN_MAX)?;
        }
    }
    Some((key, mki_len))
}

/// A message as it may be shown: keys of media and passwords of ICE are left out.
#[must_use]
pub fn without_keys(message: &str) -> Cow<'_, str> {
    let without_keys = without(message, "inline:");
    match without_keys {
        Cow::Borrowed(message) => without(message, "ice-pwd:"),
        Cow::Owned(message) => without(&message, "ice-pwd:").into_owned().into(),
    }
}

/// A message without the words that follow a mark.
fn without<'a>(message: &'a str, mark: &str) -> Cow<'a, str> {
    let mut pieces = message.split(mark);
    let first = pieces.next().unwrap_or_default();
    if first.len() == message.len() {
        return message.into();
    }
    let mut shown = first.to_owned();
    for piece in pieces {
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '|' | ';');
        let rest = piece.find(ends).map_or("", |end| &piece[end..]);
        shown.push_str(mark);
        shown.push('…');
        shown.push_str(rest);
    }
    shown.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";

    #[test]
    fn lines_of_peers_are_read() {
        // RFC 4568 section 4.1 and what phones send.
        for (line, mki_len) in [
            (format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}"), 0),
            (format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|2^20"), 0),
            (
                format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|2^20|1:4"),
                4,
            ),
            (
                format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|1:4 WSH=128"),
                4,
            ),
        ] {
            let read = Crypto::parse(&line).expect(&line);
            assert_eq!((read.tag, read.mki_len), (1, mki_len), "{line}");
            let written = Crypto { mki_len: 0, ..read }.to_string();
            assert_eq!(written, format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}"));
        }
    }

    #[test]
    fn what_we_do_not_do_is_passed_over() {
        for line in [
            format!("1 F8_128_HMAC_SHA1_80 inline:{KEY}"),
            format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY} UNENCRYPTED_SRTP"),
            format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY} KDR=1"),
            format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY};inline:{KEY}"),
            format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|1:129"),
            format!("1 AES_CM_128_HMAC_SHA1_80 inline:{}", &KEY[4..]),
            format!("1 AES_CM_128_HMAC_SHA1_80 {KEY}"),
            format!("1234567890 AES_CM_128_HMAC_SHA1_80 inline:{KEY}"),
            "1 AES_CM_128_HMAC_SHA1_80".to_owned(),
            String::new(),
        ] {
            assert_eq!(Crypto::parse(&line), None, "{line}");
        }
    }

    #[test]
    fn keys_are_not_shown() {
        let line = Crypto::parse(&format!("1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}"));
        assert!(!format!("{line:?}").contains("PS1"));
        let message = format!("a=crypto:1 X inline:{KEY}|2^31\r\na=crypto:2 Y inline:{KEY}\r\nend");
        assert_eq!(
            without_keys(&message),
            "a=crypto:1 X inline:…|2^31\r\na=crypto:2 Y inline:…\r\nend"
        );
        assert_eq!(without_keys("nothing"), "nothing");
        assert_eq!(
            without_keys("a=ice-ufrag:abcd\r\na=ice-pwd:secret\r\nend"),
            "a=ice-ufrag:abcd\r\na=ice-pwd:…\r\nend"
        );
    }
}
