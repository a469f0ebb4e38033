//! What voice agents were, version by version.
//!
//! # Invariants
//!
//! - A version is written in the transaction that makes it the present one, and never changed.
//! - Of each voice agent the latest [`VERSIONS_MAX`] are kept, the present one among them.

use model::{TenantId, UnixMs, VoiceAgent, VoiceAgentDraft, VoiceAgentId};
use sqlx::AnyConnection;

use crate::{
    Page, Paging, Store, StoreError,
    codec::names_text,
    listing::Listing,
    statement::{Columns as _, sql},
    voice_agents::voice_agent_of,
};

/// Versions that are kept of each voice agent.
const VERSIONS_MAX: i64 = 200;

/// A version in a list, without its definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedVersion {
    /// Counts from 1.
    pub version: i64,
    /// The agent's name in it.
    pub name: String,
    /// When it was saved.
    pub saved_at: UnixMs,
}

impl Store {
    /// The versions of a voice agent that are kept, newest first.
    pub async fn voice_agent_versions(
        &self,
        tenant: TenantId,
        id: VoiceAgentId,
        paging: Paging,
    ) -> Result<Page<SavedVersion>, StoreError> {
        let mut reader = self.reader().await?;
        sql("SELECT id FROM voice_agent WHERE id = $1 AND tenant = $2")
            .bind(id.0)
            .bind(tenant.0)
            .found(&mut reader, "voice agent")
            .await?;
        let (rows, total) = Listing::of("voice_agent_version")
            .and("agent =", id.0)
            .page(
                &mut reader,
                "version, name, saved_at",
                "version DESC",
                paging,
            )
            .await?;
        let items = rows.iter().map(|row| {
            Ok(SavedVersion {
                version: row.int("version")?,
                name: row.text("name")?,
                saved_at: UnixMs(row.int("saved_at")?),
            })
        });
        Ok(Page {
            items: items.collect::<Result<_, StoreError>>()?,
            total,
        })
    }

    /// A voice agent as it was in this version; `updated_at` is when that was saved.
    pub async fn voice_agent_version(
        &self,
        tenant: TenantId,
        id: VoiceAgentId,
        version: i64,
    ) -> Result<VoiceAgent, StoreError> {
        let row = sql(
            "SELECT a.id AS id, a.tenant AS tenant, v.name AS name, v.definition AS definition, \
             v.variable_names AS variable_names, v.version AS version, \
             a.created_at AS created_at, v.saved_at AS updated_at \
             FROM voice_agent_version v JOIN voice_agent a ON a.id = v.agent \
             WHERE a.id = $1 AND a.tenant = $2 AND v.version = $3",
        )
        .bind(id.0)
        .bind(tenant.0)
        .bind(version)
        .found(&mut *self.reader().await?, "version")
        .await?;
        voice_agent_of(&row)
    }
}

/// Keeps what a voice agent has just become; the oldest version goes if there are too many.
pub(crate) async fn keep(
    tx: &mut AnyConnection,
    id: VoiceAgentId,
    version: i64,
    draft: &VoiceAgentDraft,
    now: UnixMs,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO voice_agent_version (agent, version, name, definition, variable_names, \
         saved_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id.0)
    .bind(version)
    .bind(draft.name.as_str())
    .bind(draft.definition.as_str())
    .bind(names_text(&draft.variable_names))
    .bind(now.0)
    .run(&mut *tx)
    .await?;
    sql("DELETE FROM voice_agent_version WHERE agent = $1 AND version <= $2")
        .bind(id.0)
        .bind(version - VERSIONS_MAX)
        .run(tx)
        .await?;
    Ok(())
}

/// Forgets the versions of a voice agent that is removed.
pub(crate) async fn forget(tx: &mut AnyConnection, id: VoiceAgentId) -> Result<(), StoreError> {
    sql("DELETE FROM voice_agent_version WHERE agent = $1")
        .bind(id.0)
        .run(tx)
        .await?;
    Ok(())
}
