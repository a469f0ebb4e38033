//! How a stream is protected: what we want, and what both sides agree on.
//!
//! # Invariants
//!
//! - Of an offer with keys and with a fingerprint, the handshake is taken: its keys never stood in a
//!   message.
//! - What is encrypted stays so for the whole call.

use super::{
    Crypto, Handshake, HandshakeLines, MASTER_LEN, MasterKey, Media, Mismatch, OurHandshake,
    SharedKeys, Suite,
};

/// What we want of encryption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// Media is never encrypted by keys in the description.
    Off,
    /// It is encrypted if the peer does the same: keys are offered beside plain `RTP/AVP`, which
    /// Asterisk calls optimistic and baresip's `srtp` does, and peers without it pass over.
    Optional,
    /// There is no call without it.
    Mandatory,
}

/// What we want of encryption, and what we need for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Security {
    /// What we want.
    pub encryption: Encryption,
    /// Our key for each suite, in the order of our wish; random.
    pub keys: [MasterKey; Suite::ALL.len()],
    /// Our side of a handshake; `None`: there is none.
    pub handshake: Option<OurHandshake>,
}

/// How media is protected, as both sides agreed on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secured {
    /// By keys that stood in the descriptions (RFC 4568).
    Keys(SharedKeys),
    /// By keys that a handshake makes (RFC 5764).
    Handshake(Handshake),
}

/// How a profile says that its media is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Profile {
    Plain,
    /// By whatever the stream says.
    Encrypted,
    /// By a handshake.
    Handshake,
}

/// What our answer says of protection, and what is agreed on then.
#[derive(Default)]
pub(super) struct Answered {
    pub crypto: Option<Crypto>,
    pub lines: HandshakeLines,
    pub secured: Option<Secured>,
}

impl Profile {
    pub(super) fn of(media: &Media) -> Result<Self, Mismatch> {
        match media.protocol.as_str() {
            // RTP/AVPF differs only in feedback timing; phones that offer it take RTP/AVP behavior.
            "RTP/AVP" | "RTP/AVPF" => Ok(Self::Plain),
            "RTP/SAVP" | "RTP/SAVPF" => Ok(Self::Encrypted),
            // RFC 5764 section 8 and RFC 7850.
            "UDP/TLS/RTP/SAVP" | "UDP/TLS/RTP/SAVPF" => Ok(Self::Handshake),
            _ => Err(Mismatch::Protocol),
        }
    }
}

impl Secured {
    /// How it is called: the suite, or `DTLS-SRTP`, whose handshake chooses it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Keys(keys) => keys.suite.name(),
            Self::Handshake(_) => "DTLS-SRTP",
        }
    }

    /// The handshake, where there is one.
    #[must_use]
    pub fn handshake(&self) -> Option<&Handshake> {
        match self {
            Self::Keys(_) => None,
            Self::Handshake(handshake) => Some(handshake),
        }
    }

    /// Whether the way is found by ICE: addresses in the description mean nothing then.
    pub(super) fn has_ice(&self) -> bool {
        self.handshake().is_some_and(|made| made.ice.is_some())
    }
}

impl Security {
    /// No encryption.
    pub const OFF: Self = Self {
        encryption: Encryption::Off,
        keys: [MasterKey([0; MASTER_LEN]); Suite::ALL.len()],
        handshake: None,
    };

    /// What holds in a description of ours, with the same keys: a stream under an encrypted profile
    /// stays encrypted, one without keys stays plain, and beside a plain profile either may come.
    pub(super) fn of(ours: &Media) -> Self {
        let handshake = OurHandshake::of(ours);
        let Some(first) = ours.crypto.first() else {
            return Self {
                handshake,
                ..Self::OFF
            };
        };
        // After an answer of ours there is one line only; its key serves a peer that takes the other
        // suite all the same, for the packets of one stream never share an index.
        let key = |suite| {
            let line = ours.crypto.iter().find(|line| line.suite == suite);
            line.unwrap_or(first).key
        };
        Self {
            encryption: match ours.is_encrypted() {
                true => Encryption::Mandatory,
                false => Encryption::Optional,
            },
            keys: Suite::ALL.map(key),
            handshake,
        }
    }

    /// The profile of our offers.
    pub(super) fn profile(&self) -> &str {
        match (self.offered_handshake(), self.encryption) {
            (Some((_, profile)), _) => profile,
            (None, Encryption::Off | Encryption::Optional) => "RTP/AVP",
            (None, Encryption::Mandatory) => "RTP/SAVP",
        }
    }

    /// The handshake that our offers have, and their profile.
    pub(super) fn offered_handshake(&self) -> Option<(&OurHandshake, &str)> {
        let ours = self.handshake.as_ref()?;
        Some((ours, ours.offered_under.as_deref()?))
    }

    /// The lines of keys of our offer.
    pub(super) fn offered_keys(&self) -> Vec<Crypto> {
        match self.encryption {
            _ if self.offered_handshake().is_some() => Vec::new(),
            Encryption::Off => Vec::new(),
            Encryption::Optional | Encryption::Mandatory => (1..)
                .zip(Suite::ALL.into_iter().zip(self.keys))
                .map(|(tag, (suite, key))| Crypto {
                    tag,
                    suite,
                    key,
                    mki_len: 0,
                })
                .collect(),
        }
    }

    /// Our word to a stream of an offer.
    pub(super) fn answered(
        &self,
        theirs: &Media,
        peer_is_lite: bool,
    ) -> Result<Answered, Mismatch> {
        let profile = Profile::of(theirs)?;
        let ours = self.handshake.as_ref();
        if let Some((lines, agreed)) = ours.and_then(|o| o.answered(&theirs.lines, peer_is_lite)) {
            return Ok(Answered {
                crypto: None,
                lines,
                secured: Some(Secured::Handshake(agreed)),
            });
        }
        match (profile, ours) {
            (Profile::Handshake, None) => return Err(Mismatch::Protocol),
            (Profile::Handshake, Some(_)) => return Err(Mismatch::Fingerprint),
            (_, Some(ours)) if ours.offered_under.is_some() => {
                return Err(Mismatch::NotEncrypted);
            }
            (Profile::Plain | Profile::Encrypted, _) => {}
        }
        let agreed = self.answered_keys(&theirs.crypto);
        match (self.encryption, profile == Profile::Encrypted) {
            (Encryption::Off, true) => Err(Mismatch::Protocol),
            (Encryption::Mandatory, _) | (Encryption::Optional, true) if agreed.is_none() => {
                Err(Mismatch::NotEncrypted)
            }
            (Encryption::Off | Encryption::Optional | Encryption::Mandatory, _) => {
                let (crypto, keys) = agreed.unzip();
                Ok(Answered {
                    crypto,
                    lines: HandshakeLines::default(),
                    secured: keys.map(Secured::Keys),
                })
            }
        }
    }

    /// Our line for the first of the offer's lines, which `theirs` are.
    fn answered_keys(&self, theirs: &[Crypto]) -> Option<(Crypto, SharedKeys)> {
        let theirs = match self.encryption {
            Encryption::Off => return None,
            Encryption::Optional | Encryption::Mandatory => theirs.first()?,
        };
        let mut keys = Suite::ALL.into_iter().zip(self.keys);
        let (suite, key) = keys.find(|(suite, _)| *suite == theirs.suite)?;
        let ours = Crypto {
            tag: theirs.tag,
            suite,
            key,
            mki_len: 0,
        };
        Some((ours, SharedKeys::of(&ours, theirs)))
    }
}

/// What an answer makes of our offer.
pub(super) fn taken(
    ours: &Media,
    theirs: &Media,
    peer_is_lite: bool,
) -> Result<Option<Secured>, Mismatch> {
    let profile = Profile::of(theirs)?;
    if let Some(offered) = OurHandshake::of(ours) {
        let taken = offered.taken(&theirs.lines, peer_is_lite);
        return match taken {
            Some(agreed) => Ok(Some(Secured::Handshake(agreed))),
            None if profile == Profile::Plain => Err(Mismatch::NotEncrypted),
            None => Err(Mismatch::Fingerprint),
        };
    }
    let keys = SharedKeys::agreed(&ours.crypto, &theirs.crypto);
    if (profile != Profile::Plain || ours.is_encrypted()) && keys.is_none() {
        return Err(Mismatch::NotEncrypted);
    }
    Ok(keys.map(Secured::Keys))
}
