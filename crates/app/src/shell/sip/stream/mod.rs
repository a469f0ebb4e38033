//! SIP over streams: connections that peers open, and those that we open. TCP, TLS, and WebSocket
//! (RFC 7118) in the clear or over TLS, which only phones open.
//!
//! # Invariants
//!
//! - At most 1000 connections, of which peers open 800 at most and one address 50; one more is
//!   closed at once.
//! - A peer that connects and sends no whole message within [`FIRST_MESSAGE_MAX`] is closed.
//! - A connection on which nothing moves for [`IDLE_MAX`] is closed; a peer that wants to keep it
//!   sends keep-alives (RFC 5626 section 3.5.1), and so do we to phones that are registered.
//! - A peer that does not read what we send loses its connection, not our memory.
//! - A TLS connection of ours leads to a peer whose certificate has the name and the authority that
//!   were asked for, and serves nobody who asks for others.

mod doors;
mod places;
mod tls;
mod web_socket;

use std::{collections::HashMap, sync::Arc, time::Duration};

pub use doors::{Admitted, Doors};
use places::{Place, Places};
use sip::{Frame, Link, StreamFramer, Transport};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::Instant,
};
pub use web_socket::web_socket_answer;

pub use tls::{Identity, TlsFiles, TlsPeer, Trusts};

/// Longest wait for the first whole message of a peer that connected.
const FIRST_MESSAGE_MAX: Duration = Duration::from_secs(30);

/// Longest time that any message may take from its first byte to its last.
const MESSAGE_MAX: Duration = Duration::from_secs(30);

/// Longest wait for a peer to take one message.
const WRITE_MAX: Duration = Duration::from_secs(10);

/// Time for the answer to a message that ends its connection.
const LAST_WORDS_MAX: Duration = Duration::from_secs(1);

/// Silence after which a connection is closed.
const IDLE_MAX: Duration = Duration::from_secs(600);

/// Longest wait for a connection that we open, each for TCP and for TLS.
pub(super) const CONNECT_MAX: Duration = Duration::from_secs(5);

/// Longest wait for a peer that connected to begin TLS or WebSocket.
const HANDSHAKE_MAX: Duration = Duration::from_secs(10);

/// Messages that may wait for a peer to read.
const WAITING_MAX: usize = 128;

/// Messages of all connections that may wait for the SIP task.
const ARRIVALS_MAX: usize = 1024;

/// What connections have for the SIP task.
pub enum Arrival {
    /// A whole message.
    Message {
        /// Its connection.
        link: Link,
        /// The message.
        bytes: Vec<u8>,
    },
    /// The connection is gone, or could not be opened.
    Closed {
        /// Which.
        link: Link,
    },
}

/// What lies between TCP and SIP where peers connect.
#[derive(Clone)]
pub enum Layer {
    /// Nothing.
    Plain,
    /// TLS.
    Tls(Arc<Identity>),
    /// WebSocket in the clear: for a proxy in front that speaks TLS.
    WebSocket,
    /// WebSocket over TLS.
    SecureWebSocket(Arc<Identity>),
}

/// Every open connection.
pub struct Streams {
    open: HashMap<Link, Open>,
    accepted: mpsc::Receiver<(Link, mpsc::Sender<Vec<u8>>)>,
    doors: Doors,
    trusts: Trusts,
}

/// The way into a connection.
struct Open {
    out: mpsc::Sender<Vec<u8>>,
    /// For whom it was opened; `None` for one that the peer opened.
    trust: Option<u64>,
}

/// What every connection needs, whatever its layers.
struct Connection {
    link: Link,
    waiting: mpsc::Receiver<Vec<u8>>,
    arrivals: mpsc::Sender<Arrival>,
    place: Place,
}

impl Layer {
    /// How SIP names it.
    fn transport(&self) -> Transport {
        match self {
            Self::Plain => Transport::Tcp,
            Self::Tls(_) => Transport::Tls,
            Self::WebSocket => Transport::Ws,
            Self::SecureWebSocket(_) => Transport::Wss,
        }
    }
}

impl Streams {
    /// Accepts connections on every listener. Those that we open by TLS lead to whom `trusts` names.
    pub fn listen(
        listeners: Vec<(TcpListener, Layer)>,
        trusts: Trusts,
    ) -> (Self, mpsc::Receiver<Arrival>) {
        let (arrivals, inbox) = mpsc::channel(ARRIVALS_MAX);
        let (announce, accepted) = mpsc::channel(ARRIVALS_MAX);
        let doors = Doors {
            arrivals,
            announce,
            places: Arc::default(),
        };
        for (listener, layer) in listeners {
            tokio::spawn(accept(listener, layer, doors.clone()));
        }
        (
            Self {
                open: HashMap::new(),
                accepted,
                doors,
                trusts,
            },
            inbox,
        )
    }

    /// Where connections come in that others have accepted.
    pub fn doors(&self) -> &Doors {
        &self.doors
    }

    /// Sends on an open connection, or opens one within this time.
    pub fn send(&mut self, link: Link, bytes: Vec<u8>, connect_max: Duration) {
        self.settle();
        let trust = match link.transport {
            Transport::Tls => self.trusts.edition(link.remote),
            Transport::Udp | Transport::Tcp | Transport::Ws | Transport::Wss => None,
        };
        let is_for_others = |open: &Open| open.trust.is_some() && open.trust != trust;
        if self.open.get(&link).is_some_and(is_for_others) {
            self.open.remove(&link);
        }
        let open = self.open.entry(link).or_insert_with(|| {
            let (out, waiting) = mpsc::channel(WAITING_MAX);
            tokio::spawn(connect(
                (link, connect_max),
                waiting,
                self.doors.clone(),
                self.trusts.clone(),
            ));
            Open { out, trust }
        });
        if open.out.try_send(bytes).is_err() {
            // The peer does not read, or is gone: dropping the queue ends the connection.
            self.open.remove(&link);
        }
    }

    /// Sends these bytes if the connection is open.
    pub fn ping(&mut self, link: &Link, bytes: &[u8]) {
        self.settle();
        if let Some(open) = self.open.get(link) {
            // A full queue keeps the connection busy enough.
            let _ = open.out.try_send(bytes.to_vec());
        }
    }

    /// The connection is gone.
    pub fn forget(&mut self, link: &Link) {
        self.settle();
        // One that was opened in its place lives.
        if self.open.get(link).is_some_and(|open| open.out.is_closed()) {
            self.open.remove(link);
        }
    }

    /// Takes over connections that peers opened.
    fn settle(&mut self) {
        while let Ok((link, out)) = self.accepted.try_recv() {
            self.open.insert(link, Open { out, trust: None });
        }
    }
}

/// Takes in what connects to one socket.
async fn accept(listener: TcpListener, layer: Layer, doors: Doors) {
    while !doors.arrivals.is_closed() {
        let (stream, remote) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: others must end before this can go on.
                tracing::warn!(%error, "failed to accept a SIP connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let Ok(local) = stream.local_addr() else {
            continue;
        };
        let link = Link {
            transport: layer.transport(),
            local,
            remote,
        };
        if let Some(connection) = doors.admit(link) {
            tokio::spawn(connection.accepted(stream, layer.clone()));
        }
    }
}

async fn connect(
    (link, connect_max): (Link, Duration),
    waiting: mpsc::Receiver<Vec<u8>>,
    doors: Doors,
    trusts: Trusts,
) {
    let Doors {
        arrivals, places, ..
    } = doors;
    let Some(place) = Place::ours(&places) else {
        drop(waiting);
        // The SIP task may be gone.
        let _ = arrivals.send(Arrival::Closed { link }).await;
        return;
    };
    let connection = Connection {
        link,
        waiting,
        arrivals,
        place,
    };
    connection.opened(&trusts, connect_max).await;
}

impl Connection {
    /// A peer has connected.
    async fn accepted(mut self, stream: TcpStream, layer: Layer) {
        // Small messages that somebody waits for; a failure here only costs milliseconds.
        let _ = stream.set_nodelay(true);
        match layer {
            Layer::Plain => self.serve(stream).await,
            Layer::Tls(identity) => {
                if let Some(stream) = tls::accept(&identity, stream).await {
                    self.serve(stream).await;
                }
            }
            Layer::WebSocket => web_socket::serve(&mut self, stream).await,
            Layer::SecureWebSocket(identity) => {
                if let Some(stream) = tls::accept(&identity, stream).await {
                    web_socket::serve(&mut self, stream).await;
                }
            }
        }
        self.end().await;
    }

    /// Connects to the peer. Phones behind WebSocket cannot be connected to (RFC 7118 section 5).
    async fn opened(mut self, trusts: &Trusts, connect_max: Duration) {
        let remote = self.link.remote;
        match self.link.transport {
            Transport::Tcp => {
                if let Some(stream) = tcp(remote, connect_max).await {
                    self.serve(stream).await;
                }
            }
            Transport::Tls => {
                if let Some(stream) = tls::connect(trusts, remote).await {
                    self.serve(stream).await;
                }
            }
            Transport::Udp | Transport::Ws | Transport::Wss => {}
        }
        self.end().await;
    }

    /// Moves messages both ways until either side ends.
    async fn serve<S: AsyncRead + AsyncWrite>(&mut self, stream: S) {
        let (mut reader, mut writer) = tokio::io::split(stream);
        let mut framer = StreamFramer::new();
        let mut buffer = vec![0; 16 * 1024];
        let (mut silent_until, mut heard) = self.begin();
        let mut whole_until: Option<Instant> = None;
        loop {
            let until = whole_until.map_or(silent_until, |whole| whole.min(silent_until));
            tokio::select! {
                read = tokio::time::timeout_at(until, reader.read(&mut buffer)) => {
                    let Ok(Ok(len @ 1..)) = read else { break };
                    framer.push(&buffer[..len]);
                    let Some(delivered) = self.deliver(&mut framer).await else {
                        self.say_why(&framer, &mut reader, &mut writer).await;
                        break;
                    };
                    if delivered.pong && !write(&mut writer, b"\r\n").await {
                        break;
                    }
                    if delivered.messages || !framer.is_within() {
                        whole_until = None;
                    }
                    if framer.is_within() {
                        whole_until.get_or_insert_with(|| Instant::now() + MESSAGE_MAX);
                    }
                    heard |= delivered.messages;
                    if heard {
                        silent_until = Instant::now() + IDLE_MAX;
                    }
                }
                bytes = self.waiting.recv() => {
                    let Some(bytes) = bytes else { break };
                    if !write(&mut writer, &bytes).await {
                        break;
                    }
                    // What a phone is kept alive with also keeps its connection.
                    if heard {
                        silent_until = Instant::now() + IDLE_MAX;
                    }
                }
            }
        }
    }

    /// Until when the peer may be silent, and whether it counts as heard: whom we connected to is
    /// known, and speaks when it is asked.
    fn begin(&self) -> (Instant, bool) {
        let now = Instant::now();
        match self.place.opened_by {
            Some(_) => (now + FIRST_MESSAGE_MAX, false),
            None => (now + IDLE_MAX, true),
        }
    }

    /// Hands on every whole message; `None` ends the connection.
    async fn deliver(&self, framer: &mut StreamFramer) -> Option<Delivered> {
        let mut delivered = Delivered::default();
        loop {
            match framer.next_frame() {
                Ok(Some(Frame::Message(bytes))) => {
                    self.hand_on(bytes).await?;
                    delivered.messages = true;
                }
                Ok(Some(Frame::Ping)) => delivered.pong = true,
                Ok(None) => return Some(delivered),
                Err(error) => {
                    let link = self.link;
                    tracing::debug!(%link, %error, "a SIP connection cannot be followed");
                    return None;
                }
            }
        }
    }

    /// Tells the sender of a message that cannot be followed what is wrong with it, if its header says whom.
    async fn say_why<S: AsyncRead + AsyncWrite>(
        &mut self,
        framer: &StreamFramer,
        reader: &mut ReadHalf<S>,
        writer: &mut WriteHalf<S>,
    ) {
        let Some(header) = framer.broken_header() else {
            return;
        };
        if self.hand_on(header.to_vec()).await.is_none() {
            return;
        }
        let answering = async {
            let Some(answer) = self.waiting.recv().await else {
                return;
            };
            if write(writer, &answer).await && writer.shutdown().await.is_ok() {
                // What is closed with bytes unread is reset, and the answer lost with it.
                let mut rest = [0; 4096];
                while reader.read(&mut rest).await.is_ok_and(|len| len > 0) {}
            }
        };
        // Who does not listen is left.
        let _ = tokio::time::timeout(LAST_WORDS_MAX, answering).await;
    }

    /// `None`: the SIP task is gone.
    async fn hand_on(&self, bytes: Vec<u8>) -> Option<()> {
        let link = self.link;
        let message = Arrival::Message { link, bytes };
        self.arrivals.send(message).await.ok()
    }

    /// Nothing more is taken.
    async fn end(self) {
        let Self {
            link,
            waiting,
            arrivals,
            place,
        } = self;
        // What is told below is that nobody waits here any more.
        drop((waiting, place));
        // The SIP task may be gone.
        let _ = arrivals.send(Arrival::Closed { link }).await;
    }
}

async fn tcp(remote: std::net::SocketAddr, connect_max: Duration) -> Option<TcpStream> {
    let stream = tokio::time::timeout(connect_max, TcpStream::connect(remote)).await;
    let stream = stream.ok()?.ok()?;
    // A failure here only costs milliseconds.
    let _ = stream.set_nodelay(true);
    Some(stream)
}

/// Whether the peer took it in time.
async fn write<S: AsyncWrite>(writer: &mut WriteHalf<S>, bytes: &[u8]) -> bool {
    let writing = async {
        writer.write_all(bytes).await?;
        writer.flush().await
    };
    matches!(tokio::time::timeout(WRITE_MAX, writing).await, Ok(Ok(())))
}

/// What one read brought.
#[derive(Default)]
struct Delivered {
    /// A keep-alive wants its answer.
    pong: bool,
    /// At least one whole message.
    messages: bool,
}
