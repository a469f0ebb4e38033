//! The session description in the body of a message: all of it, or one part of several (RFC 5621).

use super::Headers;

/// Longest body of several parts, bytes: to look for the ends of parts takes time.
const SEVERAL_BYTES_MAX: usize = 16_384;
/// Parts of a body that are looked at: gateways send two, the description and what ISUP says.
const PARTS_MAX: usize = 16;

/// The session description that a message carries; `None`: it has none.
pub fn description(headers: &Headers, body: &[u8]) -> Option<Vec<u8>> {
    if body.is_empty() {
        return None;
    }
    let content_type = headers.get("Content-Type").unwrap_or("application/sdp");
    if is_description(content_type) {
        return Some(body.to_vec());
    }
    let part = parts(content_type, body)?
        .take(PARTS_MAX)
        .find_map(described)?;
    (!part.is_empty()).then(|| part.to_vec())
}

fn is_description(content_type: &str) -> bool {
    media_type(content_type).eq_ignore_ascii_case("application/sdp")
}

fn media_type(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

/// The parts of a `multipart/mixed` or `multipart/alternative` body.
fn parts<'a>(content_type: &str, body: &'a [u8]) -> Option<impl Iterator<Item = &'a [u8]>> {
    let kind = media_type(content_type);
    let is_known = ["multipart/mixed", "multipart/alternative"]
        .iter()
        .any(|known| kind.eq_ignore_ascii_case(known));
    let boundary = content_type
        .split(';')
        .filter_map(|param| param.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("boundary"))
        .map(|(_, value)| value.trim().trim_matches('"'))
        // RFC 2046 section 5.1.1: 1 to 70 characters.
        .filter(|value| is_known && (1..=70).contains(&value.len()))
        .filter(|_| body.len() <= SEVERAL_BYTES_MAX)?;
    let delimiter = format!("--{boundary}").into_bytes();
    let mut rest = after(body, &delimiter)?;
    Some(std::iter::from_fn(move || {
        // The last delimiter has two more dashes, and nothing behind it counts.
        if rest.starts_with(b"--") {
            return None;
        }
        let end = find(rest, &delimiter)?;
        let part = &rest[..end];
        rest = &rest[end + delimiter.len()..];
        Some(part)
    }))
}

/// Whether a part beside the description must be understood, as its sender says (RFC 3261 section 20.11).
/// Where it says nothing, gateways do not mean that.
pub fn requires_other(headers: &Headers, body: &[u8]) -> bool {
    let content_type = headers.get("Content-Type").unwrap_or_default();
    let Some(parts) = parts(content_type, body) else {
        return false;
    };
    parts.take(PARTS_MAX).any(|part| {
        described(part).is_none()
            && head_and_content(part).is_some_and(|(head, _)| {
                values(head, "Content-Disposition", "Content-Disposition").any(|value| {
                    let value = value.to_ascii_lowercase().replace(' ', "");
                    value.split(';').any(|param| param == "handling=required")
                })
            })
    })
}

/// The content of a part that is a description.
fn described(part: &[u8]) -> Option<&[u8]> {
    let (head, content) = head_and_content(part)?;
    let is_it = values(head, "Content-Type", "c").any(is_description);
    is_it.then_some(content)
}

fn head_and_content(part: &[u8]) -> Option<(&[u8], &[u8])> {
    [&b"\r\n\r\n"[..], b"\n\n"]
        .into_iter()
        .filter_map(|empty| find(part, empty).map(|at| (at, at + empty.len())))
        .min()
        .map(|(end, start)| (&part[..end], &part[start..]))
}

/// Values of one field of a part's header, by either of its names.
fn values<'a>(head: &'a [u8], name: &'a str, short: &'a str) -> impl Iterator<Item = &'a str> {
    head.split(|byte| *byte == b'\n')
        .filter_map(|line| std::str::from_utf8(line).ok()?.split_once(':'))
        .filter(move |(found, _)| {
            let found = found.trim();
            found.eq_ignore_ascii_case(name) || found.eq_ignore_ascii_case(short)
        })
        .map(|(_, value)| value.trim())
}

fn after<'a>(bytes: &'a [u8], needle: &[u8]) -> Option<&'a [u8]> {
    find(bytes, needle).map(|at| &bytes[at + needle.len()..])
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes
        .windows(needle.len())
        .position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content_type: &str, body: &str) -> Option<String> {
        let mut headers = Headers::default();
        headers.push("Content-Type", content_type.to_owned());
        let body = body.replace('\n', "\r\n");
        description(&headers, body.as_bytes()).map(|sdp| String::from_utf8(sdp).unwrap())
    }

    #[test]
    fn a_description_is_found_beside_what_a_gateway_says() {
        let body = "preamble\n--u1\nContent-Type: application/ISUP;version=itu-t92+\n\n\u{1}\u{11}\n\
            --u1\nContent-Disposition: session\ncontent-type: application/sdp\n\nv=0\n--u1--\nend";
        for kind in [
            "multipart/mixed;boundary=u1",
            "Multipart/Mixed; boundary=\"u1\"",
        ] {
            assert_eq!(read(kind, body).as_deref(), Some("v=0\r\n"), "{kind}");
        }
    }

    #[test]
    fn a_part_that_must_be_understood_is_named_so_by_its_sender() {
        for (handling, is_required) in [
            ("Content-Disposition: signal;handling=required\n", true),
            ("content-disposition: signal; handling = Required\n", true),
            ("Content-Disposition: signal;handling=optional\n", false),
            ("Content-Disposition: signal\n", false),
            ("", false),
        ] {
            let body = format!(
                "--u1\nContent-Type: application/sdp\nContent-Disposition: session;handling=required\n\nv=0\n\
                 --u1\nContent-Type: application/ISUP\n{handling}\n\u{1}\n--u1--"
            );
            let mut headers = Headers::default();
            headers.push("Content-Type", "multipart/mixed;boundary=u1".to_owned());
            let body = body.replace('\n', "\r\n");
            assert_eq!(
                requires_other(&headers, body.as_bytes()),
                is_required,
                "{handling}"
            );
        }
    }

    #[test]
    fn what_has_no_description_has_none() {
        for (kind, body) in [
            ("application/isup", "v=0\n"),
            ("multipart/mixed", "--u1\nc: application/sdp\n\nv=0\n--u1--"),
            ("multipart/mixed;boundary=u1", "v=0\n"),
            (
                "multipart/mixed;boundary=u1",
                "--u1--\nc: application/sdp\n\nv=0\n--u1--",
            ),
            (
                "multipart/mixed;boundary=u1",
                "--u1\nContent-Type: text/plain\n\nv=0\n--u1--",
            ),
            (
                "multipart/signed;boundary=u1",
                "--u1\nc: application/sdp\n\nv=0\n--u1--",
            ),
        ] {
            assert_eq!(read(kind, body), None, "{kind} {body}");
        }
        assert_eq!(
            read("application/sdp; charset=utf-8", "v=0\n").as_deref(),
            Some("v=0\r\n")
        );
    }
}
