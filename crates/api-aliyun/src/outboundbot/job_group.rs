//! Job groups: campaigns.
//!
//! A group runs from its first job on, as its strategy says; it has no separate start.

use std::time::Duration;

use api::kernel::{Action, Entry, Reached};
use app::dialogue::Names;
use model::{
    Campaign, CampaignDraft, CampaignId, CampaignProgress, CampaignState, E164, Pacing, Refusal,
    RetryRules, Schedule, UnixMs,
};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use store::{CampaignFilter, Paging, StoreError};

use super::{
    Context, OutboundBot,
    dialogue::{NAME_MAX, short},
    paging::Paged,
    strategy::{apply_recall, apply_strategy, recall_of, strategy_of},
};
use crate::{envelope::full, fault::Fault};

pub(super) static ACTIONS: &[Entry<OutboundBot>] = &[
    Entry::of::<CreateJobGroup>(),
    Entry::of::<DescribeJobGroup>(),
    Entry::of::<ListJobGroups>(),
    Entry::of::<ModifyJobGroup>(),
    Entry::of::<DeleteJobGroup>(),
    Entry::of::<DescribeGroupExecutingInfo>(),
];

/// Calls at once of a group that guarantees itself fewer.
const AT_ONCE: i64 = 10;

/// The vendor's default ringing time.
const RINGING_SECOND: i64 = 25;

/// Groups that are looked through for a status.
const GROUPS_MAX: u32 = 1000;

pub(super) const NO_GROUP: Reached = Reached {
    code: "NotExist.JobGroup",
    when: "the instance has no job group with this id",
};
const NO_SCRIPT: Reached = Reached {
    code: "NotExist.Script",
    when: "neither `ScriptId` nor `ScenarioId` names a voice agent that is published",
};
const BAD_STRATEGY: Reached = Reached {
    code: "InvalidStrategyJson",
    when: "`StrategyJson` is no strategy",
};
const BAD_RECALL: Reached = Reached {
    code: "InvalidRecallStrategyJson",
    when: "`RecallStrategyJson` is no recall strategy",
};
const BAD_NUMBER: Reached = Reached {
    code: "InvalidCallingNumber",
    when: "a number is no telephone number",
};

/// What both writing actions take.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Written {
    #[serde(default)]
    calling_number: Vec<String>,
    #[serde(default)]
    recall_calling_number: Vec<String>,
    min_concurrency: Option<i64>,
    priority: Option<String>,
    #[serde(default)]
    recall_strategy_json: String,
    ringing_duration: Option<i64>,
    scenario_id: Option<String>,
    script_id: Option<String>,
    #[serde(default)]
    strategy_json: String,
}

impl Written {
    /// Brings what is given into `draft`.
    async fn apply(&self, context: &Context, draft: &mut CampaignDraft) -> Result<(), Fault> {
        let country = context.tenant().await?.country_code;
        if !self.calling_number.is_empty() {
            draft.callers = numbers("CallingNumber", &self.calling_number, &country)?;
        }
        if !self.recall_calling_number.is_empty() {
            draft.recall_callers =
                numbers("RecallCallingNumber", &self.recall_calling_number, &country)?;
        }
        if let Some(n) = self.min_concurrency {
            if !(0..=1000).contains(&n) {
                return Err(Fault::invalid("MinConcurrency", "it is 0 to 1000"));
            }
            draft.pacing = pacing(n);
            set_note(draft, "MinConcurrency", json!(n));
        }
        match self.priority.as_deref() {
            None | Some("") => {}
            Some("Urgent") => draft.is_urgent = true,
            Some("Daily") => draft.is_urgent = false,
            Some(_) => return Err(Fault::invalid("Priority", "it is Urgent or Daily")),
        }
        if let Some(second) = self.ringing_duration {
            if !(1..=120).contains(&second) {
                return Err(Fault::invalid("RingingDuration", "it is 1 to 120 seconds"));
            }
            draft.ring_time_max = Some(Duration::from_secs(second.unsigned_abs()));
        }
        let names = [self.script_id.as_deref(), self.scenario_id.as_deref()];
        if let Some(script) = names.into_iter().flatten().find(|name| !name.is_empty()) {
            let tenant = context.tenant_id()?;
            let found = context
                .gate
                .dialogues
                .named_robot(tenant, &Names::of(names))
                .await?;
            let agent = found.ok_or_else(|| Fault::not_exist("Script"))?;
            draft.voice_agent = agent.id;
            set_note(draft, "ScriptId", json!(script));
            set_note(draft, "ScriptName", json!(agent.settings.name));
        }
        apply_recall(draft, &self.recall_strategy_json)?;
        apply_strategy(draft, &self.strategy_json)
    }
}

/// A new group.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateJobGroup {
    job_group_name: String,
    #[serde(default)]
    job_group_description: String,
    #[serde(flatten)]
    written: Written,
}

impl Action for CreateJobGroup {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "CreateJobGroup";
    const REFUSALS: &'static [Reached] = &[NO_SCRIPT, BAD_STRATEGY, BAD_RECALL, BAD_NUMBER];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let mut draft = CampaignDraft {
            name: named("JobGroupName", self.job_group_name)?,
            description: self.job_group_description,
            voice_agent: model::VoiceAgentId(0),
            callers: Vec::new(),
            recall_callers: Vec::new(),
            is_urgent: false,
            ring_time_max: Some(Duration::from_secs(RINGING_SECOND.unsigned_abs())),
            pacing: pacing(0),
            schedule: Schedule::default(),
            retry: RetryRules {
                give_up_on: Vec::new(),
                ..RetryRules::default()
            },
            notes: "{}".to_owned(),
        };
        short("JobGroupDescription", &draft.description, 1024)?;
        self.written.apply(&context, &mut draft).await?;
        if draft.voice_agent.0 == 0 {
            return Err(Fault::missing("ScriptId"));
        }
        let made = context
            .app()
            .create_campaign(context.tenant_id()?, &draft)
            .await?;
        Ok(full(
            json!({"JobGroup": shown(&made, &CampaignProgress::default(), context.app().now())}),
        ))
    }
}

/// One group.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeJobGroup {
    job_group_id: String,
}

impl Action for DescribeJobGroup {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "DescribeJobGroup";
    const REFUSALS: &'static [Reached] = &[NO_GROUP];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let (campaign, progress) = found_with_progress(&context, &self.job_group_id).await?;
        let now = context.app().now();
        let mut group = shown(&campaign, &progress, now);
        group["Progress"] = json!({
            "TotalJobs": progress.total(),
            "Scheduling": progress.waiting,
            "Executing": progress.dialing,
            "Paused": progress.paused,
            "Failed": progress.failed,
            "Cancelled": progress.canceled,
            "TotalCompleted": progress.settled(),
            "TotalNotAnswered": progress.failed,
            "StartTime": campaign.created_at.0,
            "Duration": now.since(campaign.created_at).as_secs(),
            "Status": group["Status"],
            "Briefs": [],
            "Categories": [],
        });
        Ok(full(json!({"JobGroup": group})))
    }
}

/// The groups of an instance.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListJobGroups {
    page_number: Option<i64>,
    page_size: Option<i64>,
    search_text: Option<String>,
    job_group_status_filter: Option<String>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    #[serde(default)]
    async_query: bool,
}

impl Action for ListJobGroups {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "ListJobGroups";
    const REFUSALS: &'static [Reached] = &[Reached {
        code: "InvalidAsyncQuery",
        when: "an answer for later is asked for: this one is there at once",
    }];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        if self.async_query {
            return Err(Fault::invalid(
                "AsyncQuery",
                "answers are there at once here",
            ));
        }
        let paged = Paged::of(self.page_number, self.page_size)?;
        let filter = CampaignFilter {
            state: None,
            name_part: self.search_text.filter(|text| !text.is_empty()),
            from: self.start_time.map(UnixMs),
            before: self.end_time.map(UnixMs),
        };
        let statuses = self.job_group_status_filter.unwrap_or_default();
        let statuses: Vec<&str> = statuses
            .split(',')
            .map(str::trim)
            .filter(|s| !s.is_empty())
            .collect();
        // A status is made of more than what the database sorts by.
        let looked_through = if statuses.is_empty() {
            paged.store()
        } else {
            Paging::first(GROUPS_MAX)
        };
        let (store, now) = (context.app().store(), context.app().now());
        let page = store
            .campaigns(context.tenant_id()?, &filter, looked_through)
            .await?;
        let ids: Vec<CampaignId> = page
            .items
            .iter()
            .map(|campaign| campaign.id.clone())
            .collect();
        let progress = store.campaign_progress(&ids).await?;
        let of = |campaign: &Campaign| progress.get(&campaign.id).copied().unwrap_or_default();
        let (groups, total): (Vec<Campaign>, i64) = if statuses.is_empty() {
            (page.items, page.total)
        } else {
            let is_wanted =
                |campaign: &Campaign| statuses.contains(&status(campaign, &of(campaign), now));
            let wanted: Vec<Campaign> = page.items.into_iter().filter(is_wanted).collect();
            let total = i64::try_from(wanted.len()).unwrap_or(i64::MAX);
            (paged.cut(wanted).collect(), total)
        };
        let list: Vec<Value> = groups
            .iter()
            .map(|campaign| listed(campaign, &of(campaign), now))
            .collect();
        Ok(full(json!({"JobGroups": {
            "List": list,
            "PageNumber": paged.number,
            "PageSize": paged.size,
            "TotalCount": total,
        }})))
    }
}

/// Changes what is given; `JobGroupStatus` pauses and resumes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ModifyJobGroup {
    job_group_id: String,
    name: String,
    description: Option<String>,
    job_group_status: Option<String>,
    #[serde(flatten)]
    written: Written,
}

impl Action for ModifyJobGroup {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "ModifyJobGroup";
    const REFUSALS: &'static [Reached] = &[
        NO_GROUP,
        NO_SCRIPT,
        BAD_STRATEGY,
        BAD_RECALL,
        BAD_NUMBER,
        Reached {
            code: "InvalidJobGroupStatus",
            when: "the status is another, or the group cannot be brought there",
        },
    ];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let (present, _) = found_with_progress(&context, &self.job_group_id).await?;
        let to = match self.job_group_status.as_deref() {
            None | Some("") => None,
            // A draft dials nobody either.
            Some("Paused" | "Draft") => Some(CampaignState::Paused),
            Some("Executing" | "Scheduling") => Some(CampaignState::Running),
            Some("Cancelled") => Some(CampaignState::Canceled),
            Some(_) => {
                let why = "it is Draft, Paused, Scheduling, Executing or Cancelled";
                return Err(Fault::invalid("JobGroupStatus", why));
            }
        };
        let mut draft = present.settings.clone();
        draft.name = named("Name", self.name)?;
        if let Some(description) = self.description {
            short("Description", &description, 1024)?;
            draft.description = description;
        }
        self.written.apply(&context, &mut draft).await?;
        let (app, tenant) = (context.app(), context.tenant_id()?);
        if let Some(to) = to.filter(|to| *to != present.state) {
            app.move_campaign(tenant, &present.id, to)
                .await
                .map_err(|fault| match fault {
                    app::Fault::Refused(Refusal::Conflict { what }) => {
                        Fault::invalid("JobGroupStatus", &what)
                    }
                    other => other.into(),
                })?;
        }
        app.change_campaign(tenant, &present.id, &draft).await?;
        let (changed, progress) = found_with_progress(&context, &self.job_group_id).await?;
        Ok(full(
            json!({"JobGroup": shown(&changed, &progress, app.now())}),
        ))
    }
}

/// Removes a group whose calls are over, with its jobs.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteJobGroup {
    job_group_id: String,
}

impl Action for DeleteJobGroup {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "DeleteJobGroup";
    const REFUSALS: &'static [Reached] = &[
        NO_GROUP,
        Reached {
            code: "InvalidJobGroupId",
            when: "a call of the group is under way",
        },
    ];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let (id, tenant) = (CampaignId(self.job_group_id), context.tenant_id()?);
        match context.app().store().remove_campaign(tenant, &id).await {
            Ok(()) => Ok(full(json!({}))),
            Err(StoreError::NotFound { .. }) => Err(Fault::not_exist("JobGroup")),
            Err(StoreError::Conflict { what }) => Err(Fault::invalid("JobGroupId", &what)),
            Err(error) => Err(error.into()),
        }
    }
}

/// How far a group is.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeGroupExecutingInfo {
    instance_id: String,
    job_group_id: String,
}

impl Action for DescribeGroupExecutingInfo {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "DescribeGroupExecutingInfo";
    const REFUSALS: &'static [Reached] = &[NO_GROUP];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let (campaign, progress) = found_with_progress(&context, &self.job_group_id).await?;
        let figures = super::job_view::figures(&context, &campaign.id).await?;
        Ok(full(json!({
            "InstanceId": self.instance_id,
            "GroupId": self.job_group_id,
            "ExecutingInfo": {
                "StartTime": campaign.created_at.0,
                "EndTime": (campaign.state == CampaignState::Completed).then_some(campaign.updated_at.0),
                "CreatorName": "",
                "CallNum": figures.n_calls,
                "CallFailedNum": figures.n_failed,
                "FinishedNum": figures.n_finished,
                "HangUpByClientNum": figures.n_client_hung_up,
                "NoInteractionNum": figures.n_silent,
                "TransferByIntentNum": 0,
                "TransferByNoAnswer": 0,
                "AvgTalkTime": figures.talk_second_mean,
                "DurationDistribution": "",
                "TalkTurnsDistribution": "",
                "JobsProgress": {
                    "TotalJobs": progress.total(),
                    "SchedulingNum": progress.waiting,
                    "ExecutingNum": progress.dialing,
                    "PausedNum": progress.paused,
                    "FailedNum": progress.failed,
                    "CancelledNum": progress.canceled,
                    "TotalCompletedNum": progress.settled(),
                    "TotalNotAnsweredNum": progress.failed,
                },
            },
        })))
    }
}

/// The campaign of a `JobGroupId`.
pub(super) async fn found(context: &Context, id: &str) -> Result<Campaign, Fault> {
    let id = CampaignId(id.to_owned());
    match context
        .app()
        .store()
        .campaign(context.tenant_id()?, &id)
        .await
    {
        Ok(campaign) => Ok(campaign),
        Err(StoreError::NotFound { .. } | StoreError::Misuse { .. }) => {
            Err(Fault::not_exist("JobGroup"))
        }
        Err(error) => Err(error.into()),
    }
}

async fn found_with_progress(
    context: &Context,
    id: &str,
) -> Result<(Campaign, CampaignProgress), Fault> {
    let campaign = found(context, id).await?;
    let ids = std::slice::from_ref(&campaign.id);
    let mut progress = context.app().store().campaign_progress(ids).await?;
    let progress = progress.remove(&campaign.id).unwrap_or_default();
    Ok((campaign, progress))
}

fn shown(campaign: &Campaign, progress: &CampaignProgress, now: UnixMs) -> Value {
    let draft = &campaign.settings;
    let script = note(draft, "ScriptId");
    let digits =
        |numbers: &[E164]| -> Vec<String> { numbers.iter().map(ToString::to_string).collect() };
    json!({
        "JobGroupId": campaign.id.as_str(),
        "JobGroupName": draft.name,
        "JobGroupDescription": draft.description,
        "CreationTime": campaign.created_at.0,
        "ModifyTime": campaign.updated_at.0.to_string(),
        "Status": status(campaign, progress, now),
        "CallingNumbers": digits(&draft.callers),
        "RecallCallingNumbers": digits(&draft.recall_callers),
        "MinConcurrency": note(draft, "MinConcurrency").as_i64().unwrap_or_default(),
        "Priority": if draft.is_urgent { "Urgent" } else { "Daily" },
        "RingingDuration": draft.ring_time_max.map(|time| time.as_secs()),
        "ScenarioId": script,
        "ScriptId": script,
        "ScriptName": note(draft, "ScriptName"),
        "ScriptVersion": "",
        "ScriptNluEngine": "",
        "Strategy": strategy_of(draft),
        "RecallStrategy": recall_of(draft),
    })
}

fn listed(campaign: &Campaign, progress: &CampaignProgress, now: UnixMs) -> Value {
    let mut group = shown(campaign, progress, now);
    group["Progress"] = json!({
        "TotalJobs": progress.total(),
        "Scheduling": progress.waiting,
        "ExecutingNum": progress.dialing,
        "PausedNum": progress.paused,
        "FailedNum": progress.failed,
        "CancelledNum": progress.canceled,
        "TotalCompleted": progress.settled(),
        "TotalNotAnswered": progress.failed,
        "StartTime": campaign.created_at.0,
        "Duration": now.since(campaign.created_at).as_secs(),
        "Status": group["Status"],
    });
    group
}

/// The vendor's status, which tells more than our state.
fn status(campaign: &Campaign, progress: &CampaignProgress, now: UnixMs) -> &'static str {
    match campaign.state {
        CampaignState::Paused => "Paused",
        CampaignState::Completed => "Completed",
        CampaignState::Canceled => "Cancelled",
        CampaignState::Running if progress.total() == 0 => "Draft",
        CampaignState::Running => {
            let is_early = campaign
                .settings
                .schedule
                .from
                .is_some_and(|from| now < from);
            let has_begun = progress.dialing + progress.reached + progress.failed > 0;
            if has_begun && !is_early {
                "Executing"
            } else {
                "Scheduling"
            }
        }
    }
}

fn pacing(min_concurrency: i64) -> Pacing {
    let n = min_concurrency.max(AT_ONCE);
    Pacing::AtOnce(u32::try_from(n).expect("it is checked to be small"))
}

fn named(field: &str, name: String) -> Result<String, Fault> {
    short(field, &name, NAME_MAX)?;
    if name.trim().is_empty() {
        return Err(Fault::missing(field));
    }
    Ok(name)
}

pub(super) fn numbers(field: &str, texts: &[String], country: &str) -> Result<Vec<E164>, Fault> {
    if texts.len() > 100 {
        return Err(Fault::invalid(field, "it has 100 numbers at most"));
    }
    let number = |text: &String| {
        E164::parse(text, country)
            .map_err(|_| Fault::invalid(field, "it holds no telephone number"))
    };
    texts.iter().map(number).collect()
}

/// A value that is kept beside a campaign.
fn note(draft: &CampaignDraft, name: &str) -> Value {
    let mut notes: Value = serde_json::from_str(&draft.notes).unwrap_or_default();
    notes.get_mut(name).map(Value::take).unwrap_or_default()
}

fn set_note(draft: &mut CampaignDraft, name: &str, value: Value) {
    let mut notes: Value = serde_json::from_str(&draft.notes).unwrap_or_else(|_| json!({}));
    notes[name] = value;
    draft.notes = notes.to_string();
}

/// A list that some clients send as one JSON text.
pub(super) fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    use serde::de::Error as _;
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(Vec::new()),
        Value::String(text) if text.is_empty() => Ok(Vec::new()),
        Value::String(text) => {
            let items: Vec<Value> = serde_json::from_str(&text).map_err(D::Error::custom)?;
            Ok(items.into_iter().map(plain).collect())
        }
        Value::Array(items) => Ok(items.into_iter().map(plain).collect()),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
            Err(D::Error::custom("expected a list"))
        }
    }
}

fn plain(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
