//! Session timers (RFC 4028): a call whose peer is gone ends by itself.
//!
//! One side refreshes the session by UPDATE or re-INVITE at half of an interval that both agreed
//! on; the other ends the call when no refresh comes. Proxies on the way free what they hold by
//! the same interval, so a call without refreshes is torn down by carriers after it.
//!
//! What this file does not do: send a refresh; see [`refresh`](super::refresh).

use std::time::{Duration, Instant};

use crate::{message::Headers, timers::Deadline, uri::Params};

/// The smallest interval that anybody may ask for, s (section 5).
pub(super) const MIN_SE_SECOND: u32 = 90;
/// Longest interval that is agreed to, s: longer ones would let dead calls stay for days.
const INTERVAL_SECOND_MAX: u32 = 7_200;
/// Longest `Min-SE` that is gone along with, s: a day. Beyond it nobody would notice a dead call.
pub(super) const MIN_SE_SECOND_MAX: u32 = 86_400;
/// The side that waits ends the call this much before the session expires, at most (section 10).
const END_BEFORE_MAX: Duration = Duration::from_secs(32);

/// Which end of a request sends the refreshes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The one that sent the request.
    Uac,
    /// The one that answered it.
    Uas,
}

/// What the headers of a request or of its answer say about the session's expiry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// `Session-Expires`, s.
    pub interval_second: Option<u32>,
    /// Its `refresher`.
    pub refresher: Option<Role>,
    /// `Min-SE`, s.
    pub min_second: Option<u32>,
    /// `Supported: timer`.
    pub supported: bool,
}

/// What both sides agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Agreed {
    pub interval_second: u32,
    pub refresher: Role,
}

/// The running timer of one leg that is up.
#[derive(Clone, Copy, Debug)]
pub(super) struct SessionTimer {
    pub interval_second: u32,
    /// We are the one that refreshes.
    pub is_ours: bool,
    /// When we refresh; `None`: the peer does, or our refresh is under way.
    pub refresh_at: Option<Instant>,
    /// When the call ends if nothing refreshes it.
    pub end_at: Instant,
}

impl Asked {
    /// Reads the headers of a request or an answer.
    pub fn of(headers: &Headers) -> Self {
        let expires = headers.get("Session-Expires").unwrap_or_default();
        let (interval, params) = expires.split_once(';').unwrap_or((expires, ""));
        let refresher = match Params::parse(params).get("refresher") {
            Some(role) if role.eq_ignore_ascii_case("uac") => Some(Role::Uac),
            Some(role) if role.eq_ignore_ascii_case("uas") => Some(Role::Uas),
            Some(_) | None => None,
        };
        Self {
            interval_second: interval.trim().parse().ok(),
            refresher,
            min_second: headers
                .get("Min-SE")
                .and_then(|value| value.split(';').next()?.trim().parse().ok()),
            supported: headers
                .values("Supported")
                .any(|option| option.eq_ignore_ascii_case("timer")),
        }
    }

    /// Whether a request asks for less than anybody may: answer 422 (section 9). A client that
    /// does not know session timers could not understand that; a proxy asked in its place.
    pub fn is_too_short(&self) -> bool {
        self.supported
            && self
                .interval_second
                .is_some_and(|interval| interval < MIN_SE_SECOND)
    }

    /// What we answer to a request that asks this; `None`: the session does not expire. An answer may
    /// not be below `Min-SE` (section 9); where that is beyond [`MIN_SE_SECOND_MAX`], nothing is agreed on.
    ///
    /// Whoever knows session timers and asks for one refreshes it unless they say otherwise; for
    /// others we do (section 9, table 2). `wanted_second` is our own wish.
    pub fn agree(&self, wanted_second: u32) -> Option<Agreed> {
        let least = self.min_second.unwrap_or(0).max(MIN_SE_SECOND);
        if least > MIN_SE_SECOND_MAX {
            return None;
        }
        match (self.interval_second, self.supported) {
            (Some(interval), supported) => Some(Agreed {
                interval_second: interval.min(INTERVAL_SECOND_MAX).max(least),
                refresher: match self.refresher {
                    Some(role) if supported => role,
                    None if supported => Role::Uac,
                    Some(_) | None => Role::Uas,
                },
            }),
            (None, true) => Some(Agreed {
                interval_second: wanted_second.max(least),
                refresher: Role::Uas,
            }),
            (None, false) => None,
        }
    }

    /// What the answer to our request says; `None`: the session does not expire. Of one beyond
    /// [`MIN_SE_SECOND_MAX`] we refresh what is ours each day, and wait for nobody.
    pub fn agreed(&self) -> Option<Agreed> {
        let interval = self.interval_second?;
        let refresher = self.refresher.unwrap_or(Role::Uac);
        let is_kept = interval <= MIN_SE_SECOND_MAX || refresher == Role::Uac;
        is_kept.then_some(Agreed {
            interval_second: interval.clamp(MIN_SE_SECOND, MIN_SE_SECOND_MAX),
            refresher,
        })
    }
}

impl Agreed {
    /// Value of `Session-Expires`.
    pub fn header(&self) -> String {
        let role = match self.refresher {
            Role::Uac => "uac",
            Role::Uas => "uas",
        };
        format!("{};refresher={role}", self.interval_second)
    }
}

impl SessionTimer {
    /// Starts when a 2xx is sent or received (section 7.4); `us` is our role in its transaction.
    pub fn start(agreed: Agreed, us: Role, now: Instant) -> Self {
        let interval = Duration::from_secs(agreed.interval_second.into());
        let end_before = END_BEFORE_MAX.min(interval / 3);
        Self {
            interval_second: agreed.interval_second,
            is_ours: agreed.refresher == us,
            refresh_at: (agreed.refresher == us).then(|| now + interval / 2),
            end_at: now + interval - end_before,
        }
    }

    /// What is due next.
    pub fn deadline(&self) -> Deadline {
        match self.refresh_at {
            Some(at) if at < self.end_at => (at, "session refresh"),
            Some(_) | None => (self.end_at, "refresh by the peer"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timers::tests::start;

    fn asked(fields: &[(&str, &str)]) -> Asked {
        let mut headers = Headers::default();
        for (name, value) in fields {
            headers.push(name, (*value).to_owned());
        }
        Asked::of(&headers)
    }

    fn answer(fields: &[(&str, &str)]) -> Option<String> {
        asked(fields).agree(1800).map(|agreed| agreed.header())
    }

    #[test]
    fn who_asks_and_knows_timers_refreshes() {
        let timer = ("Supported", "100rel, timer");
        for (fields, expected) in [
            (vec![timer, ("x", "600")], Some("600;refresher=uac")),
            (
                vec![timer, ("Session-Expires", "600;refresher=uas")],
                Some("600;refresher=uas"),
            ),
            (vec![timer], Some("1800;refresher=uas")),
            (
                vec![("Session-Expires", "600;refresher=uac")],
                Some("600;refresher=uas"),
            ),
            (vec![timer, ("Min-SE", "3600")], Some("3600;refresher=uas")),
            (vec![timer, ("x", "4294967295")], Some("7200;refresher=uac")),
            (
                vec![timer, ("x", "86400"), ("Min-SE", "86400")],
                Some("86400;refresher=uac"),
            ),
            (vec![timer, ("x", "90000"), ("Min-SE", "86401")], None),
            (vec![timer, ("Min-SE", "4294967295")], None),
            (vec![timer, ("x", "soon")], Some("1800;refresher=uas")),
            (vec![], None),
        ] {
            assert_eq!(answer(&fields).as_deref(), expected, "{fields:?}");
        }
    }

    #[test]
    fn an_answer_beyond_a_day_makes_nobody_wait() {
        let agreed = |value: &str| asked(&[("x", value)]).agreed().map(|a| a.header());
        let ours = Some("86400;refresher=uac".to_owned());
        assert_eq!(agreed("4294967295;refresher=uac"), ours);
        assert_eq!(agreed("4294967295"), ours);
        assert_eq!(agreed("86401;refresher=uas"), None);
        let theirs = Some("86400;refresher=uas".to_owned());
        assert_eq!(agreed("86400;refresher=uas"), theirs);
    }

    #[test]
    fn only_clients_that_know_timers_hear_that_their_interval_is_too_short() {
        assert!(asked(&[("k", "timer"), ("x", "60")]).is_too_short());
        assert!(!asked(&[("x", "60")]).is_too_short());
        assert_eq!(answer(&[("x", "60")]).as_deref(), Some("90;refresher=uas"));
    }

    #[test]
    fn a_refresh_is_due_at_half_and_the_end_a_little_before_the_session_expires() {
        let now = start();
        let second = Duration::from_secs;
        let agreed = Agreed {
            interval_second: 1800,
            refresher: Role::Uac,
        };
        let ours = SessionTimer::start(agreed, Role::Uac, now);
        assert_eq!(ours.deadline().0, now + second(900));
        assert_eq!(ours.end_at, now + second(1768));
        let theirs = SessionTimer::start(agreed, Role::Uas, now);
        assert_eq!(theirs.deadline().0, now + second(1768));
        let short = Agreed {
            interval_second: 90,
            refresher: Role::Uas,
        };
        let theirs = SessionTimer::start(short, Role::Uac, now);
        assert_eq!(theirs.deadline().0, now + second(60));
    }
}
