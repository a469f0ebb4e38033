//! What a handshake costs the worker of a leg: from the peer's first step to the keys, and the longest
//! single step of it.
//!
//! Prints microseconds of our side alone, in either role, from the best to the middle of many handshakes.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark prints, and reads the clock"
)]

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use media::{
    FRAME,
    g711::Codec,
    port::{Port, PortSettings},
    security::{Fingerprint, HandshakeRole, HandshakeSettings, Hash, Identity, Protection},
};

const HANDSHAKES: usize = 200;

fn main() {
    let identities: [Arc<Identity>; 2] = std::array::from_fn(|_| Arc::new(identity()));
    for role in [HandshakeRole::Server, HandshakeRole::Client] {
        let mut times: Vec<_> = (0..HANDSHAKES)
            .map(|_| handshake(&identities, role))
            .collect();
        times.sort();
        let (best, middle) = (times[0], times[HANDSHAKES / 2]);
        println!(
            "{role:?}: {} to {} µs, longest step {} to {} µs",
            best.0.as_micros(),
            middle.0.as_micros(),
            best.1.as_micros(),
            middle.1.as_micros()
        );
    }
}

fn identity() -> Identity {
    let key = rcgen::KeyPair::generate().expect("the system gives randomness");
    let certificate = rcgen::CertificateParams::default().self_signed(&key);
    let certificate = certificate.expect("nothing in it is odd");
    Identity::new(certificate.der().to_vec(), key.serialize_der())
}

/// Our time for a whole handshake, and for its longest step.
fn handshake(identities: &[Arc<Identity>; 2], role: HandshakeRole) -> (Duration, Duration) {
    let other = match role {
        HandshakeRole::Client => HandshakeRole::Server,
        HandshakeRole::Server => HandshakeRole::Client,
    };
    let addresses = [4000, 5000].map(|port| SocketAddr::from(([192, 0, 2, 1], port)));
    let mut at = Instant::now();
    let mut ports = [(0, role), (1, other)].map(|(idx, role)| {
        let theirs = identities[1 - idx].fingerprint();
        let settings = HandshakeSettings {
            identity: Arc::clone(&identities[idx]),
            role,
            their_fingerprint: Fingerprint::new(Hash::Sha256, &theirs).expect("32 bytes"),
            ice: None,
        };
        let remote = Some(addresses[1 - idx]);
        let mut port = PortSettings::new(Codec::Pcma, remote, SystemTime::UNIX_EPOCH);
        port.protection = Some(Protection::Handshake(Arc::new(settings)));
        Port::new(port, at)
    });
    let (mut whole, mut longest) = (Duration::ZERO, Duration::ZERO);
    let mut flying: [Vec<Vec<u8>>; 2] = Default::default();
    while ports.iter().any(|port| port.remote().is_none()) {
        at += FRAME;
        for idx in 0..2 {
            let from = addresses[1 - idx];
            let arrived = std::mem::take(&mut flying[idx]);
            for datagram in arrived.iter().map(Some).chain([None]) {
                let begin = Instant::now();
                match datagram {
                    Some(datagram) => drop(ports[idx].receive(datagram, from, at)),
                    None => drop(ports[idx].advance(at)),
                }
                let took = begin.elapsed();
                if idx == 0 {
                    whole += took;
                    longest = longest.max(took);
                }
            }
            ports[idx].transmit(&mut |bytes, _| flying[1 - idx].push(bytes.to_vec()));
        }
    }
    (whole, longest)
}
