//! Flattened parameters, as GET requests and forms carry them, made into JSON again.
//!
//! `Callers.0=1&Variables.0.Key=a` is `{"Callers": ["1"], "Variables": [{"Key": "a"}]}`. Every
//! value is text here; [`crate::definition::check`] brings it to its type.
//!
//! # Invariants
//!
//! - Indexes of a list start at 0 and have no holes, so a list is never longer than the request.
//! - Nothing is nested deeper than [`DEPTH_MAX`], and there are at most [`PAIRS_MAX`] parameters.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::fault::Fault;

/// Deepest name: the vendor's deepest request field has five parts.
const DEPTH_MAX: usize = 10;

/// Most parameters in one request.
pub const PAIRS_MAX: usize = 10_000;

/// What a name leads to, while names are still coming in.
enum Node {
    Leaf(String),
    Branch(BTreeMap<String, Node>),
}

/// Decodes `application/x-www-form-urlencoded` text into names and values, in their order.
///
/// Fails on more than [`PAIRS_MAX`] parameters, on broken `%` escapes and on what is not UTF-8.
pub fn pairs(text: &str) -> Result<Vec<(String, String)>, Fault> {
    let parts = || text.split('&').filter(|part| !part.is_empty());
    if parts().nth(PAIRS_MAX).is_some() {
        return Err(Fault::unreadable("there are too many parameters"));
    }
    parts()
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            Ok((decoded(name)?, decoded(value)?))
        })
        .collect()
}

fn decoded(text: &str) -> Result<String, Fault> {
    let broken = || Fault::unreadable("a parameter is not percent-encoded UTF-8");
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
                let (high, low) = digit(bytes.next())
                    .zip(digit(bytes.next()))
                    .ok_or_else(broken)?;
                u8::try_from(high * 16 + low).expect("two hexadecimal digits are a byte")
            }
            other => other,
        });
    }
    String::from_utf8(out).map_err(|_| broken())
}

/// Makes an object of flattened names and their values.
///
/// Fails where a name is given twice, is both a value and a parent, is too deep, or where a list
/// has a hole.
pub fn unflatten<'a>(
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Map<String, Value>, Fault> {
    let mut root = BTreeMap::new();
    for (name, value) in pairs {
        let parts: Vec<&str> = name.splitn(DEPTH_MAX + 1, '.').collect();
        if parts.len() > DEPTH_MAX || parts.contains(&"") {
            return Err(Fault::unknown_parameter(&shortened(name)));
        }
        insert(&mut root, &parts, value).ok_or_else(|| {
            Fault::unreadable(&format!("`{}` contradicts another", shortened(name)))
        })?;
    }
    let mut out = Map::new();
    for (name, node) in root {
        let value = value_of(node, &name)?;
        out.insert(name, value);
    }
    Ok(out)
}

/// Puts a value at its place; `None` if something is there already.
fn insert(branch: &mut BTreeMap<String, Node>, parts: &[&str], value: &str) -> Option<()> {
    let (first, rest) = parts.split_first()?;
    if rest.is_empty() {
        let before = branch.insert((*first).to_owned(), Node::Leaf(value.to_owned()));
        return before.is_none().then_some(());
    }
    let below = branch
        .entry((*first).to_owned())
        .or_insert_with(|| Node::Branch(BTreeMap::new()));
    match below {
        Node::Branch(below) => insert(below, rest, value),
        Node::Leaf(_) => None,
    }
}

fn value_of(node: Node, at: &str) -> Result<Value, Fault> {
    let below = match node {
        Node::Leaf(text) => return Ok(Value::String(text)),
        Node::Branch(below) => below,
    };
    if below.keys().all(|key| is_index(key)) {
        return list_of(below, at);
    }
    let mut out = Map::new();
    for (name, node) in below {
        let value = value_of(node, &format!("{at}.{name}"))?;
        out.insert(name, value);
    }
    Ok(Value::Object(out))
}

fn list_of(mut below: BTreeMap<String, Node>, at: &str) -> Result<Value, Fault> {
    (0..below.len())
        .map(|idx| {
            let at = format!("{at}.{idx}");
            let node = below
                .remove(&idx.to_string())
                .ok_or_else(|| Fault::missing(&at))?;
            value_of(node, &at)
        })
        .collect::<Result<Vec<_>, _>>()
        .map(Value::Array)
}

fn is_index(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_digit())
}

fn shortened(name: &str) -> String {
    name.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_and_objects_come_back_from_their_flattened_names() {
        assert_eq!(
            parsed(
                "SdkAppId=1&Callers.0=a&Callers.1=b&Variables.0.Key=k&Variables.0.Value=%E7%8E%8B"
            ),
            Ok(json!({
                "SdkAppId": "1",
                "Callers": ["a", "b"],
                "Variables": [{"Key": "k", "Value": "王"}],
            }))
        );
    }

    #[test]
    fn the_order_of_parameters_does_not_matter_beyond_ten() {
        let text: Vec<String> = (0..12).rev().map(|idx| format!("P.{idx}={idx}")).collect();
        let list: Vec<String> = (0..12).map(|idx| idx.to_string()).collect();
        assert_eq!(parsed(&text.join("&")), Ok(json!({"P": list})));
    }

    #[test]
    fn plus_and_percent_twenty_are_both_a_space() {
        assert_eq!(parsed("A=x+y&B=x%20y"), Ok(json!({"A": "x y", "B": "x y"})));
    }

    #[test]
    fn contradictions_and_holes_are_refused() {
        for text in [
            "A=1&A=2",
            "A=1&A.0=2",
            "A.0=2&A=1",
            "A.1=1",
            "A.0=1&A.2=1",
            "A.00=1",
            "A..B=1",
            ".=1",
            "A=%zz",
            "A=%ff",
            "A=%4",
            "a.b.c.d.e.f.g.h.i.j.k=1",
        ] {
            assert!(parsed(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_high_index_costs_nothing() {
        assert!(parsed("A.4000000000=1").is_err());
    }

    #[test]
    fn too_many_parameters_are_refused() {
        assert!(pairs(&"A&".repeat(PAIRS_MAX)).is_ok());
        assert!(pairs(&"A&".repeat(PAIRS_MAX + 1)).is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[A-Ba.0-2=&%+\\PC]{0,60}") {
            let _ = parsed(&text);
        }
    }

    fn parsed(text: &str) -> Result<Value, Fault> {
        let pairs = pairs(text)?;
        unflatten(
            pairs
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        )
        .map(Value::Object)
    }
}
