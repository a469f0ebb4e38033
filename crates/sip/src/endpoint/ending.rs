//! The ways a leg ends once somebody answered: BYE from us, BYE from them, and silence.

use std::time::Instant;

use super::{
    Endpoint, Owner,
    clients::Purpose,
    dialog::Dialog,
    leg::{Leg, Phase},
};
use crate::{
    Canceler, EndedBy, Event, LegId, Reason,
    message::{Headers, Method, Response},
    uri::{Params, unquote},
};

impl Endpoint {
    /// Ends a leg by what its state needs.
    pub(super) fn hang_up(&mut self, id: LegId, reason: Option<Reason>, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        match &leg.phase {
            Phase::Calling(_) => self.cancel(id, Canceler::Us, reason, now),
            Phase::Ringing(_) => {
                let headers: Vec<(String, String)> = reason
                    .iter()
                    .map(|r| ("Reason".to_owned(), r.to_string()))
                    .collect();
                self.reject(id, 603, None, &headers, now);
            }
            // The callee waits for ACK before BYE (RFC 3261 section 15).
            Phase::Up if leg.unacked.is_some() => {
                leg.hang_up.get_or_insert(reason);
            }
            Phase::Up => self.leave(id, reason.as_ref(), EndedBy::Us, now),
            Phase::Leaving => {}
        }
    }

    /// Sends BYE and tells the shell that the leg is over.
    pub(super) fn leave(&mut self, id: LegId, reason: Option<&Reason>, by: EndedBy, now: Instant) {
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        leg.phase = Phase::Leaving;
        leg.unacked = None;
        leg.hang_up = Some(reason.cloned());
        leg.begin_request();
        self.timers.set(Owner::Leg(id), None);
        self.send_bye(id, now);
        self.event(Event::Ended {
            leg: id,
            by,
            reason: None,
        });
    }

    fn send_bye(&mut self, id: LegId, now: Instant) {
        let cnonce = self.token();
        let Some(link) = self.legs.get(&id).map(|leg| leg.dialog.next_hop()) else {
            return;
        };
        let (branch, via) = self.new_via(&link);
        let Some(leg) = self.legs.get_mut(&id) else {
            return;
        };
        leg.dialog.local_cseq += 1;
        let (uri, mut builder) = leg
            .dialog
            .request(&Method::Bye, leg.dialog.local_cseq, &via);
        if let Some(prover) = &mut leg.prover {
            for (name, value) in prover.headers(&Method::Bye, &uri, &cnonce) {
                builder.header(name, value);
            }
        }
        if let Some(Some(reason)) = &leg.hang_up {
            builder.header("Reason", reason);
        }
        builder.header("User-Agent", &self.config.user_agent);
        let bytes = builder.finish();
        self.start_client(bytes, link, &branch, Method::Bye, Purpose::Leave(id), now);
    }

    /// BYE for an answer that nobody wanted: another phone's, or one that came too late.
    pub(super) fn send_stray_bye(&mut self, dialog: &Dialog, now: Instant) {
        let link = dialog.next_hop();
        let (branch, via) = self.new_via(&link);
        let (_, builder) = dialog.request(&Method::Bye, dialog.local_cseq, &via);
        let bytes = builder.finish();
        self.start_client(bytes, link, &branch, Method::Bye, Purpose::Nobody, now);
    }

    /// The peer answered our BYE; whatever it says, the leg is gone, unless it wants a password.
    pub(super) fn on_left(&mut self, id: LegId, response: &Response, now: Instant) {
        let prover = self.legs.get_mut(&id).and_then(|leg| leg.prover.as_mut());
        let again = matches!(response.status, 401 | 407)
            && prover.is_some_and(|p| p.challenged(response.status, &response.headers));
        if again {
            self.send_bye(id, now);
        } else {
            self.drop_leg(id);
        }
    }

    /// The peer may have sent a text of its customer along.
    pub(super) fn user_data(&mut self, id: LegId, headers: &Headers) {
        if let Some(value) = headers.values("User-to-User").next() {
            let value = value.to_owned();
            self.event(Event::UserData { leg: id, value });
        }
    }

    /// The peer sent BYE, which is answered already.
    pub(super) fn on_bye(&mut self, id: LegId, headers: &Headers, now: Instant) {
        let reason = headers.values("Reason").find_map(Reason::parse);
        let Some(leg) = self.legs.get(&id) else {
            return;
        };
        match leg.phase {
            // The answer to our own BYE is still to come.
            Phase::Leaving => {}
            Phase::Up => {
                self.drop_leg(id);
                self.user_data(id, headers);
                self.event(Event::Ended {
                    leg: id,
                    by: EndedBy::Peer,
                    reason,
                });
            }
            // A caller may end the early dialog by BYE instead of CANCEL (section 15).
            Phase::Ringing(_) => self.canceled(id, reason, now),
            // A callee may not; the INVITE's final answer ends the leg.
            Phase::Calling(_) => {}
        }
    }

    /// The deadline of a leg has come.
    pub(super) fn leg_due(&mut self, id: LegId, now: Instant) {
        let Some(leg) = self.legs.get(&id) else {
            return;
        };
        match &leg.phase {
            Phase::Calling(_) => self.calling_due(id, now),
            Phase::Ringing(_) => self.ringing_due(id, now),
            Phase::Up if leg.unacked.is_some() => self.unacked_due(id, now),
            Phase::Up => self.up_due(id, now),
            Phase::Leaving => {}
        }
    }

    /// Forgets a leg.
    pub(super) fn drop_leg(&mut self, id: LegId) {
        if let Some(Leg { dialog, .. }) = self.legs.remove(&id) {
            if id >= LegId::INCOMING_FIRST {
                self.n_legs_in -= 1;
            }
            self.dialog_ids.remove(&(dialog.call_id, dialog.local_tag));
            self.timers.set(Owner::Leg(id), None);
            self.forget_refers(id);
        }
    }
}

impl Reason {
    /// A reason in SIP's own codes.
    #[must_use]
    pub fn sip(cause: u16, text: &str) -> Self {
        Self {
            protocol: "SIP".to_owned(),
            cause: Some(cause),
            text: Some(text.to_owned()),
        }
    }

    /// Nobody answered within the ring time: cause 19 of ITU-T Q.850 table 1.
    #[must_use]
    pub fn no_answer() -> Self {
        Self {
            protocol: "Q.850".to_owned(),
            cause: Some(19),
            text: Some("no answer".to_owned()),
        }
    }

    /// Reads one value of a `Reason` header.
    pub(crate) fn parse(value: &str) -> Option<Self> {
        let (protocol, params) = value.split_once(';').unwrap_or((value, ""));
        let protocol = protocol.trim();
        if protocol.is_empty() {
            return None;
        }
        let params = Params::parse(params);
        Some(Self {
            protocol: protocol.to_owned(),
            cause: params.get("cause").and_then(|cause| cause.parse().ok()),
            text: params.get("text").map(unquote),
        })
    }
}
