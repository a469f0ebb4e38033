//! The messages of RFC 5118 (IPv6 in SIP), as its sections have them.

use sip::Event;

use crate::common::*;

fn request(method: &str, uri: &str, via: &str, contact: &str, body: &str) -> String {
    let kind = if body.is_empty() {
        String::new()
    } else {
        "Content-Type: application/sdp\n".to_owned()
    };
    format!(
        "{method} {uri} SIP/2.0\nVia: SIP/2.0/UDP {via}\nMax-Forwards: 70\n\
         From: <sip:user@example.com>;tag=81x2\nTo: <sip:user@example.com>\n\
         Call-ID: SSG9559905523997077@hlau_4100\nCSeq: 8 {method}\n\
         Contact: \"Caller\" <sip:{contact}>\n{kind}\n{body}"
    )
}

const VIA: &str = "[2001:db8::9:1];branch=z9hG4bKas3-111";

#[test]
fn references_stand_in_brackets() {
    // Sections 4.1, 4.3 and 4.4; 4.2 has none.
    for (uri, is_valid) in [
        ("sip:[2001:db8::10]", true),
        ("sip:[2001:db8::10:5070]", true),
        ("sip:[2001:db8::10]:5070", true),
        ("sip:2001:db8::10", false),
    ] {
        let mut wire = Wire::new();
        wire.hear(&request("REGISTER", uri, VIA, "caller@[2001:db8::1]", ""));
        match is_valid {
            true => assert!(
                matches!(wire.told[..], [Event::Registering(_)]),
                "{uri} {:?}",
                wire.sent
            ),
            false => assert!(wire.only().starts_with("SIP/2.0 400 "), "{uri}"),
        }
    }
}

#[test]
fn where_a_request_came_from_may_stand_with_or_without_brackets() {
    // Sections 4.5 and 4.6: the parameter of an older hop.
    for received in ["[2001:db8::9:255]", "2001:db8::9:255"] {
        let mut wire = Wire::new();
        let via =
            format!("{VIA}\nVia: SIP/2.0/UDP [2001:db8::9:2];received={received};branch=z9hG4bK2");
        wire.hear(&request(
            "OPTIONS",
            "sip:[2001:db8::10]",
            &via,
            "caller@[2001:db8::1]",
            "",
        ));
        assert!(wire.only().starts_with("SIP/2.0 200 "), "{received}");
        assert!(wire.only().contains(received));
    }
}

#[test]
fn addresses_of_both_kinds_and_mapped_ones_stand_beside_each_other() {
    // Sections 4.7 to 4.10.
    let v6 = "v=0\no=assistant 971731711378798081 0 IN IP6 2001:db8::20\ns=Live video feed\nc=IN IP6 2001:db8::20\nt=3338481189 3370017201\nm=audio 6000 RTP/AVP 8\n";
    let mixed = "v=0\no=bob 280744730 28977631 IN IP4 host.example.com\ns=\nt=0 0\nm=audio 22334 RTP/AVP 8\nc=IN IP4 192.0.2.1\nm=video 6024 RTP/AVP 107\nc=IN IP6 2001:db8::1\n";
    let mapped = "v=0\no=alice 53655765 2353687637 IN IP4 192.0.2.1\ns=-\nt=0 0\nc=IN IP6 ::ffff:192.0.2.2\nm=audio 49170 RTP/AVP 8\n";
    for body in [v6, mixed, mapped] {
        let mut wire = Wire::new();
        let via = format!(
            "192.0.2.16;branch=z9hG4bKnas\nVia: SIP/2.0/UDP {VIA};received=::ffff:192.0.2.2"
        );
        wire.hear(&request(
            "INVITE",
            "sip:user@[::ffff:192.0.2.10]:19823",
            &via,
            "caller@[2001:db8::9:1]",
            body,
        ));
        let offer = match &wire.told[..] {
            [Event::Incoming(incoming)] => incoming.sdp.clone(),
            other => panic!("{other:?} {:?}", wire.sent),
        };
        let offer = sip::sdp::Session::parse(&offer.expect("an offer")).expect("SDP");
        assert!(
            offer.audio().is_some_and(|audio| audio.address.is_some()),
            "{body}"
        );
    }
}
