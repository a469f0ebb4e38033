//! Who calls and what the call carries, as the headers of an INVITE say it.

use model::E164;
use sip::{Headers, Incoming, NameAddr};

use super::number_of;

/// Characters of the customer's own text that are kept: what a call is placed with may have.
const USER_DATA_MAX: usize = 2_000;

/// The caller's number: of From, or where that hides it, of the identity that the network asserts
/// (RFC 3325), unless the caller wants that to be private (RFC 3323).
pub(super) fn caller(incoming: &Incoming) -> Option<E164> {
    let of = |address: &NameAddr| number_of(address.uri.user.as_deref()?);
    of(&incoming.from).or_else(|| {
        let headers = &incoming.headers;
        let is_private = headers
            .values("Privacy")
            .flat_map(|value| value.split(';'))
            .any(|wish| {
                ["id", "user", "full"].contains(&wish.trim().to_ascii_lowercase().as_str())
            });
        if is_private {
            return None;
        }
        headers
            .values("P-Asserted-Identity")
            .filter_map(|value| value.parse().ok())
            .find_map(|address: NameAddr| of(&address))
    })
}

/// The customer's own text (RFC 7433): hex digits of UTF-8, or what stands there.
pub(super) fn user_data(headers: &Headers) -> Option<String> {
    let value = headers.values("User-to-User").next()?;
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
    fn a_customers_own_text_is_read() {
        let data = |value: &str| user_data(&invite("<sip:a@b>", value).headers);
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
