//! The two voices of a call as outlines, for waveforms that decode no sound.

use axum::{Json, extract::State};
use model::{CallId, Permission};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    admit::Caller,
    calls::found,
    context::Native,
    field::{Int, Time},
    problem::Problem,
    read::{Ask, PathText},
    table::{Row, get},
};

/// Levels in one second where the request does not say.
const LEVELS_PER_SECOND: Int<1, 50> = Int(25);

/// How fine the outline is to be.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OutlineAsk {
    /// Levels in one second, 25 if absent. Long calls get fewer, so that a voice has at most
    /// 20,000.
    levels_per_second: Option<Int<1, 50>>,
}

/// The two voices of a call, as loud as they were.
#[derive(Serialize, JsonSchema)]
pub(super) struct OutlineView {
    /// The call.
    call: String,
    /// Wall time of the first level: the beginning of the recording.
    started_at: Time,
    /// Length of the recording so far.
    duration_ms: u64,
    /// Levels in one second.
    levels_per_second: u32,
    /// Loudness of the person, 0 to 255: the largest amplitude in each stretch.
    user: Vec<u8>,
    /// Loudness of what we sent.
    agent: Vec<u8>,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        get(
            "/api/v1/calls/{id}/outline",
            "Give the outlines of a call's two voices, also while it runs",
            show,
        )
        .needs(Permission::ReadCalls)
        .asks::<OutlineAsk>()
        .gives::<OutlineView>(),
    ]
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<OutlineAsk>,
) -> Result<Json<OutlineView>, Problem> {
    let CallId(call) = found(&native, caller, id).await?.id;
    let levels_per_second = ask.levels_per_second.unwrap_or(LEVELS_PER_SECOND).as_u32();
    let outline = native
        .app()
        .call_outline(&CallId(call.clone()), levels_per_second)
        .await?
        .ok_or_else(|| Problem::not_found("recording"))?;
    Ok(Json(OutlineView {
        call,
        started_at: Time(outline.started_at),
        duration_ms: outline.len_ms,
        levels_per_second: outline.levels_per_second,
        user: outline.user,
        agent: outline.agent,
    }))
}
