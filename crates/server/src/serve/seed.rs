//! What a new installation begins with: somebody to call with, and, with `--dev`, fixed keys.
//!
//! Nothing that exists is changed, except that the keys of `--dev` go when it is not given.

use std::sync::Arc;

use api::native::{administrator, sha256_of_token};
use app::{App, sign_in::hashed};
use model::{
    ActionScope, ChatSettings, Credential, CredentialId, CredentialScope, Language, TenantId,
    UnixMs,
};
use store::{Paging, Store, StoreError};

use crate::{config::Resolved, simulated};

/// The credential of `--dev`.
const DEV_CREDENTIAL: (&str, &str) = ("AKIDdev", "dev-secret");

/// The token of `--dev`.
const DEV_TOKEN: &str = "swb_dev";

/// The person of `--dev`: e-mail and password. No other person can have such an e-mail.
const DEV_PERSON: &str = "dev";

/// Sows what is missing. Without `--dev`, its keys are pulled out again: everybody knows them.
pub async fn sow(app: &Arc<App>, resolved: &Resolved) -> anyhow::Result<()> {
    if !resolved.dev {
        pull_keys(app.store(), app.now()).await?;
    }
    if !resolved.dev && !resolved.simulated {
        return Ok(());
    }
    let tenants = app.store().tenants(Paging::first(1)).await?;
    let tenant = match tenants.items.first() {
        Some(tenant) => tenant.id,
        None => sow_tenant(app).await?,
    };
    if resolved.dev {
        sow_keys(app, tenant).await?;
        sow_person(app, tenant).await?;
    }
    Ok(())
}

/// Somebody who may do everything, so that the console can be tried at once.
async fn sow_person(app: &Arc<App>, tenant: TenantId) -> anyhow::Result<()> {
    let store = app.store();
    if !store.staff_who_sign_in(DEV_PERSON).await?.is_empty() {
        return Ok(());
    }
    let draft = administrator(DEV_PERSON, "Developer", Language::English);
    let password = hashed(DEV_PERSON).await?;
    store
        .create_staff(tenant, &draft, Some(&password), app.now())
        .await?;
    Ok(())
}

/// The first instance, with voice agents that can be tried at once.
async fn sow_tenant(app: &Arc<App>) -> Result<TenantId, StoreError> {
    let (store, now) = (app.store(), app.now());
    let tenant = store
        .create_tenant("first", "86", "Asia/Shanghai", now)
        .await?;
    for draft in simulated::demo_agents() {
        store.create_voice_agent(tenant.id, &draft, now).await?;
    }
    Ok(tenant.id)
}

async fn sow_keys(app: &Arc<App>, tenant: TenantId) -> Result<(), StoreError> {
    let (store, now) = (app.store(), app.now());
    let chat = ChatSettings::new(tenant, app::chat::fresh_secret());
    store.chat_settings_or(&chat).await?;
    let (id, secret) = DEV_CREDENTIAL;
    let credential = Credential {
        id: CredentialId(id.to_owned()),
        secret: secret.to_owned(),
        scope: CredentialScope {
            tenants: vec![tenant],
            actions: ActionScope::All,
        },
        enabled: true,
        created_at: now,
    };
    if let Err(StoreError::NotFound { .. }) = store.credential(&credential.id).await {
        store.add_credential(&credential).await?;
    }
    let hash = sha256_of_token(DEV_TOKEN);
    if let Err(StoreError::NotFound { .. }) = store.api_token_by_sha256(&hash).await {
        store
            .create_api_token("development", &hash, None, now)
            .await?;
    }
    Ok(())
}

async fn pull_keys(store: &Store, now: UnixMs) -> Result<(), StoreError> {
    for (staff, _) in store.staff_who_sign_in(DEV_PERSON).await? {
        store.remove_staff(staff.tenant, staff.id, now).await?;
    }
    match store.api_token_by_sha256(&sha256_of_token(DEV_TOKEN)).await {
        Ok(token) => store.remove_api_token(token.id).await?,
        Err(StoreError::NotFound { .. }) => {}
        Err(error) => return Err(error),
    }
    match store
        .remove_credential(&CredentialId(DEV_CREDENTIAL.0.to_owned()))
        .await
    {
        Ok(()) | Err(StoreError::NotFound { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}
