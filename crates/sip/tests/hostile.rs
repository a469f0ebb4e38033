//! Nothing that a stranger sends makes the endpoint panic or grow without bound.
//!
//! `PROPTEST_CASES=1000000 cargo nextest run -p sip --test hostile` looks for hours instead of seconds.

use std::{
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};

use proptest::prelude::*;
use sip::{
    Command, Config, Endpoint, Frame, Input, Limits, Link, Output, StreamFramer, Transport,
    message::Message, sdp::Session,
};

const INVITE: &str = "INVITE sip:1002@192.0.2.1 SIP/2.0\r\n\
    Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK74bf9;rport\r\nMax-Forwards: 70\r\n\
    Record-Route: <sip:192.0.2.7;lr>\r\nFrom: \"Alice\" <sip:1001@192.0.2.9>;tag=9fxced76sl\r\n\
    To: Bob <sip:1002@192.0.2.1>\r\nCall-ID: 3848276298220188511@192.0.2.9\r\nCSeq: 2 INVITE\r\n\
    Contact: <sip:1001@192.0.2.9;transport=udp>\r\n\
    Authorization: Digest username=\"1001\", realm=\"r\", nonce=\"84a4\", uri=\"sip:1002@h\", \
    response=\"7587245234b3434cc3412213e5f113a5432\", qop=auth, nc=00000001, cnonce=\"0a4f\"\r\n\
    Content-Type: application/sdp\r\nContent-Length: 151\r\n\r\n\
    v=0\r\no=alice 2890844526 2890844526 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\n\
    t=0 0\r\nm=audio 49172 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n";

/// Messages to change: those of a call, requests inside it, and those of RFC 4475.
fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rfc4475");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the torture messages are there")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "dat"))
        .collect();
    files.sort();
    let torture = files
        .iter()
        .map(|path| std::fs::read(path).expect("a file"));
    let [invite, ..] = datagrams();
    let inside = ["PRACK", "UPDATE", "REFER", "NOTIFY", "INFO", "REGISTER"].map(|method| {
        let head = invite.split("Content-Type").next().unwrap_or_default();
        let more = "Refer-To: <sip:a@b?Replaces=1%3Bto-tag%3D2%3Bfrom-tag%3D3>\r\nEvent: refer\r\n\
            RAck: 1 2 INVITE\r\nReplaces: 1;to-tag=2;from-tag=3\r\n\r\n";
        (head.replace("INVITE", method) + more).into_bytes()
    });
    let call = datagrams().map(String::into_bytes);
    call.into_iter().chain(inside).chain(torture).collect()
}

/// Cases of each property: enough for seconds, unless somebody wants more.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(400)
}

fn datagrams() -> [String; 5] {
    let of = |method: &str| {
        INVITE
            .split("Content-Type")
            .next()
            .unwrap_or_default()
            .replace("INVITE", method)
            + "\r\n"
    };
    let ringing = of("INVITE").replacen(
        "INVITE sip:1002@192.0.2.1 SIP/2.0",
        "SIP/2.0 180 Ringing",
        1,
    );
    [
        INVITE.to_owned(),
        of("CANCEL"),
        of("BYE"),
        of("ACK"),
        ringing,
    ]
}

/// One change: a byte, a cut, a repeated or a doubled part.
fn mutate(bytes: &mut Vec<u8>, (kind, at, value): (u8, prop::sample::Index, u8)) {
    if bytes.is_empty() {
        return;
    }
    let at = at.index(bytes.len());
    match kind % 6 {
        0 => bytes[at] = value,
        1 => bytes.truncate(at),
        2 => bytes.insert(at, value),
        3 => {
            bytes.remove(at);
        }
        4 => {
            let part = bytes[at..(at + value as usize).min(bytes.len())].to_vec();
            bytes.splice(at..at, part);
        }
        _ => {
            let special = b"\r\n:;,=<>\"@ \t\0/%[]\\";
            bytes[at] = special[value as usize % special.len()];
        }
    }
}

type Mutations = Vec<(prop::sample::Index, Vec<(u8, prop::sample::Index, u8)>)>;

fn mutations() -> impl Strategy<Value = Mutations> {
    prop::collection::vec(
        (
            any::<prop::sample::Index>(),
            prop::collection::vec(any::<(u8, prop::sample::Index, u8)>(), 0..6),
        ),
        1..20,
    )
}

#[allow(
    clippy::disallowed_methods,
    reason = "any instant will do to begin with"
)]
fn start() -> Instant {
    Instant::now()
}

fn link(port: u16) -> Link {
    Link {
        transport: Transport::Udp,
        local: SocketAddr::from(([192, 0, 2, 1], 5060)),
        remote: SocketAddr::from(([192, 0, 2, 9], port)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_messages_do_no_harm(mutations in mutations()) {
        let corpus = corpus();
        let mut endpoint = Endpoint::new(Config::default(), [3; 32]);
        let mut now = start();
        for (which, changes) in mutations {
            let mut bytes = which.get(&corpus).clone();
            for change in changes {
                mutate(&mut bytes, change);
            }
            let _ = Message::parse(&bytes);
            let _ = sip::summary(&bytes);
            endpoint.handle(Input::Received { link: link(5060), bytes }, now);
            while endpoint.poll().is_some() {}
            now += Duration::from_millis(700);
            endpoint.handle(Input::Timeout, now);
            while endpoint.poll().is_some() {}
        }
        // Whatever it was, all of it ends by itself.
        while let Some((at, _)) = endpoint.poll_timeout() {
            endpoint.handle(Input::Timeout, at);
            while endpoint.poll().is_some() {}
        }
        prop_assert_eq!(endpoint.n_legs_and_transactions(), (0, 0));
    }

    #[test]
    fn mutated_descriptions_do_no_harm(changes in prop::collection::vec(any::<(u8, prop::sample::Index, u8)>(), 0..8)) {
        let mut bytes = INVITE.split("\r\n\r\n").nth(1).unwrap_or_default().as_bytes().to_vec();
        for change in changes {
            mutate(&mut bytes, change);
        }
        if let Ok(session) = Session::parse(&bytes) {
            let again = Session::parse(&session.to_bytes());
            prop_assert!(again.is_ok() || session.origin.address.is_empty(), "{}", session);
        }
    }

    #[test]
    fn a_stream_in_any_pieces_gives_the_same_messages(cuts in prop::collection::vec(1..700_usize, 0..40), changes in prop::collection::vec(any::<(u8, prop::sample::Index, u8)>(), 0..4)) {
        let mut stream = datagrams().concat().into_bytes();
        for change in changes {
            mutate(&mut stream, change);
        }
        let mut whole = StreamFramer::new();
        whole.push(&stream);
        let mut pieces = StreamFramer::new();
        let mut by_piece = Vec::new();
        let mut rest = stream.as_slice();
        for cut in cuts.into_iter().chain([stream.len()]) {
            let (piece, after) = rest.split_at(cut.min(rest.len()));
            rest = after;
            pieces.push(piece);
            by_piece.extend(drain(&mut pieces));
        }
        prop_assert_eq!(drain(&mut whole), by_piece);
    }
}

fn drain(framer: &mut StreamFramer) -> Vec<Frame> {
    std::iter::from_fn(|| framer.next_frame().ok().flatten()).collect()
}

/// Sends one INVITE with a number of its own; gives the first line of the last answer.
fn flood(endpoint: &mut Endpoint, n: u32, now: Instant) -> String {
    let bytes = INVITE
        .replace("74bf9", &format!("74bf9{n}"))
        .replace("3848276298220188511", &n.to_string())
        .into_bytes();
    endpoint.handle(
        Input::Received {
            link: link(5060),
            bytes,
        },
        now,
    );
    let mut last = String::new();
    while let Some(output) = endpoint.poll() {
        if let Output::Send { bytes, .. } = output {
            last = String::from_utf8_lossy(&bytes).into_owned();
        }
    }
    last
}

#[test]
fn a_flood_of_invites_is_answered_503_beyond_the_limit() {
    let limits = Limits {
        n_transactions_max: 50,
        n_legs_max: 50,
        n_unaccepted_per_source_max: 50,
    };
    let mut endpoint = Endpoint::new(
        Config {
            limits,
            ..Config::default()
        },
        [4; 32],
    );
    let now = start();
    let answers: Vec<String> = (0..200).map(|n| flood(&mut endpoint, n, now)).collect();
    assert_eq!(
        answers.iter().filter(|a| a.is_empty()).count(),
        25,
        "the other half is ours"
    );
    let refused: Vec<_> = answers
        .iter()
        .filter(|a| a.starts_with("SIP/2.0 503 "))
        .collect();
    assert_eq!(refused.len(), 175);
    assert!(refused.iter().all(|a| a.contains("\r\nRetry-After: ")));
    assert_eq!(endpoint.n_legs_and_transactions(), (25, 25));
}

#[test]
fn challenged_strangers_are_forgotten() {
    let mut endpoint = Endpoint::new(Config::default(), [5; 32]);
    let now = start();
    for n in 0..500 {
        flood(&mut endpoint, n, now);
        let leg = sip::LegId(sip::LegId::INCOMING_FIRST.0 + u64::from(n));
        let challenge = Command::Challenge {
            leg,
            realm: "r".into(),
            stale: false,
            md5_only: false,
        };
        endpoint.handle(Input::Command(challenge), now);
        while endpoint.poll().is_some() {}
    }
    assert_eq!(endpoint.n_legs_and_transactions(), (0, 500));
    endpoint.handle(Input::Timeout, now + Duration::from_secs(33));
    while endpoint.poll().is_some() {}
    assert_eq!(endpoint.n_legs_and_transactions(), (0, 0));
}
