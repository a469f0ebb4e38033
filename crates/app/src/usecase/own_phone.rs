//! The phone of somebody who is signed in, in their browser.

use std::net::SocketAddr;

use model::Staff;
use sip::{Transport, digest::Credentials};

use crate::{
    App, Fault,
    shell::{inbound::REALM, sip::Admitted},
};

/// What a browser registers an extension with.
#[derive(Clone, PartialEq, Eq)]
pub struct OwnPhone {
    /// Number of the extension, and its digest user.
    pub number: String,
    /// Shown to people.
    pub name: String,
    /// Domain of its address of record.
    pub domain: String,
    /// Realm of our challenges.
    pub realm: &'static str,
    /// H(A1) of the realm by MD5: the password stays here. A new password of the extension ends it.
    pub hash: String,
}

impl std::fmt::Debug for OwnPhone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OwnPhone")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

impl App {
    /// The phone of this person: the first of their extensions by number; `None` without one.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn own_phone(&self, staff: &Staff) -> Result<Option<OwnPhone>, Fault> {
        let extensions = self
            .store()
            .extensions_of_staff(staff.tenant, staff.id)
            .await?;
        Ok(extensions.into_iter().next().map(|extension| {
            let credentials = Credentials {
                username: extension.settings.number,
                password: extension.password,
            };
            OwnPhone {
                hash: credentials.hash_for(REALM),
                number: credentials.username,
                name: extension.settings.name,
                domain: self.extension_domain(extension.tenant),
                realm: REALM,
            }
        }))
    }

    /// Lets SIP in by a WebSocket on our HTTP port; `None` if there are too many connections.
    pub fn admit_phone(&self, remote: SocketAddr) -> Option<Admitted> {
        let link = self.sip().link(Transport::Ws, remote);
        self.sip().doors().admit_web_socket(link)
    }
}
