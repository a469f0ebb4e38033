//! ACS3-HMAC-SHA256, as the vendor's current clients sign.
//!
//! Signed are the method, the path, the sorted query, all headers given here and the hash of the
//! body (the vendor's page *Request syntax and signature method V3*).

use std::{collections::BTreeMap, fmt::Write as _};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// The name of the method.
const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// What is signed.
pub(super) struct Request<'a> {
    pub path: &'a str,
    pub query: &'a [(&'a str, &'a str)],
    /// Lower-case names. `x-acs-content-sha256` is added.
    pub headers: BTreeMap<&'static str, String>,
    pub body: &'a [u8],
}

/// The headers of a signed POST request, `authorization` among them.
pub(super) fn signed(
    request: Request<'_>,
    key_id: &str,
    secret: &str,
) -> BTreeMap<&'static str, String> {
    let mut headers = request.headers;
    let hashed_body = hex::encode(Sha256::digest(request.body));
    headers.insert("x-acs-content-sha256", hashed_body.clone());
    let names: Vec<&str> = headers.keys().copied().collect();
    let names = names.join(";");
    let mut canonical = format!("POST\n{}\n{}\n", request.path, query(request.query));
    for (name, value) in &headers {
        writeln!(canonical, "{name}:{}", value.trim()).expect("a String takes every write");
    }
    write!(canonical, "\n{names}\n{hashed_body}").expect("a String takes every write");
    let to_sign = format!("{ALGORITHM}\n{}", hex::encode(Sha256::digest(canonical)));
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes any key length");
    mac.update(to_sign.as_bytes());
    let signature = hex::encode(mac.finalize().into_bytes());
    headers.insert(
        "authorization",
        format!("{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}"),
    );
    headers
}

/// The query in its canonical form, which is also the one that is sent.
pub(super) fn query(pairs: &[(&str, &str)]) -> String {
    let mut pairs = pairs.to_vec();
    pairs.sort_unstable();
    let encoded: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    encoded.join("&")
}

/// Percent-encodes all but RFC 3986's unreserved characters.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(byte.into());
            }
            _ => write!(out, "%{byte:02X}").expect("a String takes every write"),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector that the vendor's Python client gave with a fixed clock and nonce.
    #[test]
    fn the_signature_is_the_official_clients() {
        let headers = BTreeMap::from(
            [
                ("accept", "application/json"),
                ("host", "127.0.0.1:18080"),
                (
                    "user-agent",
                    "AlibabaCloud (Linux; x86_64) Python/3.11.7 Core/0.4.3 TeaDSL/2",
                ),
                ("x-acs-action", "Dialogue"),
                ("x-acs-credentials-provider", "static_ak"),
                ("x-acs-date", "2026-01-02T03:04:05Z"),
                ("x-acs-signature-nonce", "0123456789abcdef0123456789abcdef"),
                ("x-acs-version", "2019-12-26"),
            ]
            .map(|(name, value)| (name, value.to_owned())),
        );
        let request = Request {
            path: "/",
            query: &[
                ("CallId", "1528189846043"),
                ("CallType", "Outbound"),
                ("CalledNumber", "13500004353"),
                ("CallingNumber", "1***6"),
                ("InstanceId", "af81a389-91f0-4157-8d82-720edd02b66a"),
                ("Utterance", "是的 a+b~*'/"),
                ("ActionKey", "broadcast"),
                ("ActionParams", r#"{"a":"b c"}"#),
            ],
            headers,
            body: b"",
        };
        let headers = signed(
            request,
            "LTAItestid0000000000",
            "testsecret0000000000000000000000",
        );
        assert!(headers["authorization"].ends_with(
            "Signature=1a60d6e58ff8b4a2e75c4698b4ac4e729888e7c1da25ea29b3a92501ba50b662"
        ));
    }
}
