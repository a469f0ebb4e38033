//! Jobs: contacts of a campaign, assigned, called at once, paused, resumed and taken off.

use api::kernel::{Action, Entry, Reached};
use app::dialogue::Names;
use model::{
    Campaign, CampaignDraft, CampaignId, ContactDraft, ContactId, ContactState, E164, Pacing,
    RetryRules, Schedule, Variable,
};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Assignment, CampaignFilter, ContactChoice, Paging, StoreError};

use super::{
    Context, OutboundBot,
    dialogue::{NAME_MAX, short},
    job_group::{NO_GROUP, found, numbers, texts},
    strategy::apply_strategy,
};
use crate::{envelope::full, fault::Fault};

pub(super) static ACTIONS: &[Entry<OutboundBot>] = &[
    Entry::of::<AssignJobs>(),
    Entry::of::<AssignJobsAsync>(),
    Entry::of::<GetAssignJobsAsyncResult>(),
    Entry::of::<StartJob>(),
    Entry::of::<SuspendJobs>(),
    Entry::of::<ResumeJobs>(),
    Entry::of::<CancelJobs>(),
];

/// Jobs of one request, as the vendor has it.
const JOBS_MAX: usize = 99;

/// Numbers of one job that are tried in turn.
const NUMBERS_MAX: usize = 5;

/// Jobs that are named to be moved.
const NAMED_MAX: usize = 1000;

/// Name of the group of jobs that were started without one.
const STARTED_GROUP: &str = "StartJob";

const BAD_JOBS: Reached = Reached {
    code: "InvalidJobsJson",
    when: "a job is no JSON, has no contact or no telephone number, or there are more than 99",
};
const OVER: Reached = Reached {
    code: "Conflict",
    when: "the group was taken off, or its time is up",
};

/// A job as its JSON has it.
#[derive(Deserialize)]
struct Job {
    #[serde(default)]
    extras: Vec<Extra>,
    contacts: Vec<Contact>,
}

#[derive(Deserialize)]
struct Extra {
    key: String,
    #[serde(default)]
    value: Value,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Contact {
    phone_number: String,
    preferred_phone_number: String,
    name: String,
    reference_id: String,
    honorific: String,
    role: String,
}

/// The contact in a job's JSON; `field` names the parameter that it came in.
fn contact(
    field: &str,
    text: &str,
    country: &str,
    callers: &[E164],
) -> Result<ContactDraft, Fault> {
    let invalid = |why: &str| Fault::invalid(field, why);
    let job: Job =
        serde_json::from_str(text).map_err(|error| invalid(&format!("a job is JSON: {error}")))?;
    let first = job
        .contacts
        .first()
        .ok_or_else(|| invalid("a job has a contact"))?;
    if job.contacts.len() > NUMBERS_MAX {
        return Err(invalid("a job has 5 contacts at most"));
    }
    let number = |contact: &Contact| {
        let preferred = !contact.preferred_phone_number.is_empty();
        let text = if preferred {
            &contact.preferred_phone_number
        } else {
            &contact.phone_number
        };
        E164::parse(text, country).map_err(|_| invalid("a contact has no telephone number"))
    };
    let variable = |extra: &Extra| {
        let value = match &extra.value {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        };
        short(field, &extra.key, 64)?;
        short(field, &value, 4096)?;
        Ok::<_, Fault>(Variable {
            key: extra.key.clone(),
            value,
        })
    };
    for text in [
        &first.name,
        &first.reference_id,
        &first.honorific,
        &first.role,
    ] {
        short(field, text, NAME_MAX)?;
    }
    if job.extras.len() > 100 {
        return Err(invalid("a job has 100 extras at most"));
    }
    let people: Vec<Value> = job
        .contacts
        .iter()
        .map(|one| json!({"name": one.name, "honorific": one.honorific, "role": one.role, "referenceId": one.reference_id}))
        .collect();
    Ok(ContactDraft {
        numbers: job.contacts.iter().map(number).collect::<Result<_, _>>()?,
        name: first.name.clone(),
        reference: first.reference_id.clone(),
        callers: callers.to_vec(),
        variables: job.extras.iter().map(variable).collect::<Result<_, _>>()?,
        notes: json!({"contacts": people}).to_string(),
    })
}

/// Adds jobs to a group.
async fn assign(
    context: &Context,
    group: &str,
    jobs: &[String],
    callers: &[String],
    strategy: &str,
) -> Result<(Campaign, Vec<ContactId>), Fault> {
    let campaign = found(context, group).await?;
    let country = context.tenant().await?.country_code;
    if jobs.is_empty() {
        return Err(Fault::missing("JobsJson"));
    }
    if jobs.len() > JOBS_MAX {
        return Err(Fault::invalid("JobsJson", "it has 99 jobs at most"));
    }
    let callers = numbers("CallingNumber", callers, &country)?;
    let contacts: Vec<ContactDraft> = jobs
        .iter()
        .map(|job| contact("JobsJson", job, &country, &callers))
        .collect::<Result<_, _>>()?;
    let (app, tenant) = (context.app(), context.tenant_id()?);
    if !strategy.is_empty() {
        let mut draft = campaign.settings.clone();
        apply_strategy(&mut draft, strategy)?;
        app.change_campaign(tenant, &campaign.id, &draft).await?;
    }
    let added = app.add_contacts(tenant, &campaign.id, contacts).await?;
    Ok((
        campaign,
        added.into_iter().map(|contact| contact.id).collect(),
    ))
}

/// Adds up to 99 jobs.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AssignJobs {
    job_group_id: String,
    #[serde(default, deserialize_with = "texts")]
    jobs_json: Vec<String>,
    #[serde(default)]
    calling_number: Vec<String>,
    #[serde(default)]
    strategy_json: String,
    #[serde(default)]
    job_data_parsing_task_id: String,
}

impl Action for AssignJobs {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "AssignJobs";
    const REFUSALS: &'static [Reached] = &[
        NO_GROUP,
        BAD_JOBS,
        OVER,
        Reached {
            code: "InvalidJobDataParsingTaskId",
            when: "a parsed file is named: files are not taken, jobs are sent in `JobsJson`",
        },
    ];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        if !self.job_data_parsing_task_id.is_empty() {
            let why = "files are not taken here; send the jobs in JobsJson";
            return Err(Fault::invalid("JobDataParsingTaskId", why));
        }
        let (campaign, jobs) = assign(
            &context,
            &self.job_group_id,
            &self.jobs_json,
            &self.calling_number,
            &self.strategy_json,
        )
        .await?;
        Ok(full(
            json!({"JobGroupId": campaign.id.as_str(), "JobsId": ids(&jobs)}),
        ))
    }
}

/// The same; the ids are asked for afterwards.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AssignJobsAsync {
    job_group_id: String,
    #[serde(default, deserialize_with = "texts")]
    jobs_json: Vec<String>,
    #[serde(default, deserialize_with = "texts")]
    calling_number: Vec<String>,
    #[serde(default)]
    strategy_json: String,
}

impl Action for AssignJobsAsync {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "AssignJobsAsync";
    const REFUSALS: &'static [Reached] = &[NO_GROUP, BAD_JOBS, OVER];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let (campaign, contacts) = assign(
            &context,
            &self.job_group_id,
            &self.jobs_json,
            &self.calling_number,
            &self.strategy_json,
        )
        .await?;
        let assignment = Assignment {
            id: uuid::Uuid::new_v4().to_string(),
            tenant: context.tenant_id()?,
            campaign: campaign.id,
            contacts,
            created_at: context.app().now(),
        };
        context.app().store().add_assignment(&assignment).await?;
        Ok(full(json!({"AsyncTaskId": assignment.id})))
    }
}

/// Which jobs were added.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetAssignJobsAsyncResult {
    async_task_id: String,
}

impl Action for GetAssignJobsAsyncResult {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "GetAssignJobsAsyncResult";
    const REFUSALS: &'static [Reached] = &[Reached {
        code: "NotExist.AsyncTask",
        when: "no `AssignJobsAsync` of an instance of the credential gave this id",
    }];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let gone = || Fault::not_exist("AsyncTask");
        let assignment = match context.app().store().assignment(&self.async_task_id).await {
            Ok(assignment) => assignment,
            Err(StoreError::NotFound { .. } | StoreError::Misuse { .. }) => return Err(gone()),
            Err(error) => return Err(error.into()),
        };
        // The request names no instance.
        if !context
            .credential
            .scope
            .tenants
            .contains(&assignment.tenant)
        {
            return Err(gone());
        }
        Ok(full(json!({
            "JobGroupId": assignment.campaign.as_str(),
            "JobsId": ids(&assignment.contacts),
            "Valid": true,
            "Timeout": false,
        })))
    }
}

/// Calls one contact at once, past the schedule.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StartJob {
    job_json: String,
    #[serde(default)]
    job_group_id: String,
    script_id: Option<String>,
    scenario_id: Option<String>,
    #[serde(default)]
    calling_number: Vec<String>,
}

impl Action for StartJob {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "StartJob";
    const REFUSALS: &'static [Reached] = &[
        NO_GROUP,
        Reached {
            code: "NotExist.Script",
            when: "there is no `JobGroupId`, and neither `ScriptId` nor `ScenarioId` names a voice agent that is published",
        },
        Reached {
            code: "InvalidJobJson",
            when: "the job is no JSON, or has no contact or no telephone number",
        },
        Reached {
            code: "Conflict",
            when: "the group was taken off, or has the contact's `referenceId` already",
        },
        Reached {
            code: "Forbidden.CallRule",
            when: "a rule of the instance forbids the call",
        },
        Reached {
            code: "InvalidCallingNumber",
            when: "there is no number to show, or no trunk carries the call with it",
        },
        Reached {
            code: "QuotaExceeded",
            when: "the minutes of the instance are used up or have expired",
        },
        Reached {
            code: "Throttling.Api",
            when: "all voice agents or lines are busy",
        },
    ];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let country = context.tenant().await?.country_code;
        let callers = numbers("CallingNumber", &self.calling_number, &country)?;
        let draft = contact("JobJson", &self.job_json, &country, &callers)?;
        let reference = draft.reference.clone();
        let campaign = if self.job_group_id.is_empty() {
            let names = [self.script_id.as_deref(), self.scenario_id.as_deref()];
            group_of_started(&context, &Names::of(names)).await?
        } else {
            found(&context, &self.job_group_id).await?
        };
        let by = Some(context.credential.id.clone());
        let (job, call) = context.app().dial_contact(&campaign, draft, by).await?;
        let key = if reference.is_empty() {
            job.0
        } else {
            reference
        };
        let pair = json!([{"Key": key, "Value": call.as_str()}]);
        Ok(full(json!({"CallIds": pair, "TaskIds": pair})))
    }
}

/// The group that holds jobs which were started without one: one for each script.
async fn group_of_started(context: &Context, names: &Names) -> Result<Campaign, Fault> {
    let tenant = context.tenant_id()?;
    let found = context.gate.dialogues.named_robot(tenant, names).await?;
    let agent = found.ok_or_else(|| Fault::not_exist("Script"))?;
    let name = format!("{STARTED_GROUP} {}", agent.id);
    let filter = CampaignFilter {
        name_part: Some(name.clone()),
        ..CampaignFilter::default()
    };
    let present = context
        .app()
        .store()
        .campaigns(tenant, &filter, Paging::first(100))
        .await?;
    let is_it = |campaign: &Campaign| {
        campaign.settings.name == name && campaign.state != model::CampaignState::Canceled
    };
    if let Some(campaign) = present.items.into_iter().find(is_it) {
        return Ok(campaign);
    }
    let draft = CampaignDraft {
        name,
        description: String::new(),
        voice_agent: agent.id,
        callers: Vec::new(),
        recall_callers: Vec::new(),
        is_urgent: false,
        ring_time_max: None,
        pacing: Pacing::AtOnce(1),
        reserved: 0,
        schedule: Schedule::default(),
        retry: RetryRules::default(),
        notes: json!({"ScriptId": agent.id.to_string(), "ScriptName": agent.settings.name})
            .to_string(),
    };
    Ok(context.app().create_campaign(tenant, &draft).await?)
}

/// Which jobs are meant.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Chosen {
    all: bool,
    #[serde(default)]
    job_group_id: String,
    #[serde(default)]
    job_id: Vec<String>,
    #[serde(default)]
    job_reference_id: Vec<String>,
}

impl Chosen {
    fn choice(self) -> Result<ContactChoice, Fault> {
        let group = Some(self.job_group_id)
            .filter(|id| !id.is_empty())
            .map(CampaignId);
        if self.all {
            return Ok(ContactChoice::All(group));
        }
        if self.job_id.len().max(self.job_reference_id.len()) > NAMED_MAX {
            return Err(Fault::invalid("JobId", "it names 1000 jobs at most"));
        }
        if !self.job_id.is_empty() {
            return Ok(ContactChoice::Ids(
                self.job_id.into_iter().map(ContactId).collect(),
            ));
        }
        if self.job_reference_id.is_empty() {
            return Err(Fault::missing("JobId"));
        }
        Ok(ContactChoice::References(group, self.job_reference_id))
    }

    async fn go(self, context: &Context, to: ContactState) -> Result<Value, Fault> {
        let tenant = context.tenant_id()?;
        if !self.job_group_id.is_empty() {
            found(context, &self.job_group_id).await?;
        }
        let choice = self.choice()?;
        context.app().move_contacts(tenant, &choice, to).await?;
        Ok(full(json!({})))
    }
}

const MOVES: &[Reached] = &[
    NO_GROUP,
    Reached {
        code: "MissingJobId",
        when: "`All` is false, and no job is named by `JobId` or `JobReferenceId`",
    },
];

/// Pauses jobs.
#[derive(Deserialize)]
struct SuspendJobs(Chosen);

impl Action for SuspendJobs {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "SuspendJobs";
    const REFUSALS: &'static [Reached] = MOVES;

    async fn run(self, context: Context) -> Result<Value, Fault> {
        self.0.go(&context, ContactState::Paused).await
    }
}

/// Lets paused jobs wait for their call again.
#[derive(Deserialize)]
struct ResumeJobs(Chosen);

impl Action for ResumeJobs {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "ResumeJobs";
    const REFUSALS: &'static [Reached] = MOVES;

    async fn run(self, context: Context) -> Result<Value, Fault> {
        self.0.go(&context, ContactState::Waiting).await
    }
}

/// Takes jobs off.
#[derive(Deserialize)]
struct CancelJobs(Chosen);

impl Action for CancelJobs {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "CancelJobs";
    const REFUSALS: &'static [Reached] = MOVES;

    async fn run(self, context: Context) -> Result<Value, Fault> {
        self.0.go(&context, ContactState::Canceled).await
    }
}

fn ids(contacts: &[ContactId]) -> Vec<&str> {
    contacts.iter().map(ContactId::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_read_as_the_vendors_page_has_it() {
        let text = r#"{"extras":[{"key":"plan","value":"gold"},{"key":"n","value":3}],
            "contacts":[{"phoneNumber":"13800138000","name":"张三","referenceId":"r1","honorific":"张先生"},
                        {"phoneNumber":"1","preferredPhoneNumber":"02012345678"}]}"#;
        let read = contact("JobsJson", text, "86", &[]).unwrap();
        let digits: Vec<&str> = read.numbers.iter().map(E164::digits).collect();
        assert_eq!(digits, ["8613800138000", "862012345678"]);
        assert_eq!(
            (read.name.as_str(), read.reference.as_str()),
            ("张三", "r1")
        );
        assert_eq!(read.variables[1].value, "3");
    }

    #[test]
    fn a_job_without_a_number_is_refused() {
        for text in [
            "",
            "{}",
            r#"{"contacts":[]}"#,
            r#"{"contacts":[{"name":"x"}]}"#,
        ] {
            let refused = contact("JobsJson", text, "86", &[]).unwrap_err();
            assert_eq!(refused.code, "InvalidJobsJson", "{text}");
        }
    }
}
