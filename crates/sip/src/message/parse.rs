//! Bytes to message (RFC 3261 section 7 and 25), within bounds.
//!
//! The parser checks the shape: first line, header fields, body length. What a field means is
//! checked by [`Envelope`](super::Envelope), so that a request with a broken field can still be
//! answered.

use super::{Headers, Method};

/// Largest message, bytes: what a UDP datagram can hold.
pub const MESSAGE_BYTES_MAX: usize = 65_536;
/// Longest header line with its folds, bytes.
const LINE_BYTES_MAX: usize = 8_192;
/// Most fields of one name.
const FIELDS_OF_A_NAME_MAX: usize = 100;
/// What is wrong with a body that is said to be longer than a message.
const TOO_LARGE: &str = "Message Too Large";
/// What is wrong with more.
const TOO_MANY_OF_A_NAME: &str = "too many header fields of one name";
/// Most fields of a message.
const FIELDS_MAX: usize = 500;

/// A SIP message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A request.
    Request(Request),
    /// A response.
    Response(Response),
}

/// A SIP request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What is asked.
    pub method: Method,
    /// Request-URI as written; it may be broken.
    pub uri: String,
    /// Header fields.
    pub headers: Headers,
    /// Body, cut to `Content-Length`.
    pub body: Vec<u8>,
}

/// A SIP response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// 100 to 699.
    pub status: u16,
    /// For people.
    pub phrase: String,
    /// Header fields.
    pub headers: Headers,
    /// Body, cut to `Content-Length`.
    pub body: Vec<u8>,
}

/// Bytes that are not a whole SIP message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Nothing to answer to: no SIP first line, a response, or too long.
    #[error("not a sip message: {0}")]
    NotSip(&'static str),
    /// A request whose header can be read, but something is wrong with it.
    #[error("broken request: {what}")]
    Broken {
        /// What is wrong, for the reason phrase of the answer.
        what: &'static str,
        /// 400, 505 or 513.
        status: u16,
        /// What could be read, with an empty body.
        request: Box<Request>,
    },
}

impl Message {
    /// Reads one datagram, or one message of a stream.
    ///
    /// # Errors
    ///
    /// [`ParseError::Broken`] when the sender can be told, else [`ParseError::NotSip`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        if bytes.len() > MESSAGE_BYTES_MAX {
            return Err(ParseError::NotSip("too long"));
        }
        let start = bytes
            .iter()
            .take_while(|b| matches!(b, b'\r' | b'\n'))
            .count();
        let bytes = &bytes[start..];
        let (head, body) = split_head(bytes);
        let first_end = head.iter().position(|&b| b == b'\n').unwrap_or(head.len());
        let (first, fields) = head.split_at(first_end);
        let first = std::str::from_utf8(first)
            .map_err(|_| ParseError::NotSip("first line"))?
            .trim_end();
        let fields = parse_fields(fields.get(1..).unwrap_or_default());
        match first
            .get(..8)
            .filter(|start| start.eq_ignore_ascii_case("SIP/2.0 "))
        {
            Some(_) => parse_response(&first[8..], fields, body).map(Message::Response),
            None => parse_request(first, fields, body).map(Message::Request),
        }
    }
}

/// Splits at the empty line. A message without one has a header only.
fn split_head(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    while let Some(n) = bytes[at..].iter().position(|&b| b == b'\n') {
        let next = at + n + 1;
        if bytes[next..].starts_with(b"\r\n") {
            return (&bytes[..next], &bytes[next + 2..]);
        }
        if bytes[next..].starts_with(b"\n") {
            return (&bytes[..next], &bytes[next + 1..]);
        }
        at = next;
    }
    (bytes, b"")
}

/// Fields that could be read, and what was wrong with the rest.
struct Fields {
    headers: Headers,
    wrong: Option<&'static str>,
}

fn parse_fields(head: &[u8]) -> Fields {
    let mut fields = Fields {
        headers: Headers::default(),
        wrong: None,
    };
    let mut rest = head;
    while !rest.is_empty() {
        let (line, after) = take_line(rest);
        rest = after;
        if let Err(what) = parse_field(line, &mut fields.headers) {
            fields.wrong.get_or_insert(what);
        }
        // Whoever writes so many of one name is not read any further: to count them all takes time.
        if fields.wrong == Some(TOO_MANY_OF_A_NAME) {
            break;
        }
        if fields.headers.len() > FIELDS_MAX {
            fields.wrong = Some("too many header fields");
            break;
        }
    }
    fields
}

/// Takes one line with the folded ones behind it.
fn take_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    loop {
        match bytes[at..].iter().position(|&b| b == b'\n') {
            None => return (bytes, b""),
            Some(n) => {
                at += n + 1;
                if !matches!(bytes.get(at), Some(b' ' | b'\t')) {
                    return bytes.split_at(at);
                }
            }
        }
    }
}

fn parse_field(line: &[u8], headers: &mut Headers) -> Result<(), &'static str> {
    if line.len() > LINE_BYTES_MAX {
        return Err("header line too long");
    }
    let colon = line
        .iter()
        .position(|&b| b == b':')
        .ok_or("header line without colon")?;
    let name = line[..colon].trim_ascii();
    let name_fits = !name.is_empty() && name.iter().all(|&b| is_token(b));
    let name = std::str::from_utf8(name)
        .ok()
        .filter(|_| name_fits)
        .ok_or("invalid header name")?;
    let value = std::str::from_utf8(&line[colon + 1..]).map_err(|_| "header is not UTF-8")?;
    let value = unfold(value.trim());
    if headers.all(name).count() >= FIELDS_OF_A_NAME_MAX {
        return Err(TOO_MANY_OF_A_NAME);
    }
    headers.push(name, value);
    Ok(())
}

/// Makes one line of a folded value: each fold becomes a space.
fn unfold(value: &str) -> String {
    if !value.contains(['\n', '\r']) {
        return value.to_owned();
    }
    value
        .split(['\n', '\r'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Characters of a token (RFC 3261 section 25.1).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&byte)
}

fn parse_request(first: &str, fields: Fields, body: &[u8]) -> Result<Request, ParseError> {
    let (method, rest) = first
        .split_once(' ')
        .ok_or(ParseError::NotSip("first line"))?;
    let (uri, version) = rest
        .rsplit_once(' ')
        .ok_or(ParseError::NotSip("first line"))?;
    if method.is_empty() || !method.bytes().all(is_token) {
        return Err(ParseError::NotSip("method"));
    }
    let is_sip = version
        .get(..4)
        .is_some_and(|name| name.eq_ignore_ascii_case("SIP/"));
    if !is_sip {
        return Err(ParseError::NotSip("version"));
    }
    let mut request = Request {
        method: Method::of(method),
        uri: uri.trim().to_owned(),
        headers: fields.headers,
        body: Vec::new(),
    };
    let cut = cut_body(&request.headers, body).map(<[u8]>::to_vec);
    let wrong = match (fields.wrong, cut) {
        _ if &version[4..] != "2.0" => ("Version Not Supported", 505),
        (None, Err(TOO_LARGE)) => (TOO_LARGE, 513),
        (Some(what), _) | (None, Err(what)) => (what, 400),
        (None, Ok(body)) => {
            request.body = body;
            return Ok(request);
        }
    };
    let (what, status) = wrong;
    Err(ParseError::Broken {
        what,
        status,
        request: Box::new(request),
    })
}

fn parse_response(rest: &str, fields: Fields, body: &[u8]) -> Result<Response, ParseError> {
    if let Some(what) = fields.wrong {
        return Err(ParseError::NotSip(what));
    }
    let (status, phrase) = rest.split_once(' ').unwrap_or((rest, ""));
    let status = Some(status)
        .filter(|digits| digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|digits| digits.parse().ok())
        .filter(|status| (100..700).contains(status))
        .ok_or(ParseError::NotSip("status"))?;
    let body = cut_body(&fields.headers, body)
        .map_err(ParseError::NotSip)?
        .to_vec();
    Ok(Response {
        status,
        phrase: phrase.trim().to_owned(),
        headers: fields.headers,
        body,
    })
}

/// The body by `Content-Length`; without one, all of the datagram (section 18.3).
fn cut_body<'a>(headers: &Headers, body: &'a [u8]) -> Result<&'a [u8], &'static str> {
    let Some(value) = headers.get("Content-Length") else {
        return Ok(body);
    };
    if headers.all("Content-Length").any(|other| other != value) {
        return Err("several Content-Length");
    }
    let all_digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    let n: usize = value
        .parse()
        .ok()
        .filter(|_| all_digits)
        .ok_or("invalid Content-Length")?;
    match body.get(..n) {
        Some(body) => Ok(body),
        None if n > MESSAGE_BYTES_MAX => Err(TOO_LARGE),
        None => Err("body shorter than Content-Length"),
    }
}
