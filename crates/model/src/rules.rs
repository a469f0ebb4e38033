//! Rules that an operator sets for a tenant's outbound calls.

use std::time::Duration;

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Weekday {
    /// All days, Monday first.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];
}

/// Seconds since local midnight, 0 to 86,400 (the end of the day).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayTime(u32);

/// The text is no time of day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time of day such as 09:00 or 09:00:00")]
pub struct NotDayTime(pub String);

impl DayTime {
    /// From seconds since midnight; `None` above 86,400.
    pub fn from_seconds(seconds: u32) -> Option<Self> {
        (seconds <= 86_400).then_some(Self(seconds))
    }

    /// Seconds since midnight.
    pub fn seconds(self) -> u32 {
        self.0
    }
}

impl std::str::FromStr for DayTime {
    type Err = NotDayTime;

    fn from_str(text: &str) -> Result<Self, NotDayTime> {
        let fault = || NotDayTime(text.chars().take(20).collect());
        let parts: Vec<&str> = text.split(':').collect();
        if !(2..=3).contains(&parts.len())
            || parts
                .iter()
                .any(|part| part.len() != 2 || !part.bytes().all(|b| b.is_ascii_digit()))
        {
            return Err(fault());
        }
        let number = |part: &str| part.parse::<u32>().map_err(|_| fault());
        let (hour, minute) = (number(parts[0])?, number(parts[1])?);
        let second = parts.get(2).map_or(Ok(0), |part| number(part))?;
        if minute > 59 || second > 59 {
            return Err(fault());
        }
        Self::from_seconds(hour * 3600 + minute * 60 + second).ok_or_else(fault)
    }
}

impl std::fmt::Display for DayTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:02}:{:02}:{:02}",
            self.0 / 3600,
            self.0 / 60 % 60,
            self.0 % 60
        )
    }
}

/// One stretch of a day in which calls are allowed, in the tenant's time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingHours {
    /// Days it holds for; not empty.
    pub days: Vec<Weekday>,
    /// First second.
    pub from: DayTime,
    /// First second after it; later than `from`.
    pub to: DayTime,
}

/// At most so many calls in so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallsPer {
    /// At least 1.
    pub calls_max: u32,
    /// Length of the sliding window.
    pub window: Duration,
}

/// The rules. Absent rules allow everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallRules {
    /// Hours in which calls are allowed; empty allows all hours.
    pub working_hours: Vec<WorkingHours>,
    /// Leading digits of callees that are never called.
    pub blind_areas: Vec<String>,
    /// How often one caller number may be shown.
    pub caller_frequency: Option<CallsPer>,
    /// How often one callee may be called in an interval.
    pub callee_interval: Option<CallsPer>,
    /// How often one callee may be called in a day of the tenant's time zone.
    pub callee_per_day: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_86400_seconds_and_an_end() {
        assert_eq!("24:00".parse::<DayTime>().unwrap().seconds(), 86_400);
        assert_eq!(
            "09:30:05".parse::<DayTime>().unwrap().to_string(),
            "09:30:05"
        );
        for text in [
            "24:01",
            "9:00",
            "09:60",
            "ab:cd",
            "",
            "09:00:00:00",
            "+9:00",
        ] {
            assert!(text.parse::<DayTime>().is_err(), "{text}");
        }
    }
}
