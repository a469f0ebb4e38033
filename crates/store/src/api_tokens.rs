//! Bearer tokens of the native dialect, by their hashes.

use model::{ApiToken, ApiTokenId, TenantId, UnixMs};

use crate::{Page, Paging, Store, StoreError};

impl Store {
    /// Adds a token by the SHA-256 of its text, lower-case hex.
    pub async fn create_api_token(
        &self,
        _name: &str,
        _sha256: &str,
        _tenant: Option<TenantId>,
        _now: UnixMs,
    ) -> Result<ApiToken, StoreError> {
        todo!()
    }

    /// The token with this hash.
    pub async fn api_token_by_sha256(&self, _sha256: &str) -> Result<ApiToken, StoreError> {
        todo!()
    }

    /// Tokens by id; only those limited to `tenant`, if one is given.
    pub async fn api_tokens(
        &self,
        _tenant: Option<TenantId>,
        _paging: Paging,
    ) -> Result<Page<ApiToken>, StoreError> {
        todo!()
    }

    /// Removes a token.
    pub async fn remove_api_token(&self, _id: ApiTokenId) -> Result<(), StoreError> {
        todo!()
    }
}
