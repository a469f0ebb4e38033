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
fn accepted_by(wire: &mut Wire, by: Link, contact: &str, more: &str) -> String {
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
    tag
}

/// Another connection of the same peer, or of whoever says so.
fn from(by: Link, remote: [u8; 4], port: u16) -> Link {
    Link {
        remote: (remote, port).into(),
        ..by
    }
}

/// Where our BYE goes.
fn bye_goes_to(wire: &mut Wire) -> Link {
    hang_up(wire);
    assert!(wire.sent[0].1.starts_with("BYE "));
    wire.sent[0].0
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

#[test]
fn requests_follow_the_peer_to_the_connection_that_it_used_last() {
    for transport in [
        Transport::Tcp,
        Transport::Tls,
        Transport::Ws,
        Transport::Wss,
    ] {
        let mut wire = Wire::new();
        let by = opened(transport);
        let tag = accepted_by(&mut wire, by, "sip:a@10.0.0.5:5070", "");
        // A telephone that has changed its network.
        let anew = from(by, [198, 51, 100, 7], 40_000);
        wire.hear_by(anew, &theirs("INFO", 11, &tag, "\n"));
        assert_eq!(wire.sent[0].0, anew, "the answer goes where it came from");
        assert_eq!(bye_goes_to(&mut wire), anew, "{transport:?}");
    }
    // A connection for each transaction, and one that was late.
    let mut wire = Wire::new();
    let by = opened(Transport::Tcp);
    wire.hear_by(by, &invite_with(SDP));
    let sdp = our_sdp();
    wire.command(Command::Accept { leg: THEM, sdp });
    let tag = tag(&field(wire.only(), "To")).to_owned();
    let second = from(by, [192, 0, 2, 9], 49_153);
    wire.hear_by(second, &theirs("INFO", 11, &tag, "\n"));
    wire.hear_by(by, &theirs("ACK", 10, &tag, "\n"));
    assert!(matches!(wire.told[..], [Event::Confirmed { .. }]));
    assert_eq!(bye_goes_to(&mut wire), second);
}

#[test]
fn an_acknowledgement_by_another_connection_is_followed_too() {
    let mut wire = Wire::new();
    let by = opened(Transport::Tcp);
    wire.hear_by(by, &invite_with(SDP));
    let sdp = our_sdp();
    wire.command(Command::Accept { leg: THEM, sdp });
    let tag = tag(&field(wire.only(), "To")).to_owned();
    let second = from(by, [192, 0, 2, 9], 49_153);
    wire.hear_by(second, &theirs("ACK", 10, &tag, "\n"));
    assert_eq!(bye_goes_to(&mut wire), second);
}

#[test]
fn nobody_is_followed_who_is_out_of_order_or_comes_another_way() {
    let elsewhere = |by| from(by, [198, 51, 100, 7], 40_000);
    let tcp = opened(Transport::Tcp);
    let datagram = elsewhere(Link {
        transport: Transport::Udp,
        ..tcp
    });
    for (anew, cseq, theirs_tag) in [
        (elsewhere(tcp), 9, "a1"),
        (elsewhere(tcp), 11, "a2"),
        (datagram, 11, "a1"),
    ] {
        let mut wire = Wire::new();
        let tag = accepted_by(&mut wire, tcp, "sip:a@10.0.0.5:5070", "");
        let info = theirs("INFO", cseq, &tag, "\n").replace("tag=a1", &format!("tag={theirs_tag}"));
        wire.hear_by(anew, &info);
        assert_eq!(bye_goes_to(&mut wire), tcp, "{cseq} {theirs_tag}");
    }
    // Whoever sends datagrams may be anybody.
    let mut wire = Wire::new();
    let tag = accepted(&mut wire);
    wire.hear_by(elsewhere(link()), &theirs("INFO", 11, &tag, "\n"));
    assert_eq!(bye_goes_to(&mut wire), link());
}

#[test]
fn who_showed_its_name_is_followed_at_its_address_only() {
    let tls = Link {
        transport: Transport::Tls,
        ..link()
    };
    for (remote, is_followed) in [([192, 0, 2, 9], true), ([198, 51, 100, 7], false)] {
        let mut wire = Wire::new();
        let invite = call_by(&mut wire, tls);
        let ok = answered_sdp("sip:b@pbx.example", "");
        wire.hear_by(tls, &answer(&invite, "200 OK", "b1", &ok));
        let anew = from(tls, remote, 40_000);
        wire.hear_by(anew, &theirs_in_our_call(&invite, "INFO", 1, "\n"));
        wire.command(Command::HangUp {
            leg: US,
            reason: None,
        });
        let went = wire.sent[0].0;
        assert_eq!(went, if is_followed { anew } else { tls });
        // A peer that keeps no connection open is called where it was.
        wire.give(Input::LinkFailed { link: went });
        let again: Vec<Link> = wire.sent.iter().map(|(link, ..)| *link).collect();
        assert_eq!(again, if is_followed { vec![tls] } else { vec![] });
    }
}

fn call_by(wire: &mut Wire, by: Link) -> String {
    wire.command(Command::Invite(Box::new(sip::Invite {
        leg: US,
        to: "sip:13800138000@trunk.example".parse().expect("a uri"),
        from: sip::NameAddr::new("sip:4001@192.0.2.1".parse().expect("a uri")),
        link: by,
        routes: Vec::new(),
        credentials: None,
        headers: Vec::new(),
        sdp: our_sdp(),
        ring_time_max: Duration::from_secs(30),
        rules: sip::InviteRules::default(),
    })));
    wire.only().to_owned()
}
