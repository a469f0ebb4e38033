//! How tenants chat. Secrets are sealed.

use model::{ChatSettings, TenantId};

use crate::{
    Store, StoreError,
    codec::{chat_settings_of, chat_settings_text},
    statement::{Columns as _, sql},
    store::commit,
};

impl Store {
    /// The tenant's chat settings, its secrets opened; not found before there are any.
    pub async fn chat_settings(&self, tenant: TenantId) -> Result<ChatSettings, StoreError> {
        let row = sql(
            "SELECT settings, sealed_secret, sealed_previous_secret FROM chat_settings \
             WHERE tenant = $1",
        )
        .bind(tenant.0)
        .found(&mut *self.reader().await?, "chat settings")
        .await?;
        let previous = row
            .text_or_null("sealed_previous_secret")?
            .map(|sealed| self.key.open(&place(tenant, "previous_secret"), &sealed))
            .transpose()?;
        let secret = self
            .key
            .open(&place(tenant, "secret"), &row.text("sealed_secret")?)?;
        chat_settings_of(tenant, &row.text("settings")?, secret, previous)
    }

    /// Writes the tenant's chat settings, whether there were some or not.
    pub async fn put_chat_settings(&self, settings: &ChatSettings) -> Result<(), StoreError> {
        let tenant = settings.tenant;
        let previous = settings.previous_secret.as_ref();
        let mut tx = self.begin().await?;
        sql(
            "INSERT INTO chat_settings (tenant, settings, sealed_secret, sealed_previous_secret) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (tenant) DO UPDATE SET \
             settings = excluded.settings, sealed_secret = excluded.sealed_secret, \
             sealed_previous_secret = excluded.sealed_previous_secret",
        )
        .bind(tenant.0)
        .bind(chat_settings_text(settings))
        .bind(self.key.seal(&place(tenant, "secret"), &settings.secret))
        .bind(previous.map(|secret| self.key.seal(&place(tenant, "previous_secret"), secret)))
        .run(&mut tx)
        .await?;
        commit(tx).await
    }

    /// The tenant's chat settings, or `fresh` if there were none; then they are written.
    pub async fn chat_settings_or(&self, fresh: &ChatSettings) -> Result<ChatSettings, StoreError> {
        match self.chat_settings(fresh.tenant).await {
            Err(StoreError::NotFound { .. }) => {}
            found => return found,
        }
        let tenant = fresh.tenant;
        let mut tx = self.begin().await?;
        sql(
            "INSERT INTO chat_settings (tenant, settings, sealed_secret) VALUES ($1, $2, $3) \
             ON CONFLICT (tenant) DO NOTHING",
        )
        .bind(tenant.0)
        .bind(chat_settings_text(fresh))
        .bind(self.key.seal(&place(tenant, "secret"), &fresh.secret))
        .run(&mut tx)
        .await?;
        commit(tx).await?;
        self.chat_settings(tenant).await
    }
}

/// What a secret is sealed for.
fn place(tenant: TenantId, what: &str) -> String {
    format!("chat_settings/{tenant}/{what}")
}
