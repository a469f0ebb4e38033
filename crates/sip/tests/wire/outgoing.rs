//! We call.

use std::{net::SocketAddr, time::Duration};

use sip::{
    Canceler, Command, Event, Input, Invite, Link, NameAddr, QueryId, RefusedBy, Transport,
    digest::Credentials,
};

use crate::common::*;

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
    let name = "Proxy-Authorization";
    assert_eq!(
        field(wire.only(), name),
        field(&invite, name),
        "RFC 3261 section 22.1: the same words"
    );
    wire.command(Command::HangUp {
        leg: US,
        reason: Some(sip::Reason::sip(200, "done")),
    });
    let bye = wire.only().to_owned();
    assert!(field(&bye, "Proxy-Authorization").contains("nc=00000002"));
    wire.hear(&answer(&bye, "407 Who", "x", &asked.replace("n1", "n2")));
    assert_eq!(field(wire.only(), "CSeq"), "4 BYE");
    assert_eq!(field(wire.only(), "Reason"), "SIP;cause=200;text=\"done\"");
    assert!(field(wire.only(), "Proxy-Authorization").contains("nonce=\"n2\""));
    let why = "SIP;cause=200;text=\"done\"";
    assert_eq!(
        [&bye, wire.only()].map(|bye| field(bye, "Reason")),
        [why, why]
    );
    assert!(wire.told.is_empty(), "the leg is over already");
}

#[test]
fn what_is_sent_beside_others_comes_again_with_the_password_that_is_asked_for() {
    let mut wire = Wire::new();
    let password = Credentials {
        username: "u".into(),
        password: "p".into(),
    };
    let asked =
        |n| format!("Proxy-Authenticate: Digest realm=\"r\", nonce=\"{n}\", qop=\"auth\"\n\n");
    let invite = call_with(&mut wire, Some(password));
    wire.hear(&answer(&invite, "407 Who", "p", &asked("n1")));
    let invite = wire.sent[1].1.clone();
    let ok = answered_sdp("sip:b@192.0.2.9:5070", "");
    wire.hear(&answer(&invite, "200 OK", "b1", &ok));
    wire.command(Command::Info {
        leg: US,
        content_type: "application/dtmf-relay".to_owned(),
        body: b"Signal=5\r\n".to_vec(),
    });
    let info = wire.only().to_owned();
    assert!(field(&info, "Proxy-Authorization").contains("nonce=\"n1\""));
    wire.hear(&answer_in_dialog(&info, "407 Who", &asked("n2")));
    let again = wire.only().to_owned();
    assert_eq!(field(&again, "CSeq"), "4 INFO");
    let proof = field(&again, "Proxy-Authorization");
    assert!(proof.contains("nonce=\"n2\"") && proof.ends_with("nc=00000001"));
    assert!(again.ends_with("Signal=5\r\n"), "{again}");
    wire.hear(&answer_in_dialog(&again, "407 Who", &asked("n3")));
    assert!(wire.sent.is_empty(), "the password is wrong");

    // So is what is told of a transfer.
    let refer = "Refer-To: <sip:1002@192.0.2.1>\n\n";
    wire.hear(&theirs_in_our_call(&invite, "REFER", 1, refer));
    let [Event::Referred(referring)] = &wire.told[..] else {
        panic!("{:?}", wire.told)
    };
    let request = referring.request;
    wire.command(Command::AnswerRefer {
        request,
        status: 202,
    });
    let notify = wire.sent[1].1.clone();
    assert!(notify.starts_with("NOTIFY "), "{notify}");
    wire.hear(&answer_in_dialog(&notify, "407 Who", &asked("n4")));
    let again = wire.only().to_owned();
    assert_eq!(field(&again, "Event"), field(&notify, "Event"));
    assert!(field(&again, "Proxy-Authorization").contains("nonce=\"n4\""));
    wire.hear(&answer_in_dialog(&again, "200 OK", "\n"));
    wire.command(Command::TellReferrer {
        request,
        status: 200,
    });
    assert!(wire.only().contains("SIP/2.0 200 "), "it is told on");
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
fn a_large_invite_goes_by_tcp_or_else_as_a_datagram() {
    let mut wire = Wire::new();
    let mut sdp = our_sdp();
    sdp.extend(b"a=x:".iter().chain([b'x'; 1200].iter()).chain(b"\r\n"));
    wire.command(Command::Invite(Box::new(Invite {
        leg: US,
        to: "sip:1@h".parse().expect("a uri"),
        from: NameAddr::new("sip:2@h".parse().expect("a uri")),
        link: link(),
        routes: Vec::new(),
        credentials: None,
        headers: Vec::new(),
        sdp,
        ring_time_max: Duration::from_secs(30),
        rules: sip::InviteRules {
            first_answer_max: Some(Duration::from_secs(1)),
            ..sip::InviteRules::default()
        },
    })));
    let tcp = Link {
        transport: Transport::Tcp,
        ..link()
    };
    let (went, invite, large) = wire.sent[0].clone();
    assert_eq!((went, large), (tcp, true));
    assert!(field(&invite, "Via").starts_with("SIP/2.0/TCP "));
    assert!(field(&invite, "Contact").contains(";transport=tcp"));

    // The peer drops what comes by TCP; it has its time to answer after that.
    wire.wait(sip::TRY_TCP_MAX);
    assert!(wire.sent.is_empty() && wire.told.is_empty());
    wire.give(Input::LinkFailed { link: tcp });
    let (went, again, large) = wire.sent[0].clone();
    assert_eq!(
        (went, large),
        (link(), true),
        "a peer without TCP gets it as a datagram"
    );
    assert!(field(&again, "Via").starts_with("SIP/2.0/UDP "));
    assert_eq!(field(&again, "Call-ID"), field(&invite, "Call-ID"));
    wire.wait(Duration::from_millis(500));
    assert_eq!(wire.sent[0].0, link(), "it is repeated there");
    assert!(wire.told.is_empty());
    wire.wait(Duration::from_millis(500));
    assert!(
        matches!(&wire.told[..], [Event::Refused { refusal, .. }] if refusal.by == RefusedBy::Silence)
    );
}

#[test]
fn an_answer_that_crosses_our_cancel_is_a_call_that_nobody_answered() {
    let mut wire = Wire::new();
    let invite = call(&mut wire);
    wire.hear(&answer(&invite, "180 Ringing", "x", ""));
    wire.wait(Duration::from_secs(30));
    assert!(wire.only().starts_with("CANCEL "));
    let why = "Q.850;cause=19;text=\"no answer\"";
    assert_eq!(field(wire.only(), "Reason"), why);
    let answered = answer(
        &invite,
        "200 OK",
        "x",
        &answered_sdp("sip:x@192.0.2.20", ""),
    );
    wire.hear(&answered);
    assert_eq!(
        wire.first_lines(),
        [
            "ACK sip:x@192.0.2.20 SIP/2.0",
            "BYE sip:x@192.0.2.20 SIP/2.0"
        ]
    );
    assert!(
        matches!(
            wire.told[..],
            [Event::Canceled {
                by: Canceler::RingTime,
                ..
            }]
        ),
        "{:?}",
        wire.told
    );
}

#[test]
fn a_phone_that_does_not_say_where_it_is_is_acknowledged_where_it_answered_from() {
    let mut wire = Wire::new();
    let invite = call(&mut wire);
    let nowhere = format!("Content-Type: application/sdp\n\n{SDP}");
    wire.hear(&answer(&invite, "200 OK", "x", &nowhere));
    assert!(wire.only().starts_with("ACK sip:13800138000@trunk.example"));
    assert_eq!(wire.sent[0].0.remote, link().remote);
}
