//! The endpoint, the peer, and what they write.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use sip::{
    Command, Config, Endpoint, Event, Input, Invite, LegId, Link, NameAddr, Output, Transport,
    digest::Credentials,
};

/// An endpoint, its time, and what it sent and told last.
pub struct Wire {
    pub endpoint: Endpoint,
    pub now: Instant,
    pub sent: Vec<(Link, String, bool)>,
    pub told: Vec<Event>,
}

pub const US: LegId = LegId(1);
pub const THEM: LegId = LegId::INCOMING_FIRST;

pub fn link() -> Link {
    Link {
        transport: Transport::Udp,
        local: SocketAddr::from(([192, 0, 2, 1], 5060)),
        remote: SocketAddr::from(([192, 0, 2, 9], 5070)),
    }
}

impl Wire {
    #[allow(
        clippy::disallowed_methods,
        reason = "any instant will do to begin with"
    )]
    pub fn new() -> Self {
        let endpoint = Endpoint::new(Config::default(), [6; 32]);
        Self {
            endpoint,
            now: Instant::now(),
            sent: Vec::new(),
            told: Vec::new(),
        }
    }

    pub fn give(&mut self, input: Input) {
        self.sent.clear();
        self.told.clear();
        self.endpoint.handle(input, self.now);
        while let Some(output) = self.endpoint.poll() {
            match output {
                Output::Send { link, bytes, large } => {
                    self.sent
                        .push((link, String::from_utf8(bytes).expect("text"), large));
                }
                Output::Event(event) => self.told.push(event),
            }
        }
    }

    /// The peer sends these lines.
    pub fn hear(&mut self, text: &str) {
        self.hear_by(link(), text);
    }

    /// They come by this link.
    pub fn hear_by(&mut self, link: Link, text: &str) {
        let bytes = text.trim_start().replace('\n', "\r\n").into_bytes();
        self.give(Input::Received { link, bytes });
    }

    pub fn command(&mut self, command: Command) {
        self.give(Input::Command(command));
    }

    pub fn wait(&mut self, time: Duration) {
        self.now += time;
        self.give(Input::Timeout);
    }

    /// The only message that was sent.
    pub fn only(&self) -> &str {
        assert_eq!(self.sent.len(), 1, "{:?}", self.sent);
        &self.sent[0].1
    }

    pub fn first_lines(&self) -> Vec<&str> {
        self.sent
            .iter()
            .map(|(_, text, _)| text.lines().next().unwrap_or_default())
            .collect()
    }
}

/// The value of a field; all of them, joined, if there are several.
pub fn field(message: &str, name: &str) -> String {
    let values: Vec<&str> = message
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_once(": "))
        .filter(|(n, _)| *n == name)
        .map(|(_, value)| value)
        .collect();
    values.join(", ")
}

pub fn tag(value: &str) -> &str {
    value.split_once(";tag=").map_or("", |(_, tag)| tag)
}

pub const SDP: &str = "v=0\no=- 1 1 IN IP4 192.0.2.9\ns=-\nc=IN IP4 192.0.2.9\nt=0 0\nm=audio 4000 RTP/AVP 8\na=rtpmap:8 PCMA/8000\n";

pub fn our_sdp() -> Vec<u8> {
    b"v=0\r\no=- 7 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 9000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\na=sendrecv\r\n".to_vec()
}

/// A request of the peer inside the dialog of its call, or the INVITE that makes it.
pub fn theirs(method: &str, cseq: u32, to_tag: &str, more: &str) -> String {
    let to_tag = if to_tag.is_empty() {
        String::new()
    } else {
        format!(";tag={to_tag}")
    };
    format!(
        "{method} sip:1002@192.0.2.1 SIP/2.0\nv: SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK{method}{cseq};rport\n\
         f: \"Alice\" <sip:1001@192.0.2.1>;tag=a1\nt: <sip:1002@192.0.2.1>{to_tag}\ni: call-1\nCSeq: {cseq} {method}\n\
         m: <sip:1001@192.0.2.9:5070>\nMax-Forwards: 70\n{more}"
    )
}

pub fn invite_with(sdp: &str) -> String {
    theirs(
        "INVITE",
        10,
        "",
        &format!(
            "c: application/sdp\nl: {}\n\n{}",
            sdp.len() + sdp.lines().count(),
            sdp
        ),
    )
}

/// A call of the peer that we accepted; gives our tag.
pub fn accepted(wire: &mut Wire) -> String {
    wire.hear(&invite_with(SDP));
    wire.command(Command::Accept {
        leg: THEM,
        sdp: our_sdp(),
    });
    let tag = tag(&field(wire.only(), "To")).to_owned();
    wire.hear(&theirs("ACK", 10, &tag, "\n"));
    assert!(matches!(
        wire.told[..],
        [Event::Confirmed {
            leg: THEM,
            sdp: None
        }]
    ));
    tag
}

/// We call the peer; gives our INVITE.
pub fn call(wire: &mut Wire) -> String {
    call_with(wire, None)
}

pub fn call_with(wire: &mut Wire, credentials: Option<Credentials>) -> String {
    wire.command(Command::Invite(Box::new(Invite {
        leg: US,
        to: "sip:13800138000@trunk.example".parse().expect("a uri"),
        from: NameAddr::new("sip:4001@192.0.2.1".parse().expect("a uri")),
        link: link(),
        routes: Vec::new(),
        credentials,
        headers: vec![
            (
                "P-Asserted-Identity".into(),
                "<tel:+8640010>\r\nEvil: 1".into(),
            ),
            ("Via".into(), "ours".into()),
        ],
        sdp: our_sdp(),
        ring_time_max: Duration::from_secs(30),
        rules: sip::InviteRules::default(),
    })));
    wire.only().to_owned()
}

/// The peer's answer to a request of ours.
pub fn answer(request: &str, status: &str, tag: &str, more: &str) -> String {
    format!(
        "SIP/2.0 {status}\nVia: {}\nFrom: {}\nTo: {};tag={tag}\nCall-ID: {}\nCSeq: {}\n{more}",
        field(request, "Via"),
        field(request, "From"),
        field(request, "To"),
        field(request, "Call-ID"),
        field(request, "CSeq"),
    )
}

pub fn answered_sdp(contact: &str, more: &str) -> String {
    format!("Contact: <{contact}>\n{more}Content-Type: application/sdp\n\n{SDP}")
}

/// The peer's answer to a request of ours inside a call: To has its tag already.
pub fn answer_in_dialog(request: &str, status: &str, more: &str) -> String {
    answer(request, status, "b1", more).replace(";tag=b1;tag=b1", ";tag=b1")
}

/// A request of the peer inside a call of ours, of which `ours` is any request.
pub fn theirs_in_our_call(ours: &str, method: &str, cseq: u32, more: &str) -> String {
    format!(
        "{method} sip:switchboard@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bK{method}{cseq};rport\n\
         From: <sip:13800138000@trunk.example>;tag=b1\nTo: {}\nCall-ID: {}\nCSeq: {cseq} {method}\n\
         Contact: <sip:13800138000@192.0.2.9:5070>\nMax-Forwards: 70\n{more}",
        field(ours, "From"),
        field(ours, "Call-ID"),
    )
}
