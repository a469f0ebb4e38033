//! What a user agent does with a request (RFC 3261 section 8.2), in the order of that section.
//!
//! Requests outside a dialog other than INVITE are answered without being remembered (section
//! 8.2.7): strangers cost no memory.

use std::{net::IpAddr, time::Instant};

use super::{
    ACCEPT, ALLOW, Endpoint, REGISTRAR_SUPPORTED, RETRY_AFTER_SECOND, SUPPORTED,
    leg::Phase,
    outgoing::sdp_of,
    servers::{Pending, server_key},
    session_timer::{Asked, MIN_SE_SECOND},
};
use crate::{
    Event, LegId, Link, NameAddr, Reason, Transport, Uri,
    message::{Envelope, Headers, MAGIC_COOKIE, Method, Request, Via, requires_other},
    sdp::Mismatch,
};

/// Options that we name as unsupported; who requires more knows enough then.
const UNSUPPORTED_MAX: usize = 20;

impl Endpoint {
    /// Takes a request whose shape is right.
    pub(super) fn receive_request(&mut self, request: &Request, link: Link, now: Instant) {
        let envelope = match Envelope::of_request(request) {
            Ok(envelope) => envelope,
            Err(what) => return self.answer_broken(request, 400, what, link),
        };
        let key = server_key(&envelope, &request.method);
        if request.method == Method::Ack {
            if !self.ack_of_refusal(&key, now)
                && !self.ack_of_refusal_elsewhere(&merge_key(&envelope), now)
                && let Some(leg) = self.leg_of(&envelope)
            {
                self.on_ack(leg, request, &envelope, link, now);
            }
            return;
        }
        if self.is_branch_of_another(&key, &envelope) {
            return self.answer_broken(request, 400, "branch of another request", link);
        }
        if self.repeated_request(&key) || self.request_keys.contains_key(&key) {
            return;
        }
        let mut via = envelope.via.clone();
        via.mark(link.remote);
        let pending = Pending::new(request, via, link, self.answer_tag(&key));
        if request.method == Method::Cancel {
            return self.on_cancel(request, &envelope, &pending, key, now);
        }
        if let Some(refusal) = refusal_of(request, &envelope) {
            return self.answer_stateless(&pending, &refusal);
        }
        if request.uri.parse::<Uri>().is_err() {
            return self.answer_broken(request, 400, "invalid Request-URI", link);
        }
        match envelope.to.tag() {
            Some(_) => self.inside_dialog(request, &envelope, pending, key, now),
            None => self.outside_dialog(request, &envelope, pending, key, link, now),
        }
    }

    /// A request that cannot be processed, but answered with what it has of the headers that an answer
    /// copies (RFC 4475 section 3.3.1): 400, 505 or 513.
    pub(super) fn answer_broken(&mut self, request: &Request, status: u16, what: &str, link: Link) {
        let mut vias = request.headers.values("Via");
        let Some(Ok(mut via)) = vias.next().map(str::parse::<Via>) else {
            return;
        };
        if request.method != Method::Ack {
            via.mark(link.remote);
            let tag = self.answer_tag(&via.to_string());
            let pending = Pending::new(request, via, link, tag);
            let phrase = if status == 400 {
                format!("Bad Request - {what}")
            } else {
                what.to_owned()
            };
            let bytes = pending.response(status, Some(&phrase)).finish();
            self.send(pending.link, bytes);
        }
    }

    /// The leg that a request inside a dialog belongs to.
    fn leg_of(&self, envelope: &Envelope) -> Option<LegId> {
        let key = (envelope.call_id.clone(), envelope.to.tag()?.to_owned());
        let &id = self.dialog_ids.get(&key)?;
        let leg = &self.legs[&id];
        let theirs = envelope.from.tag().unwrap_or_default();
        let fits = match (&leg.phase, &leg.dialog.remote_tag) {
            (Phase::Calling(calling), None) => calling.early.contains_key(theirs),
            // Who answered without a tag may have one later: ours is what nobody can guess.
            (_, Some(tag)) => tag == theirs || tag.is_empty(),
            (_, None) => false,
        };
        fits.then_some(id)
    }

    fn inside_dialog(
        &mut self,
        request: &Request,
        envelope: &Envelope,
        mut pending: Pending,
        key: String,
        now: Instant,
    ) {
        let Some(id) = self.leg_of(envelope) else {
            return self.answer_stateless(&pending, &Refused::plain(481));
        };
        let dialog = &mut self.legs.get_mut(&id).expect("dialogs name legs").dialog;
        pending.tag.clone_from(&dialog.local_tag);
        if dialog.remote_cseq.is_some_and(|last| envelope.cseq < last) {
            return self.answer_stateless(&pending, &Refused::plain(500));
        }
        self.follow(id, envelope.cseq, pending.link);
        let dialog = &mut self.legs.get_mut(&id).expect("dialogs name legs").dialog;
        dialog.remote_cseq = Some(envelope.cseq);
        match &request.method {
            Method::Invite => {
                if self.is_full_for(pending.link.remote.ip()) {
                    return self.answer_stateless(&pending, &Refused::full());
                }
                let merge = merge_key(envelope);
                self.start_invite_server(&mut pending, key, merge);
                self.reinvited(id, request, envelope, &pending, now);
            }
            Method::Bye => {
                self.answer_ok(&pending, key, now);
                self.on_bye(id, &request.headers, now);
            }
            Method::Info => {
                self.answer_ok(&pending, key, now);
                self.on_info(id, request);
            }
            Method::Prack => self.on_prack(id, request, &pending, key, now),
            Method::Update => self.updated(id, request, envelope, &pending, key, now),
            Method::Options => self.answer_capabilities(&pending),
            Method::Refer => self.on_refer(id, request, pending, key, now),
            Method::Notify => self.on_notify(id, request, &pending, key, now),
            // A phone registers outside any call.
            Method::Register | Method::Ack | Method::Cancel | Method::Other(_) => {
                self.answer_stateless(&pending, &Refused::unknown_method());
            }
        }
    }

    /// A request of the peer of a leg came in by this link.
    pub(super) fn follow(&mut self, id: LegId, cseq: u32, link: Link) {
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        match leg.phase {
            // The link is that of the INVITE; an answer of one phone of several sets it.
            Phase::Calling(_) => {}
            Phase::Ringing(_) | Phase::Up | Phase::Leaving => {
                let is_verified = id < LegId::INCOMING_FIRST && link.transport == Transport::Tls;
                leg.dialog.follow(link, cseq, is_verified);
            }
        }
    }

    fn outside_dialog(
        &mut self,
        request: &Request,
        envelope: &Envelope,
        mut pending: Pending,
        key: String,
        link: Link,
        now: Instant,
    ) {
        let request_uri = match request.uri.parse::<Uri>() {
            Ok(uri) if uri.is_sip() || uri.scheme == "tel" => uri,
            Ok(_) | Err(_) => return self.answer_stateless(&pending, &Refused::plain(416)),
        };
        match request.method {
            Method::Invite => {
                // Peers of RFC 2543, which have no such branch, need none.
                let is_new = envelope.via.branch().starts_with(MAGIC_COOKIE);
                if let Some(refused) = contact_refused(&request.headers).filter(|_| is_new) {
                    return self.answer_stateless(&pending, &refused);
                }
                let merge = merge_key(envelope);
                if self.is_merged(&merge) {
                    return self.answer_stateless(&pending, &Refused::plain(482));
                }
                if !self.has_room_for(link.remote.ip()) {
                    return self.answer_stateless(&pending, &Refused::full());
                }
                let replaces = match self.replaced_by(&request.headers) {
                    Ok(replaces) => replaces,
                    Err(refused) => return self.answer_stateless(&pending, &refused),
                };
                self.start_invite_server(&mut pending, key, merge);
                self.count_unaccepted(&pending);
                let asked = (request_uri, replaces);
                self.offer_leg(request, envelope, asked, pending, link, now);
            }
            Method::Register => self.offer_register(request, envelope, pending, key, link, now),
            Method::Options => self.answer_capabilities(&pending),
            Method::Bye | Method::Info | Method::Prack | Method::Update => {
                self.answer_stateless(&pending, &Refused::plain(481));
            }
            // Nobody is told to call somebody out of the blue.
            Method::Refer => self.answer_stateless(&pending, &Refused::plain(603)),
            // Nothing was subscribed to: phones keep their NAT open by such.
            Method::Notify => self.answer_stateless(&pending, &Refused::bad_event()),
            Method::Ack | Method::Cancel | Method::Other(_) => {
                self.answer_stateless(&pending, &Refused::unknown_method());
            }
        }
    }

    /// Whether a new call of this source may come in.
    fn has_room_for(&self, source: IpAddr) -> bool {
        let limits = &self.config.limits;
        let n_unaccepted = self.n_unaccepted.get(&source).copied().unwrap_or(0);
        let is_known = self.known.contains(&source.to_canonical());
        !self.is_full_for(source)
            && self.legs.len() < limits.n_legs_max
            && self.n_legs_in < self.share(source, limits.n_legs_max)
            && (is_known || n_unaccepted < limits.n_unaccepted_per_source_max)
    }

    /// CANCEL has the name of the INVITE that it gives up (section 9.2).
    fn on_cancel(
        &mut self,
        request: &Request,
        envelope: &Envelope,
        pending: &Pending,
        key: String,
        now: Instant,
    ) {
        let invite = server_key(envelope, &Method::Invite);
        let Some(server) = self
            .server_ids
            .get(&invite)
            .and_then(|id| self.servers.get(id))
        else {
            return self.answer_stateless(pending, &Refused::plain(481));
        };
        let leg = server.leg;
        // The tag is the one of the INVITE's own responses.
        let mut pending = pending.clone();
        if let Some(leg) = leg.and_then(|id| self.legs.get(&id)) {
            pending.tag.clone_from(&leg.dialog.local_tag);
        }
        self.answer_ok(&pending, key, now);
        if let Some(leg) = leg {
            let reason = request.headers.values("Reason").find_map(Reason::parse);
            self.canceled(leg, reason, now);
        }
    }

    fn on_info(&mut self, leg: LegId, request: &Request) {
        let content_type = request.headers.get("Content-Type").unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default();
        let content_type = media_type.trim().to_ascii_lowercase();
        self.event(Event::Info {
            leg,
            content_type,
            body: request.body.clone(),
        });
    }

    pub(super) fn answer_ok(&mut self, pending: &Pending, key: String, now: Instant) {
        let bytes = pending.response(200, None).finish();
        self.answer_simple(pending, key, bytes, now);
    }

    /// OPTIONS (section 11.2).
    fn answer_capabilities(&mut self, pending: &Pending) {
        let mut builder = pending.response(200, None);
        builder
            .header("Contact", self.contact(&pending.link))
            .header("Allow", ALLOW)
            .header("Accept", ACCEPT)
            .header("Accept-Encoding", "identity")
            .header("Accept-Language", "en")
            .header("Supported", SUPPORTED)
            .header("Server", &self.config.user_agent);
        let bytes = builder.finish();
        self.send(pending.link, bytes);
    }

    pub(super) fn answer_stateless(&mut self, pending: &Pending, refused: &Refused) {
        let mut builder = pending.response(refused.status, None);
        for (name, value) in &refused.headers {
            builder.header(name, value);
        }
        builder.header("Server", &self.config.user_agent);
        let bytes = builder.finish();
        self.send(pending.link, bytes);
    }

    /// Refuses an INVITE that has a transaction.
    pub(super) fn answer_plainly(&mut self, pending: &Pending, status: u16, now: Instant) {
        let bytes = pending.response(status, None).finish();
        self.answer_invite(pending, status, bytes, now);
    }

    /// Refuses an INVITE that has a transaction, for what it offers.
    pub(super) fn answer_mismatch(&mut self, pending: &Pending, why: Mismatch, now: Instant) {
        let mut builder = pending.response(488, None);
        builder.header("Warning", why.warning());
        self.answer_invite(pending, 488, builder.finish(), now);
    }

    /// A second INVITE before the answer to the first one (section 14.2).
    pub(super) fn answer_busy_dialog(&mut self, pending: &Pending, now: Instant) {
        let mut builder = pending.response(500, None);
        builder.header("Retry-After", RETRY_AFTER_SECOND);
        self.answer_invite(pending, 500, builder.finish(), now);
    }
}

fn merge_key(envelope: &Envelope) -> (String, String, u32) {
    let tag = envelope.from.tag().unwrap_or_default();
    (envelope.call_id.clone(), tag.to_owned(), envelope.cseq)
}

/// Why an INVITE has no Contact that a dialog can be led to (RFC 3261 section 8.1.1.8), or one that is no
/// address of SIP.
fn contact_refused(headers: &Headers) -> Option<Refused> {
    let contact = headers.values("Contact").next().map(str::parse::<NameAddr>);
    match contact {
        Some(Ok(contact)) if contact.uri.is_sip() => None,
        Some(Ok(_)) => Some(Refused::plain(416)),
        Some(Err(_)) | None => Some(Refused::plain(400)),
    }
}

/// A status with the headers that explain it.
pub(super) struct Refused {
    status: u16,
    headers: Vec<(&'static str, String)>,
}

impl Refused {
    pub fn plain(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
        }
    }

    fn with(status: u16, name: &'static str, value: String) -> Self {
        Self {
            status,
            headers: vec![(name, value)],
        }
    }

    pub fn full() -> Self {
        Self::with(503, "Retry-After", RETRY_AFTER_SECOND.to_string())
    }

    /// An event package that we do not have (RFC 6665 section 8.3.2).
    pub fn bad_event() -> Self {
        Self::with(489, "Allow-Events", "refer".to_owned())
    }

    fn unknown_method() -> Self {
        Self::with(405, "Allow", ALLOW.to_owned())
    }
}

/// What forbids a request before anybody looks at its dialog.
fn refusal_of(request: &Request, envelope: &Envelope) -> Option<Refused> {
    if let Method::Other(_) = request.method {
        return Some(Refused::unknown_method());
    }
    let headers = &request.headers;
    // A server that forwards nothing could ignore Max-Forwards, but a call that has lost itself
    // must not be answered; OPTIONS with 0 asks for this very hop (section 11).
    let spent = headers
        .get("Max-Forwards")
        .is_some_and(|n| n.parse() == Ok(0_u8));
    if spent && request.method == Method::Invite && envelope.to.tag().is_none() {
        return Some(Refused::plain(483));
    }
    let required: Vec<&str> = headers
        .values("Require")
        .filter(|option| {
            let known = |list: &str| {
                list.split(", ")
                    .any(|known| known.eq_ignore_ascii_case(option))
            };
            let registers = request.method == Method::Register;
            !(known(SUPPORTED) || registers && known(REGISTRAR_SUPPORTED))
        })
        .take(UNSUPPORTED_MAX)
        .collect();
    if !required.is_empty() {
        return Some(Refused::with(420, "Unsupported", required.join(", ")));
    }
    if request.method == Method::Invite && Asked::of(headers).is_too_short() {
        return Some(Refused::with(422, "Min-SE", MIN_SE_SECOND.to_string()));
    }
    let accepts_sdp = headers.get("Accept").is_none()
        || headers.values("Accept").any(|value| {
            let media_type = value.split(';').next().unwrap_or_default().trim();
            ["application/sdp", "application/*", "*/*"]
                .iter()
                .any(|fits| fits.eq_ignore_ascii_case(media_type))
        });
    if request.method == Method::Invite && !accepts_sdp {
        return Some(Refused::plain(406));
    }
    if request.body.is_empty() {
        return None;
    }
    let encoding = headers.get("Content-Encoding").unwrap_or("identity");
    if !encoding.eq_ignore_ascii_case("identity") {
        return Some(Refused::with(415, "Accept-Encoding", "identity".to_owned()));
    }
    let sdp_expected = matches!(request.method, Method::Invite | Method::Update);
    let is_enough =
        sdp_of(headers, &request.body).is_some() && !requires_other(headers, &request.body);
    if sdp_expected && !is_enough {
        return Some(Refused::with(415, "Accept", ACCEPT.to_owned()));
    }
    None
}
