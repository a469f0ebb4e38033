//! The torture messages of RFC 4475, as a phone or stranger would send them.
//!
//! Bodies and some long values are shortened; what each message is about is kept. `Sent` lists
//! the statuses of our answers; an INVITE that is offered to the shell is answered 100.

use std::net::SocketAddr;

use sip::{
    Config, Endpoint, Event, Input, Link, Output, Registering, RegistrarRules, Summary, Transport,
    What, registered, summary,
};

/// Our answers to one datagram.
#[allow(clippy::disallowed_methods, reason = "any instant will do")]
fn answers(datagram: &[u8]) -> Vec<u16> {
    let mut endpoint = Endpoint::new(Config::default(), [1; 32]);
    let link = Link {
        transport: Transport::Udp,
        local: SocketAddr::from(([192, 0, 2, 1], 5060)),
        remote: SocketAddr::from(([192, 0, 2, 9], 5060)),
    };
    let bytes = datagram.to_vec();
    endpoint.handle(Input::Received { link, bytes }, std::time::Instant::now());
    let mut statuses = Vec::new();
    while let Some(output) = endpoint.poll() {
        if let Output::Send { bytes, .. } = output {
            match summary(&bytes) {
                Some(Summary {
                    what: What::Response(status, _),
                    ..
                }) => statuses.push(status),
                other => panic!("not an answer: {other:?}"),
            }
        }
    }
    statuses
}

/// Lines become CRLF lines; the first empty line ends the header.
fn check(section: &str, expected: &[u16], text: &str) {
    let datagram = text.trim_start().replace('\n', "\r\n");
    assert_eq!(answers(datagram.as_bytes()), expected, "section {section}");
}

/// A request with everything in order but what the section is about.
fn plain(first: &str, more: &str) -> String {
    let method = first.split(' ').next().unwrap_or_default();
    format!(
        "{first}\nVia: SIP/2.0/UDP host.example.com;branch=z9hG4bKkdjuw\nMax-Forwards: 70\n\
         From: <sip:caller@example.net>;tag=134161461246\nTo: <sip:user@example.com>\n\
         Call-ID: torture@192.0.2.15\nCSeq: 8 {method}\nContact: <sip:caller@host5.example.net>\n\
         {more}\n"
    )
}

#[test]
fn valid_messages_are_understood() {
    // It has a To-tag of a dialog that does not exist.
    check("3.1.1.1 wsinv", &[481], WSINV);
    check("3.1.1.2 intmeth", &[405], INTMETH);
    check(
        "3.1.1.3 esc01",
        &[100],
        &plain(
            "INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0",
            "",
        ),
    );
    check(
        // The shell is asked, and answers.
        "3.1.1.4 escnull",
        &[],
        &plain(
            "REGISTER sip:example.com SIP/2.0",
            "Contact: <sip:%00%00@host5.example.com>\n",
        ),
    );
    check(
        "3.1.1.5 esc02",
        &[405],
        &plain("RE%47IST%45R sip:registrar.example.com SIP/2.0", ""),
    );
    check("3.1.1.6 lwsdisp", &[200], LWSDISP);
    let first = plain(
        "OPTIONS sip:user@example.com SIP/2.0",
        "Content-Length: 0\n",
    );
    check(
        "3.1.1.8 dblreq",
        &[200],
        &(first + &plain("INVITE sip:joe@example.com SIP/2.0", "")),
    );
    check(
        "3.1.1.9 semiuri",
        &[200],
        &plain(
            "OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0",
            "",
        ),
    );
    check(
        "3.1.1.10 transports",
        &[200],
        &plain(
            "OPTIONS sip:user@example.com SIP/2.0",
            "Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bK2\nVia: SIP/2.0/TLS t3.example.com, SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bK4\n",
        ),
    );
    check(
        "3.1.1.12 unreason",
        &[],
        "SIP/2.0 200 = 2**3 * 5**2 \u{43d}\u{43e}\nVia: SIP/2.0/UDP h;branch=z9\n\n",
    );
    check(
        "3.1.1.13 noreason",
        &[],
        "SIP/2.0 100 \nVia: SIP/2.0/UDP h;branch=z9\n\n",
    );
}

#[test]
fn invalid_messages_get_400_or_silence() {
    let invite = |more: &str| plain("INVITE sip:user@example.com SIP/2.0", more);
    check("3.1.2.1 badinv01", &[400], BADINV01);
    check(
        "3.1.2.2 clerr",
        &[400],
        &invite("Content-Length: 9999\n\nv=0\n"),
    );
    check("3.1.2.3 ncl", &[400], &invite("Content-Length: -999\n"));
    check("3.1.2.4 scalar02", &[400], SCALAR02);
    check("3.1.2.6 quotbal", &[400], QUOTBAL);
    check(
        "3.1.2.7 ltgtruri",
        &[400],
        &plain("INVITE <sip:user@example.com> SIP/2.0", ""),
    );
    check(
        "3.1.2.8 lwsruri",
        &[400],
        &plain("INVITE sip:user@example.com; lr SIP/2.0", ""),
    );
    check(
        "3.1.2.9 lwsstart, read liberally",
        &[100],
        &plain("INVITE  sip:user@example.com  SIP/2.0", ""),
    );
    check(
        "3.1.2.10 trws, read liberally",
        &[200],
        &plain("OPTIONS sip:user@example.com SIP/2.0  ", ""),
    );
    check(
        "3.1.2.12 baddate, read liberally",
        &[100],
        &invite("Date: Fri, 01 Jan 2010 16:00:00 EST\n"),
    );
    check("3.1.2.14 badaspec", &[400], BADASPEC);
    check("3.1.2.16 badvers", &[505], BADVERS);
    check(
        "3.1.2.17 mismatch01",
        &[400],
        &plain("OPTIONS sip:user@example.com SIP/2.0", "").replace("8 OPTIONS", "8 INVITE"),
    );
    check(
        "3.1.2.18 mismatch02",
        &[400],
        &plain("NEWMETHOD sip:user@example.com SIP/2.0", "").replace("8 NEWMETHOD", "8 INVITE"),
    );
    check(
        "3.1.2.19 bigcode",
        &[],
        "SIP/2.0 4294967301 better not break the receiver\nVia: SIP/2.0/UDP h;branch=z9\n\n",
    );
}

#[test]
fn the_application_layer_answers_with_the_right_status() {
    let invite = |more: &str| plain("INVITE sip:user@example.com SIP/2.0", more);
    let options = |more: &str| plain("OPTIONS sip:user@example.com SIP/2.0", more);
    check(
        "3.2.1 badbranch",
        &[200],
        &options("").replace("z9hG4bKkdjuw", "z9hG4bK"),
    );
    check("3.3.1 insuf: nobody to answer", &[], INSUF);
    check(
        "3.3.2 unkscm",
        &[416],
        &plain(
            "OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0",
            "",
        ),
    );
    check(
        "3.3.3 novelsc",
        &[416],
        &plain("OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0", ""),
    );
    check(
        "3.3.5 bext01",
        &[420],
        &options("Require: nothingSupportsThis, nothingSupportsThisEither\n"),
    );
    check(
        "3.3.6 invut",
        &[415],
        &invite("Content-Type: application/unknownformat\nContent-Length: 4\n\nabcd"),
    );
}

#[test]
fn single_fields_stand_once_and_old_peers_are_heard() {
    let invite = |more: &str| plain("INVITE sip:user@example.com SIP/2.0", more);
    let options = |more: &str| plain("OPTIONS sip:user@example.com SIP/2.0", more);
    check(
        "3.3.8 multi01",
        &[400],
        &invite("CSeq: 59 INVITE\nCall-ID: multi01.98asdh@192.0.2.2\n"),
    );
    check(
        "3.3.9 mcl01",
        &[400],
        &options("Content-Length: 3\nContent-Length: 2\n\nabc"),
    );
    check(
        "3.3.10 bcast",
        &[],
        "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923\nVia: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23\nFrom: <sip:a@b>;tag=1\nTo: <sip:a@b>;tag=2\nCall-ID: bcast\nCSeq: 8 INVITE\n\n",
    );
    check(
        "3.3.11 zeromf",
        &[200],
        &options("").replace("Max-Forwards: 70", "Max-Forwards: 0"),
    );
    check(
        "3.3.15 sdp01",
        &[406],
        &invite("Accept: text/nobodyKnowsThis\n"),
    );
    check("3.4.1 inv2543", &[100], INV2543);
}

#[test]
fn long_values_and_bodies_of_many_parts_are_read() {
    let long = |n: usize, part: &str| part.repeat(n);
    let user = format!("user{}", long(20, "longvalue"));
    let longreq = format!(
        "INVITE sip:user@example.com SIP/2.0\n\
         To: \"I have a user name of {0}\" <sip:user@example.com:6000;unknownparam1={0};longparamname{1}=shortvalue>\n\
         F: sip:{user}@example.net;tag=12982{2}424;unknownheaderparam{1}=unknownheaderparamvalue\n\
         Call-ID: longreq.one{3}onetwothree\nCSeq: 3882340 INVITE\n\
         Unknown-{4}-Name: unknown-{4}-value; unknown-{4}-parameter-name = unknown-{4}-parameter-value\n\
         Via: SIP/2.0/TCP sip33.example.com\n\
         v: SIP/2.0/TCP sip32.example.com;branch=z9hG4bK{3}\n\
         V: SIP/2.0/TCP sip31.example.com\nMax-Forwards: 70\n\
         Contact: <sip:{user}@host5.example.net>\n\n",
        long(20, "extreme"),
        long(25, "long"),
        long(30, "982424"),
        long(20, "really"),
        long(20, "very-"),
    );
    check("3.1.1.7 longreq", &[100], &longreq);
    // A method that we do not have: its body is not looked into.
    check("3.1.1.11 mpart01", &[405], MPART01);
    // A response with numbers out of range is dropped.
    check("3.1.2.5 scalarlg", &[], SCALARLG);
    // Read liberally: headers in a Request-URI are passed over.
    check(
        "3.1.2.11 escruri",
        &[100],
        &plain(
            "INVITE sip:user@example.com?Route=%3Csip:example.com%3E SIP/2.0",
            "",
        ),
    );
    // Read liberally: the first comma ends the name.
    let options = plain("OPTIONS sip:user@example.com SIP/2.0", "");
    let baddn = options.replace("From: <", "From: Bell, Alexander <");
    assert!([vec![200], vec![400]].contains(&answers(baddn.replace('\n', "\r\n").as_bytes())));
}

/// A REGISTER as the shell is asked about it.
#[allow(clippy::disallowed_methods, reason = "any instant will do")]
fn registering(more: &str) -> Registering {
    let text = plain("REGISTER sip:example.com SIP/2.0", more)
        .replace("Contact: <sip:caller@host5.example.net>\n", "")
        .replace('\n', "\r\n");
    let mut endpoint = Endpoint::new(Config::default(), [1; 32]);
    let link = Link {
        transport: Transport::Udp,
        local: SocketAddr::from(([192, 0, 2, 1], 5060)),
        remote: SocketAddr::from(([192, 0, 2, 9], 5060)),
    };
    let bytes = text.into_bytes();
    endpoint.handle(Input::Received { link, bytes }, std::time::Instant::now());
    match endpoint.poll() {
        Some(Output::Event(Event::Registering(registering))) => *registering,
        other => panic!("{other:?}"),
    }
}

/// What the registrar keeps, or the status of its refusal.
fn kept(more: &str) -> Result<Vec<String>, u16> {
    let rules = RegistrarRules::default();
    let kept = registered(&registering(more), &[], &rules, std::time::UNIX_EPOCH);
    kept.map(|bindings| bindings.iter().map(|b| b.contact.to_string()).collect())
        .map_err(|refused| refused.status)
}

#[test]
fn a_registrar_reads_contacts_as_they_are_meant() {
    let contact = |text: &str| kept(&format!("Contact: {text}\n"));
    let one = |text: &str| Ok(vec![text.to_owned()]);
    let regbadct = "sip:user@example.com?Route=%3Csip:sip.example.com%3E";
    assert_eq!(contact(regbadct), Err(400), "3.1.2.13 regbadct");
    let unksm2 = registering("Contact: <name:John_Smith>\n");
    assert_eq!(unksm2.aor.scheme, "sip");
    assert_eq!(contact("<name:John_Smith>"), Err(400), "3.3.4 unksm2");
    let regaut01 = registering("Authorization: NoOneKnowsThisScheme opaque-data=here\n");
    assert!(
        regaut01.authorization.is_none(),
        "3.3.7 regaut01 is challenged"
    );
    let gateway = "sip:+19725552222@gw1.example.net";
    let cparam01 = contact(&format!("{gateway};unknownparam"));
    assert_eq!(
        cparam01,
        one(gateway),
        "3.3.12: the parameter is the field's"
    );
    let inside = format!("{gateway};unknownparam");
    let cparam02 = contact(&format!("<{inside}>"));
    assert_eq!(
        cparam02,
        one(&inside),
        "3.3.13: the parameter is the address's"
    );
    let route = "sip:user@example.com?Route=%3Csip:sip.example.com%3E";
    let regescrt = contact(&format!("<{route}>"));
    assert_eq!(
        regescrt,
        one(route),
        "3.3.14: kept, and never followed by itself"
    );
}

const MPART01: &str = "
MESSAGE sip:kumiko@example.org SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK-d87543-4dade06d0bdb11ee-1--d87543-;rport
Max-Forwards: 70
Route: <sip:127.0.0.1:5080>
Call-ID: 3c5a5b9a5a9e4d4b@c3-pc
CSeq: 1 MESSAGE
From: \"fluffy\" <sip:fluffy@example.com>;tag=2fb0dcc9
To: <sip:kumiko@example.org>
Content-Type: multipart/mixed;boundary=7a9cbec02ceef655

--7a9cbec02ceef655
Content-Type: text/plain
Content-Transfer-Encoding: binary

Hello
--7a9cbec02ceef655--
";

const SCALARLG: &str = "
SIP/2.0 503 Service Unavailable
Via: SIP/2.0/TCP host129.example.com;branch=z9hG4bKzzxdiwo34sw;received=192.0.2.129
To: <sip:user@example.com>
From: <sip:other@example.net>;tag=2easdjfejw
CSeq: 9292394834772304023312 OPTIONS
Call-ID: scalarlg.noase0of0234hn2qofoaf0232aewf2394r
Retry-After: 949302838503028349304023988
Warning: 1812 overture \"In Progress\"
Content-Length: 0

";

const WSINV: &str = "
INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0
TO :
 sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n
from   : \"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>
  ;
  tag = 98asjd8
MaX-fOrWaRdS: 0068
Call-ID: wsinv.ndaksdj@192.0.2.1
Content-Length   : 4
cseq: 0009
  INVITE
Via  : SIP  /   2.0
 /UDP
    192.0.2.2;branch=390skdjuw
s :
NewFangledHeader:   newfangled value
 continued newfangled value
UnknownHeaderWithUnusualValue: ;;,,;;,;
Content-Type: application/sdp
Route:
 <sip:services.example.com;lr;unknownwith=value;unknown-no-value>
v:  SIP  / 2.0  / TCP     spindle.example.com   ;
  branch  =   z9hG4bK9ikj8  ,
 SIP  /    2.0   / UDP  192.168.255.111   ; branch=
 z9hG4bK30239
m:\"Quoted string \\\"\\\"\" <sip:jdrosen@example.com> ; newparam =
      newvalue ;
  secondparam ; q = 0.33

v=0
";

const INTMETH: &str = "
!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0
Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~
To: \"BEL:\\\u{7} NUL:\\\u{0} DEL:\\\u{7f}\" <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com>
From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%=\"\u{440}\u{430}\";tag=_token~1'+`*%!-.
Call-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{
CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~
Max-Forwards: 255
extensionHeader-!.%*+_`'~: \u{fb}\u{bb}
Content-Length: 0

";

const LWSDISP: &str = "
OPTIONS sip:user@example.com SIP/2.0
To: sip:user@example.com
From: caller<sip:caller@example.com>;tag=323
Max-Forwards: 70
Call-ID: lwsdisp.1234abcd@funky.example.com
CSeq: 60 OPTIONS
Via: SIP/2.0/UDP funky.example.com;branch=z9hG4bKkdjuw
l: 0

";

const BADINV01: &str = "
INVITE sip:user@example.com SIP/2.0
To: sip:j.user@example.com
From: sip:caller@example.net;tag=134161461246
Max-Forwards: 7
Call-ID: badinv01.0ha0isndaksdjasdf3234nas
CSeq: 8 INVITE
Via: SIP/2.0/UDP 192.0.2.15;;,;,,
Contact: \"Joe\" <sip:joe@example.org>;;;;

";

const SCALAR02: &str = "
REGISTER sip:example.com SIP/2.0
Via: SIP/2.0/TCP host129.example.com;branch=z9hG4bK342sdfoi3
To: <sip:user@example.com>
From: <sip:user@example.com>;tag=239232jh3
CSeq: 36893488147419103232 REGISTER
Call-ID: scalar02.23o0pd9vanlq3wnrlnewofjas9ui32
Max-Forwards: 300
Expires: 10000000000000000000000000000000

";

const QUOTBAL: &str = "
INVITE sip:user@example.com SIP/2.0
To: \"Mr. J. User <sip:j.user@example.com>
From: sip:caller@example.net;tag=93334
Max-Forwards: 10
Call-ID: quotbal.aksdj
CSeq: 8 INVITE
Via: SIP/2.0/UDP 192.0.2.59:5050;branch=z9hG4bKkdjuw39234

";

const BADASPEC: &str = "
OPTIONS sip:user@example.org SIP/2.0
Via: SIP/2.0/UDP host4.example.com:5060;branch=z9hG4bKkdju43234
Max-Forwards: 70
From: \"Bell, Alexander\" <sip:a.g.bell@example.com>;tag=433423
To: \"Watson, Thomas\" < t.watson@example.org >
Call-ID: badaspec.sdf0234n2nds0a099u23h3hnnw009cdkne3
CSeq: 3923239 OPTIONS

";

const BADVERS: &str = "
OPTIONS sip:t.watson@example.org SIP/7.0
Via: SIP/7.0/UDP c.example.com;branch=z9hG4bKkdjuw
Max-Forwards: 70
From: A. Bell <sip:a.g.bell@example.com>;tag=qweoiqpe
To: T. Watson <sip:t.watson@example.org>
Call-ID: badvers.31417@c.example.com
CSeq: 1 OPTIONS

";

const INSUF: &str = "
INVITE sip:user@example.com SIP/2.0
CSeq: 193942 INVITE
Via: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKkdj.insuf
Content-Type: application/sdp

";

const INV2543: &str = "
INVITE sip:UserB@example.com SIP/2.0
Via: SIP/2.0/UDP iftgw.example.com
From: <sip:+13035551111@ift.client.example.net;user=phone>
Record-Route: <sip:UserB@example.com;maddr=ss1.example.com>
To: sip:+16505552222@ss1.example.net;user=phone
Call-ID: inv2543.1717@ift.client.example.com
CSeq: 56 INVITE
Content-Type: application/sdp

v=0
";
