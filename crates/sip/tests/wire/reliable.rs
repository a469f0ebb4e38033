//! Provisional answers that must arrive (RFC 3262), in both roles.

use std::time::Duration;

use sip::{Command, EndedBy, Event, digest::Credentials};

use crate::common::*;

fn ringing_reliably(wire: &mut Wire, option: &str, sdp: Option<Vec<u8>>) -> (String, String) {
    let invite = theirs(
        "INVITE",
        10,
        "",
        &format!("{option}: 100rel\nc: application/sdp\n\n{SDP}"),
    );
    wire.hear(&invite);
    wire.command(Command::Ring { leg: THEM, sdp });
    let ringing = wire.only().to_owned();
    let tag = tag(&field(&ringing, "To")).to_owned();
    (ringing, tag)
}

#[test]
fn a_required_reliable_answer_is_repeated_until_prack_and_the_200_waits_for_it() {
    let mut wire = Wire::new();
    let (ringing, tag) = ringing_reliably(&mut wire, "Require", None);
    assert!(ringing.starts_with("SIP/2.0 180 "));
    assert_eq!(field(&ringing, "Require"), "100rel");
    let rseq: u32 = field(&ringing, "RSeq").parse().expect("a number");
    for ms in [500, 1000, 2000] {
        wire.wait(Duration::from_millis(ms));
        assert_eq!(wire.only(), ringing);
    }
    wire.command(Command::Accept {
        leg: THEM,
        sdp: our_sdp(),
    });
    assert!(wire.sent.is_empty(), "it waits");
    let wrong = format!("RAck: {} 10 INVITE\n\n", rseq + 1);
    wire.hear(&theirs("PRACK", 11, &tag, &wrong));
    assert!(wire.only().starts_with("SIP/2.0 481 "));
    wire.hear(&theirs(
        "PRACK",
        12,
        &tag,
        &format!("RAck: {rseq} 10 INVITE\n\n"),
    ));
    assert_eq!(wire.first_lines(), ["SIP/2.0 200 OK", "SIP/2.0 200 OK"]);
    assert_eq!(field(&wire.sent[0].1, "CSeq"), "12 PRACK");
    assert_eq!(field(&wire.sent[1].1, "CSeq"), "10 INVITE");
    wire.hear(&theirs("ACK", 10, &tag, "\n"));
    assert!(matches!(wire.told[..], [Event::Confirmed { .. }]));
}

#[test]
fn early_media_is_reliable_for_callers_that_can_and_ringing_is_not() {
    let mut wire = Wire::new();
    let (ringing, _) = ringing_reliably(&mut wire, "Supported", None);
    assert!(field(&ringing, "RSeq").is_empty());
    let mut wire = Wire::new();
    let (early, tag) = ringing_reliably(&mut wire, "Supported", Some(our_sdp()));
    assert!(early.starts_with("SIP/2.0 183 ") && !field(&early, "RSeq").is_empty());
    // Once it is acknowledged, an UPDATE may change it before the answer.
    let rseq = field(&early, "RSeq");
    wire.hear(&theirs(
        "PRACK",
        11,
        &tag,
        &format!("RAck: {rseq} 10 INVITE\n\n"),
    ));
    wire.hear(&theirs(
        "UPDATE",
        12,
        &tag,
        &format!("c: application/sdp\n\n{SDP}a=sendonly\n"),
    ));
    assert!(wire.only().ends_with("a=recvonly\r\n"));
    assert!(matches!(wire.told[..], [Event::Reoffered { .. }]));
}

/// RFC 3261 section 13.2.1: what the first answer says holds, and what was agreed on since; the 200 repeats it.
#[test]
fn what_a_caller_changes_with_its_prack_stands_in_the_200_that_waits_for_it() {
    let mut wire = Wire::new();
    let (early, tag) = ringing_reliably(&mut wire, "Require", Some(our_sdp()));
    let sdp = our_sdp();
    wire.command(Command::Accept { leg: THEM, sdp });
    assert!(wire.sent.is_empty(), "it waits");
    let rseq = field(&early, "RSeq");
    let held = format!("RAck: {rseq} 10 INVITE\nc: application/sdp\n\n{SDP}a=sendonly\n");
    wire.hear(&theirs("PRACK", 11, &tag, &held));
    assert_eq!(wire.first_lines(), ["SIP/2.0 200 OK", "SIP/2.0 200 OK"]);
    for (_, answer, _) in &wire.sent {
        assert!(answer.contains("\r\no=- 7 2 IN ") && answer.ends_with("a=recvonly\r\n"));
    }
    assert!(matches!(wire.told[..], [Event::Reoffered { .. }]));
}

#[test]
fn a_reliable_answer_that_nobody_acknowledges_ends_the_call() {
    let mut wire = Wire::new();
    ringing_reliably(&mut wire, "Require", None);
    for ms in [500, 1000, 2000, 4000, 8000, 16_000] {
        wire.wait(Duration::from_millis(ms));
        assert!(wire.only().starts_with("SIP/2.0 180 "));
    }
    wire.wait(Duration::from_millis(500));
    assert!(wire.only().starts_with("SIP/2.0 504 "));
    assert!(matches!(
        wire.told[..],
        [Event::Ended {
            by: EndedBy::Timeout,
            ..
        }]
    ));
}

#[test]
fn each_reliable_answer_of_the_peer_is_acknowledged_once_and_in_order() {
    let mut wire = Wire::new();
    let invite = call(&mut wire);
    assert_eq!(
        field(&invite, "Supported"),
        "100rel, timer, replaces, norefersub"
    );
    let reliable = |rseq: u32, sdp: bool| {
        let lines = format!("Require: 100rel\nRSeq: {rseq}\n");
        let contact = "sip:13800138000@192.0.2.9:5070";
        let more = if sdp {
            answered_sdp(contact, &lines)
        } else {
            format!("Contact: <{contact}>\n{lines}\n")
        };
        answer(&invite, "183 Session Progress", "b1", &more)
    };
    wire.hear(&reliable(7, true));
    let prack = wire.only().to_owned();
    assert!(prack.starts_with("PRACK sip:13800138000@192.0.2.9:5070 "));
    assert_eq!(field(&prack, "RAck"), "7 1 INVITE");
    assert_eq!(field(&prack, "CSeq"), "2 PRACK");
    assert!(matches!(
        &wire.told[..],
        [Event::Progress { sdp: Some(_), .. }]
    ));
    wire.hear(&reliable(7, true));
    assert!(wire.sent.is_empty() && wire.told.is_empty(), "a repetition");
    wire.hear(&reliable(9, false));
    assert!(wire.sent.is_empty() && wire.told.is_empty(), "8 is missing");
    wire.hear(&reliable(8, false));
    assert_eq!(field(wire.only(), "RAck"), "8 1 INVITE");
    assert_eq!(field(wire.only(), "CSeq"), "3 PRACK");
    // Two phones of a forking proxy count for themselves.
    wire.hear(&reliable(1, false).replace(";tag=b1", ";tag=b2"));
    assert_eq!(field(wire.only(), "RAck"), "1 1 INVITE");
    // The call goes on where the early dialog stood.
    wire.hear(&answer(
        &invite,
        "200 OK",
        "b1",
        "Contact: <sip:13800138000@192.0.2.9:5070>\n\n",
    ));
    assert!(matches!(&wire.told[..], [Event::Answered { .. }]));
    wire.command(Command::HangUp {
        leg: US,
        reason: None,
    });
    assert_eq!(field(wire.only(), "CSeq"), "4 BYE");
}

#[test]
fn the_callee_may_change_early_media_by_update() {
    let mut wire = Wire::new();
    let invite = call(&mut wire);
    let early = answered_sdp("sip:13800138000@192.0.2.9:5070", "");
    wire.hear(&answer(&invite, "183 Session Progress", "b1", &early));
    let moved = SDP.replace("audio 4000", "audio 4400");
    wire.hear(&theirs_in_our_call(
        &invite,
        "UPDATE",
        5,
        &format!("c: application/sdp\n\n{moved}"),
    ));
    assert!(wire.only().starts_with("SIP/2.0 200 "), "{}", wire.only());
    assert!(
        matches!(&wire.told[..], [Event::Progress { sdp: Some(sdp), .. }] if String::from_utf8_lossy(sdp).contains("4400"))
    );
}

#[test]
fn an_offer_in_a_prack_that_does_not_fit_is_refused_with_the_call() {
    let mut wire = Wire::new();
    let (ringing, tag) = ringing_reliably(&mut wire, "Supported", Some(our_sdp()));
    let rseq = field(&ringing, "RSeq");
    let unfit = SDP.replace("RTP/AVP 8", "RTP/AVP 18");
    let prack = format!("RAck: {rseq} 10 INVITE\nc: application/sdp\n\n{unfit}");
    wire.hear(&theirs("PRACK", 11, &tag, &prack));
    assert_eq!(
        wire.first_lines(),
        ["SIP/2.0 200 OK", "SIP/2.0 488 Not Acceptable Here"]
    );
    assert!(wire.sent[0].1.contains("m=audio 0 RTP/AVP 18\r\n"));
    assert!(field(&wire.sent[1].1, "Warning").starts_with("305 "));
    assert!(matches!(
        wire.told[..],
        [Event::Ended {
            by: EndedBy::Us,
            ..
        }]
    ));
}

#[test]
fn of_two_tags_the_last_names_the_phone() {
    let mut wire = Wire::new();
    let invite = call(&mut wire);
    let reliable = "Require: 100rel\nRSeq: 1000\nContact: <sip:b@192.0.2.9:5070>\n\n";
    wire.hear(&answer(&invite, "180 Ringing", "one", reliable));
    assert!(wire.only().starts_with("PRACK "));
    let other = reliable.replace("1000", "2000");
    wire.hear(&answer(&invite, "180 Ringing", "one;tag=two", &other));
    let prack = wire.only();
    assert!(field(prack, "To").ends_with(">;tag=two"), "{prack}");
    assert!(field(prack, "RAck").starts_with("2000 "));
}

/// RFC 3262 section 5: the first reliable answer to an INVITE without offer has to carry one.
#[test]
fn a_caller_without_offer_gets_no_reliable_answer_before_the_200_that_has_ours() {
    for (option, sdp) in [
        ("Require", None),
        ("Require", Some(our_sdp())),
        ("Supported", None),
        ("Supported", Some(our_sdp())),
    ] {
        let mut wire = Wire::new();
        wire.hear(&theirs("INVITE", 10, "", &format!("{option}: 100rel\n\n")));
        wire.command(Command::Ring { leg: THEM, sdp });
        if option == "Require" {
            assert!(wire.sent.is_empty());
        } else {
            assert!(wire.only().starts_with("SIP/2.0 180 "));
            assert!(field(wire.only(), "RSeq").is_empty());
            assert!(wire.only().ends_with("Content-Length: 0\r\n\r\n"));
        }
        let sdp = our_sdp();
        wire.command(Command::Accept { leg: THEM, sdp });
        let ok = wire.only().to_owned();
        assert!(ok.starts_with("SIP/2.0 200 ") && ok.contains("m=audio 9000 "));
        let tag = tag(&field(&ok, "To")).to_owned();
        wire.hear(&theirs(
            "ACK",
            10,
            &tag,
            &format!("c: application/sdp\n\n{SDP}"),
        ));
        assert!(matches!(
            wire.told[..],
            [Event::Confirmed { sdp: Some(_), .. }]
        ));
    }
}

#[test]
fn a_prack_that_is_challenged_comes_again_once_and_the_invite_has_its_own_tries() {
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
    let contact = "Contact: <sip:13800138000@192.0.2.9:5070>\nRequire: 100rel\nRSeq: 7\n\n";
    wire.hear(&answer(&invite, "180 Ringing", "b1", contact));
    let prack = wire.only().to_owned();
    assert_eq!(field(&prack, "CSeq"), "3 PRACK");
    wire.hear(&answer_in_dialog(&prack, "407 Who", &asked("n2")));
    let again = wire.only().to_owned();
    assert_eq!(field(&again, "CSeq"), "4 PRACK");
    assert_eq!(field(&again, "RAck"), "7 2 INVITE");
    assert!(field(&again, "Proxy-Authorization").contains("nonce=\"n2\""));
    assert_ne!(field(&again, "Via"), field(&prack, "Via"));
    wire.hear(&answer_in_dialog(&again, "407 Who", &asked("n3")));
    assert!(wire.sent.is_empty(), "the password is wrong");
    // So it is for the INVITE, which was asked before.
    wire.hear(&answer(&invite, "407 Who", "b1", &asked("n4")));
    assert!(wire.only().starts_with("ACK "));
    assert!(matches!(&wire.told[..], [Event::Refused { refusal, .. }] if refusal.status == 407));
}

#[test]
fn a_reliable_answer_to_an_offer_inside_a_call_is_acknowledged_and_its_description_holds() {
    let mut wire = Wire::new();
    let invite = call(&mut wire);
    let contact = "sip:13800138000@192.0.2.9:5070";
    wire.hear(&answer(&invite, "200 OK", "b1", &answered_sdp(contact, "")));
    wire.command(Command::Offer {
        leg: US,
        sdp: our_sdp(),
    });
    let again = wire.only().to_owned();
    assert_eq!(field(&again, "CSeq"), "2 INVITE");
    assert!(field(&again, "Supported").contains("100rel"));
    let early = answered_sdp(contact, "Require: 100rel\nRSeq: 5\n");
    let early = answer_in_dialog(&again, "183 Session Progress", &early);
    wire.hear(&early);
    let prack = wire.only().to_owned();
    assert!(prack.starts_with("PRACK sip:13800138000@192.0.2.9:5070 "));
    assert_eq!(field(&prack, "CSeq"), "3 PRACK");
    assert_eq!(field(&prack, "RAck"), "5 2 INVITE");
    wire.hear(&early);
    assert!(wire.sent.is_empty(), "a repetition");
    wire.hear(&answer_in_dialog(&prack, "200 OK", "\n"));
    wire.hear(&answer_in_dialog(
        &again,
        "200 OK",
        &format!("Contact: <{contact}>\n\n"),
    ));
    assert_eq!(field(wire.only(), "CSeq"), "2 ACK");
    assert!(
        matches!(&wire.told[..], [Event::Reoffered { .. }]),
        "{:?}",
        wire.told
    );
}
