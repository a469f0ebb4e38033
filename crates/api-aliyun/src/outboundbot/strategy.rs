//! `StrategyJson` and `RecallStrategyJson`: when a job group dials, and whom it dials again.

use std::time::Duration;

use model::{CampaignDraft, Days, Disposition, Hours, Schedule, UnixMs, Weekday};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::fault::Fault;

/// The vendor's default of attempts a day.
const ATTEMPTS_PER_DAY: u32 = 3;

/// The vendor's default of minutes between two attempts.
const INTERVAL_MINUTE: u64 = 10;

/// Days on which a repeating strategy tries a contact: as long as a contact stays on a list.
const REPEATED_DAYS: u32 = 30;

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Strategy {
    max_attempts_per_day: Option<u32>,
    min_attempt_interval: Option<u64>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    working_time: Vec<WorkingTime>,
    repeat_by: Option<String>,
    repeat_days: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WorkingTime {
    begin_time: String,
    end_time: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Recall {
    empty_number_ignore: bool,
}

/// Brings a strategy into a campaign. Empty text leaves it as it is.
pub(super) fn apply_strategy(draft: &mut CampaignDraft, text: &str) -> Result<(), Fault> {
    let invalid = |why: &str| Fault::invalid("StrategyJson", why);
    if text.is_empty() {
        return Ok(());
    }
    let strategy: Strategy = serde_json::from_str(text)
        .map_err(|error| invalid(&format!("it is a strategy: {error}")))?;
    let per_day = strategy.max_attempts_per_day.unwrap_or(ATTEMPTS_PER_DAY);
    let interval = strategy.min_attempt_interval.unwrap_or(INTERVAL_MINUTE);
    if !(1..=100).contains(&per_day) {
        return Err(invalid("maxAttemptsPerDay is 1 to 100"));
    }
    if interval > 24 * 60 {
        return Err(invalid("minAttemptInterval is 0 to 1440 minutes"));
    }
    let repeats = strategy.repeat_by.as_deref().unwrap_or("Once");
    draft.schedule = Schedule {
        from: strategy.start_time.map(UnixMs),
        to: strategy.end_time.map(UnixMs),
        days: days(repeats, &strategy.repeat_days).ok_or_else(|| {
            invalid("repeatBy is Once, Day, Week (repeatDays 0 to 6) or Month (1 to 31)")
        })?,
        hours: strategy
            .working_time
            .iter()
            .map(hours)
            .collect::<Option<_>>()
            .ok_or_else(|| invalid("workingTime has times such as 10:00:00, the end later"))?,
        zone: None,
    };
    if draft
        .schedule
        .to
        .is_some_and(|to| draft.schedule.from.is_some_and(|from| to <= from))
    {
        return Err(invalid("endTime is later than startTime"));
    }
    draft.retry.attempts_per_day_max = per_day;
    draft.retry.attempts_max = if repeats == "Once" {
        per_day
    } else {
        per_day * REPEATED_DAYS
    };
    draft.retry.interval = Duration::from_secs(interval * 60);
    Ok(())
}

/// Brings a recall strategy into a campaign. Empty text leaves it as it is.
pub(super) fn apply_recall(draft: &mut CampaignDraft, text: &str) -> Result<(), Fault> {
    if text.is_empty() {
        return Ok(());
    }
    let recall: Recall = serde_json::from_str(text).map_err(|error| {
        let why = format!("it is a recall strategy: {error}");
        Fault::invalid("RecallStrategyJson", &why)
    })?;
    draft.retry.give_up_on = if recall.empty_number_ignore {
        vec![Disposition::EmptyNumber]
    } else {
        Vec::new()
    };
    Ok(())
}

/// A strategy as answers show it.
pub(super) fn strategy_of(draft: &CampaignDraft) -> Value {
    let (repeat_by, repeat_days) = match &draft.schedule.days {
        Days::Every if draft.retry.attempts_max <= draft.retry.attempts_per_day_max => {
            ("Once", Vec::new())
        }
        Days::Every => ("Day", Vec::new()),
        Days::OfWeek(days) => (
            "Week",
            days.iter().map(|day| weekday_number(*day)).collect(),
        ),
        Days::OfMonth(days) => ("Month", days.iter().map(ToString::to_string).collect()),
    };
    let hours: Vec<Value> = draft
        .schedule
        .hours
        .iter()
        .map(|hours| json!({"BeginTime": hours.from.to_string(), "EndTime": hours.to.to_string()}))
        .collect();
    json!({
        "StrategyName": draft.name,
        "MaxAttemptsPerDay": draft.retry.attempts_per_day_max,
        "MinAttemptInterval": draft.retry.interval.as_secs() / 60,
        "StartTime": draft.schedule.from.map(|at| at.0),
        "EndTime": draft.schedule.to.map(|at| at.0),
        "WorkingTime": hours,
        "RepeatBy": repeat_by,
        "RepeatDays": repeat_days,
        "Repeatable": repeat_by != "Once",
        "RoutingStrategy": "None",
        "IsTemplate": false,
    })
}

/// A recall strategy as answers show it.
pub(super) fn recall_of(draft: &CampaignDraft) -> Value {
    json!({
        "EmptyNumberIgnore": draft.retry.give_up_on.contains(&Disposition::EmptyNumber),
        "InArrearsIgnore": false,
        "OutOfServiceIgnore": false,
    })
}

fn days(repeats: &str, days: &[Value]) -> Option<Days> {
    let numbers: Option<Vec<usize>> = days
        .iter()
        .map(|day| match day {
            Value::String(text) => text.parse().ok(),
            other => usize::try_from(other.as_u64()?).ok(),
        })
        .collect();
    let numbers = numbers?;
    match repeats {
        "Once" | "Day" => Some(Days::Every),
        "Week" if !numbers.is_empty() => {
            // Sunday is 0; our week begins with Monday.
            let day = |n: &usize| (*n < 7).then(|| Weekday::ALL[(n + 6) % 7]);
            numbers
                .iter()
                .map(day)
                .collect::<Option<_>>()
                .map(Days::OfWeek)
        }
        "Month" if !numbers.is_empty() => {
            let day = |n: &usize| u8::try_from(*n).ok().filter(|n| (1..=31).contains(n));
            numbers
                .iter()
                .map(day)
                .collect::<Option<_>>()
                .map(Days::OfMonth)
        }
        _ => None,
    }
}

fn weekday_number(day: Weekday) -> String {
    let monday_based = Weekday::ALL
        .iter()
        .position(|one| *one == day)
        .unwrap_or_default();
    ((monday_based + 1) % 7).to_string()
}

fn hours(time: &WorkingTime) -> Option<Hours> {
    let hours = Hours {
        from: time.begin_time.parse().ok()?,
        to: time.end_time.parse().ok()?,
    };
    (hours.from < hours.to).then_some(hours)
}

#[cfg(test)]
mod tests {
    use model::{Pacing, RetryRules, VoiceAgentId};

    use super::*;

    #[test]
    fn a_strategy_comes_back_as_it_was_sent() {
        let mut draft = draft();
        let text = r#"{"maxAttemptsPerDay": 2, "minAttemptInterval": 5, "repeatBy": "Week",
            "repeatDays": ["0", 6], "startTime": 1, "endTime": 9,
            "workingTime": [{"beginTime": "10:00:00", "endTime": "11:00:00"}]}"#;
        apply_strategy(&mut draft, text).unwrap();
        assert_eq!(
            draft.schedule.days,
            Days::OfWeek(vec![Weekday::Sunday, Weekday::Saturday])
        );
        assert_eq!(draft.retry.interval, Duration::from_secs(300));
        let shown = strategy_of(&draft);
        assert_eq!(shown["RepeatDays"], json!(["0", "6"]));
        assert_eq!(shown["WorkingTime"][0]["BeginTime"], "10:00:00");
        assert_eq!(
            (&shown["MaxAttemptsPerDay"], &shown["EndTime"]),
            (&json!(2), &json!(9))
        );
    }

    #[test]
    fn once_is_one_day_and_empty_numbers_are_called_again_unless_they_are_to_be_ignored() {
        let mut draft = draft();
        apply_strategy(&mut draft, r#"{"maxAttemptsPerDay": 4}"#).unwrap();
        assert_eq!(draft.retry.attempts_max, 4);
        apply_recall(&mut draft, r#"{"emptyNumberIgnore": false}"#).unwrap();
        assert_eq!(draft.retry.give_up_on, []);
        apply_recall(&mut draft, r#"{"emptyNumberIgnore": true}"#).unwrap();
        assert_eq!(draft.retry.give_up_on, [Disposition::EmptyNumber]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for text in [
            "x",
            r#"{"maxAttemptsPerDay": 0}"#,
            r#"{"repeatBy": "Week"}"#,
            r#"{"repeatBy": "Month", "repeatDays": [32]}"#,
            r#"{"repeatBy": "Sometimes"}"#,
            r#"{"startTime": 9, "endTime": 1}"#,
            r#"{"workingTime": [{"beginTime": "11:00:00", "endTime": "10:00:00"}]}"#,
        ] {
            let refused = apply_strategy(&mut draft(), text).unwrap_err();
            assert_eq!(refused.code, "InvalidStrategyJson", "{text}");
        }
    }

    fn draft() -> CampaignDraft {
        CampaignDraft {
            name: "n".into(),
            description: String::new(),
            voice_agent: VoiceAgentId(1),
            callers: Vec::new(),
            recall_callers: Vec::new(),
            is_urgent: false,
            ring_time_max: None,
            pacing: Pacing::AtOnce(1),
            reserved: 0,
            schedule: Schedule::default(),
            retry: RetryRules::default(),
            notes: String::new(),
        }
    }
}
