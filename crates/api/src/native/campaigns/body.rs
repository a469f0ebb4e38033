//! The settings of a campaign as they are written down.

use std::time::Duration;

use model::{
    CampaignDraft, CampaignState, ContactDraft, DayTime, Days, Disposition, Hours, Pacing,
    RetryRules, RetryTag, Schedule, VoiceAgentId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    super::{
        call_rules::Day,
        field::{Int, List, Phone, Text, Time},
        problem::Problem,
    },
    contact::{self, ContactBody},
};

/// Settings of a campaign.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CampaignBody {
    /// Its name.
    name: Text<1, 128>,
    /// What it is for.
    #[serde(default = "empty")]
    description: Text<0, 1024>,
    /// Who talks.
    voice_agent: Int<1, { i64::MAX }>,
    /// Numbers that callees may see, tried in order; any number of the instance if absent.
    #[serde(default)]
    callers: List<Phone, 0, 100>,
    /// Numbers for the second attempt and later ones; `callers` if absent.
    #[serde(default)]
    recall_callers: List<Phone, 0, 100>,
    /// Dialled before campaigns that are not.
    #[serde(default)]
    is_urgent: bool,
    /// Longest time that a phone may ring; 60 if absent.
    ring_second_max: Option<Int<1, 120>>,
    /// Attempts at once.
    #[serde(default = "at_once")]
    at_once: Int<1, 1000>,
    /// When it may dial.
    #[serde(default)]
    schedule: ScheduleBody,
    /// When a contact is dialled again.
    #[serde(default)]
    retry: RetryBody,
    /// Whom to call, added with it: all of it or nothing. Only in the request that makes it; more
    /// are added by `/contacts`.
    #[serde(default, skip_serializing)]
    #[schemars(extend("writeOnly" = true))]
    contacts: List<ContactBody, 0, 10_000>,
    /// Whether it is paused to begin with: it calls nobody until it is resumed. Only in the request
    /// that makes it.
    #[serde(default, skip_serializing)]
    #[schemars(extend("writeOnly" = true))]
    paused: Option<bool>,
}

/// When a campaign may dial.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct ScheduleBody {
    /// Not before; at once if absent.
    from: Option<Time>,
    /// Not at or after; whoever was not reached by then has failed.
    to: Option<Time>,
    /// Days of the week; all if empty.
    days_of_week: List<Day, 0, 7>,
    /// Days of the month; all if empty. Not together with days of the week.
    days_of_month: List<Int<1, 31>, 0, 31>,
    /// Hours; all day if empty.
    hours: List<HoursBody, 0, 24>,
    /// The IANA time zone of days and hours, such as `Asia/Shanghai`; the instance's if absent. The
    /// instance's working hours hold beside it, by the instance's clock.
    time_zone: Option<Text<1, 64>>,
}

/// A stretch of a day.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct HoursBody {
    /// First second: `09:00` or `09:00:00`.
    from: Text<5, 8>,
    /// First second after it, later than `from`; `24:00` is the end of the day.
    to: Text<5, 8>,
}

/// When a contact is dialled again.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RetryBody {
    /// Attempts of one contact in all.
    attempts_max: Int<1, 1000>,
    /// Attempts of one contact in a day.
    attempts_per_day_max: Int<1, 100>,
    /// Least seconds from the end of an attempt to the next.
    interval_second: Int<0, 604_800>,
    /// Outcomes after which a contact is given up at once: `no_answer`, `busy`, `rejected`,
    /// `not_reachable`, `empty_number`, `call_failed`, `canceled`.
    give_up_on: List<Text<1, 32>, 0, 11>,
    /// Tags of a flow's branches after which a contact who answered is called again nevertheless.
    again_on: List<TagBody, 0, 100>,
}

/// A tag that a flow gives a call.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TagBody {
    /// Its name.
    name: Text<1, 128>,
    /// Its value.
    value: Text<0, 1024>,
}

impl Default for RetryBody {
    fn default() -> Self {
        Self::of(&RetryRules::default())
    }
}

impl RetryBody {
    fn of(rules: &RetryRules) -> Self {
        let names = rules
            .give_up_on
            .iter()
            .map(|one| one.name().to_owned().into());
        Self {
            attempts_max: Int(rules.attempts_max.into()),
            attempts_per_day_max: Int(rules.attempts_per_day_max.into()),
            interval_second: Int(i64::try_from(rules.interval.as_secs()).unwrap_or(i64::MAX)),
            give_up_on: List(names.collect()),
            again_on: List(rules.again_on.iter().map(TagBody::of).collect()),
        }
    }

    fn rules(self) -> Result<RetryRules, Problem> {
        let outcome = |name: Text<1, 32>| {
            Disposition::by_name(&name.0)
                .ok_or_else(|| Problem::invalid("retry.give_up_on", "names no outcome"))
        };
        Ok(RetryRules {
            attempts_max: self.attempts_max.as_u32(),
            attempts_per_day_max: self.attempts_per_day_max.as_u32(),
            interval: Duration::from_secs(self.interval_second.as_u32().into()),
            give_up_on: self
                .give_up_on
                .0
                .into_iter()
                .map(outcome)
                .collect::<Result<_, _>>()?,
            again_on: self.again_on.0.into_iter().map(TagBody::tag).collect(),
        })
    }
}

impl TagBody {
    fn of(tag: &RetryTag) -> Self {
        Self {
            name: tag.name.clone().into(),
            value: tag.value.clone().into(),
        }
    }

    fn tag(self) -> RetryTag {
        RetryTag {
            name: self.name.0,
            value: self.value.0,
        }
    }
}

impl ScheduleBody {
    fn of(schedule: Schedule) -> Self {
        let (week, month) = match schedule.days {
            Days::Every => (Vec::new(), Vec::new()),
            Days::OfWeek(days) => (days.into_iter().map(Day::of).collect(), Vec::new()),
            Days::OfMonth(days) => (
                Vec::new(),
                days.into_iter().map(|day| Int(day.into())).collect(),
            ),
        };
        let hours = |hours: Hours| HoursBody {
            from: hours.from.to_string().into(),
            to: hours.to.to_string().into(),
        };
        Self {
            from: schedule.from.map(Time),
            to: schedule.to.map(Time),
            days_of_week: List(week),
            days_of_month: List(month),
            hours: List(schedule.hours.into_iter().map(hours).collect()),
            time_zone: schedule.zone.map(Text::from),
        }
    }

    fn schedule(self) -> Result<Schedule, Problem> {
        let mut hours = Vec::new();
        for (idx, stretch) in self.hours.0.iter().enumerate() {
            hours.push(stretch.hours(&format!("schedule.hours[{idx}]"))?);
        }
        let week = self
            .days_of_week
            .0
            .into_iter()
            .map(Day::model)
            .collect::<Vec<_>>();
        let day =
            |day: Int<1, 31>| u8::try_from(day.as_u32()).expect("a day of the month is small");
        let month = self
            .days_of_month
            .0
            .into_iter()
            .map(day)
            .collect::<Vec<_>>();
        let days = match (week.is_empty(), month.is_empty()) {
            (true, true) => Days::Every,
            (false, true) => Days::OfWeek(week),
            (true, false) => Days::OfMonth(month),
            (false, false) => {
                let why = "must not stand beside `days_of_week`";
                return Err(Problem::invalid("schedule.days_of_month", why));
            }
        };
        Ok(Schedule {
            from: self.from.map(|time| time.0),
            to: self.to.map(|time| time.0),
            days,
            hours,
            zone: self.time_zone.map(|zone| zone.0),
        })
    }
}

impl HoursBody {
    fn hours(&self, path: &str) -> Result<Hours, Problem> {
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
        Ok(Hours { from, to })
    }
}

impl CampaignBody {
    /// Whom it begins with, and in which state.
    pub(super) fn beginning(&mut self) -> Result<(Vec<ContactDraft>, CampaignState), Problem> {
        let contacts = std::mem::take(&mut self.contacts.0);
        let state = match self.paused {
            Some(true) => CampaignState::Paused,
            Some(false) | None => CampaignState::Running,
        };
        Ok((contact::drafts(contacts)?, state))
    }

    /// Refuses what only the request that makes a campaign may hold.
    pub(super) fn check_change(&self) -> Result<(), Problem> {
        if !self.contacts.0.is_empty() {
            let why = "must be added by `/contacts` once the campaign is there";
            return Err(Problem::invalid("contacts", why));
        }
        if self.paused.is_some() {
            let why = "is changed by `/pause` and `/resume` once the campaign is there";
            return Err(Problem::invalid("paused", why));
        }
        Ok(())
    }

    /// The settings that this is; what another dialect has set beside is that of `present`.
    pub(super) fn draft(self, present: Option<&CampaignDraft>) -> Result<CampaignDraft, Problem> {
        let numbers =
            |list: List<Phone, 0, 100>| list.0.into_iter().map(|number| number.0).collect();
        Ok(CampaignDraft {
            name: self.name.0,
            description: self.description.0,
            voice_agent: VoiceAgentId(self.voice_agent.0),
            callers: numbers(self.callers),
            recall_callers: numbers(self.recall_callers),
            is_urgent: self.is_urgent,
            ring_time_max: self
                .ring_second_max
                .map(|second| Duration::from_secs(second.as_u32().into())),
            pacing: Pacing::AtOnce(self.at_once.as_u32()),
            schedule: self.schedule.schedule()?,
            retry: self.retry.rules()?,
            reserved: present.map_or(0, |present| present.reserved),
            notes: present.map_or_else(|| "{}".to_owned(), |present| present.notes.clone()),
        })
    }

    pub(super) fn of(draft: CampaignDraft) -> Self {
        let Pacing::AtOnce(at_once) = draft.pacing;
        let second = |time: Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        let phones = |numbers: Vec<model::E164>| List(numbers.into_iter().map(Phone).collect());
        Self {
            name: draft.name.into(),
            description: draft.description.into(),
            voice_agent: Int(draft.voice_agent.0),
            callers: phones(draft.callers),
            recall_callers: phones(draft.recall_callers),
            is_urgent: draft.is_urgent,
            ring_second_max: draft.ring_time_max.map(|time| Int(second(time))),
            at_once: Int(at_once.into()),
            schedule: ScheduleBody::of(draft.schedule),
            retry: RetryBody::of(&draft.retry),
            contacts: List(Vec::new()),
            paused: None,
        }
    }
}

fn empty() -> Text<0, 1024> {
    String::new().into()
}

fn at_once() -> Int<1, 1000> {
    Int(10)
}
