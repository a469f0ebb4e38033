//! Changes of a call that is up: re-INVITE from the peer (RFC 3261 section 14.2).
//!
//! The answer is our current description, adapted to the offer: same codecs and address, the
//! direction turned. Without a change it is the same bytes, so that its version stays.

use std::time::Instant;

use super::{Endpoint, leg::Phase, outgoing::sdp_of, servers::Pending};
use crate::{
    Event, LegId,
    message::{Envelope, Request},
    sdp::{self, Negotiated, Session},
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
        let leg = self.legs.get_mut(&id).expect("the caller has the leg");
        match leg.phase {
            Phase::Calling(_) => return self.answer_plainly(pending, 491, now),
            Phase::Ringing(_) => return self.answer_busy_dialog(pending, now),
            Phase::Leaving => return self.answer_plainly(pending, 481, now),
            Phase::Up => {}
        }
        let offer = sdp_of(&request.headers, &request.body);
        let mut agreed = None;
        if let Some(offer) = &offer {
            let Some((ours, negotiated)) = answer_again(&leg.sdp, offer) else {
                return self.answer_plainly(pending, 488, now);
            };
            leg.sdp = ours;
            agreed = Some(negotiated);
        }
        leg.dialog.refresh_target(&request.headers);
        leg.dialog.remote_cseq = Some(envelope.cseq);
        let first = leg.unacked.as_ref().is_some_and(|unacked| unacked.first);
        self.send_answer(id, pending, first, offer.is_none(), now);
        if let (Some(sdp), Some(negotiated)) = (offer, agreed) {
            self.event(Event::Reoffered {
                leg: id,
                sdp,
                negotiated: Box::new(negotiated),
            });
        }
    }

    /// The peer's answer to our description came with ACK.
    pub(super) fn reoffered(&mut self, id: LegId, sdp: Vec<u8>) {
        let Some(leg) = self.legs.get(&id) else {
            return;
        };
        let agreed = match (Session::parse(&leg.sdp), Session::parse(&sdp)) {
            (Ok(ours), Ok(theirs)) => sdp::negotiated(&ours, &theirs).ok(),
            (Ok(_) | Err(_), _) => None,
        };
        if let Some(negotiated) = agreed {
            self.event(Event::Reoffered {
                leg: id,
                sdp,
                negotiated: Box::new(negotiated),
            });
        }
    }
}

/// Our answer to a new offer, from the description that holds now. `None`: they do not fit.
fn answer_again(current: &[u8], offer: &[u8]) -> Option<(Vec<u8>, Negotiated)> {
    let ours = Session::parse(current).ok()?;
    let offer = Session::parse(offer).ok()?;
    let (mut local, codecs) = sdp::Local::of(&ours)?;
    let (same, negotiated) = sdp::answer(&offer, &local, &codecs).ok()?;
    if same == ours {
        return Some((current.to_vec(), negotiated));
    }
    local.version += 1;
    let (changed, negotiated) = sdp::answer(&offer, &local, &codecs).ok()?;
    Some((changed.to_bytes(), negotiated))
}
