//! Where a phone can be called, and what it may do.

use std::time::Duration;

use model::{PhoneContact, PhoneForwarding, PhoneRules, PhoneTransport, UnixMs};
use serde::{Deserialize, Serialize};

use super::{document, text};
use crate::StoreError;

#[derive(Serialize, Deserialize)]
struct ContactDoc {
    uri: String,
    path: Vec<String>,
    transport: TransportDoc,
    local: std::net::SocketAddr,
    remote: std::net::SocketAddr,
    call_id: String,
    cseq: u32,
    user_agent: String,
    instance: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TransportDoc {
    Udp,
    Tcp,
    Tls,
    Ws,
    Wss,
}

/// The document of a contact, without its end.
pub(crate) fn phone_contact_text(contact: &PhoneContact) -> String {
    text(&ContactDoc {
        uri: contact.uri.clone(),
        path: contact.path.clone(),
        transport: match contact.transport {
            PhoneTransport::Udp => TransportDoc::Udp,
            PhoneTransport::Tcp => TransportDoc::Tcp,
            PhoneTransport::Tls => TransportDoc::Tls,
            PhoneTransport::Ws => TransportDoc::Ws,
            PhoneTransport::Wss => TransportDoc::Wss,
        },
        local: contact.local,
        remote: contact.remote,
        call_id: contact.call_id.clone(),
        cseq: contact.cseq,
        user_agent: contact.user_agent.clone(),
        instance: contact.instance.clone(),
    })
}

/// The contact in a document.
pub(crate) fn phone_contact_of(body: &str, expires_at: UnixMs) -> Result<PhoneContact, StoreError> {
    let doc: ContactDoc = document("phone contact", body)?;
    Ok(PhoneContact {
        uri: doc.uri,
        path: doc.path,
        transport: match doc.transport {
            TransportDoc::Udp => PhoneTransport::Udp,
            TransportDoc::Tcp => PhoneTransport::Tcp,
            TransportDoc::Tls => PhoneTransport::Tls,
            TransportDoc::Ws => PhoneTransport::Ws,
            TransportDoc::Wss => PhoneTransport::Wss,
        },
        local: doc.local,
        remote: doc.remote,
        call_id: doc.call_id,
        cseq: doc.cseq,
        user_agent: doc.user_agent,
        instance: doc.instance,
        expires_at,
    })
}

/// What is missing is as in a new extension.
#[derive(Serialize, Deserialize)]
#[serde(default)]
struct RulesDoc {
    calls_outside: bool,
    always: Option<String>,
    busy: Option<String>,
    no_answer: Option<String>,
    ring_time_ms: u64,
}

impl Default for RulesDoc {
    fn default() -> Self {
        (&PhoneRules::default()).into()
    }
}

impl From<&PhoneRules> for RulesDoc {
    fn from(rules: &PhoneRules) -> Self {
        let forwarding = rules.forwarding.clone();
        Self {
            calls_outside: rules.calls_outside,
            always: forwarding.always,
            busy: forwarding.busy,
            no_answer: forwarding.no_answer,
            ring_time_ms: u64::try_from(forwarding.ring_time_max.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

/// The document of a phone's rules.
pub(crate) fn phone_rules_text(rules: &PhoneRules) -> String {
    text(&RulesDoc::from(rules))
}

/// The rules in a document.
pub(crate) fn phone_rules_of(body: &str) -> Result<PhoneRules, StoreError> {
    let doc: RulesDoc = document("phone rules", body)?;
    Ok(PhoneRules {
        calls_outside: doc.calls_outside,
        forwarding: PhoneForwarding {
            always: doc.always,
            busy: doc.busy,
            no_answer: doc.no_answer,
            ring_time_max: Duration::from_millis(doc.ring_time_ms),
        },
    })
}
