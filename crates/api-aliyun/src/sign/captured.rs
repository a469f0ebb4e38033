//! Requests that the vendor's official clients really sent, byte for byte, as test vectors.
//!
//! They were sent to a listener on a loopback address with the keys `LTAItest` and `secrettest`.

use std::{fs, path::Path};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use model::UnixMs;

use crate::form;

/// The secret key that all of them were signed with.
pub(crate) const SECRET: &str = "secrettest";

/// One request.
pub(crate) struct Captured {
    pub(crate) method: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Captured {
    /// The request in the file with this name.
    pub(crate) fn named(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/captured")
            .join(format!("{name}.txt"));
        let bytes = fs::read(path).unwrap();
        let end = bytes
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap();
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let mut request = lines.next().unwrap().split(' ');
        let (method, target) = (request.next().unwrap(), request.next().unwrap());
        let (_, query) = target.split_once('?').unwrap_or((target, ""));
        let mut captured = Self {
            method: method.to_owned(),
            query: query.to_owned(),
            headers: HeaderMap::new(),
            body: bytes[end + 4..].to_vec(),
        };
        for line in lines {
            let (name, value) = line
                .split_once(": ")
                .unwrap_or((line.trim_end_matches(':'), ""));
            captured.headers.append(
                HeaderName::try_from(name).unwrap(),
                HeaderValue::try_from(value).unwrap(),
            );
        }
        captured
    }

    /// All parameters, those of the query and those of the form.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = form::pairs(&self.query).unwrap();
        pairs.extend(form::pairs(std::str::from_utf8(&self.body).unwrap()).unwrap());
        pairs
    }

    /// When it was sent, as it says itself.
    pub(crate) fn sent_at(&self) -> UnixMs {
        let pairs = self.pairs();
        let text = match self.headers.get("x-acs-date") {
            Some(value) => value.to_str().unwrap(),
            None => pairs
                .iter()
                .find(|(name, _)| name == "Timestamp")
                .map(|(_, value)| value.as_str())
                .unwrap(),
        };
        UnixMs(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    /// Gives a header another value.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.headers.insert(
            HeaderName::try_from(name).unwrap(),
            HeaderValue::try_from(value).unwrap(),
        );
    }
}
