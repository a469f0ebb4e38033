//! The Via header: the way back.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use crate::{Link, Params, Transport, uri::split_host_port};

/// Start of every branch made by RFC 3261 (section 8.1.1.7).
pub(crate) const MAGIC_COOKIE: &str = "z9hG4bK";

/// One Via value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Via {
    /// `2.0`; another one is answered 505.
    version: String,
    /// `UDP`, `TCP`, …
    pub transport: String,
    pub host: String,
    pub port: Option<u16>,
    pub params: Params,
}

/// A Via that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadVia;

impl Via {
    /// The transaction's name.
    pub fn branch(&self) -> &str {
        self.params.get("branch").unwrap_or_default()
    }

    /// `host:port` of the sender, lowercase, for comparison.
    pub fn sent_by(&self) -> String {
        format!(
            "{}:{}",
            self.host.to_ascii_lowercase(),
            self.port.unwrap_or(5060)
        )
    }

    /// Adds what the receiver knows: `received` when the sender's host is not the address that
    /// the packet came from, `rport` when asked for (RFC 3581 section 4).
    pub fn mark(&mut self, source: SocketAddr) {
        let rport_wanted = self.params.get("rport").is_some();
        let sent_from: Option<IpAddr> = self.host.trim_matches(['[', ']']).parse().ok();
        if rport_wanted || sent_from != Some(source.ip()) {
            self.params.set("received", Some(&source.ip().to_string()));
        }
        if rport_wanted {
            self.params.set("rport", Some(&source.port().to_string()));
        }
    }

    /// Where responses go (RFC 3261 section 18.2.2, RFC 3581 section 4). `maddr` is not
    /// followed: it lets a stranger aim our packets at anybody.
    pub fn way_back(&self, link: Link) -> Link {
        if link.transport.is_reliable() || self.params.get("rport").is_some() {
            return link;
        }
        let remote = SocketAddr::new(link.remote.ip(), self.port.unwrap_or(5060));
        Link { remote, ..link }
    }

    /// Ours, with `rport` asked for.
    pub fn ours(transport: Transport, host: &str, port: u16, branch: &str) -> String {
        format!(
            "SIP/2.0/{} {host}:{port};branch={branch};rport",
            transport.as_str()
        )
    }
}

impl FromStr for Via {
    type Err = BadVia;

    fn from_str(text: &str) -> Result<Self, BadVia> {
        // White space may stand around each slash.
        let (name, rest) = text.split_once('/').ok_or(BadVia)?;
        let (version, rest) = rest.split_once('/').ok_or(BadVia)?;
        if !name.trim().eq_ignore_ascii_case("SIP") {
            return Err(BadVia);
        }
        let (transport, rest) = rest
            .trim_start()
            .split_once(|c: char| c.is_ascii_whitespace())
            .ok_or(BadVia)?;
        let (sent_by, params) = match rest.split_once(';') {
            Some((sent_by, params)) => (sent_by, Params::parse(params)),
            None => (rest, Params::default()),
        };
        let (host, port) = split_host_port(sent_by).map_err(|_| BadVia)?;
        Ok(Self {
            version: version.trim().to_owned(),
            transport: transport.to_owned(),
            host: host.to_owned(),
            port,
            params,
        })
    }
}

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SIP/{}/{} {}", self.version, self.transport, self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        write!(f, "{}", self.params)
    }
}
