//! Changes of a call that is up: re-INVITE from the peer (RFC 3261 section 14.2).
//!
//! The answer is our current description, adapted to the offer: same codec and address, the
//! direction turned. Without a change it is the same bytes, so that its version stays. The codec of
//! a call never changes: an offer without it gets 488, and the call goes on as before (section 14.1).

use std::time::Instant;

use super::{Endpoint, leg::Phase, outgoing::sdp_of, servers::Pending, session_timer::Asked};
use crate::{
    Event, LegId,
    message::{Envelope, Request},
    sdp::{self, Codec, Negotiated, Session},
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
            // Our own INVITE is under way (section 14.1).
            Phase::Up if leg.refresh.is_some() => return self.answer_plainly(pending, 491, now),
            Phase::Up => {}
        }
        let offer = sdp_of(&request.headers, &request.body);
        let mut agreed = None;
        if let Some(offer) = &offer {
            let Some((ours, negotiated)) = answer_again(&leg.sdp, leg.codec, offer) else {
                return self.answer_plainly(pending, 488, now);
            };
            leg.sdp = ours;
            agreed = Some(negotiated);
        } else if let Some(ours) = leg.codec.and_then(|codec| offer_only(codec, &leg.sdp)) {
            leg.sdp = ours;
        }
        leg.dialog.refresh_target(&request.headers);
        leg.dialog.remote_cseq = Some(envelope.cseq);
        let first = leg.unacked.as_ref().is_some_and(|unacked| unacked.first);
        let asked = Asked::of(&request.headers);
        self.send_answer(id, pending, asked, (first, offer.is_none()), now);
        if let (Some(sdp), Some(negotiated)) = (offer, agreed) {
            self.event(Event::Reoffered {
                leg: id,
                sdp,
                negotiated: Box::new(negotiated),
            });
        }
    }

    /// The peer answered our offer: what it chose holds from now on.
    pub(super) fn keep_codec(&mut self, id: LegId, answer: &[u8]) {
        if let Some(leg) = self.legs.get_mut(&id)
            && let (Ok(ours), Ok(theirs)) = (Session::parse(&leg.sdp), Session::parse(answer))
        {
            leg.codec = sdp::negotiated(&ours, &theirs).ok().map(|n| n.codec);
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
pub(super) fn answer_again(
    current: &[u8],
    codec: Option<Codec>,
    offer: &[u8],
) -> Option<(Vec<u8>, Negotiated)> {
    let ours = Session::parse(current).ok()?;
    let offer = Session::parse(offer).ok()?;
    let (mut local, mut codecs) = sdp::Local::of(&ours)?;
    codecs.retain(|ours| codec.is_none_or(|codec| codec == *ours));
    let (same, negotiated) = sdp::answer(&offer, &local, &codecs).ok()?;
    if same == ours {
        return Some((current.to_vec(), negotiated));
    }
    local.version += 1;
    let (changed, negotiated) = sdp::answer(&offer, &local, &codecs).ok()?;
    Some((changed.to_bytes(), negotiated))
}

/// Our offer to a peer that asks for one: the codec in use and no other. `None`: the description
/// that holds now has no other.
fn offer_only(codec: Codec, current: &[u8]) -> Option<Vec<u8>> {
    let ours = Session::parse(current).ok()?;
    let (mut local, codecs) = sdp::Local::of(&ours)?;
    if codecs == [codec] {
        return None;
    }
    local.version += 1;
    Some(sdp::offer(&local, &[codec]).to_bytes())
}
