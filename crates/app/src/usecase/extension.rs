//! Extensions: making them, changing them, and what a phone is told to register with.

use model::{Extension, ExtensionDraft, PhoneContact, TenantId};
use rand::{Rng as _, seq::SliceRandom as _};
use store::{Paging, StoreError};

use super::staff::refusal;
use crate::{App, Fault};

/// Extensions of one tenant: as many as four digits number.
const EXTENSIONS_MAX: i64 = 10_000;

/// What stands behind the tenant's id in the domain of its phones. It only names the instance: phones
/// reach us by the outbound proxy. `internal` is reserved for private use by ICANN.
const DOMAIN: &str = "switchboard.internal";

/// Letters and digits of a password: 95 bits.
const PASSWORD_LEN: usize = 16;

impl App {
    /// Adds an extension with a password of our choice.
    ///
    /// # Errors
    ///
    /// Refuses a field that is out of bounds, a number that is taken, a person or skill group that
    /// the tenant does not have, and more than 10,000 extensions.
    pub async fn add_extension(
        &self,
        tenant: TenantId,
        draft: &ExtensionDraft,
    ) -> Result<Extension, Fault> {
        draft.check().map_err(refusal)?;
        let present = self.store().extensions(tenant, Paging::first(0)).await?;
        if present.total >= EXTENSIONS_MAX {
            return Err(StoreError::Conflict {
                what: "the tenant has 10,000 extensions".into(),
            }
            .into());
        }
        let now = self.now();
        let added = self
            .store()
            .create_extension(tenant, draft, &password(), now)
            .await?;
        Ok(added)
    }

    /// Changes what is written down of an extension.
    ///
    /// # Errors
    ///
    /// As [`App::add_extension`], and when the tenant does not have it.
    pub async fn change_extension(
        &self,
        tenant: TenantId,
        draft: &ExtensionDraft,
    ) -> Result<Extension, Fault> {
        draft.check().map_err(refusal)?;
        let now = self.now();
        Ok(self.store().update_extension(tenant, draft, now).await?)
    }

    /// Gives an extension a new password, which is returned. Its phones must register anew.
    ///
    /// # Errors
    ///
    /// When the tenant does not have it.
    pub async fn reset_extension_password(
        &self,
        tenant: TenantId,
        number: &str,
    ) -> Result<String, Fault> {
        let password = password();
        let now = self.now();
        self.store()
            .reset_extension_password(tenant, number, &password, now)
            .await?;
        Ok(password)
    }

    /// Where the phone of an extension can be called now.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn phones_of(
        &self,
        tenant: TenantId,
        number: &str,
    ) -> Result<Vec<PhoneContact>, Fault> {
        let now = self.now();
        Ok(self.store().phone_contacts(tenant, number, now).await?)
    }

    /// The domain that the tenant's phones register at.
    pub fn extension_domain(&self, tenant: TenantId) -> String {
        format!("{tenant}.{DOMAIN}")
    }

    /// Where phones send their messages by UDP and TCP: `host:port`.
    pub fn outbound_proxy(&self) -> String {
        self.shown_to_phones(self.sip().local())
    }

    /// The same by TLS; `None` where that is not spoken.
    pub fn outbound_proxy_tls(&self) -> Option<String> {
        self.sip().tls().map(|tls| self.shown_to_phones(tls))
    }

    fn shown_to_phones(&self, local: std::net::SocketAddr) -> String {
        if let Some(ip) = self.settings().public_ip {
            return std::net::SocketAddr::new(ip, local.port()).to_string();
        }
        if !local.ip().is_unspecified() {
            return local.to_string();
        }
        // What browsers reach us by, phones reach too.
        let url = &self.settings().public_url;
        let host = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        let host = host.split('/').next().unwrap_or(host);
        let host = match host.rfind(':') {
            Some(colon) if !host.ends_with(']') => &host[..colon],
            Some(_) | None => host,
        };
        format!("{host}:{}", local.port())
    }
}

/// The tenant whose phones have this domain: its first label is the tenant's id, whatever stands
/// behind it, so that an operator may use a domain of their own.
pub(crate) fn tenant_of_domain(domain: &str) -> Option<TenantId> {
    let (label, _) = domain.split_once('.')?;
    let is_id = label.len() == 10 && label.bytes().all(|byte| byte.is_ascii_digit());
    is_id.then(|| label.parse().ok().map(TenantId)).flatten()
}

/// Letters without those that look alike, and digits; some of each, as phones may ask for.
fn password() -> String {
    const KINDS: [&[u8]; 3] = [
        b"ABCDEFGHJKLMNPQRSTUVWXYZ",
        b"abcdefghijkmnopqrstuvwxyz",
        b"23456789",
    ];
    let mut rng = rand::rng();
    let mut letters: Vec<u8> = (0..PASSWORD_LEN)
        .map(|n| {
            let kind = KINDS.get(n).copied().unwrap_or_else(|| {
                // By their share of all letters, so that each letter is as likely as another.
                let all = KINDS.iter().map(|kind| kind.len()).sum();
                let mut at = rng.random_range(0..all);
                for kind in KINDS {
                    if at < kind.len() {
                        return kind;
                    }
                    at -= kind.len();
                }
                KINDS[0]
            });
            kind[rng.random_range(0..kind.len())]
        })
        .collect();
    letters.shuffle(&mut rng);
    String::from_utf8(letters).expect("the letters are ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_names_its_tenant() {
        let of = |domain| tenant_of_domain(domain).map(|tenant| tenant.0);
        assert_eq!(of("1400000001.switchboard.internal"), Some(1_400_000_001));
        assert_eq!(of("1400000001.phones.example"), Some(1_400_000_001));
        for none in [
            "192.0.2.1",
            "phones.example",
            "1400000001",
            "14000000012.x",
            "",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn a_password_has_letters_of_both_cases_and_digits() {
        for _ in 0..100 {
            let password = password();
            assert_eq!(password.len(), PASSWORD_LEN);
            for kind in [char::is_uppercase, char::is_lowercase, char::is_numeric] {
                assert!(password.chars().any(kind), "{password}");
            }
        }
    }
}
