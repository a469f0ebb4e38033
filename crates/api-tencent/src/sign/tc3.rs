//! TC3-HMAC-SHA256, as the vendor's clients really send it.
//!
//! The method is documented; what clients make of it differs, and every difference below is one
//! that an official client has:
//!
//! - The canonical URI is `/` (Python, Go, Java) or the real path (Node).
//! - The query string is signed as it was sent, in whatever order and escaping.
//! - `Host` is signed as it was sent, even where it is a whole URL (Python with an endpoint such
//!   as `http://127.0.0.1:8080`), or without its port (Node).
//! - Header values are signed as they were sent, or in lower case (the documentation), or only
//!   those of `X-TC-*` in lower case (the documentation's sample programs).
//! - The service of the credential scope may be anything: Node and Java take it from the endpoint
//!   up to its first dot, which is `127` for a loopback address.
//! - `X-TC-Content-SHA256: UNSIGNED-PAYLOAD` signs that word in place of the body.
//!
//! A skipped signature (`Authorization: SKIP`) is never accepted: no action of `ccc` allows it.

use std::collections::BTreeSet;

use axum::http::HeaderMap;
use hmac::{Hmac, KeyInit, Mac};
use model::{CredentialId, UnixMs};
use sha2::{Digest, Sha256};

use super::{fresh, hosts_signed, paths_signed, secret_id};
use crate::fault::Fault;

const ALGORITHM: &str = "TC3-HMAC-SHA256";

/// Most headers that one signature covers.
const SIGNED_HEADERS_MAX: usize = 32;

/// What the `Authorization` header says; not proven yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who says they are asking.
    pub credential: CredentialId,
    timestamp: String,
    scope: String,
    date: String,
    service: String,
    signed_headers: Vec<String>,
    signature: Vec<u8>,
}

/// The parts of a request that a signature covers.
#[derive(Clone, Copy, Debug)]
pub struct Covered<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The real path.
    pub path: &'a str,
    /// The raw query string, empty if there is none.
    pub query: &'a str,
    /// All headers.
    pub headers: &'a HeaderMap,
    /// The body as sent; empty for GET.
    pub body: &'a [u8],
}

/// Reads the claim out of the headers, and checks its form and its time.
pub fn claim(headers: &HeaderMap, now: UnixMs) -> Result<Claim, Fault> {
    let timestamp = text(headers, "x-tc-timestamp").ok_or_else(|| Fault::missing("Timestamp"))?;
    let authorization =
        text(headers, "authorization").ok_or_else(|| Fault::missing("Authorization"))?;
    let rest = authorization
        .trim()
        .strip_prefix(ALGORITHM)
        .ok_or_else(|| Fault::invalid_authorization("it does not start with TC3-HMAC-SHA256"))?;
    let (mut scope, mut signed_headers, mut signature) = (None, None, None);
    for part in rest.split(',') {
        let (name, value) = part
            .trim()
            .split_once('=')
            .ok_or_else(|| Fault::invalid_authorization("a part of it is not `Name=value`"))?;
        match name {
            "Credential" => scope = Some(value),
            "SignedHeaders" => signed_headers = Some(value),
            "Signature" => signature = Some(value),
            _ => return Err(Fault::invalid_authorization("a part of it is unknown")),
        }
    }
    let part = |name: &str| Fault::invalid_authorization(&format!("`{name}` is missing"));
    let scope = scope.ok_or_else(|| part("Credential"))?;
    let (id, date, service) = scope_parts(scope)?;
    let credential = CredentialId(secret_id(id)?.to_owned());
    let signed_headers = header_names(signed_headers.ok_or_else(|| part("SignedHeaders"))?)?;
    let signature = hex::decode(signature.ok_or_else(|| part("Signature"))?)
        .map_err(|_| Fault::invalid_authorization("`Signature` is not hexadecimal"))?;
    let seconds = fresh(&timestamp, now)?;
    if utc_date(seconds).as_deref() != Some(date) {
        return Err(Fault::signature_failure());
    }
    Ok(Claim {
        credential,
        scope: format!("{date}/{service}/tc3_request"),
        date: date.to_owned(),
        service: service.to_owned(),
        timestamp,
        signed_headers,
        signature,
    })
}

/// Splits `AKID…/2026-11-21/ccc/tc3_request`. The service is what is left in the middle: with an
/// endpoint written as a URL it may hold slashes.
fn scope_parts(scope: &str) -> Result<(&str, &str, &str), Fault> {
    let parts = || {
        let (id, rest) = scope.split_once('/')?;
        let (date, rest) = rest.split_once('/')?;
        let service = rest.strip_suffix("/tc3_request")?;
        Some((id, date, service))
    };
    parts().ok_or_else(|| {
        Fault::invalid_authorization("`Credential` is not `SecretId/date/service/tc3_request`")
    })
}

fn header_names(list: &str) -> Result<Vec<String>, Fault> {
    let names: BTreeSet<String> = list
        .split(';')
        .take(SIGNED_HEADERS_MAX + 1)
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    if names.len() > SIGNED_HEADERS_MAX {
        return Err(Fault::invalid_authorization("`SignedHeaders` is too long"));
    }
    if !names.contains("content-type") || !names.contains("host") {
        return Err(Fault::invalid_authorization(
            "`SignedHeaders` lacks `content-type` or `host`",
        ));
    }
    Ok(list
        .split(';')
        .map(|name| name.trim().to_ascii_lowercase())
        .collect())
}

/// Proves a claim: whether its signature is the one that `secret` makes of the request in any of
/// the ways in which clients sign.
pub fn verify(claim: &Claim, secret: &str, covered: Covered<'_>) -> Result<(), Fault> {
    let host = text(covered.headers, "host").unwrap_or_default();
    let key = [claim.date.as_str(), &claim.service, "tc3_request"]
        .iter()
        .fold(format!("TC3{secret}").into_bytes(), |key, text| {
            mac(&key, text.as_bytes()).finalize().into_bytes().to_vec()
        });
    let payload = payload_hash(covered);
    let mut tried = BTreeSet::new();
    for path in paths_signed(covered.path) {
        for host in hosts_signed(&host) {
            for case in [Case::AsSent, Case::LowerTc, Case::Lower] {
                let Some(lines) = canonical_headers(claim, covered.headers, host, case) else {
                    return Err(Fault::signature_failure());
                };
                let canonical = format!(
                    "{}\n{path}\n{}\n{lines}\n{}\n{payload}",
                    covered.method,
                    covered.query,
                    claim.signed_headers.join(";"),
                );
                if tried.insert(canonical.clone()) && proves(claim, &key, &canonical) {
                    return Ok(());
                }
            }
        }
    }
    Err(Fault::signature_failure())
}

fn proves(claim: &Claim, key: &[u8], canonical: &str) -> bool {
    let to_sign = format!(
        "{ALGORITHM}\n{}\n{}\n{}",
        claim.timestamp,
        claim.scope,
        hex::encode(Sha256::digest(canonical))
    );
    mac(key, to_sign.as_bytes())
        .verify_slice(&claim.signature)
        .is_ok()
}

fn payload_hash(covered: Covered<'_>) -> String {
    let word = "UNSIGNED-PAYLOAD";
    let unsigned = text(covered.headers, "x-tc-content-sha256").is_some_and(|value| value == word);
    hex::encode(if unsigned {
        Sha256::digest(word)
    } else {
        Sha256::digest(covered.body)
    })
}

/// How a client wrote header values into what it signed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    AsSent,
    LowerTc,
    Lower,
}

/// One line for each signed header; `None` if one of them was not sent.
fn canonical_headers(claim: &Claim, headers: &HeaderMap, host: &str, case: Case) -> Option<String> {
    let mut lines = String::new();
    for name in &claim.signed_headers {
        let value = match name.as_str() {
            "host" => host.to_owned(),
            _ => text(headers, name)?,
        };
        let value = match case {
            Case::AsSent => value,
            Case::LowerTc if name.starts_with("x-tc-") => value.to_lowercase(),
            Case::LowerTc => value,
            Case::Lower => value.to_lowercase(),
        };
        lines.extend([name.as_str(), ":", value.trim(), "\n"]);
    }
    Some(lines)
}

fn mac(key: &[u8], text: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length is good");
    mac.update(text);
    mac
}

fn utc_date(seconds: i64) -> Option<String> {
    let time = jiff::Timestamp::from_second(seconds).ok()?;
    Some(time.strftime("%Y-%m-%d").to_string())
}

/// A header as text. Clients send UTF-8 where they send more than ASCII.
fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::captured::{Captured, SECRET, all};

    #[test]
    fn every_request_that_an_official_client_sent_is_proven() {
        let mut n_requests = 0;
        for captured in all().filter(|captured| captured.headers.contains_key("authorization")) {
            assert_eq!(check(&captured), Ok(()), "{}", captured.name);
            n_requests += 1;
        }
        assert_eq!(n_requests, 16);
    }

    #[test]
    fn a_changed_body_is_found_out() {
        let mut captured = python();
        captured.body[10] ^= 1;
        assert_eq!(check(&captured), Err(Fault::signature_failure()));
    }

    #[test]
    fn a_changed_query_is_found_out() {
        let mut captured = Captured::named("python_tc3_get");
        captured.query = captured.query.replace("AIAgentId=42", "AIAgentId=43");
        assert_eq!(check(&captured), Err(Fault::signature_failure()));
    }

    #[test]
    fn another_secret_proves_nothing() {
        let captured = python();
        let claim = claim(&captured.headers, captured.sent_at()).unwrap();
        let verified = verify(&claim, "another", covered(&captured));
        assert_eq!(verified, Err(Fault::signature_failure()));
    }

    #[test]
    fn a_changed_host_is_found_out() {
        let mut captured = python();
        captured.set("host", "other.example");
        assert_eq!(check(&captured), Err(Fault::signature_failure()));
    }

    #[test]
    fn an_old_request_expires() {
        let captured = python();
        let late = UnixMs::from_seconds(captured.sent_at().seconds() + 301);
        assert_eq!(
            claim(&captured.headers, late),
            Err(Fault::signature_expire())
        );
    }

    #[test]
    fn a_new_time_under_an_old_signature_is_found_out() {
        let mut captured = python();
        let later = captured.sent_at().seconds() + 60;
        captured.set("x-tc-timestamp", &later.to_string());
        assert_eq!(check(&captured), Err(Fault::signature_failure()));
    }

    #[test]
    fn the_scope_is_of_the_day_of_the_request() {
        let mut captured = python();
        captured.change("authorization", "2026-11-21", "2026-11-20");
        assert_eq!(check(&captured), Err(Fault::signature_failure()));
    }

    #[test]
    fn the_documentations_lower_case_action_is_proven() {
        let mut captured = python();
        captured.sign(
            "content-type;host;x-tc-action",
            "content-type:application/json\nhost:127.0.0.1:18080\nx-tc-action:createaiagentcall\n",
        );
        assert_eq!(check(&captured), Ok(()));
    }

    #[test]
    fn a_content_type_with_a_charset_is_proven_as_sent_and_in_lower_case() {
        for signed in [
            "application/json; charset=UTF-8",
            "application/json; charset=utf-8",
        ] {
            let mut captured = python();
            captured.set("content-type", "application/json; charset=UTF-8");
            captured.sign(
                "content-type;host",
                &format!("content-type:{signed}\nhost:127.0.0.1:18080\n"),
            );
            assert_eq!(check(&captured), Ok(()), "{signed}");
        }
    }

    #[test]
    fn a_signed_header_that_was_not_sent_is_found_out() {
        let mut captured = python();
        captured.change(
            "authorization",
            "content-type;host",
            "content-type;host;x-tc-none",
        );
        assert_eq!(check(&captured), Err(Fault::signature_failure()));
    }

    #[test]
    fn authorizations_that_do_not_read_have_their_codes() {
        let long = "x;".repeat(40);
        for (from, to, code) in [
            (
                "TC3-HMAC-SHA256",
                "SKIP",
                "AuthFailure.InvalidAuthorization",
            ),
            (
                "Signature=",
                "Signature",
                "AuthFailure.InvalidAuthorization",
            ),
            (
                "Signature=",
                "Signature=xyz",
                "AuthFailure.InvalidAuthorization",
            ),
            (
                "Credential=",
                "Kredential=",
                "AuthFailure.InvalidAuthorization",
            ),
            (
                "tc3_request",
                "tc2_request",
                "AuthFailure.InvalidAuthorization",
            ),
            ("content-type;", "", "AuthFailure.InvalidAuthorization"),
            ("content-type;", &long, "AuthFailure.InvalidAuthorization"),
            ("AKIDtest", "test", "AuthFailure.InvalidSecretId"),
            ("AKIDtest", "AKID te", "AuthFailure.InvalidSecretId"),
        ] {
            let mut captured = python();
            captured.change("authorization", from, to);
            let fault = claim(&captured.headers, captured.sent_at()).unwrap_err();
            assert_eq!(fault.code, code, "{from} {to}");
        }
    }

    #[test]
    fn a_request_that_skips_its_signature_is_refused() {
        let mut captured = python();
        captured.set("authorization", "SKIP");
        let fault = claim(&captured.headers, captured.sent_at()).unwrap_err();
        assert_eq!(fault.code, "AuthFailure.InvalidAuthorization");
    }

    proptest::proptest! {
        #[test]
        fn no_authorization_makes_it_panic(text in "(TC3-HMAC-SHA256 )?[A-Za-z0-9=/,; -]{0,80}") {
            let mut captured = python();
            captured.set("authorization", &text);
            let _ = check(&captured);
        }
    }

    fn python() -> Captured {
        Captured::named("python_cn_create_ai_agent_call")
    }

    fn check(captured: &Captured) -> Result<(), Fault> {
        let claim = claim(&captured.headers, captured.sent_at())?;
        verify(&claim, SECRET, covered(captured))
    }

    fn covered(captured: &Captured) -> Covered<'_> {
        Covered {
            method: &captured.method,
            path: &captured.path,
            query: &captured.query,
            headers: &captured.headers,
            body: &captured.body,
        }
    }

    impl Captured {
        /// Signs anew, as a client would that writes its headers so.
        fn sign(&mut self, names: &str, lines: &str) {
            let canonical = format!(
                "{}\n/\n{}\n{lines}\n{names}\n{}",
                self.method,
                self.query,
                hex::encode(Sha256::digest(&self.body))
            );
            let scope = "2026-11-21/ccc/tc3_request";
            let to_sign = format!(
                "{ALGORITHM}\n{}\n{scope}\n{}",
                self.sent_at().seconds(),
                hex::encode(Sha256::digest(canonical))
            );
            let key = scope
                .split('/')
                .fold(format!("TC3{SECRET}").into_bytes(), |key, text| {
                    mac(&key, text.as_bytes()).finalize().into_bytes().to_vec()
                });
            let signature = hex::encode(mac(&key, to_sign.as_bytes()).finalize().into_bytes());
            self.set(
                "authorization",
                &format!(
                    "{ALGORITHM} Credential=AKIDtest/{scope}, SignedHeaders={names}, Signature={signature}"
                ),
            );
        }
    }
}
