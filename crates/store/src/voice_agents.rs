//! Voice agents.

use model::{TenantId, UnixMs, VoiceAgent, VoiceAgentDraft, VoiceAgentId};
use sqlx::{AnyConnection, any::AnyRow};

use crate::{
    Page, Paging, Store, StoreError,
    codec::{names_of, names_text},
    listing::Listing,
    statement::{Columns as _, sql},
    store::{commit, next_id},
    voice_agent_versions,
};

impl Store {
    /// Adds a voice agent as version 1.
    pub async fn create_voice_agent(
        &self,
        tenant: TenantId,
        draft: &VoiceAgentDraft,
        now: UnixMs,
    ) -> Result<VoiceAgent, StoreError> {
        let mut tx = self.begin().await?;
        let id = insert(&mut tx, tenant, draft, now).await?;
        commit(tx).await?;
        Ok(VoiceAgent {
            id,
            tenant,
            settings: draft.clone(),
            version: 1,
            created_at: now,
            updated_at: now,
        })
    }

    /// The tenant's voice agent with this id.
    pub async fn voice_agent(
        &self,
        tenant: TenantId,
        id: VoiceAgentId,
    ) -> Result<VoiceAgent, StoreError> {
        let row = sql(
            "SELECT id, tenant, name, definition, variable_names, version, created_at, \
             updated_at FROM voice_agent WHERE id = $1 AND tenant = $2",
        )
        .bind(id.0)
        .bind(tenant.0)
        .found(&mut *self.reader().await?, "voice agent")
        .await?;
        voice_agent_of(&row)
    }

    /// The tenant's voice agents by id.
    pub async fn voice_agents(
        &self,
        tenant: TenantId,
        paging: Paging,
    ) -> Result<Page<VoiceAgent>, StoreError> {
        let (rows, total) = Listing::of("voice_agent")
            .and("tenant =", tenant.0)
            .page(
                &mut *self.reader().await?,
                "id, tenant, name, definition, variable_names, version, created_at, updated_at",
                "id",
                paging,
            )
            .await?;
        Ok(Page {
            items: rows.iter().map(voice_agent_of).collect::<Result<_, _>>()?,
            total,
        })
    }

    /// Replaces the settings if the version is still `expected`, which then grows by one;
    /// otherwise [`StoreError::Conflict`].
    pub async fn update_voice_agent(
        &self,
        tenant: TenantId,
        id: VoiceAgentId,
        expected: i64,
        draft: &VoiceAgentDraft,
        now: UnixMs,
    ) -> Result<VoiceAgent, StoreError> {
        let mut tx = self.begin().await?;
        let changed = replace(&mut tx, tenant, id, expected, draft, now).await?;
        commit(tx).await?;
        Ok(changed)
    }

    /// Removes a voice agent; a conflict while a number is answered by it.
    pub async fn remove_voice_agent(
        &self,
        tenant: TenantId,
        id: VoiceAgentId,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        delete(&mut tx, tenant, id).await?;
        commit(tx).await
    }
}

pub(crate) async fn insert(
    tx: &mut AnyConnection,
    tenant: TenantId,
    draft: &VoiceAgentDraft,
    now: UnixMs,
) -> Result<VoiceAgentId, StoreError> {
    let id = VoiceAgentId(next_id(&mut *tx, "voice_agent").await?);
    sql(
        "INSERT INTO voice_agent (id, tenant, name, definition, variable_names, version, \
         created_at, updated_at) VALUES ($1, $2, $3, $4, $5, 1, $6, $6)",
    )
    .bind(id.0)
    .bind(tenant.0)
    .bind(draft.name.as_str())
    .bind(draft.definition.as_str())
    .bind(names_text(&draft.variable_names))
    .bind(now.0)
    .run(&mut *tx)
    .await?;
    voice_agent_versions::keep(tx, id, 1, draft, now).await?;
    Ok(id)
}

/// As [`Store::update_voice_agent`].
pub(crate) async fn replace(
    tx: &mut AnyConnection,
    tenant: TenantId,
    id: VoiceAgentId,
    expected: i64,
    draft: &VoiceAgentDraft,
    now: UnixMs,
) -> Result<VoiceAgent, StoreError> {
    let row = sql(
        "UPDATE voice_agent SET name = $4, definition = $5, variable_names = $6, \
         updated_at = $7, version = version + 1 \
         WHERE id = $1 AND tenant = $2 AND version = $3 \
         RETURNING id, tenant, name, definition, variable_names, version, created_at, \
         updated_at",
    )
    .bind(id.0)
    .bind(tenant.0)
    .bind(expected)
    .bind(draft.name.as_str())
    .bind(draft.definition.as_str())
    .bind(names_text(&draft.variable_names))
    .bind(now.0)
    .row(&mut *tx)
    .await?;
    let Some(row) = row else {
        let row = sql("SELECT version FROM voice_agent WHERE id = $1 AND tenant = $2")
            .bind(id.0)
            .bind(tenant.0)
            .found(&mut *tx, "voice agent")
            .await?;
        let version = row.int("version")?;
        return Err(StoreError::Conflict {
            what: format!("voice agent is at version {version}, not {expected}"),
        });
    };
    let changed = voice_agent_of(&row)?;
    voice_agent_versions::keep(tx, id, changed.version, draft, now).await?;
    Ok(changed)
}

/// As [`Store::remove_voice_agent`].
pub(crate) async fn delete(
    tx: &mut AnyConnection,
    tenant: TenantId,
    id: VoiceAgentId,
) -> Result<(), StoreError> {
    sql("DELETE FROM voice_agent WHERE id = $1 AND tenant = $2")
        .bind(id.0)
        .bind(tenant.0)
        .change(&mut *tx, "voice agent")
        .await?;
    voice_agent_versions::forget(&mut *tx, id).await?;
    let n_numbers = sql("SELECT COUNT(*) FROM trunk_number WHERE inbound_agent = $1")
        .bind(id.0)
        .number(&mut *tx)
        .await?;
    if n_numbers > 0 {
        return Err(StoreError::Conflict {
            what: "the voice agent answers a number".into(),
        });
    }
    Ok(())
}

/// A row with these columns as a voice agent.
pub(crate) fn voice_agent_of(row: &AnyRow) -> Result<VoiceAgent, StoreError> {
    Ok(VoiceAgent {
        id: VoiceAgentId(row.int("id")?),
        tenant: TenantId(row.int("tenant")?),
        settings: VoiceAgentDraft {
            name: row.text("name")?,
            definition: row.text("definition")?,
            variable_names: names_of(&row.text("variable_names")?)?,
        },
        version: row.int("version")?,
        created_at: UnixMs(row.int("created_at")?),
        updated_at: UnixMs(row.int("updated_at")?),
    })
}
