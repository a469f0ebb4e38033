//! Secrets that tools of voice agents carry in their headers. They are written and used, never shown.

use model::{TenantId, UnixMs};

use crate::{
    Page, Paging, Store, StoreError,
    listing::Listing,
    statement::{Columns as _, sql},
    store::commit,
};

/// A secret without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolSecretName {
    /// Unique within its tenant, 1 to 64 characters.
    pub name: String,
    /// When its value was last set.
    pub updated_at: UnixMs,
}

impl Store {
    /// Sets a secret, whether or not there is one with this name.
    pub async fn set_tool_secret(
        &self,
        tenant: TenantId,
        name: &str,
        value: &str,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql(
            "INSERT INTO tool_secret (tenant, name, sealed_value, updated_at) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, name) DO UPDATE SET \
             sealed_value = excluded.sealed_value, updated_at = excluded.updated_at",
        )
        .bind(tenant.0)
        .bind(name)
        .bind(self.key.seal(&place(tenant, name), value))
        .bind(now.0)
        .run(&mut tx)
        .await?;
        commit(tx).await
    }

    /// The value of a secret.
    pub async fn tool_secret(
        &self,
        tenant: TenantId,
        name: &str,
    ) -> Result<Option<String>, StoreError> {
        let row = sql("SELECT sealed_value FROM tool_secret WHERE tenant = $1 AND name = $2")
            .bind(tenant.0)
            .bind(name)
            .row(&mut *self.reader().await?)
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let value = self
            .key
            .open(&place(tenant, name), &row.text("sealed_value")?)?;
        Ok(Some(value))
    }

    /// The names of the tenant's secrets.
    pub async fn tool_secret_names(
        &self,
        tenant: TenantId,
        paging: Paging,
    ) -> Result<Page<ToolSecretName>, StoreError> {
        let (rows, total) = Listing::of("tool_secret")
            .and("tenant =", tenant.0)
            .page(
                &mut *self.reader().await?,
                "name, updated_at",
                "name",
                paging,
            )
            .await?;
        let name = |row: &sqlx::any::AnyRow| {
            Ok(ToolSecretName {
                name: row.text("name")?,
                updated_at: UnixMs(row.int("updated_at")?),
            })
        };
        Ok(Page {
            items: rows.iter().map(name).collect::<Result<_, StoreError>>()?,
            total,
        })
    }

    /// Removes a secret. Tools that name it go without it, and fail where they need it.
    pub async fn remove_tool_secret(&self, tenant: TenantId, name: &str) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM tool_secret WHERE tenant = $1 AND name = $2")
            .bind(tenant.0)
            .bind(name)
            .change(&mut tx, "secret")
            .await?;
        commit(tx).await
    }
}

/// What a value is sealed for.
fn place(tenant: TenantId, name: &str) -> String {
    format!("tool_secret/{tenant}/{name}")
}
