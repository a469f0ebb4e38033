//! What voice agents were: their versions, to be looked at, compared and brought back.
//!
//! Bringing a version back makes a new one that says the same: nothing that was is taken away.

use axum::{Json, extract::State, http::HeaderMap};
use model::{Permission, VoiceAgentId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::SavedVersion;

use super::{
    admit::Caller,
    context::Native,
    field::{Int, Time},
    page::{InstanceAsk, InstancePageAsk, PageView, paging},
    problem::{Kind, Problem},
    read::{Ask, Body, PathId, PathIds},
    table::{Row, get, post},
    voice_agents::{
        Tagged, VoiceAgentBody, VoiceAgentView, definition_of, expected_version, replace, tagged,
    },
};

/// A version of a voice agent.
#[derive(Serialize, JsonSchema)]
pub(super) struct VersionView {
    /// Counts from 1.
    version: i64,
    /// The agent's name in it.
    name: String,
    /// When it was saved.
    saved_at: Time,
}

/// What is to be replaced.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RestoreBody {
    /// The version that is the present one; the header `If-Match` says the same.
    version: Option<Int<1, { i64::MAX }>>,
}

pub(super) fn rows() -> Vec<Row> {
    const ALL: &str = "/api/v1/voice-agents/{id}/versions";
    const ONE: &str = "/api/v1/voice-agents/{id}/versions/{version}";
    vec![
        get(
            ALL,
            "List the versions of a voice agent, newest first; the latest 200 are kept",
            list,
        )
        .needs(Permission::ReadDesign)
        .asks::<InstancePageAsk>()
        .gives::<PageView<VersionView>>(),
        get(ONE, "Show a voice agent as it was in a version", show)
            .needs(Permission::ReadDesign)
            .asks::<InstanceAsk>()
            .gives::<VoiceAgentView>(),
        post(
            "/api/v1/voice-agents/{id}/versions/{version}/restore",
            "Bring a version back, as a new one, if nobody else has saved meanwhile",
            restore,
        )
        .needs(Permission::Design)
        .asks::<InstanceAsk>()
        .takes::<RestoreBody>()
        .gives::<VoiceAgentView>()
        .status(axum::http::StatusCode::OK)
        .refuses(&[Kind::VersionMismatch]),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstancePageAsk>,
) -> Result<Json<PageView<VersionView>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let paging = paging(ask.offset, ask.limit);
    let page = native
        .store()
        .voice_agent_versions(tenant, VoiceAgentId(id), paging)
        .await?;
    Ok(Json(PageView::of(page, |saved: SavedVersion| {
        VersionView {
            version: saved.version,
            name: saved.name,
            saved_at: Time(saved.saved_at),
        }
    })))
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathIds(id, version): PathIds,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Tagged, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let store = native.store();
    let was = store.voice_agent_version(tenant, VoiceAgentId(id), version);
    tagged(&was.await?)
}

async fn restore(
    State(native): State<Native>,
    caller: Caller,
    PathIds(id, version): PathIds,
    Ask(ask): Ask<InstanceAsk>,
    headers: HeaderMap,
    Body(body): Body<RestoreBody>,
) -> Result<Tagged, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let id = VoiceAgentId(id);
    let expected = expected_version(&headers, body.version.map(|version| version.0))?;
    let was = native
        .store()
        .voice_agent_version(tenant, id, version)
        .await?;
    // Checked anew: what it names may be gone.
    let body = VoiceAgentBody {
        definition: definition_of(&was)?,
        name: was.settings.name.into(),
        version: None,
    };
    replace(&native, caller, (tenant, id), expected, body).await
}
