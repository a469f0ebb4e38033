//! Keys of a leg's media, between signalling and media.

use media::{security::Protection, srtp};
use model::MediaEncryption;
use sip::sdp::{Encryption, MasterKey, Secured, Security, Suite};

/// What we want of encryption, with fresh keys.
pub fn security(wanted: MediaEncryption) -> Security {
    let encryption = match wanted {
        MediaEncryption::Off => return Security::OFF,
        MediaEncryption::Optional => Encryption::Optional,
        MediaEncryption::Mandatory => Encryption::Mandatory,
    };
    Security {
        encryption,
        keys: std::array::from_fn(|_| MasterKey(rand::random())),
    }
}

/// What was agreed on, as media has it.
pub fn protection(secured: &Secured) -> Protection {
    Protection::Keys(srtp::SrtpSettings {
        suite: match secured.suite {
            Suite::AesCm128HmacSha1_80 => srtp::Suite::AesCm128HmacSha1_80,
            Suite::AesCm128HmacSha1_32 => srtp::Suite::AesCm128HmacSha1_32,
        },
        ours: srtp::MasterKey::of(secured.ours.0),
        theirs: srtp::MasterKey::of(secured.theirs.0),
        their_mki_len: secured.their_mki_len.into(),
    })
}
