//! How a call came, for the carrier that it goes on to: who diverted it, by Diversion (RFC 5806), and where
//! it went, by [`history`].
//!
//! # Invariants
//!
//! - Who wants to be private is named only to a trunk that is trusted with identities: one that is told
//!   callers' asserted ones (RFC 3325).
//! - At most [`SENT_MAX`] are named, the last ones; an address that is too long is left out.

use model::{Call, CallerIdentity, E164};
use sip::{NameAddr, Uri};

use super::{
    Way,
    history::{self, Passed},
};
use crate::shell::inbound::identity;

/// Diversions that a carrier is told of, and entries of History-Info: an INVITE with more leaves no room for
/// them in a datagram.
pub(super) const SENT_MAX: usize = 5;

/// Longest address that is sent on, in bytes.
pub(super) const ADDRESS_MAX: usize = 128;

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

/// How a call came that goes on to a carrier.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// Diversions here, the first one first.
    ours: Vec<Diversion>,
    /// Those that came with the call, the last one first.
    before: Vec<Diversion>,
    /// Where it went until it was here, the first one first; empty: nobody said.
    history: Vec<Passed>,
}

impl Past {
    /// That of a person who called us by a trunk and is sent on now.
    pub fn of_person(call: &Call, way: &Way) -> Self {
        match way {
            Way::In(incoming, _) if call.trunk.is_some() => Self {
                ours: vec![Diversion {
                    by: Diverter::Number(call.callee.clone()),
                    reason: DEFLECTION.to_owned(),
                    is_private: false,
                }],
                before: identity::diverted(&incoming.headers),
                history: history::until(
                    &incoming.request_uri,
                    identity::history(&incoming.headers),
                ),
            },
            // What a phone says of itself is no carrier's business, and whom we called came by nobody.
            Way::In(..) | Way::Out(_) => Self::default(),
        }
    }

    /// The same once these have sent the call on, the last one last.
    pub fn forwarded(&self, by: &[Diversion]) -> Self {
        let mut past = self.clone();
        past.ours.extend_from_slice(by);
        past
    }

    /// The headers for a carrier that is to call `target`; numbers of ours are shown at its `domain`, as the
    /// caller's is.
    pub fn headers(
        &self,
        target: &Uri,
        domain: &str,
        identity: CallerIdentity,
    ) -> Vec<(String, String)> {
        let is_trusted = match identity {
            CallerIdentity::From => false,
            CallerIdentity::Asserted | CallerIdentity::Hidden => true,
        };
        let diversions = self.ours.iter().rev().chain(&self.before);
        let mut headers = told(diversions, domain, is_trusted);
        headers.extend(history::headers(
            &self.history,
            &self.ours,
            (target, domain),
            is_trusted,
        ));
        headers
    }
}

impl Diversion {
    /// Who diverted; `None`: it is no address.
    pub(super) fn uri(&self, domain: &str) -> Option<Uri> {
        let mut uri = match &self.by {
            Diverter::Number(number) => Uri::sip(&number.to_string(), domain, None),
            Diverter::Address(address) => address.parse().ok()?,
        };
        uri.headers = None;
        Some(uri)
    }
}

/// The last one first.
fn told<'a>(
    diversions: impl Iterator<Item = &'a Diversion>,
    domain: &str,
    is_trusted: bool,
) -> Vec<(String, String)> {
    let told = diversions.filter(|diversion| is_trusted || !diversion.is_private);
    let told = told.filter_map(|diversion| {
        let uri = diversion.uri(domain)?;
        let is_short = uri.to_string().len() <= ADDRESS_MAX;
        let address = is_short.then(|| NameAddr::new(uri))?;
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

    /// What a carrier is told; the first of them is ours.
    fn told(diversions: &[Diversion], identity: CallerIdentity) -> Vec<String> {
        let (ours, before) = diversions.split_at(1);
        let past = Past {
            ours: ours.to_vec(),
            before: before.to_vec(),
            history: Vec::new(),
        };
        let target = Uri::sip("1", "carrier.example", None);
        let headers = past.headers(&target, "carrier.example", identity);
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

    /// What a carrier is told by History-Info of a call to +8675512345 with these entries, which `by` send on to
    /// +8613900001111.
    fn passed(entries: &[&str], by: &[Diversion], identity: CallerIdentity) -> Vec<String> {
        let called = "sip:008675512345@us.example".parse().unwrap();
        let entries = entries.iter().filter_map(|entry| Passed::parse(entry));
        let past = Past {
            ours: vec![Diversion {
                by: Diverter::Number(E164::parse("+8675512345", "").unwrap()),
                reason: DEFLECTION.into(),
                is_private: false,
            }],
            before: Vec::new(),
            history: history::until(&called, entries.collect()),
        };
        let target = Uri::sip("+8613900001111", "carrier.example", None);
        let headers = past
            .forwarded(by)
            .headers(&target, "carrier.example", identity);
        let entries = headers.into_iter();
        let entries = entries.filter(|(name, _)| name == "History-Info");
        entries.map(|(_, value)| value).collect()
    }

    #[test]
    fn the_history_of_a_call_goes_on_where_it_goes() {
        let busy = "<sip:a@pbx?Reason=SIP%3Bcause%3D486>;index=1";
        let us = "\"Desk\" <sip:+86-755-12345@x;user=phone>;index=1.1;mp=1";
        let target = "<sip:+8613900001111@carrier.example;cause=480>";
        assert_eq!(
            passed(&[busy, us], &[], CallerIdentity::From),
            [
                busy,
                "<sip:+86-755-12345@x;user=phone>;index=1.1;mp=1",
                &format!("{target};index=1.1.1;mp=1.1")
            ]
        );
        // Whoever sent it to us has not said so.
        assert_eq!(
            passed(&[busy], &[], CallerIdentity::From)[1..],
            [
                "<sip:008675512345@us.example>;index=1.0",
                &format!("{target};index=1.0.1;mp=1.0")
            ]
        );
        let forwards = [by("sip:1001@us", "user-busy", false)];
        let forwarded = passed(&[us], &forwards, CallerIdentity::From);
        assert_eq!(
            forwarded[1..],
            [
                "<sip:1001@us;cause=480>;index=1.1.1;mp=1.1",
                "<sip:+8613900001111@carrier.example;cause=486>;index=1.1.1.1;mp=1.1.1"
            ]
        );
        for none in [&[][..], &["<sip:a@pbx>", "<sip:b@pbx>;index=1.x", "a@b"]] {
            assert!(passed(none, &[], CallerIdentity::From).is_empty());
        }
    }

    #[test]
    fn a_private_entry_of_the_history_keeps_its_place_and_no_name() {
        let private = "<sip:a@pbx?Reason=SIP%3Bcause%3D486&Privacy=history>;index=1";
        let us = "<sip:+8675512345@x>;index=1.1;rc=1";
        let told = |identity| passed(&[private, us], &[], identity)[0].clone();
        assert_eq!(
            told(CallerIdentity::From),
            "<sip:anonymous@anonymous.invalid>;index=1"
        );
        assert_eq!(told(CallerIdentity::Hidden), private);
        assert_eq!(told(CallerIdentity::Asserted), private);
        // A telephone number has no headers to ask for it in.
        let number = Passed::parse("<tel:+1>;index=1").expect("an entry");
        let past = Past {
            ours: vec![by("sip:us@x", DEFLECTION, false)],
            before: Vec::new(),
            history: vec![number.hidden()],
        };
        let target = Uri::sip("2", "carrier.example", None);
        let headers = past.headers(&target, "carrier.example", CallerIdentity::Asserted);
        let anonymous = "<sip:anonymous@anonymous.invalid>;index=1";
        assert_eq!(headers[1].1, anonymous, "{headers:?}");
        assert_eq!(Passed::parse("<tel:+1?Privacy=history>;index=1"), None);
    }

    #[test]
    fn a_long_history_is_told_by_its_end() {
        let mut entries: Vec<String> = (0..20)
            .map(|n| format!("<sip:{n}@pbx>;index=1{}", ".1".repeat(n % 5)))
            .collect();
        let long = format!("?Reason={}", "a".repeat(100));
        entries.push(format!("<sip:b@pbx{long}>;index=1.1"));
        entries.push(format!("<sip:{}@pbx>;index=1.1", "a".repeat(200)));
        entries.push("<sip:+8675512345@x>;index=1.2".into());
        let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
        let told = passed(&entries, &[], CallerIdentity::From);
        assert_eq!(
            told[..3],
            [
                "<sip:19@pbx>;index=1.1.1.1.1",
                "<sip:b@pbx>;index=1.1",
                "<sip:+8675512345@x>;index=1.2"
            ]
        );
        assert_eq!(told.len(), SENT_MAX - 1);
    }
}
