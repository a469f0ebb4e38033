//! Where a message came from or goes to.

use std::{fmt, net::SocketAddr};

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// Datagrams; lost messages are repeated by the transaction.
    Udp,
    /// A byte stream, cut into messages by [`StreamFramer`](crate::StreamFramer).
    Tcp,
    /// The same under TLS.
    Tls,
    /// WebSocket (RFC 7118), whose messages are SIP's.
    Ws,
    /// The same under TLS.
    Wss,
}

impl Transport {
    /// Whether the transport itself repeats what was lost.
    #[must_use]
    pub fn is_reliable(self) -> bool {
        match self {
            Transport::Udp => false,
            Transport::Tcp | Transport::Tls | Transport::Ws | Transport::Wss => true,
        }
    }

    /// The name in a Via header.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Transport::Udp => "UDP",
            Transport::Tcp => "TCP",
            Transport::Tls => "TLS",
            Transport::Ws => "WS",
            Transport::Wss => "WSS",
        }
    }

    /// The parameter of an address of ours that says how to reach it; WebSocket has one name for both
    /// of its kinds (RFC 7118 section 5.2.2).
    #[must_use]
    pub fn uri_parameter(self) -> &'static str {
        match self {
            Transport::Udp => "",
            Transport::Tcp => ";transport=tcp",
            Transport::Tls => ";transport=tls",
            Transport::Ws | Transport::Wss => ";transport=ws",
        }
    }
}

/// One way between us and a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    /// Datagrams or a stream.
    pub transport: Transport,
    /// The address of our socket; for a wildcard socket, the address that the peer reaches.
    pub local: SocketAddr,
    /// The peer's address as the socket saw it, or where to send.
    pub remote: SocketAddr,
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} {}",
            self.transport.as_str(),
            self.local,
            self.remote
        )
    }
}
