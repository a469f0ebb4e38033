//! Signature V3, ACS3-HMAC-SHA256: an HMAC over method, path, query, named headers and body.
//!
//! Which headers are signed differs from client to client, so the list in the request is used; it
//! must hold at least those that say what is asked. A proxy in front must pass `Host` and
//! `User-Agent` unchanged. ACS3-HMAC-SM3 and the RSA method are not taken.

use axum::http::HeaderMap;
use hmac::{Hmac, KeyInit as _, Mac as _};
use model::{CredentialId, UnixMs};
use sha2::{Digest as _, Sha256};

use super::{fresh, nonce};
use crate::{fault::Fault, form};

/// The method in the `Authorization` header.
const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// Headers that must be signed: without them a stranger could change what is asked.
const SIGNED_MIN: [&str; 6] = [
    "host",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-version",
];

/// Most headers in a list.
const SIGNED_MAX: usize = 64;

/// What the headers say; not proven yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who says they are asking.
    pub credential: CredentialId,
    /// New with each request.
    pub nonce: String,
    /// When it was signed.
    pub at: UnixMs,
    signed: Vec<String>,
    signature: Vec<u8>,
}

/// The parts of a request that a signature covers, beside its headers.
#[derive(Clone, Copy, Debug)]
pub struct Covered<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The path as it was sent.
    pub path: &'a str,
    /// The query, decoded.
    pub query: &'a [(String, String)],
    /// All headers.
    pub headers: &'a HeaderMap,
    /// The body as it was sent.
    pub body: &'a [u8],
}

/// Whether a request is signed this way.
pub fn is_signed(headers: &HeaderMap) -> bool {
    text(headers, "authorization").is_some_and(|text| text.starts_with("ACS3-"))
}

/// Reads the claim out of the headers, and checks its form and its time.
pub fn claim(headers: &HeaderMap, now: UnixMs) -> Result<Claim, Fault> {
    let authorization = text(headers, "authorization").unwrap_or_default();
    let (algorithm, fields) = authorization
        .split_once(' ')
        .ok_or_else(|| Fault::incomplete_signature("the Authorization header has no fields"))?;
    if algorithm != ALGORITHM {
        return Err(Fault::signature_method());
    }
    let field = |name: &str| {
        let found = fields.split(',').find_map(|field| {
            let (given, value) = field.trim().split_once('=')?;
            (given == name && !value.is_empty()).then_some(value)
        });
        found.ok_or_else(|| {
            Fault::incomplete_signature(&format!("the Authorization header has no {name}"))
        })
    };
    let id = field("Credential")?;
    let signed: Vec<String> = field("SignedHeaders")?
        .split(';')
        .map(str::to_ascii_lowercase)
        .collect();
    let lacking = SIGNED_MIN
        .iter()
        .find(|name| !signed.iter().any(|given| given == *name));
    if let Some(name) = lacking {
        return Err(Fault::incomplete_signature(&format!(
            "{name} is not signed"
        )));
    }
    if signed.len() > SIGNED_MAX {
        return Err(Fault::incomplete_signature("too many headers are signed"));
    }
    let required = |name| text(headers, name).ok_or_else(|| Fault::missing(name));
    let nonce = nonce(required("x-acs-signature-nonce")?)?;
    let at = fresh(required("x-acs-date")?, now)?;
    if text(headers, "x-acs-security-token").is_some_and(|token| !token.is_empty()) {
        return Err(Fault::security_token());
    }
    Ok(Claim {
        credential: CredentialId(id.to_owned()),
        nonce: nonce.to_owned(),
        at,
        signature: hex::decode(field("Signature")?).unwrap_or_default(),
        signed,
    })
}

/// Proves a claim: whether its signature is the one that `secret` makes of the request.
pub fn verify(claim: &Claim, secret: &str, covered: Covered<'_>) -> Result<(), Fault> {
    let hashed_body = hex::encode(Sha256::digest(covered.body));
    if text(covered.headers, "x-acs-content-sha256") != Some(hashed_body.as_str()) {
        return Err(Fault::incomplete_signature(
            "x-acs-content-sha256 is not the hash of the body",
        ));
    }
    let canonical = canonical(claim, covered, &hashed_body)?;
    let source = format!("{ALGORITHM}\n{}", hex::encode(Sha256::digest(canonical)));
    let proof = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .expect("a key of any length is good")
        .chain_update(&source)
        .verify_slice(&claim.signature);
    proof.map_err(|_| Fault::signature(&source))
}

fn canonical(claim: &Claim, covered: Covered<'_>, hashed_body: &str) -> Result<String, Fault> {
    let query = covered
        .query
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let mut out = format!(
        "{}\n{}\n{}\n",
        covered.method,
        covered.path,
        form::canonical(query)?
    );
    for name in &claim.signed {
        let mut values = Vec::new();
        for value in covered.headers.get_all(name.as_str()) {
            // Headers are bytes; the clients sign them as text.
            values.push(
                std::str::from_utf8(value.as_bytes())
                    .map_err(|_| Fault::invalid_format())?
                    .trim(),
            );
        }
        if values.is_empty() {
            return Err(Fault::incomplete_signature(&format!(
                "{name} is signed and absent"
            )));
        }
        values.sort_unstable();
        out.push_str(name);
        out.push(':');
        out.push_str(&values.join(","));
        out.push('\n');
    }
    out.push('\n');
    out.push_str(&claim.signed.join(";"));
    out.push('\n');
    out.push_str(hashed_body);
    Ok(out)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::captured::{Captured, SECRET};

    #[test]
    fn the_request_that_an_official_client_sent_is_proven() {
        assert_eq!(check(&tea()), Ok(()));
    }

    /// The vendor's page, with the date and the nonce that its signature really was made with.
    #[test]
    fn the_published_vector_is_proven() {
        let mut captured = tea();
        captured.headers.clear();
        captured.query =
            "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"
                .into();
        for (name, value) in [
            ("host", "ecs.cn-shanghai.aliyuncs.com"),
            ("x-acs-action", "RunInstances"),
            ("x-acs-version", "2014-05-26"),
            ("x-acs-date", "2023-10-26T10:22:32Z"),
            ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
            (
                "x-acs-content-sha256",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ),
            (
                "authorization",
                "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
            ),
        ] {
            captured.set(name, value);
        }
        assert_eq!(check_with(&captured, "YourAccessKeySecret"), Ok(()));
    }

    #[test]
    fn nothing_that_is_signed_can_be_changed() {
        for (name, value, code) in [
            ("x-acs-action", "CancelJobs", "SignatureDoesNotMatch"),
            ("host", "127.0.0.1", "SignatureDoesNotMatch"),
            ("user-agent", "x", "SignatureDoesNotMatch"),
            ("x-acs-content-sha256", "00", "IncompleteSignature"),
            (
                "x-acs-date",
                "2026-11-21T00:07:28Z",
                "SignatureDoesNotMatch",
            ),
        ] {
            let mut captured = tea();
            captured.set(name, value);
            assert_eq!(check(&captured).unwrap_err().code, code, "{name}");
        }
        let mut captured = tea();
        captured.query.push_str("&Extra=1");
        assert_eq!(check(&captured).unwrap_err().code, "SignatureDoesNotMatch");
        let mut captured = tea();
        captured.body = b"x".to_vec();
        assert_eq!(check(&captured).unwrap_err().code, "IncompleteSignature");
    }

    #[test]
    fn headers_that_say_what_is_asked_must_be_signed() {
        for name in SIGNED_MIN {
            let mut captured = tea();
            let header = captured.headers["authorization"]
                .to_str()
                .unwrap()
                .to_owned();
            let header = header
                .replace(&format!("{name};"), "")
                .replace(&format!(";{name},"), ",");
            captured.set("authorization", &header);
            assert_eq!(
                check(&captured).unwrap_err().code,
                "IncompleteSignature",
                "{name}"
            );
        }
    }

    #[test]
    fn malformed_claims_are_named() {
        for (header, code) in [
            ("ACS3-HMAC-SHA256", "IncompleteSignature"),
            ("ACS3-HMAC-SHA256 Credential=a", "IncompleteSignature"),
            (
                "ACS3-HMAC-SM3 Credential=a,SignedHeaders=host,Signature=00",
                "InvalidSignatureMethod",
            ),
        ] {
            let mut captured = tea();
            captured.set("authorization", header);
            assert_eq!(check(&captured).unwrap_err().code, code, "{header}");
        }
        let mut captured = tea();
        captured.headers.remove("x-acs-signature-nonce");
        assert_eq!(
            check(&captured).unwrap_err().code,
            "Missingx-acs-signature-nonce"
        );
    }

    fn tea() -> Captured {
        Captured::named("python_tea_acs3")
    }

    fn check(captured: &Captured) -> Result<(), Fault> {
        check_with(captured, SECRET)
    }

    fn check_with(captured: &Captured, secret: &str) -> Result<(), Fault> {
        let claim = claim(&captured.headers, captured.sent_at())?;
        let query = form::pairs(&captured.query)?;
        let covered = Covered {
            method: &captured.method,
            path: "/",
            query: &query,
            headers: &captured.headers,
            body: &captured.body,
        };
        verify(&claim, secret, covered)
    }
}
