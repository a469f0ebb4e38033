//! Signature v1 of RPC requests: an HMAC over the method and all parameters.
//!
//! `METHOD & %2F & enc(k1=v1&k2=v2…)`, parameters of query and form together, sorted and encoded
//! canonically (see [`crate::form`]), keyed with the secret and a closing `&`. HMAC-SHA256 in place
//! of HMAC-SHA1 is ours: no official client sends it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use model::{CredentialId, UnixMs};
use sha1::Sha1;
use sha2::Sha256;

use super::{fresh, nonce};
use crate::{fault::Fault, form};

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
    /// New with each request.
    pub nonce: String,
    /// When it was signed.
    pub at: UnixMs,
    method: Method,
    signature: Vec<u8>,
}

/// Reads the claim out of the parameters, and checks its form and its time.
pub fn claim(pairs: &[(String, String)], now: UnixMs) -> Result<Claim, Fault> {
    let given = |name: &str| {
        let found = pairs.iter().find(|(given, _)| given == name);
        found.map(|(_, value)| value.as_str())
    };
    let required = |name: &str| {
        given(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| Fault::missing(name))
    };
    let id = required("AccessKeyId")?;
    let method = match required("SignatureMethod")?.to_ascii_uppercase().as_str() {
        "HMAC-SHA1" => Method::HmacSha1,
        "HMAC-SHA256" => Method::HmacSha256,
        _ => return Err(Fault::signature_method()),
    };
    if required("SignatureVersion")? != "1.0" {
        return Err(Fault::invalid("SignatureVersion", "it is 1.0"));
    }
    let signature = required("Signature")?;
    let nonce = nonce(required("SignatureNonce")?)?;
    let at = fresh(required("Timestamp")?, now)?;
    if given("SecurityToken").is_some_and(|token| !token.is_empty()) {
        return Err(Fault::security_token());
    }
    Ok(Claim {
        credential: CredentialId(id.to_owned()),
        nonce: nonce.to_owned(),
        at,
        method,
        // What is not base64 is not the right signature.
        signature: STANDARD.decode(signature).unwrap_or_default(),
    })
}

/// Proves a claim: whether its signature is the one that `secret` makes of the request.
pub fn verify(
    claim: &Claim,
    secret: &str,
    method: &str,
    pairs: &[(String, String)],
) -> Result<(), Fault> {
    let source = string_to_sign(method, pairs)?;
    let key = format!("{secret}&");
    if proves(claim, key.as_bytes(), source.as_bytes()) {
        Ok(())
    } else {
        Err(Fault::signature(&source))
    }
}

/// The HMAC-SHA1 signature of a request, as clients make it.
///
/// # Errors
///
/// Fails where a parameter is given twice.
pub fn signature(secret: &str, method: &str, pairs: &[(String, String)]) -> Result<String, Fault> {
    let mac = Hmac::<Sha1>::new_from_slice(format!("{secret}&").as_bytes())
        .expect("a key of any length is good")
        .chain_update(string_to_sign(method, pairs)?);
    Ok(STANDARD.encode(mac.finalize().into_bytes()))
}

fn string_to_sign(method: &str, pairs: &[(String, String)]) -> Result<String, Fault> {
    let signed = pairs
        .iter()
        .filter(|(name, _)| name != "Signature")
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let mut source = format!("{method}&%2F&");
    form::encode_into(&mut source, &form::canonical(signed)?);
    Ok(source)
}

fn proves(claim: &Claim, key: &[u8], source: &[u8]) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::captured::{Captured, SECRET};

    const VENDOR_SECRET: &str = "testsecret0000000000000000000000";

    #[test]
    fn every_request_that_an_official_client_sent_is_proven() {
        for name in ["python_core_v1_query", "node_pop_core_v1_form"] {
            let captured = Captured::named(name);
            assert_eq!(check(&captured, &captured.pairs()), Ok(()), "{name}");
        }
    }

    #[test]
    fn the_published_vector_is_proven() {
        let pairs = owned(&[
            ("AccessKeyId", "testid"),
            ("Action", "DescribeRegions"),
            ("Format", "XML"),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureNonce", "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"),
            ("SignatureVersion", "1.0"),
            ("Timestamp", "2016-02-23T12:46:24Z"),
            ("Version", "2014-05-26"),
            ("Signature", "OLeaidS1JvxuMvnyHOwuJ+uX5qY="),
        ]);
        let claim = claim(&pairs, UnixMs::from_seconds(1_456_231_584)).unwrap();
        assert_eq!(verify(&claim, "testsecret", "GET", &pairs), Ok(()));
    }

    #[test]
    fn the_official_clients_vectors_are_proven() {
        for (format, extra, method, signature) in [
            ("json", false, "HMAC-SHA1", "ciM/2RKB8SSBNYqhfHH7K4S9X0g="),
            ("JSON", true, "HMAC-SHA1", "jOJnu7kwR1fVzxUezxA3PDpSDME="),
            ("XML", true, "HMAC-SHA1", "AHliowbL1Y/FvH/8fCtyNVS7tmQ="),
            ("None", true, "HMAC-SHA1", "N7pGzZSgutQoxcZtGf81MR3zTlQ="),
            (
                "json",
                false,
                "HMAC-SHA256",
                "BYjSbw6vr0cxWUCKCGQoD/LEoMd4RUS3lITUNSfq9Wo=",
            ),
        ] {
            let mut pairs = owned(&[
                ("CallId", "1528189846043"),
                ("CallType", "Outbound"),
                ("CalledNumber", "13500004353"),
                ("CallingNumber", "1***6"),
                ("InstanceId", "af81a389-91f0-4157-8d82-720edd02b66a"),
                ("Utterance", "是的 a+b~*'/"),
                ("ActionKey", "broadcast"),
                ("ActionParams", r#"{"a":"b c"}"#),
                ("Version", "2019-12-26"),
                ("Action", "Dialogue"),
                ("Format", format),
                ("Timestamp", "2026-01-02T03:04:05Z"),
                ("SignatureMethod", method),
                ("SignatureVersion", "1.0"),
                ("SignatureNonce", "0123456789abcdef0123456789abcdef"),
                ("AccessKeyId", "LTAItestid0000000000"),
                ("Signature", signature),
            ]);
            if extra {
                pairs.extend(owned(&[("RegionId", "cn-shanghai"), ("SignatureType", "")]));
            }
            let claim = claim(&pairs, UnixMs::from_seconds(1_767_323_045)).unwrap();
            assert_eq!(
                verify(&claim, VENDOR_SECRET, "POST", &pairs),
                Ok(()),
                "{format} {method}"
            );
        }
    }

    #[test]
    fn what_was_changed_added_or_given_twice_is_found_out() {
        let captured = Captured::named("python_core_v1_query");
        for (name, value) in [("Utterance", "x"), ("Extra", "1"), ("TaskId", "")] {
            let mut pairs = captured.pairs();
            pairs.retain(|(given, _)| given != name);
            pairs.push((name.to_owned(), value.to_owned()));
            let fault = check(&captured, &pairs).unwrap_err();
            assert_eq!(fault.code, "SignatureDoesNotMatch", "{name}");
            assert!(
                fault
                    .message
                    .contains(":POST&%2F&AccessKeyId%3DLTAItest%26Action")
            );
        }
        let mut twice = captured.pairs();
        twice.push(("TaskId".to_owned(), "2".to_owned()));
        assert!(check(&captured, &twice).is_err());
    }

    #[test]
    fn what_is_missing_or_malformed_is_named() {
        let captured = Captured::named("python_core_v1_query");
        for (name, value, code) in [
            ("AccessKeyId", None, "MissingAccessKeyId"),
            ("Timestamp", None, "MissingTimestamp"),
            ("SignatureNonce", None, "MissingSignatureNonce"),
            ("Signature", None, "MissingSignature"),
            (
                "SignatureMethod",
                Some("HMAC-MD5"),
                "InvalidSignatureMethod",
            ),
            ("SignatureVersion", Some("2.0"), "InvalidSignatureVersion"),
            ("Timestamp", Some("soon"), "InvalidTimeStamp.Format"),
            (
                "Timestamp",
                Some("2020-01-01T00:00:00Z"),
                "InvalidTimeStamp.Expired",
            ),
            ("Signature", Some("%"), "SignatureDoesNotMatch"),
            ("SecurityToken", Some("x"), "InvalidSecurityToken.NotFound"),
        ] {
            let mut pairs = captured.pairs();
            pairs.retain(|(given, _)| given != name);
            pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
            let fault = check(&captured, &pairs).unwrap_err();
            assert_eq!(fault.code, code, "{name} {value:?}");
        }
    }

    fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(own).collect()
    }

    fn check(captured: &Captured, pairs: &[(String, String)]) -> Result<(), Fault> {
        let claim = claim(pairs, captured.sent_at())?;
        verify(&claim, SECRET, &captured.method, pairs)
    }
}
