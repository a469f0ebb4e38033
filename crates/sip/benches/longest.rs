//! The longest that one message of a stranger keeps an endpoint busy.
//!
//! Run it with `cargo bench -p sip --bench longest`. It gives an endpoint messages that are as long and as
//! crooked as a datagram can be, and the torture messages of RFC 4475, each several times, and prints the
//! best time of the slowest. The goal is below 1 ms; it fails above that.

use std::{
    net::SocketAddr,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use sip::{Config, Endpoint, Input, Link, Transport, sdp::Session};

/// No message may take longer.
const GOAL: Duration = Duration::from_millis(1);
/// The best of so many counts: what the machine does meanwhile is not the message's fault.
const N_TRIES: usize = 7;
/// What a datagram holds.
const BYTES_MAX: usize = 65_507;

fn main() -> ExitCode {
    let mut all: Vec<(String, Duration)> = crooked()
        .into_iter()
        .chain(torture())
        .map(|(name, bytes)| (name, best(|| of_endpoint(&bytes))))
        .chain(descriptions())
        .collect();
    all.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    for (name, time) in all.iter().take(8) {
        print(&format!("{name:28} {:8.1} µs", time.as_secs_f64() * 1e6));
    }
    let slowest = all.first().map_or(Duration::ZERO, |(_, time)| *time);
    print(&format!(
        "{} messages, the slowest {slowest:.1?}",
        all.len()
    ));
    if slowest > GOAL {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// Long messages of every shape that a loop over a message may trip over.
fn crooked() -> Vec<(String, Vec<u8>)> {
    let filled = |name: &str, piece: &dyn Fn(usize) -> String, end: &str| {
        let mut text = head();
        let mut n = 0;
        loop {
            let next = piece(n);
            if next.is_empty() || text.len() + next.len() + end.len() + 4 > BYTES_MAX {
                break;
            }
            text.push_str(&next);
            n += 1;
        }
        text.push_str(end);
        text.push_str("\r\n");
        (name.to_owned(), text.into_bytes())
    };
    let line = |value: &str| format!("X-Long: {value}\r\n");
    vec![
        filled("fields of many names", &|n| format!("X-{n:06}: a\r\n"), ""),
        filled("fields of one name", &|_| "X-Same: a\r\n".into(), ""),
        filled(
            "many Via",
            &|n| format!("Via: SIP/2.0/UDP h{n};branch=z9hG4bK{n}\r\n"),
            "",
        ),
        filled(
            "Via in one field",
            &|n| {
                let list: Vec<String> = (0..120)
                    .map(|k| format!("SIP/2.0/UDP h{n}-{k};branch=z9hG4bK{k}"))
                    .collect();
                format!("Via: {}\r\n", list.join(","))
            },
            "",
        ),
        filled(
            "Record-Route",
            &|n| format!("Record-Route: <sip:{n}@h;lr>, <sip:{n}@g;lr>\r\n"),
            "",
        ),
        filled("open quotes", &|_| line(&"\"".repeat(4_001)), ""),
        filled("commas", &|_| line(&",".repeat(8_000)), ""),
        filled("folds", &|_| line(&"a\r\n ".repeat(1_900)), ""),
        filled(
            "Contact",
            &|_| format!("Contact: {}\r\n", "<sip:a@b>,".repeat(700)),
            "",
        ),
        filled(
            "Authorization",
            &|_| format!("Authorization: Digest {}\r\n", "a=\"b\",".repeat(1_200)),
            "",
        ),
        filled(
            "Require",
            &|_| format!("Require: {}\r\n", "x,".repeat(3_900)),
            "",
        ),
        filled(
            "Supported",
            &|_| format!("Supported: {}\r\n", "x,".repeat(3_900)),
            "",
        ),
        filled(
            "Replaces",
            &|_| format!("Replaces: {}\r\n", "a;".repeat(3_900)),
            "",
        ),
        filled(
            "body of parts",
            &|_| String::new(),
            &format!(
                "Content-Type: multipart/mixed;boundary={0}\r\n\r\n{1}",
                "-".repeat(60),
                "-".repeat(16_000)
            ),
        ),
        filled("empty lines and no end", &|_| "\r".into(), ""),
        filled(
            "body",
            &|_| String::new(),
            &format!("Content-Type: application/sdp\r\n\r\n{}", offer(60_000)),
        ),
    ]
}

fn head() -> String {
    "INVITE sip:1002@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKa\r\n\
     Max-Forwards: 70\r\nFrom: <sip:1001@192.0.2.9>;tag=9\r\nTo: <sip:1002@192.0.2.1>\r\n\
     Call-ID: a\r\nCSeq: 2 INVITE\r\nContact: <sip:1001@192.0.2.9>\r\n"
        .to_owned()
}

/// A description of so many bytes, as many of them attributes as fit.
fn offer(n_bytes: usize) -> String {
    let mut text =
        "v=0\r\no=a 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n".to_owned();
    let formats: Vec<String> = (64..127).map(|n| n.to_string()).collect();
    text.push_str(&format!("m=audio 4000 RTP/AVP {}\r\n", formats.join(" ")));
    while text.len() < n_bytes {
        text.push_str("a=rtpmap:126 x/8000\r\na=fmtp:126 y\r\n");
    }
    text
}

fn torture() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rfc4475");
    let files = std::fs::read_dir(folder).expect("the messages are there");
    files
        .flatten()
        .filter(|entry| {
            entry
                .path()
                .extension()
                .is_some_and(|ending| ending == "dat")
        })
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, std::fs::read(entry.path()).expect("a file"))
        })
        .collect()
}

fn descriptions() -> Vec<(String, Duration)> {
    let text = offer(65_000);
    let time = best(|| {
        let begin = now();
        let read = Session::parse(text.as_bytes());
        assert!(read.is_ok());
        begin.elapsed()
    });
    vec![("a description alone".to_owned(), time)]
}

fn best(run: impl Fn() -> Duration) -> Duration {
    (0..N_TRIES).map(|_| run()).min().unwrap_or_default()
}

/// Time from the datagram to the last of what an endpoint does with it.
fn of_endpoint(bytes: &[u8]) -> Duration {
    let mut endpoint = Endpoint::new(Config::default(), [1; 32]);
    let link = Link {
        transport: Transport::Udp,
        local: SocketAddr::from(([192, 0, 2, 1], 5060)),
        remote: SocketAddr::from(([192, 0, 2, 9], 5060)),
    };
    let input = Input::Received {
        link,
        bytes: bytes.to_vec(),
    };
    let begin = now();
    endpoint.handle(input, begin);
    while endpoint.poll().is_some() {}
    begin.elapsed()
}

#[expect(clippy::disallowed_methods, reason = "a clock is what a bench is for")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::print_stdout, reason = "this is what it is run for")]
fn print(line: &str) {
    println!("{line}");
}
