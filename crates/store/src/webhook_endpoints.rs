//! Receivers of pushes.

use model::{
    TenantId, UnixMs, WebhookEndpoint, WebhookEndpointDraft, WebhookEndpointId, WebhookTopic,
};
use sqlx::any::AnyRow;

use crate::{
    Page, Paging, Store, StoreError,
    codec::{endpoint_of, endpoint_text},
    listing::Listing,
    statement::{Columns as _, sql},
    store::{commit, next_id},
};

/// Columns of a webhook endpoint.
const ENDPOINT: &str = "id, tenant, settings, sealed_auth, sealed_signing_secret, created_at";

/// Most endpoints of one tenant that get pushes.
const ENDPOINTS_MAX: u32 = 100;

impl Store {
    /// Adds a webhook endpoint; its secrets are sealed.
    pub async fn create_webhook_endpoint(
        &self,
        tenant: TenantId,
        draft: &WebhookEndpointDraft,
        now: UnixMs,
    ) -> Result<WebhookEndpoint, StoreError> {
        let mut tx = self.begin().await?;
        let id = WebhookEndpointId(next_id(&mut tx, "webhook_endpoint").await?);
        let sealed = self.sealed(id, draft);
        sql(
            "INSERT INTO webhook_endpoint (id, tenant, settings, sealed_auth, \
             sealed_signing_secret, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id.0)
        .bind(tenant.0)
        .bind(sealed.settings)
        .bind(sealed.auth)
        .bind(sealed.signing_secret)
        .bind(now.0)
        .run(&mut tx)
        .await?;
        commit(tx).await?;
        Ok(WebhookEndpoint {
            id,
            tenant,
            settings: draft.clone(),
            created_at: now,
        })
    }

    /// The webhook endpoint with this id, of whichever tenant: for the delivery shell.
    pub async fn webhook_endpoint_any(
        &self,
        id: WebhookEndpointId,
    ) -> Result<WebhookEndpoint, StoreError> {
        let row = sql(
            "SELECT id, tenant, settings, sealed_auth, sealed_signing_secret, created_at \
             FROM webhook_endpoint WHERE id = $1",
        )
        .bind(id.0)
        .found(&mut *self.reader().await?, "webhook endpoint")
        .await?;
        self.endpoint_of_row(&row)
    }

    /// The tenant's webhook endpoint with this id, its secrets opened.
    pub async fn webhook_endpoint(
        &self,
        tenant: TenantId,
        id: WebhookEndpointId,
    ) -> Result<WebhookEndpoint, StoreError> {
        let endpoint = self.webhook_endpoint_any(id).await?;
        if endpoint.tenant == tenant {
            Ok(endpoint)
        } else {
            Err(StoreError::NotFound {
                what: "webhook endpoint",
            })
        }
    }

    /// The tenant's webhook endpoints by id.
    pub async fn webhook_endpoints(
        &self,
        tenant: TenantId,
        paging: Paging,
    ) -> Result<Page<WebhookEndpoint>, StoreError> {
        let (rows, total) = Listing::of("webhook_endpoint")
            .and("tenant =", tenant.0)
            .page(&mut *self.reader().await?, ENDPOINT, "id", paging)
            .await?;
        let endpoint = |row| self.endpoint_of_row(row);
        Ok(Page {
            items: rows.iter().map(endpoint).collect::<Result<_, _>>()?,
            total,
        })
    }

    /// The tenant's enabled webhook endpoints that want to hear of `topic`, by id; at most 100.
    pub async fn webhook_endpoints_for(
        &self,
        tenant: TenantId,
        topic: WebhookTopic,
    ) -> Result<Vec<WebhookEndpoint>, StoreError> {
        let page = self
            .webhook_endpoints(tenant, Paging::first(ENDPOINTS_MAX))
            .await?;
        let mut endpoints = page.items;
        endpoints.retain(|endpoint| {
            endpoint.settings.enabled && endpoint.settings.topics.contains(&topic)
        });
        Ok(endpoints)
    }

    /// Replaces the settings, secrets included.
    pub async fn update_webhook_endpoint(
        &self,
        tenant: TenantId,
        id: WebhookEndpointId,
        draft: &WebhookEndpointDraft,
    ) -> Result<WebhookEndpoint, StoreError> {
        let sealed = self.sealed(id, draft);
        let mut tx = self.begin().await?;
        let row = sql(
            "UPDATE webhook_endpoint SET settings = $3, sealed_auth = $4, \
             sealed_signing_secret = $5 WHERE id = $1 AND tenant = $2 \
             RETURNING id, tenant, settings, sealed_auth, sealed_signing_secret, created_at",
        )
        .bind(id.0)
        .bind(tenant.0)
        .bind(sealed.settings)
        .bind(sealed.auth)
        .bind(sealed.signing_secret)
        .found(&mut tx, "webhook endpoint")
        .await?;
        commit(tx).await?;
        self.endpoint_of_row(&row)
    }

    /// Removes a webhook endpoint. What was still due to it becomes exhausted.
    pub async fn remove_webhook_endpoint(
        &self,
        tenant: TenantId,
        id: WebhookEndpointId,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM webhook_endpoint WHERE id = $1 AND tenant = $2")
            .bind(id.0)
            .bind(tenant.0)
            .change(&mut tx, "webhook endpoint")
            .await?;
        sql("UPDATE delivery SET state = 'exhausted', leased_until = 0 \
             WHERE endpoint = $1 AND state = 'due'")
        .bind(id.0)
        .run(&mut tx)
        .await?;
        commit(tx).await
    }

    fn sealed(&self, id: WebhookEndpointId, draft: &WebhookEndpointDraft) -> SealedDraft {
        let (settings, auth) = endpoint_text(draft);
        SealedDraft {
            settings,
            auth: auth.map(|secret| self.key.seal(&place(id, "auth"), secret)),
            signing_secret: draft
                .signing_secret
                .as_ref()
                .map(|secret| self.key.seal(&place(id, "signing_secret"), secret)),
        }
    }

    fn endpoint_of_row(&self, row: &AnyRow) -> Result<WebhookEndpoint, StoreError> {
        let id = WebhookEndpointId(row.int("id")?);
        let opened = |column, what| {
            row.text_or_null(column)?
                .map(|sealed| self.key.open(&place(id, what), &sealed))
                .transpose()
        };
        Ok(WebhookEndpoint {
            id,
            tenant: TenantId(row.int("tenant")?),
            settings: endpoint_of(
                &row.text("settings")?,
                opened("sealed_auth", "auth")?,
                opened("sealed_signing_secret", "signing_secret")?,
            )?,
            created_at: UnixMs(row.int("created_at")?),
        })
    }
}

/// A draft as its columns.
struct SealedDraft {
    settings: String,
    auth: Option<String>,
    signing_secret: Option<String>,
}

/// What a secret is sealed for.
fn place(id: WebhookEndpointId, what: &str) -> String {
    format!("webhook_endpoint/{id}/{what}")
}
