//! Whether a campaign may dial now, and when to look again.

use model::{Days, Hours, Schedule, UnixMs, Weekday, WorkingHours};

/// An instant as the tenant's calendar shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Local {
    /// Its day of the week.
    pub weekday: Weekday,
    /// Its day of the month, 1 to 31.
    pub day_of_month: u8,
    /// Seconds since midnight by the clock on the wall.
    pub second_of_day: u32,
    /// When the day began.
    pub midnight: UnixMs,
    /// When the next day begins.
    pub next_midnight: UnixMs,
}

/// Whether a campaign may dial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// It may; look again at this time.
    Open {
        /// The next boundary of hours or days.
        look_at: UnixMs,
    },
    /// Not now; look again at this time.
    Closed {
        /// The next boundary of hours or days.
        look_at: UnixMs,
    },
    /// Its time is up.
    Over,
}

/// Whether `schedule` lets a campaign dial at `now`, whose calendar is `local`, within the tenant's
/// `working_hours` (empty allows all).
pub fn window(
    schedule: &Schedule,
    working_hours: &[WorkingHours],
    local: &Local,
    now: UnixMs,
) -> Window {
    if schedule.to.is_some_and(|to| now >= to) {
        return Window::Over;
    }
    if let Some(from) = schedule.from.filter(|from| now < *from) {
        return Window::Closed { look_at: from };
    }
    let tenants: Vec<Hours> = working_hours
        .iter()
        .filter(|hours| hours.days.contains(&local.weekday))
        .map(|hours| Hours {
            from: hours.from,
            to: hours.to,
        })
        .collect();
    let is_day = match &schedule.days {
        Days::Every => true,
        Days::OfWeek(days) => days.contains(&local.weekday),
        Days::OfMonth(days) => days.contains(&local.day_of_month),
    };
    let is_open = is_day
        && is_within(&schedule.hours, local.second_of_day)
        && (working_hours.is_empty()
            || !tenants.is_empty() && is_within(&tenants, local.second_of_day));
    // A boundary of the day may be off where clocks are put forward: then it is looked at twice.
    let boundary = schedule
        .hours
        .iter()
        .chain(&tenants)
        .flat_map(|hours| [hours.from.seconds(), hours.to.seconds()])
        .filter(|second| *second > local.second_of_day)
        .min()
        .map(|second| {
            let wait = i64::from(second - local.second_of_day) * 1000;
            UnixMs(now.0 - now.0.rem_euclid(1000) + wait)
        });
    let look_at = boundary.map_or(local.next_midnight, |at| at.min(local.next_midnight));
    let look_at = schedule.to.map_or(look_at, |to| look_at.min(to));
    if is_open {
        Window::Open { look_at }
    } else {
        Window::Closed { look_at }
    }
}

/// Whether a second of the day is in one of the stretches; without any it is.
fn is_within(hours: &[Hours], second: u32) -> bool {
    hours.is_empty()
        || hours
            .iter()
            .any(|hours| (hours.from.seconds()..hours.to.seconds()).contains(&second))
}

#[cfg(test)]
mod tests {
    use model::DayTime;

    use super::*;

    /// Wednesday, 1 January 2025, 00:00 in UTC.
    const MIDNIGHT: UnixMs = UnixMs(1_735_689_600_000);
    const HOUR: i64 = 3_600_000;

    #[test]
    fn a_campaign_without_a_schedule_may_always_dial() {
        assert_eq!(at(&Schedule::default(), &[], 3 * HOUR), open(24 * HOUR));
    }

    #[test]
    fn hours_open_and_close_a_day() {
        let schedule = Schedule {
            hours: vec![hours(9, 12), hours(14, 18)],
            ..Schedule::default()
        };
        for (time, expected) in [
            (8 * HOUR, closed(9 * HOUR)),
            (9 * HOUR, open(12 * HOUR)),
            (12 * HOUR, closed(14 * HOUR)),
            (15 * HOUR, open(18 * HOUR)),
            (18 * HOUR, closed(24 * HOUR)),
        ] {
            assert_eq!(at(&schedule, &[], time), expected, "{time}");
        }
    }

    #[test]
    fn days_of_week_and_month_count() {
        let of = |days| Schedule {
            days,
            ..Schedule::default()
        };
        for (days, expected) in [
            (Days::OfWeek(vec![Weekday::Wednesday]), open(24 * HOUR)),
            (Days::OfWeek(vec![Weekday::Friday]), closed(24 * HOUR)),
            (Days::OfMonth(vec![1, 31]), open(24 * HOUR)),
            (Days::OfMonth(vec![2]), closed(24 * HOUR)),
        ] {
            assert_eq!(at(&of(days), &[], HOUR), expected);
        }
    }

    #[test]
    fn it_begins_and_it_is_over() {
        let schedule = Schedule {
            from: Some(UnixMs(MIDNIGHT.0 + HOUR)),
            to: Some(UnixMs(MIDNIGHT.0 + 3 * HOUR)),
            ..Schedule::default()
        };
        assert_eq!(at(&schedule, &[], 0), closed(HOUR));
        assert_eq!(at(&schedule, &[], HOUR), open(3 * HOUR));
        assert_eq!(at(&schedule, &[], 3 * HOUR), Window::Over);
    }

    #[test]
    fn the_tenants_working_hours_hold_for_every_campaign() {
        let working = [WorkingHours {
            days: vec![Weekday::Wednesday],
            from: "10:00".parse().unwrap(),
            to: "11:00".parse().unwrap(),
        }];
        let schedule = Schedule::default();
        assert_eq!(at(&schedule, &working, 9 * HOUR), closed(10 * HOUR));
        assert_eq!(at(&schedule, &working, 10 * HOUR), open(11 * HOUR));
        let other = [WorkingHours {
            days: vec![Weekday::Sunday],
            ..working[0].clone()
        }];
        assert_eq!(at(&schedule, &other, 10 * HOUR), closed(24 * HOUR));
    }

    fn at(schedule: &Schedule, working: &[WorkingHours], ms: i64) -> Window {
        let local = Local {
            weekday: Weekday::Wednesday,
            day_of_month: 1,
            second_of_day: u32::try_from(ms / 1000).unwrap(),
            midnight: MIDNIGHT,
            next_midnight: UnixMs(MIDNIGHT.0 + 24 * HOUR),
        };
        window(schedule, working, &local, UnixMs(MIDNIGHT.0 + ms))
    }

    fn open(ms: i64) -> Window {
        Window::Open {
            look_at: UnixMs(MIDNIGHT.0 + ms),
        }
    }

    fn closed(ms: i64) -> Window {
        Window::Closed {
            look_at: UnixMs(MIDNIGHT.0 + ms),
        }
    }

    fn hours(from: u32, to: u32) -> Hours {
        let time = |hour: u32| DayTime::from_seconds(hour * 3600).unwrap();
        Hours {
            from: time(from),
            to: time(to),
        }
    }
}
