//! Where a call went before it came to us, and where it goes now, for the carrier that it goes on to:
//! History-Info (RFC 7044).
//!
//! # Invariants
//!
//! - A call that came without gets none.
//! - Who wants to be private is named to nobody who is not trusted with it; its entry stays, without a name
//!   (section 10.1.2).
//! - At most [`SENT_MAX`] entries are sent, the last ones; one that is too long is left out.

use sip::{NameAddr, Uri};

use super::diverted::{ADDRESS_MAX, Diversion, SENT_MAX};

/// Longest reason that is sent on, in bytes as it was written.
const REASON_MAX: usize = 64;

/// Longest index, in bytes: some fifteen hops.
const INDEX_MAX: usize = 32;

/// How an address was found from another (section 5): as another of the same user, of another one, or
/// unchanged.
const FOUND: [&str; 3] = ["rc", "mp", "np"];

/// One entry: an address that the call went to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The address, without headers.
    address: Uri,
    /// Why the call went on from there: a value of `Reason`, escaped; empty if nobody said.
    reason: String,
    /// Whoever has the address wants to be private.
    is_private: bool,
    index: Index,
    /// How it was found, and from which entry.
    found: Option<(&'static str, Index)>,
}

/// The place of an entry: numbers with dots between them, one for each hop (section 10.3).
#[derive(Clone, Debug, PartialEq, Eq)]
struct Index(String);

impl Index {
    fn parse(text: &str) -> Option<Self> {
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let fits = text.len() <= INDEX_MAX && text.split('.').all(is_number);
        fits.then(|| Self(text.to_owned()))
    }

    /// That of where the call goes from here.
    fn next(&self) -> Self {
        Self(format!("{}.1", self.0))
    }

    /// That of an entry which somebody before us should have written.
    fn gap(&self) -> Self {
        Self(format!("{}.0", self.0))
    }
}

impl Passed {
    /// Reads a value. `None`: it is no address, or has no place among the others.
    pub fn parse(value: &str) -> Option<Self> {
        let entry: NameAddr = value.parse().ok()?;
        let index = |name| Index::parse(entry.params.get(name)?);
        let found = FOUND.iter().find_map(|&name| Some((name, index(name)?)));
        let mut address = entry.uri.clone();
        // Only addresses of SIP have headers, in which privacy is asked for.
        let is_read = address.is_sip() || !address.to_string().contains('?');
        is_read.then_some(())?;
        let said = address.headers.take().unwrap_or_default();
        Some(Self {
            reason: says(&said, "Reason").unwrap_or_default().to_owned(),
            is_private: says(&said, "Privacy")
                .is_some_and(|wish| !wish.eq_ignore_ascii_case("none")),
            index: index("index")?,
            found,
            address,
        })
    }

    /// The same of a call all of whose entries are to be private.
    #[must_use]
    pub fn hidden(self) -> Self {
        Self {
            is_private: true,
            ..self
        }
    }

    /// Who was `called`, where the one before has not said so.
    fn unsaid_after(last: &Self, called: &Uri) -> Self {
        Self {
            address: Uri {
                headers: None,
                ..called.clone()
            },
            reason: String::new(),
            is_private: false,
            index: last.index.gap(),
            found: None,
        }
    }

    /// Where the call goes from here, for a reason of RFC 5806.
    fn followed_by(&self, mut address: Uri, reason: &str) -> Self {
        address.params.set("cause", Some(cause(reason)));
        Self {
            address,
            reason: String::new(),
            is_private: false,
            index: self.index.next(),
            found: Some(("mp", self.index.clone())),
        }
    }

    fn value(&self, is_trusted: bool) -> Option<String> {
        if self.address.to_string().len() > ADDRESS_MAX || self.index.0.len() > INDEX_MAX {
            return None;
        }
        let mut address = self.address.clone();
        // What has no headers cannot ask for privacy.
        let is_named = !self.is_private || is_trusted && address.is_sip();
        if !is_named {
            address = Uri::sip("anonymous", "anonymous.invalid", None);
        } else if address.is_sip() {
            let reason = Some(&self.reason).filter(|reason| reason.len() <= REASON_MAX);
            let reason = reason.filter(|reason| !reason.is_empty());
            let reason = reason.map(|reason| format!("Reason={reason}"));
            let privacy = self.is_private.then(|| "Privacy=history".to_owned());
            let said: Vec<String> = reason.into_iter().chain(privacy).collect();
            address.headers = Some(said.join("&")).filter(|said| !said.is_empty());
        }
        let mut entry = NameAddr::new(address);
        entry.params.set("index", Some(&self.index.0));
        if let Some((name, from)) = &self.found {
            entry.params.set(name, Some(&from.0));
        }
        Some(entry.to_string())
    }
}

/// The entries that came with a call to `called`, of which that is the last.
pub fn until(called: &Uri, mut history: Vec<Passed>) -> Vec<Passed> {
    if let Some(last) = history.last()
        && !is_same_user(&last.address, called)
    {
        history.push(Passed::unsaid_after(last, called));
    }
    history
}

/// The headers for a carrier: the entries that came with the call, one for each of ours that diverted it but
/// the first, which was called, and one for the `target`.
pub fn headers(
    history: &[Passed],
    ours: &[Diversion],
    (target, domain): (&Uri, &str),
    is_trusted: bool,
) -> Vec<(String, String)> {
    let Some((called, forwarding)) = ours.split_first() else {
        return Vec::new();
    };
    let mut entries = history.to_vec();
    let mut reason = &called.reason;
    for diversion in forwarding {
        if let (Some(before), Some(uri)) = (entries.last(), diversion.uri(domain)) {
            entries.push(before.followed_by(uri, reason));
        }
        reason = &diversion.reason;
    }
    if let Some(before) = entries.last() {
        entries.push(before.followed_by(target.clone(), reason));
    }
    let first = entries.len().saturating_sub(SENT_MAX);
    let values = entries[first..].iter().filter_map(|e| e.value(is_trusted));
    let name = "History-Info";
    values.map(|value| (name.to_owned(), value)).collect()
}

/// Whether two addresses name the same number or user, whatever their domain and the form of the number.
fn is_same_user(a: &Uri, b: &Uri) -> bool {
    let user = |uri: &Uri| {
        let user = uri.user.as_deref().unwrap_or_default();
        let user = user.split(';').next().unwrap_or_default();
        let user: String = user.chars().filter(|c| !"-.()+ ".contains(*c)).collect();
        user.trim_start_matches("00").to_owned()
    };
    user(a) == user(b)
}

/// Why a call was diverted, as a number in the address that it goes to (RFC 4458 section 2, RFC 7544 section
/// 7.2).
fn cause(reason: &str) -> &'static str {
    match reason {
        "unconditional" => "302",
        "user-busy" => "486",
        "no-answer" => "408",
        "deflection" => "480",
        "unavailable" => "503",
        _ => "404",
    }
}

/// One of the headers that an address brings along.
pub fn says<'a>(headers: &'a str, wanted: &str) -> Option<&'a str> {
    let mut pairs = headers.split('&').filter_map(|pair| pair.split_once('='));
    let found = pairs.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
    found.map(|(_, value)| value)
}
