//! The window of time in which call records are looked for.

use model::UnixMs;

use crate::fault::Fault;

const DAY_S: i64 = 86_400;

/// How far back records are given.
const BACK_MAX_DAYS: i64 = 180;

/// The window is shorter than this.
const WINDOW_MAX_DAYS: i64 = 90;

/// A window of call starts: from its first instant to just before its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TimeWindow {
    pub(super) from: UnixMs,
    pub(super) to: UnixMs,
}

/// A bound of the window: its name on the wire and its Unix seconds.
pub(super) type Bound = (&'static str, i64);

impl TimeWindow {
    /// A window that includes both its bounds. At most 180 days back and shorter than 90 days,
    /// as the vendor documents it.
    pub(super) fn parse(start: Bound, end: Bound, now: UnixMs) -> Result<Self, Fault> {
        if start.1 < now.seconds() - BACK_MAX_DAYS * DAY_S {
            return Err(Fault::wrong_value(
                start.0,
                "records are given for the last 180 days",
            ));
        }
        if end.1 < start.1 {
            return Err(Fault::wrong_value(
                end.0,
                &format!("it is before `{}`", start.0),
            ));
        }
        if end.1.saturating_sub(start.1) >= WINDOW_MAX_DAYS * DAY_S {
            return Err(Fault::wrong_value(
                end.0,
                &format!("it is 90 days or more after `{}`", start.0),
            ));
        }
        Ok(Self {
            from: UnixMs::from_seconds(start.1),
            to: UnixMs::from_seconds(end.1.saturating_add(1)),
        })
    }

    /// Whether a call that started then is in the window.
    pub(super) fn holds(self, started_at: UnixMs) -> bool {
        (self.from..self.to).contains(&started_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;

    #[test]
    fn a_window_is_recent_short_and_forward() {
        for (start, end, good) in [
            (NOW - 60, NOW, true),
            (NOW, NOW, true),
            (NOW - 180 * DAY_S, NOW - 91 * DAY_S, true),
            (NOW - 180 * DAY_S - 1, NOW - 170 * DAY_S, false),
            (NOW - 90 * DAY_S + 1, NOW, true),
            (NOW - 90 * DAY_S, NOW, false),
            (NOW, NOW - 1, false),
            (NOW, i64::MAX, false),
            (i64::MIN, NOW, false),
        ] {
            let window = TimeWindow::parse(("S", start), ("E", end), UnixMs::from_seconds(NOW));
            assert_eq!(window.is_ok(), good, "{start} {end}");
        }
    }

    #[test]
    fn both_bounds_are_inside() {
        let now = UnixMs::from_seconds(NOW);
        let window = TimeWindow::parse(("S", NOW - 10), ("E", NOW), now).unwrap();
        assert!(window.holds(UnixMs((NOW - 10) * 1000)));
        assert!(window.holds(UnixMs(NOW * 1000 + 999)));
        assert!(!window.holds(UnixMs((NOW + 1) * 1000)));
    }
}
