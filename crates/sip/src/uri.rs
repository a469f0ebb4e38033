//! SIP and tel addresses, and the `"Name" <uri>;tag=…` form of From, To, Contact and Route.
//!
//! Parsing is tolerant where real devices are sloppy (white space, missing quotes) and keeps
//! what it does not know, so that a value can be written back.

use std::{fmt, str::FromStr};

/// An address could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UriError {
    /// No `scheme:` in front.
    #[error("no scheme")]
    Scheme,
    /// No host, or one with characters that no host has.
    #[error("invalid host")]
    Host,
    /// Not a number from 0 to 65535.
    #[error("invalid port")]
    Port,
    /// An unclosed quote or bracket, or white space inside.
    #[error("unbalanced or broken address")]
    Shape,
}

/// A `sip:`, `sips:`, `tel:` or other address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uri {
    /// Lowercase: `sip`, `sips`, `tel`, …
    pub scheme: String,
    /// The user part as written (with escapes, and a password if there is one); for `tel:` the
    /// number.
    pub user: Option<String>,
    /// Name, IPv4, or IPv6 in brackets, as written; empty for `tel:`. For schemes that we do not
    /// know, everything after the scheme.
    pub host: String,
    /// Socket port, if written.
    pub port: Option<u16>,
    /// `;name=value` after the host.
    pub params: Params,
    /// `?name=value&…` at the end, without the question mark.
    pub headers: Option<String>,
}

impl Uri {
    /// `sip:user@host:port`.
    #[must_use]
    pub fn sip(user: &str, host: &str, port: Option<u16>) -> Self {
        Self {
            scheme: "sip".to_owned(),
            user: (!user.is_empty()).then(|| user.to_owned()),
            host: host.to_owned(),
            port,
            params: Params::default(),
            headers: None,
        }
    }

    /// Whether it is `sip:` or `sips:`.
    #[must_use]
    pub fn is_sip(&self) -> bool {
        self.scheme == "sip" || self.scheme == "sips"
    }
}

impl FromStr for Uri {
    type Err = UriError;

    fn from_str(text: &str) -> Result<Self, UriError> {
        let text = text.trim();
        let (scheme, rest) = text.split_once(':').ok_or(UriError::Scheme)?;
        let scheme_fits = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        if !scheme_fits {
            return Err(UriError::Scheme);
        }
        if rest.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"".contains(c)) {
            return Err(UriError::Shape);
        }
        let scheme = scheme.to_ascii_lowercase();
        match scheme.as_str() {
            "sip" | "sips" => parse_sip(scheme, rest),
            "tel" => Ok(parse_tel(scheme, rest)),
            _ => Ok(Self {
                scheme,
                user: None,
                host: rest.to_owned(),
                port: None,
                params: Params::default(),
                headers: None,
            }),
        }
    }
}

fn parse_sip(scheme: String, rest: &str) -> Result<Uri, UriError> {
    // A user part may hold ';' and '?': look for '@' first.
    let (user, rest) = match rest.rsplit_once('@') {
        Some((user, rest)) => (Some(user.to_owned()), rest),
        None => (None, rest),
    };
    let (rest, headers) = match rest.split_once('?') {
        Some((rest, headers)) => (rest, Some(headers.to_owned())),
        None => (rest, None),
    };
    let (address, params) = match rest.split_once(';') {
        Some((address, params)) => (address, Params::parse(params)),
        None => (rest, Params::default()),
    };
    let (host, port) = split_host_port(address)?;
    Ok(Uri {
        scheme,
        user,
        host: host.to_owned(),
        port,
        params,
        headers,
    })
}

fn parse_tel(scheme: String, rest: &str) -> Uri {
    let (number, params) = match rest.split_once(';') {
        Some((number, params)) => (number, Params::parse(params)),
        None => (rest, Params::default()),
    };
    Uri {
        scheme,
        user: Some(number.to_owned()),
        host: String::new(),
        port: None,
        params,
        headers: None,
    }
}

/// Splits `host`, `host:port`, `[v6]` or `[v6]:port`; white space around the colon is allowed, as
/// in Via.
pub(crate) fn split_host_port(text: &str) -> Result<(&str, Option<u16>), UriError> {
    let text = text.trim();
    let (host, port) = if text.starts_with('[') {
        let end = text.find(']').ok_or(UriError::Host)?;
        let (host, rest) = text.split_at(end + 1);
        match rest.trim_start().strip_prefix(':') {
            Some(port) => (host, Some(port)),
            None if rest.trim().is_empty() => (host, None),
            None => return Err(UriError::Host),
        }
    } else {
        match text.split_once(':') {
            Some((host, port)) => (host.trim_end(), Some(port)),
            None => (text, None),
        }
    };
    let host_fits = !host.is_empty()
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-._[]:%".contains(c));
    if !host_fits {
        return Err(UriError::Host);
    }
    let port = match port.map(str::trim) {
        None => None,
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            Some(digits.parse().map_err(|_| UriError::Port)?)
        }
        Some(_) => return Err(UriError::Port),
    };
    Ok((host, port))
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.scheme)?;
        if let Some(user) = &self.user {
            f.write_str(user)?;
            if !self.host.is_empty() {
                f.write_str("@")?;
            }
        }
        f.write_str(&self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        write!(f, "{}", self.params)?;
        if let Some(headers) = &self.headers {
            write!(f, "?{headers}")?;
        }
        Ok(())
    }
}

/// `;name=value` pairs in order. Names compare without case; quotes of values are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, Option<String>)>);

impl Params {
    /// Reads `a=b;c;d="e"`, with or without a leading semicolon.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let pairs = split_outside_quotes(text, b';')
            .filter(|part| !part.trim().is_empty())
            .map(|part| match part.split_once('=') {
                Some((name, value)) => (name.trim().to_owned(), Some(value.trim().to_owned())),
                None => (part.trim().to_owned(), None),
            })
            .collect();
        Self(pairs)
    }

    /// The value of the first parameter of this name; empty for one without a value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_deref().unwrap_or_default())
    }

    /// The value of the last parameter of this name; empty for one without a value.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .rfind(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_deref().unwrap_or_default())
    }

    /// Removes every parameter of this name.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
    }

    /// Sets a parameter, in the place of the first of this name or at the end.
    pub fn set(&mut self, name: &str, value: Option<&str>) {
        let value = value.map(str::to_owned);
        match self
            .0
            .iter_mut()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
        {
            Some((_, old)) => *old = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }
}

impl fmt::Display for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.0 {
            write!(f, ";{name}")?;
            if let Some(value) = value {
                write!(f, "={value}")?;
            }
        }
        Ok(())
    }
}

/// A display name, an address and parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameAddr {
    /// Without quotes and escapes.
    pub display: Option<String>,
    /// The address.
    pub uri: Uri,
    /// Header parameters such as `tag`.
    pub params: Params,
}

impl NameAddr {
    /// An address without a name.
    #[must_use]
    pub fn new(uri: Uri) -> Self {
        Self {
            display: None,
            uri,
            params: Params::default(),
        }
    }

    /// The `tag` parameter, if it is there and not empty. Of several, which nobody may write, the last:
    /// some proxies and test tools put theirs behind one that is there.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.params.last("tag").filter(|tag| !tag.is_empty())
    }
}

impl FromStr for NameAddr {
    type Err = UriError;

    fn from_str(text: &str) -> Result<Self, UriError> {
        let text = text.trim();
        let (display, rest) = take_display(text)?;
        if let Some(rest) = rest.strip_prefix('<') {
            let (uri, rest) = rest.split_once('>').ok_or(UriError::Shape)?;
            let params = match rest.trim_start().strip_prefix(';') {
                Some(params) => Params::parse(params),
                None if rest.trim().is_empty() => Params::default(),
                None => return Err(UriError::Shape),
            };
            return Ok(Self {
                display,
                uri: uri.parse()?,
                params,
            });
        }
        // Without brackets every parameter belongs to the header (RFC 3261 section 20).
        let (uri, params) = match rest.split_once(';') {
            Some((uri, params)) => (uri, Params::parse(params)),
            None => (rest, Params::default()),
        };
        Ok(Self {
            display,
            uri: uri.parse()?,
            params,
        })
    }
}

/// Splits the display name off; the rest starts with `<` if there was one.
fn take_display(text: &str) -> Result<(Option<String>, &str), UriError> {
    if let Some(quoted) = text.strip_prefix('"') {
        let mut display = String::new();
        let mut chars = quoted.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => display.extend(chars.next().map(|(_, escaped)| escaped)),
                '"' => {
                    let rest = quoted[at + 1..].trim_start();
                    if !rest.starts_with('<') {
                        return Err(UriError::Shape);
                    }
                    return Ok((Some(display), rest));
                }
                other => display.push(other),
            }
        }
        return Err(UriError::Shape);
    }
    match text.find('<') {
        Some(at) => {
            let display = text[..at].trim();
            Ok((
                (!display.is_empty()).then(|| display.to_owned()),
                &text[at..],
            ))
        }
        None => Ok((None, text)),
    }
}

impl fmt::Display for NameAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(display) = &self.display {
            f.write_str("\"")?;
            for c in display.chars().filter(|c| !c.is_control()) {
                if c == '"' || c == '\\' {
                    f.write_str("\\")?;
                }
                write!(f, "{c}")?;
            }
            f.write_str("\" ")?;
        }
        write!(f, "<{}>{}", self.uri, self.params)
    }
}

/// Splits at a separator that stands outside quotes and angle brackets.
pub(crate) fn split_outside_quotes(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let here = rest?;
        let (mut quoted, mut bracketed, mut escaped) = (false, false, false);
        for (at, byte) in here.bytes().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b'<' if !quoted => bracketed = true,
                b'>' if !quoted => bracketed = false,
                byte if byte == separator && !quoted && !bracketed => {
                    rest = Some(&here[at + 1..]);
                    return Some(&here[..at]);
                }
                _ => {}
            }
        }
        rest = None;
        Some(here)
    })
}

/// The content of a quoted string with its escapes resolved; other text as it is.
pub(crate) fn unquote(text: &str) -> String {
    let text = text.trim();
    let Some(inner) = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) else {
        return text.to_owned();
    };
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read is written back in one form.
    fn check(text: &str, written: &str) {
        let address: NameAddr = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(address.to_string(), written);
    }

    #[test]
    fn addresses_are_read_as_devices_write_them() {
        check("sip:bob@biloxi.com;tag=1", "<sip:bob@biloxi.com>;tag=1");
        check(
            "Bob <sips:bob@biloxi.com:5061>",
            "\"Bob\" <sips:bob@biloxi.com:5061>",
        );
        check(
            "\"A. \\\"G\\\" Bell\" <sip:agb@[2001:db8::1]:5070;lr?x=y> ; tag = a48s",
            "\"A. \\\"G\\\" Bell\" <sip:agb@[2001:db8::1]:5070;lr?x=y>;tag=a48s",
        );
        check(
            "<tel:+8613800138000;phone-context=a>",
            "<tel:+8613800138000;phone-context=a>",
        );
        check("<SIP:1;p=2@h>", "<sip:1;p=2@h>");
        check("isbn:2983792873", "<isbn:2983792873>");
    }

    #[test]
    fn broken_addresses_are_refused() {
        for text in [
            "",
            "bob",
            "<sip:bob@h",
            "\"Bob <sip:b@h>",
            "sip:@",
            "sip:b@h:70000",
            "sip:b@h:x",
            "<sip:b c@h>",
            "\"Bob\" sip:b@h",
            "sip:b@[::1",
            "<sip:b@h> x",
            "1sip:b@h",
        ] {
            assert!(text.parse::<NameAddr>().is_err(), "{text}");
        }
    }
}
