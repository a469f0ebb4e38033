//! INVITEs of ours that nobody waits for any more, because their route said nothing in time.
//!
//! Nothing may be canceled before a provisional answer (RFC 3261 section 9.1), and the INVITE may
//! still arrive: what comes back is cleared up here, until 64·T1 are over.
//!
//! # Invariants
//!
//! - A phone that rings late is canceled, one that answers late is acknowledged and hung up.

use std::time::Instant;

use super::{
    Endpoint,
    clients::{Purpose, cancel_of},
    dialog::Dialog,
    leg::Phase,
};
use crate::{
    LegId, Link, Reason, Refusal, RefusedBy,
    message::{Envelope, Method, Response},
};

impl Endpoint {
    /// The route of an outgoing leg has been silent for too long.
    pub(super) fn abandon(&mut self, id: LegId) {
        let Some(leg) = self.legs.get(&id) else {
            return;
        };
        let Phase::Calling(calling) = &leg.phase else {
            return;
        };
        self.let_go(calling.tx);
        self.drop_leg(id);
        self.refused(id, Refusal::local(408, RefusedBy::Silence));
    }

    /// A response to an INVITE that nobody waits for.
    pub(super) fn on_abandoned(
        &mut self,
        tx: u64,
        response: &Response,
        envelope: &Envelope,
        link: Link,
        now: Instant,
    ) {
        match response.status {
            ..200 => {
                let reason = Reason::sip(408, "the call went another way");
                self.cancel_invite(tx, Some(&reason), now);
            }
            200..300 => {
                let invite = self.clients[&tx].request();
                let mut dialog = Dialog::of_answer(&invite, response, envelope, link);
                self.send_ack(tx, &dialog, None);
                dialog.local_cseq += 1;
                self.send_stray_bye(&dialog, now);
            }
            300.. => {}
        }
    }

    /// Sends CANCEL for an INVITE of ours, once.
    pub(super) fn cancel_invite(&mut self, tx: u64, reason: Option<&Reason>, now: Instant) {
        let Some(client) = self.clients.get(&tx) else {
            return;
        };
        let (link, invite) = (client.link, client.request());
        let via = Envelope::of(&invite.headers)
            .expect("we built this INVITE")
            .via;
        let branch = via.branch();
        let key = (branch.to_owned(), Method::Cancel);
        if self.client_ids.contains_key(&key) {
            return;
        }
        let mut builder = cancel_of(&invite);
        if let Some(reason) = reason {
            builder.header("Reason", reason);
        }
        let bytes = builder.finish();
        let purpose = Purpose::Nobody;
        self.start_client(bytes, link, branch, Method::Cancel, purpose, now);
    }
}
