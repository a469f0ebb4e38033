//! Tasks: calls of our own and conversations of our robots, by the id that both sides know.
//!
//! A `TaskId` is the id of a call, or the task that another centre named in `Dialogue`.

use api::kernel::{Action, Entry, Reached};
use model::{CallEvent, CallId, UnixMs};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{AttemptFilter, AttemptOrder, DialogueFilter, Paging, StoreError};

use super::{Context, OutboundBot, job_view, status::end_reason};
use crate::{envelope::full, fault::Fault};

pub(super) static ACTIONS: &[Entry<OutboundBot>] = &[
    Entry::of::<GetTaskByUuid>(),
    Entry::of::<TerminateCall>(),
    Entry::of::<DownloadRecording>(),
];

/// Most events of one call that are shown.
const EVENTS_MAX: u32 = 10_000;

const NO_TASK: Reached = Reached {
    code: "NotExist.Task",
    when: "the instance has neither a call nor a conversation with this id",
};

/// One turn of a transcript.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Said {
    action: &'static str,
    script: String,
    sequence_id: String,
    speaker: &'static str,
    timestamp: i64,
}

impl Said {
    fn by_robot(action: &'static str, script: String, n: i64, at: UnixMs) -> Self {
        Self {
            action,
            script,
            sequence_id: format!("{n}-2"),
            speaker: "Robot",
            timestamp: at.0,
        }
    }

    fn by_contact(action: &'static str, script: String, n: i64, at: UnixMs) -> Self {
        Self {
            action,
            script,
            sequence_id: format!("{n}-1"),
            speaker: "Contact",
            timestamp: at.0,
        }
    }
}

/// One call, or one conversation of a robot.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetTaskByUuid {
    instance_id: String,
    task_id: String,
    #[serde(default)]
    with_conversations: bool,
}

impl Action for GetTaskByUuid {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "GetTaskByUuid";
    const REFUSALS: &'static [Reached] = &[NO_TASK];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let id = CallId(self.task_id.clone());
        let store = context.app().store();
        let mut task = match store.call(context.tenant_id()?, &id).await {
            Ok(call) => json!({
                "CallId": call.id.as_str(),
                "CalledNumber": call.callee.to_string(),
                "CallingNumber": call.caller.to_string(),
                "ActualTime": call.started_at.0,
                "PlannedTime": call.started_at.0,
                "EndTime": call.ended_at.map(|at| at.0),
                "EndReason": end_reason(&call).map(|reason| reason.name),
                "Conversations": if self.with_conversations {
                    spoken(&context, &id).await?
                } else {
                    Vec::new()
                },
            }),
            Err(StoreError::NotFound { .. }) => self.conversation(&context).await?,
            Err(error) => return Err(error.into()),
        };
        if let Some(attempt) = attempt(&context, &id).await? {
            task["JobId"] = json!(attempt.contact.as_str());
            task["JobGroupId"] = json!(attempt.campaign.as_str());
            task["PlannedTime"] = json!(attempt.planned_at.0);
        }
        task["Id"] = json!(self.task_id);
        task["InstanceId"] = json!(self.instance_id);
        Ok(full(json!({"Task": task})))
    }
}

impl GetTaskByUuid {
    /// The newest conversation of this task.
    async fn conversation(&self, context: &Context) -> Result<Value, Fault> {
        let store = context.app().store();
        let filter = DialogueFilter {
            task: Some(self.task_id.clone()),
            ..DialogueFilter::default()
        };
        let page = store
            .dialogues(context.tenant_id()?, &filter, Paging::first(1))
            .await?;
        let dialogue = page
            .items
            .into_iter()
            .next()
            .ok_or_else(|| Fault::not_exist("Task"))?;
        let mut said = Vec::new();
        if self.with_conversations {
            for turn in store.dialogue_turns(&dialogue.id).await? {
                let heard = heard(&turn.kind, turn.n);
                said.push(Said::by_contact(heard, turn.heard, turn.n, turn.at));
                said.push(Said::by_robot(act(&turn.act), turn.said, turn.n, turn.at));
            }
        }
        Ok(json!({
            "CallId": dialogue.name,
            "CalledNumber": dialogue.callee,
            "CallingNumber": dialogue.caller,
            "ActualTime": dialogue.began_at.0,
            "PlannedTime": dialogue.began_at.0,
            "EndTime": dialogue.ended_at.map(|at| at.0),
            "Conversations": said,
        }))
    }
}

/// The dial attempt of a campaign that a call was.
async fn attempt(context: &Context, id: &CallId) -> Result<Option<model::DialAttempt>, Fault> {
    let filter = AttemptFilter {
        ids: vec![id.clone()],
        ..AttemptFilter::default()
    };
    let (tasks, _) =
        job_view::tasks(context, &filter, AttemptOrder::default(), Paging::first(1)).await?;
    Ok(tasks.into_iter().next().map(|task| task.attempt))
}

/// What was said on a call of ours.
pub(super) async fn spoken(context: &Context, id: &CallId) -> Result<Vec<Said>, Fault> {
    let events = context.app().store().events(id, 0, EVENTS_MAX).await?;
    let said = events.into_iter().filter_map(|stamped| {
        let (n, at) = (stamped.n, stamped.at);
        match stamped.event {
            CallEvent::AgentSaid { heard, .. } => Some(Said::by_robot("Broadcast", heard, n, at)),
            CallEvent::CallerSaid { text, .. } => Some(Said::by_contact("Dialogue", text, n, at)),
            CallEvent::DigitsPressed { digits } => {
                Some(Said::by_contact("CollectedNumber", digits, n, at))
            }
            CallEvent::NoInput => Some(Said::by_contact("SilenceTimeout", String::new(), n, at)),
            CallEvent::Requested { .. }
            | CallEvent::ConversationJoined { .. }
            | CallEvent::Diverted { .. }
            | CallEvent::Carried { .. }
            | CallEvent::UserDataCame { .. }
            | CallEvent::RuleChecked { .. }
            | CallEvent::Dialed { .. }
            | CallEvent::Rerouted { .. }
            | CallEvent::Rang { .. }
            | CallEvent::Answered { .. }
            | CallEvent::ReplyTimed(_)
            | CallEvent::Thought(_)
            | CallEvent::SoundStarted { .. }
            | CallEvent::SoundEnded { .. }
            | CallEvent::TransferRequested { .. }
            | CallEvent::Queued { .. }
            | CallEvent::Offered(_)
            | CallEvent::OfferRang
            | CallEvent::Served { .. }
            | CallEvent::ServingEnded { .. }
            | CallEvent::TransferFailed { .. }
            | CallEvent::AgentChanged(_)
            | CallEvent::HoldChanged { .. }
            | CallEvent::Party(_)
            | CallEvent::Referral(_)
            | CallEvent::HangUpRequested { .. }
            | CallEvent::Ended { .. }
            | CallEvent::RecordingReady(_)
            | CallEvent::FalseInterruption
            | CallEvent::AnswererFound { .. }
            | CallEvent::Instructed(_)
            | CallEvent::Reviewed(_)
            | CallEvent::ReviewFailed { .. }
            | CallEvent::RecordingFailed { .. }
            | CallEvent::RecordingCopied { .. } => None,
        }
    });
    Ok(said.collect())
}

/// The vendor's name of what happened in the `n`th turn. A first one without words begins the
/// conversation, whatever the caller of `Dialogue` has named it.
fn heard(kind: &str, n: i64) -> &'static str {
    match kind {
        "begins" => "BeginDialogue",
        "silent" if n == 1 => "BeginDialogue",
        "pressed" => "CollectedNumber",
        "silent" => "SilenceTimeout",
        "cut" => "AbortDialogue",
        "failed" => "Error",
        "ended" => "EndDialogue",
        _ => "Dialogue",
    }
}

/// The vendor's name of what the robot did.
fn act(act: &str) -> &'static str {
    match act.split(' ').next().unwrap_or_default() {
        "hang_up" => "HangUp",
        "transfer" => "TransferToAgent",
        "collect" => "CollectNumber",
        _ => "Broadcast",
    }
}

/// Ends a call of ours.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TerminateCall {
    call_id: String,
}

impl Action for TerminateCall {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "TerminateCall";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "NotExist.Call",
            when: "the instance has no call with this id",
        },
        Reached {
            code: "InvalidCallId",
            when: "the call has ended",
        },
    ];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let tenant = context.tenant_id()?;
        let call = CallId(self.call_id);
        context.app().hang_up(tenant, &call, "api").await?;
        Ok(full(json!({})))
    }
}

/// The address of the caller's track of a call.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DownloadRecording {
    task_id: String,
}

impl Action for DownloadRecording {
    type Dialect = OutboundBot;
    type Response = Value;
    const NAME: &'static str = "DownloadRecording";
    const REFUSALS: &'static [Reached] = &[
        NO_TASK,
        Reached {
            code: "NotExist.Recording",
            when: "the call was not recorded, or its tracks are not rendered yet",
        },
    ];

    async fn run(self, context: Context) -> Result<Value, Fault> {
        let store = context.app().store();
        let id = CallId(self.task_id);
        let call = match store.call(context.tenant_id()?, &id).await {
            Ok(call) => call,
            Err(StoreError::NotFound { .. }) => return Err(Fault::not_exist("Task")),
            Err(error) => return Err(error.into()),
        };
        let (first, _) = call
            .recordings
            .split_first()
            .ok_or_else(|| Fault::not_exist("Recording"))?;
        let tracks: Vec<Value> = call
            .recordings
            .iter()
            .map(|track| json!({"track": track.track.name(), "url": context.app().recording_url(track)}))
            .collect();
        Ok(full(json!({"DownloadParams": {
            "FileName": first.file_name,
            "SignatureUrl": context.app().recording_url(first),
            "EarlyMediaSignatureUrl": "",
            "VoiceSliceRecordingListJson": Value::from(tracks).to_string(),
        }})))
    }
}
