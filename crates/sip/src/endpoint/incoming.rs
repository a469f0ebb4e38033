//! INVITE of theirs: offered to the shell, answered, confirmed or canceled (RFC 3261 sections
//! 9.2 and 13.3).

use std::time::{Duration, Instant};

use rand::RngCore;

use super::{
    ACCEPT, ALLOW, Endpoint, SUPPORTED,
    dialog::Dialog,
    leg::{Leg, Phase, Ringing, Unacked},
    outgoing::{sdp_of, takes_update},
    reliable::{Next, Wish},
    servers::Pending,
    session_timer::{Asked, Role, SessionTimer},
};
use crate::{
    Canceler, EndedBy, Event, Incoming, LegId, Link, Reason, Uri,
    digest::{Algorithm, Challenge, DigestResponse},
    message::{Builder, Envelope, Headers, Request},
    sdp::IceCredentials,
    transaction::Resend,
};

/// Proxies cancel an INVITE that makes no progress for 3 min; a provisional answer each minute
/// keeps them patient (section 13.3.1.1).
const REFRESH: Duration = Duration::from_secs(60);

/// When 100 is sent, if there is nothing else to say by then: it must be where nothing else comes within
/// 200 ms (section 17.2.1), and peers that ask for nothing but a refusal do not expect it before.
const TRYING_AFTER: Duration = Duration::from_millis(150);

impl Endpoint {
    /// Makes a leg of a new INVITE and tells the shell. `pending` has its transaction.
    pub(super) fn offer_leg(
        &mut self,
        request: &Request,
        envelope: &Envelope,
        (request_uri, replaces): (Uri, Option<LegId>),
        pending: Pending,
        link: Link,
        now: Instant,
    ) {
        let id = self.next_leg;
        self.next_leg = LegId(id.0 + 1);
        let dialog = Dialog::of_invite(request, envelope, pending.tag.clone(), link);
        self.dialog_ids
            .insert((dialog.call_id.clone(), dialog.local_tag.clone()), id);
        let trying = pending.response(100, None).finish();
        if let Some(server) = pending.tx.and_then(|tx| self.servers.get_mut(&tx)) {
            server.leg = Some(id);
        }
        let sdp = sdp_of(&request.headers, &request.body);
        let longest = self.config.timing.unanswered_max;
        let expires = expires(&request.headers).filter(|expires| *expires < longest);
        let ringing = Ringing {
            pending,
            until: now + expires.unwrap_or(longest),
            expires: expires.is_some(),
            provisional: trying,
            refresh: now + TRYING_AFTER,
            offered: sdp.is_some(),
            asked: Asked::of(&request.headers),
            wish: Wish::of(&request.headers),
            rseq: None,
            unpracked: None,
            next: None,
        };
        let phase = Phase::Ringing(Box::new(ringing));
        let mut leg = Leg::new(dialog, phase, Vec::new(), None);
        leg.takes_update = takes_update(&request.headers);
        leg.peer_ice = sdp.as_deref().and_then(IceCredentials::of);
        self.legs.insert(id, leg);
        self.n_legs_in += 1;
        self.set_leg_timer(id);
        let headers = request.headers.clone();
        let authorization = headers
            .all("Authorization")
            .chain(headers.all("Proxy-Authorization"))
            .find_map(|field| DigestResponse::parse(field, request.method.as_str()));
        self.event(Event::Incoming(Box::new(Incoming {
            leg: id,
            from: envelope.from.clone(),
            to: envelope.to.clone(),
            request_uri,
            source: link,
            sdp,
            headers,
            authorization,
            replaces,
        })));
    }

    /// The ringing state of a leg.
    pub(super) fn ringing(&mut self, id: LegId) -> Option<&mut Ringing> {
        match &mut self.legs.get_mut(&id)?.phase {
            Phase::Ringing(ringing) => Some(ringing),
            Phase::Calling(_) | Phase::Up | Phase::Leaving => None,
        }
    }

    pub(super) fn ring(&mut self, id: LegId, sdp: Option<Vec<u8>>, now: Instant) {
        let Some(ringing) = self.ringing(id) else {
            return;
        };
        if ringing.unpracked.is_some() {
            ringing.next.get_or_insert(Next::Ring(sdp));
            return;
        }
        // Where the INVITE had no offer, ours goes with the 200: one in a provisional answer would be
        // answered in PRACK. Without it no reliable answer may be the first (RFC 3262 section 5).
        let sdp = sdp.filter(|_| ringing.offered);
        if !ringing.offered && ringing.wish == Wish::Required {
            return;
        }
        let reliable = ringing.wish.makes_reliable(sdp.is_some());
        let pending = ringing.pending.clone();
        let (status, body) = sdp.map_or((180, Vec::new()), |sdp| (183, sdp));
        let mut builder = self.dialog_response(&pending, status);
        builder.header("Allow", ALLOW);
        if reliable {
            self.make_reliable(id, &mut builder, now);
        }
        let bytes = builder.finish_with("application/sdp", &body);
        if let Some(ringing) = self.ringing(id) {
            ringing.provisional.clone_from(&bytes);
            ringing.refresh = now + REFRESH;
        }
        if let Some(leg) = self.legs.get_mut(&id).filter(|_| !body.is_empty()) {
            leg.sdp = body;
        }
        self.answer_invite(&pending, status, bytes, now);
        self.set_leg_timer(id);
    }

    pub(super) fn accept(&mut self, id: LegId, sdp: Vec<u8>, now: Instant) {
        let Some(ringing) = self.ringing(id) else {
            return;
        };
        if ringing.unpracked.is_some() {
            ringing.next = Some(Next::Accept(sdp));
            return;
        }
        let (pending, offered, asked) = (ringing.pending.clone(), !ringing.offered, ringing.asked);
        let leg = self.legs.get_mut(&id).expect("the leg rings");
        leg.phase = Phase::Up;
        // What a provisional answer said holds, and what was agreed on since (RFC 3261 section 13.2.1).
        if leg.sdp.is_empty() {
            leg.sdp = sdp;
        }
        self.send_answer(id, &pending, asked, (true, offered), now);
    }

    /// Sends 200 with our current session description, again and again until ACK: to the `first`
    /// INVITE or a later one, as the answer to its offer or as one that we `offered`.
    pub(super) fn send_answer(
        &mut self,
        id: LegId,
        pending: &Pending,
        asked: Asked,
        (first, offered): (bool, bool),
        now: Instant,
    ) {
        let mut builder = self.dialog_response(pending, 200);
        builder
            .header("Allow", ALLOW)
            .header("Accept", ACCEPT)
            .header("Supported", SUPPORTED)
            .header("Server", &self.config.user_agent);
        let agreed = asked.agree(self.session_expires_second());
        if let Some(agreed) = agreed {
            builder.header("Session-Expires", agreed.header());
            if agreed.refresher == Role::Uac {
                builder.header("Require", "timer");
            }
        }
        let timing = self.config.timing;
        let leg = self.legs.get_mut(&id).expect("the caller has the leg");
        leg.timer = agreed.map(|agreed| SessionTimer::start(agreed, Role::Uas, now));
        let bytes = builder.finish_with("application/sdp", &leg.sdp);
        leg.unacked = Some(Unacked {
            cseq: pending.cseq(),
            bytes: bytes.clone(),
            resend: Resend::new(timing.t1, now),
            give_up: now + timing.patience(),
            first,
            offered,
            pending: pending.clone(),
        });
        self.answer_invite(pending, 200, bytes, now);
        self.set_leg_timer(id);
    }

    /// A response that makes or keeps a dialog: with Contact and the route back.
    fn dialog_response(&self, pending: &Pending, status: u16) -> Builder {
        let mut builder = pending.response(status, None);
        for route in pending.headers.all("Record-Route") {
            builder.header("Record-Route", route);
        }
        builder.header("Contact", self.contact(&pending.link));
        builder
    }

    pub(super) fn reject(
        &mut self,
        id: LegId,
        status: u16,
        reason: Option<&str>,
        headers: &[(String, String)],
        now: Instant,
    ) {
        let status = if (300..700).contains(&status) {
            status
        } else {
            500
        };
        if self.refuse(id, status, reason, headers, now) {
            self.event(Event::Ended {
                leg: id,
                by: EndedBy::Us,
                reason: None,
            });
        }
    }

    pub(super) fn challenge(
        &mut self,
        id: LegId,
        realm: &str,
        (stale, md5_only): (bool, bool),
        now: Instant,
    ) {
        if self.ringing(id).is_none() {
            return;
        }
        let headers = self.challenges(realm, stale, md5_only, now);
        // The answer is remembered and repeated until ACK: the caller may have had our 100, and
        // does not repeat the INVITE then.
        self.reject(id, 401, None, &headers, now);
    }

    /// The headers that ask for a password.
    pub(super) fn challenges(
        &mut self,
        realm: &str,
        stale: bool,
        md5_only: bool,
        now: Instant,
    ) -> Vec<(String, String)> {
        // RFC 8760 section 2.4 would have the stronger one first; sipp 3.6 and phones of its age look
        // at the first only and give up on one that they do not know. Ours takes the strongest.
        let algorithms: &[Algorithm] = if md5_only {
            &[Algorithm::Md5]
        } else {
            &[Algorithm::Md5, Algorithm::Sha256]
        };
        let mut headers = Vec::with_capacity(algorithms.len());
        for &algorithm in algorithms {
            let salt = self.rng.next_u64();
            let challenge = Challenge {
                realm: realm.to_owned(),
                nonce: self.verifier.nonce(realm, salt, now),
                opaque: None,
                algorithm,
                algorithm_named: true,
                qop_auth: true,
                stale,
            };
            headers.push(("WWW-Authenticate".to_owned(), challenge.to_header()));
        }
        headers
    }

    /// Sends a final answer other than 2xx and forgets the leg; whether it was ringing.
    pub(super) fn refuse(
        &mut self,
        id: LegId,
        status: u16,
        reason: Option<&str>,
        headers: &[(String, String)],
        now: Instant,
    ) -> bool {
        let Some(ringing) = self.ringing(id) else {
            return false;
        };
        let pending = ringing.pending.clone();
        let mut builder = pending.response(status, reason);
        builder.header("Server", &self.config.user_agent);
        for (name, value) in headers {
            builder.header(name, value);
        }
        self.answer_invite(&pending, status, builder.finish(), now);
        self.drop_leg(id);
        true
    }

    /// CANCEL came for a leg that rings.
    pub(super) fn canceled(&mut self, id: LegId, reason: Option<Reason>, now: Instant) {
        if self.refuse(id, 487, None, &[], now) {
            self.event(Event::Canceled {
                leg: id,
                by: Canceler::Peer,
                reason,
            });
        }
    }

    /// The shell has not answered, or it is time for another provisional answer.
    pub(super) fn ringing_due(&mut self, id: LegId, now: Instant) {
        let Some(ringing) = self.ringing(id) else {
            return;
        };
        if ringing.until <= now {
            let status = if ringing.expires { 487 } else { 480 };
            self.refuse(id, status, None, &[], now);
            return self.event(Event::Ended {
                leg: id,
                by: EndedBy::Timeout,
                reason: None,
            });
        }
        if ringing.unpracked.is_some() {
            return self.unpracked_due(id, now);
        }
        ringing.refresh = now + REFRESH;
        let (pending, bytes) = (ringing.pending.clone(), ringing.provisional.clone());
        self.answer_invite(&pending, 100, bytes, now);
        self.set_leg_timer(id);
    }

    /// ACK inside a dialog: our 2xx has arrived.
    pub(super) fn on_ack(
        &mut self,
        id: LegId,
        request: &Request,
        envelope: &Envelope,
        link: Link,
        now: Instant,
    ) {
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        let Some(unacked) = leg.unacked.take_if(|unacked| unacked.cseq == envelope.cseq) else {
            return;
        };
        let sdp = sdp_of(&request.headers, &request.body).filter(|_| unacked.offered);
        let hang_up = leg.hang_up.take();
        self.follow(id, envelope.cseq, link);
        self.set_leg_timer(id);
        match (hang_up, sdp, unacked.first) {
            (Some(reason), _, _) => self.leave(id, reason.as_ref(), EndedBy::Us, now),
            (None, sdp, true) => {
                if let Some(sdp) = &sdp {
                    self.keep_codec(id, sdp);
                }
                self.event(Event::Confirmed { leg: id, sdp });
            }
            (None, Some(sdp), false) => {
                // What cannot be used changes nothing: the peer has broken its own call.
                self.reoffered(id, sdp);
            }
            (None, None, false) => {}
        }
    }

    /// Our 2xx has not been acknowledged yet.
    pub(super) fn unacked_due(&mut self, id: LegId, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        let Some(unacked) = &mut leg.unacked else {
            return;
        };
        if unacked.give_up <= now {
            leg.unacked = None;
            let by = if leg.hang_up.is_some() {
                EndedBy::Us
            } else {
                EndedBy::Timeout
            };
            let reason = leg.hang_up.take().flatten();
            return self.leave(id, reason.as_ref(), by, now);
        }
        unacked.resend.again(Some(self.config.timing.t2), now);
        let (link, bytes) = (unacked.pending.link, unacked.bytes.clone());
        self.send(link, bytes);
        self.set_leg_timer(id);
    }
}

/// How long the caller waits for an answer (section 13.3.1).
fn expires(headers: &Headers) -> Option<Duration> {
    let seconds: u64 = headers.get("Expires")?.parse().ok()?;
    (seconds > 0).then(|| Duration::from_secs(seconds))
}
