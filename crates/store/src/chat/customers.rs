//! Customers who chat, and the browsers they do it with.

use model::{Customer, CustomerId, TenantId, UnixMs};

use super::rows::customer_of;
use crate::{
    Store, StoreError,
    statement::{Columns as _, sql},
    store::commit,
};

/// Browsers of one customer that are known; the one unused for longest is forgotten first.
const TOKENS_MAX: i64 = 20;

impl Store {
    /// Writes a customer, whether there was one of this id or not; an empty name or data keep what
    /// was known.
    pub async fn put_customer(&self, customer: &Customer) -> Result<Customer, StoreError> {
        let mut tx = self.begin().await?;
        let row = sql(
            "INSERT INTO chat_customer (tenant, id, name, client_data, verified, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant, id) DO UPDATE SET \
             name = CASE WHEN excluded.name = '' THEN chat_customer.name ELSE excluded.name END, \
             client_data = CASE WHEN excluded.client_data = '' THEN chat_customer.client_data \
             ELSE excluded.client_data END, \
             verified = CASE WHEN excluded.verified = 1 THEN 1 ELSE chat_customer.verified END \
             RETURNING tenant, id, name, client_data, verified, created_at",
        )
        .bind(customer.tenant.0)
        .bind(customer.id.as_str())
        .bind(customer.name.as_str())
        .bind(customer.client_data.as_str())
        .bind(customer.is_verified)
        .bind(customer.created_at.0)
        .found(&mut tx, "customer")
        .await?;
        commit(tx).await?;
        customer_of(&row)
    }

    /// The tenant's customer with this id.
    pub async fn customer(
        &self,
        tenant: TenantId,
        id: &CustomerId,
    ) -> Result<Customer, StoreError> {
        let row = sql(
            "SELECT tenant, id, name, client_data, verified, created_at FROM chat_customer \
             WHERE tenant = $1 AND id = $2",
        )
        .bind(tenant.0)
        .bind(id.as_str())
        .found(&mut *self.reader().await?, "customer")
        .await?;
        customer_of(&row)
    }

    /// Lets whoever knows the token with this hash act as the customer.
    pub async fn add_chat_token(
        &self,
        sha256: &str,
        tenant: TenantId,
        customer: &CustomerId,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("INSERT INTO chat_token (sha256, tenant, customer, used_at) VALUES ($1, $2, $3, $4)")
            .bind(sha256)
            .bind(tenant.0)
            .bind(customer.as_str())
            .bind(now.0)
            .insert(&mut tx, "the token is taken")
            .await?;
        sql(
            "DELETE FROM chat_token WHERE tenant = $1 AND customer = $2 AND sha256 NOT IN \
             (SELECT sha256 FROM chat_token WHERE tenant = $1 AND customer = $2 \
             ORDER BY used_at DESC LIMIT $3)",
        )
        .bind(tenant.0)
        .bind(customer.as_str())
        .bind(TOKENS_MAX)
        .run(&mut tx)
        .await?;
        commit(tx).await
    }

    /// Whose token has this hash.
    pub async fn chat_token(&self, sha256: &str) -> Result<(TenantId, CustomerId), StoreError> {
        let row = sql("SELECT tenant, customer FROM chat_token WHERE sha256 = $1")
            .bind(sha256)
            .found(&mut *self.reader().await?, "token")
            .await?;
        Ok((
            TenantId(row.int("tenant")?),
            CustomerId(row.text("customer")?),
        ))
    }
}
