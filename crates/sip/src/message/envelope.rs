//! The fields that every message must have, as values.

use super::{Headers, Method, Request, Via};
use crate::NameAddr;

/// Via, From, To, Call-ID and CSeq of one message.
#[derive(Clone, Debug)]
pub(crate) struct Envelope {
    /// The topmost Via.
    pub via: Via,
    pub from: NameAddr,
    pub to: NameAddr,
    pub call_id: String,
    pub cseq: u32,
    pub cseq_method: Method,
}

impl Envelope {
    /// Reads the fields; fails with the name of what is missing or broken.
    pub fn of(headers: &Headers) -> Result<Self, &'static str> {
        let via = headers.values("Via").next().ok_or("missing Via")?;
        if headers
            .values("Via")
            .skip(1)
            .any(|via| via.parse::<Via>().is_err())
        {
            return Err("invalid Via");
        }
        let (cseq, cseq_method) = cseq(headers)?;
        once(headers, "CSeq", "several CSeq")?;
        once(headers, "From", "several From")?;
        once(headers, "To", "several To")?;
        once(headers, "Call-ID", "several Call-ID")?;
        let call_id = headers.get("Call-ID").filter(|id| !id.is_empty());
        Ok(Self {
            via: via.parse().map_err(|_| "invalid Via")?,
            from: name_addr(headers, "From").ok_or("missing or invalid From")?,
            to: name_addr(headers, "To").ok_or("missing or invalid To")?,
            call_id: call_id.ok_or("missing Call-ID")?.to_owned(),
            cseq,
            cseq_method,
        })
    }

    /// The same for a request, whose method must be that of its CSeq.
    pub fn of_request(request: &Request) -> Result<Self, &'static str> {
        let envelope = Self::of(&request.headers)?;
        if envelope.cseq_method != request.method {
            return Err("CSeq of another method");
        }
        let max_forwards = request.headers.get("Max-Forwards");
        if max_forwards.is_some_and(|n| n.parse::<u8>().is_err()) {
            return Err("invalid Max-Forwards");
        }
        Ok(envelope)
    }
}

fn once(headers: &Headers, name: &str, what: &'static str) -> Result<(), &'static str> {
    if headers.all(name).nth(1).is_some() {
        Err(what)
    } else {
        Ok(())
    }
}

fn name_addr(headers: &Headers, name: &str) -> Option<NameAddr> {
    headers.get(name)?.parse().ok()
}

/// `<number> <method>`; the number is below 2^31 (RFC 3261 section 8.1.1.5).
fn cseq(headers: &Headers) -> Result<(u32, Method), &'static str> {
    let value = headers.get("CSeq").ok_or("missing CSeq")?;
    let (number, method) = value
        .split_once(|c: char| c.is_ascii_whitespace())
        .ok_or("invalid CSeq")?;
    let number = Some(number)
        .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|digits| digits.parse::<u32>().ok())
        .filter(|&n| n < 1 << 31)
        .ok_or("invalid CSeq")?;
    Ok((number, Method::of(method.trim())))
}
