//! SIP over TCP: connections that peers open, and those that we open.
//!
//! # Invariants
//!
//! - At most [`CONNECTIONS_MAX`] connections, of which peers open [`ACCEPTED_MAX`] at most and one
//!   address [`ACCEPTED_PER_ADDRESS_MAX`]; one more is closed at once.
//! - A peer that connects and sends no whole message within [`FIRST_MESSAGE_MAX`] is closed.
//! - A connection on which nothing moves for [`IDLE_MAX`] is closed; a peer that wants to keep it
//!   sends keep-alives (RFC 5626 section 3.5.1), and so do we to phones that are registered.
//! - A peer that does not read what we send loses its connection, not our memory.

use std::{
    collections::{HashMap, hash_map::Entry},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sip::{Frame, Link, StreamFramer, Transport};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::OwnedWriteHalf},
    sync::mpsc,
    time::Instant,
};

/// Connections at once, in both directions.
const CONNECTIONS_MAX: usize = 1000;

/// Connections that peers opened: the rest is kept for ours.
const ACCEPTED_MAX: usize = 800;

/// Connections that one address opened; a carrier's proxy needs a few.
const ACCEPTED_PER_ADDRESS_MAX: usize = 50;

/// Longest wait for the first whole message of a peer that connected.
const FIRST_MESSAGE_MAX: Duration = Duration::from_secs(30);

/// Longest wait for a peer to take one message.
const WRITE_MAX: Duration = Duration::from_secs(10);

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
    places: Arc<Places>,
}

/// Counts connections.
#[derive(Default)]
struct Places {
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    n_open: usize,
    n_accepted: usize,
    /// No entry for none.
    n_accepted_by_address: HashMap<IpAddr, usize>,
}

/// Counts one connection while it lives.
struct Place {
    places: Arc<Places>,
    /// Who opened it; `None`: we did.
    opened_by: Option<IpAddr>,
}

impl Streams {
    /// Accepts connections on `listener`.
    pub fn listen(listener: TcpListener) -> (Self, mpsc::Receiver<Arrival>) {
        let (arrivals, inbox) = mpsc::channel(ARRIVALS_MAX);
        let (announce, accepted) = mpsc::channel(ARRIVALS_MAX);
        let places = Arc::<Places>::default();
        tokio::spawn(accept(
            listener,
            arrivals.clone(),
            announce,
            Arc::clone(&places),
        ));
        (
            Self {
                open: HashMap::new(),
                arrivals,
                accepted,
                places,
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
                Arc::clone(&self.places),
            ));
            out
        });
        if out.try_send(bytes).is_err() {
            // The peer does not read, or is gone: dropping the queue ends the connection.
            self.open.remove(&link);
        }
    }

    /// Sends these bytes if the connection is open.
    pub fn ping(&mut self, link: &Link, bytes: &[u8]) {
        self.settle();
        if let Some(out) = self.open.get(link) {
            // A full queue keeps the connection busy enough.
            let _ = out.try_send(bytes.to_vec());
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
    places: Arc<Places>,
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
        let place = Place::accepted(&places, remote.ip());
        let (Some(place), Ok(local)) = (place, stream.local_addr()) else {
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
    places: Arc<Places>,
) {
    let stream = tokio::time::timeout(CONNECT_MAX, TcpStream::connect(link.remote)).await;
    match (stream, Place::ours(&places)) {
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
    place: Place,
) {
    // Small messages that somebody waits for; a failure here only costs milliseconds.
    let _ = stream.set_nodelay(true);
    let (mut reader, mut writer) = stream.into_split();
    let mut framer = StreamFramer::new();
    let mut buffer = vec![0; 16 * 1024];
    let now = Instant::now();
    // Whom we connected to is known, and speaks when it is asked.
    let mut silent_until = match place.opened_by {
        Some(_) => now + FIRST_MESSAGE_MAX,
        None => now + IDLE_MAX,
    };
    let mut heard = place.opened_by.is_none();
    loop {
        tokio::select! {
            read = tokio::time::timeout_at(silent_until, reader.read(&mut buffer)) => {
                let Ok(Ok(len @ 1..)) = read else { break };
                framer.push(&buffer[..len]);
                let Some(delivered) = deliver(&mut framer, link, &arrivals).await else { break };
                if delivered.pong && !write(&mut writer, b"\r\n").await {
                    break;
                }
                heard |= delivered.messages;
                if heard {
                    silent_until = Instant::now() + IDLE_MAX;
                }
            }
            bytes = waiting.recv() => {
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
    // The SIP task may be gone.
    let _ = arrivals.send(Arrival::Closed { link }).await;
}

/// Whether the peer took it in time.
async fn write(writer: &mut OwnedWriteHalf, bytes: &[u8]) -> bool {
    let written = tokio::time::timeout(WRITE_MAX, writer.write_all(bytes)).await;
    matches!(written, Ok(Ok(())))
}

/// What one read brought.
#[derive(Default)]
struct Delivered {
    /// A keep-alive wants its answer.
    pong: bool,
    /// At least one whole message.
    messages: bool,
}

/// Hands on every whole message; `None` ends the connection.
async fn deliver(
    framer: &mut StreamFramer,
    link: Link,
    arrivals: &mpsc::Sender<Arrival>,
) -> Option<Delivered> {
    let mut delivered = Delivered::default();
    loop {
        match framer.next_frame() {
            Ok(Some(Frame::Message(bytes))) => {
                arrivals.send(Arrival::Message { link, bytes }).await.ok()?;
                delivered.messages = true;
            }
            Ok(Some(Frame::Ping)) => delivered.pong = true,
            Ok(None) => return Some(delivered),
            Err(error) => {
                tracing::debug!(%link, %error, "a SIP connection cannot be followed");
                return None;
            }
        }
    }
}

impl Place {
    /// A place for a connection that we open.
    fn ours(places: &Arc<Places>) -> Option<Self> {
        let mut counts = places.lock();
        if counts.n_open >= CONNECTIONS_MAX {
            return None;
        }
        counts.n_open += 1;
        Some(Self {
            places: Arc::clone(places),
            opened_by: None,
        })
    }

    /// A place for a connection that a peer opened.
    fn accepted(places: &Arc<Places>, peer: IpAddr) -> Option<Self> {
        let mut counts = places.lock();
        let n_of_peer = counts.n_accepted_by_address.get(&peer).copied();
        if counts.n_open >= CONNECTIONS_MAX
            || counts.n_accepted >= ACCEPTED_MAX
            || n_of_peer.is_some_and(|n| n >= ACCEPTED_PER_ADDRESS_MAX)
        {
            return None;
        }
        counts.n_open += 1;
        counts.n_accepted += 1;
        *counts.n_accepted_by_address.entry(peer).or_insert(0) += 1;
        Some(Self {
            places: Arc::clone(places),
            opened_by: Some(peer),
        })
    }
}

impl Places {
    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.places.lock();
        counts.n_open -= 1;
        let Some(peer) = self.opened_by else {
            return;
        };
        counts.n_accepted -= 1;
        if let Entry::Occupied(mut n) = counts.n_accepted_by_address.entry(peer) {
            *n.get_mut() -= 1;
            if *n.get() == 0 {
                n.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_leave_places_for_connections_of_ours() {
        let places = Arc::<Places>::default();
        let peer = |n: u32| IpAddr::from(n.to_be_bytes());
        let of_one: Vec<_> = (0..100)
            .filter_map(|_| Place::accepted(&places, peer(1)))
            .collect();
        assert_eq!(of_one.len(), ACCEPTED_PER_ADDRESS_MAX);
        let of_all: Vec<_> = (0..2000)
            .filter_map(|n| Place::accepted(&places, peer(n)))
            .collect();
        assert_eq!(of_one.len() + of_all.len(), ACCEPTED_MAX);
        assert!(Place::ours(&places).is_some());
        drop((of_one, of_all));
        let counts = places.lock();
        assert_eq!((counts.n_open, counts.n_accepted), (0, 0));
        assert!(counts.n_accepted_by_address.is_empty());
    }
}
