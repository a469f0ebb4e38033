//! Changes of a call that is up: re-INVITE from the peer (RFC 3261 section 14.2).
//!
//! The answer is our current description, adapted to the offer: same address, the direction turned,
//! and the first of the offer's codecs that the shell allows (without a word of it, the codec in
//! use). Without a change it is the same bytes, so that its version stays. An offer without such a
//! codec gets 488, and the call goes on as before (section 14.1).

use std::time::Instant;

use rand::Rng;

use super::{
    Endpoint,
    leg::{Leg, Phase},
    outgoing::sdp_of,
    servers::Pending,
    session_timer::Asked,
};
use crate::{
    Event, LegId,
    message::{Envelope, Request},
    sdp::{self, Codec, Direction, Mismatch, Negotiated, Session},
};

impl Endpoint {
    /// An INVITE inside a dialog. `pending` has its transaction.
    pub(super) fn reinvited(
        &mut self,
        id: LegId,
        request: &Request,
        envelope: &Envelope,
        pending: &Pending,
        now: Instant,
    ) {
        let is_glare = self.offers(id);
        let leg = self.legs.get_mut(&id).expect("the caller has the leg");
        match leg.phase {
            Phase::Calling(_) => return self.answer_plainly(pending, 491, now),
            Phase::Ringing(_) => return self.answer_busy_dialog(pending, now),
            Phase::Leaving => return self.answer_plainly(pending, 481, now),
            // Until its ACK our answer may be unknown to the peer (RFC 5407 section 3.1.4).
            Phase::Up if is_glare || leg.unacked.is_some() => {
                return self.answer_plainly(pending, 491, now);
            }
            Phase::Up => {}
        }
        let offer = sdp_of(&request.headers, &request.body);
        let mut agreed = None;
        if let Some(offer) = &offer {
            match leg.take_offer(offer, &mut self.rng) {
                Ok(negotiated) => agreed = Some(negotiated),
                Err(why) => return self.answer_mismatch(pending, why, now),
            }
        } else {
            leg.offer_all();
        }
        leg.dialog.refresh_target(&request.headers);
        leg.dialog.remote_cseq = Some(envelope.cseq);
        let asked = Asked::of(&request.headers);
        self.send_answer(id, pending, asked, (false, offer.is_none()), now);
        if let (Some(sdp), Some(negotiated)) = (offer, agreed) {
            self.event(Event::Reoffered {
                leg: id,
                sdp,
                negotiated: Box::new(negotiated),
            });
        }
    }

    /// Whether an offer of ours has no answer yet: an INVITE of ours is under way (section 14.2), or a
    /// 2xx of ours carries one and waits for its ACK. An UPDATE without a description is no offer.
    pub(super) fn offers(&self, id: LegId) -> bool {
        let Some(leg) = self.legs.get(&id) else {
            return false;
        };
        let asks = leg.refresh.and_then(|tx| self.clients.get(&tx));
        asks.is_some_and(|asks| asks.is_invite() || leg.updates_offer)
            || leg.unacked.as_ref().is_some_and(|unacked| unacked.offered)
    }

    /// The peer answered our offer: what it chose holds from now on.
    pub(super) fn keep_codec(&mut self, id: LegId, answer: &[u8]) -> Option<Negotiated> {
        let leg = self.legs.get_mut(&id)?;
        let (ours, theirs) = (Session::parse(&leg.sdp), Session::parse(answer));
        let agreed = sdp::negotiated(&ours.ok()?, &theirs.ok()?).ok()?;
        leg.keep(&agreed);
        Some(agreed)
    }

    /// The peer's answer to our description came; whether it can be used.
    pub(super) fn reoffered(&mut self, id: LegId, sdp: Vec<u8>) -> bool {
        let Some(negotiated) = self.keep_codec(id, &sdp) else {
            return false;
        };
        self.event(Event::Reoffered {
            leg: id,
            sdp,
            negotiated: Box::new(negotiated),
        });
        true
    }
}

impl Leg {
    /// Takes a new offer of the peer and makes our answer to it what holds. One that does not fit changes
    /// nothing.
    pub fn take_offer(&mut self, offer: &[u8], rng: &mut impl Rng) -> Result<Negotiated, Mismatch> {
        let ours = Session::parse(&self.sdp).map_err(|_| Mismatch::Unreadable)?;
        let offer = Session::parse(offer).map_err(|_| Mismatch::Unreadable)?;
        let (mut local, in_use) = sdp::Local::of(&ours).ok_or(Mismatch::NoAudio)?;
        (local.events, local.direction) = (self.takes_events, self.direction);
        let theirs = offer.audio().and_then(|audio| audio.lines.ice());
        if let Some(handshake) = &mut local.security.handshake {
            handshake.follow((self.role, self.peer_ice.as_ref()), theirs.as_ref(), rng);
        }
        let codecs = self.choices(in_use);
        let (same, mut negotiated) = sdp::answer(&offer, &local, &codecs)?;
        if same != ours {
            local.version += 1;
            let (changed, agreed) = sdp::answer(&offer, &local, &codecs)?;
            self.sdp = changed.to_bytes();
            negotiated = agreed;
        }
        self.keep(&negotiated);
        Ok(negotiated)
    }

    /// Makes our description an offer of everything that the peer may choose from.
    fn offer_all(&mut self) {
        let Ok(ours) = Session::parse(&self.sdp) else {
            return;
        };
        let Some(mut offer) = self.offer_of_all(&ours, self.direction) else {
            return;
        };
        if offer != ours {
            offer.origin.version += 1;
            self.sdp = offer.to_bytes();
        }
    }

    /// An offer of everything that the peer may choose from, in the place of `ours`.
    pub fn offer_of_all(&self, ours: &Session, direction: Direction) -> Option<Session> {
        let (mut local, in_use) = sdp::Local::of(ours)?;
        (local.events, local.direction) = (self.takes_events, direction);
        Some(sdp::offer(&local, &self.choices(in_use)).in_place_of(ours))
    }

    /// Codecs that may be agreed on next, `in_use` being those of our description.
    fn choices(&self, mut in_use: Vec<Codec>) -> Vec<Codec> {
        if self.codecs.is_empty() {
            in_use.retain(|ours| self.codec.is_none_or(|codec| codec == *ours));
            return in_use;
        }
        self.codecs.clone()
    }
}
