//! Offers and answers with keys.

use std::net::SocketAddr;

use super::{Encryption::*, *};

const OURS: [Codec; 2] = [Codec::Pcma, Codec::Pcmu];

fn session(lines: &str) -> Session {
    let head = "v=0\no=- 1 1 IN IP4 h\ns=-\nc=IN IP4 198.51.100.7\nt=0 0\n";
    Session::parse(format!("{head}{lines}").as_bytes()).unwrap()
}

const THEIR_KEY: &str = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";

/// Our end, with different keys for the two suites.
fn secure(encryption: Encryption) -> Local {
    let keys = [MasterKey([1; MASTER_LEN]), MasterKey([2; MASTER_LEN])];
    Local {
        address: SocketAddr::from(([192, 0, 2, 1], 9000)),
        session_id: 5,
        version: 1,
        ptime_ms: 20,
        direction: Direction::SendRecv,
        security: Security {
            encryption,
            keys,
            handshake: None,
        },
        events: true,
    }
}

fn with_key(profile: &str, suite: &str) -> Session {
    session(&format!(
        "m=audio 4000 {profile} 8\na=crypto:7 F8_128_HMAC_SHA1_80 inline:{THEIR_KEY}\n\
         a=crypto:9 {suite} inline:{THEIR_KEY}|2^31\n"
    ))
}

fn keys(secured: Option<&Secured>) -> SharedKeys {
    match secured {
        Some(Secured::Keys(keys)) => *keys,
        other => panic!("{other:?}"),
    }
}

#[test]
fn g722_is_known_by_the_rate_of_its_sound_too_and_answered_by_that_of_its_clock() {
    for (payload_type, rate) in [(9, 16_000), (96, 16_000), (96, 8_000)] {
        let offer = session(&format!(
            "m=audio 4000 RTP/AVP {payload_type}\na=rtpmap:{payload_type} G722/{rate}\n"
        ));
        let (ours, agreed) = answer(&offer, &secure(Off), &[Codec::G722]).unwrap();
        assert_eq!(
            (agreed.codec, agreed.payload_type_sent),
            (Codec::G722, payload_type)
        );
        let ours = ours.to_string();
        assert!(
            ours.contains(&format!("a=rtpmap:{payload_type} G722/8000\r\n")),
            "{ours}"
        );
    }
    let offer = session("m=audio 4000 RTP/AVP 96\na=rtpmap:96 PCMA/16000\n");
    assert!(answer(&offer, &secure(Off), &OURS).is_err());
}

#[test]
fn keys_of_an_offer_are_answered_with_ours_for_the_first_suite_that_we_know() {
    for encryption in [Optional, Mandatory] {
        for profile in ["RTP/AVP", "RTP/SAVP", "RTP/SAVPF"] {
            let offer = with_key(profile, "AES_CM_128_HMAC_SHA1_32");
            let (ours, agreed) = answer(&offer, &secure(encryption), &OURS).unwrap();
            let text = ours.to_string();
            assert!(
                text.contains(&format!("m=audio 9000 {profile} 8\r\n")),
                "{text}"
            );
            assert!(text.contains("a=crypto:9 AES_CM_128_HMAC_SHA1_32 inline:AgIC"));
            let secured = keys(agreed.secured.as_ref());
            assert_eq!(secured.suite, Suite::AesCm128HmacSha1_32);
            assert_eq!(secured.ours, MasterKey([2; MASTER_LEN]));
            assert_eq!(secured.theirs, offer.media[0].crypto[0].key);
        }
    }
}

#[test]
fn encryption_is_as_we_want_it_or_there_is_no_call() {
    let plain = || session("m=audio 4000 RTP/AVP 8\n");
    let unknown = |profile| with_key(profile, "AES_256_CM_HMAC_SHA1_80");
    let known = |profile| with_key(profile, "AES_CM_128_HMAC_SHA1_80");
    for (want, offer, expected) in [
        (Off, plain(), Ok(false)),
        (Off, known("RTP/AVP"), Ok(false)),
        (Off, known("RTP/SAVP"), Err(Mismatch::Protocol)),
        (Optional, plain(), Ok(false)),
        (Optional, unknown("RTP/AVP"), Ok(false)),
        (Optional, unknown("RTP/SAVP"), Err(Mismatch::NotEncrypted)),
        (Optional, known("RTP/AVP"), Ok(true)),
        (Mandatory, plain(), Err(Mismatch::NotEncrypted)),
        (Mandatory, unknown("RTP/AVP"), Err(Mismatch::NotEncrypted)),
        (Mandatory, unknown("RTP/SAVP"), Err(Mismatch::NotEncrypted)),
        (Mandatory, known("RTP/AVP"), Ok(true)),
    ] {
        let is_secured = answer(&offer, &secure(want), &OURS).map(|(ours, agreed)| {
            assert_eq!(
                ours.media[0].crypto.len(),
                usize::from(agreed.secured.is_some())
            );
            agreed.secured.is_some()
        });
        assert_eq!(is_secured, expected, "{want:?} {offer}");
    }
}

#[test]
fn an_answer_to_our_keys_is_taken_or_refused() {
    let key = |profile: &str, line: &str| {
        session(&format!(
            "m=audio 4000 {profile} 8\na=crypto:{line} inline:{THEIR_KEY}\n"
        ))
    };
    let second = "2 AES_CM_128_HMAC_SHA1_32";
    for (want, answer, expected) in [
        (Off, key("RTP/AVP", second), Ok(None)),
        (Optional, session("m=audio 4000 RTP/AVP 8\n"), Ok(None)),
        (Optional, key("RTP/AVP", second), Ok(Some(2))),
        (
            Optional,
            key("RTP/AVP", "1 AES_CM_128_HMAC_SHA1_80"),
            Ok(Some(1)),
        ),
        // A tag that we did not offer with this suite.
        (
            Optional,
            key("RTP/AVP", "1 AES_CM_128_HMAC_SHA1_32"),
            Ok(None),
        ),
        (Mandatory, key("RTP/SAVP", second), Ok(Some(2))),
        (
            Mandatory,
            key("RTP/SAVP", "3 AES_CM_128_HMAC_SHA1_32"),
            Err(Mismatch::NotEncrypted),
        ),
        (
            Mandatory,
            session("m=audio 4000 RTP/AVP 8\n"),
            Err(Mismatch::NotEncrypted),
        ),
        (
            Mandatory,
            session("m=audio 4000 RTP/SAVP 8\n"),
            Err(Mismatch::NotEncrypted),
        ),
    ] {
        let offered = offer(&secure(want), &OURS);
        assert_eq!(offered.media[0].is_encrypted(), want == Mandatory);
        let secured = negotiated(&offered, &answer).map(|agreed| agreed.secured);
        let ours = secured.map(|secured| secured.as_ref().map(|s| keys(Some(s)).ours.0[0]));
        assert_eq!(ours, expected, "{want:?} {answer}");
    }
}

#[test]
fn what_is_encrypted_stays_so_under_the_same_keys() {
    let offer = with_key("RTP/SAVP", "AES_CM_128_HMAC_SHA1_80");
    let (ours, agreed) = answer(&offer, &secure(Optional), &OURS).unwrap();
    let (again, _) = Local::of(&ours).unwrap();
    let (same, agreed_again) = answer(&offer, &again, &OURS).unwrap();
    assert_eq!((same, agreed_again), (ours, agreed));
    let plain = session("m=audio 4000 RTP/AVP 8\n");
    assert_eq!(answer(&plain, &again, &OURS), Err(Mismatch::NotEncrypted));
    // A call that is plain stays plain.
    let (ours, _) = answer(&plain, &secure(Optional), &OURS).unwrap();
    let (again, _) = Local::of(&ours).unwrap();
    assert_eq!(answer(&offer, &again, &OURS), Err(Mismatch::Protocol));
}
