//! What a server asks for in WWW-Authenticate and Proxy-Authenticate, read and written.

use super::Algorithm;
use crate::{
    Headers,
    uri::{split_outside_quotes, unquote},
};

/// One digest challenge that we can answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Challenge {
    pub realm: String,
    pub nonce: String,
    pub opaque: Option<String>,
    pub algorithm: Algorithm,
    /// As written, to be given back only if it was.
    pub algorithm_named: bool,
    /// `qop=auth` is offered; without it the form of RFC 2069 is used.
    pub qop_auth: bool,
    /// Only the nonce is too old.
    pub stale: bool,
}

impl Challenge {
    /// The best challenge of each realm in the fields of this name: SHA-256 before MD5; those
    /// with unknown algorithms or only `auth-int` are left out.
    pub fn best(headers: &Headers, name: &str) -> Vec<Challenge> {
        let mut best: Vec<Challenge> = Vec::new();
        for params in headers.all(name).flat_map(digest_params) {
            let Some(challenge) = Challenge::of(&params) else {
                continue;
            };
            match best.iter_mut().find(|known| known.realm == challenge.realm) {
                Some(known) if known.algorithm < challenge.algorithm => *known = challenge,
                Some(_) => {}
                None => best.push(challenge),
            }
        }
        best
    }

    fn of(params: &[(String, String)]) -> Option<Self> {
        let value = |name: &str| find(params, name).map(str::to_owned);
        let qop = find(params, "qop");
        let qop_auth = qop.is_some_and(|all| {
            all.split(',')
                .any(|q| q.trim().eq_ignore_ascii_case("auth"))
        });
        if qop.is_some() && !qop_auth {
            return None;
        }
        Some(Self {
            realm: value("realm")?,
            // Required by RFC 7616 section 3.3; registrars that challenge without one take an empty one.
            nonce: value("nonce").unwrap_or_default(),
            opaque: value("opaque"),
            algorithm: Algorithm::of(find(params, "algorithm"))?,
            algorithm_named: find(params, "algorithm").is_some(),
            qop_auth,
            stale: find(params, "stale").is_some_and(|s| s.eq_ignore_ascii_case("true")),
        })
    }

    /// The value of WWW-Authenticate.
    pub fn to_header(&self) -> String {
        let stale = if self.stale { ", stale=true" } else { "" };
        format!(
            "Digest realm=\"{}\", nonce=\"{}\", algorithm={}, qop=\"auth\"{stale}",
            self.realm.replace(['"', '\\'], ""),
            self.nonce,
            self.algorithm.as_str(),
        )
    }
}

/// The value of a parameter.
pub(super) fn find<'a>(params: &'a [(String, String)], name: &str) -> Option<&'a str> {
    params
        .iter()
        .find(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

/// The parameters of each `Digest` challenge or answer in one field, unquoted. Several
/// challenges may stand in one field; other schemes are skipped.
pub(super) fn digest_params(field: &str) -> Vec<Vec<(String, String)>> {
    let mut all: Vec<Vec<(String, String)>> = Vec::new();
    let mut ours = false;
    for part in split_outside_quotes(field, b',') {
        let mut part = part.trim();
        // A scheme is a word that another word follows, before any `=`.
        if let Some((word, rest)) = part.split_once(|c: char| c.is_ascii_whitespace()) {
            let rest = rest.trim_start();
            if !word.contains('=') && !rest.starts_with('=') {
                ours = word.eq_ignore_ascii_case("Digest");
                if ours {
                    all.push(Vec::new());
                }
                part = rest;
            }
        }
        if let (true, Some(params), Some((name, value))) =
            (ours, all.last_mut(), part.split_once('='))
        {
            params.push((name.trim().to_owned(), unquote(value)));
        }
    }
    all
}
