//! Addresses with queries, and how Tencent signs them.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::Url;
use serde_json::{Map, Value};
use sha1::Sha1;

use super::{ServiceFailure, SpeechSettings};

/// An address with parameters, and the further ones that its owner wrote down.
pub(crate) fn with_query(url: &str, query: &[(&str, &str)], extra: &Map<String, Value>) -> String {
    let Ok(mut whole) = Url::parse(url) else {
        return url.to_owned();
    };
    {
        let mut pairs = whole.query_pairs_mut();
        for (name, value) in query {
            pairs.append_pair(name, value);
        }
        for (name, value) in extra {
            match value {
                // A list is a parameter that comes several times.
                Value::Array(values) => {
                    for value in values {
                        pairs.append_pair(name, &plain(value));
                    }
                }
                value => {
                    pairs.append_pair(name, &plain(value));
                }
            }
        }
    }
    whole.into()
}

/// An address of Tencent's speech services, signed with HMAC-SHA1 over `prefix`, host, path and
/// the parameters as they are, by name. The signature stands last, as `signature_name`.
pub(crate) fn tencent_url(
    prefix: &str,
    base: &str,
    mut params: Vec<(String, String)>,
    signature_name: &str,
    settings: &SpeechSettings,
) -> Result<String, ServiceFailure> {
    let url = Url::parse(base).map_err(|_| wrong_address())?;
    for (name, value) in &settings.extra {
        params.retain(|(known, _)| known != name);
        params.push((name.clone(), plain(value)));
    }
    params.sort();
    let raw: Vec<String> = params
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let host = url.host_str().ok_or_else(wrong_address)?;
    let host = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    let to_sign = format!("{prefix}{host}{}?{}", url.path(), raw.join("&"));
    let signature = hmac_sha1(settings.key.as_bytes(), &to_sign);
    let mut query: Vec<(&str, &str)> = params
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    query.push((signature_name, &signature));
    Ok(with_query(base, &query, &Map::new()))
}

fn hmac_sha1(key: &[u8], text: &str) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn wrong_address() -> ServiceFailure {
    ServiceFailure::Unreachable("the address cannot be read".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_rfc_2202() {
        // RFC 2202 section 3, test case 2.
        let signature = hmac_sha1(b"Jefe", "what do ya want for nothing?");
        let bytes = BASE64_STANDARD.decode(signature).unwrap();
        assert_eq!(
            hex::encode(bytes),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        );
    }

    #[test]
    fn parameters_are_encoded_and_lists_repeat() {
        let extra = serde_json::json!({"keyterm": ["a b", "c"], "numerals": true});
        let url = with_query("ws://h/v1?x=1", &[("q", "+/=")], extra.as_object().unwrap());
        assert_eq!(
            url,
            "ws://h/v1?x=1&q=%2B%2F%3D&keyterm=a+b&keyterm=c&numerals=true"
        );
    }
}
