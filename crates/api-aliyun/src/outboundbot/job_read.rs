//! Jobs: read, listed and searched, with their calls.

use api::kernel::{Action, Entry, Reached};
use model::{CampaignId, Contact, ContactId, UnixMs};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{CallCriteria, ContactFilter, Paging, StoreError};

use super::{
    Context, OutboundBot,
    job_group::{NO_GROUP, found},
    job_view::{self, Task},
    paging::Paged,
    status::{
        Ended, end_reason, failure_reason, failures_named, hang_up_direction, job_states, names,
        reached_end, status, task_status,
    },
};
use crate::{envelope::full, fault::Fault};

pub(super) static ACTIONS: &[Entry<OutboundBot>] = &[
    Entry::of::<DescribeJob>(),
    Entry::of::<ListJobs>(),
    Entry::of::<ListJobsByGroup>(),
    Entry::of::<QueryJobs>(),
    Entry::of::<QueryJobsWithResult>(),
];

/// Jobs that may be named, as the vendor has it.
const NAMED_MAX: usize = 99;

const NO_JOB: Reached = Reached {
    code: "NotExist.Job",
    when: "the instance has no job with this id",
};
const BAD_STATUS: Reached = Reached {
    code: "InvalidJobStatus",
    when: "the status is none of the vendor's",
};

pub(super) const NO_LABELS: Reached = Reached {
    code: "InvalidLabelsJson",
    when: "a label is asked for: calls have none here",
};

/// Calls have no labels: whoever asks for one must not take all calls for an answer.
pub(super) fn refuse_labels(labels: &[String]) -> Result<(), Fault> {
    match labels
        .iter()
        .all(|label| matches!(label.trim(), "" | "[]" | "{}"))
    {
        true => Ok(()),
        false => Err(Fault::invalid("LabelsJson", "calls have no labels here")),
    }
}

/// One job with every call.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeJob {
    instance_id: String,
    job_id: String,
    #[serde(default)]
    with_script: bool,
}

impl Action for DescribeJob {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "DescribeJob";
    const REFUSALS: &'static [Reached] = &[NO_JOB];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let contact = contact(&context, self.job_id).await?;
        let tasks = with_tasks(&context, &contact).await?;
        let mut job = job_view::job(&contact);
        job["InstanceId"] = json!(self.instance_id);
        job["CalledNumber"] = json!(contact.settings.numbers.first().map(ToString::to_string));
        job["NextExecutionTime"] = json!((!is_settled(&contact)).then_some(contact.next_at.0));
        let last = tasks.last();
        job["ActualTime"] = last.map_or(Value::Null, |task| task["ActualTime"].clone());
        let reason = last.and_then(|task| task["EndReason"].as_str()?.parse::<i64>().ok());
        job["EndReason"] = json!(reason);
        job["Tasks"] = Value::from(tasks);
        if self.with_script {
            let tenant = context.tenant_id()?;
            let campaign = context
                .app()
                .store()
                .campaign(tenant, &contact.campaign)
                .await?;
            let agent = campaign.settings.voice_agent;
            job["Script"] = match context.app().store().voice_agent(tenant, agent).await {
                Ok(agent) => json!({
                    "ScriptId": agent.id.to_string(),
                    "Name": agent.settings.name,
                    "Status": "PUBLISHED",
                    "UpdateTime": agent.updated_at.0,
                }),
                Err(StoreError::NotFound { .. }) => Value::Null,
                Err(error) => return Err(error.into()),
            };
        }
        Ok(full(json!({"Job": job})))
    }
}

/// Jobs by their ids.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListJobs {
    job_id: Vec<String>,
}

impl Action for ListJobs {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "ListJobs";
    const REFUSALS: &'static [Reached] = &[Reached {
        code: "InvalidJobId",
        when: "more than 99 jobs are named",
    }];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        if self.job_id.len() > NAMED_MAX {
            return Err(Fault::invalid("JobId", "it names 99 jobs at most"));
        }
        let filter = ContactFilter {
            ids: self.job_id.into_iter().map(ContactId).collect(),
            ..ContactFilter::default()
        };
        let page = context
            .app()
            .store()
            .contacts(context.tenant_id()?, &filter, Paging::first(99))
            .await?;
        let mut jobs = Vec::new();
        for contact in &page.items {
            let mut job = job_view::job(contact);
            job["Tasks"] = Value::from(with_tasks(&context, contact).await?);
            jobs.push(job);
        }
        Ok(full(json!({"Jobs": jobs})))
    }
}

/// The jobs of a group.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListJobsByGroup {
    job_group_id: String,
    #[serde(default)]
    job_status: String,
    #[serde(default)]
    job_failure_reason: String,
    page_number: Option<i64>,
    page_size: Option<i64>,
}

impl Action for ListJobsByGroup {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "ListJobsByGroup";
    const REFUSALS: &'static [Reached] = &[NO_GROUP, BAD_STATUS];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let paged = Paged::of(self.page_number, self.page_size)?;
        let campaign = found(&context, &self.job_group_id).await?;
        let filter = filter(campaign.id, &self.job_status, &self.job_failure_reason)?;
        let page = context
            .app()
            .store()
            .contacts(context.tenant_id()?, &filter, paged.store())
            .await?;
        let jobs: Vec<Value> = page.items.iter().map(job_view::job).collect();
        Ok(full(json!({"Jobs": {
            "List": jobs,
            "PageNumber": paged.number,
            "PageSize": paged.size,
            "TotalCount": page.total,
        }})))
    }
}

/// Jobs by contact and time.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct QueryJobs {
    #[serde(default)]
    job_group_id: String,
    #[serde(default)]
    contact_name: String,
    #[serde(default)]
    phone_number: String,
    start_time: Option<i64>,
    end_time: Option<i64>,
    page_number: Option<i64>,
    page_size: Option<i64>,
}

impl Action for QueryJobs {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "QueryJobs";
    const REFUSALS: &'static [Reached] = &[];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let paged = Paged::of(self.page_number, self.page_size)?;
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let filter = ContactFilter {
            campaign: some(self.job_group_id).map(CampaignId),
            name_part: some(self.contact_name),
            number_part: some(self.phone_number).map(|text| digits(&text)),
            from: self.start_time.map(UnixMs),
            before: self.end_time.map(UnixMs),
            ..ContactFilter::default()
        };
        let store = context.app().store();
        let page = store
            .contacts(context.tenant_id()?, &filter, paged.store())
            .await?;
        let mut jobs = Vec::new();
        for contact in &page.items {
            let mut job = job_view::job(contact);
            job["Tasks"] = Value::from(with_tasks(&context, contact).await?);
            jobs.push(job);
        }
        Ok(full(json!({"Jobs": {
            "List": jobs,
            "PageNumber": paged.number,
            "PageSize": paged.size,
            "TotalCount": page.total,
        }})))
    }
}

/// The jobs of a group with what their last call came to.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct QueryJobsWithResult {
    job_group_id: String,
    #[serde(default)]
    job_status_filter: String,
    #[serde(default)]
    job_failure_reasons_filter: String,
    #[serde(default)]
    task_status_filter: String,
    #[serde(default)]
    query_text: String,
    has_answered_filter: Option<bool>,
    has_hang_up_by_rejection_filter: Option<bool>,
    has_reached_end_of_flow_filter: Option<bool>,
    start_actual_time_filter: Option<i64>,
    end_actual_time_filter: Option<i64>,
    #[serde(default)]
    labels_json: Vec<String>,
    page_number: Option<i64>,
    page_size: Option<i64>,
}

impl Action for QueryJobsWithResult {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "QueryJobsWithResult";
    const REFUSALS: &'static [Reached] = &[
        NO_GROUP,
        BAD_STATUS,
        Reached {
            code: "InvalidTaskStatusFilter",
            when: "a status is none of the vendor's",
        },
        NO_LABELS,
    ];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let paged = Paged::of(self.page_number, self.page_size)?;
        refuse_labels(&self.labels_json)?;
        let campaign = found(&context, &self.job_group_id).await?;
        let latest_call = CallCriteria {
            outcomes: Ended {
                field: "TaskStatusFilter",
                statuses: &self.task_status_filter,
                reached_end: self.has_reached_end_of_flow_filter,
                gave_up: self.has_hang_up_by_rejection_filter,
            }
            .outcomes()?,
            answered: self.has_answered_filter,
            from: self.start_actual_time_filter.map(UnixMs),
            to: self.end_actual_time_filter.map(UnixMs),
            ..CallCriteria::default()
        };
        let mut filter = filter(
            campaign.id,
            &self.job_status_filter,
            &self.job_failure_reasons_filter,
        )?;
        // The vendor searches names and numbers by one text.
        let is_number = !self.query_text.is_empty()
            && self
                .query_text
                .chars()
                .all(|c| c.is_ascii_digit() || c == '+');
        if is_number {
            filter.number_part = Some(digits(&self.query_text));
        } else if !self.query_text.is_empty() {
            filter.name_part = Some(self.query_text);
        }
        filter.latest_call = latest_call;
        let store = context.app().store();
        let page = store
            .contacts(context.tenant_id()?, &filter, paged.store())
            .await?;
        let mut tasks = job_view::tasks_of(&context, &page.items).await?;
        let list: Vec<Value> = page
            .items
            .iter()
            .map(|contact| {
                let last = tasks.remove(&contact.id).and_then(|mut tasks| tasks.pop());
                with_result(contact, last.as_ref())
            })
            .collect();
        let n_pages = (page.total + paged.size - 1) / paged.size;
        Ok(full(json!({
            "Jobs": {
                "List": list,
                "PageNumber": paged.number,
                "PageSize": paged.size,
                "PageCount": n_pages,
                "RowCount": page.total,
            },
            "Labels": [],
            "VariableNames": [],
        })))
    }
}

fn with_result(contact: &Contact, last: Option<&Task>) -> Value {
    let status = status(contact.state);
    json!({
        "Id": contact.id.as_str(),
        "Status": status.number.to_string(),
        "StatusName": status.name,
        "JobFailureReason": contact.failure.map(failure_reason),
        "LatestTask": last.map(|task| latest(contact, task)),
    })
}

fn latest(contact: &Contact, task: &Task) -> Value {
    let call = task.call.as_ref();
    let status = task_status(&task.attempt, call);
    let seconds = call.map_or(0, model::Call::talk_seconds);
    let person = job_view::person_of(contact, &task.attempt);
    let mut job = job_view::job(contact);
    json!({
        "Status": status.number.to_string(),
        "StatusName": status.name,
        "CallTime": call.map(|call| call.started_at.0),
        "CallDuration": seconds,
        "CallDurationDisplay": format!("{:02}:{:02}", seconds / 60, seconds % 60),
        "HasAnswered": call.is_some_and(|call| call.answered_at.is_some()),
        "HasHangUpByRejection": false,
        "HasReachedEndOfFlow": reached_end(call.and_then(|call| call.cause)),
        "HangUpDirection": call.and_then(hang_up_direction),
        "TaskEndReason": call.and_then(end_reason).map(|reason| reason.number),
        "Contact": {
            "Id": person["ContactId"],
            "Name": person["ContactName"],
            "Honorific": person["Honorific"],
            "Role": person["Role"],
            "PhoneNumber": person["PhoneNumber"],
            "ReferenceId": person["ReferenceId"],
            "State": person["State"],
            "JobUuid": contact.id.as_str(),
            "Round": task.attempt.n,
        },
        "Extras": job["Extras"].take(),
        "DialExceptionCodes": [],
        "TagHits": [],
        "VoiceName": "",
    })
}

fn filter(campaign: CampaignId, statuses: &str, reasons: &str) -> Result<ContactFilter, Fault> {
    let reason = |name: &String| {
        let found = failures_named(name);
        // A reason that nothing here has is looked for in vain, not passed over.
        if found.is_empty() {
            vec![model::ContactFailure::Outcome(model::Disposition::Reached)]
        } else {
            found
        }
    };
    Ok(ContactFilter {
        campaign: Some(campaign),
        states: job_states("JobStatus", statuses)?,
        failures: names(reasons).iter().flat_map(reason).collect(),
        ..ContactFilter::default()
    })
}

async fn contact(context: &Context, id: String) -> Result<Contact, Fault> {
    match context
        .app()
        .store()
        .contact(context.tenant_id()?, &ContactId(id))
        .await
    {
        Ok(contact) => Ok(contact),
        Err(StoreError::NotFound { .. } | StoreError::Misuse { .. }) => {
            Err(Fault::not_exist("Job"))
        }
        Err(error) => Err(error.into()),
    }
}

async fn with_tasks(context: &Context, contact: &Contact) -> Result<Vec<Value>, Fault> {
    let mut tasks = job_view::tasks_of(context, std::slice::from_ref(contact)).await?;
    let mut shown = Vec::new();
    for task in tasks.remove(&contact.id).unwrap_or_default() {
        shown.push(job_view::task_in_full(context, contact, &task).await?);
    }
    Ok(shown)
}

fn is_settled(contact: &Contact) -> bool {
    match contact.state {
        model::ContactState::Waiting
        | model::ContactState::Dialing
        | model::ContactState::Paused => false,
        model::ContactState::Reached
        | model::ContactState::Failed
        | model::ContactState::Canceled => true,
    }
}

/// Digits of a number as somebody wrote it, for a search in the middle of numbers.
fn digits(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}
