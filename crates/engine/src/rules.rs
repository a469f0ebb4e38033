//! Whether a callee may be called now.
//!
//! The shell counts and looks up ([`Facts`], with [`Windows`] saying from when); [`check`] decides
//! and says why, also where it allows, so that every dial can be explained afterwards.
//!
//! # Invariants
//!
//! - Rules are asked in the order of [`CallRuleKind::ALL`], up to the first that forbids.
//! - Only the last check can be a refusal.

use std::time::Duration;

use model::{
    CallEvent, CallRuleKind, CallRules, CallsPer, DayTime, E164, EndCause, Refusal, UnixMs,
    Weekday, WorkingHours,
};

use crate::refused;

/// What the rules need to know of the world.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// Who would be called.
    pub callee: &'a E164,
    /// The number that would be shown; `None` while it is not chosen.
    pub caller: Option<&'a E164>,
    /// The callee is on the tenant's do-not-call list.
    pub on_do_not_call: bool,
    /// Name of the tenant's time zone, for the details.
    pub time_zone: &'a str,
    /// Day in the tenant's time zone.
    pub local_weekday: Weekday,
    /// Seconds since local midnight, 0 to 86,399; a leap second may be 86,400.
    pub local_second_of_day: u32,
    /// Calls to the callee from [`Windows::callee_interval_from`] on.
    pub calls_to_callee_in_interval: u32,
    /// Calls to the callee from [`Windows::callee_day_from`] on.
    pub calls_to_callee_today: u32,
    /// Calls that showed the caller from [`Windows::caller_from`] on.
    pub calls_from_caller_in_window: u32,
}

/// From when on to count calls, by their start; `None` where no rule asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Windows {
    /// For [`Facts::calls_to_callee_in_interval`].
    pub callee_interval_from: Option<UnixMs>,
    /// For [`Facts::calls_to_callee_today`].
    pub callee_day_from: Option<UnixMs>,
    /// For [`Facts::calls_from_caller_in_window`].
    pub caller_from: Option<UnixMs>,
}

impl Windows {
    /// What `rules` ask for at `now`; `midnight` is the start of the tenant's present day.
    pub fn of(rules: &CallRules, now: UnixMs, midnight: UnixMs) -> Self {
        // A call exactly one window ago is outside.
        let from = |per: CallsPer| now.minus(per.window).plus(Duration::from_millis(1));
        Self {
            callee_interval_from: rules.callee_interval.map(from),
            callee_day_from: rules.callee_per_day.map(|_| midnight),
            caller_from: rules.caller_frequency.map(from),
        }
    }
}

/// What one rule said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCheck {
    /// Which.
    pub rule: CallRuleKind,
    /// Whether it lets the call pass.
    pub allowed: bool,
    /// The values that decided, for people.
    pub detail: String,
}

impl RuleCheck {
    /// The refusal of the command; `None` if the rule allows the call.
    pub fn refusal(&self) -> Option<Refusal> {
        (!self.allowed).then(|| Refusal::RuleForbids {
            rule: self.rule,
            detail: self.detail.clone(),
        })
    }

    /// The end cause for the record of the call; `None` if the rule allows it.
    pub fn end_cause(&self) -> Option<EndCause> {
        (!self.allowed).then(|| refused::rule_end_cause(self.rule))
    }

    /// The event for the journal of the call.
    pub fn event(&self) -> CallEvent {
        CallEvent::RuleChecked {
            rule: self.rule,
            allowed: self.allowed,
            detail: self.detail.clone(),
        }
    }
}

/// Asks the rules in order, up to the first that forbids the call.
pub fn check(rules: &CallRules, facts: &Facts<'_>) -> Vec<RuleCheck> {
    let mut checks = Vec::new();
    for rule in CallRuleKind::ALL {
        let (allowed, detail) = ask(rule, rules, facts);
        checks.push(RuleCheck {
            rule,
            allowed,
            detail,
        });
        if !allowed {
            break;
        }
    }
    checks
}

fn ask(rule: CallRuleKind, rules: &CallRules, facts: &Facts<'_>) -> (bool, String) {
    match rule {
        CallRuleKind::DoNotCall => do_not_call(facts),
        CallRuleKind::BlindArea => blind_area(&rules.blind_areas, facts.callee),
        CallRuleKind::WorkingHours => working_hours(&rules.working_hours, facts),
        CallRuleKind::CalleeInterval => frequency(
            rules.callee_interval,
            facts.calls_to_callee_in_interval,
            "to the callee",
        ),
        CallRuleKind::CalleePerDay => per_day(rules.callee_per_day, facts.calls_to_callee_today),
        CallRuleKind::CallerFrequency => match facts.caller {
            Some(caller) => frequency(
                rules.caller_frequency,
                facts.calls_from_caller_in_window,
                &format!("from {caller}"),
            ),
            None => (true, "no caller number is chosen yet".into()),
        },
    }
}

fn do_not_call(facts: &Facts<'_>) -> (bool, String) {
    if facts.on_do_not_call {
        (false, "callee is on the do-not-call list".into())
    } else {
        (true, "callee is not on the do-not-call list".into())
    }
}

fn blind_area(areas: &[String], callee: &E164) -> (bool, String) {
    match areas
        .iter()
        .find(|area| callee.digits().starts_with(area.as_str()))
    {
        Some(area) => (false, format!("callee is in the blind area +{area}")),
        None if areas.is_empty() => (true, "no area is blind".into()),
        None => (true, format!("callee is in none of {} areas", areas.len())),
    }
}

fn working_hours(hours: &[WorkingHours], facts: &Facts<'_>) -> (bool, String) {
    if hours.is_empty() {
        return (true, "every hour is a working hour".into());
    }
    let second = facts.local_second_of_day.min(86_400);
    let clock = DayTime::from_seconds(second).expect("at most the end of the day");
    let now = format!("{clock} {:?} {}", facts.local_weekday, facts.time_zone);
    let today: Vec<&WorkingHours> = hours
        .iter()
        .filter(|row| row.days.contains(&facts.local_weekday))
        .collect();
    if let Some(row) = today.iter().find(|row| row.from <= clock && clock < row.to) {
        return (true, format!("{now} is within {}-{}", row.from, row.to));
    }
    if today.is_empty() {
        return (false, format!("{now} is on a day without working hours"));
    }
    let rows: Vec<String> = today
        .iter()
        .map(|row| format!("{}-{}", row.from, row.to))
        .collect();
    (false, format!("{now} is outside {}", rows.join(", ")))
}

fn frequency(limit: Option<CallsPer>, n_calls: u32, whose: &str) -> (bool, String) {
    match limit {
        Some(CallsPer { calls_max, window }) => (
            n_calls < calls_max,
            format!(
                "{n_calls} of {calls_max} calls {whose} within {} s",
                window.as_secs()
            ),
        ),
        None => (true, format!("calls {whose} are not limited")),
    }
}

fn per_day(limit: Option<u32>, n_calls: u32) -> (bool, String) {
    match limit {
        Some(calls_max) => (
            n_calls < calls_max,
            format!("{n_calls} of {calls_max} calls to the callee today"),
        ),
        None => (true, "calls to the callee a day are not limited".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_rules_every_rule_allows_in_order() {
        let callee = e164("+8613800138000");
        let checks = check(&CallRules::default(), &facts(&callee));
        let asked: Vec<_> = checks.iter().map(|check| check.rule).collect();
        assert_eq!(asked, CallRuleKind::ALL);
        assert!(checks.iter().all(|check| check.allowed));
    }

    #[test]
    fn the_first_rule_that_forbids_is_the_last_one_asked() {
        let callee = e164("+8613800138000");
        let rules = CallRules {
            blind_areas: vec!["852".into(), "861380".into()],
            callee_per_day: Some(1),
            ..CallRules::default()
        };
        let checks = check(&rules, &facts(&callee));
        assert_eq!(checks.len(), 2);
        assert_eq!(checks[1].end_cause(), Some(EndCause::AreaRestricted));
        assert_eq!(checks[1].detail, "callee is in the blind area +861380");
    }

    #[test]
    fn the_do_not_call_list_comes_first() {
        let callee = e164("+8613800138000");
        let listed = Facts {
            on_do_not_call: true,
            ..facts(&callee)
        };
        let checks = check(&CallRules::default(), &listed);
        assert_eq!(checks.len(), 1);
        assert_eq!(checks[0].end_cause(), Some(EndCause::CalleeRestricted));
    }

    #[test]
    fn working_hours_hold_from_their_first_second_to_before_their_end() {
        for (second, allowed) in [
            (32_399, false),
            (32_400, true),
            (43_199, true),
            (43_200, false),
            (50_400, true),
            (75_600, false),
            (86_400, false),
        ] {
            let (is_allowed, detail) = at(Weekday::Friday, second);
            assert_eq!(is_allowed, allowed, "{detail}");
        }
    }

    #[test]
    fn a_refused_hour_is_told_with_the_hours_of_that_day() {
        assert_eq!(
            at(Weekday::Friday, 80_040).1,
            "22:14:00 Friday Asia/Shanghai is outside 09:00:00-12:00:00, 14:00:00-21:00:00"
        );
        assert_eq!(
            at(Weekday::Sunday, 40_000),
            (
                false,
                "11:06:40 Sunday Asia/Shanghai is on a day without working hours".into()
            )
        );
    }

    #[test]
    fn the_call_after_the_last_allowed_one_is_refused() {
        let callee = e164("+8613800138000");
        let caller = e164("+8675512345");
        let per_hour = Some(CallsPer {
            calls_max: 3,
            window: Duration::from_secs(3600),
        });
        let rules = CallRules {
            callee_interval: per_hour,
            callee_per_day: Some(5),
            caller_frequency: per_hour,
            ..CallRules::default()
        };
        let last_of = |facts: Facts<'_>| check(&rules, &facts).pop().unwrap();

        let fine = last_of(Facts {
            caller: Some(&caller),
            calls_to_callee_in_interval: 2,
            calls_to_callee_today: 4,
            calls_from_caller_in_window: 2,
            ..facts(&callee)
        });
        assert!(fine.allowed, "{}", fine.detail);

        for (n_interval, n_today, n_caller, rule, detail) in [
            (
                3,
                0,
                0,
                CallRuleKind::CalleeInterval,
                "3 of 3 calls to the callee within 3600 s",
            ),
            (
                0,
                5,
                0,
                CallRuleKind::CalleePerDay,
                "5 of 5 calls to the callee today",
            ),
            (
                0,
                0,
                3,
                CallRuleKind::CallerFrequency,
                "3 of 3 calls from +8675512345 within 3600 s",
            ),
        ] {
            let refused = last_of(Facts {
                caller: Some(&caller),
                calls_to_callee_in_interval: n_interval,
                calls_to_callee_today: n_today,
                calls_from_caller_in_window: n_caller,
                ..facts(&callee)
            });
            assert_eq!((refused.rule, refused.detail.as_str()), (rule, detail));
            assert_eq!(refused.end_cause(), Some(EndCause::TooManyCalls));
        }
    }

    #[test]
    fn a_call_one_window_ago_no_longer_counts() {
        let rules = CallRules {
            callee_interval: Some(CallsPer {
                calls_max: 1,
                window: Duration::from_secs(60),
            }),
            ..CallRules::default()
        };
        let windows = Windows::of(&rules, UnixMs(100_000), UnixMs(0));
        assert_eq!(windows.callee_interval_from, Some(UnixMs(40_001)));
        assert_eq!(windows.callee_day_from, None);
        assert_eq!(windows.caller_from, None);
    }

    fn at(local_weekday: Weekday, local_second_of_day: u32) -> (bool, String) {
        let time = |text: &str| text.parse::<DayTime>().unwrap();
        let days = Weekday::ALL[..5].to_vec();
        let rows = [("09:00", "12:00"), ("14:00", "21:00")].map(|(from, to)| WorkingHours {
            days: days.clone(),
            from: time(from),
            to: time(to),
        });
        let callee = e164("+8613800138000");
        let facts = Facts {
            local_weekday,
            local_second_of_day,
            ..facts(&callee)
        };
        working_hours(&rows, &facts)
    }

    fn facts(callee: &E164) -> Facts<'_> {
        Facts {
            callee,
            caller: None,
            on_do_not_call: false,
            time_zone: "Asia/Shanghai",
            local_weekday: Weekday::Friday,
            local_second_of_day: 12 * 3600,
            calls_to_callee_in_interval: 0,
            calls_to_callee_today: 0,
            calls_from_caller_in_window: 0,
        }
    }

    fn e164(text: &str) -> E164 {
        E164::parse(text, "86").unwrap()
    }
}
