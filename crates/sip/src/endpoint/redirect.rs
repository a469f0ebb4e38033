//! 3xx to an INVITE of ours: followed as far as the route allows (RFC 3261 section 8.1.3.4).
//!
//! Targets are tried one after the other, the most wanted first. One that is an IP address is called
//! there; one that is a name is called by the way that the call went so far, whose proxy knows the
//! name: the endpoint resolves none. A telephone number (RFC 3966) is called by that way, too, and a
//! `sips:` address only by TLS. The password of a route is shown to nobody else.
//!
//! # Invariants
//!
//! - At most [`InviteRules::redirects_max`](crate::InviteRules::redirects_max) INVITEs follow from
//!   redirections, and none goes to the same target twice.

use std::time::Instant;

use super::{Endpoint, dialog::TLS_PORT, dialog::socket_address, large::ByTcp, leg::Phase};
use crate::{Event, LegId, Link, NameAddr, Transport, Uri, message::Response};

/// Targets of a call that are remembered.
const TARGETS_MAX: usize = 32;

/// Where a call went (RFC 7044).
const HISTORY: &str = "History-Info";

/// Longest entry of it that is added, in bytes.
const ENTRY_LEN_MAX: usize = 256;

/// The longest domain (RFC 1035 section 2.3.4).
const DOMAIN_LEN_MAX: usize = 255;

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
    /// Numbers are asked for where the call to `called` went.
    fn add(&mut self, status: u16, contacts: impl Iterator<Item = NameAddr>, called: &Uri) {
        let mut found: Vec<(u32, Uri)> = contacts
            .filter_map(|contact| Some((thousandths(&contact), target(contact.uri, called)?)))
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
        let is_moved = (300..400).contains(&status);
        if status >= 600 {
            return false;
        }
        if status < 400 {
            let contacts = response.headers.values("Contact");
            let contacts = contacts.filter_map(|contact| contact.parse().ok());
            calling.redirects.add(status, contacts, &calling.invite.to);
        }
        let (route, called) = (calling.invite.link, &calling.invite.to);
        let (uri, link, status) = loop {
            let Some((uri, status)) = calling.redirects.next() else {
                return false;
            };
            if let Some(link) = link_to(&uri, route, called) {
                break (uri, link, status);
            }
        };
        calling.early.clear();
        calling.silent_until = calling.invite.rules.first_answer_max.map(|max| now + max);
        if link.remote.ip() != route.remote.ip() {
            leg.prover = None;
        }
        leg.n_longer = 0;
        leg.by_tcp = ByTcp::Untried;
        let before = std::mem::replace(&mut leg.dialog.target, uri.to_string());
        let headers = &mut calling.invite.headers;
        if is_moved {
            // The last one first (RFC 5806 section 5).
            let diversion = format!("<{before}>;reason=unconditional;counter=1");
            headers.insert(0, ("Diversion".to_owned(), diversion));
        }
        add_to_history(headers, response.status, &uri);
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

/// Says in the history of a call, if it has one, why the call goes on from where it was, and where to: on
/// another branch of the same hop (RFC 7044 section 10.3).
fn add_to_history(headers: &mut Vec<(String, String)>, status: u16, to: &Uri) {
    let is_history = |(name, _): &(String, String)| name.eq_ignore_ascii_case(HISTORY);
    let Some(last) = headers.iter().rposition(is_history) else {
        return;
    };
    let Some((was, now)) = branched(&headers[last].1, status, to) else {
        return;
    };
    headers[last].1 = was;
    headers.insert(last + 1, (HISTORY.to_owned(), now));
}

/// The last entry with the reason why the call went on, and the next one.
fn branched(last: &str, status: u16, to: &Uri) -> Option<(String, String)> {
    let mut was: NameAddr = last.parse().ok()?;
    let index = was.params.get("index")?.to_owned();
    let (hop, branch) = index.rsplit_once('.').unwrap_or(("", &index));
    let branch = branch.parse::<u32>().ok()?.checked_add(1)?;
    let dot = if hop.is_empty() { "" } else { "." };
    let next = format!("{hop}{dot}{branch}");
    // A redirection found the next one from this; the one after it was found as this was.
    let from = match status {
        300..400 => index,
        _ => was.params.get("mp").unwrap_or(&index).to_owned(),
    };
    let reason = format!("Reason=SIP%3Bcause%3D{status}");
    was.uri.headers = Some(match was.uri.headers.take() {
        Some(said) => format!("{said}&{reason}"),
        None => reason,
    });
    let mut now = NameAddr::new(to.clone());
    now.params.set("index", Some(&next));
    now.params.set("mp", Some(&from));
    let now = now.to_string();
    (now.len() <= ENTRY_LEN_MAX).then(|| (was.to_string(), now))
}

/// The way to a target; `None`: our socket has no address of its family, or its transport is not to be
/// had.
fn link_to(uri: &Uri, route: Link, called: &Uri) -> Option<Link> {
    let is_secure = uri.scheme == "sips";
    if is_secure && route.transport != Transport::Tls {
        return None;
    }
    let transport = match uri.params.get("transport") {
        Some(name) if is_secure => {
            let is_tls = ["tcp", "tls"]
                .iter()
                .any(|tls| name.eq_ignore_ascii_case(tls));
            is_tls.then_some(Transport::Tls)?
        }
        Some(name) if name.eq_ignore_ascii_case("udp") => Transport::Udp,
        Some(name) if name.eq_ignore_ascii_case("tcp") => Transport::Tcp,
        Some(_) => return None,
        None => route.transport,
    };
    let is_by_route = place(uri) == place(called);
    let Some(mut remote) = socket_address(uri).filter(|_| !is_by_route) else {
        return Some(route);
    };
    if is_secure && uri.port.is_none() {
        remote.set_port(TLS_PORT);
    }
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

/// What is called for a contact. Headers of an address would become those of the INVITE: a stranger's
/// wish. A number becomes one where the call to `called` went (RFC 3261 section 19.1.6), without the marks
/// between its digits (RFC 3966 section 5.1.1). A local one keeps its context, unless that is the domain
/// there: what to dial in front of it is known to who has it (RFC 3966 section 5.1.5).
fn target(contact: Uri, called: &Uri) -> Option<Uri> {
    if contact.is_sip() {
        return Some(Uri {
            headers: None,
            ..contact
        });
    }
    let number = contact.user.filter(|_| contact.scheme == "tel")?;
    let number = bare(&number)?;
    let context = contact.params.get("phone-context");
    let mut params = called.params.clone();
    let user = match context.filter(|_| !number.starts_with('+')) {
        Some(domain) if domain.eq_ignore_ascii_case(&called.host) => number,
        Some(context) => {
            params.set("user", Some("phone"));
            format!("{number};phone-context={}", read_context(context)?)
        }
        None => number,
    };
    Some(Uri {
        user: Some(user),
        params,
        ..called.clone()
    })
}

/// A number without the marks between its digits.
fn bare(number: &str) -> Option<String> {
    let number = number.replace(['-', '.', '(', ')'], "");
    let is_number = number.starts_with(|c: char| c == '+' || c.is_ascii_digit())
        && number[1..].bytes().all(|c| c.is_ascii_digit());
    is_number.then_some(number)
}

/// The context of a local number: the digits that numbers there begin with, or a domain.
fn read_context(context: &str) -> Option<String> {
    if context.starts_with('+') {
        return bare(context).filter(|digits| digits.len() > 1);
    }
    let is_domain = context.len() <= DOMAIN_LEN_MAX
        && context.starts_with(|c: char| c.is_ascii_alphanumeric())
        && context
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || b"-.".contains(&c));
    is_domain.then(|| context.to_owned())
}

/// The address without whom it names there.
fn place(uri: &Uri) -> Uri {
    let mut place = Uri {
        user: None,
        ..uri.clone()
    };
    place.params.remove("user");
    place
}
