//! Parameters as queries and forms carry them.
//!
//! The clients encode in different ways (`+` or `%20`, `*` or `%2A`), so that what is signed is the
//! canonical encoding of the decoded text, never the raw query.

use std::fmt::Write as _;

use crate::fault::Fault;

/// Most parameters in one request: `AssignJobs` takes 99 contacts, and forms of 1 MB hold more.
pub const PAIRS_MAX: usize = 2_000;

/// Decodes `application/x-www-form-urlencoded` text into names and values, in their order.
///
/// # Errors
///
/// Fails on more than [`PAIRS_MAX`] parameters, on broken `%` escapes and on what is not UTF-8.
pub fn pairs(text: &str) -> Result<Vec<(String, String)>, Fault> {
    let parts = || text.split('&').filter(|part| !part.is_empty());
    if parts().nth(PAIRS_MAX).is_some() {
        return Err(Fault::invalid_format());
    }
    parts()
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            Ok((decoded(name)?, decoded(value)?))
        })
        .collect()
}

fn decoded(text: &str) -> Result<String, Fault> {
    if !text.bytes().any(|byte| matches!(byte, b'+' | b'%')) {
        return Ok(text.to_owned());
    }
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
                let (high, low) = digit(bytes.next())
                    .zip(digit(bytes.next()))
                    .ok_or_else(Fault::invalid_format)?;
                u8::try_from(high * 16 + low).expect("two hexadecimal digits are a byte")
            }
            other => other,
        });
    }
    String::from_utf8(out).map_err(|_| Fault::invalid_format())
}

/// Percent-encodes all but RFC 3986's unreserved characters, in upper-case hexadecimal.
pub fn encode_into(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(byte.into());
            }
            _ => write!(out, "%{byte:02X}").expect("a String takes every write"),
        }
    }
}

/// The canonical query of sorted names and values: `a=1&b=`.
///
/// # Errors
///
/// A name that is given twice would leave open which of the two was signed: it is refused.
pub fn canonical<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Result<String, Fault> {
    let mut pairs: Vec<(&str, &str)> = pairs.collect();
    pairs.sort_unstable();
    if pairs.windows(2).any(|two| two[0].0 == two[1].0) {
        return Err(Fault::invalid_format());
    }
    let mut out = String::new();
    for (name, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        encode_into(&mut out, name);
        out.push('=');
        encode_into(&mut out, value);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_encoding_is_the_vendors_whatever_came() {
        let given = pairs("b=%20~%2f*-%2b&a=&c=x+y").unwrap();
        let text = canonical(given.iter().map(|(k, v)| (k.as_str(), v.as_str())));
        assert_eq!(text.unwrap(), "a=&b=%20~%2F%2A-%2B&c=x%20y");
    }

    #[test]
    fn what_cannot_be_decoded_and_what_is_given_twice_is_refused() {
        for text in ["a=%zz", "a=%ff", "a=%4"] {
            assert!(pairs(text).is_err(), "{text}");
        }
        assert!(canonical([("a", "1"), ("a", "2")].into_iter()).is_err());
        assert!(pairs(&"a&".repeat(PAIRS_MAX + 1)).is_err());
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded_again(text in "\\PC{0,40}") {
            let mut encoded = String::from("a=");
            encode_into(&mut encoded, &text);
            prop_assert_eq!(&pairs(&encoded).unwrap()[0].1, &text);
        }

        #[test]
        fn no_text_makes_it_panic(text in "[a-b=&%+\\PC]{0,60}") {
            let _ = pairs(&text);
        }
    }
}
