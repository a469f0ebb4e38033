//! REGISTER of ours: one exchange with a registrar, its challenges included. When to register again
//! is decided by [`Registration`](crate::Registration).

use std::time::Instant;

use super::{Endpoint, clients::Purpose};
use crate::{
    Event, NameAddr, QueryId, Register, RegisterAnswer,
    digest::Prover,
    message::{Builder, Headers, Method, Response},
};

/// A REGISTER of ours that is under way.
#[derive(Debug)]
pub(super) struct RegisterClient {
    register: Register,
    prover: Option<Prover>,
    from_tag: String,
}

impl Endpoint {
    pub(super) fn register(&mut self, register: Register, now: Instant) {
        let query = register.query;
        if self.is_full() {
            let answer = RegisterAnswer::unanswered(register.cseq);
            return self.register_answered(query, answer);
        }
        let prover = register.credentials.clone().map(Prover::new);
        let from_tag = self.token();
        self.registers_out.insert(
            query,
            RegisterClient {
                register,
                prover,
                from_tag,
            },
        );
        self.send_register(query, now);
    }

    fn send_register(&mut self, query: QueryId, now: Instant) {
        let cnonce = self.token();
        let Some(link) = self.registers_out.get(&query).map(|r| r.register.link) else {
            return;
        };
        let (branch, via) = self.new_via(&link);
        let us = self.config.advertised(&link);
        let user_agent = self.config.user_agent.clone();
        let Some(client) = self.registers_out.get_mut(&query) else {
            return;
        };
        let register = &client.register;
        let uri = register.registrar.to_string();
        let expires = register.expires.as_secs();
        let transport = link.transport.uri_parameter();
        let mut builder = Builder::request(&Method::Register, &uri);
        builder
            .header("Via", via)
            .header("Max-Forwards", 70)
            .header(
                "From",
                format_args!("<{}>;tag={}", register.aor, client.from_tag),
            )
            .header("To", format_args!("<{}>", register.aor))
            .header("Call-ID", &register.call_id)
            .header("CSeq", format_args!("{} REGISTER", register.cseq))
            .header(
                "Contact",
                format_args!(
                    "<sip:{}@{us}{transport}>;expires={expires}",
                    register.contact_user
                ),
            )
            .header("Expires", expires)
            .header("User-Agent", user_agent);
        if let Some(prover) = &mut client.prover {
            for (name, value) in prover.headers(&Method::Register, &uri, &cnonce) {
                builder.header(name, value);
            }
        }
        let bytes = builder.finish();
        let purpose = Purpose::Register(query);
        self.start_client(bytes, link, &branch, Method::Register, purpose, now);
    }

    /// A final answer to our REGISTER.
    pub(super) fn on_registered(&mut self, query: QueryId, response: &Response, now: Instant) {
        let Some(client) = self.registers_out.get_mut(&query) else {
            return;
        };
        let again = matches!(response.status, 401 | 407)
            && client
                .prover
                .as_mut()
                .is_some_and(|prover| prover.challenged(response.status, &response.headers));
        if again {
            client.register.cseq += 1;
            return self.send_register(query, now);
        }
        let user = client.register.contact_user.clone();
        let answer = RegisterAnswer {
            status: Some(response.status),
            expires_second: (response.status < 300)
                .then(|| granted(&response.headers, &user))
                .flatten(),
            min_expires_second: number(&response.headers, "Min-Expires"),
            retry_after_second: number(&response.headers, "Retry-After"),
            cseq: client.register.cseq,
        };
        self.register_answered(query, answer);
    }

    /// Nobody answered our REGISTER.
    pub(super) fn register_unanswered(&mut self, query: QueryId) {
        if let Some(client) = self.registers_out.get(&query) {
            let answer = RegisterAnswer::unanswered(client.register.cseq);
            self.register_answered(query, answer);
        }
    }

    fn register_answered(&mut self, query: QueryId, answer: RegisterAnswer) {
        self.registers_out.remove(&query);
        let answer = Box::new(answer);
        self.event(Event::RegisterAnswered { query, answer });
    }
}

impl RegisterAnswer {
    /// Nobody answered a REGISTER with this number.
    #[must_use]
    pub fn unanswered(cseq: u32) -> Self {
        Self {
            status: None,
            expires_second: None,
            min_expires_second: None,
            retry_after_second: None,
            cseq,
        }
    }
}

/// How long the registrar keeps our contact: its `expires`, or else the `Expires` header. Others'
/// contacts of the account stand in the answer too (RFC 3261 section 10.2.4).
fn granted(headers: &Headers, user: &str) -> Option<u32> {
    let contacts: Vec<NameAddr> = headers
        .values("Contact")
        .filter_map(|contact| contact.parse().ok())
        .collect();
    let ours = contacts
        .iter()
        .find(|contact| contact.uri.user.as_deref() == Some(user))
        .or(contacts.first());
    ours.and_then(|contact| contact.params.get("expires")?.parse().ok())
        .or_else(|| number(headers, "Expires"))
}

fn number(headers: &Headers, name: &str) -> Option<u32> {
    let value = headers.get(name)?;
    value.split([';', '(', ' ']).next()?.parse().ok()
}
