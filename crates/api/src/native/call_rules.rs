//! Call rules: one document for each instance, read and replaced as a whole.

use std::time::Duration;

use axum::{Json, extract::State};
use model::{CallRules, CallsPer, DayTime, Permission, Weekday, WorkingHours};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    admit::Caller,
    context::Native,
    field::{Digits, Int, List, Text},
    page::InstanceAsk,
    problem::Problem,
    read::{Ask, Body},
    table::{Row, get, put},
};

/// A day of the week.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// A stretch of a day in which calls are allowed, in the instance's time zone.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct HoursBody {
    /// Days that it holds for.
    days: List<Day, 1, 7>,
    /// First second: `09:00` or `09:00:00`.
    from: Text<5, 8>,
    /// First second after it, later than `from`; `24:00` is the end of the day.
    to: Text<5, 8>,
}

/// At most so many calls in so long.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CallsPerBody {
    /// Most calls.
    calls_max: Int<1, 1_000_000>,
    /// Length of the sliding window.
    window_second: Int<1, 31_536_000>,
}

/// Rules that outbound calls are checked against. Absent rules allow everything.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CallRulesBody {
    /// Hours in which calls are allowed; empty allows all.
    #[serde(default)]
    working_hours: List<HoursBody, 0, 100>,
    /// Leading digits, with country code, of callees that are never called.
    #[serde(default)]
    blind_areas: List<Digits, 0, 1000>,
    /// How often one caller number may be shown.
    caller_frequency: Option<CallsPerBody>,
    /// How often one callee may be called in an interval.
    callee_interval: Option<CallsPerBody>,
    /// How often one callee may be called in a day of the instance's time zone.
    callee_per_day: Option<Int<1, 1_000_000>>,
}

pub(super) fn rows() -> Vec<Row> {
    const RULES: &str = "/api/v1/call-rules";
    vec![
        get(RULES, "Show an instance's call rules", show)
            .needs(Permission::ReadSettings)
            .asks::<InstanceAsk>()
            .gives::<CallRulesBody>(),
        put(RULES, "Replace an instance's call rules", replace)
            .needs(Permission::ChangeSettings)
            .asks::<InstanceAsk>()
            .takes::<CallRulesBody>()
            .gives::<CallRulesBody>(),
    ]
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<CallRulesBody>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    Ok(Json(native.store().call_rules(tenant).await?.into()))
}

async fn replace(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<CallRulesBody>,
) -> Result<Json<CallRulesBody>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let rules = body.rules()?;
    native.store().set_call_rules(tenant, &rules).await?;
    Ok(Json(rules.into()))
}

impl CallRulesBody {
    fn rules(self) -> Result<CallRules, Problem> {
        let mut working_hours = Vec::new();
        for (idx, hours) in self.working_hours.0.into_iter().enumerate() {
            working_hours.push(hours.proven(&format!("working_hours[{idx}]"))?);
        }
        Ok(CallRules {
            working_hours,
            blind_areas: self.blind_areas.0.into_iter().map(|area| area.0).collect(),
            caller_frequency: self.caller_frequency.map(CallsPerBody::model),
            callee_interval: self.callee_interval.map(CallsPerBody::model),
            callee_per_day: self.callee_per_day.map(Int::as_u32),
        })
    }
}

impl HoursBody {
    fn proven(self, path: &str) -> Result<WorkingHours, Problem> {
        let time = |field: &str, text: &str| -> Result<DayTime, Problem> {
            text.parse().map_err(|why: model::NotDayTime| {
                Problem::invalid(&format!("{path}.{field}"), why.to_string())
            })
        };
        let (from, to) = (time("from", &self.from.0)?, time("to", &self.to.0)?);
        if from >= to {
            return Err(Problem::invalid(
                &format!("{path}.to"),
                "must be later than `from`",
            ));
        }
        let mut days: Vec<Weekday> = self.days.0.into_iter().map(Day::model).collect();
        days.sort_unstable();
        days.dedup();
        Ok(WorkingHours { days, from, to })
    }
}

impl CallsPerBody {
    fn model(self) -> CallsPer {
        CallsPer {
            calls_max: self.calls_max.as_u32(),
            window: Duration::from_secs(u64::from(self.window_second.as_u32())),
        }
    }
}

impl Day {
    pub(super) fn model(self) -> Weekday {
        match self {
            Self::Monday => Weekday::Monday,
            Self::Tuesday => Weekday::Tuesday,
            Self::Wednesday => Weekday::Wednesday,
            Self::Thursday => Weekday::Thursday,
            Self::Friday => Weekday::Friday,
            Self::Saturday => Weekday::Saturday,
            Self::Sunday => Weekday::Sunday,
        }
    }

    pub(super) fn of(day: Weekday) -> Self {
        match day {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }
}

impl From<CallRules> for CallRulesBody {
    fn from(rules: CallRules) -> Self {
        let hours = |hours: WorkingHours| HoursBody {
            days: List(hours.days.into_iter().map(Day::of).collect()),
            from: hours.from.to_string().into(),
            to: hours.to.to_string().into(),
        };
        let per = |per: CallsPer| CallsPerBody {
            calls_max: Int(per.calls_max.into()),
            window_second: Int(i64::try_from(per.window.as_secs()).unwrap_or(i64::MAX)),
        };
        Self {
            working_hours: List(rules.working_hours.into_iter().map(hours).collect()),
            blind_areas: List(rules.blind_areas.into_iter().map(Digits).collect()),
            caller_frequency: rules.caller_frequency.map(per),
            callee_interval: rules.callee_interval.map(per),
            callee_per_day: rules.callee_per_day.map(|calls| Int(calls.into())),
        }
    }
}
