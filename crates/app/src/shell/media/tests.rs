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

/// Keeps the calling thread, and those it starts, on the core where it runs.
#[allow(unsafe_code)]
fn stay_on_one_core() {
    // SAFETY: `cpu_set_t` is plain old data; the set is a local and its size is given.
    unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        let core = usize::try_from(libc::sched_getcpu()).unwrap();
        libc::CPU_SET(core, &mut set);
        let len = size_of::<libc::cpu_set_t>();
        assert_eq!(libc::sched_setaffinity(0, len, &raw const set), 0);
    }
}

/// A worker that spins for an order which this thread is about to give, on the one core that both have, does so
/// until the system stops it after 950 ms. Where no thread may run before others there is nothing to see.
#[test]
fn a_worker_does_not_wait_for_whom_it_interrupted() {
    stay_on_one_core();
    let pool = MediaPool::start(1, LOOPBACK, None).unwrap();
    let phone = UdpSocket::bind((LOOPBACK, 0)).unwrap();
    let remote = phone.local_addr().unwrap();
    let (reports, _kept) = mpsc::channel(REPORTS_MAX);
    let leg = NewLeg {
        settings: LegSettings::new(PortSettings::new(
            Codec::Pcmu,
            Some(remote),
            SystemTime::now(),
        )),
        sockets: pool.bind().unwrap(),
        reports,
        recording: None,
    };
    let leg = pool.add(leg).unwrap();
    // For a second of the leg; slowly enough for the orders between two slots to find room.
    while pool.counters().ticks.load(Ordering::Relaxed) < 50 {
        leg.command(leg::Command::Mute(false));
        for _ in 0..30 {
            std::hint::spin_loop();
        }
    }
    let late_us = pool.counters().late_max_us.load(Ordering::Relaxed);
    assert!(late_us < 500_000, "a slot began {late_us} µs late");
}
