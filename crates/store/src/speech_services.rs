//! Speech services: recognizers and speakers elsewhere that voice agents hear and speak with.

use model::{SpeechServiceId, TenantId, UnixMs};
use sqlx::any::AnyRow;

use crate::{
    Page, Paging, Store, StoreError,
    listing::Listing,
    statement::{Columns as _, sql},
    store::{commit, next_id},
};

/// What is said of a second speech service with one name.
const NAME_TAKEN: &str = "a speech service with this name exists";

/// A speech service as an author writes it down.
#[derive(Clone, PartialEq, Eq)]
pub struct SpeechServiceDraft {
    /// Unique within its tenant, 1 to 64 characters.
    pub name: String,
    /// Where it is and how it is asked: a JSON document of the app.
    pub settings: String,
    /// The key or secret that requests to it carry or are signed with, if any.
    pub key: Option<String>,
}

/// A speech service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeechService {
    /// Unique in the installation.
    pub id: SpeechServiceId,
    /// Its owner.
    pub tenant: TenantId,
    /// Its settings, the key opened.
    pub settings: SpeechServiceDraft,
    /// When it was created.
    pub created_at: UnixMs,
}

/// The key never prints.
impl std::fmt::Debug for SpeechServiceDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SpeechServiceDraft")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Adds a speech service; a taken name is a conflict.
    pub async fn create_speech_service(
        &self,
        tenant: TenantId,
        draft: &SpeechServiceDraft,
        now: UnixMs,
    ) -> Result<SpeechService, StoreError> {
        let mut tx = self.begin().await?;
        let id = SpeechServiceId(next_id(&mut tx, "speech_service").await?);
        sql(
            "INSERT INTO speech_service (id, tenant, name, settings, sealed_key, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id.0)
        .bind(tenant.0)
        .bind(draft.name.as_str())
        .bind(draft.settings.as_str())
        .bind(self.sealed_speech_key(id, draft))
        .bind(now.0)
        .insert(&mut tx, NAME_TAKEN)
        .await?;
        commit(tx).await?;
        Ok(SpeechService {
            id,
            tenant,
            settings: draft.clone(),
            created_at: now,
        })
    }

    /// The tenant's speech service with this id.
    pub async fn speech_service(
        &self,
        tenant: TenantId,
        id: SpeechServiceId,
    ) -> Result<SpeechService, StoreError> {
        let row = sql(
            "SELECT id, tenant, name, settings, sealed_key, created_at FROM speech_service \
             WHERE id = $1 AND tenant = $2",
        )
        .bind(id.0)
        .bind(tenant.0)
        .found(&mut *self.reader().await?, "speech service")
        .await?;
        self.speech_service_of(&row)
    }

    /// The tenant's speech service with this name.
    pub async fn speech_service_named(
        &self,
        tenant: TenantId,
        name: &str,
    ) -> Result<Option<SpeechService>, StoreError> {
        let row = sql(
            "SELECT id, tenant, name, settings, sealed_key, created_at FROM speech_service \
             WHERE tenant = $1 AND name = $2",
        )
        .bind(tenant.0)
        .bind(name)
        .row(&mut *self.reader().await?)
        .await?;
        row.map(|row| self.speech_service_of(&row)).transpose()
    }

    /// The tenant's speech services by id.
    pub async fn speech_services(
        &self,
        tenant: TenantId,
        paging: Paging,
    ) -> Result<Page<SpeechService>, StoreError> {
        let (rows, total) = Listing::of("speech_service")
            .and("tenant =", tenant.0)
            .page(
                &mut *self.reader().await?,
                "id, tenant, name, settings, sealed_key, created_at",
                "id",
                paging,
            )
            .await?;
        let items = rows.iter().map(|row| self.speech_service_of(row));
        Ok(Page {
            items: items.collect::<Result<_, _>>()?,
            total,
        })
    }

    /// Replaces the settings, the key included. A taken name is a conflict.
    pub async fn update_speech_service(
        &self,
        tenant: TenantId,
        id: SpeechServiceId,
        draft: &SpeechServiceDraft,
    ) -> Result<SpeechService, StoreError> {
        let mut tx = self.begin().await?;
        let updated = sql(
            "UPDATE speech_service SET name = $3, settings = $4, sealed_key = $5 \
             WHERE id = $1 AND tenant = $2",
        )
        .bind(id.0)
        .bind(tenant.0)
        .bind(draft.name.as_str())
        .bind(draft.settings.as_str())
        .bind(self.sealed_speech_key(id, draft))
        .change(&mut tx, "speech service")
        .await;
        match updated {
            Err(StoreError::Conflict { .. }) => {
                return Err(StoreError::Conflict {
                    what: NAME_TAKEN.into(),
                });
            }
            other => other?,
        }
        commit(tx).await?;
        self.speech_service(tenant, id).await
    }

    /// Removes a speech service. Voice agents that name it go on with their other ones, or with the built-in engine.
    pub async fn remove_speech_service(
        &self,
        tenant: TenantId,
        id: SpeechServiceId,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM speech_service WHERE id = $1 AND tenant = $2")
            .bind(id.0)
            .bind(tenant.0)
            .change(&mut tx, "speech service")
            .await?;
        commit(tx).await
    }

    fn sealed_speech_key(&self, id: SpeechServiceId, draft: &SpeechServiceDraft) -> Option<String> {
        let key = draft.key.as_ref()?;
        Some(self.key.seal(&place(id), key))
    }

    fn speech_service_of(&self, row: &AnyRow) -> Result<SpeechService, StoreError> {
        let id = SpeechServiceId(row.int("id")?);
        let sealed = row.text_or_null("sealed_key")?;
        let key = sealed.map(|sealed| self.key.open(&place(id), &sealed));
        Ok(SpeechService {
            id,
            tenant: TenantId(row.int("tenant")?),
            settings: SpeechServiceDraft {
                name: row.text("name")?,
                settings: row.text("settings")?,
                key: key.transpose()?,
            },
            created_at: UnixMs(row.int("created_at")?),
        })
    }
}

/// What the key is sealed for.
fn place(id: SpeechServiceId) -> String {
    format!("speech_service/{id}/key")
}
