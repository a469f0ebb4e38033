//! What another dialect keeps of voice agents before and beside their publication, and the answers
//! that it fetches later.

use std::time::Duration;

use model::{CampaignId, ContactId, TenantId, UnixMs, VoiceAgentId};
use sqlx::{AnyConnection, any::AnyRow};

use crate::{
    Store, StoreError,
    codec::{names_of, names_text},
    statement::{Columns as _, sql},
    store::commit,
};

/// Most scripts of a tenant.
const SCRIPTS_MAX: i64 = 1000;

/// For so long the answer to a question may be fetched.
pub const QUERY_LIFE_MAX: Duration = Duration::from_secs(24 * 3600);

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

/// A question whose answer is fetched later. What it is about is answered as it is then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsyncQuery {
    /// Unique in the installation.
    pub id: String,
    /// Whom it is about.
    pub tenant: TenantId,
    /// The question: a JSON document of its dialect.
    pub body: String,
    /// When.
    pub created_at: UnixMs,
}

impl Store {
    /// Writes a script, new or changed. Beyond 1,000 of a tenant it is a [`StoreError::Conflict`].
    pub async fn put_script(&self, script: &Script) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        put_script(&mut tx, script).await?;
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

    /// Keeps a question, and forgets those that are older than [`QUERY_LIFE_MAX`].
    pub async fn add_async_query(&self, query: &AsyncQuery) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM async_query WHERE created_at < $1")
            .bind(query.created_at.minus(QUERY_LIFE_MAX).0)
            .run(&mut tx)
            .await?;
        sql("INSERT INTO async_query (id, tenant, body, created_at) VALUES ($1, $2, $3, $4)")
            .bind(query.id.as_str())
            .bind(query.tenant.0)
            .bind(query.body.as_str())
            .bind(query.created_at.0)
            .insert(&mut tx, "a question with this id exists")
            .await?;
        commit(tx).await
    }

    /// The question with this id, of whichever tenant.
    pub async fn async_query(&self, id: &str) -> Result<AsyncQuery, StoreError> {
        let row = sql("SELECT id, tenant, body, created_at FROM async_query WHERE id = $1")
            .bind(id)
            .found(&mut *self.reader().await?, "question")
            .await?;
        Ok(AsyncQuery {
            id: row.text("id")?,
            tenant: TenantId(row.int("tenant")?),
            body: row.text("body")?,
            created_at: UnixMs(row.int("created_at")?),
        })
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

pub(crate) async fn put_script(tx: &mut AnyConnection, script: &Script) -> Result<(), StoreError> {
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
    .run(&mut *tx)
    .await?;
    let n = sql("SELECT COUNT(*) FROM script WHERE tenant = $1")
        .bind(script.tenant.0)
        .number(&mut *tx)
        .await?;
    if n > SCRIPTS_MAX {
        return Err(StoreError::Conflict {
            what: format!("an instance has {SCRIPTS_MAX} scripts at most"),
        });
    }
    Ok(())
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
