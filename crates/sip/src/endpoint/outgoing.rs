//! INVITE of ours: sent, challenged, ringing, answered, refused or given up (RFC 3261
//! sections 9.1, 13.2 and 22).

use std::{collections::BTreeMap, time::Instant};

use super::{
    ACCEPT, ALLOW, Endpoint, SUPPORTED, UNRELIABLE,
    clients::{NoAnswer, Purpose},
    dialog::Dialog,
    leg::{Calling, Leg, Phase},
    redirect::Redirects,
    session_timer::{Asked, Role, SessionTimer},
};
use crate::{
    Canceler, EndedBy, Event, Headers, Invite, LegId, Link, Reason, Refusal, RefusedBy,
    digest::Prover,
    message::{Builder, Envelope, Method, Response, description, phrase},
    sdp::Negotiated,
};

/// Headers of the caller that the endpoint writes itself.
const OURS: [&str; 17] = [
    "Route",
    "Via",
    "From",
    "To",
    "Call-ID",
    "CSeq",
    "Contact",
    "Max-Forwards",
    "Content-Length",
    "Content-Type",
    "Allow",
    "Supported",
    "Session-Expires",
    "Min-SE",
    "User-Agent",
    "Authorization",
    "Proxy-Authorization",
];

impl Endpoint {
    /// Starts an outgoing leg.
    pub(super) fn invite(&mut self, invite: Invite, now: Instant) {
        let id = invite.leg;
        assert!(
            id < LegId::INCOMING_FIRST,
            "the shell's leg ids are below the endpoint's"
        );
        assert!(!self.legs.contains_key(&id), "a leg id is used once");
        if self.is_full() || self.legs.len() >= self.config.limits.n_legs_max {
            return self.refused(id, Refusal::local(503, RefusedBy::Us));
        }
        let local_tag = self.token();
        let mut from = invite.from.clone();
        from.params.set("tag", Some(&local_tag));
        let dialog = Dialog {
            call_id: self.token(),
            local: from.to_string(),
            local_tag,
            remote: format!("<{}>", invite.to),
            remote_tag: None,
            local_cseq: 0,
            remote_cseq: None,
            target: invite.to.to_string(),
            is_target_named: false,
            routes: invite.routes.clone(),
            link: invite.link,
            link_before: None,
        };
        self.dialog_ids
            .insert((dialog.call_id.clone(), dialog.local_tag.clone()), id);
        let prover = invite.credentials.clone().map(Prover::new);
        let sdp = invite.sdp.clone();
        let ring_until = now + invite.ring_time_max;
        let (rules, to) = (invite.rules, invite.to.clone());
        let calling = Calling {
            tx: 0,
            invite,
            canceler: None,
            reason: None,
            provisional: false,
            early: BTreeMap::new(),
            session_expires_second: self.session_expires_second(),
            ring_until,
            silent_until: rules.first_answer_max.map(|max| now + max),
            redirects: Redirects::new(rules.redirects_max, &to),
            give_up: None,
        };
        let phase = Phase::Calling(Box::new(calling));
        self.legs.insert(id, Leg::new(dialog, phase, sdp, prover));
        self.send_invite(id, now);
        self.set_leg_timer(id);
    }

    /// Sends the INVITE, for the first time, with the answer to a challenge, or to another target.
    pub(super) fn send_invite(&mut self, id: LegId, now: Instant) {
        let cnonce = self.token();
        let link = self.legs[&id].dialog.link;
        let (branch, via) = self.new_via(&link);
        let contact = self.contact(&link);
        let user_agent = self.config.user_agent.clone();
        let leg = self.legs.get_mut(&id).expect("the caller has the leg");
        let Phase::Calling(calling) = &leg.phase else {
            return;
        };
        let is_late = calling.invite.rules.late_offer;
        leg.dialog.local_cseq += 1;
        let (uri, mut builder) = leg
            .dialog
            .request(&Method::Invite, leg.dialog.local_cseq, &via);
        builder
            .header("Contact", contact)
            .header("Allow", ALLOW)
            .header("Accept", ACCEPT)
            .header("Supported", if is_late { UNRELIABLE } else { SUPPORTED })
            .header("Session-Expires", calling.session_expires_second)
            .header("User-Agent", user_agent);
        if let Some(min) = leg.min_se_second {
            builder.header("Min-SE", min);
        }
        if let Some(prover) = &mut leg.prover {
            for (name, value) in prover.headers(&Method::Invite, &uri, &cnonce) {
                builder.header(name, value);
            }
        }
        add_headers(&mut builder, &calling.invite.headers);
        let bytes = match is_late {
            true => builder.finish(),
            false => builder.finish_with("application/sdp", &leg.sdp),
        };
        let tx = self.start_client(bytes, link, &branch, Method::Invite, Purpose::Call(id), now);
        if let Some(Leg {
            phase: Phase::Calling(calling),
            ..
        }) = self.legs.get_mut(&id)
        {
            calling.tx = tx;
            calling.provisional = false;
        }
    }

    /// The calling state of a leg, if this transaction is its current INVITE.
    fn calling(&mut self, id: LegId, tx: u64) -> Option<&mut Calling> {
        match &mut self.legs.get_mut(&id)?.phase {
            Phase::Calling(calling) if calling.tx == tx => Some(calling),
            Phase::Calling(_) | Phase::Ringing(_) | Phase::Up | Phase::Leaving => None,
        }
    }

    pub(super) fn on_progress(
        &mut self,
        id: LegId,
        tx: u64,
        response: &Response,
        envelope: &Envelope,
        link: Link,
        now: Instant,
    ) {
        let Some(calling) = self.calling(id, tx) else {
            return;
        };
        let first = !std::mem::replace(&mut calling.provisional, true);
        if calling.silent_until.take().is_some() {
            self.set_leg_timer(id);
        }
        let Some(calling) = self.calling(id, tx) else {
            return;
        };
        if calling.canceler.is_some() {
            if first {
                self.send_cancel(id, now);
            }
            return;
        }
        if response.status == 100 {
            return;
        }
        if self.acknowledge(id, tx, response, envelope, link, now) {
            return;
        }
        let Some(calling) = self.calling(id, tx) else {
            return;
        };
        // An offer that comes early and unreliably comes again with the answer.
        let is_late = calling.invite.rules.late_offer;
        let sdp = sdp_of(&response.headers, &response.body).filter(|_| !is_late);
        let tag = envelope.to.tag().unwrap_or_default();
        let early = self
            .calling(id, tx)
            .and_then(|calling| calling.early_of(tag));
        // One phone more than are remembered is not told of: its answer counts nevertheless.
        let Some(early) = early else {
            return;
        };
        if let Some(sdp) = &sdp {
            early.sdp.clone_from(sdp);
        }
        let phone = early.phone;
        self.event(Event::Progress {
            leg: id,
            status: response.status,
            sdp,
            phone,
        });
    }

    /// A 2xx that was not seen before: it is acknowledged in any case.
    pub(super) fn on_answered(
        &mut self,
        id: LegId,
        tx: u64,
        response: &Response,
        envelope: &Envelope,
        link: Link,
        now: Instant,
    ) {
        let mut dialog = Dialog::of_answer(&self.clients[&tx].request(), response, envelope, link);
        let late = self.answer_late(id, tx, response);
        let answer = late.as_ref().map(|(answer, _)| &answer[..]);
        self.send_ack(tx, &dialog, answer);
        let is_unfit = late.is_none() && self.is_late(id, tx);
        let wanted = self.calling(id, tx).map(|calling| {
            let early = calling
                .early
                .remove(dialog.remote_tag.as_deref().unwrap_or_default())
                .unwrap_or_default();
            (calling.canceler, early)
        });
        // Another phone had answered before, or the leg is gone: this one is not wanted.
        let Some((canceler, early)) = wanted else {
            dialog.local_cseq += 1;
            return self.send_stray_bye(&dialog, now);
        };
        // The answer crossed our CANCEL (section 9.1): it was given up before anybody spoke.
        if let Some(by) = canceler {
            dialog.local_cseq = dialog.local_cseq.max(early.cseq) + 1;
            self.send_stray_bye(&dialog, now);
            self.drop_leg(id);
            return self.event(Event::Canceled {
                leg: id,
                by,
                reason: None,
            });
        }
        let leg = self.legs.get_mut(&id).expect("the leg is calling");
        leg.dialog = dialog;
        leg.dialog.local_cseq = leg.dialog.local_cseq.max(early.cseq);
        leg.phase = Phase::Up;
        leg.takes_update = takes_update(&response.headers);
        leg.timer = Asked::of(&response.headers)
            .agreed()
            .map(|agreed| SessionTimer::start(agreed, Role::Uac, now));
        self.set_leg_timer(id);
        // The answer may have come with a provisional response of the same phone already.
        let early = Some(early.sdp).filter(|sdp| !sdp.is_empty());
        match sdp_of(&response.headers, &response.body).or(early) {
            Some(sdp) if !is_unfit => {
                let negotiated = late.map(|(_, negotiated)| negotiated);
                if negotiated.is_none() {
                    self.keep_codec(id, &sdp);
                }
                self.user_data(id, &response.headers);
                self.event(Event::Answered {
                    leg: id,
                    sdp,
                    negotiated,
                    link,
                });
            }
            Some(_) => self.leave_for(id, "offer cannot be answered", now),
            None => self.leave_for(id, "no session description", now),
        }
    }

    /// Hangs up on an answer that is no use.
    fn leave_for(&mut self, id: LegId, why: &str, now: Instant) {
        let reason = Reason::sip(488, why);
        self.leave(id, Some(&reason), EndedBy::Us, now);
    }

    /// Whether a call that is still wanted went out without an offer.
    fn is_late(&mut self, id: LegId, tx: u64) -> bool {
        let calling = self.calling(id, tx);
        calling.is_some_and(|calling| calling.invite.rules.late_offer && calling.canceler.is_none())
    }

    /// Our answer to the offer that came with a 2xx, which now holds; `None` where there is none to be
    /// answered, or none that can be.
    fn answer_late(
        &mut self,
        id: LegId,
        tx: u64,
        response: &Response,
    ) -> Option<(Vec<u8>, Box<Negotiated>)> {
        if !self.is_late(id, tx) {
            return None;
        }
        let offer = sdp_of(&response.headers, &response.body)?;
        let leg = self.legs.get_mut(&id)?;
        let negotiated = leg.take_offer(&offer, &mut self.rng).ok()?;
        Some((leg.sdp.clone(), Box::new(negotiated)))
    }

    /// ACK to a 2xx: a request of its own with the CSeq of the INVITE (section 13.2.2.4). `answer` goes with
    /// it where the 2xx brought the offer.
    pub(super) fn send_ack(&mut self, tx: u64, dialog: &Dialog, answer: Option<&[u8]>) {
        let link = dialog.next_hop();
        let (_, via) = self.new_via(&link);
        let (_, mut builder) = dialog.request(&Method::Ack, dialog.local_cseq, &via);
        // ACK cannot be challenged: it brings along the very words of the INVITE (section 22.1).
        let invite = self.clients[&tx].request();
        for name in ["Authorization", "Proxy-Authorization"] {
            for value in invite.headers.all(name) {
                builder.header(name, value);
            }
        }
        let bytes = match answer {
            Some(answer) => builder.finish_with("application/sdp", answer),
            None => builder.finish(),
        };
        let tag = dialog.remote_tag.clone().unwrap_or_default();
        let client = self
            .clients
            .get_mut(&tx)
            .expect("an answer has a transaction");
        client.acks.push((tag.clone(), link, bytes));
        self.ack_again(tx, &tag);
    }

    /// Any final answer but 2xx.
    pub(super) fn on_refused(&mut self, id: LegId, tx: u64, response: &Response, now: Instant) {
        let Some(calling) = self.calling(id, tx) else {
            return;
        };
        if let Some(by) = calling.canceler {
            self.drop_leg(id);
            return self.event(Event::Canceled {
                leg: id,
                by,
                reason: None,
            });
        }
        calling.silent_until = None;
        let again = matches!(response.status, 401 | 407) && self.can_prove(id, response)
            || response.status == 422 && self.expires_later(id, response);
        if again {
            self.set_leg_timer(id);
            return self.send_invite(id, now);
        }
        if self.redirected(id, response, now) {
            return;
        }
        self.drop_leg(id);
        self.refused(id, Refusal::of(response));
    }

    /// The peer, or a proxy on the way, wants a longer session interval (RFC 4028 section 7.3).
    fn expires_later(&mut self, id: LegId, response: &Response) -> bool {
        let Some(leg) = self.legs.get_mut(&id) else {
            return false;
        };
        let Some(min) = leg.longer(Asked::of(&response.headers).min_second) else {
            return false;
        };
        if let Phase::Calling(calling) = &mut leg.phase {
            calling.session_expires_second = calling.session_expires_second.max(min);
        }
        true
    }

    fn can_prove(&mut self, id: LegId, response: &Response) -> bool {
        let prover = self.legs.get_mut(&id).and_then(|leg| leg.prover.as_mut());
        prover.is_some_and(|prover| prover.challenged(response.status, &response.headers))
    }

    /// No answer to the INVITE at all.
    pub(super) fn on_silence(&mut self, id: LegId, tx: u64, why: NoAnswer) {
        let Some(calling) = self.calling(id, tx) else {
            return;
        };
        let canceler = calling.canceler;
        self.drop_leg(id);
        match (canceler, why) {
            (Some(by), _) => self.event(Event::Canceled {
                leg: id,
                by,
                reason: None,
            }),
            (None, NoAnswer::Silence) => {
                self.refused(id, Refusal::local(408, RefusedBy::Silence));
            }
            (None, NoAnswer::LinkFailed) => {
                self.refused(id, Refusal::local(503, RefusedBy::LinkFailed));
            }
        }
    }

    /// Gives an unanswered INVITE up. CANCEL waits for a provisional answer (section 9.1).
    pub(super) fn cancel(&mut self, id: LegId, by: Canceler, reason: Option<Reason>, now: Instant) {
        let Some(Leg {
            phase: Phase::Calling(calling),
            ..
        }) = self.legs.get_mut(&id)
        else {
            return;
        };
        if calling.canceler.is_some() {
            return;
        }
        calling.canceler = Some(by);
        calling.reason = reason;
        if calling.provisional {
            self.send_cancel(id, now);
        }
        self.set_leg_timer(id);
    }

    fn send_cancel(&mut self, id: LegId, now: Instant) {
        let patience = self.config.timing.patience();
        let Some(Leg {
            phase: Phase::Calling(calling),
            ..
        }) = self.legs.get_mut(&id)
        else {
            return;
        };
        calling.give_up = Some(now + patience);
        let (tx, reason) = (calling.tx, calling.reason.take());
        self.cancel_invite(tx, reason.as_ref(), now);
        self.set_leg_timer(id);
    }

    /// The ring time is over, or nothing came after CANCEL.
    pub(super) fn calling_due(&mut self, id: LegId, now: Instant) {
        let Some(Leg {
            phase: Phase::Calling(calling),
            ..
        }) = self.legs.get(&id)
        else {
            return;
        };
        match calling.canceler {
            None if calling.silent_until.is_some_and(|at| at <= now) => self.abandon(id),
            None => self.cancel(id, Canceler::RingTime, Some(Reason::no_answer()), now),
            Some(by) => {
                let tx = calling.tx;
                self.end_client(tx);
                self.drop_leg(id);
                self.event(Event::Canceled {
                    leg: id,
                    by,
                    reason: None,
                });
            }
        }
    }

    pub(super) fn refused(&mut self, leg: LegId, refusal: Refusal) {
        self.event(Event::Refused {
            leg,
            refusal: Box::new(refusal),
        });
    }
}

/// Adds the caller's headers but those that are ours.
fn add_headers(builder: &mut Builder, headers: &[(String, String)]) {
    for (name, value) in headers {
        let ours = OURS.iter().any(|known| known.eq_ignore_ascii_case(name));
        let is_name = !name.is_empty()
            && name.len() > 1
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&b));
        if !ours && is_name {
            builder.header(name, value);
        }
    }
}

/// Whether a peer says that it takes UPDATE.
pub(super) fn takes_update(headers: &Headers) -> bool {
    headers.values("Allow").any(|method| method == "UPDATE")
}

/// The session description of a body.
pub(super) fn sdp_of(headers: &Headers, body: &[u8]) -> Option<Vec<u8>> {
    description(headers, body)
}

impl Refusal {
    pub(super) fn local(status: u16, by: RefusedBy) -> Self {
        Self {
            status,
            phrase: phrase(status).to_owned(),
            by,
            reasons: Vec::new(),
            warning: None,
            retry_after_second: None,
            contacts: Vec::new(),
        }
    }

    fn of(response: &Response) -> Self {
        let headers = &response.headers;
        Self {
            status: response.status,
            phrase: response.phrase.clone(),
            by: RefusedBy::Peer,
            reasons: headers.values("Reason").filter_map(Reason::parse).collect(),
            warning: headers.get("Warning").map(str::to_owned),
            retry_after_second: headers
                .get("Retry-After")
                .and_then(|value| value.split([';', '(', ' ']).next()?.parse().ok()),
            contacts: match response.status {
                300..=399 => headers
                    .values("Contact")
                    .filter_map(|c| c.parse().ok())
                    .collect(),
                _ => Vec::new(),
            },
        }
    }
}
