//! Which voice agent a request means.
//!
//! Callers bring the names that their cloud gave them, which nobody here has heard of. So names
//! are tried in turn, then the tenant's default robot, then its only voice agent: whoever moves one
//! robot here changes nothing but the endpoint.

use model::{TenantId, VoiceAgent, VoiceAgentId};
use store::{Paging, Store, StoreError};
use voice::dialogue::Profile;

use super::DialogueFault;
use crate::agent_document::{self, Parsed};

/// Names that may mean a voice agent, the best first: names of robots, or ids of voice agents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(Vec<String>);

/// A voice agent that was found.
pub(super) struct Found {
    pub agent: VoiceAgent,
    pub profile: Profile,
    pub parsed: Parsed,
}

impl Names {
    /// The names that are not empty.
    pub fn of<'a>(names: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let given = names.into_iter().flatten().filter(|name| !name.is_empty());
        Self(given.map(str::to_owned).collect())
    }
}

/// The voice agent that `names` mean to `tenant`.
pub(super) async fn robot(
    store: &Store,
    tenant: TenantId,
    names: &Names,
) -> Result<Found, DialogueFault> {
    // The empty name is that of the default.
    let given = names.0.iter().map(String::as_str).chain([""]);
    let (agent, profile) = match named(store, tenant, given).await? {
        Some(found) => found,
        None => only(store, tenant).await?.ok_or(DialogueFault::NoRobot)?,
    };
    let parsed = agent_document::parse(&agent.settings.definition).map_err(|fault| {
        DialogueFault::Internal(anyhow::anyhow!("stored voice agent {}: {fault}", agent.id))
    })?;
    Ok(Found {
        agent,
        profile,
        parsed,
    })
}

/// The voice agent that one of `names` means; no default counts.
pub(super) async fn by_name(
    store: &Store,
    tenant: TenantId,
    names: &Names,
) -> Result<Option<VoiceAgent>, DialogueFault> {
    let given = names.0.iter().map(String::as_str);
    Ok(named(store, tenant, given).await?.map(|(agent, _)| agent))
}

async fn named(
    store: &Store,
    tenant: TenantId,
    names: impl Iterator<Item = &str>,
) -> Result<Option<(VoiceAgent, Profile)>, DialogueFault> {
    for name in names {
        if let Some(robot) = present(store.robot(tenant, name).await)? {
            let profile = Profile::by_name(&robot.profile).unwrap_or_default();
            let agent = store.voice_agent(tenant, robot.voice_agent).await;
            if let Some(agent) = present(agent)? {
                return Ok(Some((agent, profile)));
            }
        }
        let Ok(id) = name.parse().map(VoiceAgentId) else {
            continue;
        };
        if let Some(agent) = present(store.voice_agent(tenant, id).await)? {
            return Ok(Some((agent, Profile::default())));
        }
    }
    Ok(None)
}

async fn only(
    store: &Store,
    tenant: TenantId,
) -> Result<Option<(VoiceAgent, Profile)>, DialogueFault> {
    let mut page = store.voice_agents(tenant, Paging::first(1)).await?;
    Ok(match (page.total, page.items.pop()) {
        (1, Some(agent)) => Some((agent, Profile::default())),
        _ => None,
    })
}

fn present<T>(found: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
