//! Where a message came from or goes to.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
};

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

/// Whether an address means something only in the network of whoever names it: who is elsewhere, or behind
/// a NAT of it, cannot be reached there.
#[must_use]
pub fn is_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => match ip.octets() {
            // Behind a carrier's NAT (RFC 6598), and in networks without IPv4 (RFC 7335).
            [100, 64..=127, ..] | [192, 0, 0, 0..=7] => true,
            _ => ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified(),
        },
        IpAddr::V6(ip) => {
            ip.is_unique_local()
                || ip.is_loopback()
                || ip.is_unicast_link_local()
                || ip.is_unspecified()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_behind_a_nat_of_whatever_kind_are_local() {
        let local = |ip: &&str| is_local(ip.parse().unwrap());
        let behind = [
            "192.168.1.20",
            "10.0.0.1",
            "172.16.0.1",
            "100.64.0.1",
            "100.127.255.254",
            "192.0.0.4",
            "169.254.7.7",
            "0.0.0.0",
            "127.0.1.1",
            "fd00::1",
            "fe80::1",
            "::1",
            "::",
        ];
        assert_eq!(behind.iter().find(|ip| !local(ip)), None);
        let public = [
            "198.51.100.1",
            "100.63.0.1",
            "100.128.0.1",
            "192.0.0.8",
            "2001:db8::1",
        ];
        assert_eq!(public.iter().find(|ip| local(ip)), None);
    }
}
