//! Requests inside a call that are too large for a datagram (RFC 3261 section 18.1.1).

use std::time::Duration;

use sip::{Command, EndedBy, Event, Input, Link, Reason, Transport};

use crate::common::*;

fn tcp() -> Link {
    Link {
        transport: Transport::Tcp,
        ..link()
    }
}

/// A call of ours to a peer with this address.
fn answered_at(wire: &mut Wire, contact: &str) {
    let invite = call(wire);
    let sdp = answered_sdp(contact, "");
    wire.hear(&answer(&invite, "200 OK", "b1", &sdp));
    assert!(matches!(&wire.told[..], [Event::Answered { .. }]));
}

fn answered(wire: &mut Wire) {
    answered_at(wire, "sip:b@192.0.2.9:5070");
}

/// An address with which every request is large.
fn long() -> String {
    format!("sip:{}@192.0.2.9:5070", "x".repeat(1200))
}

fn info(wire: &mut Wire) {
    wire.command(Command::Info {
        leg: US,
        content_type: "text/plain".to_owned(),
        body: vec![b'x'; 1400],
    });
}

fn hang_up(wire: &mut Wire) {
    let text = Some("x".repeat(1400));
    let reason = Reason {
        text,
        ..Reason::sip(200, "done")
    };
    wire.command(Command::HangUp {
        leg: US,
        reason: Some(reason),
    });
}

#[test]
fn a_large_request_inside_a_call_goes_by_tcp_and_the_call_stays_by_udp() {
    let mut wire = Wire::new();
    answered_at(&mut wire, &long());
    let sdp = our_sdp();
    wire.command(Command::Offer { leg: US, sdp });
    let (went, again, is_large) = wire.sent[0].clone();
    assert_eq!((went, is_large), (tcp(), true), "{again}");
    assert!(again.starts_with("INVITE sip:xxx"));
    assert!(field(&again, "Via").starts_with("SIP/2.0/TCP "));
    assert!(!field(&again, "Contact").contains("transport"));
    wire.wait(Duration::from_secs(1));
    assert!(wire.sent.is_empty(), "nothing is repeated by TCP");
    let ok = answered_sdp("sip:b@192.0.2.9:5070", "");
    wire.hear_by(tcp(), &answer_in_dialog(&again, "200 OK", &ok));
    assert_eq!(wire.sent[0].0, tcp(), "ACK goes where the answer came from");
    assert!(matches!(&wire.told[..], [Event::Reoffered { .. }]));
    wire.command(Command::HangUp {
        leg: US,
        reason: None,
    });
    assert_eq!(wire.sent[0].0, link(), "BYE is small");
}

#[test]
fn a_peer_without_tcp_gets_large_requests_as_datagrams_and_is_tried_once() {
    let mut wire = Wire::new();
    answered(&mut wire);
    info(&mut wire);
    let (went, first, _) = wire.sent[0].clone();
    assert_eq!(went, tcp());
    wire.give(Input::LinkFailed { link: tcp() });
    let (went, again, is_large) = wire.sent[0].clone();
    assert_eq!((went, is_large), (link(), true));
    assert!(again.starts_with("INFO sip:b@192.0.2.9:5070 "));
    assert!(field(&again, "Via").starts_with("SIP/2.0/UDP "));
    assert_ne!(field(&again, "Via"), field(&first, "Via"));
    for name in ["CSeq", "From", "To", "Call-ID", "Content-Length"] {
        assert_eq!(field(&again, name), field(&first, name), "{name}");
    }
    wire.wait(Duration::from_millis(500));
    assert_eq!(wire.only(), again, "it is repeated there");
    wire.hear(&answer_in_dialog(&again, "200 OK", "\n"));

    // What follows goes as a datagram at once.
    hang_up(&mut wire);
    let (went, bye, _) = wire.sent[0].clone();
    assert_eq!(went, link());
    wire.hear(&answer_in_dialog(&bye, "200 OK", "\n"));
    assert!(!wire.endpoint.has_leg(US));
}

#[test]
fn a_large_bye_reaches_a_peer_whose_tcp_says_nothing() {
    let mut wire = Wire::new();
    answered(&mut wire);
    hang_up(&mut wire);
    assert_eq!(wire.sent[0].0, tcp());
    assert!(matches!(
        wire.told[..],
        [Event::Ended {
            by: EndedBy::Us,
            ..
        }]
    ));
    wire.wait(sip::TRY_TCP_MAX);
    wire.give(Input::LinkFailed { link: tcp() });
    let (went, bye, _) = wire.sent[0].clone();
    assert_eq!(went, link());
    wire.hear(&answer_in_dialog(&bye, "200 OK", "\n"));
    assert!(!wire.endpoint.has_leg(US));
}

#[test]
fn a_large_offer_whose_connection_fails_is_agreed_on_by_datagrams() {
    let mut wire = Wire::new();
    answered_at(&mut wire, &long());
    let sdp = our_sdp();
    wire.command(Command::Offer { leg: US, sdp });
    wire.give(Input::LinkFailed { link: tcp() });
    let (went, again, _) = wire.sent[0].clone();
    assert_eq!(went, link());
    let ok = answered_sdp("sip:b@192.0.2.9:5070", "");
    wire.hear(&answer_in_dialog(&again, "200 OK", &ok));
    assert!(wire.only().starts_with("ACK "));
    assert_eq!(wire.sent[0].0, link());
    assert!(matches!(&wire.told[..], [Event::Reoffered { .. }]));
}
