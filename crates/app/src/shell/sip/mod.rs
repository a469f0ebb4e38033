//! Moves SIP: one task gives the [`sip::Endpoint`] its messages, commands and time.
//!
//! UDP and TCP share one socket port; TLS and WebSocket have ports of their own. Events of a leg go to
//! whoever placed or adopted it, in one bounded queue; calls that come in to the queue given at the start.

mod datagrams;
mod hold;
mod known_socket;
mod sockets;
mod stream;

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use sip::{
    Canceler, Command, Endpoint, Event, Guard, GuardRules, Incoming, Input, Invite, LegId, Link,
    Output, QueryId, Register, RegisterAnswer, Registering, TRY_TCP_MAX, Transport,
    digest::{Credentials, DigestResponse, Verdict},
};
use tokio::sync::{mpsc, oneshot};

use datagrams::{Datagrams, Queue};
pub use hold::LegHold;
pub use sockets::StreamSettings;
use sockets::{bind, listeners, trace};
pub use stream::{Admitted, Doors, TlsFiles, TlsPeer, Trusts, web_socket_answer};
use stream::{CONNECT_MAX, Streams};

/// Requests to the task that may wait.
const REQUESTS_MAX: usize = 4096;

/// Reports of one leg that may wait: a call causes about ten; a peer that floods a call with INFO
/// loses them.
const REPORTS_MAX: usize = 64;

/// Datagrams of a queue taken before the other's, and the machine's timers and commands, get their turn
/// again.
const DATAGRAMS_IN_A_ROW: usize = 64;

/// Longest datagram.
const DATAGRAM_MAX: usize = 65_535;

/// Exit code of a process that is broken: EX_SOFTWARE of sysexits.h.
const EXIT_BROKEN: i32 = 70;

/// Keeps the way to a phone open: a stream and every SIP parser pass over empty lines.
const PING: &[u8] = b"\r\n\r\n";

/// What happens to one leg.
#[derive(Debug)]
pub enum Report {
    /// The INVITE left.
    Dialed {
        /// Its Call-ID.
        call_id: String,
        /// Where it went.
        peer: SocketAddr,
    },
    /// The endpoint's event.
    Event(Event),
}

/// Who we are to peers, and who is let in.
#[derive(Clone, Debug)]
pub struct SipSettings {
    /// Where we listen; port 0 lets the kernel choose.
    pub listen: SocketAddr,
    /// Address that peers see, where it differs from the local one.
    pub public_ip: Option<IpAddr>,
    /// Value of `User-Agent` and `Server`.
    pub user_agent: String,
    /// Where else peers connect.
    pub streams: StreamSettings,
}

/// The SIP task of this process.
#[derive(Clone)]
pub struct SipHandle {
    requests: mpsc::Sender<Request>,
    local: SocketAddr,
    /// Where we listen for TLS.
    tls: Option<SocketAddr>,
    public_ip: Option<IpAddr>,
    trusts: Trusts,
    doors: Doors,
    ids: Arc<AtomicU64>,
}

enum Request {
    Invite(Box<Invite>, mpsc::Sender<Report>),
    Adopt(LegId, mpsc::Sender<Report>),
    Command(Command),
    Authenticate(Box<DigestResponse>, Credentials, oneshot::Sender<Verdict>),
    Options(sip::Uri, Link, oneshot::Sender<Option<u16>>),
    Register(Box<Register>, oneshot::Sender<Box<RegisterAnswer>>),
    Ping(Link),
    Refused(IpAddr),
    Proved(IpAddr),
    Know(Vec<IpAddr>),
}

/// The SIP task is gone: the process is ending.
#[derive(Debug, thiserror::Error)]
#[error("the SIP task has ended")]
pub struct Stopped;

impl SipHandle {
    /// Binds UDP and TCP on one socket port and starts the task. Calls that come in go to
    /// `incoming`; when that queue is full they are refused with 503.
    pub async fn start(
        settings: SipSettings,
        incoming: mpsc::Sender<Box<Incoming>>,
    ) -> io::Result<Self> {
        Self::start_with(settings, incoming, None).await
    }

    /// The same for a registrar: phones that register go to `registering`; when that queue is full
    /// they are told to come back.
    pub async fn start_registrar(
        settings: SipSettings,
        incoming: mpsc::Sender<Box<Incoming>>,
        registering: mpsc::Sender<Box<Registering>>,
    ) -> io::Result<Self> {
        Self::start_with(settings, incoming, Some(registering)).await
    }

    async fn start_with(
        settings: SipSettings,
        incoming: mpsc::Sender<Box<Incoming>>,
        registering: Option<mpsc::Sender<Box<Registering>>>,
    ) -> io::Result<Self> {
        let (udp, tcp) = bind(settings.listen).await?;
        let local = udp.local_addr()?;
        let (listeners, tls) = listeners(tcp, &settings.streams).await?;
        let public = |port| {
            settings
                .public_ip
                .map(|ip| SocketAddr::new(ip, port).into())
        };
        let advertised = public(local.port());
        let config = sip::Config {
            user_agent: settings.user_agent,
            advertised_udp: advertised.clone(),
            advertised_tcp: advertised,
            advertised_tls: tls.and_then(|tls| public(tls.port())),
            ..sip::Config::default()
        };
        let (requests, inbox) = mpsc::channel(REQUESTS_MAX);
        let trusts = Trusts::default();
        let (streams, arrivals) = Streams::listen(listeners, trusts.clone());
        let doors = streams.doors().clone();
        let shell = Shell {
            endpoint: Endpoint::new(config, rand::random()),
            guard: Guard::new(GuardRules::default()),
            udp: Datagrams::new(udp),
            streams,
            legs: HashMap::new(),
            queries: HashMap::new(),
            registers: HashMap::new(),
            n_queries: 0,
            incoming,
            registering,
            dialing: None,
        };
        tokio::spawn(async move {
            if let Err(panic) = tokio::spawn(shell.run(inbox, arrivals)).await {
                // Deaf and mute, the process is worth nothing; its next start closes what is open.
                tracing::error!(%panic, "the SIP task has panicked");
                std::process::exit(EXIT_BROKEN);
            }
        });
        Ok(Self {
            requests,
            local,
            tls,
            public_ip: settings.public_ip,
            trusts,
            doors,
            ids: Arc::default(),
        })
    }

    /// The address that we listen on, with the socket port in use.
    pub fn local(&self) -> SocketAddr {
        self.local
    }

    /// Where we listen for TLS, if we do.
    pub fn tls(&self) -> Option<SocketAddr> {
        self.tls
    }

    /// Whom our TLS connections must lead to.
    pub fn trusts(&self) -> &Trusts {
        &self.trusts
    }

    /// An id for an outgoing leg.
    pub fn new_leg(&self) -> LegId {
        LegId(self.ids.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// Places a call; what happens to it comes back on the receiver.
    pub async fn invite(&self, invite: Invite) -> Result<mpsc::Receiver<Report>, Stopped> {
        let (reports, inbox) = mpsc::channel(REPORTS_MAX);
        self.send(Request::Invite(Box::new(invite), reports))
            .await?;
        Ok(inbox)
    }

    /// Takes over the events of a leg that came in. When its caller has given up already, the
    /// first and only one says so.
    pub async fn adopt(&self, leg: LegId) -> Result<mpsc::Receiver<Report>, Stopped> {
        let (reports, inbox) = mpsc::channel(REPORTS_MAX);
        self.send(Request::Adopt(leg, reports)).await?;
        Ok(inbox)
    }

    /// Gives the endpoint a command.
    pub async fn command(&self, command: Command) -> Result<(), Stopped> {
        self.send(Request::Command(command)).await
    }

    /// Whether `proof` shows knowledge of `credentials`. Once for each INVITE.
    pub async fn authenticate(
        &self,
        proof: DigestResponse,
        credentials: Credentials,
    ) -> Result<Verdict, Stopped> {
        let (answer, verdict) = oneshot::channel();
        self.send(Request::Authenticate(Box::new(proof), credentials, answer))
            .await?;
        verdict.await.map_err(|_| Stopped)
    }

    /// Asks whether a peer is alive: its final status, or `None` for silence.
    pub async fn options(&self, to: sip::Uri, link: Link) -> Result<Option<u16>, Stopped> {
        let (answer, status) = oneshot::channel();
        self.send(Request::Options(to, link, answer)).await?;
        status.await.map_err(|_| Stopped)
    }

    /// Tells a registrar where we are. The query of `register` is picked here.
    pub async fn register(&self, register: Register) -> Result<Box<RegisterAnswer>, Stopped> {
        let (answer, said) = oneshot::channel();
        self.send(Request::Register(Box::new(register), answer))
            .await?;
        said.await.map_err(|_| Stopped)
    }

    /// Sends a keep-alive (RFC 5626 section 3.5.1 has its form), over TCP on an open connection only.
    pub async fn ping(&self, link: Link) -> Result<(), Stopped> {
        self.send(Request::Ping(link)).await
    }

    /// A stranger guessed wrong: it is heard less and less.
    pub async fn refused(&self, source: IpAddr) -> Result<(), Stopped> {
        self.send(Request::Refused(source)).await
    }

    /// A stranger proved itself.
    pub async fn proved(&self, source: IpAddr) -> Result<(), Stopped> {
        self.send(Request::Proved(source)).await
    }

    /// These addresses are known, the most important first, and nobody else: what strangers flood leaves
    /// room for their calls.
    pub async fn know(&self, peers: Vec<IpAddr>) -> Result<(), Stopped> {
        self.send(Request::Know(peers)).await
    }

    async fn send(&self, request: Request) -> Result<(), Stopped> {
        self.requests.send(request).await.map_err(|_| Stopped)
    }
}

struct Shell {
    endpoint: Endpoint,
    guard: Guard,
    udp: Datagrams,
    streams: Streams,
    legs: HashMap<LegId, mpsc::Sender<Report>>,
    queries: HashMap<QueryId, oneshot::Sender<Option<u16>>>,
    registers: HashMap<QueryId, oneshot::Sender<Box<RegisterAnswer>>>,
    n_queries: u64,
    incoming: mpsc::Sender<Box<Incoming>>,
    /// `None`: phones cannot register here.
    registering: Option<mpsc::Sender<Box<Registering>>>,
    /// The leg whose INVITE is the next message sent.
    dialing: Option<LegId>,
}

impl Shell {
    async fn run(
        mut self,
        mut requests: mpsc::Receiver<Request>,
        mut arrivals: mpsc::Receiver<stream::Arrival>,
    ) {
        let mut buffer = vec![0; DATAGRAM_MAX];
        loop {
            let due = self.endpoint.poll_timeout().map(|(at, _)| at);
            tokio::select! {
                request = requests.recv() => match request {
                    Some(request) => self.obey(request).await,
                    None => return,
                },
                ready = self.udp.readable() => {
                    if ready.is_ok() {
                        self.read_datagrams(&mut buffer).await;
                    }
                }
                Some(arrival) = arrivals.recv() => self.arrived(arrival).await,
                () = sleep_until(due) => self.handle(Input::Timeout).await,
            }
        }
    }

    async fn obey(&mut self, request: Request) {
        match request {
            Request::Invite(invite, reports) => {
                self.legs.insert(invite.leg, reports);
                self.dialing = Some(invite.leg);
                self.handle(Input::Command(Command::Invite(invite))).await;
                self.dialing = None;
            }
            Request::Adopt(leg, reports) => self.adopt(leg, reports),
            Request::Command(command) => self.handle(Input::Command(command)).await,
            Request::Authenticate(proof, credentials, answer) => {
                let verdict = self
                    .endpoint
                    .authenticate(&proof, &credentials, Instant::now());
                // Whoever asked may have given up.
                let _ = answer.send(verdict);
            }
            Request::Options(to, link, answer) => {
                let query = self.new_query();
                self.queries.insert(query, answer);
                self.handle(Input::Command(Command::Options { query, to, link }))
                    .await;
            }
            Request::Register(mut register, answer) => {
                register.query = self.new_query();
                self.registers.insert(register.query, answer);
                self.handle(Input::Command(Command::Register(register)))
                    .await;
            }
            Request::Ping(link) => self.ping(link).await,
            Request::Refused(source) => self.guard.refused(source, Instant::now()),
            Request::Proved(source) => self.guard.proved(source),
            Request::Know(peers) => {
                self.endpoint.know(peers.iter().copied().collect());
                self.streams.doors().know(&peers);
                self.udp.know(peers);
            }
        }
    }

    fn new_query(&mut self) -> QueryId {
        self.n_queries += 1;
        QueryId(self.n_queries)
    }

    async fn ping(&mut self, link: Link) {
        match link.transport {
            Transport::Udp => {
                if let Err(error) = self.udp.send_to(PING, link.remote).await {
                    tracing::debug!(%link, %error, "failed to send a keep-alive");
                }
            }
            Transport::Tcp | Transport::Tls | Transport::Ws | Transport::Wss => {
                self.streams.ping(&link, PING);
            }
        }
    }

    fn adopt(&mut self, leg: LegId, reports: mpsc::Sender<Report>) {
        self.legs.insert(leg, reports);
        if !self.endpoint.has_leg(leg) {
            // Its end was told when nobody listened. Only the caller ends a leg that we have not
            // answered; what gives up after three minutes of our silence is no different.
            self.report(Event::Canceled {
                leg,
                by: Canceler::Peer,
                reason: None,
            });
        }
    }

    async fn read_datagrams(&mut self, buffer: &mut [u8]) {
        for queue in [Queue::Known, Queue::Strangers] {
            self.read_queue(queue, buffer).await;
        }
    }

    async fn read_queue(&mut self, queue: Queue, buffer: &mut [u8]) {
        for _ in 0..DATAGRAMS_IN_A_ROW {
            match self.udp.try_recv(queue, buffer) {
                Ok((len, remote)) => {
                    let message = &buffer[..len];
                    if self.guard.stops(remote.ip(), message, Instant::now()) {
                        continue;
                    }
                    let link = self.udp.link(remote);
                    trace("in", &link, message);
                    let bytes = message.to_vec();
                    self.handle(Input::Received { link, bytes }).await;
                }
                // An ICMP refusal of an earlier datagram; its transaction times out by itself.
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
                Err(_) => return,
            }
        }
    }

    async fn arrived(&mut self, arrival: stream::Arrival) {
        match arrival {
            stream::Arrival::Message { link, bytes } => {
                if !self.guard.stops(link.remote.ip(), &bytes, Instant::now()) {
                    trace("in", &link, &bytes);
                    self.handle(Input::Received { link, bytes }).await;
                }
            }
            stream::Arrival::Closed { link } => {
                self.streams.forget(&link);
                self.handle(Input::LinkFailed { link }).await;
            }
        }
    }

    /// Gives the machine one input and carries out everything it wants.
    async fn handle(&mut self, input: Input) {
        self.endpoint.handle(input, Instant::now());
        while let Some(output) = self.endpoint.poll() {
            match output {
                Output::Send { link, bytes, large } => self.send(link, bytes, large).await,
                Output::Event(event) => self.report(event),
            }
        }
    }

    async fn send(&mut self, link: Link, bytes: Vec<u8>, large: bool) {
        trace("out", &link, &bytes);
        if let Some(leg) = self.dialing.take() {
            let call_id = sip::summary(&bytes)
                .map(|summary| summary.call_id)
                .unwrap_or_default();
            self.tell(
                leg,
                Report::Dialed {
                    call_id,
                    peer: link.remote,
                },
            );
        }
        match link.transport {
            Transport::Udp => {
                if let Err(error) = self.udp.send_to(&bytes, link.remote).await {
                    // Not a reason to end a leg at once: the transaction repeats it, or times out.
                    tracing::debug!(%link, %error, "failed to send a SIP datagram");
                }
            }
            Transport::Tcp | Transport::Tls | Transport::Ws | Transport::Wss => {
                let connect_max = if large { TRY_TCP_MAX } else { CONNECT_MAX };
                self.streams.send(link, bytes, connect_max);
            }
        }
    }

    fn report(&mut self, event: Event) {
        let leg = match &event {
            Event::Incoming(incoming) => {
                self.announce(incoming.clone());
                return;
            }
            Event::OptionsAnswered { query, status } => {
                if let Some(answer) = self.queries.remove(query) {
                    // Whoever asked may have given up.
                    let _ = answer.send(*status);
                }
                return;
            }
            Event::Registering(registering) => {
                self.announce_register(registering.clone());
                return;
            }
            Event::RegisterAnswered { query, answer } => {
                if let Some(to) = self.registers.remove(query) {
                    // Whoever asked may have given up.
                    let _ = to.send(answer.clone());
                }
                return;
            }
            Event::Refused { leg, .. } | Event::Canceled { leg, .. } | Event::Ended { leg, .. } => {
                let leg = *leg;
                self.tell(leg, Report::Event(event));
                self.legs.remove(&leg);
                return;
            }
            Event::Progress { leg, .. }
            | Event::Answered { leg, .. }
            | Event::Confirmed { leg, .. }
            | Event::Reoffered { leg, .. }
            | Event::Redirected { leg, .. }
            | Event::OfferRefused { leg, .. }
            | Event::ReferAnswered { leg, .. }
            | Event::ReferTold { leg, .. }
            | Event::UserData { leg, .. }
            | Event::Info { leg, .. } => *leg,
            Event::Referred(referring) => referring.leg,
        };
        self.tell(leg, Report::Event(event));
    }

    fn announce(&mut self, incoming: Box<Incoming>) {
        let leg = incoming.leg;
        let source = incoming.source.remote.ip();
        if !self.has_place(&self.incoming, source) || self.incoming.try_send(incoming).is_err() {
            tracing::warn!("too many calls come in at once, one is refused");
            let overloaded = Command::Reject {
                leg,
                status: 503,
                reason: None,
                headers: vec![("Retry-After".into(), "10".into())],
            };
            self.endpoint
                .handle(Input::Command(overloaded), Instant::now());
        }
    }

    fn announce_register(&mut self, registering: Box<Registering>) {
        let request = registering.request;
        let (status, header) = match &self.registering {
            Some(queue) => {
                let has_place = self.has_place(queue, registering.source.remote.ip());
                if has_place && queue.try_send(registering).is_ok() {
                    return;
                }
                (503, ("Retry-After", "10"))
            }
            None => (405, ("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS")),
        };
        let answer = Command::AnswerRegister {
            request,
            status,
            headers: vec![(header.0.into(), header.1.into())],
        };
        self.endpoint.handle(Input::Command(answer), Instant::now());
    }

    /// Whether a queue has a place for this source: strangers leave half of it to those that are known.
    fn has_place<T>(&self, queue: &mpsc::Sender<T>, source: IpAddr) -> bool {
        self.endpoint.prefers(source) || queue.capacity() > queue.max_capacity() / 2
    }

    fn tell(&mut self, leg: LegId, report: Report) {
        if let Some(reports) = self.legs.get(&leg)
            && let Err(mpsc::error::TrySendError::Full(_)) = reports.try_send(report)
        {
            tracing::warn!(leg = leg.0, "a call's task lost a report of its leg");
        }
    }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
