//! Message to bytes.

use std::fmt::{Display, Write};

use super::{Headers, Method, Via, phrase};

/// Writes one message, line by line.
#[derive(Debug)]
pub(crate) struct Builder {
    text: String,
}

impl Builder {
    /// Starts a request.
    pub fn request(method: &Method, uri: &str) -> Self {
        let mut text = String::with_capacity(1024);
        let _ = write!(text, "{method} {uri} SIP/2.0\r\n");
        Self { text }
    }

    /// Starts a response with the fields that it copies from its request (RFC 3261 section
    /// 8.2.6.2). A To without tag gets this one.
    pub fn response(
        status: u16,
        reason: Option<&str>,
        copied: &Headers,
        via: &Via,
        tag: &str,
    ) -> Self {
        let mut text = String::with_capacity(1024);
        let reason = reason.unwrap_or_else(|| phrase(status));
        let _ = write!(text, "SIP/2.0 {status} {}\r\n", one_line(reason));
        let mut builder = Self { text };
        builder.header("Via", via);
        for more in copied.values("Via").skip(1) {
            builder.header("Via", more);
        }
        for name in ["From", "To", "Call-ID", "CSeq"] {
            let value = copied.get(name).unwrap_or_default();
            let untagged = name == "To" && status > 100 && !has_tag(value);
            if untagged && !tag.is_empty() {
                builder.header(name, format_args!("{};tag={tag}", bracketed(value)));
            } else {
                builder.header(name, value);
            }
        }
        builder
    }

    /// Adds a field. Line breaks in the value are removed.
    pub fn header(&mut self, name: &str, value: impl Display) -> &mut Self {
        let at = self.text.len();
        let _ = write!(self.text, "{name}: {value}");
        if self.text.as_bytes()[at..]
            .iter()
            .any(|b| matches!(b, b'\r' | b'\n'))
        {
            let clean = one_line(&self.text[at..]);
            self.text.truncate(at);
            self.text.push_str(&clean);
        }
        self.text.push_str("\r\n");
        self
    }

    /// Adds `Content-Length`, the empty line and no body.
    pub fn finish(self) -> Vec<u8> {
        self.finish_with("", b"")
    }

    /// Adds the body's fields, the empty line and the body.
    pub fn finish_with(mut self, content_type: &str, body: &[u8]) -> Vec<u8> {
        if !body.is_empty() {
            self.header("Content-Type", content_type);
        }
        self.header("Content-Length", body.len());
        self.text.push_str("\r\n");
        let mut bytes = self.text.into_bytes();
        bytes.extend_from_slice(body);
        bytes
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], "")
}

/// Whether a From or To value has a tag, also when the rest of it is broken.
fn has_tag(value: &str) -> bool {
    let after = value.rfind('>').map_or(value, |at| &value[at..]);
    after.split(';').skip(1).any(|param| {
        param
            .split('=')
            .next()
            .is_some_and(|name| name.trim().eq_ignore_ascii_case("tag"))
    })
}

/// The value in a form that a parameter can follow: a bare address is already one.
fn bracketed(value: &str) -> &str {
    value.trim_end().trim_end_matches(';')
}
