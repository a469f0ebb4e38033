//! SIP over TCP: connections that peers open, and those that we open.
//!
//! # Invariants
//!
//! - At most [`CONNECTIONS_MAX`] connections; one more is closed at once.
//! - A connection that is silent for [`IDLE_MAX`] is closed; a peer that wants to keep it sends
//!   keep-alives (RFC 5626 section 3.5.1).
//! - A peer that does not read what we send loses its connection, not our memory.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sip::{Frame, Link, StreamFramer, Transport};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

/// Connections at once, in both directions.
const CONNECTIONS_MAX: usize = 1000;

/// Silence after which a connection is closed.
const IDLE_MAX: Duration = Duration::from_secs(600);

/// Longest wait for a connection that we open.
const CONNECT_MAX: Duration = Duration::from_secs(5);

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

/// Every open connection.
pub struct Streams {
    open: HashMap<Link, mpsc::Sender<Vec<u8>>>,
    arrivals: mpsc::Sender<Arrival>,
    accepted: mpsc::Receiver<(Link, mpsc::Sender<Vec<u8>>)>,
    n_open: Arc<AtomicUsize>,
}

/// Counts one connection while it lives.
struct Place(Arc<AtomicUsize>);

impl Streams {
    /// Accepts connections on `listener`.
    pub fn listen(listener: TcpListener) -> (Self, mpsc::Receiver<Arrival>) {
        let (arrivals, inbox) = mpsc::channel(ARRIVALS_MAX);
        let (announce, accepted) = mpsc::channel(ARRIVALS_MAX);
        let n_open = Arc::new(AtomicUsize::new(0));
        tokio::spawn(accept(
            listener,
            arrivals.clone(),
            announce,
            Arc::clone(&n_open),
        ));
        (
            Self {
                open: HashMap::new(),
                arrivals,
                accepted,
                n_open,
            },
            inbox,
        )
    }

    /// Sends on an open connection, or opens one.
    pub fn send(&mut self, link: Link, bytes: Vec<u8>) {
        self.settle();
        let out = self.open.entry(link).or_insert_with(|| {
            let (out, waiting) = mpsc::channel(WAITING_MAX);
            tokio::spawn(connect(
                link,
                waiting,
                self.arrivals.clone(),
                Arc::clone(&self.n_open),
            ));
            out
        });
        if out.try_send(bytes).is_err() {
            // The peer does not read, or is gone: dropping the queue ends the connection.
            self.open.remove(&link);
        }
    }

    /// The connection is gone.
    pub fn forget(&mut self, link: &Link) {
        self.settle();
        self.open.remove(link);
    }

    /// Takes over connections that peers opened.
    fn settle(&mut self) {
        while let Ok((link, out)) = self.accepted.try_recv() {
            self.open.insert(link, out);
        }
    }
}

async fn accept(
    listener: TcpListener,
    arrivals: mpsc::Sender<Arrival>,
    announce: mpsc::Sender<(Link, mpsc::Sender<Vec<u8>>)>,
    n_open: Arc<AtomicUsize>,
) {
    while !arrivals.is_closed() {
        let (stream, remote) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: others must end before this can go on.
                tracing::warn!(%error, "failed to accept a SIP connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let (Some(place), Ok(local)) = (Place::take(&n_open), stream.local_addr()) else {
            continue;
        };
        let link = Link {
            transport: Transport::Tcp,
            local,
            remote,
        };
        let (out, waiting) = mpsc::channel(WAITING_MAX);
        if announce.try_send((link, out)).is_ok() {
            tokio::spawn(serve(stream, link, waiting, arrivals.clone(), place));
        }
    }
}

async fn connect(
    link: Link,
    waiting: mpsc::Receiver<Vec<u8>>,
    arrivals: mpsc::Sender<Arrival>,
    n_open: Arc<AtomicUsize>,
) {
    let stream = tokio::time::timeout(CONNECT_MAX, TcpStream::connect(link.remote)).await;
    match (stream, Place::take(&n_open)) {
        (Ok(Ok(stream)), Some(place)) => serve(stream, link, waiting, arrivals, place).await,
        _ => {
            // The SIP task may be gone.
            let _ = arrivals.send(Arrival::Closed { link }).await;
        }
    }
}

/// Moves messages both ways until either side ends.
async fn serve(
    stream: TcpStream,
    link: Link,
    mut waiting: mpsc::Receiver<Vec<u8>>,
    arrivals: mpsc::Sender<Arrival>,
    _place: Place,
) {
    // Small messages that somebody waits for; a failure here only costs milliseconds.
    let _ = stream.set_nodelay(true);
    let (mut reader, mut writer) = stream.into_split();
    let mut framer = StreamFramer::new();
    let mut buffer = vec![0; 16 * 1024];
    loop {
        tokio::select! {
            read = tokio::time::timeout(IDLE_MAX, reader.read(&mut buffer)) => {
                let Ok(Ok(len @ 1..)) = read else { break };
                framer.push(&buffer[..len]);
                let Some(pong) = deliver(&mut framer, link, &arrivals).await else { break };
                if pong && writer.write_all(b"\r\n").await.is_err() {
                    break;
                }
            }
            bytes = waiting.recv() => {
                let Some(bytes) = bytes else { break };
                if writer.write_all(&bytes).await.is_err() {
                    break;
                }
            }
        }
    }
    // The SIP task may be gone.
    let _ = arrivals.send(Arrival::Closed { link }).await;
}

/// Hands on every whole message. Returns whether a keep-alive wants its answer; `None` ends the
/// connection.
async fn deliver(
    framer: &mut StreamFramer,
    link: Link,
    arrivals: &mpsc::Sender<Arrival>,
) -> Option<bool> {
    let mut pong = false;
    loop {
        match framer.next_frame() {
            Ok(Some(Frame::Message(bytes))) => {
                arrivals.send(Arrival::Message { link, bytes }).await.ok()?;
            }
            Ok(Some(Frame::Ping)) => pong = true,
            Ok(None) => return Some(pong),
            Err(error) => {
                tracing::debug!(%link, %error, "a SIP connection cannot be followed");
                return None;
            }
        }
    }
}

impl Place {
    fn take(n_open: &Arc<AtomicUsize>) -> Option<Self> {
        let place = Self(Arc::clone(n_open));
        (n_open.fetch_add(1, Ordering::Relaxed) < CONNECTIONS_MAX).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
