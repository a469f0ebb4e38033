//! Key pairs of the clouds' signed dialects.

use model::{Credential, CredentialId, CredentialScope, TenantId};

use crate::{Page, Paging, Store, StoreError};

impl Store {
    /// Adds a credential; its secret is sealed. A taken id is a conflict.
    pub async fn add_credential(&self, _credential: &Credential) -> Result<(), StoreError> {
        todo!()
    }

    /// The credential with this id, its secret opened.
    pub async fn credential(&self, _id: &CredentialId) -> Result<Credential, StoreError> {
        todo!()
    }

    /// Credentials by age, oldest first; only those that may act for `tenant`, if one is given.
    pub async fn credentials(
        &self,
        _tenant: Option<TenantId>,
        _paging: Paging,
    ) -> Result<Page<Credential>, StoreError> {
        todo!()
    }

    /// Changes what a credential may do. The secret never changes.
    pub async fn update_credential(
        &self,
        _id: &CredentialId,
        _scope: &CredentialScope,
        _enabled: bool,
    ) -> Result<Credential, StoreError> {
        todo!()
    }

    /// Removes a credential.
    pub async fn remove_credential(&self, _id: &CredentialId) -> Result<(), StoreError> {
        todo!()
    }
}
