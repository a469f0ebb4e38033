//! What tenants may use and have used.

use model::{Quota, QuotaUsage, TenantId};

use crate::{Store, StoreError};

impl Store {
    /// The tenant's quota and what is used of it; unlimited and nothing if none was granted.
    pub async fn quota(&self, _tenant: TenantId) -> Result<(Quota, QuotaUsage), StoreError> {
        todo!()
    }

    /// Grants a quota in place of the former one; usage starts again at zero.
    pub async fn set_quota(&self, _tenant: TenantId, _quota: &Quota) -> Result<(), StoreError> {
        todo!()
    }
}
