//! One endpoint and a peer who writes SIP by hand: what stands on the wire, in both directions.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use sip::{
    Command, Config, EndedBy, Endpoint, Event, Input, Invite, LegId, Link, NameAddr, Output,
    QueryId, RefusedBy, Transport, digest::Credentials,
};

/// An endpoint, its time, and what it sent and told last.
struct Wire {
    endpoint: Endpoint,
    now: Instant,
    sent: Vec<(Link, String, bool)>,
    told: Vec<Event>,
}

const US: LegId = LegId(1);
const THEM: LegId = LegId::INCOMING_FIRST;

fn link() -> Link {
    Link {
        transport: Transport::Udp,
        local: SocketAddr::from(([192, 0, 2, 1], 5060)),
        remote: SocketAddr::from(([192, 0, 2, 9], 5070)),
    }
}

impl Wire {
    #[allow(
        clippy::disallowed_methods,
        reason = "any instant will do to begin with"
    )]
    fn new() -> Self {
        let endpoint = Endpoint::new(Config::default(), [6; 32]);
        Self {
            endpoint,
            now: Instant::now(),
            sent: Vec::new(),
            told: Vec::new(),
        }
    }

    fn give(&mut self, input: Input) {
        self.sent.clear();
        self.told.clear();
        self.endpoint.handle(input, self.now);
        while let Some(output) = self.endpoint.poll() {
            match output {
                Output::Send { link, bytes, large } => {
                    self.sent
                        .push((link, String::from_utf8(bytes).expect("text"), large));
                }
                Output::Event(event) => self.told.push(event),
            }
        }
    }

    /// The peer sends these lines.
    fn hear(&mut self, text: &str) {
        let bytes = text.trim_start().replace('\n', "\r\n").into_bytes();
        self.give(Input::Received {
            link: link(),
            bytes,
        });
    }

    fn command(&mut self, command: Command) {
        self.give(Input::Command(command));
    }

    fn wait(&mut self, time: Duration) {
        self.now += time;
        self.give(Input::Timeout);
    }

    /// The only message that was sent.
    fn only(&self) -> &str {
        assert_eq!(self.sent.len(), 1, "{:?}", self.sent);
        &self.sent[0].1
    }

    fn first_lines(&self) -> Vec<&str> {
        self.sent
            .iter()
            .map(|(_, text, _)| text.lines().next().unwrap_or_default())
            .collect()
    }
}

/// The value of a field; all of them, joined, if there are several.
fn field(message: &str, name: &str) -> String {
    let values: Vec<&str> = message
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_once(": "))
        .filter(|(n, _)| *n == name)
        .map(|(_, value)| value)
        .collect();
    values.join(", ")
}

fn tag(value: &str) -> &str {
    value.split_once(";tag=").map_or("", |(_, tag)| tag)
}

const SDP: &str = "v=0\no=- 1 1 IN IP4 192.0.2.9\ns=-\nc=IN IP4 192.0.2.9\nt=0 0\nm=audio 4000 RTP/AVP 8\na=rtpmap:8 PCMA/8000\n";

fn our_sdp() -> Vec<u8> {
    b"v=0\r\no=- 7 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 9000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\na=sendrecv\r\n".to_vec()
}

/// A request of the peer inside the dialog of its call, or the INVITE that makes it.
fn theirs(method: &str, cseq: u32, to_tag: &str, more: &str) -> String {
    let to_tag = if to_tag.is_empty() {
        String::new()
    } else {
        format!(";tag={to_tag}")
    };
    format!(
        "{method} sip:1002@192.0.2.1 SIP/2.0\nv: SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK{method}{cseq};rport\n\
         f: \"Alice\" <sip:1001@192.0.2.1>;tag=a1\nt: <sip:1002@192.0.2.1>{to_tag}\ni: call-1\nCSeq: {cseq} {method}\n\
         m: <sip:1001@192.0.2.9:5070>\nMax-Forwards: 70\n{more}"
    )
}

fn invite_with(sdp: &str) -> String {
    theirs(
        "INVITE",
        10,
        "",
        &format!(
            "c: application/sdp\nl: {}\n\n{}",
            sdp.len() + sdp.lines().count(),
            sdp
        ),
    )
}

/// A call of the peer that we accepted; gives our tag.
fn accepted(wire: &mut Wire) -> String {
    wire.hear(&invite_with(SDP));
    wire.command(Command::Accept {
        leg: THEM,
        sdp: our_sdp(),
    });
    let tag = tag(&field(wire.only(), "To")).to_owned();
    wire.hear(&theirs("ACK", 10, &tag, "\n"));
    assert!(matches!(
        wire.told[..],
        [Event::Confirmed {
            leg: THEM,
            sdp: None
        }]
    ));
    tag
}

#[test]
fn an_incoming_call_is_offered_with_what_the_caller_wrote() {
    let mut wire = Wire::new();
    wire.hear(&invite_with(SDP));
    let trying = wire.only().to_owned();
    assert!(trying.starts_with("SIP/2.0 100 Trying\r\n"));
    assert_eq!(
        field(&trying, "Via"),
        "SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bKINVITE10;rport=5070;received=192.0.2.9"
    );
    let [Event::Incoming(incoming)] = &wire.told[..] else {
        panic!("{:?}", wire.told)
    };
    assert_eq!(incoming.from.display.as_deref(), Some("Alice"));
    assert_eq!(incoming.request_uri.user.as_deref(), Some("1002"));
    assert_eq!(incoming.headers.get("call-id"), Some("call-1"));
    assert!(
        incoming
            .sdp
            .as_ref()
            .is_some_and(|sdp| sdp.starts_with(b"v=0\r\n"))
    );

    wire.command(Command::Ring {
        leg: THEM,
        sdp: Some(our_sdp()),
    });
    let early = wire.only().to_owned();
    assert!(early.starts_with("SIP/2.0 183 ") && early.ends_with("a=sendrecv\r\n"));
    assert!(!tag(&field(&early, "To")).is_empty());
    // A repeated INVITE gets the last answer again and makes no second leg.
    wire.hear(&invite_with(SDP));
    assert_eq!((wire.only(), wire.told.len()), (early.as_str(), 0));
    wire.command(Command::Accept {
        leg: THEM,
        sdp: our_sdp(),
    });
    assert_eq!(
        field(&early, "To"),
        field(wire.only(), "To"),
        "one tag for all answers"
    );
}

#[test]
fn an_answer_is_repeated_until_it_is_acknowledged_and_then_given_up() {
    let mut wire = Wire::new();
    wire.hear(&invite_with(SDP));
    wire.command(Command::Accept {
        leg: THEM,
        sdp: our_sdp(),
    });
    let ok = wire.only().to_owned();
    for ms in [500, 1000, 2000, 4000, 4000] {
        wire.wait(Duration::from_millis(ms));
        assert_eq!(wire.only(), ok);
    }
    wire.wait(Duration::from_secs(32));
    assert_eq!(wire.first_lines(), ["BYE sip:1001@192.0.2.9:5070 SIP/2.0"]);
    assert!(matches!(
        wire.told[..],
        [Event::Ended {
            by: EndedBy::Timeout,
            ..
        }]
    ));
}

#[test]
fn bye_waits_for_the_ack() {
    let mut wire = Wire::new();
    wire.hear(&invite_with(SDP));
    wire.command(Command::Accept {
        leg: THEM,
        sdp: our_sdp(),
    });
    let tag = tag(&field(wire.only(), "To")).to_owned();
    wire.command(Command::HangUp {
        leg: THEM,
        reason: None,
    });
    assert_eq!((wire.sent.len(), wire.told.len()), (0, 0));
    wire.hear(&theirs("ACK", 10, &tag, "\n"));
    assert_eq!(wire.first_lines(), ["BYE sip:1001@192.0.2.9:5070 SIP/2.0"]);
    assert!(matches!(
        wire.told[..],
        [Event::Ended {
            by: EndedBy::Us,
            ..
        }]
    ));
}

#[test]
fn requests_inside_a_call_keep_its_order() {
    let mut wire = Wire::new();
    let tag = accepted(&mut wire);
    wire.hear(&theirs(
        "INFO",
        11,
        &tag,
        "c: Application/DTMF-Relay\n\nSignal=5\n",
    ));
    assert!(wire.only().starts_with("SIP/2.0 200 "));
    let [
        Event::Info {
            content_type, body, ..
        },
    ] = &wire.told[..]
    else {
        panic!()
    };
    assert_eq!(
        (content_type.as_str(), body.as_slice()),
        ("application/dtmf-relay", &b"Signal=5\r\n"[..])
    );
    wire.hear(&theirs("INFO", 9, &tag, "\n"));
    assert!(wire.only().starts_with("SIP/2.0 500 "), "a lower CSeq");
    wire.hear(&theirs("UPDATE", 12, &tag, "\n"));
    assert!(wire.only().starts_with("SIP/2.0 405 "));
    assert_eq!(
        field(wire.only(), "Allow"),
        "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO"
    );
    wire.hear(&theirs("BYE", 12, "other", "\n"));
    assert!(wire.only().starts_with("SIP/2.0 481 "));
    wire.hear(&theirs(
        "BYE",
        13,
        &tag,
        "Reason: Q.850;cause=16;text=\"Normal, \\\"clear\\\"\"\n\n",
    ));
    assert!(wire.only().starts_with("SIP/2.0 200 "));
    let [
        Event::Ended {
            by: EndedBy::Peer,
            reason: Some(reason),
            ..
        },
    ] = &wire.told[..]
    else {
        panic!("{:?}", wire.told)
    };
    assert_eq!(
        (reason.cause, reason.text.as_deref()),
        (Some(16), Some("Normal, \"clear\""))
    );
    wire.hear(&theirs(
        "BYE",
        13,
        &tag,
        "Reason: Q.850;cause=16;text=\"Normal, \\\"clear\\\"\"\n\n",
    ));
    assert!(wire.only().starts_with("SIP/2.0 200 "), "a repeated BYE");
    wire.hear(&theirs("BYE", 14, &tag, "\n"));
    assert!(wire.only().starts_with("SIP/2.0 481 "), "the call is over");
}

#[test]
fn a_reinvite_is_answered_with_what_holds() {
    let mut wire = Wire::new();
    let tag = accepted(&mut wire);
    let again = |cseq, sdp: &str| {
        theirs(
            "INVITE",
            cseq,
            &tag,
            &format!("c: application/sdp\n\n{sdp}"),
        )
    };
    wire.hear(&again(11, SDP));
    assert!(
        wire.only()
            .ends_with(std::str::from_utf8(&our_sdp()).expect("text")),
        "no change, same version"
    );
    wire.hear(&theirs("ACK", 11, &tag, "\n"));
    assert!(wire.told.is_empty(), "{:?}", wire.told);

    wire.hear(&again(12, &format!("{SDP}a=sendonly\n")));
    let held = wire.only().to_owned();
    assert!(
        held.contains("o=- 7 2 IN") && held.ends_with("a=recvonly\r\n"),
        "{held}"
    );
    let [Event::Reoffered { negotiated, .. }] = &wire.told[..] else {
        panic!()
    };
    assert!(!negotiated.direction.sends());
    wire.hear(&theirs("ACK", 12, &tag, "\n"));

    wire.hear(&again(
        13,
        &SDP.replace("RTP/AVP 8\na=rtpmap:8 PCMA", "RTP/AVP 18\na=rtpmap:18 G729"),
    ));
    assert!(wire.only().starts_with("SIP/2.0 488 "));
    wire.hear(&again(14, SDP));
    assert!(wire.only().contains("o=- 7 3 IN") && wire.only().ends_with("a=sendrecv\r\n"));
}

#[test]
fn a_call_without_offer_gets_ours_and_answers_with_ack() {
    let mut wire = Wire::new();
    wire.hear(&theirs("INVITE", 10, "", "\n"));
    wire.command(Command::Accept {
        leg: THEM,
        sdp: our_sdp(),
    });
    let tag = tag(&field(wire.only(), "To")).to_owned();
    wire.hear(&theirs(
        "ACK",
        10,
        &tag,
        &format!("c: application/sdp\n\n{SDP}"),
    ));
    assert!(matches!(
        &wire.told[..],
        [Event::Confirmed { sdp: Some(_), .. }]
    ));
}

#[test]
fn cancel_has_a_reason_and_loops_are_noticed() {
    let mut wire = Wire::new();
    wire.hear(&invite_with(SDP));
    wire.hear(&invite_with(SDP).replace("z9hG4bKINVITE10", "z9hG4bKotherway"));
    assert!(wire.only().starts_with("SIP/2.0 482 "), "merged");
    wire.hear(&theirs("CANCEL", 10, "", "\n").replace("z9hG4bKCANCEL10", "z9hG4bKnone"));
    assert!(wire.only().starts_with("SIP/2.0 481 "));
    let reason = "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\n\n";
    wire.hear(&theirs("CANCEL", 10, "", reason).replace("z9hG4bKCANCEL10", "z9hG4bKINVITE10"));
    assert_eq!(
        wire.first_lines(),
        ["SIP/2.0 200 OK", "SIP/2.0 487 Request Terminated"]
    );
    assert!(
        matches!(&wire.told[..], [Event::Canceled { reason: Some(r), .. }] if r.cause == Some(200))
    );
    wire.hear(
        &invite_with(SDP)
            .replace("Max-Forwards: 70", "Max-Forwards: 0")
            .replace("INVITE10", "INVITE11"),
    );
    assert!(wire.only().starts_with("SIP/2.0 483 "));
}

fn call(wire: &mut Wire) -> String {
    call_with(wire, None)
}

fn call_with(wire: &mut Wire, credentials: Option<Credentials>) -> String {
    wire.command(Command::Invite(Box::new(Invite {
        leg: US,
        to: "sip:13800138000@trunk.example".parse().expect("a uri"),
        from: NameAddr::new("sip:4001@192.0.2.1".parse().expect("a uri")),
        link: link(),
        credentials,
        headers: vec![
            (
                "P-Asserted-Identity".into(),
                "<tel:+8640010>\r\nEvil: 1".into(),
            ),
            ("Via".into(), "ours".into()),
        ],
        sdp: our_sdp(),
        ring_time_max: Duration::from_secs(30),
    })));
    wire.only().to_owned()
}

/// The peer's answer to a request of ours.
fn answer(request: &str, status: &str, tag: &str, more: &str) -> String {
    format!(
        "SIP/2.0 {status}\nVia: {}\nFrom: {}\nTo: {};tag={tag}\nCall-ID: {}\nCSeq: {}\n{more}",
        field(request, "Via"),
        field(request, "From"),
        field(request, "To"),
        field(request, "Call-ID"),
        field(request, "CSeq"),
    )
}

fn answered_sdp(contact: &str, more: &str) -> String {
    format!("Contact: <{contact}>\n{more}Content-Type: application/sdp\n\n{SDP}")
}

#[test]
fn headers_of_the_shell_cannot_break_a_message() {
    let invite = call(&mut Wire::new());
    assert_eq!(
        field(&invite, "P-Asserted-Identity"),
        "<tel:+8640010>Evil: 1"
    );
    assert!(field(&invite, "Evil").is_empty() && !field(&invite, "Via").contains("ours"));
}

#[test]
fn every_phone_that_answers_is_acknowledged_and_only_the_first_is_kept() {
    let mut wire = Wire::new();
    let invite = call(&mut wire);
    wire.hear(&answer(
        &invite,
        "183 Session Progress",
        "x",
        &answered_sdp("sip:x@192.0.2.9", ""),
    ));
    assert!(matches!(
        &wire.told[..],
        [Event::Progress {
            status: 183,
            sdp: Some(_),
            ..
        }]
    ));
    let first = answer(
        &invite,
        "200 OK",
        "x",
        &answered_sdp("sip:x@192.0.2.20:5080", ""),
    );
    wire.hear(&first);
    let ack = wire.only().to_owned();
    assert!(ack.starts_with("ACK sip:x@192.0.2.20:5080 SIP/2.0\r\n"));
    assert_eq!(
        wire.sent[0].0.remote,
        SocketAddr::from(([192, 0, 2, 20], 5080))
    );
    assert_ne!(
        field(&ack, "Via"),
        field(&invite, "Via"),
        "a transaction of its own"
    );
    assert!(matches!(&wire.told[..], [Event::Answered { .. }]));
    wire.hear(&first);
    assert_eq!(
        (wire.only(), wire.told.len()),
        (ack.as_str(), 0),
        "our ACK was lost"
    );
    wire.hear(&answer(
        &invite,
        "200 OK",
        "y",
        &answered_sdp("sip:y@192.0.2.21", ""),
    ));
    assert_eq!(
        wire.first_lines(),
        [
            "ACK sip:y@192.0.2.21 SIP/2.0",
            "BYE sip:y@192.0.2.21 SIP/2.0"
        ]
    );
    assert!(wire.told.is_empty());
}

#[test]
fn routes_are_kept_in_reverse_and_strict_routers_get_their_form() {
    for (route, bye, routes) in [
        (
            "<sip:p1@192.0.2.7;lr>",
            "BYE sip:x@192.0.2.20 SIP/2.0",
            "<sip:p1@192.0.2.7;lr>, <sip:p2@192.0.2.8;lr>",
        ),
        (
            "<sip:p1@192.0.2.7>",
            "BYE sip:p1@192.0.2.7 SIP/2.0",
            "<sip:p2@192.0.2.8;lr>, <sip:x@192.0.2.20>",
        ),
    ] {
        let mut wire = Wire::new();
        let invite = call(&mut wire);
        let recorded = format!("Record-Route: <sip:p2@192.0.2.8;lr>, {route}\n");
        wire.hear(&answer(
            &invite,
            "200 OK",
            "x",
            &answered_sdp("sip:x@192.0.2.20", &recorded),
        ));
        wire.command(Command::HangUp {
            leg: US,
            reason: Some(sip::Reason::sip(200, "done")),
        });
        assert_eq!(wire.first_lines(), [bye]);
        assert_eq!(field(wire.only(), "Route"), routes);
        assert_eq!(field(wire.only(), "Reason"), "SIP;cause=200;text=\"done\"");
        assert_eq!(
            wire.sent[0].0.remote,
            SocketAddr::from(([192, 0, 2, 7], 5060))
        );
    }
}

#[test]
fn a_refusal_says_why() {
    let mut wire = Wire::new();
    let invite = call(&mut wire);
    let more =
        "Reason: Q.850;cause=1\nWarning: 399 h \"no such number\"\nRetry-After: 18 (soon)\n\n";
    wire.hear(&answer(&invite, "404 Leere Nummer", "x", more));
    let ack = wire.only();
    assert!(ack.starts_with("ACK sip:13800138000@trunk.example "));
    assert_eq!(field(ack, "Via"), field(&invite, "Via"));
    let [Event::Refused { refusal, .. }] = &wire.told[..] else {
        panic!()
    };
    assert_eq!(
        (refusal.status, refusal.phrase.as_str()),
        (404, "Leere Nummer")
    );
    assert_eq!(refusal.reasons[0].cause, Some(1));
    assert_eq!(refusal.warning.as_deref(), Some("399 h \"no such number\""));
    assert_eq!(refusal.retry_after_second, Some(18));
}

#[test]
fn a_redirection_is_told_with_its_targets() {
    let mut wire = Wire::new();
    let invite = call(&mut wire);
    let more = "Contact: <sip:a@192.0.2.30>;q=0.9, \"B, b\" <sip:b@192.0.2.31>\n\n";
    wire.hear(&answer(&invite, "302 Moved", "x", more));
    let [Event::Refused { refusal, .. }] = &wire.told[..] else {
        panic!()
    };
    assert_eq!(refusal.contacts.len(), 2);
    assert_eq!(refusal.contacts[1].display.as_deref(), Some("B, b"));
}

#[test]
fn silence_and_dead_links_end_a_leg() {
    let mut wire = Wire::new();
    call(&mut wire);
    wire.give(Input::LinkFailed { link: link() });
    assert!(matches!(&wire.told[..], [Event::Refused { refusal, .. }]
        if refusal.by == RefusedBy::LinkFailed && refusal.status == 503));
    let mut wire = Wire::new();
    call(&mut wire);
    for _ in 0..80 {
        if wire.told.is_empty() {
            wire.wait(Duration::from_millis(500));
        }
    }
    // The ring time of 30 s is over first, but CANCEL needs a provisional answer.
    assert!(matches!(&wire.told[..], [Event::Canceled { .. }]));
    assert_eq!(wire.endpoint.n_legs_and_transactions(), (0, 0));
}

#[test]
fn a_challenged_bye_is_sent_again_with_the_next_nonce_count() {
    let mut wire = Wire::new();
    let password = Credentials {
        username: "u".into(),
        password: "p".into(),
    };
    let invite = call_with(&mut wire, Some(password));
    let asked = "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n1\", qop=\"auth\"\n\n";
    wire.hear(&answer(&invite, "407 Who", "p", asked));
    let invite = wire.sent[1].1.clone();
    assert_eq!(field(&invite, "CSeq"), "2 INVITE");
    assert!(field(&invite, "Proxy-Authorization").contains("nc=00000001"));
    wire.hear(&answer(
        &invite,
        "200 OK",
        "x",
        &answered_sdp("sip:x@192.0.2.9", ""),
    ));
    assert_eq!(field(wire.only(), "CSeq"), "2 ACK");
    wire.command(Command::HangUp {
        leg: US,
        reason: None,
    });
    let bye = wire.only().to_owned();
    assert!(field(&bye, "Proxy-Authorization").contains("nc=00000002"));
    wire.hear(&answer(&bye, "407 Who", "x", &asked.replace("n1", "n2")));
    assert_eq!(field(wire.only(), "CSeq"), "4 BYE");
    assert!(field(wire.only(), "Proxy-Authorization").contains("nonce=\"n2\""));
    assert!(wire.told.is_empty(), "the leg is over already");
}

#[test]
fn options_are_asked_and_answered() {
    let mut wire = Wire::new();
    wire.hear(&theirs("OPTIONS", 1, "", "\n"));
    for name in ["Allow", "Accept", "Contact"] {
        assert!(!field(wire.only(), name).is_empty(), "{name}");
    }
    let to = "sip:192.0.2.9".parse().expect("a uri");
    wire.command(Command::Options {
        query: QueryId(3),
        to,
        link: link(),
    });
    let options = wire.only().to_owned();
    wire.hear(&answer(&options, "200 OK", "x", "\n"));
    assert!(matches!(
        wire.told[..],
        [Event::OptionsAnswered {
            query: QueryId(3),
            status: Some(200)
        }]
    ));
}

#[test]
fn a_large_request_should_go_by_tcp() {
    let mut wire = Wire::new();
    let mut sdp = our_sdp();
    sdp.extend(b"a=x:".iter().chain([b'x'; 1200].iter()).chain(b"\r\n"));
    wire.command(Command::Invite(Box::new(Invite {
        leg: US,
        to: "sip:1@h".parse().expect("a uri"),
        from: NameAddr::new("sip:2@h".parse().expect("a uri")),
        link: link(),
        credentials: None,
        headers: Vec::new(),
        sdp,
        ring_time_max: Duration::from_secs(30),
    })));
    assert!(wire.sent[0].2);
}
