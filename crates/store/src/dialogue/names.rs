//! Names by which others know our tenants and voice agents.

use model::{CredentialId, Tenant, TenantId, UnixMs, VoiceAgentId};
use sqlx::{AnyConnection, any::AnyRow};

use crate::{
    Page, Paging, Store, StoreError,
    listing::Listing,
    statement::{Columns as _, sql},
    store::{commit, next_id},
};

/// A tenant's name in a dialect that knows tenants by text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceName {
    /// Unique in the installation.
    pub name: String,
    /// Whom it names.
    pub tenant: TenantId,
    /// Written by its owner; may be empty.
    pub description: String,
    /// Conversations at once that its owner asked for; kept and shown, `quota` decides.
    pub n_conversations_max: Option<i64>,
    /// When it was given.
    pub created_at: UnixMs,
}

/// A voice agent's name as a robot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Robot {
    /// The owner of the voice agent.
    pub tenant: TenantId,
    /// Unique for the tenant. The empty name is the robot of requests that name none.
    pub name: String,
    /// Who talks.
    pub voice_agent: VoiceAgentId,
    /// Which answers the other side understands, as the interface calls them.
    pub profile: String,
    /// What the other dialect keeps of it beside: a JSON document.
    pub notes: String,
    /// When it was first named.
    pub created_at: UnixMs,
}

impl Store {
    /// Gives a tenant a name. A taken one is a conflict.
    pub async fn add_instance_name(&self, instance: &InstanceName) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        insert_name(&mut tx, instance).await?;
        commit(tx).await
    }

    /// Adds a tenant that has a name, and for which `credential` may act.
    pub async fn create_instance(
        &self,
        credential: &CredentialId,
        title: &str,
        name: InstanceName,
    ) -> Result<Tenant, StoreError> {
        let mut tx = self.begin().await?;
        let tenant = Tenant {
            id: TenantId(next_id(&mut tx, "tenant").await?),
            name: title.into(),
            country_code: "86".into(),
            time_zone: "Asia/Shanghai".into(),
            created_at: name.created_at,
        };
        sql(
            "INSERT INTO tenant (id, name, country_code, time_zone, created_at) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(tenant.id.0)
        .bind(tenant.name.as_str())
        .bind(tenant.country_code.as_str())
        .bind(tenant.time_zone.as_str())
        .bind(tenant.created_at.0)
        .run(&mut tx)
        .await?;
        let name = InstanceName {
            tenant: tenant.id,
            ..name
        };
        insert_name(&mut tx, &name).await?;
        sql("INSERT INTO credential_tenant (credential, tenant) VALUES ($1, $2)")
            .bind(credential.as_str())
            .bind(tenant.id.0)
            .run(&mut tx)
            .await?;
        commit(tx).await?;
        Ok(tenant)
    }

    /// Changes what is kept beside a name.
    pub async fn update_instance_name(&self, instance: &InstanceName) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("UPDATE instance_name SET description = $2, n_conversations_max = $3 WHERE name = $1")
            .bind(instance.name.as_str())
            .bind(instance.description.as_str())
            .bind(instance.n_conversations_max)
            .change(&mut tx, "instance")
            .await?;
        commit(tx).await
    }

    /// The tenant that a name means.
    pub async fn instance_name(&self, name: &str) -> Result<InstanceName, StoreError> {
        let row = sql(
            "SELECT name, tenant, description, n_conversations_max, created_at \
             FROM instance_name WHERE name = $1",
        )
        .bind(name)
        .found(&mut *self.reader().await?, "instance")
        .await?;
        instance_of(&row)
    }

    /// The first name of a tenant, if it was given one.
    pub async fn name_of_instance(
        &self,
        tenant: TenantId,
    ) -> Result<Option<InstanceName>, StoreError> {
        let row = sql(
            "SELECT name, tenant, description, n_conversations_max, created_at \
             FROM instance_name WHERE tenant = $1 ORDER BY created_at, name LIMIT 1",
        )
        .bind(tenant.0)
        .row(&mut *self.reader().await?)
        .await?;
        row.as_ref().map(instance_of).transpose()
    }

    /// Names a voice agent as a robot, or changes what a name means.
    pub async fn put_robot(&self, robot: &Robot) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql(
            "INSERT INTO robot (tenant, name, voice_agent, profile, notes, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant, name) DO UPDATE SET \
             voice_agent = excluded.voice_agent, profile = excluded.profile, \
             notes = excluded.notes",
        )
        .bind(robot.tenant.0)
        .bind(robot.name.as_str())
        .bind(robot.voice_agent.0)
        .bind(robot.profile.as_str())
        .bind(robot.notes.as_str())
        .bind(robot.created_at.0)
        .run(&mut tx)
        .await?;
        commit(tx).await
    }

    /// The tenant's robot of this name.
    pub async fn robot(&self, tenant: TenantId, name: &str) -> Result<Robot, StoreError> {
        let row = sql(
            "SELECT tenant, name, voice_agent, profile, notes, created_at FROM robot \
             WHERE tenant = $1 AND name = $2",
        )
        .bind(tenant.0)
        .bind(name)
        .found(&mut *self.reader().await?, "robot")
        .await?;
        robot_of(&row)
    }

    /// The tenant's robots, oldest first.
    pub async fn robots(
        &self,
        tenant: TenantId,
        paging: Paging,
    ) -> Result<Page<Robot>, StoreError> {
        let (rows, total) = Listing::of("robot")
            .and("tenant =", tenant.0)
            .page(
                &mut *self.reader().await?,
                "tenant, name, voice_agent, profile, notes, created_at",
                "created_at, name",
                paging,
            )
            .await?;
        Ok(Page {
            items: rows.iter().map(robot_of).collect::<Result<_, _>>()?,
            total,
        })
    }

    /// Takes a robot's name away; its voice agent stays.
    pub async fn remove_robot(&self, tenant: TenantId, name: &str) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM robot WHERE tenant = $1 AND name = $2")
            .bind(tenant.0)
            .bind(name)
            .change(&mut tx, "robot")
            .await?;
        commit(tx).await
    }
}

async fn insert_name(tx: &mut AnyConnection, instance: &InstanceName) -> Result<(), StoreError> {
    sql(
        "INSERT INTO instance_name (name, tenant, description, n_conversations_max, created_at) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(instance.name.as_str())
    .bind(instance.tenant.0)
    .bind(instance.description.as_str())
    .bind(instance.n_conversations_max)
    .bind(instance.created_at.0)
    .insert(tx, "an instance of this name exists")
    .await
}

fn instance_of(row: &AnyRow) -> Result<InstanceName, StoreError> {
    Ok(InstanceName {
        name: row.text("name")?,
        tenant: TenantId(row.int("tenant")?),
        description: row.text("description")?,
        n_conversations_max: row.int_or_null("n_conversations_max")?,
        created_at: UnixMs(row.int("created_at")?),
    })
}

fn robot_of(row: &AnyRow) -> Result<Robot, StoreError> {
    Ok(Robot {
        tenant: TenantId(row.int("tenant")?),
        name: row.text("name")?,
        voice_agent: VoiceAgentId(row.int("voice_agent")?),
        profile: row.text("profile")?,
        notes: row.text("notes")?,
        created_at: UnixMs(row.int("created_at")?),
    })
}
