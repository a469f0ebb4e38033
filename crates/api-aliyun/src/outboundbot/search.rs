//! `SearchTask`: calls of campaigns. Its pages are numbered from 0.

use std::collections::HashMap;

use api::kernel::{Action, Entry, Reached};
use model::{Call, CallId, CampaignId, Contact, ContactId, UnixMs};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{AttemptFilter, ContactFilter, Paging};

use super::{
    Context, OutboundBot,
    job_view::{self, Task, end_reason, task_status},
};
use crate::{envelope::full, fault::Fault};

pub(super) static ACTIONS: &[Entry<OutboundBot>] = &[Entry::of::<SearchTask>()];

/// Largest page.
const SIZE_MAX: i64 = 100;

/// Calls of an instance's job groups, newest first.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SearchTask {
    instance_id: String,
    #[serde(default)]
    job_group_id: String,
    #[serde(default)]
    job_id: String,
    #[serde(default)]
    task_id: String,
    #[serde(default)]
    called_number: String,
    #[serde(default)]
    task_status_string_list: String,
    task_create_time_gte: Option<i64>,
    task_create_time_lte: Option<i64>,
    actual_time_gte: Option<i64>,
    actual_time_lte: Option<i64>,
    page_index: Option<i64>,
    page_size: Option<i64>,
}

impl Action for SearchTask {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "SearchTask";
    const REFUSALS: &'static [Reached] = &[Reached {
        code: "InvalidTaskStatusStringList",
        when: "a status is none of the vendor's",
    }];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let (index, size) = (self.page_index.unwrap_or(0), self.page_size.unwrap_or(10));
        if !(0..=1_000_000).contains(&index) {
            return Err(Fault::invalid("PageIndex", "it is 0 or more"));
        }
        if !(1..=SIZE_MAX).contains(&size) {
            return Err(Fault::invalid("PageSize", "it is 1 to 100"));
        }
        let part = |n: i64| u32::try_from(n).expect("pages are small");
        let paging = Paging {
            offset: part(index * size),
            limit: part(size),
        };
        let (tasks, total) = job_view::tasks(&context, &self.filter()?, paging).await?;
        let found = self.shown(&context, &tasks).await?;
        Ok(full(json!({
            "SearchTaskInfoList": found,
            "PageIndex": index,
            "PageSize": size,
            "Total": total,
            "Labels": [],
            "VariableNames": [],
        })))
    }
}

impl SearchTask {
    fn filter(&self) -> Result<AttemptFilter, Fault> {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let mut dispositions = Vec::new();
        let statuses = self
            .task_status_string_list
            .trim_matches(|c| matches!(c, '[' | ']'));
        for name in statuses
            .split(',')
            .map(|name| name.trim().trim_matches('"'))
        {
            if name.is_empty() {
                continue;
            }
            let found = job_view::dispositions_named(name);
            if found.is_empty() {
                let why = "a status is none of those that calls have here";
                return Err(Fault::invalid("TaskStatusStringList", why));
            }
            dispositions.extend(found);
        }
        let from = self.task_create_time_gte.max(self.actual_time_gte);
        let to = [self.task_create_time_lte, self.actual_time_lte]
            .into_iter()
            .flatten()
            .min();
        Ok(AttemptFilter {
            campaign: some(&self.job_group_id).map(CampaignId),
            contacts: some(&self.job_id).map(ContactId).into_iter().collect(),
            ids: some(&self.task_id).map(CallId).into_iter().collect(),
            dispositions,
            callee_part: some(&self.called_number)
                .map(|text| {
                    text.chars()
                        .filter(char::is_ascii_digit)
                        .collect::<String>()
                })
                .map(|digits| digits.trim_start_matches('0').to_owned()),
            from: from.map(UnixMs),
            before: to.map(|at| UnixMs(at.saturating_add(1))),
        })
    }

    async fn shown(&self, context: &Context, tasks: &[Task]) -> Result<Vec<Value>, Fault> {
        if tasks.is_empty() {
            return Ok(Vec::new());
        }
        let (store, tenant) = (context.app().store(), context.tenant_id()?);
        let filter = ContactFilter {
            ids: tasks
                .iter()
                .map(|task| task.attempt.contact.clone())
                .collect(),
            ..ContactFilter::default()
        };
        let contacts = store
            .contacts(tenant, &filter, Paging::first(part_max()))
            .await?
            .items;
        let contacts: HashMap<ContactId, Contact> = contacts
            .into_iter()
            .map(|contact| (contact.id.clone(), contact))
            .collect();
        let mut names: HashMap<CampaignId, (String, String)> = HashMap::new();
        for task in tasks {
            let id = &task.attempt.campaign;
            if !names.contains_key(id) {
                let campaign = store.campaign(tenant, id).await?;
                let notes: Value =
                    serde_json::from_str(&campaign.settings.notes).unwrap_or_default();
                let script = notes["ScriptName"].as_str().unwrap_or_default().to_owned();
                names.insert(id.clone(), (campaign.settings.name, script));
            }
        }
        let one = |task: &Task| {
            let (group, script) = &names[&task.attempt.campaign];
            self.one(task, contacts.get(&task.attempt.contact), group, script)
        };
        Ok(tasks.iter().map(one).collect())
    }

    fn one(&self, task: &Task, contact: Option<&Contact>, group: &str, script: &str) -> Value {
        let (attempt, call) = (&task.attempt, task.call.as_ref());
        let status = task_status(attempt, call);
        let seconds = call.map_or(0, Call::talk_seconds);
        let job_status = contact.map(|contact| job_view::status(contact.state));
        json!({
            "TaskId": attempt.id.as_str(),
            "JobId": attempt.contact.as_str(),
            "JobGroupId": attempt.campaign.as_str(),
            "JobGroupName": group,
            "ScriptName": script,
            "InstanceId": self.instance_id,
            "CalledNumber": attempt.callee.to_string(),
            "CallingNumber": call.map(|call| call.caller.to_string()),
            "TaskCreateTime": attempt.planned_at.seconds(),
            "ActualTime": call.map(|call| call.started_at.0),
            "CallDuration": seconds,
            "CallDurationDisplay": format!("{:02}:{:02}", seconds / 60, seconds % 60),
            "RecordingDuration": call.and_then(|call| call.recordings.first()).map(|track| track.duration_ms / 1000),
            "HasAnswered": call.is_some_and(|call| call.answered_at.is_some()),
            "HasHangUpByRejection": call.is_some_and(|call| call.cause == Some(model::EndCause::Rejected)),
            "HasReachedEndOfFlow": call.is_some_and(|call| call.cause.is_some_and(model::EndCause::is_agents_end)),
            "TaskStatus": status.number,
            "TaskStatusName": status.name,
            "TaskStatusString": status.name,
            "TaskEndReason": call.and_then(end_reason).map(|reason| reason.number),
            "JobStatus": job_status.map(|status| status.number),
            "JobStatusName": job_status.map(|status| status.name),
            "JobStatusString": job_status.map(|status| status.name),
            "UserId": contact.map(|contact| contact.settings.reference.clone()),
            "UserName": contact.map(|contact| contact.settings.name.clone()),
            "DialException": "",
            "DialExceptionCodes": [],
            "Labels": [],
        })
    }
}

/// As many contacts as calls on a page.
fn part_max() -> u32 {
    u32::try_from(SIZE_MAX).expect("pages are small")
}
