//! One SIP user agent: every transaction and every leg.
//!
//! The files follow the way of a message: [`clients`] and [`servers`] hold the transactions,
//! [`requests`] is what a user agent does with a new request, [`outgoing`] and [`incoming`] are
//! the INVITE of either side with [`reliable`] provisional answers, [`ending`] the ways a leg ends,
//! [`redirect`] and [`abandoned`] are other ways for an INVITE of ours, [`large`] is one for large requests,
//! [`registering`] and [`register`] are REGISTER of either side, [`referring`] transfers,
//! [`info`] are key presses of ours, [`proving`] requests that come again with a password, [`reoffer`], [`update`] and [`offering`] changes of a session, [`session_timer`] and [`refresh`]
//! what keeps it from expiring.

mod abandoned;
mod clients;
mod dialog;
mod ending;
mod incoming;
mod info;
mod large;
mod leg;
mod offering;
mod outgoing;
mod proving;
mod redirect;
mod referring;
mod refresh;
mod register;
mod registering;
mod reliable;
mod reoffer;
mod requests;
mod servers;
mod session_timer;
mod update;

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    net::IpAddr,
    time::Instant,
};

use rand::{Rng, RngCore, SeedableRng, rngs::StdRng};
use sha2::{Digest, Sha256};

use self::{
    clients::Client,
    large::is_large,
    leg::Leg,
    referring::ReferServer,
    register::RegisterClient,
    registering::RegisterServer,
    servers::{MergeKey, Server},
};
use crate::{
    Command, Config, Event, Input, LegId, Link, Output, QueryId, RequestId, Uri,
    digest::{Credentials, DigestResponse, Verdict, Verifier},
    message::{Builder, MAGIC_COOKIE, Message, Method, ParseError, Via},
    timers::Timers,
};
use clients::Purpose;

/// Methods that we understand (header Allow).
const ALLOW: &str =
    "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE, REGISTER, REFER, NOTIFY";
/// Extensions that we understand (header Supported).
const SUPPORTED: &str = "100rel, timer, replaces, norefersub";
/// More of them in REGISTER: Path (RFC 3327).
const REGISTRAR_SUPPORTED: &str = "path";
/// Those of an INVITE without offer: one in a reliable provisional answer would have to be answered in
/// PRACK.
const UNRELIABLE: &str = "timer, replaces, norefersub";
/// Bodies that we understand (header Accept).
const ACCEPT: &str =
    "application/sdp, multipart/mixed, application/dtmf-relay, application/dtmf, message/sipfrag";
/// Told to callers who come when we are full.
const RETRY_AFTER_SECOND: u32 = 5;

/// One SIP user agent. See the crate's documentation for how it is driven.
#[derive(Debug)]
pub struct Endpoint {
    config: Config,
    rng: StdRng,
    /// Makes tags that strangers cannot guess.
    tag_key: [u8; 32],
    verifier: Verifier,
    outputs: VecDeque<Output>,
    timers: Timers<Owner>,
    next_id: u64,
    next_leg: LegId,
    clients: BTreeMap<u64, Client>,
    client_ids: HashMap<(String, Method), u64>,
    servers: BTreeMap<u64, Server>,
    server_ids: HashMap<String, u64>,
    merge_ids: HashMap<MergeKey, u64>,
    /// INVITEs outside dialogs that were not accepted, by source; no entry for none.
    n_unaccepted: HashMap<IpAddr, usize>,
    /// Addresses whose calls have room where strangers' have none.
    known: HashSet<IpAddr>,
    legs: BTreeMap<LegId, Leg>,
    /// Those of them that peers made.
    n_legs_in: usize,
    /// Call-ID and our tag to leg.
    dialog_ids: HashMap<(String, String), LegId>,
    /// REGISTER requests of phones that the shell has not answered yet.
    registers_in: BTreeMap<RequestId, RegisterServer>,
    /// REFER requests that the shell has not answered yet.
    refers_in: BTreeMap<RequestId, ReferServer>,
    /// Requests of either kind by the name of their transaction.
    request_keys: HashMap<String, RequestId>,
    /// REGISTER requests of ours that are under way.
    registers_out: BTreeMap<QueryId, RegisterClient>,
}

/// Who has a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Owner {
    Client(u64),
    Server(u64),
    Leg(LegId),
    Register(RequestId),
    Refer(RequestId),
}

impl Endpoint {
    /// An endpoint without transactions. The seed feeds tags, branches, Call-IDs and nonces:
    /// fresh randomness in production, a number in tests.
    #[must_use]
    pub fn new(config: Config, seed: [u8; 32]) -> Self {
        let mut rng = StdRng::from_seed(seed);
        let verifier = Verifier::new(rng.random(), config.timing.nonce_life);
        let tag_key = rng.random();
        Self {
            config,
            rng,
            tag_key,
            verifier,
            outputs: VecDeque::new(),
            timers: Timers::new(),
            next_id: 0,
            next_leg: LegId::INCOMING_FIRST,
            clients: BTreeMap::new(),
            client_ids: HashMap::new(),
            servers: BTreeMap::new(),
            server_ids: HashMap::new(),
            merge_ids: HashMap::new(),
            n_unaccepted: HashMap::new(),
            known: HashSet::new(),
            legs: BTreeMap::new(),
            n_legs_in: 0,
            dialog_ids: HashMap::new(),
            registers_in: BTreeMap::new(),
            refers_in: BTreeMap::new(),
            request_keys: HashMap::new(),
            registers_out: BTreeMap::new(),
        }
    }

    /// Takes one input. Drain [`Endpoint::poll`] before the next one.
    ///
    /// # Panics
    ///
    /// When outputs of the last input were not drained, or a [`Command::Invite`] names a leg
    /// that exists or an id of an incoming leg.
    pub fn handle(&mut self, input: Input, now: Instant) {
        assert!(
            self.outputs.is_empty(),
            "outputs of the last input were not drained"
        );
        match input {
            Input::Received { link, bytes } => self.receive(&bytes, link, now),
            Input::Command(command) => self.command(command, now),
            Input::LinkFailed { link } => self.link_failed(link, now),
            Input::Timeout => self.timeout(now),
        }
    }

    /// The next thing for the shell to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The next instant at which [`Input::Timeout`] is due, and what for.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        self.timers.next()
    }

    /// Whether the authorization of an [`Incoming`](crate::Incoming) or a
    /// [`Registering`](crate::Registering) proves that its sender has these credentials. Call it
    /// once for each request: a second time is a replay.
    pub fn authenticate(
        &mut self,
        proof: &DigestResponse,
        credentials: &Credentials,
        now: Instant,
    ) -> Verdict {
        self.verifier.check(proof, credentials, now)
    }

    /// Whether this leg is still held: a shell that looks at an incoming leg late may have missed
    /// its end.
    #[must_use]
    pub fn has_leg(&self, leg: LegId) -> bool {
        self.legs.contains_key(&leg)
    }

    /// Names the addresses of peers that are known, instead of those named before: trunks and
    /// registered phones. What strangers fill leaves room for them.
    pub fn know(&mut self, peers: HashSet<IpAddr>) {
        self.known = peers;
    }

    /// Whether this peer is to be heard where strangers are not: it is known, or nobody is.
    #[must_use]
    pub fn prefers(&self, peer: IpAddr) -> bool {
        self.known.is_empty() || self.known.contains(&peer.to_canonical())
    }

    /// Legs and transactions held now, for metrics.
    #[must_use]
    pub fn n_legs_and_transactions(&self) -> (usize, usize) {
        (self.legs.len(), self.clients.len() + self.servers.len())
    }

    fn receive(&mut self, bytes: &[u8], link: Link, now: Instant) {
        match Message::parse(bytes) {
            Ok(Message::Request(request)) => self.receive_request(&request, link, now),
            Ok(Message::Response(response)) => self.receive_response(&response, link, now),
            Err(ParseError::Broken {
                what,
                status,
                request,
            }) => {
                self.answer_broken(&request, status, what, link);
            }
            Err(ParseError::NotSip(_)) => {}
        }
    }

    fn command(&mut self, command: Command, now: Instant) {
        match command {
            Command::Invite(invite) => self.invite(*invite, now),
            Command::Ring { leg, sdp } => self.ring(leg, sdp, now),
            Command::Accept { leg, sdp } => self.accept(leg, sdp, now),
            Command::Reject {
                leg,
                status,
                reason,
                headers,
            } => {
                self.reject(leg, status, reason.as_deref(), &headers, now);
            }
            Command::Challenge {
                leg,
                realm,
                stale,
                md5_only,
            } => self.challenge(leg, &realm, (stale, md5_only), now),
            Command::HangUp { leg, reason } => self.hang_up(leg, reason, now),
            Command::AllowCodecs {
                leg,
                codecs,
                events,
            } => {
                if let Some(leg) = self.legs.get_mut(&leg) {
                    leg.codecs = codecs;
                    leg.takes_events = events;
                }
            }
            Command::Info {
                leg,
                content_type,
                body,
            } => self.send_info(leg, &content_type, &body, now),
            Command::Offer { leg, sdp } => self.offer(leg, &sdp, now),
            Command::Turn { leg, direction } => self.turn(leg, direction, now),
            Command::AnswerRefer { request, status } => self.answer_refer(request, status, now),
            Command::TellReferrer { request, status } => self.tell_referrer(request, status, now),
            Command::Refer { leg, to, replaced } => self.refer(leg, &to, replaced, now),
            Command::AnswerRegister {
                request,
                status,
                headers,
            } => self.answer_register(request, status, &headers, now),
            Command::ChallengeRegister {
                request,
                realm,
                stale,
            } => self.challenge_register(request, &realm, stale, now),
            Command::Register(register) => self.register(*register, now),
            Command::Options { query, to, link } => self.options(query, &to, link, now),
        }
    }

    fn timeout(&mut self, now: Instant) {
        while let Some(owner) = self.timers.pop_due(now) {
            match owner {
                Owner::Client(id) => self.client_due(id, now),
                Owner::Server(id) => self.server_due(id, now),
                Owner::Leg(leg) => self.leg_due(leg, now),
                Owner::Register(request) => self.forget_register(request),
                Owner::Refer(request) => self.refer_due(request, now),
            }
        }
    }

    fn options(&mut self, query: QueryId, to: &Uri, link: Link, now: Instant) {
        if self.is_full() {
            return self.event(Event::OptionsAnswered {
                query,
                status: None,
            });
        }
        let (branch, via) = self.new_via(&link);
        let contact = self.contact(&link);
        let mut builder = Builder::request(&Method::Options, &to.to_string());
        builder
            .header("Via", via)
            .header("Max-Forwards", 70)
            .header("From", format_args!("{contact};tag={}", self.token()))
            .header("To", format_args!("<{to}>"))
            .header("Call-ID", self.token())
            .header("CSeq", "1 OPTIONS")
            .header("Contact", contact)
            .header("Accept", ACCEPT)
            .header("User-Agent", &self.config.user_agent);
        let bytes = builder.finish();
        self.start_client(
            bytes,
            link,
            &branch,
            Method::Options,
            Purpose::Query(query),
            now,
        );
    }

    fn event(&mut self, event: Event) {
        self.outputs.push_back(Output::Event(event));
    }

    fn send(&mut self, link: Link, bytes: Vec<u8>) {
        self.outputs.push_back(Output::Send {
            link,
            bytes,
            large: false,
        });
    }

    fn send_request(&mut self, link: Link, bytes: Vec<u8>, is_by_tcp: bool) {
        let large = is_by_tcp || is_large(&link, &bytes);
        self.outputs.push_back(Output::Send { link, bytes, large });
    }

    /// Whether there is no room for another transaction of ours.
    fn is_full(&self) -> bool {
        self.clients.len() + self.servers.len() >= self.config.limits.n_transactions_max
    }

    /// Whether there is no room for another transaction of this peer.
    fn is_full_for(&self, peer: IpAddr) -> bool {
        let n_max = self.share(peer, self.config.limits.n_transactions_max);
        self.is_full() || self.servers.len() >= n_max
    }

    /// What peers may use of a total before this one is refused.
    fn share(&self, peer: IpAddr, total: usize) -> usize {
        if self.known.contains(&peer.to_canonical()) {
            total * 3 / 4
        } else {
            total / 2
        }
    }

    fn new_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// 64 random bits: more than the 32 that tags need (RFC 3261 section 19.3).
    fn token(&mut self) -> String {
        format!("{:016x}", self.rng.next_u64())
    }

    /// The tag of our answers to this transaction: the same for each repetition, also when it is
    /// not remembered (section 8.2.7).
    fn answer_tag(&self, server_key: &str) -> String {
        let hash = Sha256::new()
            .chain_update(self.tag_key)
            .chain_update(server_key)
            .finalize();
        hex::encode(&hash[..8])
    }

    /// A new branch and the Via with it.
    fn new_via(&mut self, link: &Link) -> (String, String) {
        let branch = format!("{MAGIC_COOKIE}{}", self.token());
        let us = self.config.advertised(link);
        let via = Via::ours(link.transport, &us.host, us.port, &branch);
        (branch, via)
    }

    /// Our Contact, where the peer of this link reaches us.
    fn contact(&self, link: &Link) -> String {
        let transport = link.transport.uri_parameter();
        let us = self.config.advertised(link);
        format!("<sip:{}@{us}{transport}>", self.config.contact_user)
    }

    /// Interval of session timers that we wish, s.
    fn session_expires_second(&self) -> u32 {
        let wanted = self.config.timing.session_expires.as_secs();
        u32::try_from(wanted)
            .unwrap_or(u32::MAX)
            .max(session_timer::MIN_SE_SECOND)
    }

    fn set_leg_timer(&mut self, leg: LegId) {
        let deadline = self.legs.get(&leg).and_then(Leg::deadline);
        self.timers.set(Owner::Leg(leg), deadline);
    }
}
