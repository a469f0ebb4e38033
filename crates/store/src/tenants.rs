//! Tenants.

use model::{Tenant, TenantId, UnixMs};
use sqlx::any::AnyRow;

use crate::{
    Page, Paging, Store, StoreError,
    listing::Listing,
    statement::{Columns as _, sql},
    store::{commit, next_id},
};

/// What a tenant must own nothing of before it is removed.
const OWNED: [&str; 8] = [
    "SELECT COUNT(*) FROM call WHERE tenant = $1",
    "SELECT COUNT(*) FROM trunk_number WHERE tenant = $1",
    "SELECT COUNT(*) FROM voice_agent WHERE tenant = $1",
    "SELECT COUNT(*) FROM sound WHERE tenant = $1 AND removed = 0",
    "SELECT COUNT(*) FROM webhook_endpoint WHERE tenant = $1",
    "SELECT COUNT(*) FROM staff WHERE tenant = $1",
    "SELECT COUNT(*) FROM campaign WHERE tenant = $1",
    "SELECT COUNT(*) FROM extension WHERE tenant = $1",
];

/// What goes with a tenant.
const SETTINGS: [&str; 14] = [
    "DELETE FROM number_skill_group WHERE skill_group IN \
     (SELECT id FROM skill_group WHERE tenant = $1)",
    "DELETE FROM skill_group WHERE tenant = $1",
    "DELETE FROM live_event WHERE tenant = $1",
    "DELETE FROM credential_tenant WHERE tenant = $1",
    "DELETE FROM api_token WHERE tenant = $1",
    "DELETE FROM sound WHERE tenant = $1",
    "DELETE FROM call_rules WHERE tenant = $1",
    "DELETE FROM do_not_call WHERE tenant = $1",
    "DELETE FROM quota WHERE tenant = $1",
    "DELETE FROM instance_name WHERE tenant = $1",
    "DELETE FROM robot WHERE tenant = $1",
    "DELETE FROM script WHERE tenant = $1",
    "DELETE FROM async_query WHERE tenant = $1",
    "DELETE FROM number_application WHERE tenant = $1",
];

impl Store {
    /// Adds a tenant under the next free id, from 1400000001 upwards.
    pub async fn create_tenant(
        &self,
        name: &str,
        country_code: &str,
        time_zone: &str,
        now: UnixMs,
    ) -> Result<Tenant, StoreError> {
        let mut tx = self.begin().await?;
        let tenant = Tenant {
            id: TenantId(next_id(&mut tx, "tenant").await?),
            name: name.into(),
            country_code: country_code.into(),
            time_zone: time_zone.into(),
            created_at: now,
        };
        sql(
            "INSERT INTO tenant (id, name, country_code, time_zone, created_at) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(tenant.id.0)
        .bind(name)
        .bind(country_code)
        .bind(time_zone)
        .bind(now.0)
        .run(&mut tx)
        .await?;
        commit(tx).await?;
        Ok(tenant)
    }

    /// The tenant with this id.
    pub async fn tenant(&self, id: TenantId) -> Result<Tenant, StoreError> {
        let row =
            sql("SELECT id, name, country_code, time_zone, created_at FROM tenant WHERE id = $1")
                .bind(id.0)
                .found(&mut *self.reader().await?, "tenant")
                .await?;
        tenant_of(&row)
    }

    /// All tenants by id.
    pub async fn tenants(&self, paging: Paging) -> Result<Page<Tenant>, StoreError> {
        let (rows, total) = Listing::of("tenant")
            .page(
                &mut *self.reader().await?,
                "id, name, country_code, time_zone, created_at",
                "id",
                paging,
            )
            .await?;
        Ok(Page {
            items: rows.iter().map(tenant_of).collect::<Result<_, _>>()?,
            total,
        })
    }

    /// Changes name, country code and time zone.
    pub async fn update_tenant(&self, tenant: &Tenant) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("UPDATE tenant SET name = $2, country_code = $3, time_zone = $4 WHERE id = $1")
            .bind(tenant.id.0)
            .bind(tenant.name.as_str())
            .bind(tenant.country_code.as_str())
            .bind(tenant.time_zone.as_str())
            .change(&mut tx, "tenant")
            .await?;
        commit(tx).await
    }

    /// Removes a tenant that owns no calls, numbers, voice agents, sounds, webhook endpoints or
    /// staff; otherwise [`StoreError::Conflict`]. Its tokens, rules, quota and lists go with it.
    pub async fn remove_tenant(&self, id: TenantId) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM tenant WHERE id = $1")
            .bind(id.0)
            .change(&mut tx, "tenant")
            .await?;
        for count in OWNED {
            if sql(count).bind(id.0).number(&mut tx).await? > 0 {
                return Err(StoreError::Conflict {
                    what: "the tenant owns calls, numbers, voice agents, sounds, webhook \
                           endpoints, staff, campaigns or extensions"
                        .into(),
                });
            }
        }
        for removal in SETTINGS {
            sql(removal).bind(id.0).run(&mut tx).await?;
        }
        commit(tx).await
    }
}

fn tenant_of(row: &AnyRow) -> Result<Tenant, StoreError> {
    Ok(Tenant {
        id: TenantId(row.int("id")?),
        name: row.text("name")?,
        country_code: row.text("country_code")?,
        time_zone: row.text("time_zone")?,
        created_at: UnixMs(row.int("created_at")?),
    })
}
