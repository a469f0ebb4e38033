//! Changes of a call that is up: another codec, another address, an offer of ours.

use std::time::Duration;

use sip::{
    Command, Event,
    sdp::{Codec, Direction, Negotiated},
};

use crate::common::*;

const BOTH: [Codec; 2] = [Codec::Pcma, Codec::Pcmu];
const ULAW: &str = "v=0\no=- 1 2 IN IP4 192.0.2.9\ns=-\nc=IN IP4 192.0.2.77\nt=0 0\nm=audio 4400 RTP/AVP 0 96\na=rtpmap:0 PCMU/8000\na=rtpmap:96 telephone-event/8000\n";

fn allow(wire: &mut Wire, leg: sip::LegId) {
    wire.command(Command::AllowCodecs {
        leg,
        codecs: BOTH.to_vec(),
        events: true,
    });
}

fn with_sdp(sdp: &str) -> String {
    format!("c: application/sdp\n\n{sdp}")
}

fn agreed(wire: &Wire) -> &Negotiated {
    match &wire.told[..] {
        [Event::Reoffered { negotiated, .. }] => negotiated,
        other => panic!("{other:?} {:?}", wire.sent),
    }
}

#[test]
fn a_peer_changes_codec_address_and_payload_types_by_invite_and_by_update() {
    for method in ["INVITE", "UPDATE"] {
        let mut wire = Wire::new();
        let tag = accepted(&mut wire);
        wire.hear(&theirs(method, 11, &tag, &with_sdp(ULAW)));
        assert!(
            wire.only().starts_with("SIP/2.0 488 "),
            "not without a word"
        );
        if method == "INVITE" {
            wire.hear(&theirs("ACK", 11, &tag, "\n").replace("z9hG4bKACK11", "z9hG4bKINVITE11"));
        }
        allow(&mut wire, THEM);
        wire.hear(&theirs(method, 12, &tag, &with_sdp(ULAW)));
        assert!(wire.only().starts_with("SIP/2.0 200 "));
        assert!(wire.only().contains("m=audio 9000 RTP/AVP 0 96\r\n"));
        let now = agreed(&wire);
        assert_eq!((now.codec, now.payload_type_sent), (Codec::Pcmu, 0));
        assert_eq!(now.dtmf_sent, Some(96));
        assert_eq!(now.remote.to_string(), "192.0.2.77:4400");
        // And back.
        wire.hear(&theirs("ACK", 12, &tag, "\n"));
        wire.hear(&theirs(method, 13, &tag, &with_sdp(SDP)));
        assert_eq!(agreed(&wire).codec, Codec::Pcma);
        assert!(wire.only().contains("o=- 7 3 IN"));
    }
}

#[test]
fn whoever_asks_for_our_offer_in_a_call_gets_every_codec_and_chooses() {
    let mut wire = Wire::new();
    let tag = accepted(&mut wire);
    allow(&mut wire, THEM);
    wire.hear(&theirs("INVITE", 11, &tag, "\n"));
    let offer = wire.only().to_owned();
    assert!(
        offer.contains("m=audio 9000 RTP/AVP 8 0 101\r\n"),
        "{offer}"
    );
    assert!(offer.contains("o=- 7 2 IN"));
    wire.hear(&theirs("ACK", 11, &tag, &with_sdp(ULAW)));
    let now = agreed(&wire);
    assert_eq!((now.codec, now.remote.port()), (Codec::Pcmu, 4400));
    // A re-INVITE to refresh the session changes nothing back.
    wire.hear(&theirs("INVITE", 12, &tag, &with_sdp(ULAW)));
    assert_eq!(agreed(&wire).codec, Codec::Pcmu);
}

/// We call, and the peer answers with this description.
fn answered_with(wire: &mut Wire, sdp: &str) -> String {
    let invite = call(wire);
    let more = format!("Contact: <sip:b@192.0.2.9:5070>\nContent-Type: application/sdp\n\n{sdp}");
    wire.hear(&answer(&invite, "200 OK", "b1", &more));
    assert!(matches!(wire.told[..], [Event::Answered { .. }]));
    invite
}

fn our_offer(codec: &str, direction: &str) -> Vec<u8> {
    format!(
        "v=0\r\no=- 99 99 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 9000 RTP/AVP {codec}\r\na=ptime:20\r\na={direction}\r\n"
    )
    .into_bytes()
}

#[test]
fn we_hold_and_resume_by_offers_of_our_own() {
    let mut wire = Wire::new();
    answered_with(&mut wire, SDP);
    wire.command(Command::Offer {
        leg: US,
        sdp: our_offer("8", "sendonly"),
    });
    let hold = wire.only().to_owned();
    assert!(hold.starts_with("INVITE sip:b@192.0.2.9:5070 "));
    assert!(
        hold.contains("o=- 7 2 IN"),
        "the next edition of the same description"
    );
    assert!(hold.ends_with("a=sendonly\r\n"));
    wire.hear(&answer_in_dialog(
        &hold,
        "200 OK",
        &answered_sdp("sip:b@192.0.2.9:5070", "").replace("PCMA/8000\n", "PCMA/8000\na=recvonly\n"),
    ));
    assert_eq!(wire.first_lines(), ["ACK sip:b@192.0.2.9:5070 SIP/2.0"]);
    let now = agreed(&wire);
    assert!(now.direction.sends() && !now.direction.receives());
    wire.command(Command::Offer {
        leg: US,
        sdp: our_offer("8", "sendrecv"),
    });
    assert!(wire.only().contains("o=- 7 3 IN"));
}

#[test]
fn a_leg_is_put_on_hold_until_we_go_on_whatever_the_peer_offers_meanwhile() {
    for role in ["caller", "callee"] {
        let mut wire = Wire::new();
        let (leg, of_ours) = match role {
            "caller" => (THEM, accepted(&mut wire)),
            _ => (US, answered_with(&mut wire, SDP)),
        };
        let theirs = |method: &str, cseq, rest: &str| match leg {
            THEM => theirs(method, cseq, &of_ours, rest),
            _ => theirs_in_our_call(&of_ours, method, cseq, rest),
        };
        let answered = "sip:b@192.0.2.9:5070";
        let turn = |direction| Command::Turn { leg, direction };
        wire.command(turn(Direction::SendRecv));
        assert!(wire.sent.is_empty(), "that holds already");
        wire.command(turn(Direction::SendOnly));
        let hold = wire.only().to_owned();
        assert!(
            hold.contains("o=- 7 2 IN") && hold.contains("a=sendonly\r\n"),
            "{hold}"
        );
        // The last wish counts, once the first is answered.
        wire.command(turn(Direction::SendRecv));
        wire.command(turn(Direction::SendOnly));
        assert!(wire.sent.is_empty());
        let held = answered_sdp(answered, "").replace("PCMA/8000\n", "PCMA/8000\na=recvonly\n");
        wire.hear(&answer_in_dialog(&hold, "200 OK", &held));
        assert_eq!(wire.first_lines().len(), 1, "an ACK: {:?}", wire.sent);
        let now = agreed(&wire);
        assert!(now.direction.sends() && !now.direction.receives());
        // The peer says all of it anew, and stays on hold; it may hold us as well.
        wire.hear(&theirs("INVITE", 21, &with_sdp(SDP)));
        assert!(wire.only().contains("a=sendonly\r\n"), "{}", wire.only());
        wire.hear(&theirs("ACK", 21, "\n"));
        wire.hear(&theirs(
            "UPDATE",
            22,
            &with_sdp(&format!("{SDP}a=sendonly\n")),
        ));
        assert!(wire.only().contains("a=inactive\r\n"), "{}", wire.only());
        wire.hear(&theirs("INVITE", 23, "\n"));
        assert!(
            wire.only().contains("a=sendonly\r\n"),
            "asked for an offer: {}",
            wire.only()
        );
        wire.hear(&theirs(
            "ACK",
            23,
            &with_sdp(&SDP.replace("PCMA/8000\n", "PCMA/8000\na=recvonly\n")),
        ));
        wire.command(turn(Direction::SendRecv));
        let resume = wire.only().to_owned();
        assert!(resume.contains("a=sendrecv\r\n"), "{resume}");
        wire.hear(&answer_in_dialog(
            &resume,
            "200 OK",
            &answered_sdp(answered, ""),
        ));
        assert_eq!(agreed(&wire).direction, Direction::SendRecv);
    }
}

#[test]
fn a_hold_that_is_refused_or_meets_an_offer_of_the_peer_leaves_what_was() {
    let mut wire = Wire::new();
    let invite = answered_with(&mut wire, SDP);
    let turn = |direction| Command::Turn { leg: US, direction };
    wire.command(turn(Direction::SendOnly));
    let hold = wire.only().to_owned();
    wire.command(turn(Direction::SendRecv));
    wire.hear(&answer_in_dialog(&hold, "488 Not Acceptable Here", "\n"));
    assert!(matches!(
        wire.told[..],
        [Event::OfferRefused { status: 488, .. }]
    ));
    assert_eq!(wire.first_lines(), ["ACK sip:b@192.0.2.9:5070 SIP/2.0"]);
    wire.command(turn(Direction::SendOnly));
    let hold = wire.only().to_owned();
    wire.hear(&theirs_in_our_call(&invite, "INVITE", 5, &with_sdp(SDP)));
    assert!(wire.only().starts_with("SIP/2.0 491 "));
    wire.hear(
        &theirs_in_our_call(&invite, "ACK", 5, "\n").replace("z9hG4bKACK5", "z9hG4bKINVITE5"),
    );
    wire.hear(&answer_in_dialog(&hold, "491 Request Pending", "\n"));
    wire.wait(Duration::from_secs(4));
    assert!(
        wire.only().contains("a=sendonly\r\n"),
        "tried again: {:?}",
        wire.sent
    );
}

#[test]
fn two_offers_at_once_wait_and_ours_is_tried_again() {
    let mut wire = Wire::new();
    let invite = answered_with(&mut wire, SDP);
    wire.command(Command::Offer {
        leg: US,
        sdp: our_offer("8", "sendonly"),
    });
    let ours = wire.only().to_owned();
    wire.hear(&theirs_in_our_call(&invite, "INVITE", 5, &with_sdp(SDP)));
    assert!(wire.only().starts_with("SIP/2.0 491 "), "theirs waits");
    wire.hear(&answer_in_dialog(&ours, "491 Request Pending", "\n"));
    assert_eq!(wire.first_lines(), ["ACK sip:b@192.0.2.9:5070 SIP/2.0"]);
    wire.hear(
        &theirs_in_our_call(&invite, "ACK", 5, "\n").replace("z9hG4bKACK5", "z9hG4bKINVITE5"),
    );
    // They own neither Call-ID nor the longer wait: 2.1 s to 4 s are ours.
    wire.wait(Duration::from_millis(2_000));
    assert!(wire.sent.is_empty(), "{:?}", wire.first_lines());
    wire.hear(&theirs_in_our_call(
        &invite,
        "INVITE",
        6,
        &with_sdp(&format!("{SDP}a=sendonly\n")),
    ));
    assert!(wire.only().starts_with("SIP/2.0 200 "));
    wire.hear(&theirs_in_our_call(&invite, "ACK", 6, "\n"));
    wire.wait(Duration::from_millis(2_000));
    let again = wire.only().to_owned();
    assert!(
        again.starts_with("INVITE ") && again.contains("o=- 7 3 IN"),
        "{again}"
    );
}

#[test]
fn an_offer_that_is_refused_changes_nothing() {
    let mut wire = Wire::new();
    let invite = answered_with(&mut wire, SDP);
    wire.command(Command::Offer {
        leg: US,
        sdp: our_offer("0", "sendrecv"),
    });
    let offer = wire.only().to_owned();
    // One at a time.
    wire.command(Command::Offer {
        leg: US,
        sdp: our_offer("8", "sendonly"),
    });
    assert!(matches!(
        wire.told[..],
        [Event::OfferRefused { status: 491, .. }]
    ));
    wire.hear(&answer_in_dialog(&offer, "488 Not Acceptable Here", "\n"));
    assert!(matches!(
        wire.told[..],
        [Event::OfferRefused {
            leg: US,
            status: 488
        }]
    ));
    wire.hear(&theirs_in_our_call(&invite, "INVITE", 5, &with_sdp(SDP)));
    assert!(
        wire.only().contains("o=- 7 1 IN"),
        "as before: {}",
        wire.only()
    );
    // An answer that is no answer is refused by us.
    wire.hear(&theirs_in_our_call(&invite, "ACK", 5, "\n"));
    wire.command(Command::Offer {
        leg: US,
        sdp: our_offer("0", "sendrecv"),
    });
    let offer = wire.only().to_owned();
    let other = answered_sdp("sip:b@192.0.2.9:5070", "");
    wire.hear(&answer_in_dialog(&offer, "200 OK", &other));
    assert!(matches!(
        wire.told[..],
        [Event::OfferRefused { status: 488, .. }]
    ));
}

#[test]
fn who_offers_two_streams_is_offered_two_ever_after() {
    let mut wire = Wire::new();
    let two = SDP.replace("m=audio", "m=video 5000 RTP/AVP 99\nm=audio");
    wire.hear(&invite_with(&two));
    wire.command(Command::Accept {
        leg: THEM,
        sdp: String::from_utf8(our_sdp())
            .expect("text")
            .replace("m=audio", "m=video 0 RTP/AVP 99\r\nm=audio")
            .into_bytes(),
    });
    let tag = tag(&field(wire.only(), "To")).to_owned();
    wire.hear(&theirs("ACK", 10, &tag, "\n"));
    allow(&mut wire, THEM);
    wire.command(Command::Offer {
        leg: THEM,
        sdp: our_offer("8", "sendonly"),
    });
    let offer = wire.only();
    let streams = offer
        .find("m=video 0 RTP/AVP 99\r\n")
        .zip(offer.find("m=audio 9000 "));
    assert!(
        streams.is_some_and(|(video, audio)| video < audio),
        "{offer}"
    );
}

#[test]
fn what_does_not_fit_is_refused_with_a_warning() {
    let mut wire = Wire::new();
    let tag = accepted(&mut wire);
    for (n, method) in ["INVITE", "UPDATE"].iter().enumerate() {
        let cseq = 11 + u32::try_from(n).expect("few");
        let unfit = SDP.replace("RTP/AVP 8", "RTP/AVP 18");
        wire.hear(&theirs(method, cseq, &tag, &with_sdp(&unfit)));
        assert!(wire.only().starts_with("SIP/2.0 488 "));
        let warning = field(wire.only(), "Warning");
        assert_eq!(warning, "305 switchboard \"no common codec\"");
    }
}

#[test]
fn who_answers_without_a_tag_may_have_one_later() {
    let mut wire = Wire::new();
    let invite = call(&mut wire);
    let more = format!("Contact: <sip:b@192.0.2.9:5070>\nContent-Type: application/sdp\n\n{SDP}");
    let ok = answer(&invite, "200 OK", "b1", &more).replace(";tag=b1", "");
    wire.hear(&ok);
    let ours = tag(&field(&invite, "From")).to_owned();
    let request = format!(
        "INVITE sip:x@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKlate\nFrom: <sip:b@h>;tag=1\nTo: <sip:a@h>;tag={ours}\nCall-ID: {}\nCSeq: 1 INVITE\nContact: <sip:b@192.0.2.9:5070>\n\n",
        field(&invite, "Call-ID")
    );
    wire.hear(&request);
    assert!(wire.only().starts_with("SIP/2.0 200 "));
}
