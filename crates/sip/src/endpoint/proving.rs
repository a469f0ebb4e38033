//! Requests that are sent beside others and asked for a password: PRACK, INFO and NOTIFY. They come again
//! with it, once.
//!
//! What a leg waits for (INVITE, a refresh or an offer, REFER, BYE) is built anew by whoever takes its answer.

use std::time::Instant;

use super::{
    Endpoint,
    clients::{Client, copy_with},
    leg::{Leg, Phase},
};
use crate::{
    LegId,
    message::{Envelope, Response},
};

impl Endpoint {
    /// Whether the answer to a request of a leg is a challenge, and the request is on its way again.
    pub(super) fn proves(&mut self, id: LegId, tx: u64, response: &Response, now: Instant) -> bool {
        let cnonce = self.token();
        let Some(client) = self.clients.get(&tx).filter(|client| !client.proves) else {
            return false;
        };
        let (link, request, purpose) = (client.link, client.request(), client.purpose);
        let (branch, via) = self.new_via(&link);
        let Some(leg) = self.legs.get_mut(&id) else {
            return false;
        };
        let Some(prover) = &mut leg.prover else {
            return false;
        };
        let is_challenge = matches!(response.status, 401 | 407);
        if !is_challenge || !prover.challenged_aside(response.status, &response.headers) {
            return false;
        }
        let proofs = prover.headers(&request.method, &request.uri, &cnonce);
        let envelope = Envelope::of(&request.headers).ok();
        let tag = envelope.as_ref().and_then(|envelope| envelope.to.tag());
        let Some(cseq) = leg.next_cseq(tag.unwrap_or_default()) else {
            return false;
        };
        let fields = [("Via", via), ("CSeq", format!("{cseq} {}", request.method))];
        let old = ["Authorization", "Proxy-Authorization"];
        let mut builder = copy_with(&request, &fields, &old);
        for (name, value) in proofs {
            builder.header(name, value);
        }
        let content_type = request.headers.get("Content-Type").unwrap_or_default();
        let bytes = builder.finish_with(content_type, &request.body);
        let again = self.start_client(bytes, link, &branch, request.method, purpose, now);
        if let Some(Client { proves, .. }) = self.clients.get_mut(&again) {
            *proves = true;
        }
        true
    }
}

impl Leg {
    /// CSeq of our next request to the phone with this tag, whether it has answered or not; `None`: it is
    /// another that has.
    fn next_cseq(&mut self, tag: &str) -> Option<u32> {
        let last = match &mut self.phase {
            Phase::Calling(calling) => &mut calling.early.get_mut(tag)?.cseq,
            Phase::Up if self.dialog.remote_tag.as_deref() == Some(tag) => {
                &mut self.dialog.local_cseq
            }
            Phase::Up | Phase::Ringing(_) | Phase::Leaving => return None,
        };
        *last += 1;
        Some(*last)
    }
}
