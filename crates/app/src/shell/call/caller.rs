//! What an INVITE of ours says of the caller.

use model::CallerIdentity;
use sip::{NameAddr, Transport, Uri};

/// Bytes of a customer's text that a phone is sent in a datagram: what ISDN carries (ITU-T Q.957 section 1),
/// and the INVITE still fits.
const BY_DATAGRAM_MAX: usize = 128;

/// From, and the headers that say more of the caller.
pub(super) fn shown(
    caller: &str,
    domain: &str,
    identity: CallerIdentity,
) -> (NameAddr, Vec<(String, String)>) {
    let caller = NameAddr::new(Uri::sip(caller, domain, None));
    let header = |name: &str, value: String| (name.to_owned(), value);
    let asserted = header("P-Asserted-Identity", caller.to_string());
    match identity {
        CallerIdentity::From => (caller, Vec::new()),
        CallerIdentity::Asserted => (caller, vec![asserted]),
        CallerIdentity::Hidden => {
            // RFC 3323 section 4.1.1.3 has this very address.
            let mut nobody = NameAddr::new(Uri::sip("anonymous", "anonymous.invalid", None));
            nobody.display = Some("Anonymous".into());
            (nobody, vec![asserted, header("Privacy", "id".into())])
        }
    }
}

/// The customer's own text, as User-to-User (RFC 7433).
pub(super) fn user_to_user(text: Option<&str>) -> Vec<(String, String)> {
    text.map(|text| {
        (
            "User-to-User".to_owned(),
            format!("{};encoding=hex", hex::encode(text)),
        )
    })
    .into_iter()
    .collect()
}

/// The same for a phone, which may have no TCP for an INVITE that is too large for a datagram.
pub(super) fn user_to_phone(text: Option<&str>, by: Transport) -> Vec<(String, String)> {
    user_to_user(text.filter(|text| by.is_reliable() || text.len() <= BY_DATAGRAM_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_fits_in_no_datagram_is_not_sent_in_one() {
        let (short, long) = ("a".repeat(128), "a".repeat(129));
        let sent = |text, by| !user_to_phone(Some(text), by).is_empty();
        assert!(sent(&short, Transport::Udp) && !sent(&long, Transport::Udp));
        assert!(sent(&long, Transport::Tls));
    }

    #[test]
    fn a_carrier_is_told_who_calls_as_it_wants_to_be_told() {
        let of = |identity| {
            let (from, headers) = shown("+8675512345", "carrier.example", identity);
            let headers: Vec<String> = headers.iter().map(|(n, v)| format!("{n}: {v}")).collect();
            (from.to_string(), headers.join("\n"))
        };
        let number = "<sip:+8675512345@carrier.example>";
        assert_eq!(of(CallerIdentity::From), (number.into(), String::new()));
        let asserted = format!("P-Asserted-Identity: {number}");
        assert_eq!(
            of(CallerIdentity::Asserted),
            (number.into(), asserted.clone())
        );
        let nobody = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";
        let hidden = format!("{asserted}\nPrivacy: id");
        assert_eq!(of(CallerIdentity::Hidden), (nobody.into(), hidden));
    }
}
