//! Keys of a leg's media, between signalling and media.

use std::sync::Arc;

use media::{
    security::{self, HandshakeSettings, IceSettings, Identity, Protection},
    srtp,
};
use model::MediaEncryption;
use sip::{
    Transport,
    sdp::{
        Encryption, Fingerprint, Handshake, Hash, IceCredentials, MasterKey, OurHandshake, Role,
        Secured, Security, SharedKeys, Suite,
    },
};

/// What browsers offer and take, and nothing else (RFC 8834 section 4.2).
const BROWSERS_PROFILE: &str = "UDP/TLS/RTP/SAVPF";
/// The name of the one stream in our offers.
const MID: &str = "0";

/// What we want of encryption, with fresh keys, of a peer whose SIP has come by `transport`. `offers`:
/// our description is an offer.
///
/// Browsers have SIP on a WebSocket, and no media without a handshake: they have it whatever is
/// `wanted`.
pub fn security(
    identity: &Identity,
    wanted: MediaEncryption,
    transport: Transport,
    offers: bool,
) -> Security {
    let is_browser = match transport {
        Transport::Ws | Transport::Wss => true,
        Transport::Udp | Transport::Tcp | Transport::Tls => false,
    };
    let encryption = match wanted {
        MediaEncryption::Off if !is_browser => return Security::OFF,
        MediaEncryption::Off => Encryption::Off,
        MediaEncryption::Optional => Encryption::Optional,
        MediaEncryption::Mandatory => Encryption::Mandatory,
    };
    let profile = (is_browser && offers).then(|| BROWSERS_PROFILE.to_owned());
    Security {
        encryption,
        keys: std::array::from_fn(|_| MasterKey(rand::random())),
        handshake: Some(OurHandshake {
            fingerprint: Fingerprint {
                hash: Hash::Sha256,
                bytes: identity.fingerprint().into(),
            },
            ice: Some(IceCredentials::random(&mut rand::rng())),
            offered_under: profile,
            role: None,
            mid: MID.to_owned(),
        }),
    }
}

/// What was agreed on, as media has it.
pub fn protection(secured: &Secured, identity: &Arc<Identity>) -> Protection {
    match secured {
        Secured::Keys(keys) => Protection::Keys(srtp(keys)),
        Secured::Handshake(agreed) => Protection::Handshake(Arc::new(handshake(agreed, identity))),
    }
}

fn srtp(keys: &SharedKeys) -> srtp::SrtpSettings {
    srtp::SrtpSettings {
        suite: match keys.suite {
            Suite::AesCm128HmacSha1_80 => srtp::Suite::AesCm128HmacSha1_80,
            Suite::AesCm128HmacSha1_32 => srtp::Suite::AesCm128HmacSha1_32,
        },
        ours: srtp::MasterKey::of(keys.ours.0),
        theirs: srtp::MasterKey::of(keys.theirs.0),
        their_mki_len: keys.their_mki_len.into(),
    }
}

fn handshake(agreed: &Handshake, identity: &Arc<Identity>) -> HandshakeSettings {
    let hash = match agreed.fingerprint.hash {
        Hash::Sha256 => security::Hash::Sha256,
        Hash::Sha384 => security::Hash::Sha384,
        Hash::Sha512 => security::Hash::Sha512,
    };
    let fingerprint = security::Fingerprint::new(hash, &agreed.fingerprint.bytes);
    HandshakeSettings {
        identity: Arc::clone(identity),
        role: match agreed.role {
            Role::Client => security::HandshakeRole::Client,
            Role::Server => security::HandshakeRole::Server,
        },
        their_fingerprint: fingerprint.expect("the SDP is read with as many bytes as the hash has"),
        ice: agreed.ice.as_ref().map(|ice| IceSettings {
            ours: credentials(&ice.ours),
            theirs: credentials(&ice.theirs),
            peer_is_lite: ice.peer_is_lite,
        }),
    }
}

fn credentials(of: &IceCredentials) -> security::IceCredentials {
    security::IceCredentials::new(&of.ufrag, &of.pwd)
        .expect("the SDP is read with what the grammar allows")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_offered_a_handshake_whatever_the_settings_are() {
        use MediaEncryption::*;
        let identity = Identity::new(vec![1], vec![2]);
        for (transport, wanted, offered) in [
            (Transport::Ws, Off, true),
            (Transport::Wss, Optional, true),
            (Transport::Ws, Mandatory, true),
            (Transport::Udp, Mandatory, false),
            (Transport::Tls, Optional, false),
        ] {
            let ours = |offers| security(&identity, wanted, transport, offers).handshake;
            let offer = ours(true).map(|ours| ours.offered_under.is_some());
            assert_eq!(offer, Some(offered), "{transport:?} {wanted:?}");
            let answer = ours(false).map(|ours| ours.offered_under);
            assert_eq!(answer, Some(None), "{transport:?} {wanted:?}");
        }
        let off = security(&identity, Off, Transport::Udp, true);
        assert_eq!(off, Security::OFF);
    }
}
