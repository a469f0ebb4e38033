//! Two endpoints and a bad network between them, in simulated time.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use rand::{Rng, SeedableRng, rngs::StdRng};
use sip::{
    Command, Config, Endpoint, Event, Input, Invite, LegId, Link, NameAddr, Output, Transport, Uri,
    digest::Credentials,
};

/// How bad the network is.
#[derive(Clone, Copy, Debug)]
pub struct Weather {
    pub loss: f64,
    pub duplication: f64,
    pub delay_max: Duration,
    pub transport: Transport,
}

pub const CLEAR: Weather = Weather {
    loss: 0.0,
    duplication: 0.0,
    delay_max: Duration::from_millis(1),
    transport: Transport::Udp,
};
pub const STORM: Weather = Weather {
    loss: 0.1,
    duplication: 0.1,
    delay_max: Duration::from_millis(700),
    transport: Transport::Udp,
};

/// What the callee does with a call.
#[derive(Clone, Debug)]
pub struct Callee {
    /// From the INVITE to 180.
    pub ring_after: Option<Duration>,
    /// From the INVITE to the final answer; `None`: never.
    pub decide_after: Option<Duration>,
    /// `None`: accept, and hang up so much later, if at all.
    pub reject: Option<u16>,
    pub hang_up_after: Option<Duration>,
    /// Ask for this password first.
    pub password: Option<Credentials>,
}

/// What the caller does.
#[derive(Clone, Debug)]
pub struct Caller {
    pub ring_time_max: Duration,
    /// From the INVITE on.
    pub give_up_after: Option<Duration>,
    /// From the answer on.
    pub hang_up_after: Option<Duration>,
    pub credentials: Option<Credentials>,
}

pub const S: fn(u64) -> Duration = Duration::from_secs;
pub const MS: fn(u64) -> Duration = Duration::from_millis;

impl Default for Callee {
    fn default() -> Self {
        Self {
            ring_after: Some(MS(200)),
            decide_after: Some(S(2)),
            reject: None,
            hang_up_after: None,
            password: None,
        }
    }
}

impl Default for Caller {
    fn default() -> Self {
        Self {
            ring_time_max: S(30),
            give_up_after: None,
            hang_up_after: None,
            credentials: None,
        }
    }
}

const CALLER: usize = 0;
const CALLEE: usize = 1;

/// Two endpoints; the first calls the second.
pub struct World {
    pub begin: Instant,
    pub now: Instant,
    weather: Weather,
    rng: StdRng,
    ends: [Endpoint; 2],
    flying: BTreeMap<(Instant, u64), (usize, Link, Vec<u8>)>,
    planned: BTreeMap<(Instant, u64), (usize, Command)>,
    n_things: u64,
    caller: Caller,
    callee: Callee,
    /// Everything that either side was told.
    pub told: [Vec<Event>; 2],
    /// Everything that was sent, with the sender, also what was lost.
    pub sent: Vec<(usize, String)>,
}

pub fn address(end: usize) -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 1 + end as u8], 5060))
}

pub fn link(end: usize, transport: Transport) -> Link {
    Link {
        transport,
        local: address(end),
        remote: address(1 - end),
    }
}

pub fn uri(text: &str) -> Uri {
    text.parse().expect("a uri")
}

pub const OFFER: &[u8] =
    b"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n\
    m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n";
pub const ANSWER: &[u8] =
    b"v=0\r\no=- 9 1 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n\
    m=audio 5000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n";

pub fn invite(leg: LegId, transport: Transport) -> Invite {
    Invite {
        leg,
        to: uri("sip:1002@192.0.2.2"),
        from: NameAddr::new(uri("sip:1001@192.0.2.1")),
        link: link(CALLER, transport),
        routes: Vec::new(),
        credentials: None,
        headers: vec![("User-to-User".into(), "04;encoding=hex".into())],
        sdp: OFFER.to_vec(),
        ring_time_max: S(30),
        rules: sip::InviteRules::default(),
    }
}

impl World {
    #[allow(
        clippy::disallowed_methods,
        reason = "any instant will do to begin with"
    )]
    pub fn new(seed: u64, weather: Weather, caller: Caller, callee: Callee) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let begin = Instant::now();
        let ends = [0, 1].map(|_| Endpoint::new(Config::default(), rng.random()));
        Self {
            begin,
            now: begin,
            weather,
            rng,
            ends,
            flying: BTreeMap::new(),
            planned: BTreeMap::new(),
            n_things: 0,
            caller,
            callee,
            told: [Vec::new(), Vec::new()],
            sent: Vec::new(),
        }
    }

    /// One call from the first INVITE until nothing is due any more.
    pub fn call(mut self) -> Self {
        let leg = LegId(1);
        let call = Invite {
            ring_time_max: self.caller.ring_time_max,
            credentials: self.caller.credentials.clone(),
            ..invite(leg, self.weather.transport)
        };
        self.plan(CALLER, Duration::ZERO, Command::Invite(Box::new(call)));
        if let Some(after) = self.caller.give_up_after {
            self.plan(CALLER, after, Command::HangUp { leg, reason: None });
        }
        self.run(S(900) + self.caller.hang_up_after.unwrap_or_default());
        self
    }

    pub fn plan(&mut self, end: usize, after: Duration, command: Command) {
        self.n_things += 1;
        self.planned
            .insert((self.now + after, self.n_things), (end, command));
    }

    /// Runs until nothing is due, or to the limit.
    pub fn run(&mut self, limit: Duration) {
        while let Some(next) = self.next() {
            assert!(
                next - self.begin < limit,
                "something never ends: {:#?}",
                self.told
            );
            self.now = self.now.max(next);
            if self
                .planned
                .first_key_value()
                .is_some_and(|((at, _), _)| *at <= self.now)
            {
                let (_, (end, command)) = self.planned.pop_first().expect("seen above");
                self.give(end, Input::Command(command));
            } else if self
                .flying
                .first_key_value()
                .is_some_and(|((at, _), _)| *at <= self.now)
            {
                let (_, (end, link, bytes)) = self.flying.pop_first().expect("seen above");
                self.give(end, Input::Received { link, bytes });
            } else {
                for end in [CALLER, CALLEE] {
                    if self.ends[end]
                        .poll_timeout()
                        .is_some_and(|(at, _)| at <= self.now)
                    {
                        self.give(end, Input::Timeout);
                    }
                }
            }
        }
    }

    fn next(&self) -> Option<Instant> {
        let first = |at: &(Instant, u64)| at.0;
        let things = [
            self.flying.keys().next().map(first),
            self.planned.keys().next().map(first),
            self.ends[0].poll_timeout().map(|(at, _)| at),
            self.ends[1].poll_timeout().map(|(at, _)| at),
        ];
        things.into_iter().flatten().min()
    }

    pub fn give(&mut self, end: usize, input: Input) {
        self.ends[end].handle(input, self.now);
        while let Some(output) = self.ends[end].poll() {
            match output {
                Output::Send { link, bytes, .. } => self.fly(end, link, &bytes),
                Output::Event(event) => self.react(end, event),
            }
        }
    }

    fn fly(&mut self, from: usize, link: Link, bytes: &[u8]) {
        self.sent
            .push((from, String::from_utf8_lossy(bytes).into_owned()));
        let to = 1 - from;
        assert_eq!(link.remote, address(to), "sent to a stranger");
        let back = Link {
            local: link.remote,
            remote: link.local,
            ..link
        };
        let reliable = link.transport.is_reliable();
        let copies = if !reliable && self.rng.random_bool(self.weather.duplication) {
            2
        } else {
            1
        };
        for _ in 0..copies {
            if !reliable && self.rng.random_bool(self.weather.loss) {
                continue;
            }
            let delay = if reliable {
                MS(1)
            } else {
                self.weather
                    .delay_max
                    .mul_f64(self.rng.random_range(0.0..1.0))
            };
            self.n_things += 1;
            self.flying.insert(
                (self.now + delay, self.n_things),
                (to, back, bytes.to_vec()),
            );
        }
    }

    fn react(&mut self, end: usize, event: Event) {
        match &event {
            Event::Incoming(incoming) => {
                let leg = incoming.leg;
                match self.check_password(incoming.authorization.as_ref()) {
                    Some(stale) => {
                        let realm = "centre".to_owned();
                        self.plan(
                            end,
                            MS(0),
                            Command::Challenge {
                                leg,
                                realm,
                                stale,
                                md5_only: false,
                            },
                        );
                    }
                    None => self.plan_callee(leg),
                }
            }
            Event::Answered { leg, .. } => {
                if let Some(after) = self.caller.hang_up_after {
                    self.plan(
                        end,
                        after,
                        Command::HangUp {
                            leg: *leg,
                            reason: None,
                        },
                    );
                }
            }
            Event::Confirmed { leg, .. } => {
                if let Some(after) = self.callee.hang_up_after {
                    self.plan(
                        end,
                        after,
                        Command::HangUp {
                            leg: *leg,
                            reason: None,
                        },
                    );
                }
            }
            _ => {}
        }
        self.told[end].push(event);
    }

    /// `Some(stale)`: to be challenged.
    fn check_password(&mut self, proof: Option<&sip::digest::DigestResponse>) -> Option<bool> {
        let known = self.callee.password.clone()?;
        let Some(proof) = proof else {
            return Some(false);
        };
        match self.ends[CALLEE].authenticate(proof, &known, self.now) {
            sip::digest::Verdict::Proved => None,
            sip::digest::Verdict::Stale => Some(true),
            sip::digest::Verdict::Wrong => Some(false),
        }
    }

    fn plan_callee(&mut self, leg: LegId) {
        if let Some(after) = self.callee.ring_after {
            self.plan(CALLEE, after, Command::Ring { leg, sdp: None });
        }
        let Some(after) = self.callee.decide_after else {
            return;
        };
        let command = match self.callee.reject {
            Some(status) => Command::Reject {
                leg,
                status,
                reason: None,
                headers: Vec::new(),
            },
            None => Command::Accept {
                leg,
                sdp: ANSWER.to_vec(),
            },
        };
        self.plan(CALLEE, after, command);
    }

    /// What is left in memory of both.
    pub fn left_over(&self) -> [(usize, usize); 2] {
        [
            self.ends[0].n_legs_and_transactions(),
            self.ends[1].n_legs_and_transactions(),
        ]
    }

    /// First lines of what was sent: `> INVITE`, `< 180`, …
    pub fn ladder(&self) -> Vec<String> {
        self.sent
            .iter()
            .map(|(from, text)| {
                let arrow = if *from == CALLER { '>' } else { '<' };
                let words: Vec<&str> = text.split(' ').take(2).collect();
                let word = if words[0] == "SIP/2.0" {
                    words[1]
                } else {
                    words[0]
                };
                format!("{arrow} {word}")
            })
            .collect()
    }
}

/// The leg and the event that ended it.
pub fn terminal(event: &Event) -> Option<LegId> {
    match event {
        Event::Refused { leg, .. } | Event::Canceled { leg, .. } | Event::Ended { leg, .. } => {
            Some(*leg)
        }
        Event::Incoming(_)
        | Event::Progress { .. }
        | Event::Answered { .. }
        | Event::Confirmed { .. }
        | Event::Reoffered { .. }
        | Event::UserData { .. }
        | Event::Info { .. }
        | Event::Redirected { .. }
        | Event::OfferRefused { .. }
        | Event::Referred(_)
        | Event::ReferAnswered { .. }
        | Event::ReferTold { .. }
        | Event::Registering(_)
        | Event::RegisterAnswered { .. }
        | Event::OptionsAnswered { .. } => None,
    }
}
