//! Where a phone can be called.

use model::{PhoneContact, PhoneTransport, UnixMs};
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
