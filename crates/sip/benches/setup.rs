//! CPU of one call through two endpoints: INVITE, 401, INVITE with digest, 180, 200, ACK, BYE.
//!
//! Run it with `cargo bench -p sip --bench setup`. It prints µs of CPU a call for both endpoints
//! together and for each; the goal is below 150 µs each.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    time::{Duration, Instant},
};

use sip::{
    Command, Config, Endpoint, Event, Input, Invite, LegId, Link, NameAddr, Output, Transport,
    digest::{Credentials, Verdict},
};

const N_CALLS: u64 = 20_000;

fn main() {
    let known = Credentials {
        username: "trunk".into(),
        password: "secret".into(),
    };
    let mut bench = Bench::new();
    let begin = cpu();
    for n in 0..N_CALLS {
        bench.call(LegId(n), &known);
    }
    let each = (cpu() - begin).as_secs_f64() * 1e6 / N_CALLS as f64;
    print(&format!(
        "{N_CALLS} calls with digest: {each:.1} µs a call, {:.1} µs an endpoint",
        each / 2.0
    ));
}

struct Bench {
    ends: [Endpoint; 2],
    now: Instant,
    inputs: VecDeque<(usize, Input)>,
}

impl Bench {
    #[expect(clippy::disallowed_methods, reason = "simulated time begins somewhere")]
    fn new() -> Self {
        let ends = [1, 2].map(|seed| Endpoint::new(Config::default(), [seed; 32]));
        Self {
            ends,
            now: Instant::now(),
            inputs: VecDeque::new(),
        }
    }

    fn call(&mut self, leg: LegId, known: &Credentials) {
        self.inputs.push_back((
            0,
            Input::Command(Command::Invite(Box::new(invite(leg, known)))),
        ));
        while let Some((end, input)) = self.inputs.pop_front() {
            self.ends[end].handle(input, self.now);
            while let Some(output) = self.ends[end].poll() {
                self.follow(end, output, known);
            }
        }
        // Calls come 10 ms apart, so that timers of old transactions run as in real life.
        self.now += Duration::from_millis(10);
        for end in 0..2 {
            self.ends[end].handle(Input::Timeout, self.now);
            assert!(self.ends[end].poll().is_none(), "a call was not finished");
        }
    }

    fn follow(&mut self, end: usize, output: Output, known: &Credentials) {
        match output {
            Output::Send { link, bytes, .. } => {
                let link = Link {
                    local: link.remote,
                    remote: link.local,
                    ..link
                };
                self.inputs
                    .push_back((1 - end, Input::Received { link, bytes }));
            }
            Output::Event(Event::Incoming(incoming)) => {
                let leg = incoming.leg;
                let proved = incoming.authorization.is_some_and(|proof| {
                    self.ends[end].authenticate(&proof, known, self.now) == Verdict::Proved
                });
                if proved {
                    self.command(end, Command::Ring { leg, sdp: None });
                    self.command(
                        end,
                        Command::Accept {
                            leg,
                            sdp: SDP.to_vec(),
                        },
                    );
                } else {
                    let realm = "centre".to_owned();
                    self.command(
                        end,
                        Command::Challenge {
                            leg,
                            realm,
                            stale: false,
                            md5_only: false,
                        },
                    );
                }
            }
            Output::Event(Event::Answered { leg, .. }) => {
                self.command(end, Command::HangUp { leg, reason: None });
            }
            Output::Event(_) => {}
        }
    }

    fn command(&mut self, end: usize, command: Command) {
        self.inputs.push_back((end, Input::Command(command)));
    }
}

const SDP: &[u8] = b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
    m=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n\
    a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n";

fn invite(leg: LegId, known: &Credentials) -> Invite {
    let address = |port| SocketAddr::from(([127, 0, 0, 1], port));
    Invite {
        leg,
        to: "sip:13800138000@127.0.0.1:5062".parse().expect("a uri"),
        from: NameAddr::new("sip:4001@127.0.0.1".parse().expect("a uri")),
        link: Link {
            transport: Transport::Udp,
            local: address(5060),
            remote: address(5062),
        },
        routes: Vec::new(),
        credentials: Some(known.clone()),
        headers: Vec::new(),
        sdp: SDP.to_vec(),
        ring_time_max: Duration::from_secs(30),
        rules: sip::InviteRules::default(),
    }
}

/// CPU time of this thread; wall time where the kernel does not tell.
#[expect(clippy::disallowed_methods, reason = "a bench measures")]
fn cpu() -> Duration {
    static BEGIN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let begin = *BEGIN.get_or_init(Instant::now);
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse().ok())
        .map_or_else(|| begin.elapsed(), Duration::from_nanos)
}

#[expect(clippy::print_stdout, reason = "a bench prints its figure")]
fn print(line: &str) {
    println!("{line}");
}
