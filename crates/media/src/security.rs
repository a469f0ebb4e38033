//! How a stream is protected, as signalling tells media.
//!
//! Either the keys came with the SDP (RFC 4568), or the two sides find them by themselves, by a DTLS
//! handshake on the way that media takes (RFC 5763), for browsers after checks of that way by ICE
//! (RFC 8445). What is here are plain values; [`crate::dtls`] and [`crate::ice`] use them.
//!
//! # Invariants
//!
//! - Nothing secret is printed.
//! - Credentials of ICE have the lengths and letters of RFC 8839 section 5.4.

use std::{fmt, sync::Arc};

use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::srtp::SrtpSettings;

/// How a stream is protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protection {
    /// By keys that came with the SDP.
    Keys(SrtpSettings),
    /// By keys that a handshake brings: until it has ended nothing is sent and nothing is heard.
    Handshake(Arc<HandshakeSettings>),
}

/// What a handshake needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandshakeSettings {
    /// Who we are.
    pub identity: Arc<Identity>,
    /// Our part.
    pub role: HandshakeRole,
    /// What the peer's certificate must be.
    pub their_fingerprint: Fingerprint,
    /// `None` for a peer without ICE, whose address is found as that of symmetric RTP.
    pub ice: Option<IceSettings>,
}

/// Who begins a handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandshakeRole {
    /// We do (`a=setup:active`).
    Client,
    /// The peer does (`a=setup:passive`).
    Server,
}

/// Why a handshake failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeFailure {
    /// The peer showed a certificate that its SDP does not name.
    #[error("the peer's certificate is not the one of its SDP")]
    OtherCertificate,
    /// The two sides do not agree, or the peer broke the rules.
    #[error("the peer's handshake was not understood or not agreed on")]
    NotAgreed,
    /// It did not end in time.
    #[error("the handshake did not end in time")]
    TimedOut,
}

/// A hash of certificates (RFC 8122 section 5). SHA-1 and MD5 are not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// `sha-256`, 32 bytes.
    Sha256,
    /// `sha-384`, 48 bytes.
    Sha384,
    /// `sha-512`, 64 bytes.
    Sha512,
}

impl Hash {
    /// Bytes of a hash.
    pub fn n_bytes(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// Longest hash of a certificate.
const HASH_LEN_MAX: usize = 64;

/// The hash of a certificate, from the SDP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    hash: Hash,
    bytes: [u8; HASH_LEN_MAX],
}

impl Fingerprint {
    /// A hash that the SDP names; `None` if it has another length than hashes of its kind.
    pub fn new(hash: Hash, bytes: &[u8]) -> Option<Self> {
        let mut padded = [0; HASH_LEN_MAX];
        padded[..hash.n_bytes()].copy_from_slice((bytes.len() == hash.n_bytes()).then_some(bytes)?);
        Some(Self {
            hash,
            bytes: padded,
        })
    }

    /// Whether it is that of a certificate (DER).
    pub fn is_of(&self, certificate_der: &[u8]) -> bool {
        let found = match self.hash {
            Hash::Sha256 => Self::new(self.hash, &Sha256::digest(certificate_der)),
            Hash::Sha384 => Self::new(self.hash, &Sha384::digest(certificate_der)),
            Hash::Sha512 => Self::new(self.hash, &Sha512::digest(certificate_der)),
        };
        found.as_ref() == Some(self)
    }
}

/// A certificate of ours with its key. What it says of names and dates is nothing to anybody: peers
/// look at its fingerprint.
#[derive(PartialEq, Eq)]
pub struct Identity {
    certificate_der: Vec<u8>,
    private_key_pkcs8_der: Vec<u8>,
    fingerprint: [u8; 32],
}

impl Identity {
    /// A certificate (DER) with its private key (PKCS #8, DER), of ECDSA on P-256.
    pub fn new(certificate_der: Vec<u8>, private_key_pkcs8_der: Vec<u8>) -> Self {
        Self {
            fingerprint: Sha256::digest(&certificate_der).into(),
            certificate_der,
            private_key_pkcs8_der,
        }
    }

    /// SHA-256 of the certificate, for the SDP.
    pub fn fingerprint(&self) -> [u8; 32] {
        self.fingerprint
    }

    /// The certificate, DER.
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate_der
    }

    /// The private key, PKCS #8 in DER.
    pub fn private_key_pkcs8_der(&self) -> &[u8] {
        &self.private_key_pkcs8_der
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}

/// What both sides said of ICE. We are the lite side always (RFC 8445 section 2.5): the peer checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IceSettings {
    /// What we put into the SDP.
    pub ours: IceCredentials,
    /// What the peer put into its.
    pub theirs: IceCredentials,
    /// The peer is lite, too, so that nobody checks: media goes to its signalled address.
    pub peer_is_lite: bool,
}

/// Name and password of one side of ICE.
#[derive(Clone, PartialEq, Eq)]
pub struct IceCredentials {
    ufrag: Box<str>,
    pwd: Box<str>,
}

/// Letters of names and passwords: `ice-char` (RFC 8839 section 5.4).
const ICE_CHARS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Longest name or password (RFC 8839 section 5.4).
pub const ICE_CREDENTIAL_MAX: usize = 256;

/// Letters of a name that is ours: 48 bits of chance, of which 24 must be (RFC 8445 section 5.3).
const OUR_UFRAG_LEN: usize = 8;

impl IceCredentials {
    /// Name (4 to 256 letters) and password (22 to 256) as the SDP has them; `None` for others.
    pub fn new(ufrag: &str, pwd: &str) -> Option<Self> {
        let is_valid = |text: &str, shortest: usize| {
            (shortest..=ICE_CREDENTIAL_MAX).contains(&text.len())
                && text.bytes().all(|byte| ICE_CHARS.contains(&byte))
        };
        (is_valid(ufrag, 4) && is_valid(pwd, 22)).then(|| Self {
            ufrag: ufrag.into(),
            pwd: pwd.into(),
        })
    }

    /// A name of 8 letters and a password of 24, of so many random bytes.
    pub fn of_random(bytes: [u8; 32]) -> Self {
        let letter = |byte: &u8| char::from(ICE_CHARS[usize::from(byte & 63)]);
        let (ufrag, pwd) = bytes.split_at(OUR_UFRAG_LEN);
        let text = |bytes: &[u8]| bytes.iter().map(letter).collect::<String>();
        Self {
            ufrag: text(ufrag).into(),
            pwd: text(pwd).into(),
        }
    }

    /// The name (`a=ice-ufrag`).
    pub fn ufrag(&self) -> &str {
        &self.ufrag
    }

    /// The password (`a=ice-pwd`).
    pub fn pwd(&self) -> &str {
        &self.pwd
    }
}

impl fmt::Debug for IceCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IceCredentials({})", self.ufrag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_of_one_certificate() {
        let of = |hash, bytes: &[u8]| Fingerprint::new(hash, bytes).unwrap();
        for fingerprint in [
            of(Hash::Sha256, &Sha256::digest(b"certificate")),
            of(Hash::Sha384, &Sha384::digest(b"certificate")),
            of(Hash::Sha512, &Sha512::digest(b"certificate")),
        ] {
            assert!(fingerprint.is_of(b"certificate"));
            assert!(!fingerprint.is_of(b"another"));
        }
        assert_eq!(Fingerprint::new(Hash::Sha256, &[0; 20]), None);
    }

    #[test]
    fn credentials_are_of_the_lengths_and_letters_of_the_rfc() {
        let pwd = "abcdefghijklmnopqrstuv";
        assert!(IceCredentials::new("user", pwd).is_some());
        assert!(IceCredentials::new("use", pwd).is_none());
        assert!(IceCredentials::new("user", &pwd[1..]).is_none());
        assert!(IceCredentials::new("us:r", pwd).is_none());
        assert!(IceCredentials::new(&"u".repeat(257), pwd).is_none());
        let ours = IceCredentials::of_random(std::array::from_fn(|n| (n as u8).wrapping_mul(31)));
        assert_eq!((ours.ufrag().len(), ours.pwd().len()), (8, 24));
        assert_eq!(IceCredentials::new(ours.ufrag(), ours.pwd()), Some(ours));
    }

    #[test]
    fn nothing_secret_is_printed() {
        let identity = Identity::new(vec![1], vec![77, 77]);
        let credentials = IceCredentials::new("user", "secretsecretsecretsecret").unwrap();
        let printed = format!("{identity:?} {credentials:?}");
        assert_eq!(printed, "Identity IceCredentials(user)");
    }
}
