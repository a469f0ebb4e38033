//! What another dialect keeps of voice agents before and beside their publication, and the answers
//! that it fetches later.

use model::{CampaignId, ContactId, TenantId, UnixMs, VoiceAgentId};
use sqlx::any::AnyRow;

use crate::{
    Store, StoreError,
    codec::{names_of, names_text},
    statement::{Columns as _, sql},
    store::commit,
};

/// Most scripts of a tenant.
const SCRIPTS_MAX: i64 = 1000;

/// A voice agent as another dialect writes it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The owner.
    pub tenant: TenantId,
    /// Unique for the tenant.
    pub id: String,
    /// Who talks, once it was published.
    pub voice_agent: Option<VoiceAgentId>,
    /// Shown to people.
    pub name: String,
    /// What is written but not published, and what the dialect keeps beside: a JSON document.
    pub body: String,
    /// When it was created.
    pub created_at: UnixMs,
    /// When it was last written or published.
    pub updated_at: UnixMs,
}

/// Contacts that were added on behalf of somebody who asks later which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Unique in the installation.
    pub id: String,
    /// The owner.
    pub tenant: TenantId,
    /// To which campaign.
    pub campaign: CampaignId,
    /// Who.
    pub contacts: Vec<ContactId>,
    /// When.
    pub created_at: UnixMs,
}

impl Store {
    /// Writes a script, new or changed. Beyond 1,000 of a tenant it is a [`StoreError::Conflict`].
    pub async fn put_script(&self, script: &Script) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql(
            "INSERT INTO script (tenant, id, voice_agent, name, body, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant, id) DO UPDATE SET \
             voice_agent = excluded.voice_agent, name = excluded.name, body = excluded.body, \
             updated_at = excluded.updated_at",
        )
        .bind(script.tenant.0)
        .bind(script.id.as_str())
        .bind(script.voice_agent.map(|id| id.0))
        .bind(script.name.as_str())
        .bind(script.body.as_str())
        .bind(script.created_at.0)
        .bind(script.updated_at.0)
        .run(&mut tx)
        .await?;
        let n = sql("SELECT COUNT(*) FROM script WHERE tenant = $1")
            .bind(script.tenant.0)
            .number(&mut tx)
            .await?;
        if n > SCRIPTS_MAX {
            return Err(StoreError::Conflict {
                what: format!("an instance has {SCRIPTS_MAX} scripts at most"),
            });
        }
        commit(tx).await
    }

    /// The tenant's script with this id.
    pub async fn script(&self, tenant: TenantId, id: &str) -> Result<Script, StoreError> {
        let row = sql(
            "SELECT tenant, id, voice_agent, name, body, created_at, updated_at FROM script \
             WHERE tenant = $1 AND id = $2",
        )
        .bind(tenant.0)
        .bind(id)
        .found(&mut *self.reader().await?, "script")
        .await?;
        script_in(&row)
    }

    /// The tenant's scripts, newest first; at most 1,000.
    pub async fn scripts(&self, tenant: TenantId) -> Result<Vec<Script>, StoreError> {
        let rows = sql(
            "SELECT tenant, id, voice_agent, name, body, created_at, updated_at FROM script \
             WHERE tenant = $1 ORDER BY created_at DESC, id",
        )
        .bind(tenant.0)
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter().map(script_in).collect()
    }

    /// Removes a script; its voice agent, if it was published, stays.
    pub async fn remove_script(&self, tenant: TenantId, id: &str) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM script WHERE tenant = $1 AND id = $2")
            .bind(tenant.0)
            .bind(id)
            .change(&mut tx, "script")
            .await?;
        commit(tx).await
    }

    /// Keeps who was added, for whoever asks later.
    pub async fn add_assignment(&self, assignment: &Assignment) -> Result<(), StoreError> {
        let ids: Vec<String> = assignment.contacts.iter().map(|id| id.0.clone()).collect();
        let mut tx = self.begin().await?;
        sql(
            "INSERT INTO assignment (id, tenant, campaign, contacts, created_at) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(assignment.id.as_str())
        .bind(assignment.tenant.0)
        .bind(assignment.campaign.as_str())
        .bind(names_text(&ids))
        .bind(assignment.created_at.0)
        .insert(&mut tx, "an assignment with this id exists")
        .await?;
        commit(tx).await
    }

    /// The assignment with this id, of whichever tenant.
    pub async fn assignment(&self, id: &str) -> Result<Assignment, StoreError> {
        let row =
            sql("SELECT id, tenant, campaign, contacts, created_at FROM assignment WHERE id = $1")
                .bind(id)
                .found(&mut *self.reader().await?, "assignment")
                .await?;
        let contacts = names_of(&row.text("contacts")?)?;
        Ok(Assignment {
            id: row.text("id")?,
            tenant: TenantId(row.int("tenant")?),
            campaign: CampaignId(row.text("campaign")?),
            contacts: contacts.into_iter().map(ContactId).collect(),
            created_at: UnixMs(row.int("created_at")?),
        })
    }
}

fn script_in(row: &AnyRow) -> Result<Script, StoreError> {
    Ok(Script {
        tenant: TenantId(row.int("tenant")?),
        id: row.text("id")?,
        voice_agent: row.int_or_null("voice_agent")?.map(VoiceAgentId),
        name: row.text("name")?,
        body: row.text("body")?,
        created_at: UnixMs(row.int("created_at")?),
        updated_at: UnixMs(row.int("updated_at")?),
    })
}
