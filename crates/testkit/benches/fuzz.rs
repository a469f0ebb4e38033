//! Changes known messages and packets at random, for as long as `MINUTES` says, and gives them to whatever
//! reads what strangers send: SIP, SDP, streams, RTP, RTCP, SRTP, key presses, checks of ICE and steps of
//! handshakes.
//!
//! Every round has a seed of its own, counted up from `SEED` (by custom a new one each run). What fails, by
//! a panic, by more than 1 ms for one message, or by memory that grows, is printed with its seed; the run
//! ends with a failure. `SEED=n ROUNDS=1` plays one round again. `cargo test --bench fuzz` looks for panics,
//! overflows and memory only: how long code takes that is not optimized says nothing.
//!
//! It looks for what nobody thought of; what it found becomes a test.

#[path = "fuzz/handshakes.rs"]
mod handshakes;

use std::{
    net::SocketAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    process::ExitCode,
    time::{Duration, Instant, SystemTime},
};

use media::{
    FRAME,
    g711::Codec,
    leg::{Leg, LegSettings, TickOut},
    port::PortSettings,
    security::Protection,
    srtp::{MASTER_LEN, MasterKey, SrtpSettings, Suite},
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use sip::{
    Command, Config, Endpoint, Event, Input, Limits, Link, Output, StreamFramer, Transport,
    sdp::{self, Direction, Local, Security, Session},
};

/// No message may take longer: the best of several tries, what the machine does meanwhile is not its fault.
const LONGEST: Duration = Duration::from_millis(1);
const N_TRIES: usize = 7;
/// Messages of a round.
const N_MESSAGES: usize = 60;
/// Time between two looks at memory, and how much it may have grown since the first, KiB.
const LOOK_EVERY: Duration = Duration::from_secs(10);
const GROWTH_KIB_MAX: u64 = 64 * 1024;

const SDP: &str = "v=0\r\no=a 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n\
    m=audio 4000 RTP/AVP 0 8 9 111 101\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 useinbandfec=1\r\n\
    a=rtpmap:101 telephone-event/8000\r\na=ptime:30\r\na=maxptime:60\r\na=rtcp:4400\r\n\
    a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4\r\n\
    a=sendonly\r\nm=video 5000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n";

fn main() -> ExitCode {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse::<u64>().ok());
    let first = number("SEED").unwrap_or_else(rand::random);
    let rounds = number("ROUNDS").unwrap_or(u64::MAX);
    let until = now() + Duration::from_secs(60 * number("MINUTES").unwrap_or(60));
    let corpus = corpus();
    say(&format!("seeds from {first}, {} messages", corpus.len()));
    let mut memory = None;
    let mut look_at = now() + LOOK_EVERY;
    let mut n_failed = 0;
    for n in 0..rounds {
        if now() >= until || n_failed >= 10 {
            break;
        }
        let seed = first.wrapping_add(n);
        let failed = match catch_unwind(AssertUnwindSafe(|| round(seed, &corpus))) {
            Ok(None) => None,
            Ok(Some(slow)) => Some(slow),
            Err(_) => Some("it panicked".to_owned()),
        };
        if let Some(why) = failed {
            n_failed += 1;
            say(&format!("SEED={seed} ROUNDS=1: {why}"));
        }
        if now() >= look_at {
            look_at += LOOK_EVERY;
            let used = resident_kib();
            let at_first = *memory.get_or_insert(used);
            say(&format!("{} rounds, {used} KiB", n + 1));
            if used > at_first + GROWTH_KIB_MAX {
                say(&format!("memory grew from {at_first} to {used} KiB"));
                return ExitCode::FAILURE;
            }
        }
    }
    match n_failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// One round: what was wrong with it.
fn round(seed: u64, corpus: &[Vec<u8>]) -> Option<String> {
    let mut rng = StdRng::seed_from_u64(seed);
    let messages: Vec<Vec<u8>> = (0..N_MESSAGES).map(|_| changed(&mut rng, corpus)).collect();
    let slow = signalling(&mut rng, &messages);
    media(&mut rng);
    handshakes::play(&mut rng, now());
    slow
}

/// A live call, and messages that may be about it.
fn signalling(rng: &mut StdRng, messages: &[Vec<u8>]) -> Option<String> {
    let config = Config {
        limits: Limits {
            n_transactions_max: 200,
            n_legs_max: 20,
            n_unaccepted_per_source_max: 10,
        },
        ..Config::default()
    };
    let mut endpoint = Endpoint::new(config, [3; 32]);
    let mut at = now();
    let mut framer = StreamFramer::new();
    let mut slow = None;
    for message in messages {
        framer.push(message);
        while let Ok(Some(_)) = framer.next_frame() {}
        if let Ok(session) = Session::parse(message) {
            described(&session);
        }
        let begin = now();
        let mut incoming = Vec::new();
        hear(&mut endpoint, message, at, &mut incoming);
        if !cfg!(debug_assertions) && begin.elapsed() > LONGEST {
            let best = (0..N_TRIES).map(|_| alone(message)).min();
            if best.is_some_and(|best| best > LONGEST) {
                slow = Some(format!("{best:?} for {} bytes", message.len()));
            }
        }
        for leg in incoming {
            let command = match rng.random_range(0..4) {
                0 => Command::Ring {
                    leg,
                    sdp: Some(SDP.into()),
                },
                1 => Command::HangUp { leg, reason: None },
                _ => Command::Accept {
                    leg,
                    sdp: SDP.into(),
                },
            };
            endpoint.handle(Input::Command(command), at);
            while endpoint.poll().is_some() {}
        }
        at += Duration::from_millis(rng.random_range(0..900));
        endpoint.handle(Input::Timeout, at);
        while endpoint.poll().is_some() {}
        let (n_legs, n_transactions) = endpoint.n_legs_and_transactions();
        assert!(
            n_legs <= 20 && n_transactions <= 220,
            "{n_legs} {n_transactions}"
        );
    }
    slow
}

fn hear(endpoint: &mut Endpoint, bytes: &[u8], at: Instant, incoming: &mut Vec<sip::LegId>) {
    let input = Input::Received {
        link: link(),
        bytes: bytes.to_vec(),
    };
    endpoint.handle(input, at);
    while let Some(output) = endpoint.poll() {
        if let Output::Event(Event::Incoming(call)) = output {
            incoming.push(call.leg);
        }
    }
}

fn alone(bytes: &[u8]) -> Duration {
    let mut endpoint = Endpoint::new(Config::default(), [1; 32]);
    let begin = now();
    hear(&mut endpoint, bytes, begin, &mut Vec::new());
    begin.elapsed()
}

/// Everything that is done with a description of a peer.
fn described(session: &Session) {
    let ours = Local {
        address: SocketAddr::from(([192, 0, 2, 1], 9000)),
        session_id: 1,
        version: 1,
        ptime_ms: 20,
        direction: Direction::SendRecv,
        security: Security::OFF,
        events: true,
    };
    let codecs = [
        sdp::Codec::Opus,
        sdp::Codec::G722,
        sdp::Codec::Pcma,
        sdp::Codec::Pcmu,
    ];
    let _ = sdp::answer(session, &ours, &codecs);
    let _ = sdp::negotiated(&sdp::offer(&ours, &codecs), session);
    assert!(Session::parse(&session.to_bytes()).is_ok() || session.origin.address.is_empty());
}

/// Packets of every kind to a leg, plain and encrypted.
fn media(rng: &mut StdRng) {
    let peer = SocketAddr::from(([192, 0, 2, 9], 4000));
    for is_secure in [false, true] {
        let begin = now();
        let codec = match rng.random_range(0..3) {
            0 => media::Codec::Opus,
            1 => media::Codec::G722,
            _ => Codec::Pcmu.into(),
        };
        let mut port = PortSettings::new(codec, Some(peer), SystemTime::UNIX_EPOCH);
        port.packet_ms = [10, 20, 30, 40, 60][rng.random_range(0..5)];
        port.dtmf_payload_type = rng.random_bool(0.5).then_some(101);
        port.dtmf_payload_type_received = port.dtmf_payload_type;
        port.rtcp_mux = true;
        let keys = SrtpSettings {
            suite: Suite::AesCm128HmacSha1_80,
            ours: MasterKey::of([1; MASTER_LEN]),
            theirs: MasterKey::of([2; MASTER_LEN]),
            their_mki_len: rng.random_range(0..5),
        };
        port.protection = is_secure.then_some(Protection::Keys(keys));
        let payload_type = port.payload_type;
        let mut leg = Leg::new(LegSettings::new(port), begin);
        let mut out = TickOut::new();
        for n in 0..N_MESSAGES {
            let at = begin + FRAME * u32::try_from(n).unwrap_or(0);
            let kinds = [
                payload_type,
                payload_type | 0x80,
                101,
                13,
                200,
                201,
                202,
                203,
                96,
            ];
            let mut datagram = vec![0x80, kinds[rng.random_range(0..kinds.len())]];
            datagram.extend_from_slice(&u16::try_from(n).unwrap_or(0).to_be_bytes());
            datagram.extend_from_slice(&(n as u32 * 160).to_be_bytes());
            datagram.extend_from_slice(&7_u32.to_be_bytes());
            let len = rng.random_range(0..400);
            datagram.extend((0..len).map(|_| rng.random::<u8>()));
            for _ in 0..rng.random_range(0..4) {
                change(rng, &mut datagram);
            }
            leg.receive(&datagram, peer, at);
            leg.tick(at, &mut out);
            assert!(out.datagrams().count() <= 2);
        }
    }
}

/// A message of the corpus with up to six changes, or two of them cut together.
fn changed(rng: &mut StdRng, corpus: &[Vec<u8>]) -> Vec<u8> {
    let one = |rng: &mut StdRng| corpus[rng.random_range(0..corpus.len())].clone();
    let mut bytes = one(rng);
    if rng.random_bool(0.1) {
        let other = one(rng);
        bytes.truncate(rng.random_range(0..=bytes.len()));
        bytes.extend_from_slice(&other[rng.random_range(0..=other.len())..]);
    }
    for _ in 0..rng.random_range(0..7) {
        change(rng, &mut bytes);
    }
    bytes.truncate(65_507);
    bytes
}

fn change(rng: &mut StdRng, bytes: &mut Vec<u8>) {
    if bytes.is_empty() {
        return;
    }
    let at = rng.random_range(0..bytes.len());
    let end = (at + rng.random_range(1..200)).min(bytes.len());
    match rng.random_range(0..7) {
        0 => bytes[at] = rng.random(),
        1 => bytes.truncate(at),
        2 => bytes.insert(at, rng.random()),
        3 => drop(bytes.drain(at..end)),
        4 => {
            let part = bytes[at..end].to_vec();
            let n = [1, 1, 1, 40][rng.random_range(0..4)];
            bytes.splice(at..at, part.repeat(n));
        }
        5 => {
            let numbers: [&[u8]; 5] = [
                b"0",
                b"-1",
                b"65536",
                b"4294967296",
                b"99999999999999999999",
            ];
            bytes.splice(at..at, numbers[rng.random_range(0..5)].iter().copied());
        }
        _ => {
            let special = b"\r\n:;,=<>\"@ \t\0/%[]\\";
            bytes[at] = special[rng.random_range(0..special.len())];
        }
    }
}

/// The torture messages of RFC 4475, and those of a call.
fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sip/tests/rfc4475");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "dat"))
        .collect();
    files.sort();
    let mut corpus: Vec<Vec<u8>> = files
        .iter()
        .filter_map(|file| std::fs::read(file).ok())
        .collect();
    let methods = [
        "INVITE", "ACK", "BYE", "CANCEL", "PRACK", "UPDATE", "INFO", "REFER", "NOTIFY", "REGISTER",
        "OPTIONS", "MESSAGE",
    ];
    for method in methods {
        for (to_tag, body) in [("", SDP), (";tag=b", ""), ("", "")] {
            corpus.push(request(method, to_tag, body));
        }
    }
    corpus.push(SDP.as_bytes().to_vec());
    corpus
}

fn request(method: &str, to_tag: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} sip:1002@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKa;rport\r\n\
         Max-Forwards: 70\r\nRecord-Route: <sip:192.0.2.7;lr>\r\nFrom: \"A\" <sip:1001@192.0.2.9>;tag=9\r\n\
         To: <sip:1002@192.0.2.1>{to_tag}\r\nCall-ID: a@b\r\nCSeq: 2 {method}\r\n\
         Contact: <sip:1001@192.0.2.9;transport=udp>\r\nSupported: 100rel, timer\r\nSession-Expires: 90\r\n\
         RAck: 1 2 INVITE\r\nRefer-To: <sip:a@b?Replaces=1%3Bto-tag%3D2%3Bfrom-tag%3D3>\r\nEvent: refer\r\n\
         Authorization: Digest username=\"1001\", realm=\"r\", nonce=\"84a4\", uri=\"sip:h\", \
         response=\"7587\", qop=auth, nc=00000001, cnonce=\"0a4f\"\r\nUser-to-User: 00;encoding=hex\r\n\
         Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn link() -> Link {
    Link {
        transport: Transport::Udp,
        local: SocketAddr::from(([192, 0, 2, 1], 5060)),
        remote: SocketAddr::from(([192, 0, 2, 9], 5060)),
    }
}

/// Memory of this process; 0 where the system does not tell.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_ascii_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

#[allow(clippy::disallowed_methods, reason = "a clock is what a bench is for")]
fn now() -> Instant {
    Instant::now()
}

#[allow(clippy::print_stdout, reason = "this is what it is run for")]
fn say(line: &str) {
    println!("{line}");
}
