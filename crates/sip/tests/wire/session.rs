//! A session that is refreshed, changed by UPDATE, or expires (RFC 4028, RFC 3311).

use std::time::Duration;

use sip::{Command, EndedBy, Event};

use crate::common::*;

const MINUTE: Duration = Duration::from_secs(60);

/// A call of the peer whose INVITE has these lines; gives our 200 and our tag.
fn accepted_with(wire: &mut Wire, lines: &str) -> (String, String) {
    let invite = theirs(
        "INVITE",
        10,
        "",
        &format!("{lines}c: application/sdp\n\n{SDP}"),
    );
    wire.hear(&invite);
    wire.command(Command::Accept {
        leg: THEM,
        sdp: our_sdp(),
    });
    let ok = wire.only().to_owned();
    let tag = tag(&field(&ok, "To")).to_owned();
    wire.hear(&theirs("ACK", 10, &tag, "\n"));
    (ok, tag)
}

/// We call a peer that takes UPDATE or not and agrees to `Session-Expires`.
fn answered_with(wire: &mut Wire, allow: &str, expires: &str) {
    let invite = call(wire);
    assert_eq!(field(&invite, "Session-Expires"), "1800");
    let lines = format!("Allow: {allow}\nSession-Expires: {expires}\nRequire: timer\n");
    let sdp = answered_sdp("sip:13800138000@192.0.2.9:5070", &lines);
    wire.hear(&answer(&invite, "200 OK", "b1", &sdp));
    assert_eq!(
        wire.first_lines(),
        ["ACK sip:13800138000@192.0.2.9:5070 SIP/2.0"]
    );
}

#[test]
fn a_peer_that_does_not_refresh_is_hung_up_before_the_session_expires() {
    let mut wire = Wire::new();
    let lines = "Supported: timer\nSession-Expires: 1800;refresher=uac\n";
    let (ok, tag) = accepted_with(&mut wire, lines);
    assert_eq!(field(&ok, "Session-Expires"), "1800;refresher=uac");
    assert_eq!(field(&ok, "Require"), "timer");
    wire.wait(15 * MINUTE);
    assert!(wire.sent.is_empty(), "the refresh is theirs");
    // An UPDATE without a description keeps the call for another half hour.
    wire.hear(&theirs("UPDATE", 11, &tag, &format!("{lines}\n")));
    assert!(wire.only().starts_with("SIP/2.0 200 "));
    assert_eq!(field(wire.only(), "Session-Expires"), "1800;refresher=uac");
    wire.wait(29 * MINUTE);
    assert!(wire.sent.is_empty());
    wire.wait(MINUTE);
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
fn a_caller_that_cannot_refresh_is_refreshed_by_us() {
    let mut wire = Wire::new();
    let (ok, _) = accepted_with(&mut wire, "Allow: INVITE, UPDATE\nSession-Expires: 90\n");
    assert_eq!(field(&ok, "Session-Expires"), "90;refresher=uas");
    assert!(
        field(&ok, "Require").is_empty(),
        "it does not know the option"
    );
    wire.wait(Duration::from_secs(45));
    let update = wire.only().to_owned();
    assert!(update.starts_with("UPDATE sip:1001@192.0.2.9:5070 "));
    assert_eq!(field(&update, "Session-Expires"), "90;refresher=uac");
    assert!(update.ends_with("Content-Length: 0\r\n\r\n"));
}

#[test]
fn a_call_of_ours_is_refreshed_by_update_again_and_again() {
    let mut wire = Wire::new();
    answered_with(&mut wire, "INVITE, UPDATE", "600;refresher=uac");
    for cseq in 2..20 {
        wire.wait(5 * MINUTE);
        let update = wire.only().to_owned();
        assert_eq!(field(&update, "CSeq"), format!("{cseq} UPDATE"));
        let ok = "Session-Expires: 600;refresher=uac\n\n";
        wire.hear(&answer_in_dialog(&update, "200 OK", ok));
        assert!(wire.sent.is_empty() && wire.told.is_empty());
    }
}

#[test]
fn without_update_the_refresh_is_an_invite_with_the_description_that_holds() {
    let mut wire = Wire::new();
    answered_with(&mut wire, "INVITE, BYE", "600;refresher=uac");
    wire.wait(5 * MINUTE);
    let again = wire.only().to_owned();
    assert!(again.starts_with("INVITE sip:13800138000@192.0.2.9:5070 "));
    assert!(again.ends_with(std::str::from_utf8(&our_sdp()).expect("text")));
    // The peer's own INVITE meanwhile has to wait.
    let mine = theirs_in_our_call(
        &again,
        "INVITE",
        77,
        &format!("c: application/sdp\n\n{SDP}"),
    );
    wire.hear(&mine);
    assert!(wire.only().starts_with("SIP/2.0 491 "));
    // The answer moves the peer: it is told, and acknowledged each time it comes.
    let moved = SDP.replace("audio 4000", "audio 4400");
    let ok = format!(
        "Contact: <sip:new@192.0.2.9:5070>\nSession-Expires: 600;refresher=uac\nContent-Type: application/sdp\n\n{moved}"
    );
    wire.hear(&answer_in_dialog(&again, "200 OK", &ok));
    assert_eq!(wire.first_lines(), ["ACK sip:new@192.0.2.9:5070 SIP/2.0"]);
    assert!(
        matches!(&wire.told[..], [Event::Reoffered { negotiated, .. }] if negotiated.remote.port() == 4400)
    );
    wire.hear(&answer_in_dialog(&again, "200 OK", &ok));
    assert_eq!(wire.first_lines(), ["ACK sip:new@192.0.2.9:5070 SIP/2.0"]);
    assert!(wire.told.is_empty());
}

#[test]
fn an_update_that_is_refused_is_tried_as_invite_later_or_longer() {
    let mut wire = Wire::new();
    answered_with(&mut wire, "UPDATE", "600;refresher=uac");
    wire.wait(5 * MINUTE);
    let update = wire.only().to_owned();
    wire.hear(&answer_in_dialog(&update, "491 Request Pending", "\n"));
    assert!(wire.sent.is_empty());
    // The caller waits 2.1 s to 4 s.
    wire.wait(Duration::from_millis(2_000));
    assert!(wire.sent.is_empty());
    wire.wait(Duration::from_millis(2_000));
    let update = wire.only().to_owned();
    wire.hear(&answer_in_dialog(
        &update,
        "422 Session Interval Too Small",
        "Min-SE: 900\n\n",
    ));
    let longer = wire.only().to_owned();
    assert_eq!(field(&longer, "Session-Expires"), "900;refresher=uac");
    assert_eq!(field(&longer, "Min-SE"), "900");
    wire.hear(&answer_in_dialog(&longer, "405 Method Not Allowed", "\n"));
    assert!(wire.only().starts_with("INVITE "));
}

#[test]
fn a_refresh_without_answer_or_call_ends_the_call() {
    for status in [None, Some("481 Call/Transaction Does Not Exist")] {
        let mut wire = Wire::new();
        answered_with(&mut wire, "UPDATE", "600;refresher=uac");
        wire.wait(5 * MINUTE);
        let update = wire.only().to_owned();
        match status {
            Some(status) => wire.hear(&answer_in_dialog(&update, status, "\n")),
            None => {
                for _ in 0..64 {
                    wire.wait(Duration::from_millis(500));
                    if !wire.told.is_empty() {
                        break;
                    }
                }
            }
        }
        assert!(
            wire.first_lines()[0].starts_with("BYE "),
            "{:?}",
            wire.first_lines()
        );
        assert!(matches!(
            wire.told[..],
            [Event::Ended {
                by: EndedBy::Timeout,
                ..
            }]
        ));
    }
}

#[test]
fn an_interval_that_is_too_small_is_refused_and_a_longer_one_of_the_peer_is_taken() {
    let mut wire = Wire::new();
    let short = "Supported: timer\nSession-Expires: 60\n\n";
    wire.hear(&theirs("INVITE", 10, "", short));
    assert!(wire.only().starts_with("SIP/2.0 422 "));
    assert_eq!(field(wire.only(), "Min-SE"), "90");

    let mut wire = Wire::new();
    let invite = call(&mut wire);
    wire.hear(&answer(
        &invite,
        "422 Session Interval Too Small",
        "b1",
        "Min-SE: 3600\n\n",
    ));
    let [(_, ack, _), (_, again, _)] = &wire.sent[..] else {
        panic!("{:?}", wire.sent)
    };
    assert!(ack.starts_with("ACK "));
    assert_eq!(field(again, "Session-Expires"), "3600");
    assert_eq!(field(again, "Min-SE"), "3600");
    // The same once more is a loop.
    let again = again.clone();
    wire.hear(&answer(
        &again,
        "422 Session Interval Too Small",
        "b2",
        "Min-SE: 3600\n\n",
    ));
    assert!(matches!(&wire.told[..], [Event::Refused { refusal, .. }] if refusal.status == 422));
}

#[test]
fn a_peer_that_always_wants_a_longer_interval_is_followed_twice() {
    let too_small = "422 Session Interval Too Small";
    let mut wire = Wire::new();
    let mut invite = call(&mut wire);
    for min in [1801, 1802] {
        let more = format!("Min-SE: {min}\n\n");
        wire.hear(&answer(&invite, too_small, "b1", &more));
        invite = wire.sent.last().expect("another").1.clone();
        assert_eq!(field(&invite, "Min-SE"), min.to_string());
    }
    wire.hear(&answer(&invite, too_small, "b1", "Min-SE: 1803\n\n"));
    assert!(wire.only().starts_with("ACK "));
    assert!(matches!(&wire.told[..], [Event::Refused { refusal, .. }] if refusal.status == 422));

    // A refresh that is refused so leaves the call to the end of its session.
    let mut wire = Wire::new();
    answered_with(&mut wire, "UPDATE", "600;refresher=uac");
    wire.wait(5 * MINUTE);
    for min in [601, 602, 603] {
        let update = wire.only().to_owned();
        assert!(update.starts_with("UPDATE "));
        let more = format!("Min-SE: {min}\n\n");
        wire.hear(&answer_in_dialog(&update, too_small, &more));
    }
    assert!(wire.sent.is_empty() && wire.told.is_empty());
    wire.wait(5 * MINUTE);
    assert!(wire.only().starts_with("BYE "));
}

#[test]
fn an_interval_of_more_than_a_day_is_not_gone_along_with() {
    for (min, is_taken) in [("86400", true), ("86401", false), ("4294967295", false)] {
        let mut wire = Wire::new();
        let invite = call(&mut wire);
        let more = format!("Min-SE: {min}\n\n");
        wire.hear(&answer(&invite, "422 Too Small", "b1", &more));
        assert_eq!(wire.told.is_empty(), is_taken, "{min}");
        assert_eq!(wire.sent.len() == 2, is_taken, "{min}");
    }
}

#[test]
fn an_update_holds_and_resumes_without_ack() {
    let mut wire = Wire::new();
    let tag = accepted(&mut wire);
    let update = |cseq, sdp: &str| {
        theirs(
            "UPDATE",
            cseq,
            &tag,
            &format!("c: application/sdp\n\n{sdp}"),
        )
    };
    wire.hear(&update(11, &format!("{SDP}a=sendonly\n")));
    assert!(wire.only().starts_with("SIP/2.0 200 ") && wire.only().ends_with("a=recvonly\r\n"));
    assert!(
        matches!(&wire.told[..], [Event::Reoffered { negotiated, .. }] if !negotiated.direction.sends())
    );
    wire.hear(&update(11, &format!("{SDP}a=sendonly\n")));
    assert!(wire.told.is_empty(), "a repetition");
    wire.hear(&update(12, &SDP.replace("8", "18")));
    assert!(wire.only().starts_with("SIP/2.0 488 ") && wire.told.is_empty());
    wire.hear(&update(13, SDP));
    assert!(wire.only().ends_with("a=sendrecv\r\n"));
}

#[test]
fn an_update_before_there_is_an_answer_to_change_waits() {
    let mut wire = Wire::new();
    wire.hear(&invite_with(SDP));
    wire.command(Command::Ring {
        leg: THEM,
        sdp: None,
    });
    let tag = tag(&field(wire.only(), "To")).to_owned();
    wire.hear(&theirs(
        "UPDATE",
        11,
        &tag,
        &format!("c: application/sdp\n\n{SDP}"),
    ));
    assert!(wire.only().starts_with("SIP/2.0 500 "));
    assert_eq!(field(wire.only(), "Retry-After"), "5");
}

#[test]
fn a_refresh_without_a_description_that_is_refused_goes_with_one_and_then_as_an_invite() {
    let mut wire = Wire::new();
    answered_with(&mut wire, "INVITE, UPDATE", "600;refresher=uac");
    wire.wait(Duration::from_secs(300));
    let bare = wire.only().to_owned();
    assert!(bare.starts_with("UPDATE ") && !bare.contains("m=audio"));
    wire.hear(&answer_in_dialog(&bare, "400 Want SDP Body", "\n"));
    let whole = wire.only().to_owned();
    assert!(whole.starts_with("UPDATE ") && whole.contains("m=audio"));
    wire.hear(&answer_in_dialog(&whole, "488 Not Acceptable Here", "\n"));
    assert!(wire.only().starts_with("INVITE "));
}

#[test]
fn a_refresh_that_was_refused_for_something_else_may_be_asked_for_the_password_again() {
    let mut wire = Wire::new();
    let password = sip::digest::Credentials {
        username: "u".into(),
        password: "p".into(),
    };
    let asked =
        |n| format!("Proxy-Authenticate: Digest realm=\"r\", nonce=\"{n}\", qop=\"auth\"\n\n");
    let invite = call_with(&mut wire, Some(password));
    wire.hear(&answer(&invite, "407 Who", "p", &asked("n1")));
    let invite = wire.sent[1].1.clone();
    let lines = "Allow: UPDATE\nSession-Expires: 600;refresher=uac\nRequire: timer\n";
    let ok = answered_sdp("sip:b@192.0.2.9:5070", lines);
    wire.hear(&answer(&invite, "200 OK", "b1", &ok));
    wire.wait(5 * MINUTE);
    // A server that takes each nonce once.
    let update = wire.only().to_owned();
    wire.hear(&answer_in_dialog(&update, "407 Who", &asked("n2")));
    let update = wire.only().to_owned();
    let longer = "Min-SE: 900\n\n";
    wire.hear(&answer_in_dialog(&update, "422 Interval", longer));
    let update = wire.only().to_owned();
    wire.hear(&answer_in_dialog(&update, "407 Who", &asked("n3")));
    let update = wire.only().to_owned();
    assert!(field(&update, "Proxy-Authorization").contains("nonce=\"n3\""));
    wire.hear(&answer_in_dialog(&update, "407 Who", &asked("n4")));
    assert!(wire.sent.is_empty(), "a fresh nonce was refused");
}

#[test]
fn a_call_whose_shortest_interval_is_beyond_a_day_does_not_expire() {
    let mut wire = Wire::new();
    let lines = "Supported: timer\nSession-Expires: 4000000000;refresher=uas\nMin-SE: 4000000000\n";
    let (ok, tag) = accepted_with(&mut wire, lines);
    assert!(field(&ok, "Session-Expires").is_empty(), "{ok}");
    wire.wait(60 * MINUTE);
    assert_eq!(wire.endpoint.poll_timeout(), None);
    assert!(wire.endpoint.has_leg(THEM));
    wire.hear(&theirs("UPDATE", 11, &tag, &format!("{lines}\n")));
    assert!(wire.only().starts_with("SIP/2.0 200 "));
    assert!(field(wire.only(), "Session-Expires").is_empty());
    // A later one may be one that can be kept.
    let lines = "Supported: timer\nSession-Expires: 86400;refresher=uas\nMin-SE: 86400\n";
    wire.hear(&theirs("UPDATE", 12, &tag, &format!("{lines}\n")));
    assert_eq!(field(wire.only(), "Session-Expires"), "86400;refresher=uas");
    wire.wait(12 * 60 * MINUTE);
    assert!(wire.sent.iter().any(|(_, text, _)| text.contains("86400")));
}
