//! How long a peer may be silent.

use std::time::Duration;

/// How long the other side of a leg may send neither sound nor a report of it (RTP, RTCP) before it is taken for
/// gone, and the call ends: 5 s to an hour, or never. It may be silent on hold, and where its description says
/// that it does not send, whatever this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaTimeout {
    /// 0 for never.
    second: u16,
}

impl MediaTimeout {
    /// Nobody is taken for gone.
    pub const NEVER: Self = Self { second: 0 };
    /// Shortest time: reports come every 5 s or so (RFC 3550 section 6.2), and less would take a moment without
    /// packets for the end.
    pub const SECOND_MIN: u16 = 5;
    /// Longest time.
    pub const SECOND_MAX: u16 = 3_600;

    /// After so many seconds, or never (0); `None` for what lies outside the bounds.
    #[must_use]
    pub fn from_second(second: i64) -> Option<Self> {
        let second = u16::try_from(second).ok()?;
        let is_fit = second == 0 || (Self::SECOND_MIN..=Self::SECOND_MAX).contains(&second);
        is_fit.then_some(Self { second })
    }

    /// Seconds, 0 for never.
    #[must_use]
    pub fn second(self) -> u16 {
        self.second
    }

    /// The time; `None` for never.
    #[must_use]
    pub fn limit(self) -> Option<Duration> {
        (self != Self::NEVER).then(|| Duration::from_secs(self.second.into()))
    }
}

impl Default for MediaTimeout {
    /// Half a minute: phones that send nothing in silence are heard within it by a word or by comfort noise.
    fn default() -> Self {
        Self { second: 30 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_is_missed_after_five_seconds_to_an_hour_or_never() {
        for second in [0, 5, 30, 3_600] {
            let timeout = MediaTimeout::from_second(second).unwrap();
            assert_eq!(i64::from(timeout.second()), second);
        }
        for second in [-5, 1, 4, 3_601, 65_536 + 30, i64::MIN, i64::MAX] {
            assert_eq!(MediaTimeout::from_second(second), None, "{second}");
        }
        assert_eq!(MediaTimeout::NEVER.limit(), None);
        let usual = MediaTimeout::default();
        assert_eq!(usual.limit(), Some(Duration::from_secs(30)));
    }
}
