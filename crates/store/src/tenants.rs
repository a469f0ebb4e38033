//! Tenants.

use model::{Tenant, TenantId, UnixMs};

use crate::{Page, Paging, Store, StoreError};

impl Store {
    /// Adds a tenant under the next free id, from 1400000001 upwards.
    pub async fn create_tenant(
        &self,
        _name: &str,
        _country_code: &str,
        _time_zone: &str,
        _now: UnixMs,
    ) -> Result<Tenant, StoreError> {
        todo!()
    }

    /// The tenant with this id.
    pub async fn tenant(&self, _id: TenantId) -> Result<Tenant, StoreError> {
        todo!()
    }

    /// All tenants by id.
    pub async fn tenants(&self, _paging: Paging) -> Result<Page<Tenant>, StoreError> {
        todo!()
    }

    /// Changes name, country code and time zone.
    pub async fn update_tenant(&self, _tenant: &Tenant) -> Result<(), StoreError> {
        todo!()
    }

    /// Removes a tenant that owns no calls, numbers, voice agents, sounds or webhook endpoints;
    /// otherwise [`StoreError::Conflict`].
    pub async fn remove_tenant(&self, _id: TenantId) -> Result<(), StoreError> {
        todo!()
    }
}
