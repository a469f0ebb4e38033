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
use store::{CampaignFilter, StoreError};

use super::{
    Context, OutboundBot,
    dialogue::{NAME_MAX, short},
    group_list::every_group,
    strategy::{apply_recall, apply_strategy, recall_of, strategy_of},
};
use crate::{envelope::full, fault::Fault};

pub(super) static ACTIONS: &[Entry<OutboundBot>] = &[
    Entry::of::<CreateJobGroup>(),
    Entry::of::<DescribeJobGroup>(),
    Entry::of::<ModifyJobGroup>(),
    Entry::of::<DeleteJobGroup>(),
    Entry::of::<DescribeGroupExecutingInfo>(),
];

/// Calls at once of a group that guarantees itself fewer.
const AT_ONCE: i64 = 10;

/// The vendor's default ringing time.
const RINGING_SECOND: i64 = 25;

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
const BAD_MINIMUM: Reached = Reached {
    code: "InvalidMinConcurrency",
    when: "it is not 0 to 1000, or the groups of its priority would be promised more calls at once than the instance has",
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
            draft.reserved = u32::try_from(n).expect("it is checked to be small");
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
    const REFUSALS: &'static [Reached] =
        &[NO_SCRIPT, BAD_STRATEGY, BAD_RECALL, BAD_NUMBER, BAD_MINIMUM];

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
            reserved: 0,
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
        promised(&context, &draft, None).await?;
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
        BAD_MINIMUM,
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
        promised(&context, &draft, Some(&present.id)).await?;
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

/// Refuses a promise of calls at once that the instance cannot keep beside those that it has given
/// to other groups of the same priority.
async fn promised(
    context: &Context,
    draft: &CampaignDraft,
    changed: Option<&CampaignId>,
) -> Result<(), Fault> {
    if draft.reserved == 0 {
        return Ok(());
    }
    let (app, tenant) = (context.app(), context.tenant_id()?);
    let Some(limit) = app.campaign_calls_max(tenant).await? else {
        return Ok(());
    };
    let mut promised = i64::from(draft.reserved);
    for state in [CampaignState::Running, CampaignState::Paused] {
        let filter = CampaignFilter {
            state: Some(state),
            ..CampaignFilter::default()
        };
        let others = every_group(context, &filter).await?;
        promised += others
            .iter()
            .filter(|other| Some(&other.id) != changed)
            .filter(|other| other.settings.is_urgent == draft.is_urgent)
            .map(|other| i64::from(other.settings.reserved))
            .sum::<i64>();
    }
    if promised > limit {
        let why = format!("with the other groups {promised} calls of {limit} would be promised");
        return Err(Fault::invalid("MinConcurrency", &why));
    }
    Ok(())
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

pub(super) fn shown(campaign: &Campaign, progress: &CampaignProgress, now: UnixMs) -> Value {
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
        "MinConcurrency": draft.reserved,
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

/// The vendor's status, which tells more than our state.
pub(super) fn status(
    campaign: &Campaign,
    progress: &CampaignProgress,
    now: UnixMs,
) -> &'static str {
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
