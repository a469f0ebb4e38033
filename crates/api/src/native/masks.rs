//! Telephone numbers in answers to people whose roles do not give [`Permission::SeeNumbers`].
//!
//! Works on the bytes of a whole answer, whatever its shape, so that no row can forget it: records,
//! events, pictures, bodies of pushes, words that were said. `+8613800138000` goes out as
//! `+86138****8000`.
//!
//! # Invariants
//!
//! - The length of an answer stays: so does what was said of it in its head.
//! - A piece of an answer holds whole numbers: JSON is one piece, streams are sent by the event or
//!   by the line.
//! - The instance's own numbers are no secret: trunks and numbers are shown as they are.

use std::convert::Infallible;

use axum::{
    body::{Body, Bytes},
    http::header,
    response::Response,
};
use futures::StreamExt;
use model::Permission;

use super::admit::Actor;

/// Digits that a number has: fewer are an extension or a year.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Digits before the last four that are hidden.
const HIDDEN: usize = 4;

/// Digits at the end that are shown: people tell calls apart by them.
const SHOWN: usize = 4;

/// Paths that show the instance's own numbers.
const OWN: [&str; 2] = ["/api/v1/numbers", "/api/v1/trunks"];

/// Whether an answer to `actor` under `path` is to be masked.
pub(super) fn is_for(actor: &Actor, path: &str) -> bool {
    !actor.may(Permission::SeeNumbers) && !OWN.iter().any(|own| path.starts_with(own))
}

/// The answer without whole numbers; files are left as they are.
pub(super) fn masked(response: Response) -> Response {
    let is_text = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|sent| sent.to_str().ok())
        .is_some_and(|kind| {
            kind.contains("json") || kind.starts_with("text/") || kind.starts_with("image/svg")
        });
    if !is_text {
        return response;
    }
    let (head, body) = response.into_parts();
    let pieces = body.into_data_stream().map(|piece| {
        let text = piece.map_or_else(
            |error| {
                tracing::warn!(%error, "an answer broke off while numbers were masked");
                Bytes::new()
            },
            |piece| {
                let mut text = Vec::from(piece);
                mask(&mut text);
                Bytes::from(text)
            },
        );
        Ok::<_, Infallible>(text)
    });
    Response::from_parts(head, Body::from_stream(pieces))
}

/// Hides the middle of every number in `text`.
fn mask(text: &mut [u8]) {
    let mut at = 0;
    while at < text.len() {
        let begins = begins_at(text, at);
        let Some(from) = begins else {
            at += 1;
            continue;
        };
        let len = text[from..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if DIGITS.contains(&len) {
            let last = from + len - SHOWN;
            text[last.saturating_sub(HIDDEN).max(from)..last].fill(b'*');
        }
        at = from + len;
    }
}

/// Where the digits of a number begin that is written from `at` on: after `+`, or after `00` or a
/// name of a party that stands before them.
fn begins_at(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..];
    if rest[0] == b'+' && rest.get(1).is_some_and(u8::is_ascii_digit) {
        return Some(at + 1);
    }
    ["\"00", "\"caller\":\"", "\"callee\":\""]
        .iter()
        .find(|before| rest.starts_with(before.as_bytes()))
        .map(|before| at + before.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_a_number_is_hidden_wherever_it_stands() {
        assert_eq!(
            hidden(r#"{"callee":"+8613800138000"} call +12025550101."#),
            r#"{"callee":"+86138****8000"} call +120****0101."#,
        );
        assert_eq!(hidden("+12025550101"), "+120****0101");
        assert_eq!(hidden(r#""0012025550101""#), r#""00120****0101""#);
        assert_eq!(
            hidden(r#""caller":"13800138000""#),
            r#""caller":"138****8000""#
        );
        assert_eq!(hidden("+1234567"), "+***4567");
    }

    #[test]
    fn what_is_no_number_stays() {
        for text in [
            "2026-11-26T15:45:37+08:00",
            r#"{"n":12025550101,"at":"1700000000"}"#,
            "+123",
            "+1234567890123456789",
            "a+b",
            "+",
            "",
        ] {
            assert_eq!(hidden(text), text);
        }
    }

    fn hidden(text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        mask(&mut bytes);
        String::from_utf8(bytes).expect("digits become asterisks only")
    }
}
