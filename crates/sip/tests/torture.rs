//! The torture messages of RFC 4475, each answered as its section says.
//!
//! `rfc4475/` holds them byte for byte as the archive in appendix A of the RFC does; that of `test.dat`,
//! which no section describes, is left out. An INVITE that is offered to the shell is answered 100; a
//! REGISTER that is offered to it is not answered by the endpoint: what a registrar makes of it stands
//! in a test of its own.

use std::{
    collections::BTreeSet,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use sip::{
    Config, Endpoint, Event, Input, Link, Output, Registering, RegistrarRules, Summary, Transport,
    What, registered, summary,
};

/// Section, file, and the statuses of our answers to it.
const EXPECTED: [(&str, &str, &[u16]); 49] = [
    // It has a To-tag of a dialog that does not exist.
    ("3.1.1.1", "wsinv", &[481]),
    ("3.1.1.2", "intmeth", &[405]),
    ("3.1.1.3", "esc01", &[100]),
    ("3.1.1.4", "escnull", &[]),
    // The escapes of a method are none: it is an unknown one.
    ("3.1.1.5", "esc02", &[405]),
    ("3.1.1.6", "lwsdisp", &[200]),
    ("3.1.1.7", "longreq", &[100]),
    // The second request in the datagram is passed over.
    ("3.1.1.8", "dblreq", &[]),
    ("3.1.1.9", "semiuri", &[200]),
    ("3.1.1.10", "transports", &[200]),
    ("3.1.1.11", "mpart01", &[405]),
    // Responses to nothing that we asked.
    ("3.1.1.12", "unreason", &[]),
    ("3.1.1.13", "noreason", &[]),
    ("3.1.2.1", "badinv01", &[400]),
    ("3.1.2.2", "clerr", &[400]),
    ("3.1.2.3", "ncl", &[400]),
    ("3.1.2.4", "scalar02", &[400]),
    // A response with numbers out of range is dropped.
    ("3.1.2.5", "scalarlg", &[]),
    ("3.1.2.6", "quotbal", &[400]),
    ("3.1.2.7", "ltgtruri", &[400]),
    ("3.1.2.8", "lwsruri", &[400]),
    // Read liberally, as the section allows.
    ("3.1.2.9", "lwsstart", &[100]),
    ("3.1.2.10", "trws", &[200]),
    ("3.1.2.11", "escruri", &[100]),
    ("3.1.2.12", "baddate", &[100]),
    ("3.1.2.13", "regbadct", &[]),
    // Spaces around an address, and names that lack their quotes, may be forgiven too.
    ("3.1.2.14", "badaspec", &[200]),
    ("3.1.2.15", "baddn", &[200]),
    ("3.1.2.16", "badvers", &[505]),
    ("3.1.2.17", "mismatch01", &[400]),
    ("3.1.2.18", "mismatch02", &[400]),
    ("3.1.2.19", "bigcode", &[]),
    ("3.2.1", "badbranch", &[200]),
    ("3.3.1", "insuf", &[400]),
    ("3.3.2", "unkscm", &[416]),
    ("3.3.3", "novelsc", &[416]),
    ("3.3.4", "unksm2", &[]),
    ("3.3.5", "bext01", &[420]),
    ("3.3.6", "invut", &[415]),
    ("3.3.7", "regaut01", &[]),
    ("3.3.8", "multi01", &[400]),
    ("3.3.9", "mcl01", &[400]),
    ("3.3.10", "bcast", &[]),
    // Max-Forwards 0 of OPTIONS asks for this very hop.
    ("3.3.11", "zeromf", &[200]),
    ("3.3.12", "cparam01", &[]),
    ("3.3.13", "cparam02", &[]),
    ("3.3.14", "regescrt", &[]),
    ("3.3.15", "sdp01", &[406]),
    ("3.4.1", "inv2543", &[100]),
];

#[test]
fn every_message_is_answered_as_its_section_says() {
    let wrong: Vec<String> = EXPECTED
        .iter()
        .filter_map(|(section, name, expected)| {
            let (statuses, _) = heard(name);
            (statuses != *expected).then(|| format!("{section} {name}: {statuses:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_message_of_the_archive_is_asked() {
    let files: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "dat"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let asked: BTreeSet<String> = EXPECTED.iter().map(|(_, name, _)| (*name).into()).collect();
    assert_eq!(files, asked);
}

#[test]
fn what_is_refused_is_explained() {
    let says = |name: &str, words: &str| {
        let (_, sent) = heard(name);
        assert!(sent.contains(words), "{name}: {sent}");
    };
    says(
        "bext01",
        "\r\nUnsupported: nothingSupportsThis, nothingSupportsThisEither\r\n",
    );
    says("invut", "\r\nAccept: application/sdp");
    says("intmeth", "\r\nAllow: INVITE, ACK, ");
    says("badvers", "SIP/2.0 505 ");
}

/// The contacts that a registrar keeps of a message, or the status of its refusal.
fn kept(name: &str) -> Result<Vec<String>, u16> {
    let rules = RegistrarRules {
        expires_min: std::time::Duration::from_secs(1),
        ..RegistrarRules::default()
    };
    let kept = registered(&registering(name), &[], &rules, UNIX_EPOCH);
    kept.map(|bindings| bindings.iter().map(|b| b.contact.to_string()).collect())
        .map_err(|refused| refused.status)
}

#[test]
fn a_registrar_reads_contacts_as_they_are_meant() {
    let one = |text: &str| Ok(vec![text.to_owned()]);
    // Headers in an address without brackets would be the field's, which has none.
    assert_eq!(kept("regbadct"), Err(400), "3.1.2.13");
    assert_eq!(
        kept("unksm2"),
        Err(400),
        "3.3.4: a scheme that we do not know"
    );
    let gateway = "sip:+19725552222@gw1.example.net";
    assert_eq!(
        kept("cparam01"),
        one(gateway),
        "3.3.12: the field's parameter"
    );
    let inside = format!("{gateway};unknownparam");
    assert_eq!(
        kept("cparam02"),
        one(&inside),
        "3.3.13: the address's parameter"
    );
    // Kept, and never followed by itself.
    let route = "sip:user@example.com?Route=%3Csip:sip.example.com%3E";
    assert_eq!(kept("regescrt"), one(route), "3.3.14");
}

#[test]
fn a_proof_of_a_scheme_that_nobody_knows_is_none() {
    assert!(registering("regaut01").authorization.is_none(), "3.3.7");
}

#[test]
fn an_escaped_nul_is_part_of_a_name() {
    let escnull = registering("escnull");
    assert_eq!(
        escnull.aor.user.as_deref(),
        Some("null-%00-null"),
        "3.1.1.4"
    );
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rfc4475")
}

/// Everything that an endpoint has to say to a message.
#[allow(clippy::disallowed_methods, reason = "any instant will do")]
fn outputs(name: &str) -> Vec<Output> {
    let mut endpoint = Endpoint::new(Config::default(), [1; 32]);
    let link = Link {
        transport: Transport::Udp,
        local: SocketAddr::from(([192, 0, 2, 1], 5060)),
        remote: SocketAddr::from(([192, 0, 2, 9], 5060)),
    };
    let bytes =
        fs::read(folder().join(format!("{name}.dat"))).expect("the message is in the folder");
    let now = std::time::Instant::now();
    endpoint.handle(Input::Received { link, bytes }, now);
    let mut outputs: Vec<Output> = std::iter::from_fn(|| endpoint.poll()).collect();
    // What is offered to the shell is answered 100 after a while.
    let later = now + std::time::Duration::from_millis(150);
    endpoint.handle(Input::Timeout, later);
    outputs.extend(std::iter::from_fn(|| endpoint.poll()));
    outputs
}

/// The statuses of our answers, and all of their text.
fn heard(name: &str) -> (Vec<u16>, String) {
    let (mut statuses, mut text) = (Vec::new(), String::new());
    for output in outputs(name) {
        let Output::Send { bytes, .. } = output else {
            continue;
        };
        match summary(&bytes) {
            Some(Summary {
                what: What::Response(status, _),
                ..
            }) => statuses.push(status),
            other => panic!("{name}: not an answer: {other:?}"),
        }
        text.push_str(&String::from_utf8_lossy(&bytes));
    }
    (statuses, text)
}

/// A REGISTER as the shell is asked about it.
fn registering(name: &str) -> Registering {
    outputs(name)
        .into_iter()
        .find_map(|output| match output {
            Output::Event(Event::Registering(registering)) => Some(*registering),
            Output::Event(_) | Output::Send { .. } => None,
        })
        .unwrap_or_else(|| panic!("{name} is not offered"))
}
