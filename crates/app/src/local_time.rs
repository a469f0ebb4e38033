//! A tenant's own time of day.

use anyhow::Context as _;
use engine::campaign::{Calendars, Local};
use jiff::{Timestamp, tz::TimeZone};
use model::{Schedule, Tenant, UnixMs, Weekday};

/// An instant as a tenant's calendar shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// Its day.
    pub weekday: Weekday,
    /// Seconds since local midnight by the clock on the wall.
    pub second_of_day: u32,
    /// When that day began.
    pub midnight: UnixMs,
    /// Its day of the month, 1 to 31.
    pub day_of_month: u8,
    /// When the next day begins.
    pub next_midnight: UnixMs,
}

impl LocalTime {
    /// `at` in an IANA time zone.
    ///
    /// # Errors
    ///
    /// Fails on a zone that the time zone database does not know.
    pub fn at(at: UnixMs, zone: &str) -> anyhow::Result<Self> {
        let zone = TimeZone::get(zone).with_context(|| format!("time zone {zone}"))?;
        let local = Timestamp::from_millisecond(at.0)
            .context("time out of range")?
            .to_zoned(zone);
        let time = local.time();
        let second_of_day = i64::from(time.hour()) * 3600
            + i64::from(time.minute()) * 60
            + i64::from(time.second());
        let monday_based = usize::try_from(local.weekday().to_monday_zero_offset()).unwrap_or(0);
        Ok(Self {
            weekday: Weekday::ALL[monday_based],
            second_of_day: u32::try_from(second_of_day).unwrap_or(0),
            midnight: UnixMs(local.start_of_day()?.timestamp().as_millisecond()),
            day_of_month: u8::try_from(local.day()).context("day of month")?,
            next_midnight: UnixMs(
                local
                    .tomorrow()?
                    .start_of_day()?
                    .timestamp()
                    .as_millisecond(),
            ),
        })
    }

    /// The same for campaigns.
    pub fn calendar(&self) -> Local {
        Local {
            weekday: self.weekday,
            day_of_month: self.day_of_month,
            second_of_day: self.second_of_day,
            midnight: self.midnight,
            next_midnight: self.next_midnight,
        }
    }
}

/// `at` by the calendars of a campaign's schedule and of its tenant.
///
/// # Errors
///
/// As [`LocalTime::at`].
pub fn calendars(schedule: &Schedule, tenant: &Tenant, at: UnixMs) -> anyhow::Result<Calendars> {
    let tenants = LocalTime::at(at, &tenant.time_zone)?.calendar();
    let own = match schedule
        .zone
        .as_deref()
        .filter(|zone| *zone != tenant.time_zone)
    {
        Some(zone) => LocalTime::at(at, zone)?.calendar(),
        None => tenants,
    };
    Ok(Calendars { own, tenants })
}

/// Whether the time zone database knows a zone.
pub fn is_zone(zone: &str) -> bool {
    TimeZone::get(zone).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shanghai_is_eight_hours_ahead() {
        // 2026-11-20T17:30:00Z is Saturday 01:30 in Shanghai.
        let local = LocalTime::at(UnixMs(1_795_195_800_000), "Asia/Shanghai").unwrap();
        assert_eq!(local.weekday, Weekday::Saturday);
        assert_eq!(local.second_of_day, 5_400);
        assert_eq!(local.midnight, UnixMs(1_795_190_400_000));
        assert_eq!(local.day_of_month, 21);
        assert_eq!(local.next_midnight, UnixMs(1_795_276_800_000));
    }

    #[test]
    fn an_unknown_zone_is_an_error() {
        assert!(LocalTime::at(UnixMs(0), "Mars/Olympus").is_err());
    }
}
