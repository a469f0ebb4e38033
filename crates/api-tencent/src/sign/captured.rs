//! Requests that the vendor's official clients really sent, byte for byte, as test vectors.
//!
//! They were sent to a listener on a loopback address with the keys `AKIDtest` and `secrettest`.

use std::{fs, path::Path};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use model::UnixMs;

/// The secret key that all of them were signed with.
pub(crate) const SECRET: &str = "secrettest";

/// One request.
pub(crate) struct Captured {
    pub(crate) name: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = Captured> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captured");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names.into_iter().map(|name| Captured::named(&name))
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
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut captured = Self {
            name: name.to_owned(),
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: HeaderMap::new(),
            body: bytes[end + 4..].to_vec(),
        };
        for line in lines {
            let (name, value) = line.split_once(": ").unwrap();
            captured.set(name, value);
        }
        captured
    }

    /// When it was sent, as it says itself.
    pub(crate) fn sent_at(&self) -> UnixMs {
        let text = match self.headers.get("x-tc-timestamp") {
            Some(value) => value.to_str().unwrap().to_owned(),
            None => {
                let all = format!("{}&{}", self.query, String::from_utf8_lossy(&self.body));
                let (_, rest) = all.split_once("Timestamp=").unwrap();
                rest.split('&').next().unwrap().to_owned()
            }
        };
        UnixMs::from_seconds(text.parse().unwrap())
    }

    /// Gives a header another value.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.headers.insert(
            HeaderName::try_from(name).unwrap(),
            HeaderValue::try_from(value).unwrap(),
        );
    }

    /// Changes a part of a header's value.
    pub(crate) fn change(&mut self, name: &str, from: &str, to: &str) {
        let value = self.headers[name].to_str().unwrap();
        assert!(value.contains(from), "{value}");
        self.set(name, &value.replacen(from, to, 1));
    }
}
