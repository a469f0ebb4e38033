//! Call rules: one document a tenant.

use model::{CallRules, TenantId};

use crate::{
    Store, StoreError,
    codec::{rules_of, rules_text},
    statement::{Columns as _, sql},
    store::commit,
};

impl Store {
    /// The tenant's rules; rules that allow everything if none were set.
    pub async fn call_rules(&self, tenant: TenantId) -> Result<CallRules, StoreError> {
        let row = sql("SELECT rules FROM call_rules WHERE tenant = $1")
            .bind(tenant.0)
            .row(&mut *self.reader().await?)
            .await?;
        match row {
            Some(row) => rules_of(&row.text("rules")?),
            None => Ok(CallRules::default()),
        }
    }

    /// Replaces the tenant's rules.
    pub async fn set_call_rules(
        &self,
        tenant: TenantId,
        rules: &CallRules,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("INSERT INTO call_rules (tenant, rules) VALUES ($1, $2) \
             ON CONFLICT (tenant) DO UPDATE SET rules = excluded.rules")
        .bind(tenant.0)
        .bind(rules_text(rules))
        .run(&mut tx)
        .await?;
        commit(tx).await
    }
}
