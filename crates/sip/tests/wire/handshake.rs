//! A browser's call that changes: hold, ICE that begins anew, and offers of our own keep one handshake.

use std::{net::SocketAddr, time::Duration};

use sip::{
    Command, Event, Invite, NameAddr,
    sdp::{
        self, Codec, Direction, Encryption, Fingerprint, Handshake, Hash, IceCredentials, Local,
        OurHandshake, Role, Secured, Security, Session,
    },
};

use crate::common::*;

/// What a browser says, `word` of its ICE.
fn browser(setup: &str, word: &str, direction: &str) -> String {
    let print = ["6B"; 32].join(":");
    format!(
        "v=0\no=- 1 2 IN IP4 127.0.0.1\ns=-\nt=0 0\na=group:BUNDLE 0\nm=audio 9 UDP/TLS/RTP/SAVPF 8 0\n\
         c=IN IP4 0.0.0.0\na=ice-ufrag:{word}\na=ice-pwd:{word}PasswordOfSomeLength\na=fingerprint:sha-256 {print}\n\
         a=setup:{setup}\na=mid:0\na={direction}\na=rtcp-mux\n"
    )
}

fn with_sdp(sdp: &str) -> String {
    format!("c: application/sdp\n\n{sdp}")
}

fn ours(profile: Option<&str>) -> Local {
    Local {
        address: SocketAddr::from(([192, 0, 2, 1], 9000)),
        session_id: 7,
        version: 1,
        ptime_ms: 20,
        direction: Direction::SendRecv,
        security: Security {
            encryption: Encryption::Off,
            handshake: Some(OurHandshake {
                fingerprint: Fingerprint {
                    hash: Hash::Sha256,
                    bytes: vec![0xab; 32].into(),
                },
                ice: Some(IceCredentials {
                    ufrag: "ours".into(),
                    pwd: "oursPasswordOfSomeLength".into(),
                }),
                offered_under: profile.map(str::to_owned),
                role: None,
                mid: "0".into(),
            }),
            ..Security::OFF
        },
        events: true,
    }
}

fn made(wire: &Wire) -> Handshake {
    match &wire.told[..] {
        [Event::Reoffered { negotiated, .. }] => match &negotiated.secured {
            Some(Secured::Handshake(made)) => made.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?} {:?}", wire.sent),
    }
}

/// Our words of ICE in the answer that was sent.
fn ufrag(wire: &Wire) -> String {
    let answer = wire.only();
    let line = answer.lines().find_map(|l| l.strip_prefix("a=ice-ufrag:"));
    line.expect("ICE").to_owned()
}

#[test]
fn a_browser_that_called_holds_resumes_and_begins_ice_anew() {
    let mut wire = Wire::new();
    let offer = browser("actpass", "abcd", "sendrecv");
    wire.hear(&invite_with(&offer));
    let read = Session::parse(offer.as_bytes()).unwrap();
    let (answer, _) = sdp::answer(&read, &ours(None), &[Codec::Pcma]).unwrap();
    wire.command(Command::Accept {
        leg: THEM,
        sdp: answer.to_bytes(),
    });
    assert_eq!(ufrag(&wire), "ours");
    let tag = tag(&field(wire.only(), "To")).to_owned();
    wire.hear(&theirs("ACK", 10, &tag, "\n"));
    for (cseq, direction) in [(11, "sendonly"), (12, "sendrecv")] {
        let offer = browser("actpass", "abcd", direction);
        wire.hear(&theirs("INVITE", cseq, &tag, &with_sdp(&offer)));
        assert_eq!(ufrag(&wire), "ours");
        assert!(wire.only().contains("a=setup:passive\r\n"));
        assert_eq!(made(&wire).role, Role::Server);
        wire.hear(&theirs("ACK", cseq, &tag, "\n"));
    }
    let offer = browser("actpass", "anew", "sendrecv");
    wire.hear(&theirs("INVITE", 13, &tag, &with_sdp(&offer)));
    let anew = ufrag(&wire);
    assert_ne!(anew, "ours");
    let ice = made(&wire).ice.unwrap();
    assert_eq!((&*ice.ours.ufrag, &*ice.theirs.ufrag), (&*anew, "anew"));
    wire.hear(&theirs("ACK", 13, &tag, "\n"));
    // The same again changes nothing more.
    wire.hear(&theirs("INVITE", 14, &tag, &with_sdp(&offer)));
    assert_eq!(ufrag(&wire), anew);
    wire.hear(&theirs("ACK", 14, &tag, "\n"));
    // Without its handshake the call does not go on.
    let plain = "v=0\no=- 1 2 IN IP4 h\ns=-\nc=IN IP4 192.0.2.9\nt=0 0\nm=audio 4400 RTP/AVP 8\n";
    wire.hear(&theirs("INVITE", 15, &tag, &with_sdp(plain)));
    assert!(wire.only().starts_with("SIP/2.0 488 "));
    assert!(wire.only().contains("Warning: 302 "));
}

#[test]
fn a_browser_that_we_called_may_wait_for_us_and_we_stay_who_begins() {
    let mut wire = Wire::new();
    let offer = sdp::offer(&ours(Some("UDP/TLS/RTP/SAVPF")), &[Codec::Pcma]);
    wire.command(Command::Invite(Box::new(Invite {
        leg: US,
        to: "sip:13800138000@trunk.example".parse().expect("a uri"),
        from: NameAddr::new("sip:4001@192.0.2.1".parse().expect("a uri")),
        link: link(),
        routes: Vec::new(),
        credentials: None,
        headers: Vec::new(),
        sdp: offer.to_bytes(),
        ring_time_max: Duration::from_secs(30),
        rules: sip::InviteRules::default(),
    })));
    let invite = wire.only().to_owned();
    assert!(invite.contains("m=audio 9000 UDP/TLS/RTP/SAVPF 8 101\r\n"));
    let their = browser("passive", "abcd", "sendrecv");
    let more = format!("Contact: <sip:b@192.0.2.9:5070>\nContent-Type: application/sdp\n\n{their}");
    wire.hear(&answer(&invite, "200 OK", "b1", &more));
    assert!(matches!(wire.told[..], [Event::Answered { .. }]));
    let held = browser("actpass", "abcd", "sendonly");
    wire.hear(&theirs_in_our_call(&invite, "INVITE", 2, &with_sdp(&held)));
    assert!(
        wire.only().contains("a=setup:active\r\n"),
        "{}",
        wire.only()
    );
    assert_eq!((made(&wire).role, &*ufrag(&wire)), (Role::Client, "ours"));
    assert!(
        wire.only().contains("a=recvonly\r\n"),
        "a hold by direction"
    );
}
