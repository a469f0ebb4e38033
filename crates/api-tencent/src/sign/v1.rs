//! Signature v1: HmacSHA1 and HmacSHA256 over all parameters, common and business.
//!
//! Everything travels as form fields (POST) or in the query (GET). What is signed is
//! `METHOD host path ? k=v&k=v…`, sorted by name, with values as they are before URL encoding and
//! `_` in names written as `.`. Without `SignatureMethod` the method is HmacSHA1.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use model::{CredentialId, UnixMs};
use sha1::Sha1;
use sha2::Sha256;

use super::{fresh, hosts_signed, paths_signed, secret_id};
use crate::fault::Fault;

/// Names that belong to the signature and the envelope, not to an action.
pub const COMMON: [&str; 11] = [
    "Action",
    "Version",
    "Timestamp",
    "Nonce",
    "SecretId",
    "SignatureMethod",
    "Signature",
    "Region",
    "Token",
    "Language",
    "RequestClient",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    HmacSha1,
    HmacSha256,
}

/// What the common parameters say; not proven yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who says they are asking.
    pub credential: CredentialId,
    method: Method,
    signature: Vec<u8>,
}

/// The parts of a request that a signature covers.
#[derive(Clone, Copy, Debug)]
pub struct Covered<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The raw `Host` header.
    pub host: &'a str,
    /// The real path.
    pub path: &'a str,
    /// All parameters, decoded.
    pub pairs: &'a [(String, String)],
}

/// Reads the claim out of the parameters, and checks its form and its time.
pub fn claim(pairs: &[(String, String)], now: UnixMs) -> Result<Claim, Fault> {
    let given = |name: &str| {
        pairs
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    };
    let required = |name: &str| given(name).ok_or_else(|| Fault::missing(name));
    let timestamp = required("Timestamp")?;
    let nonce = required("Nonce")?;
    let id = required("SecretId")?;
    let signature = required("Signature")?;
    if nonce.parse::<u64>().is_err() {
        return Err(Fault::wrong_type("Nonce", "uint64"));
    }
    let method = match given("SignatureMethod") {
        None | Some("" | "HmacSHA1") => Method::HmacSha1,
        Some("HmacSHA256") => Method::HmacSha256,
        Some(_) => {
            return Err(Fault::wrong_value(
                "SignatureMethod",
                "it is `HmacSHA1` or `HmacSHA256`",
            ));
        }
    };
    let credential = CredentialId(secret_id(id)?.to_owned());
    let signature = STANDARD
        .decode(signature)
        .map_err(|_| Fault::signature_failure())?;
    fresh(timestamp, now)?;
    Ok(Claim {
        credential,
        method,
        signature,
    })
}

/// Proves a claim: whether its signature is the one that `secret` makes of the request.
pub fn verify(claim: &Claim, secret: &str, covered: Covered<'_>) -> Result<(), Fault> {
    let parameters = sorted(covered.pairs)?;
    for path in paths_signed(covered.path) {
        for host in hosts_signed(covered.host) {
            let source = format!("{}{host}{path}?{parameters}", covered.method);
            if proves(claim, secret, &source) {
                return Ok(());
            }
        }
    }
    Err(Fault::signature_failure())
}

fn proves(claim: &Claim, secret: &str, source: &str) -> bool {
    let (key, source) = (secret.as_bytes(), source.as_bytes());
    let sound = "a key of any length is good";
    match claim.method {
        Method::HmacSha1 => Hmac::<Sha1>::new_from_slice(key)
            .expect(sound)
            .chain_update(source)
            .verify_slice(&claim.signature)
            .is_ok(),
        Method::HmacSha256 => Hmac::<Sha256>::new_from_slice(key)
            .expect(sound)
            .chain_update(source)
            .verify_slice(&claim.signature)
            .is_ok(),
    }
}

/// Two parameters of one name would leave open which of them was signed: they are refused.
fn sorted(pairs: &[(String, String)]) -> Result<String, Fault> {
    let mut by_name = BTreeMap::new();
    for (name, value) in pairs.iter().filter(|(name, _)| name != "Signature") {
        if by_name.insert(name.replace('_', "."), value).is_some() {
            return Err(Fault::unreadable("a parameter is given twice"));
        }
    }
    let parts: Vec<String> = by_name
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    Ok(parts.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        flatten,
        sign::captured::{Captured, SECRET, all},
    };

    #[test]
    fn every_request_that_an_official_client_sent_is_proven() {
        let mut n_requests = 0;
        for captured in all().filter(|captured| !captured.headers.contains_key("authorization")) {
            assert_eq!(
                check(&captured, &pairs(&captured)),
                Ok(()),
                "{}",
                captured.name
            );
            n_requests += 1;
        }
        assert_eq!(n_requests, 4);
    }

    #[test]
    fn the_order_in_which_parameters_came_does_not_matter() {
        let captured = Captured::named("python_v1_sha256_get");
        let mut pairs = pairs(&captured);
        pairs.reverse();
        assert_eq!(check(&captured, &pairs), Ok(()));
    }

    #[test]
    fn what_was_changed_added_or_given_twice_is_found_out() {
        let captured = Captured::named("python_v1_sha1_post");
        for (name, value) in [("AIAgentId", "43"), ("Extra", "1"), ("Nonce", "1")] {
            let mut pairs = pairs(&captured);
            pairs.retain(|(given, _)| given != name);
            pairs.push((name.to_owned(), value.to_owned()));
            assert_eq!(
                check(&captured, &pairs),
                Err(Fault::signature_failure()),
                "{name}"
            );
        }
        let mut twice = pairs(&captured);
        twice.push(("AIAgentId".to_owned(), "43".to_owned()));
        assert!(check(&captured, &twice).is_err());
    }

    #[test]
    fn an_underscore_is_signed_as_a_dot() {
        let captured = Captured::named("python_v1_sha1_post");
        let pairs = [
            ("Action", "X"),
            ("Nonce", "1"),
            ("SecretId", "AKIDtest"),
            ("Timestamp", "1"),
            ("a_b", "v"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let claim = Claim {
            credential: CredentialId("AKIDtest".to_owned()),
            method: Method::HmacSha1,
            signature: Hmac::<Sha1>::new_from_slice(SECRET.as_bytes())
                .unwrap()
                .chain_update(
                    "POST127.0.0.1:18555/?Action=X&Nonce=1&SecretId=AKIDtest&Timestamp=1&a.b=v",
                )
                .finalize()
                .into_bytes()
                .to_vec(),
        };
        assert_eq!(verify(&claim, SECRET, covered(&captured, &pairs)), Ok(()));
    }

    #[test]
    fn what_is_missing_or_malformed_is_named() {
        let captured = Captured::named("python_v1_sha1_post");
        for (name, value, code) in [
            ("Timestamp", None, "MissingParameter"),
            ("Nonce", None, "MissingParameter"),
            ("SecretId", None, "MissingParameter"),
            ("Signature", None, "MissingParameter"),
            ("Timestamp", Some("1"), "AuthFailure.SignatureExpire"),
            ("Timestamp", Some("soon"), "InvalidParameter"),
            ("Nonce", Some("-1"), "InvalidParameter"),
            ("SecretId", Some("test"), "AuthFailure.InvalidSecretId"),
            ("SignatureMethod", Some("HmacMD5"), "InvalidParameterValue"),
            ("Signature", Some("%"), "AuthFailure.SignatureFailure"),
        ] {
            let mut pairs = pairs(&captured);
            pairs.retain(|(given, _)| given != name);
            pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
            let fault = check(&captured, &pairs).unwrap_err();
            assert_eq!(fault.code, code, "{name} {value:?}");
        }
    }

    fn pairs(captured: &Captured) -> Vec<(String, String)> {
        let text = if captured.method == "GET" {
            captured.query.clone()
        } else {
            String::from_utf8(captured.body.clone()).unwrap()
        };
        flatten::pairs(&text).unwrap()
    }

    fn check(captured: &Captured, pairs: &[(String, String)]) -> Result<(), Fault> {
        let claim = claim(pairs, captured.sent_at())?;
        verify(&claim, SECRET, covered(captured, pairs))
    }

    fn covered<'a>(captured: &'a Captured, pairs: &'a [(String, String)]) -> Covered<'a> {
        Covered {
            method: &captured.method,
            host: captured.headers["host"].to_str().unwrap(),
            path: &captured.path,
            pairs,
        }
    }
}
