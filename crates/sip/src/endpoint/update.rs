//! UPDATE from the peer (RFC 3311): a change of the session that needs no ACK, before the answer
//! too.
//!
//! # Invariants
//!
//! - An UPDATE that cannot be taken now changes nothing.

use std::time::Instant;

use super::{
    ALLOW, Endpoint, RETRY_AFTER_SECOND, SUPPORTED,
    leg::Phase,
    outgoing::sdp_of,
    servers::Pending,
    session_timer::{Asked, MIN_SE_SECOND, Role, SessionTimer},
};
use crate::{
    Event, LegId,
    message::{Envelope, Request},
    sdp::Mismatch,
};

/// What an offer in an UPDATE comes to.
enum Taken {
    /// There is none, or it is answered with this and told as that.
    With(Vec<u8>, Option<Box<Event>>),
    /// Another offer is under way, ours (491) or theirs (500).
    Refused(u16),
    /// They do not fit.
    Unfit(Mismatch),
}

impl Endpoint {
    /// An UPDATE inside a dialog.
    pub(super) fn updated(
        &mut self,
        id: LegId,
        request: &Request,
        envelope: &Envelope,
        pending: &Pending,
        key: String,
        now: Instant,
    ) {
        let asked = Asked::of(&request.headers);
        let taken = if asked.is_too_short() {
            Taken::Refused(422)
        } else {
            self.take_offer(id, request, envelope)
        };
        let (sdp, event) = match taken {
            Taken::With(sdp, event) => (sdp, event),
            Taken::Refused(status) => return self.refuse_update(pending, key, status, None, now),
            Taken::Unfit(why) => return self.refuse_update(pending, key, 488, Some(why), now),
        };
        let mut builder = pending.response(200, None);
        builder
            .header("Contact", self.contact(&pending.link))
            .header("Allow", ALLOW)
            .header("Supported", SUPPORTED);
        let wanted = self.session_expires_second();
        let leg = self.legs.get_mut(&id).expect("the caller has the leg");
        leg.dialog.refresh_target(&request.headers);
        // An early dialog has no timer yet (RFC 4028 section 7.2).
        if let Phase::Up = leg.phase {
            let agreed = asked.agree(wanted);
            if let Some(agreed) = agreed {
                builder.header("Session-Expires", agreed.header());
                if agreed.refresher == Role::Uac {
                    builder.header("Require", "timer");
                }
            }
            leg.timer = agreed.map(|agreed| SessionTimer::start(agreed, Role::Uas, now));
        }
        builder.header("Server", &self.config.user_agent);
        let bytes = builder.finish_with("application/sdp", &sdp);
        self.answer_simple(pending, key, bytes, now);
        self.set_leg_timer(id);
        if let Some(event) = event {
            self.event(*event);
        }
    }

    fn take_offer(&mut self, id: LegId, request: &Request, envelope: &Envelope) -> Taken {
        let is_glare = self.offers(id);
        let leg = self.legs.get_mut(&id).expect("the caller has the leg");
        let Some(offer) = sdp_of(&request.headers, &request.body) else {
            return Taken::With(Vec::new(), None);
        };
        match &leg.phase {
            Phase::Leaving => return Taken::Refused(481),
            // Our own offer is not answered yet (RFC 3311 section 5.2).
            Phase::Up if is_glare => return Taken::Refused(491),
            Phase::Calling(calling) => {
                let theirs = envelope.from.tag().unwrap_or_default();
                if calling.early.get(theirs).is_none_or(|e| e.sdp.is_empty()) {
                    return Taken::Refused(491);
                }
            }
            // Their first offer has no answer yet.
            Phase::Ringing(_) if leg.sdp.is_empty() => return Taken::Refused(500),
            Phase::Up | Phase::Ringing(_) => {}
        }
        let before = (leg.sdp.clone(), leg.codec, leg.role, leg.peer_ice.clone());
        let negotiated = match leg.take_offer(&offer, &mut self.rng) {
            Ok(negotiated) => negotiated,
            Err(why) => return Taken::Unfit(why),
        };
        let ours = leg.sdp.clone();
        let event = match &mut leg.phase {
            Phase::Calling(calling) => {
                // What one phone of several changes is not what the others were offered.
                (leg.sdp, leg.codec, leg.role, leg.peer_ice) = before;
                let theirs = envelope.from.tag().unwrap_or_default();
                let phone = calling.early.get_mut(theirs).map_or(0, |early| {
                    early.sdp.clone_from(&offer);
                    early.phone
                });
                Event::Progress {
                    leg: id,
                    status: 183,
                    sdp: Some(offer),
                    phone,
                }
            }
            Phase::Up | Phase::Ringing(_) | Phase::Leaving => Event::Reoffered {
                leg: id,
                sdp: offer,
                negotiated: Box::new(negotiated),
            },
        };
        Taken::With(ours, Some(Box::new(event)))
    }

    fn refuse_update(
        &mut self,
        pending: &Pending,
        key: String,
        status: u16,
        why: Option<Mismatch>,
        now: Instant,
    ) {
        let mut builder = pending.response(status, None);
        if let Some(why) = why {
            builder.header("Warning", why.warning());
        }
        match status {
            422 => {
                builder.header("Min-SE", MIN_SE_SECOND);
            }
            500 => {
                builder.header("Retry-After", RETRY_AFTER_SECOND);
            }
            _ => {}
        }
        builder.header("Server", &self.config.user_agent);
        self.answer_simple(pending, key, builder.finish(), now);
    }
}
