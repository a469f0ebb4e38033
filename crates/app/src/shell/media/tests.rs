//! Stories of a leg on a worker, by real sockets.

use std::{
    net::{Ipv4Addr, UdpSocket},
    time::{Duration, Instant, SystemTime},
};

use media::{
    g711::Codec,
    leg::{Leg, LegSettings},
    port::PortSettings,
    security::{Fingerprint, HandshakeRole, HandshakeSettings, Hash, Protection},
};

use super::*;

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn settings(
    ours: &Arc<Identity>,
    theirs: &Identity,
    role: HandshakeRole,
    remote: SocketAddr,
) -> LegSettings {
    let handshake = HandshakeSettings {
        identity: Arc::clone(ours),
        role,
        their_fingerprint: Fingerprint::new(Hash::Sha256, &theirs.fingerprint()).unwrap(),
        ice: None,
    };
    LegSettings::new(PortSettings {
        protection: Some(Protection::Handshake(Arc::new(handshake))),
        rtcp_mux: true,
        ..PortSettings::new(Codec::Pcmu, Some(remote), SystemTime::now())
    })
}

#[test]
fn a_phone_that_begins_its_handshake_before_the_leg_is_there_is_answered() {
    let pool = MediaPool::start(1, LOOPBACK, None).unwrap();
    let sockets = pool.bind().unwrap();
    let theirs = Arc::new(identity::new().unwrap());
    let phone = UdpSocket::bind((LOOPBACK, 0)).unwrap();
    let deadline = Duration::from_secs(5);
    phone.set_read_timeout(Some(deadline)).unwrap();
    let us = sockets.local();
    let of_phone = settings(&theirs, pool.identity(), HandshakeRole::Client, us);
    let mut its_leg = Leg::new(of_phone, Instant::now());
    its_leg.tick(Instant::now(), &mut leg::TickOut::new());
    its_leg.transmit(&mut |step, to| {
        phone.send_to(step, to).unwrap();
    });

    let remote = phone.local_addr().unwrap();
    let ours = settings(pool.identity(), &theirs, HandshakeRole::Server, remote);
    let (reports, _kept) = mpsc::channel(REPORTS_MAX);
    let _leg = pool
        .add(NewLeg {
            settings: ours,
            sockets,
            reports,
            recording: None,
        })
        .unwrap();

    // The phone's first step is never repeated here: whatever answers, answers that one.
    let mut answer = [0; 1500];
    let (len, from) = phone.recv_from(&mut answer).unwrap();
    assert_eq!((answer[0], from), (22, us), "{:?}", &answer[..len]);
}
