//! Offers and answers with a handshake: those of browsers, and of telephones and servers that do the same.

use std::net::SocketAddr;

use super::{Encryption::*, *};

const ALL: [Codec; 4] = [Codec::Pcma, Codec::Pcmu, Codec::G722, Codec::Opus];

const SHA_256: &str = "6B:8B:5D:EA:59:04:20:23:29:C8:87:1C:CC:87:32:BE:DD:8C:66:A5:8E:50:55:EA:8C:D3:B6:5C:09:5E:D6:BC";

/// Chromium 15x by JsSIP 3, with a microphone and without a camera.
fn chromium() -> String {
    format!(
        "v=0\r\no=- 5194227390384163021 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n\
a=extmap-allow-mixed\r\na=msid-semantic: WMS 5f0e0fd7-3b6c-4b2a-8d0b-4d24a1d2c0a1\r\n\
m=audio 50931 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\nc=IN IP4 198.51.100.7\r\na=rtcp:9 IN IP4 0.0.0.0\r\n\
a=candidate:1467250027 1 udp 2122260223 7d7d5e5e-1b8c-4dca-9d6c-a1f0d6a1b2c3.local 50931 typ host generation 0 network-id 1\r\n\
a=candidate:842163049 1 udp 1677729535 198.51.100.7 50931 typ srflx raddr 0.0.0.0 rport 0 generation 0 network-id 1\r\n\
a=candidate:435653019 1 tcp 1518280447 192.168.1.4 9 typ host tcptype active generation 0 network-id 1\r\n\
a=ice-ufrag:4ZcD\r\na=ice-pwd:2/1muCWoOi3uLifh0NuRHlhe\r\na=ice-options:trickle\r\n\
a=fingerprint:sha-256 {SHA_256}\r\na=setup:actpass\r\na=mid:0\r\n\
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n\
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=sendrecv\r\n\
a=msid:5f0e0fd7-3b6c-4b2a-8d0b-4d24a1d2c0a1 3f6d2e0c-6b3a-4c8e-9a7b-0f5e4d3c2b1a\r\na=rtcp-mux\r\na=rtcp-rsize\r\n\
a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n\
a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\na=rtpmap:9 G722/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n\
a=rtpmap:13 CN/8000\r\na=rtpmap:110 telephone-event/48000\r\na=rtpmap:126 telephone-event/8000\r\n\
a=ssrc:1001 cname:TrGZ\r\na=ssrc:1001 msid:5f0e0fd7 3f6d2e0c\r\n"
    )
}

/// Firefox: no address yet, the fingerprint for the whole session, and a camera.
fn firefox() -> String {
    format!(
        "v=0\r\no=mozilla...THIS_IS_SDPARTA-99.0 3127834928347 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=sendrecv\r\n\
a=fingerprint:sha-256 {SHA_256}\r\na=group:BUNDLE 0 1\r\na=ice-options:trickle\r\na=msid-semantic:WMS *\r\n\
m=audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8 101\r\nc=IN IP4 0.0.0.0\r\na=sendrecv\r\na=end-of-candidates\r\n\
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n\
a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1\r\na=fmtp:101 0-15\r\n\
a=ice-pwd:c5f7d0ab6e1c4c8d9c03e5ae41b2e1f0\r\na=ice-ufrag:1ed8a6f3\r\na=mid:0\r\na=msid:{{a}} {{b}}\r\na=rtcp-mux\r\n\
a=rtpmap:109 opus/48000/2\r\na=rtpmap:9 G722/8000/1\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n\
a=rtpmap:101 telephone-event/8000/1\r\na=setup:actpass\r\na=ssrc:2 cname:{{c}}\r\n\
m=video 9 UDP/TLS/RTP/SAVPF 120 124\r\nc=IN IP4 0.0.0.0\r\na=sendrecv\r\na=ice-pwd:c5f7d0ab6e1c4c8d9c03e5ae41b2e1f0\r\n\
a=ice-ufrag:1ed8a6f3\r\na=mid:1\r\na=rtcp-mux\r\na=rtpmap:120 VP8/90000\r\na=rtpmap:124 rtx/90000\r\na=setup:actpass\r\n"
    )
}

/// Safari, which hides its addresses behind names.
fn safari() -> String {
    chromium()
        .replace(
            "c=IN IP4 198.51.100.7",
            "c=IN IP4 7d7d5e5e-1b8c-4dca-9d6c-a1f0d6a1b2c3.local",
        )
        .replace(" 63 ", " ")
}

/// Linphone with `media_encryption=dtls`, Asterisk with `media_encryption=dtls` and FreeSWITCH, in that order:
/// without ICE; the last one with keys, too.
fn telephone(profile: &str, setup: &str, more: &str) -> String {
    format!(
        "v=0\r\no=1001 3341 1127 IN IP4 198.51.100.7\r\ns=Talk\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\n\
a=fingerprint:sha-256 {}\r\nm=audio 7078 {profile} 96 0 8 101\r\na=rtpmap:96 opus/48000/2\r\n\
a=rtpmap:101 telephone-event/8000\r\na=setup:{setup}\r\n{more}",
        SHA_256.to_lowercase()
    )
}

fn session(text: &str) -> Session {
    Session::parse(text.as_bytes()).unwrap()
}

fn fingerprint(byte: u8) -> Fingerprint {
    Fingerprint {
        hash: Hash::Sha256,
        bytes: vec![byte; 32].into(),
    }
}

fn credentials(word: &str) -> IceCredentials {
    IceCredentials {
        ufrag: word.into(),
        pwd: format!("{word}/passwordOfSomeLength").into(),
    }
}

/// Our end: what our offers are, if they have a handshake.
fn ours(encryption: Encryption, offered_under: Option<&str>) -> Local {
    Local {
        address: SocketAddr::from(([192, 0, 2, 1], 9000)),
        session_id: 5,
        version: 1,
        ptime_ms: 20,
        direction: Direction::SendRecv,
        security: Security {
            encryption,
            keys: [MasterKey([1; MASTER_LEN]), MasterKey([2; MASTER_LEN])],
            handshake: Some(OurHandshake {
                fingerprint: fingerprint(0xab),
                ice: Some(credentials("ourUfrag")),
                offered_under: offered_under.map(str::to_owned),
                role: None,
                mid: "0".to_owned(),
            }),
        },
        events: true,
    }
}

fn made(agreed: &Negotiated) -> &Handshake {
    let made = agreed.secured.as_ref().and_then(Secured::handshake);
    made.expect("a handshake")
}

#[test]
fn a_browser_is_answered_with_everything_that_it_needs() {
    let (answer, agreed) = answer(&session(&chromium()), &ours(Off, None), &ALL).unwrap();
    assert_eq!(
        answer.to_string(),
        format!(
            "v=0\r\no=- 5 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\na=ice-lite\r\n\
a=group:BUNDLE 0\r\nm=audio 9000 UDP/TLS/RTP/SAVPF 111 110\r\na=rtpmap:111 opus/48000/2\r\n\
a=fmtp:111 maxplaybackrate=8000;sprop-maxcapturerate=8000;useinbandfec=1\r\n\
a=rtpmap:110 telephone-event/48000\r\na=fmtp:110 0-15\r\na=ptime:20\r\na=rtcp-mux\r\na=mid:0\r\n\
a=ice-ufrag:ourUfrag\r\na=ice-pwd:ourUfrag/passwordOfSomeLength\r\n\
a=fingerprint:sha-256 {}\r\na=setup:passive\r\na=sendrecv\r\n\
a=candidate:1 1 UDP 2130706431 192.0.2.1 9000 typ host\r\na=end-of-candidates\r\n\
a=msid:switchboard audio\r\n",
            ["AB"; 32].join(":")
        )
    );
    assert_eq!((agreed.codec, agreed.rtcp_mux), (Codec::Opus, true));
    assert_eq!(agreed.dtmf_clock_hz, 48_000);
    let made = made(&agreed);
    assert_eq!(made.role, Role::Server);
    assert_eq!(made.fingerprint.to_string(), format!("sha-256 {SHA_256}"));
    let ice = made.ice.as_ref().unwrap();
    assert_eq!((&*ice.theirs.ufrag, ice.peer_is_lite), ("4ZcD", false));
    assert_eq!(ice.ours, credentials("ourUfrag"));
    assert_eq!(
        session(&answer.to_string()),
        answer,
        "it is read as written"
    );
}

#[test]
fn offers_of_all_browsers_are_taken_and_their_addresses_mean_nothing() {
    for offer in [chromium(), firefox(), safari()] {
        let (ours, agreed) = answer(&session(&offer), &ours(Optional, None), &ALL).unwrap();
        assert_eq!(agreed.direction, Direction::SendRecv, "not a hold: {offer}");
        assert_eq!(ours.bundle, ["0"], "what is refused is in no group");
        assert!(made(&agreed).ice.is_some());
        let refused = ours.media.iter().skip(1);
        assert!(
            refused
                .clone()
                .all(|m| m.port == 0 && m.lines.ice().is_none())
        );
        let text = ours.to_string();
        assert_eq!(
            text.matches("a=mid:").count(),
            1 + refused.count(),
            "{text}"
        );
        assert_eq!(text.matches("a=fingerprint").count(), 1, "{text}");
    }
}

#[test]
fn a_browser_holds_by_direction() {
    for (theirs, expected) in [
        ("a=sendonly", Direction::RecvOnly),
        ("a=recvonly", Direction::SendOnly),
        ("a=inactive", Direction::Inactive),
    ] {
        let offer = firefox().replace("a=sendrecv", theirs);
        let (_, agreed) = answer(&session(&offer), &ours(Off, None), &ALL).unwrap();
        assert_eq!(agreed.direction, expected);
    }
}

#[test]
fn telephones_shake_hands_without_ice_under_the_profile_that_they_offer() {
    let keys =
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR\r\n";
    for (profile, setup, more, role) in [
        (
            "UDP/TLS/RTP/SAVP",
            "actpass",
            "a=rtcp-mux\r\n",
            Role::Server,
        ),
        ("UDP/TLS/RTP/SAVPF", "active", "", Role::Server),
        ("RTP/SAVP", "passive", "", Role::Client),
        ("RTP/SAVPF", "actpass", keys, Role::Server),
        // RFC 8643: no profile says so, and the media may be protected.
        ("RTP/AVP", "actpass", "", Role::Server),
    ] {
        for encryption in [Optional, Mandatory] {
            let offer = session(&telephone(profile, setup, more));
            let (ours, agreed) = answer(&offer, &ours(encryption, None), &ALL).unwrap();
            let text = ours.to_string();
            assert_eq!(ours.media[0].protocol, profile);
            let word = if role == Role::Server {
                "passive"
            } else {
                "active"
            };
            assert!(text.contains(&format!("a=setup:{word}\r\n")), "{text}");
            for no in ["ice", "candidate", "crypto", "mid", "msid"] {
                assert!(!text.contains(&format!("a={no}")), "{text}");
            }
            assert_eq!((made(&agreed).role, &made(&agreed).ice), (role, &None));
            assert_eq!(agreed.remote, SocketAddr::from(([198, 51, 100, 7], 7078)));
        }
    }
}

#[test]
fn without_a_handshake_of_ours_there_is_none() {
    let without = |encryption| {
        let mut local = ours(encryption, None);
        local.security.handshake = None;
        local
    };
    let why = |offer: &str, local: &Local| answer(&session(offer), local, &ALL).unwrap_err();
    assert_eq!(why(&chromium(), &without(Off)), Mismatch::Protocol);
    let plain = telephone("RTP/AVP", "actpass", "");
    let (text, agreed) = answer(&session(&plain), &without(Off), &ALL).unwrap();
    assert_eq!(agreed.secured, None);
    assert!(!text.to_string().contains("fingerprint"));
}

#[test]
fn a_fingerprint_that_proves_nothing_is_no_handshake() {
    let twenty = ["AB"; 20].join(":");
    let sha_1 = format!("a=fingerprint:sha-1 {twenty}");
    let strong = format!("a=fingerprint:sha-256 {SHA_256}");
    let weak = chromium().replace(&strong, &sha_1);
    let why = answer(&session(&weak), &ours(Off, None), &ALL).unwrap_err();
    assert_eq!(why, Mismatch::Fingerprint);
    assert!(why.warning().starts_with("302 "));
    let both = chromium().replace(&strong, &format!("{sha_1}\r\n{strong}"));
    let (_, agreed) = answer(&session(&both), &ours(Off, None), &ALL).unwrap();
    assert_eq!(made(&agreed).fingerprint.hash, Hash::Sha256);
    let other = chromium().replace("UDP/TLS", "TCP/TLS");
    let why = answer(&session(&other), &ours(Off, None), &ALL).unwrap_err();
    assert_eq!(why, Mismatch::Protocol);
}

#[test]
fn our_offer_to_a_browser_is_answered_by_its_like() {
    let local = ours(Optional, Some("UDP/TLS/RTP/SAVPF"));
    let offered = offer(&local, &[Codec::Opus, Codec::Pcma]);
    let text = offered.to_string();
    for line in [
        "a=ice-lite",
        "a=group:BUNDLE 0",
        "m=audio 9000 UDP/TLS/RTP/SAVPF 111 8 101 102",
        "a=setup:actpass",
        "a=rtcp-mux",
        "a=mid:0",
        "a=candidate:1 1 UDP 2130706431 192.0.2.1 9000 typ host",
    ] {
        assert!(text.contains(&format!("{line}\r\n")), "{line}: {text}");
    }
    assert!(!text.contains("crypto"), "{text}");
    assert_eq!(session(&text), offered);
    for (theirs, role) in [("active", Role::Server), ("passive", Role::Client)] {
        let answer = session(&chromium().replace("actpass", theirs));
        let agreed = negotiated(&offered, &answer).unwrap();
        assert_eq!((made(&agreed).role, agreed.rtcp_mux), (role, true));
        assert_eq!(
            made(&agreed).ice.as_ref().unwrap().ours,
            credentials("ourUfrag")
        );
    }
    let plain =
        session("v=0\r\no=- 1 1 IN IP4 h\r\nc=IN IP4 198.51.100.7\r\nm=audio 4000 RTP/AVP 8\r\n");
    assert_eq!(negotiated(&offered, &plain), Err(Mismatch::NotEncrypted));
    let naked = session(&chromium().replace("a=fingerprint", "a=x-fingerprint"));
    assert_eq!(negotiated(&offered, &naked), Err(Mismatch::Fingerprint));
}

#[test]
fn what_was_agreed_on_stays_when_the_call_changes() {
    let (first, agreed) = answer(&session(&chromium()), &ours(Off, None), &ALL).unwrap();
    let (again, codecs) = Local::of(&first).unwrap();
    let held = chromium().replace("a=sendrecv", "a=sendonly");
    let (_, on_hold) = answer(&session(&held), &again, &codecs).unwrap();
    assert_eq!(on_hold.secured, agreed.secured);
    // We offer: whoever answers may choose anew, and has our words as they were.
    let later = offer(&again, &codecs);
    let lines = &later.media[0].lines;
    assert_eq!((lines.setup, later.bundle.len()), (Some(Setup::ActPass), 1));
    assert_eq!(lines.ice(), Some(credentials("ourUfrag")));
    assert_eq!(later.media[0].protocol, "UDP/TLS/RTP/SAVPF");
    // It never goes on in the clear.
    let plain = telephone("RTP/AVP", "actpass", "").replace("a=fingerprint", "a=x");
    let why = answer(&session(&plain), &again, &ALL).unwrap_err();
    assert_eq!(why, Mismatch::NotEncrypted);
}

#[test]
fn who_begins_ice_anew_is_answered_with_new_words_and_nobody_else_is() {
    let (first, _) = answer(&session(&chromium()), &ours(Off, None), &ALL).unwrap();
    let (mut again, codecs) = Local::of(&first).unwrap();
    let theirs = session(&chromium()).media[0].lines.ice();
    let mut rng = rand::rng();
    let handshake = again.security.handshake.as_mut().unwrap();
    handshake.follow(
        (Some(Role::Client), theirs.as_ref()),
        theirs.as_ref(),
        &mut rng,
    );
    assert_eq!(handshake.ice, Some(credentials("ourUfrag")));
    let other = credentials("other");
    handshake.follow(
        (Some(Role::Client), theirs.as_ref()),
        Some(&other),
        &mut rng,
    );
    assert_ne!(handshake.ice, Some(credentials("ourUfrag")));
    let (answer, agreed) = answer(&session(&chromium()), &again, &codecs).unwrap();
    assert_eq!(made(&agreed).role, Role::Client, "we stay what we were");
    assert_eq!(answer.media[0].lines.setup, Some(Setup::Active));
}
