//! Language models that voice agents think with.

use model::{LanguageModelId, TenantId, UnixMs};
use sqlx::any::AnyRow;

use crate::{
    Page, Paging, Store, StoreError,
    listing::Listing,
    statement::{Columns as _, sql},
    store::{commit, next_id},
};

/// What is said of a second language model with one name.
const NAME_TAKEN: &str = "a language model with this name exists";

/// A language model as an author writes it down.
#[derive(Clone, PartialEq, Eq)]
pub struct LanguageModelDraft {
    /// Unique within its tenant, 1 to 64 characters.
    pub name: String,
    /// Where it is and how it is asked: a JSON document of the app.
    pub settings: String,
    /// The key that requests to it carry, if they carry one.
    pub key: Option<String>,
}

/// A language model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LanguageModel {
    /// Unique in the installation.
    pub id: LanguageModelId,
    /// Its owner.
    pub tenant: TenantId,
    /// Its settings, the key opened.
    pub settings: LanguageModelDraft,
    /// When it was created.
    pub created_at: UnixMs,
}

/// The key never prints.
impl std::fmt::Debug for LanguageModelDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LanguageModelDraft")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Adds a language model; a taken name is a conflict.
    pub async fn create_language_model(
        &self,
        tenant: TenantId,
        draft: &LanguageModelDraft,
        now: UnixMs,
    ) -> Result<LanguageModel, StoreError> {
        let mut tx = self.begin().await?;
        let id = LanguageModelId(next_id(&mut tx, "language_model").await?);
        sql(
            "INSERT INTO language_model (id, tenant, name, settings, sealed_key, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id.0)
        .bind(tenant.0)
        .bind(draft.name.as_str())
        .bind(draft.settings.as_str())
        .bind(self.sealed_model_key(id, draft))
        .bind(now.0)
        .insert(&mut tx, NAME_TAKEN)
        .await?;
        commit(tx).await?;
        Ok(LanguageModel {
            id,
            tenant,
            settings: draft.clone(),
            created_at: now,
        })
    }

    /// The tenant's language model with this id.
    pub async fn language_model(
        &self,
        tenant: TenantId,
        id: LanguageModelId,
    ) -> Result<LanguageModel, StoreError> {
        let row = sql(
            "SELECT id, tenant, name, settings, sealed_key, created_at FROM language_model \
             WHERE id = $1 AND tenant = $2",
        )
        .bind(id.0)
        .bind(tenant.0)
        .found(&mut *self.reader().await?, "language model")
        .await?;
        self.language_model_of(&row)
    }

    /// The tenant's language model with this name.
    pub async fn language_model_named(
        &self,
        tenant: TenantId,
        name: &str,
    ) -> Result<Option<LanguageModel>, StoreError> {
        let row = sql(
            "SELECT id, tenant, name, settings, sealed_key, created_at FROM language_model \
             WHERE tenant = $1 AND name = $2",
        )
        .bind(tenant.0)
        .bind(name)
        .row(&mut *self.reader().await?)
        .await?;
        row.map(|row| self.language_model_of(&row)).transpose()
    }

    /// The tenant's language models by id.
    pub async fn language_models(
        &self,
        tenant: TenantId,
        paging: Paging,
    ) -> Result<Page<LanguageModel>, StoreError> {
        let (rows, total) = Listing::of("language_model")
            .and("tenant =", tenant.0)
            .page(
                &mut *self.reader().await?,
                "id, tenant, name, settings, sealed_key, created_at",
                "id",
                paging,
            )
            .await?;
        let items = rows.iter().map(|row| self.language_model_of(row));
        Ok(Page {
            items: items.collect::<Result<_, _>>()?,
            total,
        })
    }

    /// Replaces the settings, the key included. A taken name is a conflict.
    pub async fn update_language_model(
        &self,
        tenant: TenantId,
        id: LanguageModelId,
        draft: &LanguageModelDraft,
    ) -> Result<LanguageModel, StoreError> {
        let mut tx = self.begin().await?;
        let updated = sql(
            "UPDATE language_model SET name = $3, settings = $4, sealed_key = $5 \
             WHERE id = $1 AND tenant = $2",
        )
        .bind(id.0)
        .bind(tenant.0)
        .bind(draft.name.as_str())
        .bind(draft.settings.as_str())
        .bind(self.sealed_model_key(id, draft))
        .change(&mut tx, "language model")
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
        self.language_model(tenant, id).await
    }

    /// Removes a language model. Voice agents that name it go on with their other ones.
    pub async fn remove_language_model(
        &self,
        tenant: TenantId,
        id: LanguageModelId,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM language_model WHERE id = $1 AND tenant = $2")
            .bind(id.0)
            .bind(tenant.0)
            .change(&mut tx, "language model")
            .await?;
        commit(tx).await
    }

    fn sealed_model_key(&self, id: LanguageModelId, draft: &LanguageModelDraft) -> Option<String> {
        let key = draft.key.as_ref()?;
        Some(self.key.seal(&place(id), key))
    }

    fn language_model_of(&self, row: &AnyRow) -> Result<LanguageModel, StoreError> {
        let id = LanguageModelId(row.int("id")?);
        let sealed = row.text_or_null("sealed_key")?;
        let key = sealed.map(|sealed| self.key.open(&place(id), &sealed));
        Ok(LanguageModel {
            id,
            tenant: TenantId(row.int("tenant")?),
            settings: LanguageModelDraft {
                name: row.text("name")?,
                settings: row.text("settings")?,
                key: key.transpose()?,
            },
            created_at: UnixMs(row.int("created_at")?),
        })
    }
}

/// What the key is sealed for.
fn place(id: LanguageModelId) -> String {
    format!("language_model/{id}/key")
}
