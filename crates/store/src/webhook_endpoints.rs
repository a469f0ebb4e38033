//! Receivers of pushes.

use model::{
    TenantId, UnixMs, WebhookEndpoint, WebhookEndpointDraft, WebhookEndpointId, WebhookTopic,
};

use crate::{Page, Paging, Store, StoreError};

impl Store {
    /// Adds a webhook endpoint; its secrets are sealed.
    pub async fn create_webhook_endpoint(
        &self,
        _tenant: TenantId,
        _draft: &WebhookEndpointDraft,
        _now: UnixMs,
    ) -> Result<WebhookEndpoint, StoreError> {
        todo!()
    }

    /// The webhook endpoint with this id, of whichever tenant: for the delivery shell.
    pub async fn webhook_endpoint_any(
        &self,
        _id: WebhookEndpointId,
    ) -> Result<WebhookEndpoint, StoreError> {
        todo!()
    }

    /// The tenant's webhook endpoint with this id, its secrets opened.
    pub async fn webhook_endpoint(
        &self,
        _tenant: TenantId,
        _id: WebhookEndpointId,
    ) -> Result<WebhookEndpoint, StoreError> {
        todo!()
    }

    /// The tenant's webhook endpoints by id.
    pub async fn webhook_endpoints(
        &self,
        _tenant: TenantId,
        _paging: Paging,
    ) -> Result<Page<WebhookEndpoint>, StoreError> {
        todo!()
    }

    /// The tenant's enabled webhook endpoints that want to hear of `topic`, by id.
    pub async fn webhook_endpoints_for(
        &self,
        _tenant: TenantId,
        _topic: WebhookTopic,
    ) -> Result<Vec<WebhookEndpoint>, StoreError> {
        todo!()
    }

    /// Replaces the settings, secrets included.
    pub async fn update_webhook_endpoint(
        &self,
        _tenant: TenantId,
        _id: WebhookEndpointId,
        _draft: &WebhookEndpointDraft,
    ) -> Result<WebhookEndpoint, StoreError> {
        todo!()
    }

    /// Removes a webhook endpoint. What was still due to it becomes exhausted.
    pub async fn remove_webhook_endpoint(
        &self,
        _tenant: TenantId,
        _id: WebhookEndpointId,
    ) -> Result<(), StoreError> {
        todo!()
    }
}
