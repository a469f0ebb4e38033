//! The request for a task, and the campaign that it asks for.
//!
//! A campaign here dials by the clock of its time zone, on the same hours of each of its days, and
//! tries a callee again by the kind of its outcome. What the vendor has beyond that is refused by
//! its name rather than left out in silence.

use std::{collections::BTreeMap, time::Duration};

use model::{
    CampaignDraft, ContactDraft, DayTime, Days, Disposition, E164, Hours, Pacing, RetryRules,
    RetryTag, Schedule, Tenant, UnixMs, Variable, VoiceAgentId, Weekday,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    super::ai_agent::{WireVariable, callers, number, ring_time, variables},
    CALLEES_MAX, TRIES_MAX,
};
use crate::fault::Fault;

/// Calls at once without a wish.
const AT_ONCE: u32 = 10;
/// Most calls at once that may be asked for.
const AT_ONCE_MAX: i64 = 10_000;
/// Bounds of the pause between two tries, seconds.
const INTERVAL_S: (i64, i64) = (600, 86_400);
/// Most tags after which a callee is called again.
const RETRY_TAGS_MAX: usize = 100;
/// Longest `UUI`, bytes.
const UUI_BYTES_MAX: usize = 1_024;

/// Calls everybody on a list with a voice agent.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateAutoCalloutTask {
    not_before: i64,
    callees: Vec<String>,
    callers: Vec<String>,
    ivr_id: Option<i64>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    description: String,
    not_after: Option<i64>,
    tries: Option<u64>,
    #[serde(default)]
    variables: Vec<WireVariable>,
    #[serde(rename = "UUI", default)]
    uui: String,
    #[serde(default)]
    callee_attributes: Vec<CalleeAttribute>,
    time_zone: Option<String>,
    #[serde(default)]
    available_time: Vec<TimeRange>,
    #[serde(rename = "AIAgentId")]
    ai_agent_id: Option<i64>,
    retry_interval: Option<i64>,
    max_ring_timeout_second: Option<i64>,
    #[serde(default)]
    retry_hangup_types: Vec<String>,
    #[serde(default)]
    retry_tags: Vec<RetryTagItem>,
    #[serde(default)]
    available_work_time_config: Vec<AvailableTimeConfig>,
    #[serde(default)]
    trigger_strategy: Vec<Value>,
    concurrency_limit: Option<i64>,
}

/// A tag of a call after which a callee who answered is called again.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RetryTagItem {
    tag_name: String,
    tag_value: String,
}

/// What one callee has of its own.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CalleeAttribute {
    callee: String,
    #[serde(rename = "UUI")]
    uui: Option<String>,
    #[serde(default)]
    variables: Vec<WireVariable>,
}

#[derive(Clone, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "PascalCase")]
struct TimeRange {
    #[serde(default)]
    start_time: String,
    #[serde(default)]
    end_time: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AvailableTimeConfig {
    day_type: Option<String>,
    #[serde(default)]
    days_of_week: Vec<String>,
    #[serde(default)]
    time_ranges: Vec<TimeRange>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateAutoCalloutTaskResponse {
    pub(super) task_id: i64,
}

impl CreateAutoCalloutTask {
    /// Who talks: an agent, or the IVR, which here is an agent with a flow.
    pub(super) fn agent(&self) -> Result<VoiceAgentId, Fault> {
        let agent = self.ai_agent_id.filter(|id| *id != 0);
        match (agent, self.ivr()) {
            (Some(agent), None) => Ok(VoiceAgentId(agent)),
            (None, Some(ivr)) => Ok(VoiceAgentId(ivr)),
            (Some(_), Some(_)) => Err(Fault::wrong_value(
                "IvrId",
                "it is not given together with `AIAgentId`",
            )),
            (None, None) => Err(Fault::missing("AIAgentId")),
        }
    }

    /// The IVR, where one talks.
    pub(super) fn ivr(&self) -> Option<i64> {
        self.ivr_id.filter(|id| *id != 0)
    }

    /// The campaign.
    pub(super) fn draft(&self, tenant: &Tenant) -> Result<CampaignDraft, Fault> {
        if !self.trigger_strategy.is_empty() {
            return Err(unsupported("TriggerStrategy"));
        }
        if self.name.chars().count() > 128 {
            return Err(Fault::wrong_value(
                "Name",
                "it is at most 128 characters long",
            ));
        }
        Ok(CampaignDraft {
            name: if self.name.trim().is_empty() {
                "AutoCalloutTask".to_owned()
            } else {
                self.name.clone()
            },
            description: self.description.clone(),
            voice_agent: self.agent()?,
            callers: callers(&self.callers, tenant)?,
            recall_callers: Vec::new(),
            is_urgent: false,
            ring_time_max: self.max_ring_timeout_second.map(ring_time).transpose()?,
            pacing: Pacing::AtOnce(self.at_once()?),
            reserved: 0,
            schedule: self.schedule()?,
            retry: self.retry()?,
            notes: json!({"tencent": {"name": self.name, "ivr": self.ivr().is_some()}}).to_string(),
        })
    }

    fn at_once(&self) -> Result<u32, Fault> {
        let Some(limit) = self.concurrency_limit.filter(|limit| *limit != 0) else {
            return Ok(AT_ONCE);
        };
        let limit = Some(limit).filter(|limit| (1..=AT_ONCE_MAX).contains(limit));
        let limit = limit.and_then(|limit| u32::try_from(limit).ok());
        limit.ok_or_else(|| Fault::wrong_value("ConcurrencyLimit", "it is 1 to 10000"))
    }

    fn schedule(&self) -> Result<Schedule, Fault> {
        if self.not_before < 0 {
            return Err(Fault::wrong_value(
                "NotBefore",
                "it is a Unix time in seconds",
            ));
        }
        let to = self.not_after.filter(|to| *to != 0);
        if to.is_some_and(|to| to <= self.not_before) {
            return Err(Fault::wrong_value(
                "NotAfter",
                "it is not after `NotBefore`",
            ));
        }
        // The vendor lets `AvailableTime` win.
        let (days, ranges) = match self.available_time.is_empty() {
            false => (Days::Every, self.available_time.clone()),
            true => days(&self.available_work_time_config)?,
        };
        let hours = ranges.iter().map(hours).collect::<Result<Vec<_>, _>>()?;
        Ok(Schedule {
            from: Some(UnixMs::from_seconds(self.not_before)),
            to: to.map(UnixMs::from_seconds),
            days,
            hours,
            zone: self.zone()?,
        })
    }

    /// The time zone of days and hours.
    fn zone(&self) -> Result<Option<String>, Fault> {
        match self.time_zone.as_deref().filter(|zone| !zone.is_empty()) {
            Some(zone) if jiff::tz::TimeZone::get(zone).is_err() => Err(Fault::wrong_value(
                "TimeZone",
                "it is the name of a time zone, such as Asia/Shanghai",
            )),
            zone => Ok(zone.map(str::to_owned)),
        }
    }

    fn retry(&self) -> Result<RetryRules, Fault> {
        let tries = self.tries.unwrap_or(1);
        let tries = u32::try_from(tries)
            .ok()
            .filter(|tries| (1..=TRIES_MAX).contains(tries))
            .ok_or_else(|| Fault::wrong_value("Tries", "it is 1 to 3"))?;
        let (min, max) = INTERVAL_S;
        let interval = self.retry_interval.unwrap_or(min);
        let interval = u64::try_from(interval)
            .ok()
            .filter(|_| (min..=max).contains(&interval))
            .ok_or_else(|| Fault::wrong_value("RetryInterval", "it is 600 to 86400"))?;
        let rules = RetryRules {
            attempts_max: tries,
            attempts_per_day_max: tries,
            interval: Duration::from_secs(interval),
            again_on: self.again_on()?,
            ..RetryRules::default()
        };
        if self.retry_hangup_types.is_empty() {
            return Ok(rules);
        }
        let mut again = Vec::new();
        for (idx, code) in self.retry_hangup_types.iter().enumerate() {
            let outcome = outcome(code).ok_or_else(|| {
                Fault::wrong_value(
                    &format!("RetryHangupTypes.{idx}"),
                    "it is one of the vendor's codes of calls that were not answered",
                )
            })?;
            again.push(outcome);
        }
        let others = Disposition::ALL.iter().copied();
        Ok(RetryRules {
            give_up_on: others
                .filter(|one| *one != Disposition::Reached && !again.contains(one))
                .collect(),
            ..rules
        })
    }

    fn again_on(&self) -> Result<Vec<RetryTag>, Fault> {
        if self.retry_tags.len() > RETRY_TAGS_MAX {
            return Err(Fault::wrong_value("RetryTags", "it holds at most 100 tags"));
        }
        let tags = self.retry_tags.iter().enumerate().map(|(idx, item)| {
            if item.tag_name.is_empty() {
                let at = format!("RetryTags.{idx}.TagName");
                return Err(Fault::wrong_value(&at, "it is empty"));
            }
            Ok(RetryTag {
                name: item.tag_name.clone(),
                value: item.tag_value.clone(),
            })
        });
        tags.collect()
    }

    /// Everybody on the list; a number that comes twice is called once.
    pub(super) fn contacts(&self, tenant: &Tenant) -> Result<Vec<ContactDraft>, Fault> {
        if self.callees.is_empty() || self.callees.len() > CALLEES_MAX {
            return Err(Fault::wrong_value("Callees", "it holds 1 to 10000 numbers"));
        }
        let common = variables(&[], &self.variables)?;
        check_uui("UUI", &self.uui)?;
        let mut own: BTreeMap<E164, (&CalleeAttribute, Vec<Variable>)> = BTreeMap::new();
        for (idx, attribute) in self.callee_attributes.iter().enumerate() {
            let at = format!("CalleeAttributes.{idx}");
            let callee = number(&format!("{at}.Callee"), &attribute.callee, tenant)?;
            check_uui(&format!("{at}.UUI"), attribute.uui.as_deref().unwrap_or(""))?;
            own.insert(callee, (attribute, variables(&[], &attribute.variables)?));
        }
        let mut contacts: BTreeMap<E164, ContactDraft> = BTreeMap::new();
        let mut order = Vec::with_capacity(self.callees.len());
        for (idx, callee) in self.callees.iter().enumerate() {
            let callee = number(&format!("Callees.{idx}"), callee, tenant)?;
            if contacts.contains_key(&callee) {
                continue;
            }
            let own = own.get(&callee);
            let uui = own.and_then(|(attribute, _)| attribute.uui.clone());
            let uui = uui.unwrap_or_else(|| self.uui.clone());
            let mut all = common.clone();
            for variable in own.iter().flat_map(|(_, variables)| variables) {
                all.retain(|other| other.key != variable.key);
                all.push(variable.clone());
            }
            order.push(callee.clone());
            contacts.insert(
                callee.clone(),
                ContactDraft {
                    reference: callee.digits().to_owned(),
                    numbers: vec![callee],
                    name: String::new(),
                    callers: Vec::new(),
                    variables: all,
                    notes: json!({"user_data": uui}).to_string(),
                },
            );
        }
        let in_order = order.iter().filter_map(|callee| contacts.remove(callee));
        Ok(in_order.collect())
    }
}

fn unsupported(name: &str) -> Fault {
    Fault::new(
        "UnsupportedOperation",
        format!("The operation is not supported: this value of `{name}`."),
        format!("不支持的操作：参数 `{name}` 的此取值。"),
    )
}

fn check_uui(name: &str, text: &str) -> Result<(), Fault> {
    if text.len() > UUI_BYTES_MAX {
        return Err(Fault::wrong_value(name, "it is at most 1024 bytes long"));
    }
    Ok(())
}

/// Days and hours of all configurations, where one schedule can hold them.
fn days(configs: &[AvailableTimeConfig]) -> Result<(Days, Vec<TimeRange>), Fault> {
    let Some(first) = configs.first() else {
        return Ok((Days::Every, Vec::new()));
    };
    let name = "AvailableWorkTimeConfig";
    if configs
        .iter()
        .any(|one| one.time_ranges != first.time_ranges)
    {
        return Err(unsupported(name));
    }
    let mut of_week = Vec::new();
    for (idx, config) in configs.iter().enumerate() {
        match config.day_type.as_deref().unwrap_or("EveryDay") {
            "EveryDay" | "" => return Ok((Days::Every, first.time_ranges.clone())),
            "Custom" => {
                for day in &config.days_of_week {
                    of_week.push(weekday(day).ok_or_else(|| {
                        let at = format!("{name}.{idx}.DaysOfWeek");
                        Fault::wrong_value(&at, "it holds names of days, such as Monday")
                    })?);
                }
            }
            // Which days those are, a state decides; no calendar of it is here.
            "BusinessDay" | "Holiday" => return Err(unsupported(name)),
            _ => {
                return Err(Fault::wrong_value(
                    &format!("{name}.{idx}.DayType"),
                    "it is EveryDay, BusinessDay, Holiday or Custom",
                ));
            }
        }
    }
    of_week.sort();
    of_week.dedup();
    if of_week.is_empty() {
        let at = format!("{name}.0.DaysOfWeek");
        return Err(Fault::wrong_value(&at, "it holds at least one day"));
    }
    Ok((Days::OfWeek(of_week), first.time_ranges.clone()))
}

fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "Monday" => Weekday::Monday,
        "Tuesday" => Weekday::Tuesday,
        "Wednesday" => Weekday::Wednesday,
        "Thursday" => Weekday::Thursday,
        "Friday" => Weekday::Friday,
        "Saturday" => Weekday::Saturday,
        "Sunday" => Weekday::Sunday,
        _ => return None,
    })
}

fn hours(range: &TimeRange) -> Result<Hours, Fault> {
    let time = |text: &str| {
        text.parse::<DayTime>()
            .map_err(|_| Fault::wrong_value("AvailableTime", "its times are like 09:00:00"))
    };
    let (from, to) = (time(&range.start_time)?, time(&range.end_time)?);
    if to.seconds() <= from.seconds() {
        return Err(Fault::wrong_value(
            "AvailableTime",
            "an `EndTime` is not after its `StartTime`",
        ));
    }
    Ok(Hours { from, to })
}

/// The kind of outcome that a code of the vendor stands for, as far as calls here tell them apart.
fn outcome(code: &str) -> Option<Disposition> {
    Some(match code {
        "202" => Disposition::NoAnswer,
        "203" => Disposition::Rejected,
        "204" | "210" => Disposition::NotReachable,
        "205" | "215" => Disposition::EmptyNumber,
        "206" => Disposition::Busy,
        "207" | "208" | "212" | "213" | "216" | "217" | "218" | "219" | "221" | "222" | "234" => {
            Disposition::CallFailed
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use model::TenantId;

    use super::*;

    #[test]
    fn a_task_becomes_a_campaign_with_its_contacts() {
        let task = task(&json!({
            "Name": "任务1", "NotAfter": 1_777_700_000, "Tries": 3, "RetryInterval": 900,
            "Variables": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}], "UUI": "all",
            "Callees": ["008613675881491", "13675881491", "008613000000000"],
            "CalleeAttributes": [{"Callee": "+8613000000000", "UUI": "own",
                                  "Variables": [{"Key": "a", "Value": "9"}]}],
            "AvailableTime": [{"StartTime": "09:00:00", "EndTime": "14:00:00"}],
            "RetryHangupTypes": ["202", "206"], "ConcurrencyLimit": 2, "MaxRingTimeoutSecond": 15,
            "TimeZone": "Europe/Paris",
        }));
        let draft = task.draft(&tenant()).unwrap();
        assert_eq!(draft.voice_agent, VoiceAgentId(973));
        assert_eq!(draft.pacing, Pacing::AtOnce(2));
        assert_eq!(draft.retry.attempts_max, 3);
        assert!(!draft.retry.give_up_on.contains(&Disposition::Busy));
        assert!(draft.retry.give_up_on.contains(&Disposition::Rejected));
        assert_eq!(draft.schedule.hours[0].to.seconds(), 14 * 3600);
        assert_eq!(draft.schedule.zone.as_deref(), Some("Europe/Paris"));
        let contacts = task.contacts(&tenant()).unwrap();
        assert_eq!(
            contacts.len(),
            2,
            "a number that comes twice is called once"
        );
        assert_eq!(contacts[1].notes, r#"{"user_data":"own"}"#);
        assert_eq!(contacts[1].variables.len(), 2);
        assert!(
            contacts[1]
                .variables
                .iter()
                .any(|v| v.key == "a" && v.value == "9")
        );
    }

    #[test]
    fn a_tag_that_is_named_calls_again() {
        let task = task(&json!({
            "Tries": 2, "RetryTags": [{"TagName": "wish", "TagValue": "later"}],
        }));
        let again_on = task.draft(&tenant()).unwrap().retry.again_on;
        assert_eq!((&*again_on[0].name, &*again_on[0].value), ("wish", "later"));
    }

    #[test]
    fn an_ivr_talks_in_the_place_of_an_agent() {
        let task = task(&json!({"AIAgentId": null, "IvrId": 7}));
        assert_eq!(task.draft(&tenant()).unwrap().voice_agent, VoiceAgentId(7));
        assert_eq!(task.ivr(), Some(7));
    }

    #[test]
    fn days_of_the_week_come_together_where_their_hours_agree() {
        let range = json!([{"StartTime": "09:00:00", "EndTime": "18:00:00"}]);
        let two = task(&json!({"AvailableWorkTimeConfig": [
            {"DayType": "Custom", "DaysOfWeek": ["Wednesday"], "TimeRanges": range},
            {"DayType": "Custom", "DaysOfWeek": ["Monday"], "TimeRanges": range},
        ]}));
        let schedule = two.draft(&tenant()).unwrap().schedule;
        assert_eq!(
            schedule.days,
            Days::OfWeek(vec![Weekday::Monday, Weekday::Wednesday])
        );
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for (change, code) in [
            (json!({"Tries": 4}), "InvalidParameterValue"),
            (json!({"RetryInterval": 599}), "InvalidParameterValue"),
            (json!({"NotAfter": 1}), "InvalidParameterValue"),
            (json!({"ConcurrencyLimit": -1}), "InvalidParameterValue"),
            (json!({"RetryHangupTypes": ["1"]}), "InvalidParameterValue"),
            (
                json!({"AvailableTime": [{"StartTime": "9", "EndTime": "10"}]}),
                "InvalidParameterValue",
            ),
            (json!({"IvrId": 3}), "InvalidParameterValue"),
            (json!({"AIAgentId": 0}), "MissingParameter"),
            (json!({"TimeZone": "Mars/Base"}), "InvalidParameterValue"),
            (
                json!({"RetryTags": [{"TagName": "", "TagValue": "b"}]}),
                "InvalidParameterValue",
            ),
            (
                json!({"TriggerStrategy": [{"TriggerMode": "ALWAYS_ON_MATCH"}]}),
                "UnsupportedOperation",
            ),
            (
                json!({"AvailableWorkTimeConfig": [{"DayType": "Holiday"}]}),
                "UnsupportedOperation",
            ),
        ] {
            let fault = task(&change).draft(&tenant()).unwrap_err();
            assert_eq!(fault.code, code, "{change}");
        }
        let nobody = task(&json!({"Callees": []}))
            .contacts(&tenant())
            .unwrap_err();
        assert_eq!(nobody.code, "InvalidParameterValue");
    }

    fn tenant() -> Tenant {
        Tenant {
            id: TenantId(1),
            name: "Acme".into(),
            country_code: "86".into(),
            time_zone: "Asia/Shanghai".into(),
            created_at: UnixMs(0),
        }
    }

    fn task(change: &Value) -> CreateAutoCalloutTask {
        let mut body = json!({
            "NotBefore": 1_777_641_412, "Callees": ["008613675881491"],
            "Callers": ["0086075533614747"], "TimeZone": "Asia/Shanghai", "AIAgentId": 973,
        });
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        serde_json::from_value(body).unwrap()
    }
}
