//! Header fields in their order, with names compared without case.

use std::borrow::Cow;

use crate::uri::split_outside_quotes;

/// Header fields of one message, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(Cow<'static, str>, String)>);

impl Headers {
    /// The first value of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Every field of this name, unsplit.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Every value of this name: fields that hold several are split at commas outside quotes
    /// and angle brackets.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.all(name)
            .flat_map(|field| split_outside_quotes(field, b','))
            .map(str::trim)
            .filter(|value| !value.is_empty())
    }

    /// All fields in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_ref(), value.as_str()))
    }

    /// Adds a field at the end; a compact name becomes the long one.
    pub(crate) fn push(&mut self, name: &str, value: String) {
        self.0.push((long_name(name), value));
    }

    /// A copy of the fields of these names, in order.
    pub(crate) fn only(&self, names: &[&str]) -> Self {
        let fits = |name: &str| names.iter().any(|n| n.eq_ignore_ascii_case(name));
        Self(
            self.0
                .iter()
                .filter(|(name, _)| fits(name))
                .cloned()
                .collect(),
        )
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Names that are known without allocation, in their usual spelling.
const KNOWN: [&str; 40] = [
    "Via",
    "From",
    "To",
    "Call-ID",
    "CSeq",
    "Contact",
    "Max-Forwards",
    "Content-Length",
    "Content-Type",
    "Record-Route",
    "Route",
    "Allow",
    "Supported",
    "Require",
    "User-Agent",
    "Server",
    "Accept",
    "Authorization",
    "Proxy-Authorization",
    "WWW-Authenticate",
    "Proxy-Authenticate",
    "Reason",
    "Warning",
    "Retry-After",
    "Subject",
    "Content-Encoding",
    "Event",
    "Refer-To",
    "Session-Expires",
    "Min-SE",
    "RSeq",
    "RAck",
    "Date",
    "Expires",
    "Unsupported",
    "Allow-Events",
    "Referred-By",
    "Replaces",
    "Subscription-State",
    "User-to-User",
];

/// The long form of a compact name (RFC 3261 section 7.3.3 and the IANA register), and the usual
/// spelling of a known one.
fn long_name(name: &str) -> Cow<'static, str> {
    if let [letter] = name.as_bytes() {
        let long = match letter.to_ascii_lowercase() {
            b'v' => "Via",
            b'f' => "From",
            b't' => "To",
            b'i' => "Call-ID",
            b'm' => "Contact",
            b'l' => "Content-Length",
            b'c' => "Content-Type",
            b'e' => "Content-Encoding",
            b'k' => "Supported",
            b's' => "Subject",
            b'o' => "Event",
            b'u' => "Allow-Events",
            b'r' => "Refer-To",
            b'b' => "Referred-By",
            b'x' => "Session-Expires",
            b'a' => "Accept-Contact",
            b'j' => "Reject-Contact",
            b'd' => "Request-Disposition",
            b'y' => "Identity",
            _ => return Cow::Owned(name.to_owned()),
        };
        return Cow::Borrowed(long);
    }
    match KNOWN.iter().find(|known| known.eq_ignore_ascii_case(name)) {
        Some(known) => Cow::Borrowed(known),
        None => Cow::Owned(name.to_owned()),
    }
}
