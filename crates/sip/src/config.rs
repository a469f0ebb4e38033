//! What an endpoint is told once, when it starts.

use std::{fmt, net::SocketAddr, time::Duration};

use crate::{Link, Transport};

/// Longest wait for a connection to a peer of UDP, for requests that are too large for a datagram: a
/// peer without TCP that says nothing at all is called by datagrams after it. A lost SYN is sent again
/// after 1 s (RFC 6298 section 2).
pub const TRY_TCP_MAX: Duration = Duration::from_secs(2);

/// Identity, addresses, timing and limits of one endpoint.
#[derive(Clone, Debug)]
pub struct Config {
    /// Value of `User-Agent` and `Server`.
    pub user_agent: String,
    /// User part of our Contact.
    pub contact_user: String,
    /// Address that peers shall use for UDP in Via and Contact; `None`: the link's local address.
    pub advertised_udp: Option<HostPort>,
    /// The same for TCP.
    pub advertised_tcp: Option<HostPort>,
    /// The same for TLS.
    pub advertised_tls: Option<HostPort>,
    /// Timer values.
    pub timing: Timing,
    /// Bounds on memory.
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            user_agent: concat!("Switchboard/", env!("CARGO_PKG_VERSION")).to_owned(),
            contact_user: "switchboard".to_owned(),
            advertised_udp: None,
            advertised_tcp: None,
            advertised_tls: None,
            timing: Timing::default(),
            limits: Limits::default(),
        }
    }
}

impl Config {
    /// The `host:port` that a peer on this link shall use to reach us.
    pub(crate) fn advertised(&self, link: &Link) -> HostPort {
        let configured = match link.transport {
            Transport::Udp => self.advertised_udp.as_ref(),
            Transport::Tcp => self.advertised_tcp.as_ref(),
            Transport::Tls => self.advertised_tls.as_ref(),
            Transport::Ws | Transport::Wss => None,
        };
        configured.cloned().unwrap_or_else(|| link.local.into())
    }
}

/// A host, as a name or address, with a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPort {
    /// Name, IPv4 address, or IPv6 address in brackets.
    pub host: String,
    /// Socket port.
    pub port: u16,
}

impl From<SocketAddr> for HostPort {
    fn from(address: SocketAddr) -> Self {
        let host = match address {
            SocketAddr::V4(v4) => v4.ip().to_string(),
            SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
        };
        Self {
            host,
            port: address.port(),
        }
    }
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// Timer values of RFC 3261 section 17 and table 4, and three of our own.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// Estimate of the round trip: first retransmission interval.
    pub t1: Duration,
    /// Longest retransmission interval of non-INVITE requests and INVITE responses.
    pub t2: Duration,
    /// Longest time a message stays in the network.
    pub t4: Duration,
    /// How long an incoming INVITE may stay without a final answer from the shell; then it is
    /// answered 480. Proxies give up after Timer C, a little more than 3 min (section 16.6).
    pub unanswered_max: Duration,
    /// How long a call may stay without a session refresh (RFC 4028), as far as we wish it; at least
    /// 90 s.
    pub session_expires: Duration,
    /// How long a digest nonce of ours is good for; then a client is told `stale=true`.
    pub nonce_life: Duration,
}

impl Timing {
    /// 64·T1: the end of every wait for a peer (Timers B, F, H, J, L, M).
    pub(crate) fn patience(&self) -> Duration {
        self.t1 * 64
    }
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            t1: Duration::from_millis(500),
            t2: Duration::from_secs(4),
            t4: Duration::from_secs(5),
            unanswered_max: Duration::from_secs(180),
            session_expires: Duration::from_secs(1_800),
            nonce_life: Duration::from_secs(300),
        }
    }
}

/// Bounds on what an endpoint holds. Strangers may use half of each total and peers that are known
/// ([`Endpoint::know`](crate::Endpoint::know)) three quarters, so that a flood of INVITEs leaves room
/// for calls of theirs, and for calls and answers of our own.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Transactions at once, both sides. A new INVITE of a peer gets 503 with `Retry-After` when
    /// peers' requests fill the peer's share of it.
    pub n_transactions_max: usize,
    /// Legs at once, in both directions. A new INVITE of a peer gets 503 with `Retry-After` when
    /// incoming legs fill the peer's share of it.
    pub n_legs_max: usize,
    /// New INVITEs of one stranger's address at once that we have not accepted: those that ring, and
    /// those refused of which the refusal may have to be repeated, up to 32 s. Beyond it the
    /// source gets 503.
    pub n_unaccepted_per_source_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            n_transactions_max: 20_000,
            n_legs_max: 5_000,
            n_unaccepted_per_source_max: 500,
        }
    }
}
