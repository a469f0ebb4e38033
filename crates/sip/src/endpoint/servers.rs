//! Their requests: matching, repeating our answers, and the way back.

use std::{collections::hash_map::Entry, net::IpAddr, sync::Arc, time::Instant};

use super::{Endpoint, Owner};
use crate::{
    LegId, Link,
    message::{Builder, Envelope, Headers, MAGIC_COOKIE, Method, Request, Via},
    timers::Deadline,
    transaction::{Due, InviteServer, SimpleServer},
};

/// Fields of a request that its responses copy.
const COPIED: [&str; 6] = ["Via", "From", "To", "Call-ID", "CSeq", "Record-Route"];

/// One server transaction with what its machine does not hold.
#[derive(Debug)]
pub(super) struct Server {
    machine: Machine,
    link: Link,
    /// The last response, to be repeated.
    bytes: Vec<u8>,
    key: String,
    merge_key: Option<MergeKey>,
    /// Call-ID and CSeq of its request.
    request: (String, u32),
    /// The leg that its INVITE made.
    pub leg: Option<LegId>,
    /// It counts among the INVITEs of its source that were not accepted.
    unaccepted: bool,
    /// Its numbers are no sign of a merged request any more.
    may_come_again: bool,
}

/// Call-ID, From-tag and CSeq: the same from two ways is a merged request.
pub(super) type MergeKey = (String, String, u32);

#[derive(Debug)]
enum Machine {
    Invite(InviteServer),
    Simple(SimpleServer),
}

/// A request that is to be answered.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    /// Its transaction; `None`: it is answered without being remembered.
    pub tx: Option<u64>,
    pub link: Link,
    pub via: Via,
    /// Fields that a response copies.
    pub headers: Arc<Headers>,
    /// Our tag.
    pub tag: String,
}

impl Pending {
    /// A request that is answered without being remembered.
    pub fn new(request: &Request, via: Via, link: Link, tag: String) -> Self {
        let link = via.way_back(link);
        Self {
            tx: None,
            link,
            via,
            headers: Arc::new(request.headers.only(&COPIED)),
            tag,
        }
    }

    /// CSeq of the request: later ones of the dialog may have come before its answer.
    pub fn cseq(&self) -> u32 {
        let value = self.headers.get("CSeq").unwrap_or_default();
        value
            .split_ascii_whitespace()
            .next()
            .and_then(|number| number.parse().ok())
            .unwrap_or_default()
    }

    /// Its Call-ID and CSeq.
    fn names(&self) -> (String, u32) {
        let call_id = self.headers.get("Call-ID").unwrap_or_default();
        (call_id.to_owned(), self.cseq())
    }

    /// Starts a response.
    pub fn response(&self, status: u16, reason: Option<&str>) -> Builder {
        Builder::response(status, reason, &self.headers, &self.via, &self.tag)
    }
}

/// What names a server transaction (RFC 3261 section 17.2.3). ACK has the name of its INVITE.
pub(super) fn server_key(envelope: &Envelope, method: &Method) -> String {
    let Envelope {
        via,
        from,
        call_id,
        cseq,
        ..
    } = envelope;
    let method = if *method == Method::Ack {
        "INVITE"
    } else {
        method.as_str()
    };
    if via.branch().starts_with(MAGIC_COOKIE) {
        format!("{}|{}|{method}", via.branch(), via.sent_by())
    } else {
        // Peers of RFC 2543 name no transaction: everything that stays the same does.
        format!(
            "{via}|{call_id}|{}|{cseq}|{method}",
            from.tag().unwrap_or_default()
        )
    }
}

impl Endpoint {
    /// Remembers an INVITE; its first answer is due.
    pub(super) fn start_invite_server(
        &mut self,
        pending: &mut Pending,
        key: String,
        merge: MergeKey,
    ) {
        let reliable = pending.link.transport.is_reliable();
        let machine = Machine::Invite(InviteServer::new(self.config.timing, reliable));
        let id = self.new_id();
        pending.tx = Some(id);
        self.server_ids.insert(key.clone(), id);
        self.merge_ids.insert(merge.clone(), id);
        let link = pending.link;
        let merge_key = Some(merge);
        let server = Server {
            machine,
            link,
            bytes: Vec::new(),
            key,
            merge_key,
            request: pending.names(),
            leg: None,
            unaccepted: false,
            may_come_again: false,
        };
        self.servers.insert(id, server);
    }

    /// Counts a new INVITE against its source until it is accepted or over.
    pub(super) fn count_unaccepted(&mut self, pending: &Pending) {
        let server = pending.tx.and_then(|id| self.servers.get_mut(&id));
        if let Some(server) = server {
            server.unaccepted = true;
            let source = server.link.remote.ip();
            *self.n_unaccepted.entry(source).or_insert(0) += 1;
        }
    }

    fn discount_unaccepted(&mut self, source: IpAddr) {
        if let Entry::Occupied(mut n) = self.n_unaccepted.entry(source) {
            *n.get_mut() -= 1;
            if *n.get() == 0 {
                n.remove();
            }
        }
    }

    /// Answers a request of any other method, and remembers the answer while there is room.
    pub(super) fn answer_simple(
        &mut self,
        pending: &Pending,
        key: String,
        bytes: Vec<u8>,
        now: Instant,
    ) {
        let reliable = pending.link.transport.is_reliable();
        self.send(pending.link, bytes.clone());
        if self.is_full_for(pending.link.remote.ip()) || reliable {
            return;
        }
        let machine = Machine::Simple(SimpleServer::new(self.config.timing, reliable, now));
        let id = self.new_id();
        self.server_ids.insert(key.clone(), id);
        let link = pending.link;
        let server = Server {
            machine,
            link,
            bytes,
            key,
            merge_key: None,
            request: pending.names(),
            leg: None,
            unaccepted: false,
            may_come_again: false,
        };
        self.timers.set(Owner::Server(id), server.deadline());
        self.servers.insert(id, server);
    }

    /// Answers an INVITE.
    pub(super) fn answer_invite(
        &mut self,
        pending: &Pending,
        status: u16,
        bytes: Vec<u8>,
        now: Instant,
    ) {
        self.send(pending.link, bytes.clone());
        let Some((id, server)) = pending
            .tx
            .and_then(|id| Some((id, self.servers.get_mut(&id)?)))
        else {
            return;
        };
        server.bytes = bytes;
        if let Machine::Invite(machine) = &mut server.machine {
            machine.on_answer(status, now);
        }
        if status >= 200 {
            server.leg = None;
        }
        // The caller comes again with the same numbers, where it is careless about CSeq: with a
        // password, a longer interval, or because somebody tries anew what was canceled. A copy of
        // the refused request by another way gets an answer of its own.
        server.may_come_again |= matches!(status, 401 | 407 | 422 | 487);
        self.timers.set(Owner::Server(id), server.deadline());
        if (200..300).contains(&status) && std::mem::take(&mut server.unaccepted) {
            let source = server.link.remote.ip();
            self.discount_unaccepted(source);
        }
    }

    /// Whether a request has the name of a transaction of another one: branches are new for every
    /// request (RFC 3261 section 8.1.1.7), and who waits for an answer to both gets one.
    pub(super) fn is_branch_of_another(&self, key: &str, envelope: &Envelope) -> bool {
        let server = self.server_ids.get(key).and_then(|id| self.servers.get(id));
        server.is_some_and(|server| {
            let (call_id, cseq) = &server.request;
            *call_id != envelope.call_id || *cseq != envelope.cseq
        })
    }

    /// A request with the name of a known transaction; whether it was one.
    pub(super) fn repeated_request(&mut self, key: &str) -> bool {
        let Some(server) = self.server_ids.get(key).and_then(|id| self.servers.get(id)) else {
            return false;
        };
        let repeat = match &server.machine {
            Machine::Invite(machine) => machine.on_repeated(),
            Machine::Simple(_) => true,
        };
        if repeat && !server.bytes.is_empty() {
            self.send(server.link, server.bytes.clone());
        }
        true
    }

    /// Whether a request with these numbers is being answered that came another way.
    pub(super) fn is_merged(&self, merge: &MergeKey) -> bool {
        let server = self
            .merge_ids
            .get(merge)
            .and_then(|id| self.servers.get(id));
        server.is_some_and(|server| !server.may_come_again)
    }

    /// ACK with the name of a known INVITE; whether it acknowledged a refusal of ours.
    pub(super) fn ack_of_refusal(&mut self, key: &str, now: Instant) -> bool {
        let id = self.server_ids.get(key).copied();
        id.is_some_and(|id| self.ack_refusal_of(id, now))
    }

    /// ACK under a branch of its own, as only that to a 2xx has (RFC 3261 section 17.1.1.3): some user
    /// agents name every ACK so. Whether the INVITE of its call and CSeq was refused by us.
    pub(super) fn ack_of_refusal_elsewhere(&mut self, merge: &MergeKey, now: Instant) -> bool {
        let id = self.merge_ids.get(merge).copied();
        id.is_some_and(|id| self.ack_refusal_of(id, now))
    }

    fn ack_refusal_of(&mut self, id: u64, now: Instant) -> bool {
        let Some(server) = self.servers.get_mut(&id) else {
            return false;
        };
        let Machine::Invite(machine) = &mut server.machine else {
            return false;
        };
        let ours = machine.on_ack(now);
        // Only repetitions of the ACK are still to come: who answers a challenge may go on.
        if ours && std::mem::take(&mut server.unaccepted) {
            let source = server.link.remote.ip();
            self.discount_unaccepted(source);
        }
        let deadline = self.servers.get(&id).and_then(Server::deadline);
        self.timers.set(Owner::Server(id), deadline);
        ours
    }

    /// The deadline of a server transaction has come.
    pub(super) fn server_due(&mut self, id: u64, now: Instant) {
        let Some(server) = self.servers.get_mut(&id) else {
            return;
        };
        let due = match &mut server.machine {
            Machine::Invite(machine) => machine.on_timeout(now),
            Machine::Simple(machine) => machine.on_timeout(now),
        };
        self.timers.set(Owner::Server(id), server.deadline());
        match due {
            Due::Nothing => {}
            Due::Resend => {
                let (link, bytes) = (server.link, server.bytes.clone());
                self.send(link, bytes);
            }
            // A refusal that was never acknowledged concerns nobody any more.
            Due::GaveUp | Due::Over => self.end_server(id),
        }
    }

    fn end_server(&mut self, id: u64) {
        if let Some(server) = self.servers.remove(&id) {
            self.server_ids.remove(&server.key);
            if let Some(merge) = server.merge_key
                && self.merge_ids.get(&merge) == Some(&id)
            {
                self.merge_ids.remove(&merge);
            }
            if server.unaccepted {
                self.discount_unaccepted(server.link.remote.ip());
            }
            self.timers.set(Owner::Server(id), None);
        }
    }
}

impl Server {
    fn deadline(&self) -> Option<Deadline> {
        match &self.machine {
            Machine::Invite(machine) => machine.deadline(),
            Machine::Simple(machine) => machine.deadline(),
        }
    }
}
