//! Who diverted a call, for the carrier that it goes on to: Diversion (RFC 5806).
//!
//! # Invariants
//!
//! - Who wants to be private is named only to a trunk that is trusted with identities: one that is told
//!   callers' asserted ones (RFC 3325).
//! - At most [`SENT_MAX`] are named, the last ones; an address that is too long is left out.

use model::{Call, CallerIdentity, E164};
use sip::{NameAddr, Uri};

use super::Way;
use crate::shell::inbound::identity;

/// Diversions that a carrier is told of: an INVITE with more leaves no room for them in a datagram.
const SENT_MAX: usize = 5;

/// Longest address that is sent on, in bytes.
const ADDRESS_MAX: usize = 128;

/// The callee, or whoever answered for it, sent the call on.
const DEFLECTION: &str = "deflection";

/// One diversion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diversion {
    /// Who diverted.
    pub by: Diverter,
    /// Why, in a word of RFC 5806 section 4 or a status of SIP (RFC 7044); empty if nobody said.
    pub reason: String,
    /// Who diverted wants to be private.
    pub is_private: bool,
}

/// Who diverted a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Diverter {
    /// A number of ours.
    Number(E164),
    /// An address, as it was written.
    Address(String),
}

impl Diversion {
    /// By an extension of ours.
    pub fn by_extension(number: &str, domain: &str, reason: &str) -> Self {
        Self {
            by: Diverter::Address(Uri::sip(number, domain, None).to_string()),
            reason: reason.to_owned(),
            is_private: false,
        }
    }
}

/// The diversions of a person who called us by a trunk and is sent on now, the last one first: our own, and
/// those that came with the call.
pub fn of_person(call: &Call, way: &Way) -> Vec<Diversion> {
    match way {
        Way::In(incoming, _) if call.trunk.is_some() => {
            let ours = Diversion {
                by: Diverter::Number(call.callee.clone()),
                reason: DEFLECTION.to_owned(),
                is_private: false,
            };
            let before = identity::diverted(&incoming.headers);
            std::iter::once(ours).chain(before).collect()
        }
        // What a phone says of itself is no carrier's business, and whom we called came by nobody.
        Way::In(..) | Way::Out(_) => Vec::new(),
    }
}

/// The headers for a carrier; numbers of ours are shown at its `domain`, as the caller's is.
pub fn headers(
    diversions: &[Diversion],
    domain: &str,
    identity: CallerIdentity,
) -> Vec<(String, String)> {
    let is_trusted = match identity {
        CallerIdentity::From => false,
        CallerIdentity::Asserted | CallerIdentity::Hidden => true,
    };
    let told = diversions
        .iter()
        .filter(|diversion| is_trusted || !diversion.is_private);
    let told = told.filter_map(|diversion| {
        let address = match &diversion.by {
            Diverter::Number(number) => Uri::sip(&number.to_string(), domain, None).to_string(),
            Diverter::Address(address) => address.clone(),
        };
        let address = Some(address).filter(|address| address.len() <= ADDRESS_MAX)?;
        let mut uri: Uri = address.parse().ok()?;
        uri.headers = None;
        let address = NameAddr::new(uri);
        let privacy = match diversion.is_private {
            true => ";privacy=full",
            false => "",
        };
        let reason = word(&diversion.reason);
        let value = format!("{address};reason={reason};counter=1{privacy}");
        Some(("Diversion".to_owned(), value))
    });
    told.take(SENT_MAX).collect()
}

/// A reason as RFC 5806 section 4 has it; statuses of History-Info by RFC 7544 section 7.2.
fn word(reason: &str) -> &str {
    let is_token = |reason: &str| {
        let mut bytes = reason.bytes();
        bytes.all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    match reason {
        "302" => "unconditional",
        "486" | "600" => "user-busy",
        "408" => "no-answer",
        "480" | "487" => DEFLECTION,
        "503" => "unavailable",
        word if !word.is_empty() && word.len() <= 20 && is_token(word) => word,
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(address: &str, reason: &str, is_private: bool) -> Diversion {
        Diversion {
            by: Diverter::Address(address.into()),
            reason: reason.into(),
            is_private,
        }
    }

    fn told(diversions: &[Diversion], identity: CallerIdentity) -> Vec<String> {
        let headers = headers(diversions, "carrier.example", identity);
        let lines = headers.into_iter().map(|(name, value)| {
            assert_eq!(name, "Diversion");
            value
        });
        lines.collect()
    }

    #[test]
    fn who_wants_to_be_private_is_named_only_where_identities_are_trusted() {
        let number = E164::parse("+8675512345", "").unwrap();
        let ours = Diversion {
            by: Diverter::Number(number),
            reason: DEFLECTION.into(),
            is_private: false,
        };
        let all = [
            ours,
            by("tel:+1", "486", true),
            by("sip:a@pbx", "x y", false),
        ];
        let first = "<sip:+8675512345@carrier.example>;reason=deflection;counter=1";
        let last = "<sip:a@pbx>;reason=unknown;counter=1";
        assert_eq!(told(&all, CallerIdentity::From), [first, last]);
        let private = "<tel:+1>;reason=user-busy;counter=1;privacy=full";
        for identity in [CallerIdentity::Asserted, CallerIdentity::Hidden] {
            assert_eq!(told(&all, identity), [first, private, last]);
        }
    }

    #[test]
    fn a_long_way_is_told_by_its_end() {
        let mut all: Vec<Diversion> = (0..20)
            .map(|n| by(&format!("sip:{n}@pbx"), "no-answer", false))
            .collect();
        all.insert(1, by(&format!("sip:{}@pbx", "a".repeat(200)), "", false));
        let told = told(&all, CallerIdentity::From);
        assert_eq!(told.len(), SENT_MAX);
        assert!(told[4].starts_with("<sip:4@pbx>;"), "{told:?}");
    }
}
