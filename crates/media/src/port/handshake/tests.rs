//! Stories of two ports that find keys over a network that loses, repeats and reorders.

use std::{sync::LazyLock, time::SystemTime};

use super::*;
use crate::{
    FRAME,
    g711::Codec,
    port::{PortSettings, RTCP_MAX, RTP_MAX},
    security::{
        Fingerprint, HandshakeRole, Hash, IceCredentials, IceSettings, Identity, Protection,
    },
    srtp::{MasterKey, SrtpSettings, Suite},
    story::{beginning, check},
};

const US: &str = "192.0.2.1:4000";
const BROWSER: &str = "198.51.100.7:5000";
const ELSEWHERE: &str = "203.0.113.9:6000";

static IDENTITIES: LazyLock<[Arc<Identity>; 3]> =
    LazyLock::new(|| std::array::from_fn(|_| Arc::new(identity())));

fn identity() -> Identity {
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::default();
    let certificate = params.self_signed(&key).unwrap();
    Identity::new(certificate.der().to_vec(), key.serialize_der())
}

fn at(address: &str) -> SocketAddr {
    address.parse().unwrap()
}

fn credentials(letter: &str) -> IceCredentials {
    IceCredentials::new(&letter.repeat(8), &letter.repeat(24)).unwrap()
}

fn handshake(ours: usize, theirs: usize, role: HandshakeRole) -> HandshakeSettings {
    let theirs = IDENTITIES[theirs].fingerprint();
    HandshakeSettings {
        identity: Arc::clone(&IDENTITIES[ours]),
        role,
        their_fingerprint: Fingerprint::new(Hash::Sha256, &theirs).unwrap(),
        ice: None,
    }
}

fn with_ice(settings: HandshakeSettings, ours: &str, theirs: &str) -> HandshakeSettings {
    HandshakeSettings {
        ice: Some(IceSettings {
            ours: credentials(ours),
            theirs: credentials(theirs),
            // The browser of a story leaves its checks to the story.
            peer_is_lite: theirs == "u",
        }),
        ..settings
    }
}

fn port(settings: HandshakeSettings, remote: &str, ssrc: u32, now: Instant) -> Port {
    let settings = PortSettings {
        ssrc,
        rtcp_mux: true,
        protection: Some(Protection::Handshake(Arc::new(settings))),
        ..PortSettings::new(Codec::Pcma, Some(at(remote)), SystemTime::UNIX_EPOCH)
    };
    Port::new(settings, now)
}

/// What the network does with a datagram, in percent.
#[derive(Clone, Copy, Default)]
struct Weather {
    lost: u64,
    twice: u64,
    late: u64,
    changed: u64,
}

struct World {
    now: Instant,
    ports: [Port; 2],
    addresses: [SocketAddr; 2],
    flying: Vec<(Instant, usize, SocketAddr, Vec<u8>)>,
    weather: Weather,
    chance: u64,
    ended: [Vec<Result<(), HandshakeFailure>>; 2],
    heard: [u64; 2],
    /// Whether anything but checks and steps left a port before it had keys.
    leaked: bool,
}

impl World {
    /// We at [`US`] and the peer at [`BROWSER`].
    fn new(us: HandshakeSettings, peer: HandshakeSettings) -> Self {
        let now = beginning();
        Self {
            now,
            ports: [port(us, BROWSER, 1, now), port(peer, US, 2, now)],
            addresses: [at(US), at(BROWSER)],
            flying: Vec::new(),
            weather: Weather::default(),
            chance: 88_172_645_463_325_252,
            ended: Default::default(),
            heard: [0; 2],
            leaked: false,
        }
    }

    fn percent(&mut self) -> u64 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        self.chance % 100
    }

    fn send(&mut self, from_idx: usize, to: SocketAddr, bytes: &[u8]) {
        let Some(to_idx) = self.addresses.iter().position(|address| *address == to) else {
            return;
        };
        let from = self.addresses[from_idx];
        let copies = match self.percent() {
            n if n < self.weather.lost => 0,
            n if n < self.weather.lost + self.weather.twice => 2,
            _ => 1,
        };
        for _ in 0..copies {
            let late = match self.percent() < self.weather.late {
                true => FRAME * 7,
                false => FRAME / 2,
            };
            let mut bytes = bytes.to_vec();
            if self.percent() < self.weather.changed {
                let at = self.chance as usize % bytes.len();
                bytes[at] ^= 1 << (self.chance >> 32 & 7);
            }
            self.flying.push((self.now + late, to_idx, from, bytes));
        }
    }

    /// The browser asks whether we hear it.
    fn check(&mut self, nominates: bool) {
        let request = check("oooooooo:tttttttt", &"o".repeat(24), nominates);
        self.send(1, at(US), &request);
    }

    fn tick(&mut self) {
        self.now += FRAME;
        let now = self.now;
        let (arrived, flying) = self.flying.drain(..).partition(|(at, ..)| *at <= now);
        self.flying = flying;
        for (_, to_idx, from, bytes) in Vec::from_iter::<Vec<_>>(arrived) {
            let heard = &mut self.heard[to_idx];
            let port = &mut self.ports[to_idx];
            port.receive_and_pass(&bytes, from, now, &mut |_| *heard += 1);
        }
        for idx in 0..2 {
            let port = &mut self.ports[idx];
            self.ended[idx].extend(port.advance(now));
            let mut sent = Vec::new();
            port.transmit(&mut |bytes, to| sent.push((to, bytes.to_vec())));
            self.leaked |= sent.iter().any(|(_, bytes)| bytes[0] >= 128);
            let mut buf = [0; RTP_MAX];
            if let Some(to) = port.remote() {
                let len = port.send_audio(&[0x2A; 160], &mut buf);
                sent.push((to, buf[..len].to_vec()));
            } else {
                self.leaked |= port.send_audio(&[0x2A; 160], &mut buf) > 0;
                self.leaked |= port.goodbye(now, &mut [0; RTCP_MAX]) > 0;
            }
            for (to, bytes) in sent {
                self.send(idx, to, &bytes);
            }
        }
    }

    fn ticks(&mut self, n: u32) {
        for _ in 0..n {
            self.tick();
        }
    }

    /// Whether both have keys, once each, and hear each other.
    #[track_caller]
    fn assert_talking(&mut self) {
        assert_eq!(self.ended, [vec![Ok(())], vec![Ok(())]]);
        assert!(!self.leaked);
        let before = self.heard;
        self.ticks(50);
        for (before, heard) in before.iter().zip(self.heard) {
            assert!(heard - before > 20, "{before} {heard}");
        }
    }
}

fn browser_call() -> World {
    let us = handshake(0, 1, HandshakeRole::Server);
    let peer = handshake(1, 0, HandshakeRole::Client);
    World::new(with_ice(us, "o", "t"), with_ice(peer, "t", "u"))
}

fn phone_call(our_role: HandshakeRole) -> World {
    let their_role = match our_role {
        HandshakeRole::Client => HandshakeRole::Server,
        HandshakeRole::Server => HandshakeRole::Client,
    };
    World::new(handshake(0, 1, our_role), handshake(1, 0, their_role))
}

#[test]
fn a_browser_is_heard_once_its_way_is_checked_and_keys_are_found() {
    let mut world = browser_call();
    world.ticks(20);
    assert_eq!((world.ended[0].len(), world.heard[0]), (0, 0));
    assert_eq!(world.ports[0].remote(), None);
    world.check(true);
    world.ticks(50);
    assert_eq!(world.ports[0].remote(), Some(at(BROWSER)));
    world.assert_talking();
    assert_eq!(world.ports[0].stats(world.now).unauthentic, 0);
}

#[test]
fn a_phone_without_checks_finds_keys_in_either_role() {
    for role in [HandshakeRole::Client, HandshakeRole::Server] {
        let mut world = phone_call(role);
        world.ticks(25);
        world.assert_talking();
    }
}

/// Of the port's checks and steps, what leaves now.
fn sent(port: &mut Port) -> Vec<Vec<u8>> {
    let mut sent = Vec::new();
    port.transmit(&mut |bytes, _| sent.push(bytes.to_vec()));
    sent
}

#[test]
fn a_first_step_before_the_port_was_there_is_answered_at_once_and_not_made_again() {
    let mut world = phone_call(HandshakeRole::Server);
    // The phone has our answer of SIP, and begins while our port is being made.
    world.ports[1].advance(world.now);
    let early = sent(&mut world.ports[1]);
    assert!(!early.is_empty());
    for step in &early {
        world.ports[0].receive_early(step, at(BROWSER), world.now);
    }
    let answers = sent(&mut world.ports[0]);
    assert!(!answers.is_empty());
    for answer in &answers {
        world.send(0, at(BROWSER), answer);
    }
    // Before anything is repeated.
    world.ticks(6);
    world.assert_talking();
}

#[test]
fn sound_before_the_port_was_there_is_not_heard() {
    let mut world = phone_call(HandshakeRole::Server);
    world.ticks(25);
    let mut sound = [0; RTP_MAX];
    let len = world.ports[1].send_audio(&[0x2A; 160], &mut sound);
    assert!(len > 0);
    let before = world.ports[0].stats(world.now);
    world.ports[0].receive_early(&sound[..len], at(BROWSER), world.now);
    assert_eq!(world.ports[0].stats(world.now), before);
    let plain = PortSettings::new(Codec::Pcma, Some(at(BROWSER)), SystemTime::UNIX_EPOCH);
    let mut plain = Port::new(plain, world.now);
    let before = plain.stats(world.now);
    for first in [0, 22, 0x80] {
        sound[0] = first;
        plain.receive_early(&sound[..172], at(BROWSER), world.now);
    }
    assert_eq!(plain.stats(world.now), before);
    assert!(sent(&mut plain).is_empty());
}

/// Of each step that gets lost the next try comes after 1, 2 and 4 s (RFC 6347 section 4.2.4.1), so that one
/// handshake in some thousands is not done in its 10 s here.
#[test]
fn keys_are_found_over_a_bad_network() {
    let mut n_late = 0;
    for seed in 1..40 {
        for role in [HandshakeRole::Client, HandshakeRole::Server] {
            let mut world = phone_call(role);
            world.chance = seed * 7_777_777;
            world.weather = Weather {
                lost: 10,
                twice: 15,
                late: 20,
                changed: 0,
            };
            let is_done = |world: &World| world.ended.iter().all(|ended| !ended.is_empty());
            for _ in 0..499 {
                world.tick();
                if is_done(&world) {
                    break;
                }
            }
            if !is_done(&world) {
                n_late += 1;
                assert!(n_late < 2, "seed {seed} {role:?}: {:?}", world.ended);
                continue;
            }
            world.weather = Weather::default();
            world.assert_talking();
        }
    }
}

#[test]
fn changed_steps_give_no_wrong_keys_and_let_nothing_out() {
    let mut n_talking = 0;
    for seed in 1..30 {
        let mut world = phone_call(HandshakeRole::Server);
        world.chance = seed * 1_234_577;
        world.weather.changed = 10;
        world.ticks(12);
        world.weather.changed = 0;
        world.ticks(400);
        // What both say of the steps differs then, and there are no keys; or they are the same keys.
        if world.ended[1] == [Ok(())] {
            world.assert_talking();
            n_talking += 1;
        }
        assert!(!world.leaked);
    }
    assert!((3..29).contains(&n_talking), "{n_talking} of 29");
}

#[test]
fn bytes_of_every_kind_are_no_trouble() {
    let mut world = browser_call();
    world.check(true);
    world.ticks(3);
    let mut n = 1_u32;
    for len in 0..400 {
        let mut bytes: Vec<u8> = std::iter::repeat_with(|| {
            n = n.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (n >> 24) as u8
        })
        .take(len)
        .collect();
        for first in [0, 1, 20, 21, 22, 23, 25, 31, 47, 63, 64, 128, 191, 255] {
            if let Some(byte) = bytes.first_mut() {
                *byte = first;
            }
            // Of every version of DTLS, with a length that is right.
            if (20..64).contains(&first) && len > 13 {
                let rest = ((len - 13) as u16).to_be_bytes();
                bytes[1..5].copy_from_slice(&[0xFE, 0xFD, 0, 0]);
                bytes[11..13].copy_from_slice(&rest);
            }
            world.ports[0].receive(&bytes, at(BROWSER), world.now);
        }
        world.ports[0].advance(world.now);
        world.ports[0].transmit(&mut |_, _| ());
    }
    assert_eq!(world.ports[0].remote(), None);
}

#[test]
fn another_certificate_than_that_of_the_sdp_gets_no_keys() {
    for role in [HandshakeRole::Client, HandshakeRole::Server] {
        let mut world = phone_call(role);
        let wrong = handshake(0, 2, role);
        world.ports[0] = port(wrong, BROWSER, 1, world.now);
        world.ticks(600);
        assert_eq!(
            world.ended[0],
            [Err(HandshakeFailure::OtherCertificate)],
            "{role:?}"
        );
        assert_eq!(world.ports[0].remote(), None);
        assert_eq!(world.heard[0], 0);
        assert!(!world.leaked);
    }
}

#[test]
fn a_peer_that_falls_silent_in_the_middle_is_given_up_after_10_s() {
    let mut world = browser_call();
    world.check(true);
    // We have answered its first step; the rest is lost.
    let is_step = |flying: &(Instant, usize, SocketAddr, Vec<u8>)| {
        flying.1 == 1 && (20..64).contains(&flying.3[0])
    };
    while !world.flying.iter().any(is_step) {
        world.tick();
    }
    world.flying.clear();
    world.weather.lost = 100;
    world.ticks(700);
    assert_eq!(world.ended[0], [Err(HandshakeFailure::TimedOut)]);
    assert!(!world.leaked);
}

#[test]
fn a_peer_that_was_never_there_is_waited_for() {
    for role in [HandshakeRole::Client, HandshakeRole::Server] {
        let mut world = phone_call(role);
        world.weather.lost = 100;
        world.ticks(3000);
        assert_eq!(world.ended[0], []);
        world.weather.lost = 0;
        world.ticks(400);
        assert_eq!(world.ended[0], [Ok(())], "{role:?}");
    }
}

#[test]
fn strangers_neither_begin_a_handshake_nor_end_one() {
    let mut world = browser_call();
    // A stranger that knows only our address: steps, sound, and checks without the password.
    let (stranger, now) = (at(ELSEWHERE), world.now);
    let mut other = phone_call(HandshakeRole::Client);
    other.ports[0].advance(now + FRAME);
    let mut hello = Vec::new();
    other.ports[0].transmit(&mut |bytes, _| hello.push(bytes.to_vec()));
    assert!(!hello.is_empty());
    let wrong = check("oooooooo:tttttttt", &"x".repeat(24), true);
    for _ in 0..50 {
        for bytes in hello
            .iter()
            .chain([&wrong, &vec![0x80; 172], &vec![22; 40]])
        {
            world.ports[0].receive(bytes, stranger, now);
        }
    }
    let mut n_sent = 0;
    world.ports[0].transmit(&mut |bytes, to| {
        assert_eq!(to, stranger);
        assert!(bytes.len() <= wrong.len());
        n_sent += 1;
    });
    assert!(n_sent <= 50, "one refusal for each check: {n_sent}");
    world.check(true);
    world.ticks(50);
    world.assert_talking();
}

#[test]
fn a_browser_that_changes_its_network_is_followed_by_the_next_check() {
    let mut world = browser_call();
    world.check(true);
    world.ticks(50);
    world.addresses[1] = at(ELSEWHERE);
    world.ticks(10);
    let before = world.heard[0];
    world.ticks(10);
    assert_eq!(world.heard[0], before, "nobody has checked that way");
    world.check(true);
    world.ticks(5);
    assert_eq!(world.ports[0].remote(), Some(at(ELSEWHERE)));
    world.assert_talking();
}

#[test]
fn the_same_settings_again_and_a_restart_of_ice_keep_the_keys() {
    let mut world = browser_call();
    world.check(true);
    world.ticks(50);
    let same = with_ice(handshake(0, 1, HandshakeRole::Server), "o", "t");
    let restarted = with_ice(handshake(0, 1, HandshakeRole::Server), "n", "t");
    for settings in [same, restarted] {
        let protection = Protection::Handshake(Arc::new(settings));
        world.ports[0].signalled(at("10.0.0.1:9"), LatchRule::SdpAddress);
        world.ports[0].secure(Some(protection));
        world.ticks(5);
        world.assert_talking();
    }
    // The old name counts no more once the new one was used.
    let request = check("nnnnnnnn:tttttttt", &"n".repeat(24), true);
    world.addresses[1] = at(ELSEWHERE);
    world.send(1, at(US), &request);
    world.ticks(5);
    assert_eq!(world.ports[0].remote(), Some(at(ELSEWHERE)));
    world.assert_talking();
}

#[test]
fn another_certificate_by_signalling_is_another_handshake_and_the_old_keys_hold_until_its_end() {
    let mut world = phone_call(HandshakeRole::Server);
    world.ticks(25);
    world.assert_talking();
    let secure = |settings| Some(Protection::Handshake(Arc::new(settings)));
    world.ports[0].secure(secure(handshake(0, 2, HandshakeRole::Server)));
    let before = world.heard;
    world.ticks(25);
    assert!(world.heard[0] > before[0] + 20 && world.heard[1] > before[1] + 20);
    world.ports[1].secure(secure(handshake(2, 0, HandshakeRole::Client)));
    world.ticks(25);
    assert_eq!(world.ended, [vec![Ok(()); 2], vec![Ok(()); 2]]);
    let before = world.heard;
    world.ticks(25);
    assert!(world.heard[0] > before[0] + 20 && world.heard[1] > before[1] + 20);
}

#[test]
fn keys_of_signalling_give_way_to_those_of_a_handshake() {
    let mut world = phone_call(HandshakeRole::Client);
    let keys = |ours, theirs| SrtpSettings {
        suite: Suite::AesCm128HmacSha1_80,
        ours: MasterKey::of([ours; 30]),
        theirs: MasterKey::of([theirs; 30]),
        their_mki_len: 0,
    };
    world.ports[0].secure(Some(Protection::Keys(keys(1, 2))));
    world.ports[1].secure(Some(Protection::Keys(keys(2, 1))));
    world.ticks(10);
    assert!(world.heard[0] > 5 && world.heard[1] > 5);
    for (idx, (ours, theirs, role)) in
        [(0, 1, HandshakeRole::Client), (1, 0, HandshakeRole::Server)]
            .into_iter()
            .enumerate()
    {
        let settings = Arc::new(handshake(ours, theirs, role));
        world.ports[idx].secure(Some(Protection::Handshake(settings)));
    }
    world.ticks(25);
    world.assert_talking();
}

#[test]
fn a_port_that_takes_over_goes_on_with_the_keys() {
    let mut world = browser_call();
    world.check(true);
    world.ticks(50);
    let kept = world.ports[0].keep();
    let settings = with_ice(handshake(0, 1, HandshakeRole::Server), "o", "t");
    world.ports[0] = port(settings, BROWSER, 77, world.now);
    world.ports[0].go_on(kept);
    world.ticks(5);
    assert_eq!(world.ports[0].remote(), Some(at(BROWSER)));
    world.assert_talking();
}

#[test]
fn reports_share_the_socket() {
    let mut world = browser_call();
    world.check(true);
    world.ticks(50);
    let mut report = [0; RTCP_MAX];
    let due = world.ports[1].rtcp_due();
    let len = world.ports[1].rtcp(due, &mut report).unwrap();
    world.ports[0].receive(&report[..len], at(BROWSER), due);
    assert_eq!(world.ports[0].stats(due).remote_loss, Some(0.0));
    assert_eq!(world.ports[0].rtcp_remote(), Some(at(BROWSER)));
}
