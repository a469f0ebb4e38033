//! Signs a request as the vendor's clients do: TC3-HMAC-SHA256.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// A key pair.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a> {
    /// `SecretId`.
    pub id: &'a str,
    /// `SecretKey`.
    pub secret: &'a str,
}

/// The `Authorization` header of a POST of `body` to `/` of `host`, at `timestamp` (Unix seconds).
/// Covers the headers `content-type` (`application/json`) and `host`.
pub fn authorization(keys: Keys<'_>, host: &str, body: &str, timestamp: i64) -> String {
    let date = jiff::Timestamp::from_second(timestamp).unwrap_or_default();
    let date = date.strftime("%Y-%m-%d").to_string();
    let canonical = format!(
        "POST\n/\n\ncontent-type:application/json\nhost:{host}\n\ncontent-type;host\n{}",
        hex::encode(Sha256::digest(body))
    );
    let scope = format!("{date}/ccc/tc3_request");
    let to_sign = format!(
        "TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{}",
        hex::encode(Sha256::digest(canonical))
    );
    let key = [date.as_str(), "ccc", "tc3_request"]
        .iter()
        .fold(format!("TC3{}", keys.secret).into_bytes(), |key, part| {
            mac(&key, part)
        });
    let signature = hex::encode(mac(&key, &to_sign));
    format!(
        "TC3-HMAC-SHA256 Credential={}/{scope}, SignedHeaders=content-type;host, \
         Signature={signature}",
        keys.id
    )
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length is good");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use api_tencent::sign::tc3::{Covered, claim, verify};
    use axum::http::HeaderMap;
    use model::UnixMs;

    use super::*;

    #[test]
    fn the_server_takes_what_the_demo_signs() {
        let keys = Keys {
            id: "AKIDdev",
            secret: "dev-secret",
        };
        let (host, body, seconds) = (
            "127.0.0.1:8080",
            r#"{"SdkAppId":1400000001}"#,
            1_795_252_442,
        );
        let mut headers = HeaderMap::new();
        let signed = authorization(keys, host, body, seconds);
        headers.insert("authorization", signed.parse().unwrap());
        headers.insert("content-type", "application/json".parse().unwrap());
        headers.insert("host", host.parse().unwrap());
        headers.insert("x-tc-timestamp", seconds.to_string().parse().unwrap());
        let claimed = claim(&headers, UnixMs::from_seconds(seconds)).unwrap();
        let covered = Covered {
            method: "POST",
            path: "/",
            query: "",
            headers: &headers,
            body: body.as_bytes(),
        };
        assert!(verify(&claimed, keys.secret, covered).is_ok());
        assert!(verify(&claimed, "another", covered).is_err());
    }
}
