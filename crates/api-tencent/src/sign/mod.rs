//! Who sent a request: the vendor's two ways to sign one.
//!
//! [`tc3`] is what every current client uses; [`v1`] is the older way that clients still offer as
//! `signMethod`. Both are pure: the secret key and the time are arguments. Both first read a
//! *claim* (who says they are asking, and when), so that a stranger's body need not be read, and
//! then prove it.
//!
//! # Invariants
//!
//! - Signatures are compared in constant time.
//! - A request is good for five minutes to either side of its time. The same signed request may
//!   come again within them: the vendor takes it twice, and its clients repeat requests when a
//!   connection breaks. `Nonce` is required in v1 and not remembered.

#[cfg(test)]
mod captured;
pub mod tc3;
pub mod v1;

use model::UnixMs;

use crate::fault::Fault;

/// How far the time of a request may be from ours, as the vendor documents it.
const WINDOW_S: i64 = 300;

/// Longest text that can be the id of a credential.
const SECRET_ID_MAX: usize = 128;

/// Checks the time of a request, Unix seconds in decimal, and returns it.
pub(crate) fn fresh(timestamp: &str, now: UnixMs) -> Result<i64, Fault> {
    let seconds: i64 = timestamp
        .parse()
        .map_err(|_| Fault::wrong_type("Timestamp", "int64"))?;
    if seconds.abs_diff(now.seconds()) > WINDOW_S.unsigned_abs() {
        return Err(Fault::signature_expire());
    }
    Ok(seconds)
}

/// Checks that a text can be the id of a credential at all.
fn secret_id(text: &str) -> Result<&str, Fault> {
    let good = text.starts_with("AKID")
        && text.len() <= SECRET_ID_MAX
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if good {
        return Ok(text);
    }
    Err(Fault::invalid_secret_id())
}

/// A host as a client may have signed it: as it was sent, and without its port (Node's client
/// signs `URL.hostname` and sends `URL.host`).
fn hosts_signed(host: &str) -> impl Iterator<Item = &str> {
    let without_port = host
        .rsplit_once(':')
        .filter(|(_, port)| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
        .map(|(name, _)| name);
    std::iter::once(host).chain(without_port)
}

/// A path as a client may have signed it: `/`, whatever it asks for (Python, Go, Java), or the
/// real one (Node).
fn paths_signed(path: &str) -> impl Iterator<Item = &str> {
    std::iter::once("/").chain((path != "/").then_some(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_minutes_either_way_are_fresh_and_a_second_more_is_not() {
        let now = UnixMs::from_seconds(1_000_000);
        for (seconds, good) in [
            ("999700", true),
            ("1000300", true),
            ("999699", false),
            ("1000301", false),
            ("-9223372036854775808", false),
        ] {
            assert_eq!(fresh(seconds, now).is_ok(), good, "{seconds}");
        }
    }

    #[test]
    fn a_time_that_is_no_number_is_not_an_expired_one() {
        let fault = fresh("yesterday", UnixMs(0)).unwrap_err();
        assert_eq!(fault.code, "InvalidParameter");
    }

    #[test]
    fn only_a_port_is_cut_off_a_host() {
        let all = |host| hosts_signed(host).collect::<Vec<_>>();
        assert_eq!(all("127.0.0.1:80"), ["127.0.0.1:80", "127.0.0.1"]);
        assert_eq!(
            all("http://127.0.0.1:80"),
            ["http://127.0.0.1:80", "http://127.0.0.1"]
        );
        assert_eq!(all("http://example.com"), ["http://example.com"]);
    }
}
