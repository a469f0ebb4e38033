//! The peer calls.

use std::time::Duration;

use sip::{Command, EndedBy, Event};

use crate::common::*;

#[test]
fn an_incoming_call_is_offered_with_what_the_caller_wrote() {
    let mut wire = Wire::new();
    wire.hear(&invite_with(SDP));
    assert!(
        wire.sent.is_empty(),
        "a refusal may still be the first answer"
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
    wire.wait(Duration::from_millis(150));
    let trying = wire.only().to_owned();
    assert!(trying.starts_with("SIP/2.0 100 Trying\r\n"));
    assert_eq!(
        field(&trying, "Via"),
        "SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bKINVITE10;rport=5070;received=192.0.2.9"
    );
    wire.hear(&invite_with(SDP));
    assert_eq!(wire.only(), trying);

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
    wire.hear(&theirs("MESSAGE", 12, &tag, "\n"));
    assert!(wire.only().starts_with("SIP/2.0 405 "));
    assert_eq!(
        field(wire.only(), "Allow"),
        "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE, REGISTER, REFER, NOTIFY"
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

#[test]
fn a_branch_that_names_another_request_is_refused_and_a_repeated_invite_is_answered_again() {
    let mut wire = Wire::new();
    let tag = accepted(&mut wire);
    wire.hear(&invite_with(SDP));
    assert!(wire.only().starts_with("SIP/2.0 200 "));
    let again = theirs("INVITE", 11, &tag, "\n").replace("z9hG4bKINVITE11", "z9hG4bKINVITE10");
    wire.hear(&again);
    assert!(wire.only().starts_with("SIP/2.0 400 "));
    wire.hear(&theirs("INVITE", 12, &tag, "\n"));
    assert!(wire.only().starts_with("SIP/2.0 200 "), "the call goes on");
}

#[test]
fn who_cannot_be_reached_is_told_so_before_it_rings() {
    for (contact, status) in [
        ("m: tel:+15558675309\n", "416"),
        ("", "400"),
        ("m: *\n", "400"),
    ] {
        let mut wire = Wire::new();
        wire.hear(&invite_with(SDP).replace("m: <sip:1001@192.0.2.9:5070>\n", contact));
        assert!(
            wire.only().starts_with(&format!("SIP/2.0 {status} ")),
            "{contact}"
        );
        assert!(wire.told.is_empty());
    }
}

#[test]
fn a_second_offer_waits_until_our_answer_to_the_first_is_acknowledged() {
    let mut wire = Wire::new();
    wire.hear(&invite_with(SDP));
    wire.command(Command::Accept {
        leg: THEM,
        sdp: our_sdp(),
    });
    let tag = tag(&field(wire.only(), "To")).to_owned();
    let offer = format!("c: application/sdp\n\n{SDP}");
    wire.hear(&theirs("INVITE", 11, &tag, &offer));
    assert!(wire.only().starts_with("SIP/2.0 491 "));
    wire.hear(&theirs("ACK", 10, &tag, "\n"));
    wire.hear(&theirs("INVITE", 12, &tag, &offer));
    assert!(wire.only().starts_with("SIP/2.0 200 "));
}
