//! `Replaces` (RFC 3891): a call that takes the place of another one.

use std::fmt;

use crate::{Params, Uri, message::Headers};

/// Names the dialog that an INVITE takes the place of, as whoever receives that INVITE sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaces {
    /// Call-ID of the dialog.
    pub call_id: String,
    /// Tag of whoever receives the INVITE.
    pub to_tag: String,
    /// Tag of the other side.
    pub from_tag: String,
    /// Only while the dialog is not answered yet.
    pub early_only: bool,
}

impl Replaces {
    /// Reads the value of a `Replaces` header; `None` without Call-ID or either tag.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let (call_id, params) = value.split_once(';')?;
        let params = Params::parse(params);
        let tag = |name| params.get(name).filter(|tag| !tag.is_empty());
        let call_id = call_id.trim();
        (!call_id.is_empty()).then_some(())?;
        Some(Self {
            call_id: call_id.to_owned(),
            to_tag: tag("to-tag")?.to_owned(),
            from_tag: tag("from-tag")?.to_owned(),
            early_only: params.get("early-only").is_some(),
        })
    }

    /// The one of a message. `Err`: there are several, or it cannot be read.
    pub(crate) fn of(headers: &Headers) -> Result<Option<Self>, ()> {
        let mut values = headers.all("Replaces");
        let Some(value) = values.next() else {
            return Ok(None);
        };
        if values.next().is_some() {
            return Err(());
        }
        Self::parse(value).map(Some).ok_or(())
    }

    /// The one that an address brings along for the INVITE to it, as that of a Refer-To does
    /// (attended transfer, RFC 5589 section 7).
    #[must_use]
    pub fn of_uri(uri: &Uri) -> Option<Self> {
        let headers = uri.headers.as_deref()?;
        headers
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(name, _)| name.eq_ignore_ascii_case("Replaces"))
            .and_then(|(_, value)| Self::parse(&unescape(value)?))
    }

    /// The address with it as the only header.
    #[must_use]
    pub fn on(&self, uri: &Uri) -> Uri {
        Uri {
            headers: Some(format!("Replaces={}", escape(&self.to_string()))),
            ..uri.clone()
        }
    }
}

impl fmt::Display for Replaces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            call_id,
            to_tag,
            from_tag,
            early_only,
        } = self;
        write!(f, "{call_id};to-tag={to_tag};from-tag={from_tag}")?;
        if *early_only {
            f.write_str(";early-only")?;
        }
        Ok(())
    }
}

/// Escapes what may not stand in a header of an address (`hnv-unreserved`, RFC 3261 section 25.1).
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()[]/?:+$".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Resolves `%HH`; `None` for what is no such escape, or no UTF-8.
fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        if *first == b'%' {
            let (digits, after) = after.split_at_checked(2)?;
            bytes.push(*hex::decode(digits).ok()?.first()?);
            rest = after;
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialog_is_named_in_an_address_and_found_again() {
        let replaces = Replaces {
            call_id: "12345@192.168.118.3".into(),
            to_tag: "12345".into(),
            from_tag: "5FFE-3994".into(),
            early_only: false,
        };
        let target: Uri = "sip:bob@192.0.2.4:5070;transport=tcp".parse().unwrap();
        let named = replaces.on(&target);
        assert_eq!(
            named.to_string(),
            "sip:bob@192.0.2.4:5070;transport=tcp?Replaces=12345%40192.168.118.3%3Bto-tag%3D12345%3Bfrom-tag%3D5FFE-3994"
        );
        let read: Uri = named.to_string().parse().unwrap();
        assert_eq!(Replaces::of_uri(&read), Some(replaces));
        assert_eq!(Replaces::of_uri(&target), None);
    }

    #[test]
    fn half_a_name_is_none() {
        assert!(
            Replaces::parse("a@b;to-tag=1;from-tag=2;early-only")
                .unwrap()
                .early_only
        );
        for broken in [
            "a@b",
            "a@b;to-tag=1",
            "a@b;from-tag=1",
            ";to-tag=1;from-tag=2",
            "a;to-tag=;from-tag=2",
        ] {
            assert_eq!(Replaces::parse(broken), None, "{broken}");
        }
        for broken in [
            "sip:a@b?Replaces=%4",
            "sip:a@b?Replaces=%zz",
            "sip:a@b?Replaces",
        ] {
            assert_eq!(Replaces::of_uri(&broken.parse().unwrap()), None, "{broken}");
        }
    }
}
