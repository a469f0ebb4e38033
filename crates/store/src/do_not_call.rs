//! Do-not-call lists.

use model::{E164, TenantId, UnixMs};

use crate::{Page, Paging, Store, StoreError};

impl Store {
    /// Puts numbers on the tenant's list, all or none. Gives how many were not on it before.
    pub async fn add_do_not_call(
        &self,
        _tenant: TenantId,
        _numbers: &[E164],
        _now: UnixMs,
    ) -> Result<u64, StoreError> {
        todo!()
    }

    /// Takes numbers off the tenant's list. Gives how many were on it.
    pub async fn remove_do_not_call(
        &self,
        _tenant: TenantId,
        _numbers: &[E164],
    ) -> Result<u64, StoreError> {
        todo!()
    }

    /// Whether the tenant must never call this number.
    pub async fn is_do_not_call(
        &self,
        _tenant: TenantId,
        _number: &E164,
    ) -> Result<bool, StoreError> {
        todo!()
    }

    /// The tenant's list by number, with the time each was added.
    pub async fn do_not_call(
        &self,
        _tenant: TenantId,
        _paging: Paging,
    ) -> Result<Page<(E164, UnixMs)>, StoreError> {
        todo!()
    }
}
