//! The sockets of the SIP task, and what may be shown of what passes them.

use std::{
    io,
    net::{IpAddr, SocketAddr, UdpSocket as StdUdpSocket},
    sync::Arc,
};

use sip::{Link, Transport};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, UdpSocket};

use super::{
    SipHandle,
    stream::{Doors, Identity, Layer, TlsFiles},
};

/// Bytes of datagrams that may wait in the kernel: those of all carriers and phones come by one socket, and
/// its usual 208 KiB hold a burst of about two hundred.
const RECEIVE_BUFFER: usize = 4 << 20;

/// Sockets for streams with something between TCP and SIP; port 0 lets the kernel choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamSettings {
    /// Where TLS is spoken.
    pub tls: Option<SocketAddr>,
    /// Where WebSocket is spoken in the clear: for a proxy in front that speaks TLS.
    pub ws: Option<SocketAddr>,
    /// Where WebSocket is spoken under TLS.
    pub wss: Option<SocketAddr>,
    /// Our certificate: required for `tls` and `wss`.
    pub files: Option<TlsFiles>,
}

/// UDP and TCP on one port. With port 0 the kernel's choice for UDP may be taken for TCP.
pub async fn bind(listen: SocketAddr) -> io::Result<(UdpSocket, TcpListener)> {
    let mut attempts = 0;
    loop {
        let udp = bind_udp(listen)?;
        let local = udp.local_addr()?;
        match TcpListener::bind(local).await {
            Ok(tcp) => return Ok((udp, tcp)),
            Err(error) if listen.port() != 0 || attempts == 16 => return Err(error),
            Err(_) => attempts += 1,
        }
    }
}

fn bind_udp(listen: SocketAddr) -> io::Result<UdpSocket> {
    let socket = new_udp(listen)?;
    socket.bind(&listen.into())?;
    UdpSocket::from_std(socket.into())
}

/// A socket for datagrams to such an address, which is not bound yet.
pub fn new_udp(listen: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(
        Domain::for_address(listen),
        Type::DGRAM,
        Some(Protocol::UDP),
    )?;
    socket.set_nonblocking(true)?;
    // The kernel gives what `net.core.rmem_max` allows.
    socket.set_recv_buffer_size(RECEIVE_BUFFER)?;
    Ok(socket)
}

/// Every socket where streams begin, and where TLS is spoken.
pub async fn listeners(
    tcp: TcpListener,
    settings: &StreamSettings,
) -> io::Result<(Vec<(TcpListener, Layer)>, Option<SocketAddr>)> {
    let mut all = vec![(tcp, Layer::Plain)];
    if let Some(listen) = settings.ws {
        all.push((TcpListener::bind(listen).await?, Layer::WebSocket));
    }
    if settings.tls.is_none() && settings.wss.is_none() {
        return Ok((all, None));
    }
    let files = settings.files.clone();
    let files = files.ok_or_else(|| io::Error::other("TLS needs a certificate and its key"))?;
    let identity = Identity::read(files).map_err(|why| io::Error::other(format!("{why:#}")))?;
    let identity = Arc::new(identity);
    let mut tls = None;
    if let Some(listen) = settings.tls {
        let listener = TcpListener::bind(listen).await?;
        tls = Some(listener.local_addr()?);
        all.push((listener, Layer::Tls(Arc::clone(&identity))));
    }
    if let Some(listen) = settings.wss {
        let listener = TcpListener::bind(listen).await?;
        all.push((listener, Layer::SecureWebSocket(identity)));
    }
    Ok((all, tls))
}

/// The address that the kernel would send from. Connecting a UDP socket sends nothing.
pub fn source_ip(remote: SocketAddr) -> Option<IpAddr> {
    let any: SocketAddr = if remote.is_ipv4() {
        (std::net::Ipv4Addr::UNSPECIFIED, 0).into()
    } else {
        (std::net::Ipv6Addr::UNSPECIFIED, 0).into()
    };
    let socket = StdUdpSocket::bind(any).ok()?;
    socket.connect(remote).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

/// Whole messages hold numbers and names of people: `trace` only, and without keys.
pub fn trace(direction: &str, link: &Link, bytes: &[u8]) {
    if tracing::enabled!(tracing::Level::TRACE) {
        let message = String::from_utf8_lossy(bytes);
        let message = sip::sdp::without_keys(&message);
        tracing::trace!(direction, %link, %message, "sip");
    }
}

impl SipHandle {
    /// Where connections come in that others have accepted.
    pub fn doors(&self) -> &Doors {
        &self.doors
    }

    /// The way to a peer.
    pub fn link(&self, transport: Transport, remote: SocketAddr) -> Link {
        let listening = match transport {
            Transport::Tls => self.tls.unwrap_or(self.local),
            Transport::Udp | Transport::Tcp | Transport::Ws | Transport::Wss => self.local,
        };
        Link {
            transport,
            local: SocketAddr::new(self.local_ip(remote), listening.port()),
            remote,
        }
    }

    /// Our address as this peer reaches it: what stands in SDP.
    pub fn local_ip(&self, remote: SocketAddr) -> IpAddr {
        if let Some(ip) = self.public_ip {
            return ip;
        }
        if self.local.ip().is_unspecified() {
            return source_ip(remote).unwrap_or(self.local.ip());
        }
        self.local.ip()
    }

    /// Whether an address of SIP is one of ours.
    pub fn is_at(&self, ip: IpAddr) -> bool {
        let is_listened_on = self.local.ip() == ip || self.public_ip == Some(ip);
        // The way to an address of this machine begins there.
        let is_own = || source_ip(SocketAddr::new(ip, self.local.port())) == Some(ip);
        is_listened_on || self.local.ip().is_unspecified() && is_own()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_burst_of_a_thousand_messages_waits_for_us() {
        let socket = bind_udp("127.0.0.1:0".parse().unwrap()).unwrap();
        let peer = StdUdpSocket::bind("127.0.0.1:0").unwrap();
        let to = socket.local_addr().unwrap();
        let n_wanted = match socket2::SockRef::from(&socket).recv_buffer_size().unwrap() {
            // As much as the machine allows.
            bytes if bytes >= RECEIVE_BUFFER => 1000,
            _ => 100,
        };
        for _ in 0..n_wanted {
            peer.send_to(&[b'x'; 900], to).unwrap();
        }
        let mut buffer = [0; 1000];
        let mut n_taken = 0;
        socket.readable().await.unwrap();
        while socket.try_recv_from(&mut buffer).is_ok() {
            n_taken += 1;
        }
        assert_eq!(n_taken, n_wanted);
    }
}
