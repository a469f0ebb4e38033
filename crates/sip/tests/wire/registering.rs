//! REGISTER of either side.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sip::{
    Binding, Command, Event, QueryId, Register, RegisterAnswer, Registering, RegistrarRules,
    contact_headers, digest::Credentials, registered,
};

use crate::common::{Wire, answer, field, link};

const NOW: SystemTime = UNIX_EPOCH;

fn register(cseq: u32, more: &str) -> String {
    format!(
        "REGISTER sip:1400000001.example SIP/2.0\n\
         Via: SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bKr{cseq};rport\n\
         From: <sip:1001@1400000001.example>;tag=a\nTo: <sip:1001@1400000001.example>\n\
         Call-ID: r1\nCSeq: {cseq} REGISTER\nMax-Forwards: 70\n{more}\n"
    )
}

/// What the endpoint makes of a REGISTER.
fn offered(cseq: u32, more: &str) -> Registering {
    let mut wire = Wire::new();
    wire.hear(&register(cseq, more));
    match wire.told.pop() {
        Some(Event::Registering(registering)) => *registering,
        other => panic!("{other:?}"),
    }
}

fn contact(n: u32) -> String {
    format!("Contact: <sip:1001@10.0.0.{n}>\n")
}

/// The contacts after these lines, or the status of the refusal.
fn after(present: &[Binding], cseq: u32, more: &str) -> Result<Vec<Binding>, u16> {
    let rules = RegistrarRules {
        bindings_max: 2,
        ..RegistrarRules::default()
    };
    registered(&offered(cseq, more), present, &rules, NOW).map_err(|refused| refused.status)
}

fn told(bindings: &[Binding]) -> Vec<(String, u64)> {
    let left = |b: &Binding| {
        b.expires_at
            .duration_since(NOW)
            .unwrap_or_default()
            .as_secs()
    };
    bindings
        .iter()
        .map(|b| (b.contact.to_string(), left(b)))
        .collect()
}

#[test]
fn a_phone_is_challenged_answered_and_heard_once() {
    let mut wire = Wire::new();
    wire.hear(&register(1, &contact(5)));
    let Some(Event::Registering(first)) = wire.told.pop() else {
        panic!("nothing told")
    };
    assert_eq!(first.aor.user.as_deref(), Some("1001"));
    assert!(first.authorization.is_none());
    wire.hear(&register(1, &contact(5)));
    assert!(
        wire.told.is_empty() && wire.sent.is_empty(),
        "a repetition waits"
    );
    wire.command(Command::ChallengeRegister {
        request: first.request,
        realm: "centre".into(),
        stale: false,
    });
    assert!(wire.only().starts_with("SIP/2.0 401 "));
    let asked = field(wire.only(), "WWW-Authenticate");
    assert!(
        asked.contains("algorithm=MD5") && !asked.contains("SHA-256"),
        "{asked}"
    );

    wire.hear(&register(2, &contact(5)));
    let Some(Event::Registering(second)) = wire.told.pop() else {
        panic!("nothing told")
    };
    let bindings = registered(&second, &[], &RegistrarRules::default(), NOW).unwrap();
    let headers = contact_headers(&second, &bindings, NOW);
    wire.command(Command::AnswerRegister {
        request: second.request,
        status: 200,
        headers,
    });
    let ok = wire.only().to_owned();
    assert_eq!(field(&ok, "Contact"), "<sip:1001@10.0.0.5>;expires=3600");
    wire.hear(&register(2, &contact(5)));
    assert_eq!(wire.only(), ok, "the answer is repeated");
    wire.wait(Duration::from_secs(40));
    assert_eq!(wire.endpoint.n_legs_and_transactions(), (0, 0));
}

#[test]
fn what_the_shell_forgets_is_forgotten() {
    let mut wire = Wire::new();
    wire.hear(&register(1, &contact(5)));
    let Some(Event::Registering(first)) = wire.told.pop() else {
        panic!("nothing told")
    };
    wire.wait(Duration::from_secs(32));
    wire.command(Command::AnswerRegister {
        request: first.request,
        status: 200,
        headers: Vec::new(),
    });
    assert!(wire.sent.is_empty());
}

#[test]
fn contacts_come_change_and_go() {
    let one = after(&[], 1, &contact(5)).unwrap();
    assert_eq!(told(&one), [("sip:1001@10.0.0.5".into(), 3600)]);
    let two = after(&one, 2, &format!("{}Expires: 99999\n", contact(6))).unwrap();
    assert_eq!(two.len(), 2);
    assert_eq!(two[1].expires_at, NOW + Duration::from_secs(7200));
    let shorter = after(&two, 3, "Contact: <sip:1001@10.0.0.6>;expires=60\n").unwrap();
    assert_eq!(told(&shorter)[1], ("sip:1001@10.0.0.6".into(), 60));
    assert_eq!(after(&two, 3, "").unwrap(), two, "it only asks");
    let gone = after(&two, 3, "Contact: <sip:1001@10.0.0.5>;expires=0\n").unwrap();
    assert_eq!(told(&gone), [("sip:1001@10.0.0.6".into(), 7200)]);
    assert_eq!(after(&two, 3, "Contact: *\nExpires: 0\n"), Ok(Vec::new()));
}

#[test]
fn a_registrar_refuses_what_is_wrong_and_changes_nothing() {
    let one = after(&[], 5, &contact(5)).unwrap();
    for (status, cseq, more) in [
        (423, 6, "Contact: <sip:1001@10.0.0.5>;expires=10\n"),
        (400, 6, "Contact: <tel:1001>\n"),
        (400, 6, "Contact: <sip:1001@10.0.0.5>;expires=soon\n"),
        (400, 6, "Contact: *\n"),
        (400, 6, "Contact: *, <sip:1001@10.0.0.5>\nExpires: 0\n"),
        (500, 5, "Contact: <sip:1001@10.0.0.5>\n"),
        (500, 4, "Contact: *\nExpires: 0\n"),
        (403, 6, "Contact: <sip:a@10.0.0.1>, <sip:b@10.0.0.1>\n"),
    ] {
        assert_eq!(after(&one, cseq, more), Err(status), "{more}");
    }
    let brief = registered(
        &offered(6, "Contact: <sip:1001@10.0.0.5>;expires=10\n"),
        &one,
        &RegistrarRules::default(),
        NOW,
    );
    let min = ("Min-Expires".to_owned(), "60".to_owned());
    assert_eq!(brief.unwrap_err().headers, [min]);
}

#[test]
fn a_phone_that_moves_keeps_one_contact_and_the_way_of_its_proxy_is_kept() {
    let of = |n: u32| {
        format!(
            "Contact: <sip:1001@10.0.0.{n}>;+sip.instance=\"<urn:uuid:1>\";reg-id=1\n\
             Path: <sip:edge.example;lr>, <sip:core.example;lr>\n"
        )
    };
    let first = after(&[], 1, &of(5)).unwrap();
    let moved = after(&first, 2, &of(6)).unwrap();
    assert_eq!(told(&moved), [("sip:1001@10.0.0.6".into(), 3600)]);
    assert_eq!(
        moved[0].path,
        ["<sip:edge.example;lr>", "<sip:core.example;lr>"]
    );
    assert_eq!(moved[0].link, link());
}

#[test]
fn we_register_with_a_password_and_count_on() {
    let mut wire = Wire::new();
    wire.command(Command::Register(Box::new(Register {
        query: QueryId(7),
        registrar: "sip:carrier.example".parse().unwrap(),
        aor: "sip:acme@carrier.example".parse().unwrap(),
        contact_user: "trunk-3".into(),
        expires: Duration::from_secs(600),
        credentials: Some(Credentials {
            username: "acme".into(),
            password: "secret".into(),
        }),
        link: link(),
        call_id: "ours".into(),
        cseq: 4,
    })));
    let first = wire.only().to_owned();
    assert_eq!(
        field(&first, "Contact"),
        "<sip:trunk-3@192.0.2.1:5060>;expires=600"
    );
    let challenge =
        "WWW-Authenticate: Digest realm=\"r\",nonce=\"n\",qop=\"auth\",algorithm=MD5\n\n";
    wire.hear(&answer(&first, "401 Unauthorized", "x", challenge));
    let second = wire.only().to_owned();
    assert_eq!(field(&second, "CSeq"), "5 REGISTER");
    assert_eq!(field(&second, "Call-ID"), "ours");
    assert!(field(&second, "Authorization").contains("username=\"acme\""));
    let ok =
        "Contact: <sip:other@192.0.2.3>;expires=30, <sip:trunk-3@192.0.2.1:5060>;expires=300\n\n";
    wire.hear(&answer(&second, "200 OK", "x", ok));
    let Some(Event::RegisterAnswered { query, answer }) = wire.told.pop() else {
        panic!("nothing told")
    };
    let expected = RegisterAnswer {
        status: Some(200),
        expires_second: Some(300),
        min_expires_second: None,
        retry_after_second: None,
        cseq: 5,
    };
    assert_eq!((query, *answer), (QueryId(7), expected));
}

#[test]
fn a_silent_registrar_is_told_as_silent() {
    let mut wire = Wire::new();
    wire.command(Command::Register(Box::new(Register {
        query: QueryId(7),
        registrar: "sip:carrier.example".parse().unwrap(),
        aor: "sip:acme@carrier.example".parse().unwrap(),
        contact_user: "acme".into(),
        expires: Duration::from_secs(600),
        credentials: None,
        link: link(),
        call_id: "ours".into(),
        cseq: 1,
    })));
    let mut answers = Vec::new();
    while let Some((at, _)) = wire.endpoint.poll_timeout() {
        wire.wait(at - wire.now);
        answers.append(&mut wire.told);
    }
    assert!(matches!(
        &answers[..],
        [Event::RegisterAnswered { answer, .. }] if answer.status.is_none()
    ));
}
