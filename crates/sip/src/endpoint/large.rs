//! Requests of ours that are too large for a datagram: they go by TCP (RFC 3261 section 18.1.1), and as a
//! datagram where the peer has none.
//!
//! The dialog stays by UDP: an address of ours that the request names is the same, but for that of an INVITE
//! that makes a call, whose whole call goes by TCP if that is answered. ACK is no such request: nothing tells
//! whether one by TCP has arrived.
//!
//! # Invariants
//!
//! - A request is tried by TCP once. A peer of a leg that has none gets datagrams from then on.

use std::time::Instant;

use super::{
    Endpoint,
    clients::{Purpose, with_fields},
    leg::{Leg, Phase},
};
use crate::{
    Headers, LegId, Link, TRY_TCP_MAX, Transport,
    message::{Envelope, Message, Method},
};

/// A request above this size should go by TCP, bytes (RFC 3261 section 18.1.1).
const UDP_BYTES_MAX: usize = 1300;

/// What is known of the TCP of a peer of UDP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByTcp {
    /// Every request was small enough so far.
    Untried,
    /// One went by it.
    Tried,
    /// The peer has no TCP.
    Failed,
}

/// Whether a request is too large for a datagram.
pub(super) fn is_large(link: &Link, bytes: &[u8]) -> bool {
    link.transport == Transport::Udp && bytes.len() > UDP_BYTES_MAX
}

impl Endpoint {
    /// The way of a request that is too large for its `link`, and the request for that way; `None`: it goes
    /// as it is.
    pub(super) fn by_tcp(
        &mut self,
        bytes: &[u8],
        link: Link,
        purpose: Purpose,
    ) -> Option<(String, Link, Vec<u8>)> {
        if !is_large(&link, bytes) {
            return None;
        }
        let Ok(Message::Request(request)) = Message::parse(bytes) else {
            return None;
        };
        // It goes where its INVITE went.
        if request.method == Method::Cancel {
            return None;
        }
        let link = Link {
            transport: Transport::Tcp,
            ..link
        };
        if let Some(leg) = self.leg_of_request(&request.headers) {
            let leg = self.legs.get_mut(&leg)?;
            match leg.by_tcp {
                ByTcp::Failed => return None,
                ByTcp::Untried => leg.wait_for_tcp(),
                ByTcp::Tried => {}
            }
            leg.by_tcp = ByTcp::Tried;
        }
        let (branch, via) = self.new_via(&link);
        let mut fields = vec![("Via", via)];
        if let Purpose::Call(_) = purpose {
            fields.push(("Contact", self.contact(&link)));
        }
        Some((branch, link, with_fields(&request, &fields)))
    }

    /// The connection for a large request failed: it goes as a datagram after all. Whether it does.
    pub(super) fn as_datagram(&mut self, id: u64, now: Instant) -> bool {
        let Some(client) = self.clients.get(&id).filter(|client| client.is_by_tcp) else {
            return false;
        };
        let (request, purpose, proves) = (client.request(), client.purpose, client.proves);
        let link = Link {
            transport: Transport::Udp,
            ..client.link
        };
        // Another way is another transaction.
        let (branch, via) = self.new_via(&link);
        let mut fields = vec![("Via", via)];
        let leg_id = self.leg_of_request(&request.headers);
        if let Some(leg) = leg_id.and_then(|leg| self.legs.get_mut(&leg)) {
            leg.by_tcp = ByTcp::Failed;
            if !leg.wait_for_datagram(id, now) {
                return false;
            }
        }
        match (purpose, leg_id.and_then(|leg| self.legs.get_mut(&leg))) {
            (Purpose::Abandoned, _) => return false,
            // A peer that has had it by TCP all the same would take the same numbers for a request that came
            // two ways (section 8.2.2.2).
            (Purpose::Call(_), Some(leg)) => {
                leg.dialog.local_cseq += 1;
                let cseq = format!("{} {}", leg.dialog.local_cseq, request.method);
                fields.extend([("CSeq", cseq), ("Contact", self.contact(&link))]);
            }
            _ => {}
        }
        self.end_client(id);
        let bytes = with_fields(&request, &fields);
        let transaction = (branch, request.method);
        let new = self.start_client_by(bytes, link, transaction, purpose, false, now);
        if let Some(client) = self.clients.get_mut(&new) {
            client.proves = proves;
        }
        if let Some(leg) = leg_id {
            self.succeed(leg, id, new);
            self.set_leg_timer(leg);
        }
        true
    }

    /// The leg that a request of ours with these headers belongs to.
    pub(super) fn leg_of_request(&self, headers: &Headers) -> Option<LegId> {
        let envelope = Envelope::of(headers).ok()?;
        let key = (envelope.call_id.clone(), envelope.from.tag()?.to_owned());
        self.dialog_ids.get(&key).copied()
    }

    /// A request of a leg goes on in another transaction.
    pub(super) fn succeed(&mut self, leg: LegId, old: u64, new: u64) {
        let Some(leg) = self.legs.get_mut(&leg) else {
            return;
        };
        if leg.refresh == Some(old) {
            leg.refresh = Some(new);
        }
        if let Phase::Calling(calling) = &mut leg.phase
            && calling.tx == old
        {
            calling.tx = new;
        }
    }
}

impl Leg {
    /// The peer has as long to answer an INVITE as any, once there is a connection to it.
    fn wait_for_tcp(&mut self) {
        if let Phase::Calling(calling) = &mut self.phase {
            calling.silent_until = calling.silent_until.map(|at| at + TRY_TCP_MAX);
        }
    }

    /// The same for a datagram, from now on. `false`: nobody waits for an answer to it any more.
    fn wait_for_datagram(&mut self, tx: u64, now: Instant) -> bool {
        let Phase::Calling(calling) = &mut self.phase else {
            return true;
        };
        if calling.tx != tx {
            return true;
        }
        let first_answer_max = calling.invite.rules.first_answer_max;
        calling.silent_until = calling
            .silent_until
            .and_then(|_| Some(now + first_answer_max?));
        calling.canceler.is_none()
    }
}
