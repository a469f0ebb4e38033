//! Provisional answers that must arrive (RFC 3262): `100rel`, RSeq and PRACK, in both roles.
//!
//! A provisional answer of ours is sent reliably when the caller requires it, or when it carries
//! a description and the caller supports it: without that, early media may never begin.
//!
//! # Invariants
//!
//! - One reliable answer of a leg waits for its PRACK; what the shell wants meanwhile waits too,
//!   the last wish only.
//! - Each reliable answer of a peer is acknowledged once by a PRACK of its own, in order.

use std::time::Instant;

use rand::Rng as _;

use super::{
    Endpoint,
    clients::Purpose,
    dialog::Dialog,
    leg::{Early, Phase, Ringing},
    outgoing::sdp_of,
    servers::Pending,
};
use crate::{
    EndedBy, Event, LegId, Link,
    message::{Builder, Envelope, Headers, Method, Request, Response},
    sdp::{Mismatch, Session},
    transaction::Resend,
};

/// What a caller can do with provisional answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// It does not know PRACK.
    Unknown,
    /// It does.
    Supported,
    /// It wants every one of them reliable.
    Required,
}

/// A provisional answer of ours that waits for its PRACK.
#[derive(Debug)]
pub(super) struct Unpracked {
    pub rseq: u32,
    pub resend: Resend,
    pub give_up: Instant,
}

/// What the shell wants to answer once the PRACK is there.
#[derive(Debug)]
pub(super) enum Next {
    /// Another provisional answer.
    Ring(Option<Vec<u8>>),
    /// 200.
    Accept(Vec<u8>),
}

/// What a PRACK offers, and our answer to it.
#[derive(Debug)]
enum Offered {
    Nothing,
    /// It holds now, and the shell is told.
    Taken(Vec<u8>, Box<Event>),
    /// It does not fit: every stream is refused, if it can be read.
    Unfit(Vec<u8>, Mismatch),
}

impl Wish {
    /// From the headers of an INVITE.
    pub fn of(headers: &Headers) -> Self {
        let has = |name| {
            headers
                .values(name)
                .any(|option| option.eq_ignore_ascii_case("100rel"))
        };
        match (has("Require"), has("Supported")) {
            (true, _) => Wish::Required,
            (false, true) => Wish::Supported,
            (false, false) => Wish::Unknown,
        }
    }

    /// Whether an answer with or without a description goes out reliably.
    pub fn makes_reliable(self, has_sdp: bool) -> bool {
        match self {
            Wish::Unknown => false,
            Wish::Supported => has_sdp,
            Wish::Required => true,
        }
    }
}

impl Endpoint {
    /// Marks a provisional answer of ours as reliable, and remembers that it is.
    pub(super) fn make_reliable(&mut self, id: LegId, builder: &mut Builder, now: Instant) {
        let first = self.rng.random_range(1..1 << 30);
        let timing = self.config.timing;
        let Some(ringing) = self.ringing(id) else {
            return;
        };
        let rseq = ringing.rseq.map_or(first, |last| last + 1);
        ringing.rseq = Some(rseq);
        ringing.unpracked = Some(Unpracked {
            rseq,
            resend: Resend::new(timing.t1, now),
            give_up: now + timing.patience(),
        });
        builder.header("Require", "100rel").header("RSeq", rseq);
    }

    /// PRACK inside a dialog (section 3).
    pub(super) fn on_prack(
        &mut self,
        id: LegId,
        request: &Request,
        pending: &Pending,
        key: String,
        now: Instant,
    ) {
        let matched = self.ringing(id).is_some_and(|ringing| {
            let acknowledged = rack(&request.headers, ringing);
            acknowledged && ringing.unpracked.take().is_some()
        });
        if !matched {
            let bytes = pending.response(481, None).finish();
            return self.answer_simple(pending, key, bytes, now);
        }
        let offered = self.offered_in_prack(id, request);
        let sdp = match &offered {
            Offered::Nothing => &[][..],
            Offered::Taken(ours, _) | Offered::Unfit(ours, _) => ours,
        };
        // What acknowledges is answered 2xx, whatever it offers (section 3).
        let bytes = pending
            .response(200, None)
            .finish_with("application/sdp", sdp);
        self.answer_simple(pending, key, bytes, now);
        match offered {
            Offered::Nothing => {}
            Offered::Taken(_, event) => self.event(*event),
            Offered::Unfit(_, why) => return self.refuse_after_prack(id, why, now),
        }
        match self.ringing(id).and_then(|ringing| ringing.next.take()) {
            Some(Next::Ring(sdp)) => self.ring(id, sdp, now),
            Some(Next::Accept(sdp)) => self.accept(id, sdp, now),
            None => self.set_leg_timer(id),
        }
    }

    /// A PRACK may carry another offer once the first is answered (section 5): our answer goes into its
    /// 200, also one that refuses every stream.
    fn offered_in_prack(&mut self, id: LegId, request: &Request) -> Offered {
        let Some(offer) = sdp_of(&request.headers, &request.body) else {
            return Offered::Nothing;
        };
        // Where the INVITE had no offer, ours went out and this would be its answer.
        let answers = self.ringing(id).is_some_and(|ringing| ringing.offered);
        let leg = self.legs.get_mut(&id).filter(|leg| !leg.sdp.is_empty());
        let Some(leg) = leg.filter(|_| answers) else {
            return Offered::Nothing;
        };
        match leg.take_offer(&offer, &mut self.rng) {
            Ok(negotiated) => {
                let event = Event::Reoffered {
                    leg: id,
                    sdp: offer,
                    negotiated: Box::new(negotiated),
                };
                Offered::Taken(leg.sdp.clone(), Box::new(event))
            }
            Err(why) => {
                let ours = Session::parse(&leg.sdp).ok();
                let refused =
                    ours.and_then(|ours| Some(ours.refusing(&Session::parse(&offer).ok()?)));
                Offered::Unfit(refused.map(|ours| ours.to_bytes()).unwrap_or_default(), why)
            }
        }
    }

    /// A caller that changed its mind to what we cannot do is refused with its call.
    fn refuse_after_prack(&mut self, id: LegId, why: Mismatch, now: Instant) {
        let warning = ("Warning".to_owned(), why.warning());
        if self.refuse(id, 488, None, &[warning], now) {
            self.event(Event::Ended {
                leg: id,
                by: EndedBy::Us,
                reason: None,
            });
        }
    }

    /// A reliable answer of ours has no PRACK yet.
    pub(super) fn unpracked_due(&mut self, id: LegId, now: Instant) {
        let Some(ringing) = self.ringing(id) else {
            return;
        };
        let Some(unpracked) = &mut ringing.unpracked else {
            return;
        };
        if unpracked.give_up <= now {
            // Section 3: the request should be refused with 5xx then.
            self.refuse(id, 504, None, &[], now);
            return self.event(Event::Ended {
                leg: id,
                by: EndedBy::Timeout,
                reason: None,
            });
        }
        unpracked.resend.again(None, now);
        let (link, bytes) = (ringing.pending.link, ringing.provisional.clone());
        self.send(link, bytes);
        self.set_leg_timer(id);
    }

    /// Acknowledges a provisional answer of the peer that wants it; whether the answer is to be
    /// passed over: it came before, or something before it is missing (section 4).
    pub(super) fn acknowledge(
        &mut self,
        id: LegId,
        tx: u64,
        response: &Response,
        envelope: &Envelope,
        link: Link,
        now: Instant,
    ) -> bool {
        let Some(rseq) = rseq(&response.headers) else {
            return false;
        };
        let invite = self.clients[&tx].request();
        let tag = envelope.to.tag().unwrap_or_default();
        let Some(Early {
            rseq: last, cseq, ..
        }) = self.early(id, tag)
        else {
            return true;
        };
        if last.is_some_and(|last| Some(rseq) != last.checked_add(1)) {
            return true;
        }
        *last = Some(rseq);
        *cseq = (*cseq).max(envelope.cseq) + 1;
        let cseq = *cseq;
        let dialog = Dialog::of_answer(&invite, response, envelope, link);
        self.send_prack(id, &dialog, cseq, (rseq, envelope.cseq), now);
        false
    }

    /// A provisional answer to an INVITE of ours inside a call: acknowledged if it wants that.
    pub(super) fn acknowledge_inside(
        &mut self,
        id: LegId,
        tx: u64,
        response: &Response,
        envelope: &Envelope,
        now: Instant,
    ) {
        let Some(rseq) = rseq(&response.headers) else {
            return;
        };
        let leg = self.legs.get_mut(&id);
        let Some(leg) = leg.filter(|leg| leg.refresh == Some(tx)) else {
            return;
        };
        let early = &mut leg.refresh_early;
        let is_next = early
            .rseq
            .is_none_or(|last| Some(rseq) == last.checked_add(1));
        if envelope.cseq_method != Method::Invite || !is_next {
            return;
        }
        early.rseq = Some(rseq);
        if let Some(sdp) = sdp_of(&response.headers, &response.body) {
            early.sdp = sdp;
        }
        leg.dialog.local_cseq += 1;
        let dialog = leg.dialog.clone();
        self.send_prack(id, &dialog, dialog.local_cseq, (rseq, envelope.cseq), now);
    }

    /// The early dialog of an outgoing leg with this To-tag, made if there is room.
    fn early(&mut self, id: LegId, tag: &str) -> Option<&mut Early> {
        match &mut self.legs.get_mut(&id)?.phase {
            Phase::Calling(calling) => calling.early_of(tag),
            Phase::Ringing(_) | Phase::Up | Phase::Leaving => None,
        }
    }

    fn send_prack(
        &mut self,
        id: LegId,
        dialog: &Dialog,
        cseq: u32,
        (rseq, invite_cseq): (u32, u32),
        now: Instant,
    ) {
        let link = dialog.next_hop();
        let (branch, via) = self.new_via(&link);
        let cnonce = self.token();
        let (uri, mut builder) = dialog.request(&Method::Prack, cseq, &via);
        builder.header("RAck", format_args!("{rseq} {invite_cseq} INVITE"));
        let prover = self.legs.get_mut(&id).and_then(|leg| leg.prover.as_mut());
        for (name, value) in prover
            .map(|prover| prover.headers(&Method::Prack, &uri, &cnonce))
            .unwrap_or_default()
        {
            builder.header(name, value);
        }
        let bytes = builder.finish();
        self.start_client(bytes, link, &branch, Method::Prack, Purpose::Prack(id), now);
    }
}

/// RSeq of a provisional answer that wants to be acknowledged.
fn rseq(headers: &Headers) -> Option<u32> {
    let mut required = headers.values("Require");
    let is_reliable = required.any(|option| option.eq_ignore_ascii_case("100rel"));
    let rseq = headers.get("RSeq").and_then(|n| n.parse().ok());
    rseq.filter(|_| is_reliable)
}

/// Whether `RAck` names the answer that waits: its RSeq, and the CSeq of the INVITE.
fn rack(headers: &Headers, ringing: &Ringing) -> bool {
    let value = headers.get("RAck").unwrap_or_default();
    let mut words = value.split_ascii_whitespace();
    let rseq = words.next().and_then(|n| n.parse().ok());
    let cseq: Vec<&str> = words.collect();
    let invite = ringing.pending.headers.get("CSeq").unwrap_or_default();
    let waiting = ringing.unpracked.as_ref().map(|unpracked| unpracked.rseq);
    rseq.is_some() && rseq == waiting && invite.split_ascii_whitespace().eq(cseq)
}
