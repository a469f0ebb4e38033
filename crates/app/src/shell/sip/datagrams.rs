//! SIP over UDP: one address and socket port, and a queue for each kind of peer.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
};

use sip::{Link, Transport};
use tokio::net::UdpSocket;

use super::{known_socket, sockets::source_ip};

/// Peers whose route is remembered, for sockets that listen on every address.
const ROUTES_MAX: usize = 1024;

/// Whose datagrams are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// Of trunks and registered phones.
    Known,
    /// Of everybody else, or of everybody where the kernel does not tell them apart.
    Strangers,
}

/// What datagrams come by and leave by.
pub struct Datagrams {
    socket: UdpSocket,
    /// Its address, which each datagram asks for.
    bound: Option<SocketAddr>,
    /// Opened when there is somebody to be known.
    known: Option<UdpSocket>,
    peers: Vec<IpAddr>,
    routes: HashMap<IpAddr, IpAddr>,
}

impl Datagrams {
    /// With one queue for everybody.
    pub fn new(socket: UdpSocket) -> Self {
        Self {
            bound: socket.local_addr().ok(),
            socket,
            known: None,
            peers: Vec::new(),
            routes: HashMap::new(),
        }
    }

    /// Gives these addresses a queue of their own, instead of those before; the first of them where the
    /// kernel does not take all.
    pub fn know(&mut self, peers: Vec<IpAddr>) {
        if peers == self.peers {
            return;
        }
        let done = match &self.known {
            Some(_) => known_socket::select(&self.socket, &peers),
            None => known_socket::open(&self.socket, &peers).map(|known| self.known = Some(known)),
        };
        if let Err(error) = done {
            tracing::debug!(%error, "known peers have no queue of their own");
        }
        // Also where it failed: the same would fail again.
        self.peers = peers;
    }

    /// Waits until something can be read.
    pub async fn readable(&self) -> io::Result<()> {
        match &self.known {
            Some(known) => tokio::select! {
                ready = known.readable() => ready,
                ready = self.socket.readable() => ready,
            },
            None => self.socket.readable().await,
        }
    }

    /// The next datagram of a queue: its length and who sent it.
    ///
    /// # Errors
    ///
    /// `WouldBlock` when nothing waits, and what the socket says.
    pub fn try_recv(&self, queue: Queue, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        match queue {
            Queue::Strangers => self.socket.try_recv_from(buffer),
            Queue::Known => match &self.known {
                Some(known) => known.try_recv_from(buffer),
                None => Err(io::ErrorKind::WouldBlock.into()),
            },
        }
    }

    /// Sends a datagram.
    pub async fn send_to(&self, bytes: &[u8], remote: SocketAddr) -> io::Result<usize> {
        self.socket.send_to(bytes, remote).await
    }

    /// The way from a peer to us, as it reaches us.
    pub fn link(&mut self, remote: SocketAddr) -> Link {
        Link {
            transport: Transport::Udp,
            local: self.local(remote),
            remote,
        }
    }

    fn local(&mut self, remote: SocketAddr) -> SocketAddr {
        let Some(bound) = self.bound else {
            return remote;
        };
        if !bound.ip().is_unspecified() {
            return bound;
        }
        if self.routes.len() >= ROUTES_MAX {
            self.routes.clear();
        }
        let ip = self
            .routes
            .entry(remote.ip())
            .or_insert_with(|| source_ip(remote).unwrap_or(bound.ip()));
        SocketAddr::new(*ip, bound.port())
    }
}
