//! Tencent's signatures, checked.

use std::collections::BTreeMap;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

use super::KEY;

/// Whether `target` (path and query) carries the signature of its other parameters.
pub(super) fn is_signed(target: &str, prefix: &str, host: &str, name: &str) -> bool {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut params: BTreeMap<String, String> = form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let Some(signature) = params.remove(name) else {
        return false;
    };
    let pairs: Vec<String> = params.iter().map(|(k, v)| format!("{k}={v}")).collect();
    let mut mac = Hmac::<Sha1>::new_from_slice(KEY.as_bytes()).expect("any length");
    mac.update(format!("{prefix}{host}{path}?{}", pairs.join("&")).as_bytes());
    BASE64_STANDARD.encode(mac.finalize().into_bytes()) == signature
}
