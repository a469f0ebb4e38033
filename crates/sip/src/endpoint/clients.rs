//! Our requests: their transactions, and who gets the responses.

use std::time::Instant;

use super::{Endpoint, Owner, leg::Phase};
use crate::{
    Event, LegId, Link, QueryId,
    message::{Builder, Envelope, Message, Method, Request, Response},
    timers::Deadline,
    transaction::{Due, InviteClient, OnResponse, SimpleClient},
};

/// Answers of different phones to one INVITE that are confirmed; more are ignored.
const FORKS_MAX: usize = 8;

/// One client transaction with what its machine does not hold.
#[derive(Debug)]
pub(super) struct Client {
    machine: Machine,
    pub link: Link,
    /// The request, to be repeated.
    pub bytes: Vec<u8>,
    branch: String,
    method: Method,
    pub purpose: Purpose,
    /// It went elsewhere before, by a connection that is gone.
    has_moved: bool,
    /// It goes by TCP for its size only.
    pub is_by_tcp: bool,
    /// It comes again with a password, and is not to be asked once more.
    pub proves: bool,
    /// ACKs to final answers by To-tag, with the way they went.
    pub acks: Vec<(String, Link, Vec<u8>)>,
}

#[derive(Debug)]
enum Machine {
    Invite(InviteClient),
    Simple(SimpleClient),
}

/// Whom the final answer concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The INVITE of a leg.
    Call(LegId),
    /// The session refresh of a leg, or its new offer.
    Refresh(LegId),
    /// An INVITE whose route was silent for too long.
    Abandoned,
    /// The REFER of a leg.
    Refer(LegId),
    /// What a leg tells of the transfer that its peer asked for.
    Notify(LegId),
    /// The BYE of a leg.
    Leave(LegId),
    /// A PRACK of a leg.
    Prack(LegId),
    /// An INFO of a leg.
    Info(LegId),
    /// The shell's REGISTER.
    Register(QueryId),
    /// The shell's OPTIONS.
    Query(QueryId),
    /// Nobody: CANCEL, and BYE to an answer that nobody wanted.
    Nobody,
}

/// How a request of ours ended without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoAnswer {
    Silence,
    LinkFailed,
}

impl Client {
    /// The request as values: it was built by us.
    pub fn request(&self) -> Request {
        match Message::parse(&self.bytes) {
            Ok(Message::Request(request)) => request,
            Ok(Message::Response(_)) | Err(_) => unreachable!("we built this request"),
        }
    }

    /// Whether it is an INVITE.
    pub fn is_invite(&self) -> bool {
        self.method == Method::Invite
    }

    fn deadline(&self) -> Option<Deadline> {
        match &self.machine {
            Machine::Invite(machine) => machine.deadline(),
            Machine::Simple(machine) => machine.deadline(),
        }
    }

    fn is_unanswered(&self) -> bool {
        match &self.machine {
            Machine::Invite(machine) => machine.is_unanswered(),
            Machine::Simple(machine) => machine.is_unanswered(),
        }
    }
}

impl Endpoint {
    /// Sends a request in a transaction of its own. `branch` is that of its Via.
    pub(super) fn start_client(
        &mut self,
        bytes: Vec<u8>,
        link: Link,
        branch: &str,
        method: Method,
        purpose: Purpose,
        now: Instant,
    ) -> u64 {
        match self.by_tcp(&bytes, link, purpose) {
            Some((branch, link, bytes)) => {
                self.start_client_by(bytes, link, (branch, method), purpose, true, now)
            }
            None => {
                let transaction = (branch.to_owned(), method);
                self.start_client_by(bytes, link, transaction, purpose, false, now)
            }
        }
    }

    /// The same by this link, whatever the size of the request.
    pub(super) fn start_client_by(
        &mut self,
        bytes: Vec<u8>,
        link: Link,
        (branch, method): (String, Method),
        purpose: Purpose,
        is_by_tcp: bool,
        now: Instant,
    ) -> u64 {
        let reliable = link.transport.is_reliable();
        let timing = self.config.timing;
        let machine = match method {
            Method::Invite => Machine::Invite(InviteClient::new(timing, reliable, now)),
            _ => Machine::Simple(SimpleClient::new(timing, reliable, now)),
        };
        let id = self.new_id();
        self.send_request(link, bytes.clone(), is_by_tcp);
        self.client_ids.insert((branch.clone(), method.clone()), id);
        let client = Client {
            machine,
            link,
            bytes,
            branch,
            method,
            purpose,
            has_moved: false,
            is_by_tcp,
            proves: false,
            acks: Vec::new(),
        };
        self.timers.set(Owner::Client(id), client.deadline());
        self.clients.insert(id, client);
        id
    }

    /// Takes a response from the network.
    pub(super) fn receive_response(&mut self, response: &Response, link: Link, now: Instant) {
        let Ok(envelope) = Envelope::of(&response.headers) else {
            return;
        };
        // More than one Via: it was routed to us by mistake (RFC 3261 section 8.1.3.3).
        if response.headers.values("Via").nth(1).is_some() {
            return;
        }
        let key = (
            envelope.via.branch().to_owned(),
            envelope.cseq_method.clone(),
        );
        let Some(&id) = self.client_ids.get(&key) else {
            return;
        };
        let client = self.clients.get_mut(&id).expect("ids name clients");
        let verdict = match &mut client.machine {
            Machine::Invite(machine) => machine.on_response(response.status, now),
            Machine::Simple(machine) => machine.on_response(response.status, now),
        };
        self.timers.set(Owner::Client(id), client.deadline());
        match verdict {
            OnResponse::Absorb => {}
            OnResponse::Deliver => self.deliver_response(id, response, &envelope, link, now),
            OnResponse::AckAndDeliver => {
                let ack = ack_to_refusal(&client.request(), response);
                client.acks = vec![(String::new(), client.link, ack)];
                self.ack_again(id, "");
                self.deliver_response(id, response, &envelope, link, now);
            }
            OnResponse::AckAgain => self.ack_again(id, ""),
        }
    }

    fn deliver_response(
        &mut self,
        id: u64,
        response: &Response,
        envelope: &Envelope,
        link: Link,
        now: Instant,
    ) {
        let client = &self.clients[&id];
        match client.purpose {
            Purpose::Call(leg) if (200..300).contains(&response.status) => {
                let tag = envelope.to.tag().unwrap_or_default();
                if client.acks.iter().any(|(known, _, _)| known == tag) {
                    self.ack_again(id, tag);
                } else if client.acks.len() < FORKS_MAX {
                    self.on_answered(leg, id, response, envelope, link, now);
                }
            }
            Purpose::Call(leg) if response.status < 200 => {
                self.on_progress(leg, id, response, envelope, link, now);
            }
            Purpose::Call(leg) => self.on_refused(leg, id, response, now),
            Purpose::Refresh(leg) => {
                let tag = envelope.to.tag().unwrap_or_default();
                if client.acks.iter().any(|(known, _, _)| known == tag) {
                    self.ack_again(id, tag);
                } else {
                    self.on_refreshed(leg, id, response, envelope, link, now);
                }
            }
            Purpose::Leave(leg) if response.status >= 200 => self.on_left(leg, response, now),
            Purpose::Register(query) if response.status >= 200 => {
                self.on_registered(query, response, now);
            }
            Purpose::Query(query) if response.status >= 200 => {
                self.event(Event::OptionsAnswered {
                    query,
                    status: Some(response.status),
                });
            }
            Purpose::Abandoned => {
                let tag = envelope.to.tag().unwrap_or_default();
                if client.acks.iter().any(|(known, _, _)| known == tag) {
                    self.ack_again(id, tag);
                } else if client.acks.len() < FORKS_MAX {
                    self.on_abandoned(id, response, envelope, link, now);
                }
            }
            Purpose::Refer(leg) if response.status >= 200 => {
                self.refer_answered(leg, response, now);
            }
            Purpose::Notify(leg) if response.status >= 300 => {
                if !self.proves(leg, id, response, now) {
                    self.telling_failed(leg);
                }
            }
            Purpose::Prack(leg) | Purpose::Info(leg) => {
                self.proves(leg, id, response, now);
            }
            Purpose::Leave(_)
            | Purpose::Query(_)
            | Purpose::Register(_)
            | Purpose::Refer(_)
            | Purpose::Notify(_)
            | Purpose::Nobody => {}
        }
    }

    /// Lets go of an INVITE that nobody has answered: it is not sent again.
    pub(super) fn let_go(&mut self, id: u64) {
        if let Some(client) = self.clients.get_mut(&id) {
            client.purpose = Purpose::Abandoned;
            if let Machine::Invite(machine) = &mut client.machine {
                machine.rest();
            }
            self.timers.set(Owner::Client(id), client.deadline());
        }
    }

    /// Sends the ACK for this To-tag once more.
    pub(super) fn ack_again(&mut self, id: u64, tag: &str) {
        let known = self.clients[&id]
            .acks
            .iter()
            .find(|(known, _, _)| known == tag);
        if let Some((_, link, bytes)) = known.cloned() {
            self.send(link, bytes);
        }
    }

    /// The deadline of a client transaction has come.
    pub(super) fn client_due(&mut self, id: u64, now: Instant) {
        let Some(client) = self.clients.get_mut(&id) else {
            return;
        };
        let due = match &mut client.machine {
            Machine::Invite(machine) => machine.on_timeout(now),
            Machine::Simple(machine) => machine.on_timeout(now),
        };
        self.timers.set(Owner::Client(id), client.deadline());
        match due {
            Due::Nothing => {}
            Due::Resend => {
                let (link, bytes, is_by_tcp) =
                    (client.link, client.bytes.clone(), client.is_by_tcp);
                self.send_request(link, bytes, is_by_tcp);
            }
            Due::GaveUp => self.no_answer(id, NoAnswer::Silence, now),
            Due::Over => self.end_client(id),
        }
    }

    /// Requests on this link that nobody has answered fail at once.
    pub(super) fn link_failed(&mut self, link: Link, now: Instant) {
        let lost: Vec<u64> = self
            .clients
            .iter()
            .filter(|(_, client)| client.link == link && client.is_unanswered())
            .map(|(&id, _)| id)
            .collect();
        for id in lost {
            if !self.as_datagram(id, now) && !self.send_elsewhere(id, now) {
                self.no_answer(id, NoAnswer::LinkFailed, now);
            }
        }
    }

    /// Sends a request inside a dialog that is up to where its peer says that it is, once: peers close
    /// connections that are idle, and listen for new ones at their Contact (RFC 3261 section 18.1.1,
    /// RFC 3263 section 4.3). Whether it was sent.
    fn send_elsewhere(&mut self, id: u64, now: Instant) -> bool {
        let Some(client) = self.clients.get(&id) else {
            return false;
        };
        let (from, has_moved) = (client.link, client.has_moved);
        let Some(leg_id) = self.leg_of_client(client).filter(|_| !has_moved) else {
            return false;
        };
        let leg = self.legs.get_mut(&leg_id).expect("dialogs name legs");
        // What follows goes there at once.
        if leg.dialog.link == from {
            match leg.dialog.elsewhere() {
                Some(link) => leg.dialog.link = link,
                None => return false,
            }
        }
        let link = leg.dialog.link;
        let (request, purpose, proves) = (client.request(), client.purpose, client.proves);
        self.end_client(id);
        // Another destination is another transaction.
        let (branch, via) = self.new_via(&link);
        let bytes = with_fields(&request, &[("Via", via)]);
        let new = self.start_client(bytes, link, &branch, request.method, purpose, now);
        if let Some(moved) = self.clients.get_mut(&new) {
            moved.has_moved = true;
            moved.proves = proves;
        }
        self.succeed(leg_id, id, new);
        true
    }

    /// The leg that is up, or left, inside whose dialog this request is.
    fn leg_of_client(&self, client: &Client) -> Option<LegId> {
        if client.method == Method::Cancel {
            return None;
        }
        let request = client.request();
        Envelope::of(&request.headers).ok()?.to.tag()?;
        let id = self.leg_of_request(&request.headers)?;
        let is_up = matches!(self.legs[&id].phase, Phase::Up | Phase::Leaving);
        is_up.then_some(id)
    }

    fn no_answer(&mut self, id: u64, why: NoAnswer, now: Instant) {
        let Some(client) = self.clients.get(&id) else {
            return;
        };
        let purpose = client.purpose;
        self.end_client(id);
        match purpose {
            Purpose::Call(leg) => self.on_silence(leg, id, why),
            Purpose::Refresh(leg) => self.on_refresh_silence(leg, id, why, now),
            Purpose::Leave(leg) => self.drop_leg(leg),
            Purpose::Query(query) => self.event(Event::OptionsAnswered {
                query,
                status: None,
            }),
            Purpose::Register(query) => self.register_unanswered(query),
            Purpose::Refer(leg) => self.refer_unanswered(leg),
            Purpose::Notify(leg) => self.telling_failed(leg),
            Purpose::Abandoned | Purpose::Prack(_) | Purpose::Info(_) | Purpose::Nobody => {}
        }
    }

    /// Forgets a client transaction.
    pub(super) fn end_client(&mut self, id: u64) {
        if let Some(client) = self.clients.remove(&id) {
            self.client_ids.remove(&(client.branch, client.method));
            self.timers.set(Owner::Client(id), None);
        }
    }
}

/// The same request with other values of these fields.
pub(super) fn with_fields(request: &Request, fields: &[(&str, String)]) -> Vec<u8> {
    let builder = copy_with(request, fields, &[]);
    let content_type = request.headers.get("Content-Type").unwrap_or_default();
    builder.finish_with(content_type, &request.body)
}

/// Begins a request as one that was sent, with other values of `fields` and without these and those that
/// come with the body.
pub(super) fn copy_with(request: &Request, fields: &[(&str, String)], without: &[&str]) -> Builder {
    let mut builder = Builder::request(&request.method, &request.uri);
    for (name, value) in request.headers.iter() {
        let changed = fields.iter().find(|(changed, _)| *changed == name);
        match (name, changed) {
            ("Content-Type" | "Content-Length", _) => {}
            _ if without.contains(&name) => {}
            (_, Some((_, value))) => {
                builder.header(name, value);
            }
            (_, None) => {
                builder.header(name, value);
            }
        }
    }
    builder
}

/// The ACK to a final answer other than 2xx: same branch and Request-URI as the INVITE, To of
/// the response (section 17.1.1.3).
fn ack_to_refusal(invite: &Request, response: &Response) -> Vec<u8> {
    let to = response.headers.get("To").unwrap_or_default();
    along_the_invite(invite, &Method::Ack, to).finish()
}

/// CANCEL for an INVITE of ours (section 9.1).
pub(super) fn cancel_of(invite: &Request) -> Builder {
    let to = invite.headers.get("To").unwrap_or_default();
    along_the_invite(invite, &Method::Cancel, to)
}

fn along_the_invite(invite: &Request, method: &Method, to: &str) -> Builder {
    let mut builder = Builder::request(method, &invite.uri);
    for (name, value) in invite.headers.iter() {
        match name {
            "Via" | "Route" | "Max-Forwards" | "From" | "Call-ID" => {
                builder.header(name, value);
            }
            "To" => {
                builder.header("To", to);
            }
            "CSeq" => {
                let number = value.split(' ').next().unwrap_or_default();
                builder.header("CSeq", format_args!("{number} {method}"));
            }
            _ => {}
        }
    }
    builder
}
