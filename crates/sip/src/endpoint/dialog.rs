//! What both ends of a dialog must remember (RFC 3261 section 12).

use std::net::{IpAddr, SocketAddr};

use crate::{
    Link, NameAddr, Transport, Uri, is_local,
    message::{Builder, Envelope, Headers, Method, Request, Response},
};

/// Where TLS is spoken if an address does not say (RFC 3261 section 19.1.2).
pub(super) const TLS_PORT: u16 = 5061;

/// One dialog, seen from us.
#[derive(Clone, Debug)]
pub(super) struct Dialog {
    pub call_id: String,
    /// Our From value, with tag.
    pub local: String,
    pub local_tag: String,
    /// Their To value, with tag if it is known.
    pub remote: String,
    /// `None`: the INVITE is out and nobody has answered.
    pub remote_tag: Option<String>,
    /// CSeq of our last request.
    pub local_cseq: u32,
    /// CSeq of their last request.
    pub remote_cseq: Option<u32>,
    /// Request-URI of our requests.
    pub target: String,
    /// Whether the peer named it: without a Contact it says who was called, not where that is.
    pub is_target_named: bool,
    /// Route values of our requests, first hop first.
    pub routes: Vec<String>,
    /// How the last message that set the target or the routes came in, or by which connection the peer sent
    /// its last request.
    pub link: Link,
    /// The connection before the peer went on by others.
    pub link_before: Option<Link>,
}

impl Dialog {
    /// The dialog that an INVITE from a peer makes (section 12.1.1).
    pub fn of_invite(
        request: &Request,
        envelope: &Envelope,
        local_tag: String,
        link: Link,
    ) -> Self {
        let mut to = envelope.to.clone();
        to.params.set("tag", Some(&local_tag));
        Self {
            call_id: envelope.call_id.clone(),
            local: to.to_string(),
            local_tag,
            remote: envelope.from.to_string(),
            remote_tag: Some(envelope.from.tag().unwrap_or_default().to_owned()),
            local_cseq: 0,
            remote_cseq: Some(envelope.cseq),
            is_target_named: contact(&request.headers).is_some(),
            target: contact(&request.headers).unwrap_or_else(|| envelope.from.uri.to_string()),
            routes: request
                .headers
                .values("Record-Route")
                .map(str::to_owned)
                .collect(),
            link,
            link_before: None,
        }
    }

    /// The dialog that an answer to our INVITE makes (section 12.1.2).
    pub fn of_answer(
        invite: &Request,
        response: &Response,
        envelope: &Envelope,
        link: Link,
    ) -> Self {
        let mut routes: Vec<String> = response
            .headers
            .values("Record-Route")
            .map(str::to_owned)
            .collect();
        routes.reverse();
        Self {
            call_id: envelope.call_id.clone(),
            local: invite.headers.get("From").unwrap_or_default().to_owned(),
            local_tag: envelope.from.tag().unwrap_or_default().to_owned(),
            remote: remote(response, envelope),
            remote_tag: Some(envelope.to.tag().unwrap_or_default().to_owned()),
            local_cseq: envelope.cseq,
            remote_cseq: None,
            is_target_named: contact(&response.headers).is_some(),
            target: contact(&response.headers).unwrap_or_else(|| invite.uri.clone()),
            routes,
            link,
            link_before: None,
        }
    }

    /// A re-INVITE or its answer may move the peer (target refresh, section 12.2).
    pub fn refresh_target(&mut self, headers: &Headers) {
        if let Some(target) = contact(headers) {
            self.target = target;
            self.is_target_named = true;
        }
    }

    /// The peer sent a request of this number by another link: where that is a connection of the same kind,
    /// ours follow by it. The one before may be dead, and a phone behind it can be reached by no other.
    ///
    /// Tags that nobody can guess name the dialog; `is_verified` says that the connection was made by us, to
    /// somebody whose name TLS has shown: whoever connects from elsewhere has shown none. Datagrams prove
    /// nothing of where they come from.
    pub fn follow(&mut self, link: Link, cseq: u32, is_verified: bool) {
        let is_moved = link != self.link
            && link.transport == self.link.transport
            && link.transport.is_reliable()
            && self.remote_cseq.is_none_or(|last| cseq >= last);
        if is_moved && (!is_verified || link.remote.ip() == self.link.remote.ip()) {
            self.link_before.get_or_insert(self.link);
            self.link = link;
        }
    }

    /// Starts a request inside the dialog, up to and without its Via (section 12.2.1.1). Gives
    /// its Request-URI and the builder with everything but Via.
    pub fn request(&self, method: &Method, cseq: u32, via: &str) -> (String, Builder) {
        let strict = self.routes.first().filter(|first| !is_loose(first));
        let (uri, routes) = match strict {
            // A strict router wants its own URI in the first line, and the target last.
            Some(first) => {
                let rest = self.routes[1..].iter().cloned();
                (
                    bare_uri(first),
                    rest.chain([format!("<{}>", self.target)]).collect(),
                )
            }
            None => (self.target.clone(), self.routes.clone()),
        };
        let mut builder = Builder::request(method, &uri);
        builder.header("Via", via);
        for route in routes {
            builder.header("Route", route);
        }
        builder
            .header("Max-Forwards", 70)
            .header("From", &self.local)
            .header("To", &self.remote)
            .header("Call-ID", &self.call_id)
            .header("CSeq", format_args!("{cseq} {method}"));
        (uri, builder)
    }

    /// Where requests go: the first hop if it is an address, else the way the peer came.
    ///
    /// Names are not resolved here. A stream is used again as long as it is there.
    pub fn next_hop(&self) -> Link {
        if self.link.transport.is_reliable() {
            return self.link;
        }
        self.named_hop().unwrap_or(self.link)
    }

    /// Where requests go once the stream to the peer is gone: to the first hop, if it is another
    /// address that can be connected to, or by the stream before.
    pub fn elsewhere(&self) -> Option<Link> {
        let named = match self.link.transport {
            Transport::Tcp | Transport::Tls => self.named_hop(),
            // Nobody can connect to a phone behind WebSocket (RFC 7118 section 5).
            Transport::Ws | Transport::Wss | Transport::Udp => None,
        };
        let is_other = |link: &Link| link.remote != self.link.remote;
        let before = self.link_before.filter(is_other);
        named.filter(is_other).or(before)
    }

    /// The first hop by the transport of the dialog, if it is an address that takes that.
    ///
    /// A Contact without Route that names a private address other than the packet's source is behind
    /// a NAT, and only the source can be reached.
    fn named_hop(&self) -> Option<Link> {
        if self.routes.is_empty() && !self.is_target_named {
            return None;
        }
        let hop = self
            .routes
            .first()
            .map_or_else(|| self.target.clone(), |r| bare_uri(r));
        let uri = hop.parse::<Uri>().ok()?;
        let mut address = socket_address(&uri)?;
        if self.link.transport.is_reliable() && !takes(&uri, self.link.transport) {
            return None;
        }
        if self.link.transport == Transport::Tls && uri.port.is_none() {
            address.set_port(TLS_PORT);
        }
        let behind_nat = self.routes.is_empty()
            && address.ip() != self.link.remote.ip()
            && is_local(address.ip());
        let same_family = address.is_ipv4() == self.link.remote.is_ipv4();
        if behind_nat || !same_family || address.port() == 0 {
            return None;
        }
        Some(Link {
            remote: address,
            ..self.link
        })
    }
}

/// Whether an address of a peer that came by a stream may be connected to by the same: it does not ask
/// for another transport, nor for more secrecy.
fn takes(uri: &Uri, transport: Transport) -> bool {
    let named = uri.params.get("transport");
    let is_one_of = |names: &[&str]| {
        named.is_none_or(|named| names.iter().any(|name| named.eq_ignore_ascii_case(name)))
    };
    match transport {
        Transport::Tcp => uri.scheme == "sip" && is_one_of(&["tcp"]),
        // TLS is a way to speak TCP (RFC 3261 section 26.2.2).
        Transport::Tls => is_one_of(&["tls", "tcp"]),
        Transport::Udp | Transport::Ws | Transport::Wss => false,
    }
}

/// Their To value as they wrote it, but for a second tag.
fn remote(response: &Response, envelope: &Envelope) -> String {
    let params = &envelope.to.params;
    if params.get("tag") == params.last("tag") {
        return response.headers.get("To").unwrap_or_default().to_owned();
    }
    let mut to = NameAddr::new(envelope.to.uri.clone());
    to.params.set("tag", envelope.to.tag());
    to.to_string()
}

fn contact(headers: &Headers) -> Option<String> {
    let contact: NameAddr = headers.values("Contact").next()?.parse().ok()?;
    contact.uri.is_sip().then(|| contact.uri.to_string())
}

fn bare_uri(route: &str) -> String {
    route
        .parse::<NameAddr>()
        .map_or_else(|_| route.to_owned(), |address| address.uri.to_string())
}

fn is_loose(route: &str) -> bool {
    route
        .parse::<NameAddr>()
        .is_ok_and(|address| address.uri.params.get("lr").is_some())
}

/// The address that a URI names; `None`: it names a host.
pub(super) fn socket_address(uri: &Uri) -> Option<SocketAddr> {
    let ip: IpAddr = uri.host.trim_matches(['[', ']']).parse().ok()?;
    Some(SocketAddr::new(ip, uri.port.unwrap_or(5060)))
}
