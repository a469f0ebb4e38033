//! 3xx to an INVITE of ours: followed as far as the route allows (RFC 3261 section 8.1.3.4).
//!
//! Targets are tried one after the other, the most wanted first. One that is an IP address is called
//! there; one that is a name is called by the way that the call went so far, whose proxy knows the
//! name: the endpoint resolves none. The password of a route is shown to nobody else.
//!
//! # Invariants
//!
//! - At most [`InviteRules::redirects_max`](crate::InviteRules::redirects_max) INVITEs follow from
//!   redirections, and none goes to the same target twice.

use std::time::Instant;

use super::{Endpoint, dialog::socket_address, leg::ByTcp, leg::Phase};
use crate::{Event, LegId, Link, NameAddr, Transport, Uri, message::Response};

/// Targets of a call that are remembered.
const TARGETS_MAX: usize = 32;

/// Where else a call may go.
#[derive(Debug, Default)]
pub(super) struct Redirects {
    /// INVITEs that may still follow.
    left: u8,
    /// Not tried yet, the most wanted last, with the redirection that named them.
    waiting: Vec<(Uri, u16)>,
    tried: Vec<String>,
}

impl Redirects {
    /// A call that goes to `to` first.
    pub fn new(redirects_max: u8, to: &Uri) -> Self {
        Self {
            left: redirects_max,
            waiting: Vec::new(),
            tried: vec![to.to_string()],
        }
    }

    /// Takes the contacts of a redirection, the first of equal ones before the others.
    fn add(&mut self, status: u16, contacts: impl Iterator<Item = NameAddr>) {
        let mut found: Vec<(u32, Uri)> = contacts
            .filter(|contact| contact.uri.scheme == "sip")
            .map(|contact| (thousandths(&contact), without_headers(contact.uri)))
            .take(TARGETS_MAX)
            .collect();
        found.sort_by_key(|(wanted, _)| std::cmp::Reverse(*wanted));
        let room = TARGETS_MAX.saturating_sub(self.waiting.len());
        let found = found.into_iter().take(room).rev();
        self.waiting.extend(found.map(|(_, uri)| (uri, status)));
    }

    /// The next target, if another INVITE may follow.
    fn next(&mut self) -> Option<(Uri, u16)> {
        while self.left > 0 {
            let (uri, status) = self.waiting.pop()?;
            let name = uri.to_string();
            if !self.tried.contains(&name) {
                self.tried.push(name);
                self.left -= 1;
                return Some((uri, status));
            }
        }
        None
    }
}

impl Endpoint {
    /// A final answer other than 2xx came; whether the call goes elsewhere. A refusal by everybody
    /// (6xx) ends the search.
    pub(super) fn redirected(&mut self, id: LegId, response: &Response, now: Instant) -> bool {
        let Some(leg) = self.legs.get_mut(&id) else {
            return false;
        };
        let Phase::Calling(calling) = &mut leg.phase else {
            return false;
        };
        let status = response.status;
        if status >= 600 {
            return false;
        }
        if status < 400 {
            let contacts = response.headers.values("Contact");
            let contacts = contacts.filter_map(|contact| contact.parse().ok());
            calling.redirects.add(status, contacts);
        }
        let route = calling.invite.link;
        let (uri, link, status) = loop {
            let Some((uri, status)) = calling.redirects.next() else {
                return false;
            };
            if let Some(link) = link_to(&uri, route) {
                break (uri, link, status);
            }
        };
        calling.tcp = ByTcp::Untried;
        calling.early.clear();
        calling.silent_until = calling.invite.rules.first_answer_max.map(|max| now + max);
        if link.remote.ip() != route.remote.ip() {
            leg.prover = None;
        }
        leg.n_longer = 0;
        leg.dialog.target = uri.to_string();
        leg.dialog.routes.clear();
        leg.dialog.link = link;
        self.event(Event::Redirected {
            leg: id,
            status,
            to: uri,
            link,
        });
        self.send_invite(id, now);
        self.set_leg_timer(id);
        true
    }
}

/// The way to a target; `None`: our socket has no address of its family.
fn link_to(uri: &Uri, route: Link) -> Option<Link> {
    let transport = match uri.params.get("transport") {
        Some(name) if name.eq_ignore_ascii_case("udp") => Transport::Udp,
        Some(name) if name.eq_ignore_ascii_case("tcp") => Transport::Tcp,
        Some(_) => return None,
        None => route.transport,
    };
    let Some(remote) = socket_address(uri) else {
        return Some(route);
    };
    let same_family = remote.is_ipv4() == route.remote.is_ipv4();
    (same_family && remote.port() != 0).then_some(Link {
        transport,
        remote,
        ..route
    })
}

/// How much a contact is wanted: its `q` (RFC 3261 section 20.10), 1 without one.
fn thousandths(contact: &NameAddr) -> u32 {
    let q: f64 = contact
        .params
        .get("q")
        .and_then(|q| q.parse().ok())
        .unwrap_or(1.0);
    (q.clamp(0.0, 1.0) * 1000.0) as u32
}

/// Headers of an address would become those of the INVITE: a stranger's wish.
fn without_headers(uri: Uri) -> Uri {
    Uri {
        headers: None,
        ..uri
    }
}
