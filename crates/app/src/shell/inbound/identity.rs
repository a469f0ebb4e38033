//! Who calls and what the call carries, as the headers of an INVITE say it.

use model::{CallEvent, E164};
use sip::{Headers, Incoming, NameAddr, Params, Uri};

use crate::shell::call::{Diversion, Diverter, Passed, says};

/// Characters of the customer's own text that are kept: what a call is placed with may have.
const USER_DATA_MAX: usize = 2_000;

/// Diversions of a call that are kept.
const DIVERSIONS_MAX: usize = 10;

/// Characters of each of their words that are kept.
const DIVERSION_MAX: usize = 256;

/// The caller's number: of From, or where that hides it, of the identity that the network asserts
/// (RFC 3325), unless the caller wants that to be private (RFC 3323).
pub(super) fn caller(incoming: &Incoming) -> Option<E164> {
    let of = |address: &NameAddr| number(&address.uri);
    of(&incoming.from).or_else(|| {
        let headers = &incoming.headers;
        if wishes(headers, &["id", "user", "full"]) {
            return None;
        }
        headers
            .values("P-Asserted-Identity")
            .filter_map(|value| value.parse().ok())
            .find_map(|address: NameAddr| of(&address))
    })
}

/// Whether an INVITE asks for one of these kinds of privacy (RFC 3323 section 4.2).
fn wishes(headers: &Headers, kinds: &[&str]) -> bool {
    headers
        .values("Privacy")
        .flat_map(|value| value.split(';'))
        .any(|wish| kinds.contains(&wish.trim().to_ascii_lowercase().as_str()))
}

/// The number that an address names: `sip:` or `tel:`, with `+`, with `00` or bare, with separators
/// (RFC 3966 section 5.1.1), or a local one in the context of a prefix (section 5.1.5).
pub(super) fn number(uri: &Uri) -> Option<E164> {
    let user = uri.user.as_deref()?;
    let (digits, params) = user.split_once(';').unwrap_or((user, ""));
    let digits = digits.replace('.', "");
    let params = Params::parse(params);
    let context = params.get("phone-context");
    let context = context.or_else(|| uri.params.get("phone-context"));
    let digits = match context.filter(|prefix| prefix.starts_with('+')) {
        Some(prefix) if !digits.starts_with('+') => format!("{prefix}{digits}"),
        Some(_) | None => digits,
    };
    E164::parse(&digits, "").ok()
}

/// The customer's own text (RFC 7433): hex digits of UTF-8, or what stands there.
pub(super) fn user_to_user(headers: &Headers) -> Option<String> {
    user_data(headers.values("User-to-User").next()?)
}

/// The same of one such value.
pub(in crate::shell) fn user_data(value: &str) -> Option<String> {
    let (text, params) = value.split_once(';').unwrap_or((value, ""));
    let text = text.trim();
    let is_hex = params
        .split(';')
        .any(|param| param.trim().eq_ignore_ascii_case("encoding=hex"));
    let read = if is_hex {
        String::from_utf8(hex::decode(text).ok()?).ok()?
    } else {
        text.trim_matches('"').to_owned()
    };
    // A NUL cannot be stored; carriers put a protocol discriminator of that kind in front.
    let read: String = read
        .chars()
        .filter(|c| *c != '\0')
        .take(USER_DATA_MAX)
        .collect();
    Some(read).filter(|read| !read.is_empty())
}

/// Who diverted the call to us, as events of the call.
pub(super) fn diversions(headers: &Headers) -> Vec<CallEvent> {
    let diverted = diverted(headers).into_iter();
    let events = diverted.map(|Diversion { by, reason, .. }| CallEvent::Diverted {
        by: match by {
            Diverter::Number(number) => number.to_string(),
            Diverter::Address(address) => kept(&address),
        },
        reason: kept(&reason),
    });
    events.collect()
}

/// Who diverted the call to us, the last one first: what Diversion says (RFC 5806), or else
/// History-Info, whose last entry is ourselves (RFC 7044 section 5). Private is what an entry says of
/// itself, or the INVITE of all that it carries (RFC 7044 section 10.1).
pub(in crate::shell) fn diverted(headers: &Headers) -> Vec<Diversion> {
    let read = |value: &str| value.parse::<NameAddr>().ok();
    let is_all_private = is_history_private(headers);
    let diversion = |address: &NameAddr, reason: String, is_private: bool| Diversion {
        by: Diverter::Address(address.uri.to_string()),
        reason,
        is_private: is_all_private || is_private,
    };
    let diverted: Vec<Diversion> = headers
        .values("Diversion")
        .filter_map(read)
        .map(|address| {
            let reason = address.params.get("reason").unwrap_or_default();
            let privacy = address.params.get("privacy").unwrap_or("off");
            let is_private = !privacy.trim_matches('"').eq_ignore_ascii_case("off");
            diversion(&address, reason.trim_matches('"').to_owned(), is_private)
        })
        .take(DIVERSIONS_MAX)
        .collect();
    if !diverted.is_empty() {
        return diverted;
    }
    let mut passed: Vec<NameAddr> = headers.values("History-Info").filter_map(read).collect();
    passed.pop();
    passed
        .iter_mut()
        .rev()
        .take(DIVERSIONS_MAX)
        .map(|address| {
            let headers = address.uri.headers.take().unwrap_or_default();
            diversion(
                address,
                reason_of(&headers),
                says(&headers, "Privacy").is_some(),
            )
        })
        .collect()
}

/// Where the call went until it came to us (RFC 7044), the first one first. Private as above.
pub(in crate::shell) fn history(headers: &Headers) -> Vec<Passed> {
    let entries = headers.values("History-Info").filter_map(Passed::parse);
    match is_history_private(headers) {
        true => entries.map(Passed::hidden).collect(),
        false => entries.collect(),
    }
}

/// Whether the INVITE wants everybody to be private who had the call before.
fn is_history_private(headers: &Headers) -> bool {
    wishes(headers, &["history", "header", "session", "user", "full"])
}

/// The cause that an entry of History-Info has in its address: `?Reason=SIP%3Bcause%3D486`.
fn reason_of(headers: &str) -> String {
    let value = says(headers, "Reason").unwrap_or_default();
    let value = value.replace("%3B", ";").replace("%3D", "=");
    let value = value.replace("%3b", ";").replace("%3d", "=");
    let params = value.split_once(';').map_or("", |(_, params)| params);
    let cause = Params::parse(params).get("cause").map(str::to_owned);
    cause.unwrap_or_default()
}

/// What is stored of a stranger's words.
fn kept(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(DIVERSION_MAX)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use sip::{Config, Endpoint, Event, Input, Link, Output, Transport};

    use super::*;

    /// The INVITE with this From and these lines, as the endpoint offers it.
    fn invite(from: &str, more: &str) -> Incoming {
        let text = format!(
            "INVITE sip:100@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1\r\n\
             Max-Forwards: 70\r\nFrom: {from};tag=a\r\nTo: <sip:100@192.0.2.1>\r\nCall-ID: 1\r\n\
             CSeq: 1 INVITE\r\nContact: <sip:192.0.2.9>\r\n{more}\r\n"
        );
        let address = |last| SocketAddr::from(([192, 0, 2, last], 5060));
        let link = Link {
            transport: Transport::Udp,
            local: address(1),
            remote: address(9),
        };
        let mut endpoint = Endpoint::new(Config::default(), [1; 32]);
        let bytes = text.into_bytes();
        endpoint.handle(Input::Received { link, bytes }, std::time::Instant::now());
        loop {
            match endpoint.poll().expect("the call is offered") {
                Output::Event(Event::Incoming(incoming)) => return *incoming,
                Output::Event(_) | Output::Send { .. } => {}
            }
        }
    }

    #[test]
    fn a_hidden_caller_has_the_number_that_the_network_asserts() {
        let hidden = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";
        let asserted = "P-Asserted-Identity: \"X\" <sip:x@y>, <tel:+8613900001111>\r\n";
        let private = format!("{asserted}Privacy: critical;id\r\n");
        let digits = |from: &str, more: &str| {
            caller(&invite(from, more)).map(|number| number.digits().to_owned())
        };
        let number = Some("8613900001111".to_owned());
        assert_eq!(digits("<sip:+8613900001111@x>", ""), number);
        assert_eq!(digits("<tel:+8613900001111>", ""), number);
        assert_eq!(digits(hidden, asserted), number);
        assert_eq!(digits(hidden, &private), None);
        assert_eq!(digits(hidden, ""), None);
    }

    #[test]
    fn numbers_are_read_as_telephones_write_them() {
        for (address, digits) in [
            ("sip:+8675512345@h", "8675512345"),
            ("sip:008675512345;npdi@h", "8675512345"),
            ("tel:+86-755-123.45", "8675512345"),
            ("tel:12345;phone-context=+86755", "8675512345"),
            ("sip:12345;phone-context=+86755@h;user=phone", "8675512345"),
            ("tel:10086;phone-context=carrier.example", "10086"),
        ] {
            let read = number(&address.parse().unwrap());
            assert_eq!(read.unwrap().digits(), digits, "{address}");
        }
        assert!(number(&"sip:john.doe@h".parse().unwrap()).is_none());
        assert!(number(&"sip:h".parse().unwrap()).is_none());
    }

    #[test]
    fn who_diverted_a_call_is_read_from_either_header() {
        let of = |more: &str| {
            let events = diversions(&invite("<sip:a@b>", more).headers);
            let texts = events.into_iter().map(|event| match event {
                CallEvent::Diverted { by, reason } => format!("{by} {reason}"),
                other => panic!("{other:?}"),
            });
            texts.collect::<Vec<_>>()
        };
        let diversion = "Diversion: \"Desk\" <tel:+8675512345>;reason=no-answer;counter=1, <sip:old@pbx>;reason=\"unconditional\"\r\n";
        assert_eq!(
            of(diversion),
            ["tel:+8675512345 no-answer", "sip:old@pbx unconditional"]
        );
        let history = "History-Info: <sip:first@pbx?Reason=SIP%3Bcause%3D486%3Btext%3D%22Busy%22>;index=1, <sip:us@centre>;index=1.1\r\n";
        assert_eq!(of(history), ["sip:first@pbx 486"]);
        assert_eq!(of(&format!("{diversion}{history}")).len(), 2);
        assert!(of("History-Info: <sip:us@centre>;index=1\r\n").is_empty());
    }

    #[test]
    fn who_diverted_a_call_may_want_to_be_private() {
        let of = |more: &str| {
            let diverted = diverted(&invite("<sip:a@b>", more).headers);
            let private = diverted.iter().map(|diversion| diversion.is_private);
            private.collect::<Vec<_>>()
        };
        let diversion = "Diversion: <tel:+1>;privacy=full, <tel:+2>;privacy=off, <tel:+3>\r\n";
        assert_eq!(of(diversion), [true, false, false]);
        assert_eq!(
            of(&format!("{diversion}Privacy: id\r\n")),
            [true, false, false]
        );
        let all = format!("{diversion}Privacy: id;History\r\n");
        assert_eq!(of(&all), [true, true, true]);
        let history = "History-Info: <sip:a@pbx?Reason=SIP%3Bcause%3D486&Privacy=history>;index=1, <sip:b@pbx>;index=1.1, <sip:us@centre>;index=1.1.1\r\n";
        assert_eq!(of(history), [false, true]);
    }

    #[test]
    fn a_customers_own_text_is_read() {
        let data = |value: &str| user_to_user(&invite("<sip:a@b>", value).headers);
        assert_eq!(
            data("User-to-User: 6f726465722037;encoding=hex\r\n").as_deref(),
            Some("order 7")
        );
        assert_eq!(
            data("User-to-User: order-7\r\n").as_deref(),
            Some("order-7")
        );
        assert_eq!(data("User-to-User: zz;encoding=hex\r\n"), None);
        assert_eq!(data(""), None);
    }
}
