//! Other ways for a call of ours: redirections, silent routes, forking proxies.

use std::time::Duration;

use sip::{Canceler, Command, Event, Invite, InviteRules, Link, NameAddr, RefusedBy, Transport};

use crate::common::*;

fn call_by(wire: &mut Wire, rules: InviteRules) -> String {
    call_over(wire, link(), rules)
}

fn call_over(wire: &mut Wire, link: Link, rules: InviteRules) -> String {
    call_out(wire, link, rules, Vec::new())
}

/// Follows two redirections and has these headers.
fn call_headed(wire: &mut Wire, headers: Vec<(String, String)>) -> String {
    call_out(wire, link(), redirects(2), headers)
}

fn call_out(
    wire: &mut Wire,
    link: Link,
    rules: InviteRules,
    headers: Vec<(String, String)>,
) -> String {
    wire.command(Command::Invite(Box::new(Invite {
        leg: US,
        to: "sip:13800138000@trunk.example".parse().expect("a uri"),
        from: NameAddr::new("sip:4001@192.0.2.1".parse().expect("a uri")),
        link,
        routes: Vec::new(),
        credentials: None,
        headers,
        sdp: our_sdp(),
        ring_time_max: Duration::from_secs(60),
        rules,
    })));
    wire.only().to_owned()
}

fn redirects(n: u8) -> InviteRules {
    InviteRules {
        redirects_max: n,
        ..InviteRules::default()
    }
}

/// The last INVITE that was sent, and where to.
fn invite_now(wire: &Wire) -> (String, String) {
    let (link, text, _) = wire.sent.last().expect("something was sent");
    assert!(text.starts_with("INVITE "), "{text}");
    (text.clone(), link.remote.to_string())
}

#[test]
fn a_redirection_is_followed_to_the_most_wanted_target_first() {
    let mut wire = Wire::new();
    let invite = call_by(&mut wire, redirects(3));
    let contacts = "Contact: <sip:b@192.0.2.31>;q=0.5, <sip:a@192.0.2.30:5080>;q=0.9\nContact: <mailto:a@b.example>, <sip:c@gateway.example>;q=0.1\n\n";
    wire.hear(&answer(&invite, "302 Moved Temporarily", "x", contacts));
    assert!(matches!(
        &wire.told[..],
        [Event::Redirected { status: 302, .. }]
    ));
    let (first, at) = invite_now(&wire);
    assert!(first.starts_with("INVITE sip:a@192.0.2.30:5080 SIP/2.0\r\n"));
    assert_eq!(at, "192.0.2.30:5080");
    for name in ["Call-ID", "To", "From"] {
        assert_eq!(field(&first, name), field(&invite, name), "{name}");
    }
    assert_eq!(field(&first, "CSeq"), "2 INVITE");
    let called = invite.split(' ').nth(1).expect("a target");
    let diversion = format!("<{called}>;reason=unconditional;counter=1");
    assert_eq!(field(&first, "Diversion"), diversion);
    // It is busy there: the next one.
    wire.hear(&answer(&first, "486 Busy Here", "y", "\n"));
    let (second, at) = invite_now(&wire);
    assert_eq!(at, "192.0.2.31:5060");
    assert_eq!(
        field(&second, "Diversion"),
        diversion,
        "who is busy diverts nobody"
    );
    // A name is asked for where the call came from.
    wire.hear(&answer(&second, "404 Not Found", "z", "\n"));
    let (third, at) = invite_now(&wire);
    assert!(third.starts_with("INVITE sip:c@gateway.example SIP/2.0\r\n"));
    assert_eq!(at, link().remote.to_string());
    // There were three.
    wire.hear(&answer(
        &third,
        "302 Moved",
        "w",
        "Contact: <sip:d@192.0.2.40>\n\n",
    ));
    assert!(matches!(&wire.told[..], [Event::Refused { refusal, .. }] if refusal.status == 302));
}

#[test]
fn a_redirection_is_a_branch_of_the_calls_history_if_it_has_one() {
    let mut wire = Wire::new();
    let history = |entry: &str| ("History-Info".to_owned(), entry.to_owned());
    let invite = call_headed(
        &mut wire,
        vec![
            history("<sip:us@192.0.2.1>;index=1"),
            history("<sip:13800138000@trunk.example;cause=480>;index=1.1;mp=1"),
        ],
    );
    let contacts = "Contact: <sip:b@192.0.2.31>, <sip:c@192.0.2.32>;q=0.5\n\n";
    wire.hear(&answer(&invite, "302 Moved", "x", contacts));
    let (first, _) = invite_now(&wire);
    let was = "<sip:us@192.0.2.1>;index=1, <sip:13800138000@trunk.example;cause=480?Reason=SIP%3Bcause%3D302>;index=1.1;mp=1";
    assert_eq!(
        field(&first, "History-Info"),
        format!("{was}, <sip:b@192.0.2.31>;index=1.2;mp=1.1")
    );
    wire.hear(&answer(&first, "486 Busy Here", "y", "\n"));
    let (second, _) = invite_now(&wire);
    assert_eq!(
        field(&second, "History-Info"),
        format!(
            "{was}, <sip:b@192.0.2.31?Reason=SIP%3Bcause%3D486>;index=1.2;mp=1.1, <sip:c@192.0.2.32>;index=1.3;mp=1.1"
        )
    );
    // A call without one gets none.
    let mut wire = Wire::new();
    let invite = call_by(&mut wire, redirects(1));
    wire.hear(&answer(&invite, "302 Moved", "x", contacts));
    assert_eq!(field(&invite_now(&wire).0, "History-Info"), "");
}

#[test]
fn a_redirection_is_refused_where_the_route_follows_none_and_loops_end() {
    let mut wire = Wire::new();
    let invite = call_by(&mut wire, redirects(0));
    let elsewhere = "Contact: <sip:a@192.0.2.30>\n\n";
    wire.hear(&answer(&invite, "302 Moved", "x", elsewhere));
    assert!(matches!(&wire.told[..], [Event::Refused { refusal, .. }]
        if refusal.status == 302 && refusal.contacts.len() == 1));

    let mut wire = Wire::new();
    let invite = call_by(&mut wire, redirects(9));
    let itself = "Contact: <sip:13800138000@trunk.example>\n\n";
    wire.hear(&answer(&invite, "301 Moved", "x", itself));
    assert!(matches!(&wire.told[..], [Event::Refused { refusal, .. }] if refusal.status == 301));

    let mut wire = Wire::new();
    let invite = call_by(&mut wire, redirects(9));
    wire.hear(&answer(
        &invite,
        "302 Moved",
        "x",
        "Contact: <sip:a@192.0.2.30>, <sip:b@192.0.2.30>\n\n",
    ));
    let (first, _) = invite_now(&wire);
    wire.hear(&answer(&first, "603 Decline", "y", "\n"));
    assert!(
        matches!(&wire.told[..], [Event::Refused { refusal, .. }] if refusal.status == 603),
        "everybody refuses"
    );
}

#[test]
fn a_redirection_to_a_number_is_followed_where_the_call_went() {
    let mut wire = Wire::new();
    let invite = call_by(&mut wire, redirects(2));
    let contacts = "Contact: <tel:+86-10-(1234).5678;phone-context=x>;q=0.9, <tel:+evil@h>, <sips:a@192.0.2.30>\n\n";
    wire.hear(&answer(&invite, "302 Moved", "x", contacts));
    let (moved, at) = invite_now(&wire);
    assert!(
        moved.starts_with("INVITE sip:+861012345678@trunk.example SIP/2.0\r\n"),
        "{moved}"
    );
    assert_eq!(at, link().remote.to_string());
    wire.hear(&answer(&moved, "486 Busy Here", "y", "\n"));
    assert!(
        matches!(&wire.told[..], [Event::Refused { refusal, .. }] if refusal.status == 486),
        "there is no TLS here: {:?}",
        wire.told
    );
}

#[test]
fn a_redirection_to_a_local_number_keeps_its_context() {
    for (contact, called) in [
        (
            "tel:8(888)-01;phone-context=+86-755",
            Some("sip:888801;phone-context=+86755@trunk.example;user=phone"),
        ),
        (
            "tel:5678;ext=1;phone-context=pbx.example",
            Some("sip:5678;phone-context=pbx.example@trunk.example;user=phone"),
        ),
        (
            "tel:5678;phone-context=Trunk.Example",
            Some("sip:5678@trunk.example"),
        ),
        ("tel:5678", Some("sip:5678@trunk.example")),
        ("tel:5678;phone-context=+", None),
        ("tel:5678;phone-context=a@b", None),
        ("tel:5678;phone-context", None),
    ] {
        let mut wire = Wire::new();
        let invite = call_by(&mut wire, redirects(1));
        let contacts = format!("Contact: <{contact}>\n\n");
        wire.hear(&answer(&invite, "302 Moved", "x", &contacts));
        match called {
            Some(called) => {
                let (moved, at) = invite_now(&wire);
                let line = format!("INVITE {called} SIP/2.0\r\n");
                assert!(moved.starts_with(&line), "{contact}: {moved}");
                assert_eq!(at, link().remote.to_string());
            }
            None => assert!(
                matches!(&wire.told[..], [Event::Refused { .. }]),
                "{contact}"
            ),
        }
    }
}

#[test]
fn a_redirection_to_a_secure_address_is_followed_by_tls_only() {
    let tls = Link {
        transport: Transport::Tls,
        ..link()
    };
    for (contact, at) in [
        ("sips:a@192.0.2.30", "192.0.2.30:5061"),
        ("sips:a@192.0.2.30:5081;transport=tcp", "192.0.2.30:5081"),
        ("sips:a@gateway.example", "192.0.2.9:5070"),
    ] {
        let mut wire = Wire::new();
        let invite = call_over(&mut wire, tls, redirects(1));
        let contact = format!("Contact: <{contact}>\n\n");
        wire.hear(&answer(&invite, "302 Moved", "x", &contact));
        let (_, went) = invite_now(&wire);
        assert_eq!(went, at);
        assert_eq!(wire.sent.last().unwrap().0.transport, Transport::Tls);
    }
}

#[test]
fn a_redirected_call_is_answered_and_hung_up_where_it_went() {
    let mut wire = Wire::new();
    let invite = call_by(&mut wire, redirects(1));
    let tcp = "Contact: <sip:a@192.0.2.30;transport=tcp?Subject=evil>\n\n";
    wire.hear(&answer(&invite, "302 Moved", "x", tcp));
    let (moved, _) = invite_now(&wire);
    assert_eq!(wire.sent.last().unwrap().0.transport, Transport::Tcp);
    assert!(moved.starts_with("INVITE sip:a@192.0.2.30;transport=tcp SIP/2.0\r\n"));
    wire.hear(&answer(
        &moved,
        "200 OK",
        "y",
        &answered_sdp("sip:a@192.0.2.30", ""),
    ));
    assert!(matches!(&wire.told[..], [Event::Answered { .. }]));
}

fn impatient() -> InviteRules {
    InviteRules {
        first_answer_max: Some(Duration::from_secs(4)),
        ..InviteRules::default()
    }
}

#[test]
fn a_silent_route_is_given_up_early_and_what_it_says_late_is_cleared_up() {
    let mut wire = Wire::new();
    let invite = call_by(&mut wire, impatient());
    wire.wait(Duration::from_millis(500));
    wire.wait(Duration::from_millis(1000));
    assert_eq!(wire.only(), invite, "it is repeated meanwhile");
    wire.wait(Duration::from_secs(2));
    wire.wait(Duration::from_millis(500));
    assert!(matches!(&wire.told[..], [Event::Refused { refusal, .. }]
        if refusal.by == RefusedBy::Silence && refusal.status == 408));
    assert!(
        wire.sent.is_empty(),
        "no CANCEL before a provisional answer"
    );
    wire.wait(Duration::from_secs(8));
    assert!(wire.sent.is_empty(), "it is not repeated any more");

    wire.hear(&answer(&invite, "180 Ringing", "x", "\n"));
    let cancel = wire.only().to_owned();
    assert!(cancel.starts_with("CANCEL sip:13800138000@trunk.example "));
    wire.hear(&answer(&invite, "183 Session Progress", "x", "\n"));
    assert!(
        wire.sent.is_empty() && wire.told.is_empty(),
        "one CANCEL is enough"
    );
    // The answer crossed it.
    let late = answer(
        &invite,
        "200 OK",
        "x",
        &answered_sdp("sip:x@192.0.2.20", ""),
    );
    wire.hear(&late);
    assert_eq!(
        wire.first_lines(),
        [
            "ACK sip:x@192.0.2.20 SIP/2.0",
            "BYE sip:x@192.0.2.20 SIP/2.0"
        ]
    );
    wire.hear(&late);
    assert_eq!(wire.first_lines(), ["ACK sip:x@192.0.2.20 SIP/2.0"]);
    wire.hear(&answer(&cancel, "200 OK", "x", "\n"));
    while let Some((at, _)) = wire.endpoint.poll_timeout() {
        wire.wait(at - wire.now);
        assert!(wire.told.is_empty(), "nobody waits for it");
    }
    assert_eq!(wire.endpoint.n_legs_and_transactions(), (0, 0));
}

#[test]
fn a_route_that_says_anything_is_not_silent() {
    for said in ["100 Trying", "183 Session Progress"] {
        let mut wire = Wire::new();
        let invite = call_by(&mut wire, impatient());
        wire.hear(&answer(&invite, said, "x", "\n"));
        wire.wait(Duration::from_secs(30));
        assert!(wire.told.is_empty(), "{said}");
        wire.wait(Duration::from_secs(30));
        assert!(wire.only().starts_with("CANCEL "));
        let ended = answer(&invite, "487 Request Terminated", "x", "\n");
        wire.hear(&ended);
        assert!(matches!(
            wire.told[..],
            [Event::Canceled {
                by: Canceler::RingTime,
                ..
            }]
        ));
    }
}

#[test]
fn phones_of_a_forking_proxy_are_told_apart() {
    let mut wire = Wire::new();
    let invite = call(&mut wire);
    let rings = |tag: &str, port: u16| {
        let sdp = answered_sdp("sip:x@192.0.2.9", "").replace("4000", &port.to_string());
        answer(&invite, "183 Session Progress", tag, &sdp)
    };
    let phone = |wire: &Wire| match &wire.told[..] {
        [
            Event::Progress {
                phone,
                sdp: Some(sdp),
                ..
            },
        ] => (*phone, String::from_utf8_lossy(sdp).contains("4002")),
        other => panic!("{other:?}"),
    };
    wire.hear(&rings("one", 4000));
    assert_eq!(phone(&wire), (0, false));
    wire.hear(&rings("two", 4002));
    assert_eq!(phone(&wire), (1, true));
    wire.hear(&rings("one", 4000));
    assert_eq!(phone(&wire), (0, false));
    // The second answers without saying again where it listens.
    wire.hear(&answer(
        &invite,
        "200 OK",
        "two",
        "Contact: <sip:two@192.0.2.9>\n\n",
    ));
    let [Event::Answered { sdp, .. }] = &wire.told[..] else {
        panic!("{:?}", wire.told)
    };
    assert!(String::from_utf8_lossy(sdp).contains("4002"));
    // The first one answers too, a moment later: it is told goodbye.
    wire.hear(&answer(
        &invite,
        "200 OK",
        "one",
        &answered_sdp("sip:one@192.0.2.9:5070", ""),
    ));
    assert_eq!(
        wire.first_lines(),
        [
            "ACK sip:one@192.0.2.9:5070 SIP/2.0",
            "BYE sip:one@192.0.2.9:5070 SIP/2.0"
        ]
    );
    assert!(wire.told.is_empty());
}

fn late() -> InviteRules {
    InviteRules {
        late_offer: true,
        ..InviteRules::default()
    }
}

/// RFC 3261 section 13.2.1: who asks without an offer answers the one that comes with the 2xx.
#[test]
fn an_invite_without_offer_gets_theirs_and_the_answer_goes_with_ack() {
    let mut wire = Wire::new();
    let invite = call_by(&mut wire, late());
    assert!(field(&invite, "Content-Type").is_empty());
    assert!(invite.ends_with("\r\n\r\n"), "no body: {invite}");
    assert!(!field(&invite, "Supported").contains("100rel"));
    // What comes early and unreliably is no answer of anything of ours.
    let body = format!("Contact: <sip:x@192.0.2.9>\nc: application/sdp\n\n{SDP}");
    wire.hear(&answer(&invite, "183 Session Progress", "x", &body));
    assert!(matches!(
        &wire.told[..],
        [Event::Progress { sdp: None, .. }]
    ));
    let ok = answer(&invite, "200 OK", "x", &body);
    wire.hear(&ok);
    let ack = wire.only().to_owned();
    assert!(ack.starts_with("ACK sip:x@192.0.2.9 "), "{ack}");
    assert!(ack.contains("\r\nm=audio 9000 RTP/AVP 8\r\n"), "{ack}");
    let [
        Event::Answered {
            negotiated: Some(agreed),
            ..
        },
    ] = &wire.told[..]
    else {
        panic!("{:?}", wire.told)
    };
    assert_eq!(agreed.codec, sip::sdp::Codec::Pcma);
    assert_eq!(agreed.remote.port(), 4000);
    wire.hear(&ok);
    assert_eq!(wire.only(), ack, "our ACK was lost");
}

#[test]
fn a_late_offer_that_cannot_be_answered_ends_the_call() {
    for body in [
        format!(
            "Contact: <sip:x@192.0.2.9>\nc: application/sdp\n\n{}",
            SDP.replace("AVP 8", "AVP 3").replace("8 PCMA", "3 GSM")
        ),
        "Contact: <sip:x@192.0.2.9>\n\n".to_owned(),
    ] {
        let mut wire = Wire::new();
        let invite = call_by(&mut wire, late());
        wire.hear(&answer(&invite, "200 OK", "x", &body));
        let lines = wire.first_lines();
        assert!(lines[0].starts_with("ACK ") && lines[1].starts_with("BYE "));
        let bye = wire.sent[1].1.clone();
        assert!(field(&bye, "Reason").contains("488"), "{bye}");
    }
}
