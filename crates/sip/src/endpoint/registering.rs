//! REGISTER of phones: handed to the shell, which knows the accounts, and answered by it.
//!
//! # Invariants
//!
//! - At most [`REGISTERS_MAX`] wait for the shell; one more gets 503.
//! - A repetition of a request that waits is swallowed: its answer is on its way.

use std::time::Instant;

use super::{Endpoint, Owner, requests::Refused, servers::Pending};
use crate::{
    Event, Link, Registering, RequestId,
    digest::DigestResponse,
    message::{Envelope, Request},
};

/// REGISTER requests that may wait for the shell.
const REGISTERS_MAX: usize = 1000;

/// A REGISTER that waits for the shell.
#[derive(Debug)]
pub(super) struct RegisterServer {
    pending: Pending,
    key: String,
}

impl Endpoint {
    /// Hands a REGISTER to the shell.
    pub(super) fn offer_register(
        &mut self,
        request: &Request,
        envelope: &Envelope,
        pending: Pending,
        key: String,
        link: Link,
        now: Instant,
    ) {
        if self.registers_in.len() >= REGISTERS_MAX {
            return self.answer_stateless(&pending, &Refused::full());
        }
        let id = RequestId(self.new_id());
        self.request_keys.insert(key.clone(), id);
        self.registers_in
            .insert(id, RegisterServer { pending, key });
        let until = now + self.config.timing.patience();
        self.timers
            .set(Owner::Register(id), Some((until, "answer to REGISTER")));
        let headers = request.headers.clone();
        let authorization = headers
            .all("Authorization")
            .find_map(|field| DigestResponse::parse(field, request.method.as_str()));
        self.event(Event::Registering(Box::new(Registering {
            request: id,
            aor: envelope.to.uri.clone(),
            source: link,
            call_id: envelope.call_id.clone(),
            cseq: envelope.cseq,
            headers,
            authorization,
        })));
    }

    pub(super) fn answer_register(
        &mut self,
        id: RequestId,
        status: u16,
        headers: &[(String, String)],
        now: Instant,
    ) {
        let Some(RegisterServer { pending, key }) = self.take_register(id) else {
            return;
        };
        let status = if (200..700).contains(&status) {
            status
        } else {
            500
        };
        let mut builder = pending.response(status, None);
        for (name, value) in headers {
            builder.header(name, value);
        }
        builder.header("Server", &self.config.user_agent);
        self.answer_simple(&pending, key, builder.finish(), now);
    }

    /// The challenge is not remembered: strangers cost no memory, and a repetition is a new
    /// question.
    pub(super) fn challenge_register(
        &mut self,
        id: RequestId,
        realm: &str,
        stale: bool,
        now: Instant,
    ) {
        let Some(RegisterServer { pending, .. }) = self.take_register(id) else {
            return;
        };
        let mut builder = pending.response(401, None);
        for (name, value) in self.challenges(realm, stale, true, now) {
            builder.header(&name, value);
        }
        builder.header("Server", &self.config.user_agent);
        let bytes = builder.finish();
        self.send(pending.link, bytes);
    }

    /// The shell has not answered in time: the phone has given up.
    pub(super) fn forget_register(&mut self, id: RequestId) {
        self.take_register(id);
    }

    fn take_register(&mut self, id: RequestId) -> Option<RegisterServer> {
        let register = self.registers_in.remove(&id)?;
        self.request_keys.remove(&register.key);
        self.timers.set(Owner::Register(id), None);
        Some(register)
    }
}
