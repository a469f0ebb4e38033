//! Transfers: REFER of either side, and calls that take the place of others (RFC 3515, RFC 3891).

use std::time::Duration;

use sip::{Command, Event, LegId, Referring, Replaces};

use crate::common::*;

/// A phone that we talk to asks for a transfer; gives our tag and what was told.
fn referred(wire: &mut Wire, cseq: u32, tag: &str, more: &str) -> Referring {
    wire.hear(&theirs("REFER", cseq, tag, &format!("{more}\n")));
    match wire.told.pop() {
        Some(Event::Referred(referring)) => *referring,
        other => panic!("{other:?} {:?}", wire.sent),
    }
}

#[test]
fn a_blind_transfer_is_accepted_and_told_of_until_its_end() {
    let mut wire = Wire::new();
    let tag = accepted(&mut wire);
    let more = "Refer-To: <sip:1003@192.0.2.1>\nReferred-By: <sip:1001@192.0.2.1>\n";
    let asked = referred(&mut wire, 11, &tag, more);
    assert_eq!(
        (asked.leg, asked.to.uri.user.as_deref()),
        (THEM, Some("1003"))
    );
    assert_eq!(asked.referred_by.as_deref(), Some("<sip:1001@192.0.2.1>"));
    assert!(asked.replaces.is_none() && wire.sent.is_empty());
    wire.hear(&theirs("REFER", 11, &tag, &format!("{more}\n")));
    assert!(
        wire.sent.is_empty() && wire.told.is_empty(),
        "a repetition waits"
    );

    let request = asked.request;
    wire.command(Command::AnswerRefer {
        request,
        status: 202,
    });
    assert_eq!(
        wire.first_lines(),
        [
            "SIP/2.0 202 Accepted",
            "NOTIFY sip:1001@192.0.2.9:5070 SIP/2.0"
        ]
    );
    let first = wire.sent[1].1.clone();
    assert_eq!(field(&first, "Event"), "refer");
    assert_eq!(field(&first, "Subscription-State"), "active;expires=180");
    assert_eq!(field(&first, "Content-Type"), "message/sipfrag;version=2.0");
    assert!(first.ends_with("SIP/2.0 100 Trying\r\n"));
    // Meanwhile another transfer of the same call has to wait.
    wire.hear(&theirs("REFER", 12, &tag, &format!("{more}\n")));
    assert!(wire.only().starts_with("SIP/2.0 491 "));

    wire.command(Command::TellReferrer {
        request,
        status: 180,
    });
    assert!(wire.only().ends_with("SIP/2.0 180 Ringing\r\n"));
    wire.command(Command::TellReferrer {
        request,
        status: 200,
    });
    let last = wire.only().to_owned();
    assert_eq!(
        field(&last, "Subscription-State"),
        "terminated;reason=noresource"
    );
    assert!(last.ends_with("SIP/2.0 200 OK\r\n"));
    wire.command(Command::TellReferrer {
        request,
        status: 200,
    });
    assert!(wire.sent.is_empty(), "nothing follows the last");
    // The next one has a name of its own.
    let again = referred(&mut wire, 13, &tag, more);
    wire.command(Command::AnswerRefer {
        request: again.request,
        status: 202,
    });
    assert_eq!(field(&wire.sent[1].1, "Event"), "refer;id=13");
}

#[test]
fn a_refer_that_nobody_answers_is_refused_and_one_that_wants_no_words_gets_none() {
    let mut wire = Wire::new();
    let tag = accepted(&mut wire);
    let more = "Refer-To: <tel:+8613800138000>\nRefer-Sub: false\n";
    let quiet = referred(&mut wire, 11, &tag, more);
    wire.command(Command::AnswerRefer {
        request: quiet.request,
        status: 202,
    });
    assert_eq!(wire.first_lines(), ["SIP/2.0 202 Accepted"]);
    assert_eq!(field(wire.only(), "Refer-Sub"), "false");

    referred(&mut wire, 12, &tag, "Refer-To: <sip:x@192.0.2.1>\n");
    wire.wait(Duration::from_secs(8));
    assert!(wire.only().starts_with("SIP/2.0 480 "));
    for (status, more) in [
        ("400", ""),
        ("400", "Refer-To: <sip:a@h>, <sip:b@h>\n"),
        ("416", "Refer-To: <http://example.com>\n"),
    ] {
        wire.hear(&theirs("REFER", 13, &tag, &format!("{more}\n")));
        assert!(wire.only().contains(&format!(" {status} ")), "{more}");
    }
    wire.hear(&theirs("REFER", 1, "", "Refer-To: <sip:x@h>\n\n").replace("call-1", "call-2"));
    assert!(wire.only().starts_with("SIP/2.0 603 "), "out of the blue");
}

#[test]
fn a_transfer_that_takes_too_long_is_told_as_over() {
    let mut wire = Wire::new();
    let tag = accepted(&mut wire);
    let asked = referred(&mut wire, 11, &tag, "Refer-To: <sip:x@192.0.2.1>\n");
    wire.command(Command::AnswerRefer {
        request: asked.request,
        status: 202,
    });
    let notify = wire.sent[1].1.clone();
    wire.hear(&answer(&notify, "200 OK", "a1", "\n").replace(";tag=a1;tag=a1", ";tag=a1"));
    wire.wait(Duration::from_secs(180));
    assert_eq!(
        field(wire.only(), "Subscription-State"),
        "terminated;reason=timeout"
    );
}

#[test]
fn an_attended_transfer_names_the_leg_that_it_is_about() {
    let mut wire = Wire::new();
    let tag = accepted(&mut wire);
    // The same phone has a second call with us.
    let second = invite_with(SDP)
        .replace("call-1", "call-2")
        .replace("INVITE10", "INVITE10b");
    wire.hear(&second);
    let consult = LegId(THEM.0 + 1);
    wire.command(Command::Accept {
        leg: consult,
        sdp: our_sdp(),
    });
    let consult_tag = field(wire.only(), "To");
    let consult_tag = consult_tag.rsplit("tag=").next().unwrap();
    let replaces = format!("call-2%3Bto-tag%3D{consult_tag}%3Bfrom-tag%3Da1");
    let asked = referred(
        &mut wire,
        11,
        &tag,
        &format!("Refer-To: <sip:1003@192.0.2.1?Replaces={replaces}>\n"),
    );
    assert_eq!(asked.replaced, Some(consult));
    assert_eq!(asked.replaces.map(|r| r.call_id).as_deref(), Some("call-2"));
}

#[test]
fn a_call_may_take_the_place_of_another_and_of_nothing_else() {
    let mut wire = Wire::new();
    let tag = accepted(&mut wire);
    let with = |n: u32, replaces: &str| {
        invite_with(SDP)
            .replace("call-1", &format!("new-{n}"))
            .replace("INVITE10", &format!("INVITEr{n}"))
            .replace(
                "Max-Forwards",
                &format!("Replaces: {replaces}\nMax-Forwards"),
            )
    };
    wire.hear(&with(1, &format!("call-1;to-tag={tag};from-tag=a1")));
    let Some(Event::Incoming(incoming)) = wire.told.first() else {
        panic!("{:?}", wire.sent)
    };
    assert_eq!(incoming.replaces, Some(THEM));
    for (n, status, replaces) in [
        (2, 481, format!("call-1;to-tag={tag};from-tag=other")),
        (3, 481, "unknown;to-tag=1;from-tag=2".to_owned()),
        (
            4,
            486,
            format!("call-1;to-tag={tag};from-tag=a1;early-only"),
        ),
        (5, 400, "call-1".to_owned()),
        (
            6,
            400,
            format!("a;to-tag=1;from-tag=2\nReplaces: b;to-tag={tag};from-tag=2"),
        ),
    ] {
        wire.hear(&with(n, &replaces));
        let expected = format!("SIP/2.0 {status} ");
        assert!(wire.only().starts_with(&expected), "{replaces}");
    }
    // A call that rings here is not anybody's to replace.
    let ringing = invite_with(SDP)
        .replace("call-1", "rings")
        .replace("INVITE10", "INVITE10c");
    wire.hear(&ringing);
    wire.command(Command::Ring {
        leg: LegId(THEM.0 + 2),
        sdp: None,
    });
    let to = field(wire.only(), "To");
    let early = format!("rings;to-tag={};from-tag=a1", tag_of(&to));
    wire.hear(&with(7, &early));
    assert!(wire.only().starts_with("SIP/2.0 481 "));
}

fn tag_of(value: &str) -> &str {
    value.rsplit("tag=").next().unwrap_or_default()
}

/// A call of ours that is up, with the INVITE.
fn answered(wire: &mut Wire) -> String {
    let invite = call(wire);
    let contact = "sip:13800138000@192.0.2.9:5070";
    wire.hear(&answer(&invite, "200 OK", "b1", &answered_sdp(contact, "")));
    assert!(matches!(wire.told[..], [Event::Answered { .. }]));
    invite
}

#[test]
fn we_ask_a_peer_to_call_somebody_else_and_hear_how_it_goes() {
    let mut wire = Wire::new();
    let invite = answered(&mut wire);
    wire.command(Command::Refer {
        leg: US,
        to: "sip:operator@example.com".parse().unwrap(),
        replaced: None,
    });
    let refer = wire.only().to_owned();
    assert!(refer.starts_with("REFER sip:13800138000@192.0.2.9:5070 SIP/2.0\r\n"));
    assert_eq!(field(&refer, "Refer-To"), "<sip:operator@example.com>");
    assert_eq!(field(&refer, "Referred-By"), "<sip:4001@192.0.2.1>");
    wire.hear(&answer_in_dialog(&refer, "202 Accepted", "\n"));
    assert!(matches!(
        wire.told[..],
        [Event::ReferAnswered {
            leg: US,
            status: Some(202)
        }]
    ));
    let notify = |cseq: u32, state: &str, status: &str| {
        let more = format!(
            "Event: refer\nSubscription-State: {state}\nContent-Type: message/sipfrag\n\nSIP/2.0 {status}\n"
        );
        theirs_in_our_call(&invite, "NOTIFY", cseq, &more)
    };
    wire.hear(&notify(1, "active;expires=60", "180 Ringing"));
    assert!(wire.only().starts_with("SIP/2.0 200 "));
    assert!(matches!(
        wire.told[..],
        [Event::ReferTold {
            status: 180,
            is_last: false,
            ..
        }]
    ));
    wire.hear(&notify(2, "terminated;reason=noresource", "200 OK"));
    assert!(matches!(
        wire.told[..],
        [Event::ReferTold {
            status: 200,
            is_last: true,
            ..
        }]
    ));
    wire.hear(&notify(3, "active", "200 OK"));
    assert!(
        wire.only().starts_with("SIP/2.0 481 "),
        "nothing is asked any more"
    );
    let other = "Event: presence\nSubscription-State: active\n\n";
    wire.hear(&theirs_in_our_call(&invite, "NOTIFY", 4, other));
    assert!(wire.only().starts_with("SIP/2.0 489 "));
    assert_eq!(field(wire.only(), "Allow-Events"), "refer");
}

#[test]
fn an_attended_transfer_of_ours_names_the_other_call() {
    let mut wire = Wire::new();
    accepted(&mut wire);
    answered(&mut wire);
    wire.command(Command::Refer {
        leg: THEM,
        to: "sip:ignored@h".parse().unwrap(),
        replaced: Some(US),
    });
    let refer_to = field(wire.only(), "Refer-To");
    let uri = refer_to.trim_matches(['<', '>']).parse().unwrap();
    let replaces = Replaces::of_uri(&uri).expect("a dialog is named");
    assert_eq!(replaces.to_tag, "b1");
    assert!(refer_to.starts_with("<sip:13800138000@192.0.2.9:5070?Replaces="));
    wire.hear(&answer(wire.only(), "603 Decline", "a1", "\n").replace(";tag=a1;tag=a1", ";tag=a1"));
    assert!(matches!(
        wire.told[..],
        [Event::ReferAnswered {
            leg: THEM,
            status: Some(603)
        }]
    ));
}
