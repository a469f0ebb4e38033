//! Bearer tokens of the native dialect, by their hashes.

use model::{ApiToken, ApiTokenId, TenantId, UnixMs};
use sqlx::any::AnyRow;

use crate::{
    Page, Paging, Store, StoreError,
    listing::Listing,
    statement::{Columns as _, sql},
    store::{commit, next_id},
};

impl Store {
    /// Adds a token by the SHA-256 of its text, lower-case hex. A known hash is a conflict.
    pub async fn create_api_token(
        &self,
        name: &str,
        sha256: &str,
        tenant: Option<TenantId>,
        now: UnixMs,
    ) -> Result<ApiToken, StoreError> {
        let mut tx = self.begin().await?;
        let id = ApiTokenId(next_id(&mut tx, "api_token").await?);
        sql(
            "INSERT INTO api_token (id, name, sha256, tenant, created_at) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id.0)
        .bind(name)
        .bind(sha256)
        .bind(tenant.map(|id| id.0))
        .bind(now.0)
        .insert(&mut tx, "this token exists")
        .await?;
        commit(tx).await?;
        Ok(ApiToken {
            id,
            name: name.into(),
            sha256: sha256.into(),
            tenant,
            created_at: now,
        })
    }

    /// The token with this hash.
    pub async fn api_token_by_sha256(&self, sha256: &str) -> Result<ApiToken, StoreError> {
        let row =
            sql("SELECT id, name, sha256, tenant, created_at FROM api_token WHERE sha256 = $1")
                .bind(sha256)
                .found(&mut *self.reader().await?, "token")
                .await?;
        token_of(&row)
    }

    /// Tokens by id; only those limited to `tenant`, if one is given.
    pub async fn api_tokens(
        &self,
        tenant: Option<TenantId>,
        paging: Paging,
    ) -> Result<Page<ApiToken>, StoreError> {
        let (rows, total) = Listing::of("api_token")
            .and_if("tenant =", tenant.map(|id| id.0))
            .page(
                &mut *self.reader().await?,
                "id, name, sha256, tenant, created_at",
                "id",
                paging,
            )
            .await?;
        Ok(Page {
            items: rows.iter().map(token_of).collect::<Result<_, _>>()?,
            total,
        })
    }

    /// Removes a token.
    pub async fn remove_api_token(&self, id: ApiTokenId) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM api_token WHERE id = $1")
            .bind(id.0)
            .change(&mut tx, "token")
            .await?;
        commit(tx).await
    }
}

fn token_of(row: &AnyRow) -> Result<ApiToken, StoreError> {
    Ok(ApiToken {
        id: ApiTokenId(row.int("id")?),
        name: row.text("name")?,
        sha256: row.text("sha256")?,
        tenant: row.int_or_null("tenant")?.map(TenantId),
        created_at: UnixMs(row.int("created_at")?),
    })
}
