//! What happened in a call with a voice agent: `DescribeAILatency` and
//! `DescribeAICallInteractionRecords`.

mod interaction;
mod latency;

use api::kernel::{Action, Entry, Reached};
use model::{Call, CallId, Stamped, UnixMs};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    Ccc, Context,
    code::{self, SESSION_NOT_EXISTS},
    session_id::call_id,
    time_window::TimeWindow,
};
use crate::fault::Fault;
use interaction::AiCallInteractionRound;
use latency::{AiLatencyDetail, AiLatencyStatistics};

pub(super) static ACTIONS: &[Entry<Ccc>] = &[
    Entry::of::<DescribeAiLatency>(),
    Entry::of::<DescribeAiCallInteractionRecords>(),
];

/// Events of one call that are read: more than a conversation of a day has.
pub(super) const EVENTS_MAX: u32 = 20_000;

/// How long each reply of a call took.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeAiLatency {
    session_id: String,
    start_time: i64,
    end_time: i64,
}

#[derive(Serialize)]
struct DescribeAiLatencyResponse {
    #[serde(rename = "AILatencyDetail")]
    detail: Vec<AiLatencyDetail>,
    #[serde(rename = "AILatencyStatistics")]
    statistics: AiLatencyStatistics,
}

impl Action for DescribeAiLatency {
    type Dialect = Ccc;
    type Response = DescribeAiLatencyResponse;
    const NAME: &'static str = "DescribeAILatency";
    const REFUSALS: &'static [Reached] = WINDOW_REFUSALS;

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let window = window(self.start_time, self.end_time, context.app.now())?;
        let (call, events) = story(&context, &self.session_id, Some(window)).await?;
        let detail = latency::details(&call.id, &events);
        Ok(DescribeAiLatencyResponse {
            statistics: AiLatencyStatistics::of(&detail),
            detail,
        })
    }
}

/// What was said in a call, round by round.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeAiCallInteractionRecords {
    session_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeAiCallInteractionRecordsResponse {
    interaction_event_list: Vec<AiCallInteractionRound>,
}

impl Action for DescribeAiCallInteractionRecords {
    type Dialect = Ccc;
    type Response = DescribeAiCallInteractionRecordsResponse;
    const NAME: &'static str = "DescribeAICallInteractionRecords";
    const REFUSALS: &'static [Reached] = &[Reached {
        code: SESSION_NOT_EXISTS,
        when: "the instance has no call with this `SessionId`",
    }];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let (call, events) = story(&context, &self.session_id, None).await?;
        Ok(DescribeAiCallInteractionRecordsResponse {
            interaction_event_list: interaction::rounds(&call.id, &events),
        })
    }
}

/// Refusals of actions that look for one call in a window.
pub(super) const WINDOW_REFUSALS: &[Reached] = &[
    Reached {
        code: SESSION_NOT_EXISTS,
        when: "the instance has no call with this `SessionId` that began in the window",
    },
    Reached {
        code: "InvalidParameterValue",
        when: "the window is more than 180 days back, 90 days long or longer, or backwards",
    },
];

/// The window of `StartTime` and `EndTime`.
pub(super) fn window(start: i64, end: i64, now: UnixMs) -> Result<TimeWindow, Fault> {
    TimeWindow::parse(("StartTime", start), ("EndTime", end), now)
}

/// A call with its events. One that runs has those that happened so far.
pub(super) async fn story(
    context: &Context,
    session_id: &str,
    window: Option<TimeWindow>,
) -> Result<(Call, Vec<Stamped>), Fault> {
    let store = context.app.store();
    let call = store.call(context.tenant.id, &call_id(session_id)).await?;
    if window.is_some_and(|window| !window.holds(call.started_at)) {
        return Err(code::of(&model::Refusal::CallNotFound));
    }
    let events = store.events(&call.id, 0, EVENTS_MAX).await?;
    Ok((call, events))
}

/// A UUID (RFC 9562 version 8) that follows from a call and a number in it.
fn round_id(call: &CallId, n: u32) -> String {
    let digest = Sha256::digest(format!("{call}/round/{n}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    let id = uuid::Builder::from_custom_bytes(bytes).into_uuid();
    id.to_string()
}
