//! Call rules: one document a tenant.

use model::{CallRules, TenantId};

use crate::{Store, StoreError};

impl Store {
    /// The tenant's rules; rules that allow everything if none were set.
    pub async fn call_rules(&self, _tenant: TenantId) -> Result<CallRules, StoreError> {
        todo!()
    }

    /// Replaces the tenant's rules.
    pub async fn set_call_rules(
        &self,
        _tenant: TenantId,
        _rules: &CallRules,
    ) -> Result<(), StoreError> {
        todo!()
    }
}
