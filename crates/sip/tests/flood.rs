//! Strangers who send INVITE after INVITE do not keep us from placing calls.

use std::{net::SocketAddr, time::Instant};

use sip::{
    Command, Config, Endpoint, Event, Input, Invite, LegId, Limits, Link, NameAddr, Output,
    Transport,
};

/// Limits small enough to be filled in a test.
const LIMITS: Limits = Limits {
    n_transactions_max: 40,
    n_legs_max: 20,
    n_unaccepted_per_source_max: 8,
};

struct Flooded {
    endpoint: Endpoint,
    now: Instant,
}

fn link(source: u8) -> Link {
    Link {
        transport: Transport::Udp,
        local: SocketAddr::from(([192, 0, 2, 1], 5060)),
        remote: SocketAddr::from(([198, 51, 100, source], 5060)),
    }
}

impl Flooded {
    #[allow(
        clippy::disallowed_methods,
        reason = "any instant will do to begin with"
    )]
    fn new() -> Self {
        let config = Config {
            limits: LIMITS,
            ..Config::default()
        };
        Self {
            endpoint: Endpoint::new(config, [3; 32]),
            now: Instant::now(),
        }
    }

    /// The status lines and requests that left, and what was told.
    fn give(&mut self, input: Input) -> (Vec<String>, Vec<Event>) {
        let (mut sent, mut told) = (Vec::new(), Vec::new());
        self.endpoint.handle(input, self.now);
        while let Some(output) = self.endpoint.poll() {
            match output {
                Output::Send { bytes, .. } => {
                    let text = String::from_utf8(bytes).expect("text");
                    sent.push(text.lines().next().expect("a first line").to_owned());
                }
                Output::Event(event) => told.push(event),
            }
        }
        (sent, told)
    }

    /// A stranger calls; what it gets at once, if anything, and the leg if there is one.
    fn call_from(&mut self, source: u8, n: usize) -> (String, Option<LegId>) {
        let invite = format!(
            "INVITE sip:1@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK{source}-{n};rport\r\n\
             From: <sip:2@h>;tag=a\r\nTo: <sip:1@192.0.2.1>\r\nCall-ID: {source}-{n}\r\n\
             CSeq: 1 INVITE\r\nContact: <sip:2@h>\r\nContent-Length: 0\r\n\r\n"
        );
        let (sent, told) = self.give(Input::Received {
            link: link(source),
            bytes: invite.into_bytes(),
        });
        let leg = told.iter().find_map(|event| match event {
            Event::Incoming(incoming) => Some(incoming.leg),
            _ => None,
        });
        (sent.first().cloned().unwrap_or_default(), leg)
    }

    /// The stranger calls and is challenged, and never acknowledges; whether it was heard.
    fn challenged(&mut self, source: u8, n: usize) -> bool {
        let (_, leg) = self.call_from(source, n);
        if let Some(leg) = leg {
            let realm = "centre".to_owned();
            let stale = false;
            self.give(Input::Command(Command::Challenge {
                leg,
                realm,
                stale,
                md5_only: false,
            }));
        }
        leg.is_some()
    }

    fn calls_out(&mut self) -> bool {
        let uri = |text: &str| text.parse().expect("a uri");
        let invite = Invite {
            leg: LegId(1),
            to: uri("sip:1002@198.51.100.200"),
            from: NameAddr::new(uri("sip:1001@192.0.2.1")),
            link: link(200),
            routes: Vec::new(),
            credentials: None,
            headers: Vec::new(),
            sdp: b"v=0\r\n".to_vec(),
            ring_time_max: std::time::Duration::from_secs(30),
            rules: sip::InviteRules::default(),
        };
        let (sent, _) = self.give(Input::Command(Command::Invite(Box::new(invite))));
        sent.iter().any(|line| line.starts_with("INVITE "))
    }
}

#[test]
fn challenged_strangers_leave_room_for_calls_of_ours() {
    let mut flooded = Flooded::new();
    let n_heard = (0..100).filter(|&n| flooded.challenged(n as u8, n)).count();
    assert_eq!(n_heard, LIMITS.n_transactions_max / 2);
    assert_eq!(
        flooded.call_from(100, 0).0,
        "SIP/2.0 503 Service Unavailable"
    );
    assert!(flooded.calls_out());
}

#[test]
fn strangers_who_let_it_ring_leave_legs_for_calls_of_ours() {
    let mut flooded = Flooded::new();
    let n_heard = (0..100)
        .filter(|&n| flooded.call_from(n as u8, n).1.is_some())
        .count();
    assert_eq!(n_heard, LIMITS.n_legs_max / 2);
    assert!(flooded.calls_out());
}

#[test]
fn a_trunk_calls_where_strangers_have_filled_what_is_theirs() {
    let trunk = link(200).remote.ip();
    for is_answered in [true, false] {
        let mut flooded = Flooded::new();
        flooded.endpoint.know([trunk].into());
        for n in 0..100 {
            if is_answered {
                flooded.challenged(n as u8, n);
            } else {
                flooded.call_from(n as u8, n);
            }
        }
        assert_eq!(flooded.call_from(100, 0).1, None, "a stranger");
        assert!(flooded.call_from(200, 0).1.is_some(), "the trunk");
    }
}

#[test]
fn a_known_peer_may_let_more_ring_than_a_stranger_and_leaves_room_for_ours() {
    let mut flooded = Flooded::new();
    flooded.endpoint.know([link(7).remote.ip()].into());
    let n_heard = (0..100)
        .filter(|&n| flooded.call_from(7, n).1.is_some())
        .count();
    assert_eq!(n_heard, LIMITS.n_legs_max * 3 / 4);
    assert!(flooded.calls_out());
}

#[test]
fn one_stranger_cannot_keep_others_out() {
    let mut flooded = Flooded::new();
    let n_heard = (0..100).filter(|&n| flooded.challenged(7, n)).count();
    assert_eq!(n_heard, LIMITS.n_unaccepted_per_source_max);
    assert!(flooded.challenged(8, 0));
    let later = flooded
        .endpoint
        .poll_timeout()
        .expect("refusals time out")
        .0;
    flooded.now = later + Config::default().timing.t1 * 65;
    while flooded
        .endpoint
        .poll_timeout()
        .is_some_and(|(at, _)| at <= flooded.now)
    {
        flooded.give(Input::Timeout);
    }
    assert!(flooded.challenged(7, 200), "heard again when they are over");
}

#[test]
fn challenges_that_are_acknowledged_do_not_count_against_their_source() {
    let mut flooded = Flooded::new();
    for n in 0..LIMITS.n_unaccepted_per_source_max + 1 {
        assert!(flooded.challenged(7, n), "{n}");
        let ack = format!(
            "ACK sip:1@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK7-{n};rport\r\n\
             From: <sip:2@h>;tag=a\r\nTo: <sip:1@192.0.2.1>;tag=b\r\nCall-ID: 7-{n}\r\n\
             CSeq: 1 ACK\r\nContent-Length: 0\r\n\r\n"
        );
        flooded.give(Input::Received {
            link: link(7),
            bytes: ack.into_bytes(),
        });
    }
}

#[test]
fn calls_that_are_accepted_do_not_count_against_their_source() {
    let mut flooded = Flooded::new();
    for n in 0..LIMITS.n_unaccepted_per_source_max + 1 {
        let leg = flooded.call_from(7, n).1.expect("it is heard");
        let sdp = b"v=0\r\n".to_vec();
        flooded.give(Input::Command(Command::Accept { leg, sdp }));
    }
}
