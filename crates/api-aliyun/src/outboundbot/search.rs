//! `SearchTask`: calls of campaigns. Its pages are numbered from 0.

use std::collections::HashMap;

use api::kernel::{Action, Entry, Reached};
use model::{Call, CallId, Campaign, CampaignId, Contact, ContactId, UnixMs};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{
    AttemptFilter, AttemptKey, AttemptOrder, CallCriteria, CampaignFilter, ContactFilter, Paging,
};

use super::{
    Context, OutboundBot,
    job_read::{NO_LABELS, refuse_labels},
    job_view::{self, Task},
    status::{self, Ended, end_reason, job_states, reached_end, task_status},
};
use crate::{envelope::full, fault::Fault};

pub(super) static ACTIONS: &[Entry<OutboundBot>] = &[Entry::of::<SearchTask>()];

/// Largest page.
const SIZE_MAX: i64 = 100;

/// Voice agents whose names are looked through, and groups that are read at a time.
const READ_MAX: u32 = 1000;

/// Groups that one script's name may lead to: a database takes so many values in one question.
const GROUPS_MAX: usize = 10_000;

/// Calls of an instance's job groups, the newest first unless another order is asked for.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct SearchTask {
    instance_id: String,
    job_group_id: String,
    job_group_name_query: String,
    script_name_query: String,
    job_id: String,
    task_id: String,
    other_id: String,
    user_id_match: String,
    called_number: String,
    calling_number: String,
    task_status_string_list: String,
    job_status_string_list: String,
    labels_json: Vec<String>,
    task_create_time_gte: Option<i64>,
    task_create_time_lte: Option<i64>,
    actual_time_gte: Option<i64>,
    actual_time_lte: Option<i64>,
    call_duration_gte: Option<i64>,
    call_duration_lte: Option<i64>,
    recording_duration_gte: Option<i64>,
    recording_duration_lte: Option<i64>,
    sort_by: String,
    sort_order: String,
    page_index: Option<i64>,
    page_size: Option<i64>,
}

impl Action for SearchTask {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "SearchTask";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidTaskStatusStringList",
            when: "a status is none of the vendor's",
        },
        Reached {
            code: "InvalidJobStatusStringList",
            when: "a status is none of the vendor's",
        },
        NO_LABELS,
        Reached {
            code: "InvalidSortBy",
            when: "calls are not sorted by this: they are by `actualTime`, `taskCreateTime`, `callDuration`, `recordingDuration` and `calledNumber`",
        },
        Reached {
            code: "InvalidSortOrder",
            when: "it is neither `asc` nor `desc`",
        },
        Reached {
            code: "InvalidScriptNameQuery",
            when: "more than 10,000 job groups have such a script",
        },
    ];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let (index, size) = (self.page_index.unwrap_or(0), self.page_size.unwrap_or(10));
        if !(0..=1_000_000).contains(&index) {
            return Err(Fault::invalid("PageIndex", "it is 0 or more"));
        }
        if !(1..=SIZE_MAX).contains(&size) {
            return Err(Fault::invalid("PageSize", "it is 1 to 100"));
        }
        refuse_labels(&self.labels_json)?;
        let part = |n: i64| u32::try_from(n).expect("pages are small");
        let paging = Paging {
            offset: part(index * size),
            limit: part(size),
        };
        let mut filter = self.filter()?;
        if !self.script_name_query.is_empty() {
            filter.campaigns = Some(with_script(&context, &self.script_name_query).await?);
        }
        let (tasks, total) = job_view::tasks(&context, &filter, self.order()?, paging).await?;
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
        // The vendor takes the time of creation only with both ends.
        let created = self.task_create_time_gte.zip(self.task_create_time_lte);
        Ok(AttemptFilter {
            campaign: some(&self.job_group_id).map(CampaignId),
            campaigns: None,
            campaign_name_part: some(&self.job_group_name_query),
            contacts: some(&self.job_id).map(ContactId).into_iter().collect(),
            contact_states: job_states("JobStatusStringList", &self.job_status_string_list)?,
            reference_part: some(&self.user_id_match),
            ids: some(&self.task_id).map(CallId).into_iter().collect(),
            any_id: some(&self.other_id),
            callee_part: some(&self.called_number).map(|text| digits(&text)),
            from: created.map(|(from, _)| UnixMs(from)),
            before: created.map(|(_, to)| UnixMs(to.saturating_add(1))),
            call: CallCriteria {
                outcomes: Ended {
                    field: "TaskStatusStringList",
                    statuses: &self.task_status_string_list,
                    reached_end: None,
                    gave_up: None,
                }
                .outcomes()?,
                answered: None,
                caller_part: some(&self.calling_number).map(|text| digits(&text)),
                from: self.actual_time_gte.map(UnixMs),
                to: self.actual_time_lte.map(UnixMs),
                talk_ms_min: self.call_duration_gte,
                talk_ms_max: self.call_duration_lte,
                ring_ms_min: self.recording_duration_gte.map(|s| s.saturating_mul(1000)),
                // As it is shown: in whole seconds.
                ring_ms_max: self
                    .recording_duration_lte
                    .map(|s| s.saturating_mul(1000).saturating_add(999)),
            },
        })
    }

    fn order(&self) -> Result<AttemptOrder, Fault> {
        let by = match self.sort_by.to_ascii_lowercase().as_str() {
            "" | "actualtime" => AttemptKey::Started,
            "taskcreatetime" => AttemptKey::Planned,
            "callduration" => AttemptKey::Talk,
            "recordingduration" => AttemptKey::Ring,
            "callednumber" => AttemptKey::Callee,
            _ => return Err(Fault::invalid("SortBy", "calls are not sorted by this")),
        };
        let ascends = match self.sort_order.to_ascii_lowercase().as_str() {
            "" | "desc" => false,
            "asc" => true,
            _ => return Err(Fault::invalid("SortOrder", "it is asc or desc")),
        };
        Ok(AttemptOrder { by, ascends })
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
        let agents = agent_names(context).await?;
        let mut names: HashMap<CampaignId, (String, String)> = HashMap::new();
        for task in tasks {
            let id = &task.attempt.campaign;
            if !names.contains_key(id) {
                let campaign = store.campaign(tenant, id).await?;
                let script = script_name(&campaign, &agents);
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
        let talk_ms = call.map_or(0, Call::talk_ms);
        let seconds = talk_ms / 1000;
        let ended = call.filter(|call| call.ended_at.is_some());
        let job_status = contact.map(|contact| status::status(contact.state));
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
            // The vendor's definition: milliseconds here, and seconds of ringing below.
            "CallDuration": talk_ms,
            "CallDurationDisplay": format!("{:02}:{:02}", seconds / 60, seconds % 60),
            "RecordingDuration": ended.map_or(0, Call::ring_ms) / 1000,
            "HasAnswered": call.is_some_and(|call| call.answered_at.is_some()),
            "HasHangUpByRejection": false,
            "HasReachedEndOfFlow": reached_end(call.and_then(|call| call.cause)),
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

/// The groups whose script has this text in its name.
async fn with_script(context: &Context, part: &str) -> Result<Vec<CampaignId>, Fault> {
    let (store, tenant) = (context.app().store(), context.tenant_id()?);
    let agents = agent_names(context).await?;
    let mut found = Vec::new();
    let mut paging = Paging::first(READ_MAX);
    loop {
        let filter = CampaignFilter::default();
        let page = store.campaigns(tenant, &filter, paging).await?;
        let named = page
            .items
            .iter()
            .filter(|campaign| script_name(campaign, &agents).contains(part));
        found.extend(named.map(|campaign| campaign.id.clone()));
        if found.len() > GROUPS_MAX {
            return Err(Fault::invalid(
                "ScriptNameQuery",
                "too many job groups have such a script",
            ));
        }
        paging.offset += READ_MAX;
        if i64::from(paging.offset) >= page.total {
            return Ok(found);
        }
    }
}

/// Names of the instance's voice agents, by id.
async fn agent_names(context: &Context) -> Result<HashMap<i64, String>, Fault> {
    let (store, tenant) = (context.app().store(), context.tenant_id()?);
    let agents = store.voice_agents(tenant, Paging::first(READ_MAX)).await?;
    let pair = |agent: model::VoiceAgent| (agent.id.0, agent.settings.name);
    Ok(agents.items.into_iter().map(pair).collect())
}

/// The name of a group's script: the one that it was made with, or its voice agent's.
fn script_name(campaign: &Campaign, agents: &HashMap<i64, String>) -> String {
    let notes: Value = serde_json::from_str(&campaign.settings.notes).unwrap_or_default();
    let noted = notes["ScriptName"].as_str().map(ToOwned::to_owned);
    noted
        .or_else(|| agents.get(&campaign.settings.voice_agent.0).cloned())
        .unwrap_or_default()
}

/// Digits of a number as somebody wrote it, for a search in the middle of numbers.
fn digits(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

/// As many contacts as calls on a page.
fn part_max() -> u32 {
    u32::try_from(SIZE_MAX).expect("pages are small")
}
