//! Connects the RTP socket of a leg to its peer while the stream runs evenly.
//!
//! From a socket that is not connected the kernel looks up the route of every datagram, which makes
//! sending an eighth dearer. A connected one hears nobody but its peer: so it is connected only after
//! [`EVEN_TICKS`] in a row that brought something, and let go by the first tick that brings nothing,
//! or when the leg sends elsewhere. A peer that moves without a word loses what it sends within
//! one tick, 20 ms.

use std::{
    io,
    net::{SocketAddr, UdpSocket},
    os::fd::AsRawFd as _,
};

/// Ticks in a row that brought something before a socket is connected: a second.
const EVEN_TICKS: u8 = 50;

/// Whether a socket is connected, and to whom.
#[derive(Debug, Default)]
pub struct Connection {
    peer: Option<SocketAddr>,
    /// Ticks in a row that brought something, counted up to [`EVEN_TICKS`].
    n_even: u8,
}

impl Connection {
    /// Looks at what a tick brought. `remote` is where the leg sends now.
    pub fn follow(&mut self, socket: &UdpSocket, n_taken: usize, remote: Option<SocketAddr>) {
        let is_even = n_taken > 0 && (self.peer.is_none() || self.peer == remote);
        if !is_even {
            self.n_even = 0;
            // What fails is tried again by the next tick.
            self.peer.take_if(|_| disconnect(socket).is_ok());
            return;
        }
        if self.n_even < EVEN_TICKS {
            self.n_even += 1;
        } else if self.peer.is_none()
            && let Some(remote) = remote
        {
            self.peer = socket.connect(remote).is_ok().then_some(remote);
        }
    }

    /// Lets the socket hear everybody again.
    pub fn let_go(&mut self, socket: &UdpSocket) {
        self.follow(socket, 0, None);
    }

    /// Sends a datagram.
    ///
    /// # Errors
    ///
    /// Fails when the kernel does not take it.
    pub fn send(&self, socket: &UdpSocket, bytes: &[u8], to: SocketAddr) -> io::Result<usize> {
        match self.peer == Some(to) {
            true => socket.send(bytes),
            false => socket.send_to(bytes, to),
        }
    }
}

/// Lets a socket hear everybody again. One that was bound to a port of the kernel's choice would lose
/// it: see [`super::socket`].
#[allow(unsafe_code)]
fn disconnect(socket: &UdpSocket) -> io::Result<()> {
    // SAFETY: `sockaddr` is plain old data; all zeros is a valid value of it, with the family
    // AF_UNSPEC, which dissolves the association (connect(2)).
    let nobody: libc::sockaddr = unsafe { std::mem::zeroed() };
    let len = u32::try_from(size_of::<libc::sockaddr>()).unwrap_or(0);
    // SAFETY: the descriptor is open, and the address is a local that the call only reads.
    match unsafe { libc::connect(socket.as_raw_fd(), &raw const nobody, len) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::{
        super::socket::{Inbox, PortRange},
        *,
    };

    const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    fn peer() -> UdpSocket {
        UdpSocket::bind((LOOPBACK, 0)).unwrap()
    }

    /// A socket that has heard its peer evenly for longer than it takes.
    fn connected(peer: &UdpSocket) -> (UdpSocket, Connection) {
        let socket = PortRange::new(None).bind(LOOPBACK).unwrap().rtp;
        let mut connection = Connection::default();
        for _ in 0..=EVEN_TICKS {
            connection.follow(&socket, 1, Some(peer.local_addr().unwrap()));
        }
        (socket, connection)
    }

    fn heard(socket: &UdpSocket) -> Vec<SocketAddr> {
        let mut senders = Vec::new();
        Inbox::new().drain(socket, |_, from| senders.push(from));
        senders
    }

    #[test]
    fn an_even_stream_connects_and_hears_its_peer_alone() {
        let (peer, stranger) = (peer(), peer());
        let (socket, connection) = connected(&peer);
        let (at, from) = (socket.local_addr().unwrap(), peer.local_addr().unwrap());
        assert_eq!(socket.peer_addr().unwrap(), from);

        // Its refusal comes back as an error of a later call: whether it does is nothing to us.
        let _ = stranger.send_to(b"noise", at);
        peer.send_to(b"voice", at).unwrap();
        assert_eq!(heard(&socket), [from]);
        assert_eq!(connection.send(&socket, b"answer", from).unwrap(), 6);
        assert_eq!(peer.recv(&mut [0; 16]).unwrap(), 6);
    }

    #[test]
    fn a_tick_without_a_datagram_lets_others_in_and_keeps_the_port() {
        let (peer, moved) = (peer(), peer());
        let (socket, mut connection) = connected(&peer);
        let at = socket.local_addr().unwrap();
        connection.follow(&socket, 0, Some(peer.local_addr().unwrap()));

        assert_eq!(socket.local_addr().unwrap(), at);
        moved.send_to(b"voice", at).unwrap();
        assert_eq!(heard(&socket), [moved.local_addr().unwrap()]);
    }

    #[test]
    fn whoever_is_named_by_signalling_is_heard_at_once() {
        let (peer, named) = (peer(), peer());
        let (socket, mut connection) = connected(&peer);
        connection.follow(&socket, 1, Some(named.local_addr().unwrap()));
        named
            .send_to(b"voice", socket.local_addr().unwrap())
            .unwrap();
        assert_eq!(heard(&socket), [named.local_addr().unwrap()]);
    }

    #[test]
    fn a_second_is_waited_for() {
        let (peer, socket) = (peer(), PortRange::new(None).bind(LOOPBACK).unwrap().rtp);
        let mut connection = Connection::default();
        for tick in 0..200 {
            let n_taken = usize::from(tick % 40 != 0);
            connection.follow(&socket, n_taken, Some(peer.local_addr().unwrap()));
        }
        assert!(socket.peer_addr().is_err());
    }
}
