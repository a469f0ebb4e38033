//! Whether a campaign may dial now, and when to look again.

use model::{Days, Hours, Schedule, UnixMs, Weekday, WorkingHours};

/// An instant as a calendar shows it.
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

/// An instant by the two calendars that count for a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendars {
    /// That of its schedule.
    pub own: Local,
    /// That of its tenant, whose working hours hold for every campaign.
    pub tenants: Local,
}

/// Whether `schedule` lets a campaign dial at `now`, which `calendars` show, within the tenant's
/// `working_hours` (empty allows all).
pub fn window(
    schedule: &Schedule,
    working_hours: &[WorkingHours],
    calendars: &Calendars,
    now: UnixMs,
) -> Window {
    if schedule.to.is_some_and(|to| now >= to) {
        return Window::Over;
    }
    if let Some(from) = schedule.from.filter(|from| now < *from) {
        return Window::Closed { look_at: from };
    }
    let Calendars { own, tenants } = calendars;
    let tenants_hours: Vec<Hours> = working_hours
        .iter()
        .filter(|hours| hours.days.contains(&tenants.weekday))
        .map(|hours| Hours {
            from: hours.from,
            to: hours.to,
        })
        .collect();
    let is_day = match &schedule.days {
        Days::Every => true,
        Days::OfWeek(days) => days.contains(&own.weekday),
        Days::OfMonth(days) => days.contains(&own.day_of_month),
    };
    let is_open = is_day
        && is_within(&schedule.hours, own.second_of_day)
        && (working_hours.is_empty()
            || !tenants_hours.is_empty() && is_within(&tenants_hours, tenants.second_of_day));
    let mut look_at = boundary(&schedule.hours, own, now);
    if !working_hours.is_empty() {
        look_at = look_at.min(boundary(&tenants_hours, tenants, now));
    }
    let look_at = schedule.to.map_or(look_at, |to| look_at.min(to));
    if is_open {
        Window::Open { look_at }
    } else {
        Window::Closed { look_at }
    }
}

/// When one of the stretches begins or ends next, or the day does. May be off where clocks are put
/// forward: then it is looked at twice.
fn boundary(hours: &[Hours], local: &Local, now: UnixMs) -> UnixMs {
    let next = hours
        .iter()
        .flat_map(|hours| [hours.from.seconds(), hours.to.seconds()])
        .filter(|second| *second > local.second_of_day)
        .min()
        .map(|second| {
            let wait = i64::from(second - local.second_of_day) * 1000;
            UnixMs(now.0 - now.0.rem_euclid(1000) + wait)
        });
    next.map_or(local.next_midnight, |at| at.min(local.next_midnight))
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
        let local = local(ms);
        let calendars = Calendars {
            own: local,
            tenants: local,
        };
        window(schedule, working, &calendars, UnixMs(MIDNIGHT.0 + ms))
    }

    fn local(ms: i64) -> Local {
        Local {
            weekday: Weekday::Wednesday,
            day_of_month: 1,
            second_of_day: u32::try_from(ms / 1000).unwrap(),
            midnight: MIDNIGHT,
            next_midnight: UnixMs(MIDNIGHT.0 + 24 * HOUR),
        }
    }

    #[test]
    fn a_campaigns_hours_are_of_its_zone_and_working_hours_of_the_tenants() {
        // Its clock is two hours behind the tenant's.
        let schedule = Schedule {
            hours: vec![hours(9, 17)],
            ..Schedule::default()
        };
        let working = [WorkingHours {
            days: vec![Weekday::Wednesday],
            from: "08:00".parse().unwrap(),
            to: "18:00".parse().unwrap(),
        }];
        for (tenants_hour, expected) in [
            (10, closed(11 * HOUR)),
            (11, open(18 * HOUR)),
            (17, open(18 * HOUR)),
            // Its own hours end at 19 by the tenant's clock, whose working hours are over by then.
            (18, closed(19 * HOUR)),
        ] {
            let ms = tenants_hour * HOUR;
            let own = Local {
                midnight: UnixMs(MIDNIGHT.0 + 2 * HOUR),
                next_midnight: UnixMs(MIDNIGHT.0 + 26 * HOUR),
                ..local(ms - 2 * HOUR)
            };
            let calendars = Calendars {
                own,
                tenants: local(ms),
            };
            let now = UnixMs(MIDNIGHT.0 + ms);
            assert_eq!(
                window(&schedule, &working, &calendars, now),
                expected,
                "{tenants_hour}"
            );
        }
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
