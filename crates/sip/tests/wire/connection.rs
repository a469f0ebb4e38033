//! Connections of peers that are gone.

use std::time::Duration;

use sip::{Command, EndedBy, Event, Input, Link, Transport};

use crate::common::*;

/// A connection that the peer opened, from a port at which nobody listens.
fn opened(transport: Transport) -> Link {
    Link {
        transport,
        remote: ([192, 0, 2, 9], 49_152).into(),
        ..link()
    }
}

/// A call of the peer by its connection, refreshed by us, whose INVITE has these fields; gives our tag.
fn accepted_by(wire: &mut Wire, by: Link, contact: &str, more: &str) {
    let invite = theirs(
        "INVITE",
        10,
        "",
        &format!("{more}Allow: UPDATE\nx: 600\nc: application/sdp\n\n{SDP}"),
    )
    .replace("sip:1001@192.0.2.9:5070", contact)
    .replace("/UDP", &format!("/{}", by.transport.as_str()));
    wire.hear_by(by, &invite);
    let sdp = our_sdp();
    wire.command(Command::Accept { leg: THEM, sdp });
    let tag = tag(&field(wire.only(), "To")).to_owned();
    wire.hear_by(by, &theirs("ACK", 10, &tag, "\n"));
    assert!(matches!(wire.told[..], [Event::Confirmed { .. }]));
}

fn hang_up(wire: &mut Wire) {
    wire.command(Command::HangUp {
        leg: THEM,
        reason: Some(sip::Reason::sip(200, "done")),
    });
}

#[test]
fn a_peer_whose_connection_is_gone_is_hung_up_at_its_contact() {
    for (transport, contact, at) in [
        (Transport::Tcp, "sip:a@192.0.2.9:5070;transport=tcp", 5070),
        (Transport::Tcp, "sip:a@192.0.2.9", 5060),
        (Transport::Tls, "sips:a@192.0.2.9", 5061),
    ] {
        let mut wire = Wire::new();
        let by = opened(transport);
        accepted_by(&mut wire, by, contact, "");
        wire.give(Input::LinkFailed { link: by });
        assert!(wire.sent.is_empty() && wire.told.is_empty(), "it is idle");
        hang_up(&mut wire);
        let (went, first, _) = wire.sent[0].clone();
        assert_eq!(went, by, "it might be there");
        wire.give(Input::LinkFailed { link: by });
        let (went, bye, _) = wire.sent[0].clone();
        let there = Link {
            remote: ([192, 0, 2, 9], at).into(),
            ..by
        };
        assert_eq!(went, there);
        assert_ne!(
            field(&bye, "Via"),
            field(&first, "Via"),
            "another transaction"
        );
        for name in ["CSeq", "From", "To", "Call-ID", "Reason"] {
            assert_eq!(field(&bye, name), field(&first, name), "{name}");
        }
        let ok = format!(
            "SIP/2.0 200 OK\nVia: {}\nFrom: {}\nTo: {}\nCall-ID: {}\nCSeq: {}\n\n",
            field(&bye, "Via"),
            field(&bye, "From"),
            field(&bye, "To"),
            field(&bye, "Call-ID"),
            field(&bye, "CSeq"),
        );
        wire.hear_by(there, &ok);
        assert!(!wire.endpoint.has_leg(THEM));
    }
}

#[test]
fn a_request_goes_elsewhere_once_and_to_addresses_that_can_be_connected_to() {
    let mut wire = Wire::new();
    let by = opened(Transport::Tcp);
    accepted_by(&mut wire, by, "sip:a@192.0.2.9:5070", "");
    hang_up(&mut wire);
    wire.give(Input::LinkFailed { link: by });
    let (there, ..) = wire.sent[0].clone();
    wire.give(Input::LinkFailed { link: there });
    assert!(wire.sent.is_empty() && !wire.endpoint.has_leg(THEM));

    for (transport, contact) in [
        (Transport::Ws, "sip:a@192.0.2.9:5070;transport=ws"),
        (Transport::Tcp, "sip:a@10.0.0.5:5070;transport=tcp"),
        (Transport::Tcp, "sip:a@192.0.2.9:5070;transport=udp"),
        (Transport::Tcp, "sips:a@192.0.2.9:5070"),
        (Transport::Tcp, "sip:a@192.0.2.9:49152"),
        (Transport::Tcp, "sip:a@pbx.example"),
    ] {
        let mut wire = Wire::new();
        let by = opened(transport);
        accepted_by(&mut wire, by, contact, "");
        hang_up(&mut wire);
        wire.give(Input::LinkFailed { link: by });
        assert!(wire.sent.is_empty(), "{contact}: {:?}", wire.sent);
        assert!(!wire.endpoint.has_leg(THEM), "{contact}");
    }
}

#[test]
fn a_session_is_refreshed_by_the_route_of_a_connection_that_is_gone() {
    let mut wire = Wire::new();
    let by = opened(Transport::Tcp);
    let route = "Record-Route: <sip:192.0.2.30;lr;transport=tcp>\n";
    accepted_by(&mut wire, by, "sip:a@10.0.0.5:5070;transport=tcp", route);
    wire.wait(Duration::from_secs(300));
    assert!(wire.only().starts_with("UPDATE "));
    assert_eq!(wire.sent[0].0, by);
    wire.give(Input::LinkFailed { link: by });
    let (there, update, _) = wire.sent[0].clone();
    assert!(update.starts_with("UPDATE sip:a@10.0.0.5:5070;transport=tcp "));
    assert_eq!(there.remote, ([192, 0, 2, 30], 5060).into());
    let ok = format!(
        "SIP/2.0 200 OK\nVia: {}\nFrom: {}\nTo: {}\nCall-ID: {}\nCSeq: {}\nSession-Expires: 600;refresher=uac\n\n",
        field(&update, "Via"),
        field(&update, "From"),
        field(&update, "To"),
        field(&update, "Call-ID"),
        field(&update, "CSeq"),
    );
    wire.hear_by(there, &ok);
    // The next one goes there at once.
    wire.wait(Duration::from_secs(300));
    assert!(wire.only().starts_with("UPDATE "));
    assert_eq!(wire.sent[0].0, there);
    // There is nobody else: it is tried again a little later.
    wire.give(Input::LinkFailed { link: there });
    assert!(wire.sent.is_empty() && wire.told.is_empty());
    wire.wait(Duration::from_secs(4));
    assert!(wire.only().starts_with("UPDATE "));
    wire.wait(Duration::from_secs(32));
    assert!(matches!(
        wire.told[..],
        [Event::Ended {
            by: EndedBy::Timeout,
            ..
        }]
    ));
}
