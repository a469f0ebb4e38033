//! What tenants may use and have used. Usage grows in the journal, when a call ends.

use model::{Quota, QuotaUsage, TenantId, UnixMs};
use sqlx::any::AnyRow;

use crate::{
    Store, StoreError,
    statement::{Columns as _, sql},
    store::commit,
};

impl Store {
    /// The tenant's quota and what is used of it; unlimited and nothing if none was granted.
    pub async fn quota(&self, tenant: TenantId) -> Result<(Quota, QuotaUsage), StoreError> {
        let row = sql(
            "SELECT call_minutes, call_until, agent_minutes, agent_until, agent_calls_max, \
             used_call_minutes, used_agent_minutes FROM quota WHERE tenant = $1",
        )
        .bind(tenant.0)
        .row(&mut *self.reader().await?)
        .await?;
        row.map_or_else(|| Ok(Default::default()), |row| quota_of(&row))
    }

    /// Grants a quota in place of the former one; usage starts again at zero.
    pub async fn set_quota(&self, tenant: TenantId, quota: &Quota) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql(
            "INSERT INTO quota (tenant, call_minutes, call_until, agent_minutes, agent_until, \
             agent_calls_max, used_call_minutes, used_agent_minutes) \
             VALUES ($1, $2, $3, $4, $5, $6, 0, 0) ON CONFLICT (tenant) DO UPDATE SET \
             call_minutes = excluded.call_minutes, call_until = excluded.call_until, \
             agent_minutes = excluded.agent_minutes, agent_until = excluded.agent_until, \
             agent_calls_max = excluded.agent_calls_max, used_call_minutes = 0, \
             used_agent_minutes = 0",
        )
        .bind(tenant.0)
        .bind(quota.call_minutes)
        .bind(quota.call_until.map(|at| at.0))
        .bind(quota.agent_minutes)
        .bind(quota.agent_until.map(|at| at.0))
        .bind(quota.agent_calls_max)
        .run(&mut tx)
        .await?;
        commit(tx).await
    }
}

/// The quota in a row with its columns, all of which are NULL where none was granted.
pub(crate) fn quota_of(row: &AnyRow) -> Result<(Quota, QuotaUsage), StoreError> {
    let quota = Quota {
        call_minutes: row.int_or_null("call_minutes")?,
        call_until: row.int_or_null("call_until")?.map(UnixMs),
        agent_minutes: row.int_or_null("agent_minutes")?,
        agent_until: row.int_or_null("agent_until")?.map(UnixMs),
        agent_calls_max: row.int_or_null("agent_calls_max")?,
    };
    let usage = QuotaUsage {
        call_minutes: row.int_or_null("used_call_minutes")?.unwrap_or_default(),
        agent_minutes: row.int_or_null("used_agent_minutes")?.unwrap_or_default(),
    };
    Ok((quota, usage))
}
