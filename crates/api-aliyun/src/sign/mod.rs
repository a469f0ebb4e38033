//! Who asks: the vendor's two signatures, as its clients really send them.
//!
//! # Invariants
//!
//! - A signature is compared in constant time.
//! - What is signed is rebuilt from the request itself; nothing that a request claims to have
//!   signed is believed.

pub mod acs3;
pub mod v1;

#[cfg(test)]
pub(crate) mod captured;

use std::time::Duration;

use jiff::Timestamp;
use model::UnixMs;

use crate::fault::Fault;

/// How far the clock of a caller may be from ours. The vendor's error pages say 15 minutes.
pub const CLOCK_MAX: Duration = Duration::from_secs(15 * 60);

/// The time of a request, `YYYY-MM-DDThh:mm:ssZ`, if it is near enough to `now`.
fn fresh(text: &str, now: UnixMs) -> Result<UnixMs, Fault> {
    let is_utc = text.len() <= 32 && text.ends_with('Z');
    let time: Timestamp = text.parse().map_err(|_| Fault::time_format())?;
    if !is_utc {
        return Err(Fault::time_format());
    }
    let at = UnixMs(time.as_millisecond());
    if at.since(now).max(now.since(at)) > CLOCK_MAX {
        return Err(Fault::time_expired());
    }
    Ok(at)
}

/// The nonce, if it is one that can be remembered.
fn nonce(text: &str) -> Result<&str, Fault> {
    if text.is_empty() || text.len() > 128 {
        return Err(Fault::invalid(
            "SignatureNonce",
            "it has 1 to 128 characters",
        ));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_good_for_fifteen_minutes_on_both_sides() {
        let now = UnixMs(1_767_323_045_000);
        for (text, code) in [
            ("2026-01-02T03:04:05Z", None),
            ("2026-01-02T02:49:05Z", None),
            ("2026-01-02T03:19:05Z", None),
            ("2026-01-02T02:49:04Z", Some("InvalidTimeStamp.Expired")),
            ("2026-01-02T03:19:06Z", Some("InvalidTimeStamp.Expired")),
            ("2026-01-02 03:04:05", Some("InvalidTimeStamp.Format")),
            ("2026-01-02T03:04:05+00:00", Some("InvalidTimeStamp.Format")),
            ("now", Some("InvalidTimeStamp.Format")),
        ] {
            let fault = fresh(text, now).err();
            assert_eq!(fault.as_ref().map(|fault| &*fault.code), code, "{text}");
        }
    }
}
