//! What an address says to dial that a phone names: by a REFER, or by a redirection (3xx).
//!
//! It does not look up who has the number, nor whether whoever names it may have it called.

use std::net::IpAddr;

use model::TenantId;
use sip::Uri;

use crate::{App, usecase::tenant_of_domain};

/// Shortest number of a phone.
const NUMBER_LEN_MIN: usize = 3;

/// Whether we are who is to call this address for a phone of the tenant: it is at our domain or
/// address, or at none.
pub fn is_ours(app: &App, tenant: TenantId, uri: &Uri) -> bool {
    let Some(host) = host(uri) else {
        return true;
    };
    let address: Option<IpAddr> = host.parse().ok();
    tenant_of_domain(host) == Some(tenant) || address.is_some_and(|ip| app.sip().is_at(ip))
}

/// Where an address is to be called: at its host, or for a local number that only a domain knows, at that
/// (`tel:1001;phone-context=pbx.example`, RFC 3966 section 5.1.5). `None`: whoever has it may be called from
/// anywhere.
pub fn host(uri: &Uri) -> Option<&str> {
    let host = match uri.scheme.as_str() {
        "tel" => {
            let is_local = !uri.user.as_deref().unwrap_or_default().starts_with('+');
            let context = uri.params.get("phone-context").filter(|_| is_local)?;
            Some(context).filter(|context| !context.starts_with('+'))?
        }
        _ => &uri.host,
    };
    Some(host.trim_matches(['[', ']']))
}

/// The number of an address: three digits or more, perhaps with a plus before them. `None`: it has
/// none.
pub fn number(uri: &Uri) -> Option<String> {
    let user = uri.user.as_deref()?.split(';').next()?;
    let dialed: String = user.chars().filter(|c| !"-.() ".contains(*c)).collect();
    let digits = dialed.strip_prefix('+').unwrap_or(&dialed);
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && digits.len() >= NUMBER_LEN_MIN).then_some(dialed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_digits_however_they_are_set() {
        let of = |text: &str| number(&text.parse().expect(text));
        assert_eq!(of("sip:7943@a.test:5060").as_deref(), Some("7943"));
        let national = of("tel:(0755)-8888.0001;phone-context=+86");
        assert_eq!(national.as_deref(), Some("075588880001"));
        let whole = of("sip:+86-138-0013-8000;x=1@a.test;user=phone");
        assert_eq!(whole.as_deref(), Some("+8613800138000"));
        for none in [
            "sip:a.test",
            "sip:12@a.test",
            "sip:+@a.test",
            "sip:bob@a.test",
            "sip:*7@a.test",
            "sip:skill_group:7943@a.test",
            "sip:7943:secret@a.test",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn a_local_number_is_at_the_domain_that_knows_it() {
        let of = |text: &str| host(&text.parse().expect(text)).map(str::to_owned);
        assert_eq!(of("sip:7943@[2001:db8::1]").as_deref(), Some("2001:db8::1"));
        let local = of("tel:7943;ext=1;phone-context=pbx.example");
        assert_eq!(local.as_deref(), Some("pbx.example"));
        for anywhere in [
            "tel:7943",
            "tel:88880001;phone-context=+86755",
            "tel:+8675588880001;phone-context=pbx.example",
        ] {
            assert_eq!(of(anywhere), None, "{anywhere}");
        }
    }
}
