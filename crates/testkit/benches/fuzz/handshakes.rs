//! Steps of handshakes and checks of ICE, changed at random, to ports that wait for them.

use std::{
    net::SocketAddr,
    sync::{Arc, LazyLock},
    time::{Instant, SystemTime},
};

use hmac::{Hmac, Mac as _};
use media::{
    FRAME,
    g711::Codec,
    port::{Port, PortSettings},
    security::{
        Fingerprint, HandshakeRole, HandshakeSettings, Hash, IceCredentials, IceSettings, Identity,
        Protection,
    },
};
use rand::{Rng, rngs::StdRng};

use super::change;

/// Ticks of a story: a handshake takes ten.
const N_TICKS: usize = 40;

/// The check of ICE in RFC 5769 section 2.1, which takes us for the side that decides.
#[rustfmt::skip]
const CHECK: [u8; 108] = [
    0x00, 0x01, 0x00, 0x58, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,
    0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x10, 0x53, 0x54, 0x55, 0x4e, 0x20, 0x74, 0x65, 0x73,
    0x74, 0x20, 0x63, 0x6c, 0x69, 0x65, 0x6e, 0x74, 0x00, 0x24, 0x00, 0x04, 0x6e, 0x00, 0x01, 0xff,
    0x80, 0x29, 0x00, 0x08, 0x93, 0x2f, 0xf9, 0xb1, 0x51, 0x26, 0x3b, 0x36, 0x00, 0x06, 0x00, 0x09,
    0x65, 0x76, 0x74, 0x6a, 0x3a, 0x68, 0x36, 0x76, 0x59, 0x20, 0x20, 0x20, 0x00, 0x08, 0x00, 0x14,
    0x9a, 0xea, 0xa7, 0x0c, 0xbf, 0xd8, 0xcb, 0x56, 0x78, 0x1e, 0xf2, 0xb5, 0xb2, 0xd3, 0xf2, 0x49,
    0xc1, 0xb5, 0x71, 0xa2, 0x80, 0x28, 0x00, 0x04, 0xe5, 0x7a, 0x3b, 0xcf,
];
/// Its password.
const PWD: &str = "VOkJxbRl1RmTxUk/WvJxBt";

static IDENTITIES: LazyLock<[Arc<Identity>; 2]> = LazyLock::new(|| {
    std::array::from_fn(|_| {
        let key = rcgen::KeyPair::generate().expect("the system gives randomness");
        let certificate = rcgen::CertificateParams::default().self_signed(&key);
        let certificate = certificate.expect("nothing in it is odd");
        let identity = Identity::new(certificate.der().to_vec(), key.serialize_der());
        Arc::new(identity)
    })
});

/// The same of a peer that decides.
fn good_check() -> Vec<u8> {
    let mut check = CHECK[..100].to_vec();
    check[3] = 80;
    check[49] = 0x2A;
    let mut mac = <Hmac<sha1::Sha1> as hmac::KeyInit>::new_from_slice(PWD.as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(&check[..76]);
    check[80..].copy_from_slice(&mac.finalize().into_bytes());
    check
}

/// Two ports that find keys, while a stranger at the peer's address sends what it has changed of theirs.
pub fn play(rng: &mut StdRng, begin: Instant) {
    let addresses = [4000, 5000].map(|port| SocketAddr::from(([192, 0, 2, 9], port)));
    let checked = IceSettings {
        ours: IceCredentials::new("evtj", PWD).expect("valid"),
        theirs: IceCredentials::new("h6vY", PWD).expect("valid"),
        peer_is_lite: rng.random_bool(0.5),
    };
    let ice = rng.random_bool(0.5).then_some(checked);
    let mut roles = [HandshakeRole::Server, HandshakeRole::Client];
    if rng.random_bool(0.5) {
        roles.reverse();
    }
    let mut ports = [(0, ice), (1, None)].map(|(idx, ice)| {
        let theirs = IDENTITIES[1 - idx].fingerprint();
        let settings = HandshakeSettings {
            identity: Arc::clone(&IDENTITIES[idx]),
            role: roles[idx],
            their_fingerprint: Fingerprint::new(Hash::Sha256, &theirs).expect("32 bytes"),
            ice,
        };
        let remote = Some(addresses[1 - idx]);
        let mut port = PortSettings::new(Codec::Pcma, remote, SystemTime::UNIX_EPOCH);
        port.rtcp_mux = true;
        port.protection = Some(Protection::Handshake(Arc::new(settings)));
        Port::new(port, begin)
    });
    let mut flying: [Vec<Vec<u8>>; 2] = Default::default();
    let check = good_check();
    let mut known = vec![CHECK.to_vec(), check.clone(), vec![0x80; 172]];
    let harm = [0.0, 0.1, 0.6][rng.random_range(0..3)];
    for n in 0..N_TICKS {
        let at = begin + FRAME * u32::try_from(n).unwrap_or(0);
        for idx in 0..2 {
            let from = addresses[1 - idx];
            for mut datagram in std::mem::take(&mut flying[idx]) {
                if rng.random_bool(harm) {
                    change(rng, &mut datagram);
                }
                ports[idx].receive(&datagram, from, at);
            }
            for _ in 0..rng.random_range(0..4) {
                let mut datagram = known[rng.random_range(0..known.len())].clone();
                for _ in 0..rng.random_range(0..4) {
                    change(rng, &mut datagram);
                }
                ports[0].receive(&datagram, addresses[1], at);
            }
            // A check without a fault, so that what follows it is read.
            ports[0].receive(&check, addresses[1], at);
            ports[idx].advance(at);
            ports[idx].transmit(&mut |bytes, _| {
                known.push(bytes.to_vec());
                flying[1 - idx].push(bytes.to_vec());
            });
            assert!(flying[1 - idx].len() <= 24);
        }
        known.truncate(64);
    }
}
