//! Requests that cross each other, come again, or carry more than one thing: what peers of real
//! networks do.

use std::time::Duration;

use sip::{Command, Event, sdp::Codec};

use crate::common::*;

fn with_sdp(more: &str) -> String {
    format!("{more}c: application/sdp\n\n{SDP}")
}

/// We call, and the peer answers with this about the session's expiry.
fn answered(wire: &mut Wire, more: &str) -> String {
    let invite = call(wire);
    let ok = answered_sdp("sip:b@192.0.2.9:5070", more);
    wire.hear(&answer(&invite, "200 OK", "b1", &ok));
    assert!(matches!(wire.told[..], [Event::Answered { .. }]));
    invite
}

#[test]
fn an_offer_of_ours_leaves_the_refreshing_to_whoever_does_it() {
    for (said, ours) in [("uas", "1800;refresher=uas"), ("uac", "1800;refresher=uac")] {
        let mut wire = Wire::new();
        answered(
            &mut wire,
            &format!("Session-Expires: 1800;refresher={said}\n"),
        );
        wire.command(Command::Offer {
            leg: US,
            sdp: our_sdp(),
        });
        assert_eq!(field(wire.only(), "Session-Expires"), ours);
    }
}

#[test]
fn a_refresh_without_an_offer_is_no_glare() {
    let mut wire = Wire::new();
    let more = "Allow: INVITE, UPDATE\nSession-Expires: 600;refresher=uac\n";
    let invite = answered(&mut wire, more);
    wire.wait(Duration::from_secs(300));
    let update = wire.only().to_owned();
    assert!(update.starts_with("UPDATE "));
    wire.hear(&theirs_in_our_call(&invite, "INVITE", 5, &with_sdp("")));
    assert!(wire.only().starts_with("SIP/2.0 200 "), "{}", wire.only());
    wire.hear(&theirs_in_our_call(&invite, "ACK", 5, "\n"));
    let ok = "Session-Expires: 600;refresher=uac\n\n";
    wire.hear(&answer_in_dialog(&update, "200 OK", ok));
    wire.wait(Duration::from_secs(300));
    assert!(wire.only().starts_with("UPDATE "), "the session goes on");
}

#[test]
fn while_our_offer_waits_for_the_ack_another_one_has_to_wait() {
    let mut wire = Wire::new();
    let tag = accepted(&mut wire);
    wire.command(Command::AllowCodecs {
        leg: THEM,
        codecs: vec![Codec::Pcma],
        events: true,
    });
    wire.hear(&theirs("INVITE", 11, &tag, "\n"));
    assert!(wire.only().contains("m=audio 9000 RTP/AVP 8 101\r\n"));
    for (method, cseq) in [("INVITE", 12), ("UPDATE", 13)] {
        wire.hear(&theirs(method, cseq, &tag, &with_sdp("")));
        assert!(wire.only().starts_with("SIP/2.0 491 "), "{}", wire.only());
    }
    wire.hear(&theirs("ACK", 11, &tag, &with_sdp("")));
    assert!(matches!(wire.told[..], [Event::Reoffered { .. }]));
    wire.hear(&theirs("INVITE", 14, &tag, &with_sdp("")));
    assert!(wire.only().starts_with("SIP/2.0 200 "));
}

#[test]
fn a_prack_may_bring_another_offer_and_its_200_the_answer() {
    let mut wire = Wire::new();
    wire.hear(&theirs("INVITE", 10, "", &with_sdp("Supported: 100rel\n")));
    wire.command(Command::Ring {
        leg: THEM,
        sdp: Some(our_sdp()),
    });
    let early = wire.only().to_owned();
    let (tag, rseq) = (tag(&field(&early, "To")).to_owned(), field(&early, "RSeq"));
    let more = format!("RAck: {rseq} 10 INVITE\nc: application/sdp\n\n{SDP}a=sendonly\n");
    wire.hear(&theirs("PRACK", 11, &tag, &more));
    assert!(wire.only().starts_with("SIP/2.0 200 "));
    assert!(wire.only().ends_with("a=recvonly\r\n"), "{}", wire.only());
    assert!(
        matches!(&wire.told[..], [Event::Reoffered { negotiated, .. }] if !negotiated.direction.sends())
    );
}

/// A consultation that is canceled and tried again with the same numbers is no loop (RFC 3261 section
/// 8.2.2.2 speaks of requests under way); nor is a caller who does not count on for a password.
#[test]
fn a_call_that_was_canceled_or_challenged_may_come_again_with_the_same_numbers() {
    let again = |n: u32| invite_with(SDP).replace("z9hG4bKINVITE10", &format!("z9hG4bKagain{n}"));
    let mut wire = Wire::new();
    wire.hear(&again(1));
    wire.hear(&theirs("CANCEL", 10, "", "\n").replace("z9hG4bKCANCEL10", "z9hG4bKagain1"));
    assert!(matches!(wire.told[..], [Event::Canceled { .. }]));
    wire.hear(&again(2));
    let leg = match &wire.told[..] {
        [Event::Incoming(incoming)] => incoming.leg,
        other => panic!("{other:?} {:?}", wire.sent),
    };
    wire.command(Command::Challenge {
        leg,
        realm: "switchboard".into(),
        stale: false,
        md5_only: true,
    });
    wire.hear(&again(3));
    assert!(
        matches!(wire.told[..], [Event::Incoming(_)]),
        "{:?}",
        wire.sent
    );
    wire.hear(&again(4));
    assert!(
        wire.only().starts_with("SIP/2.0 482 "),
        "while it rings it is a loop"
    );
}

/// Some user agents, and sipp's scenarios, give every ACK a branch of its own; only that to a 2xx has one
/// (RFC 3261 section 17.1.1.3).
#[test]
fn an_ack_under_a_branch_of_its_own_ends_the_repeating_of_a_refusal() {
    for refuse in [
        Command::Challenge {
            leg: THEM,
            realm: "switchboard".into(),
            stale: false,
            md5_only: true,
        },
        Command::Reject {
            leg: THEM,
            status: 486,
            reason: None,
            headers: Vec::new(),
        },
    ] {
        let mut wire = Wire::new();
        wire.hear(&invite_with(SDP));
        wire.command(refuse);
        let refusal = wire.only().to_owned();
        wire.wait(Duration::from_millis(500));
        assert_eq!(wire.only(), refusal);
        let tag = tag(&field(&refusal, "To")).to_owned();
        // Of another call: it acknowledges nothing.
        wire.hear(&theirs("ACK", 11, &tag, "\n"));
        wire.wait(Duration::from_secs(1));
        assert_eq!(wire.only(), refusal);
        wire.hear(&theirs("ACK", 10, &tag, "\n"));
        wire.wait(Duration::from_secs(2));
        assert!(wire.sent.is_empty(), "{:?}", wire.sent);
    }
}

#[test]
fn a_description_may_stand_beside_what_a_gateway_says() {
    let mut wire = Wire::new();
    let more = format!(
        "Content-Type: multipart/mixed;boundary=u1\n\n--u1\nContent-Type: application/ISUP\n\nx\n\
         --u1\nContent-Type: application/sdp\n\n{SDP}\n--u1--\n"
    );
    wire.hear(&theirs("INVITE", 10, "", &more));
    match &wire.told[..] {
        [Event::Incoming(incoming)] => {
            let sdp = incoming.sdp.as_deref().expect("a description");
            assert!(sdp.starts_with(b"v=0\r\n"));
        }
        other => panic!("{other:?} {:?}", wire.sent),
    }
}

#[test]
fn a_key_goes_by_info_inside_a_call_that_is_up() {
    let mut wire = Wire::new();
    let invite = call(&mut wire);
    let key = || Command::Info {
        leg: US,
        content_type: "application/dtmf-relay".into(),
        body: b"Signal=5\r\nDuration=100\r\n".to_vec(),
    };
    wire.command(key());
    assert!(wire.sent.is_empty(), "nobody has answered");
    wire.hear(&answer(
        &invite,
        "200 OK",
        "b1",
        &answered_sdp("sip:b@192.0.2.9:5070", ""),
    ));
    wire.command(key());
    let info = wire.only();
    assert!(info.starts_with("INFO sip:b@192.0.2.9:5070 SIP/2.0\r\n"));
    assert_eq!(field(info, "Content-Type"), "application/dtmf-relay");
    assert_eq!(field(info, "CSeq"), "2 INFO");
    assert!(info.ends_with("\r\n\r\nSignal=5\r\nDuration=100\r\n"));
}

#[test]
fn a_text_of_the_peers_customer_is_told_with_its_answer_and_its_bye() {
    let mut wire = Wire::new();
    let invite = call(&mut wire);
    let ok = answered_sdp("sip:b@192.0.2.9:5070", "User-to-User: 6f6b;encoding=hex\n");
    wire.hear(&answer(&invite, "200 OK", "b1", &ok));
    assert!(matches!(
        &wire.told[..],
        [Event::UserData { leg: US, value }, Event::Answered { link, .. }]
            if value == "6f6b;encoding=hex" && *link == crate::common::link()
    ));
    let more = "User-to-User: paid\n\n";
    wire.hear(&theirs_in_our_call(&invite, "BYE", 5, more));
    assert!(matches!(
        &wire.told[..],
        [Event::UserData { value, .. }, Event::Ended { .. }] if value == "paid"
    ));
}

#[test]
fn a_caller_who_waits_for_so_long_is_told_that_it_is_over() {
    let mut wire = Wire::new();
    wire.hear(&theirs("INVITE", 10, "", &with_sdp("Expires: 20\n")));
    wire.command(Command::Ring {
        leg: THEM,
        sdp: None,
    });
    wire.wait(Duration::from_secs(19));
    assert!(wire.sent.is_empty());
    wire.wait(Duration::from_secs(1));
    assert!(wire.only().starts_with("SIP/2.0 487 "), "{}", wire.only());
    assert!(matches!(wire.told[..], [Event::Ended { .. }]));
}
