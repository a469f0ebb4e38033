//! Services elsewhere that are asked with a key: language models that voice agents think with, and
//! recognizers and speakers that they hear and speak with.
//!
//! Each kind has a table of its own, of one shape.

use std::fmt::Display;

use model::{LanguageModelId, SpeechServiceId, TenantId, UnixMs};
use sqlx::any::AnyRow;

use crate::{
    Page, Paging, Store, StoreError,
    listing::Listing,
    statement::{Columns as _, sql},
    store::{commit, next_id},
};

/// The columns of every kind.
macro_rules! columns {
    () => {
        "id, tenant, name, settings, sealed_key, created_at"
    };
}

/// A kind of service, told by its id.
pub trait OutsideServiceId: Copy + Display {
    /// The table.
    const TABLE: &'static str;
    /// What one is called in errors.
    const WHAT: &'static str;
    /// What is said of a second one with the same name.
    const NAME_TAKEN: &'static str;
    /// Adds a row.
    const INSERT: &'static str;
    /// Finds a tenant's row by id.
    const BY_ID: &'static str;
    /// Finds a tenant's row by name.
    const BY_NAME: &'static str;
    /// Replaces what an author has written down.
    const UPDATE: &'static str;
    /// Removes a tenant's row.
    const DELETE: &'static str;

    /// From the number in the table.
    fn of(number: i64) -> Self;

    /// The number in the table.
    fn number(self) -> i64;
}

macro_rules! kind {
    ($id:ident, $table:literal, $what:literal) => {
        impl OutsideServiceId for $id {
            const TABLE: &'static str = $table;
            const WHAT: &'static str = $what;
            const NAME_TAKEN: &'static str = concat!("a ", $what, " with this name exists");
            const INSERT: &'static str = concat!(
                "INSERT INTO ",
                $table,
                " (",
                columns!(),
                ") VALUES ($1, $2, $3, $4, $5, $6)"
            );
            const BY_ID: &'static str = concat!(
                "SELECT ",
                columns!(),
                " FROM ",
                $table,
                " WHERE id = $1 AND tenant = $2"
            );
            const BY_NAME: &'static str = concat!(
                "SELECT ",
                columns!(),
                " FROM ",
                $table,
                " WHERE tenant = $1 AND name = $2"
            );
            const UPDATE: &'static str = concat!(
                "UPDATE ",
                $table,
                " SET name = $3, settings = $4, sealed_key = $5 WHERE id = $1 AND tenant = $2"
            );
            const DELETE: &'static str =
                concat!("DELETE FROM ", $table, " WHERE id = $1 AND tenant = $2");

            fn of(number: i64) -> Self {
                Self(number)
            }

            fn number(self) -> i64 {
                self.0
            }
        }
    };
}

kind!(LanguageModelId, "language_model", "language model");
kind!(SpeechServiceId, "speech_service", "speech service");

/// A service as an author writes it down.
#[derive(Clone, PartialEq, Eq)]
pub struct OutsideServiceDraft {
    /// Unique within its tenant and kind, 1 to 64 characters.
    pub name: String,
    /// Where it is and how it is asked: a JSON document of the app.
    pub settings: String,
    /// The key or secret that requests to it carry or are signed with, if any.
    pub key: Option<String>,
}

/// A service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideService<I> {
    /// Unique in the installation.
    pub id: I,
    /// Its owner.
    pub tenant: TenantId,
    /// Its settings, the key opened.
    pub settings: OutsideServiceDraft,
    /// When it was created.
    pub created_at: UnixMs,
}

/// A language model.
pub type LanguageModel = OutsideService<LanguageModelId>;

/// A recognizer or speaker.
pub type SpeechService = OutsideService<SpeechServiceId>;

/// The key never prints.
impl std::fmt::Debug for OutsideServiceDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutsideServiceDraft")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Adds a service; a taken name is a conflict.
    pub async fn create_outside_service<I: OutsideServiceId>(
        &self,
        tenant: TenantId,
        draft: &OutsideServiceDraft,
        now: UnixMs,
    ) -> Result<OutsideService<I>, StoreError> {
        let mut tx = self.begin().await?;
        let id = I::of(next_id(&mut tx, I::TABLE).await?);
        sql(I::INSERT)
            .bind(id.number())
            .bind(tenant.0)
            .bind(draft.name.as_str())
            .bind(draft.settings.as_str())
            .bind(self.sealed_key_of(id, draft))
            .bind(now.0)
            .insert(&mut tx, I::NAME_TAKEN)
            .await?;
        commit(tx).await?;
        Ok(OutsideService {
            id,
            tenant,
            settings: draft.clone(),
            created_at: now,
        })
    }

    /// The tenant's service with this id.
    pub async fn outside_service<I: OutsideServiceId>(
        &self,
        tenant: TenantId,
        id: I,
    ) -> Result<OutsideService<I>, StoreError> {
        let row = sql(I::BY_ID)
            .bind(id.number())
            .bind(tenant.0)
            .found(&mut *self.reader().await?, I::WHAT)
            .await?;
        self.outside_service_of(&row)
    }

    /// The tenant's service with this name.
    pub async fn outside_service_named<I: OutsideServiceId>(
        &self,
        tenant: TenantId,
        name: &str,
    ) -> Result<Option<OutsideService<I>>, StoreError> {
        let row = sql(I::BY_NAME)
            .bind(tenant.0)
            .bind(name)
            .row(&mut *self.reader().await?)
            .await?;
        row.map(|row| self.outside_service_of(&row)).transpose()
    }

    /// The tenant's services of a kind by id.
    pub async fn outside_services<I: OutsideServiceId>(
        &self,
        tenant: TenantId,
        paging: Paging,
    ) -> Result<Page<OutsideService<I>>, StoreError> {
        let (rows, total) = Listing::of(I::TABLE)
            .and("tenant =", tenant.0)
            .page(&mut *self.reader().await?, columns!(), "id", paging)
            .await?;
        let items = rows.iter().map(|row| self.outside_service_of(row));
        Ok(Page {
            items: items.collect::<Result<_, _>>()?,
            total,
        })
    }

    /// Replaces the settings, the key included. A taken name is a conflict.
    pub async fn update_outside_service<I: OutsideServiceId>(
        &self,
        tenant: TenantId,
        id: I,
        draft: &OutsideServiceDraft,
    ) -> Result<OutsideService<I>, StoreError> {
        let mut tx = self.begin().await?;
        let updated = sql(I::UPDATE)
            .bind(id.number())
            .bind(tenant.0)
            .bind(draft.name.as_str())
            .bind(draft.settings.as_str())
            .bind(self.sealed_key_of(id, draft))
            .change(&mut tx, I::WHAT)
            .await;
        match updated {
            Err(StoreError::Conflict { .. }) => {
                return Err(StoreError::Conflict {
                    what: I::NAME_TAKEN.into(),
                });
            }
            other => other?,
        }
        commit(tx).await?;
        self.outside_service(tenant, id).await
    }

    /// Removes a service. Voice agents that name it go on with their other ones, or with what is
    /// built in.
    pub async fn remove_outside_service<I: OutsideServiceId>(
        &self,
        tenant: TenantId,
        id: I,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql(I::DELETE)
            .bind(id.number())
            .bind(tenant.0)
            .change(&mut tx, I::WHAT)
            .await?;
        commit(tx).await
    }

    fn sealed_key_of<I: OutsideServiceId>(
        &self,
        id: I,
        draft: &OutsideServiceDraft,
    ) -> Option<String> {
        let key = draft.key.as_ref()?;
        Some(self.key.seal(&place(id), key))
    }

    fn outside_service_of<I: OutsideServiceId>(
        &self,
        row: &AnyRow,
    ) -> Result<OutsideService<I>, StoreError> {
        let id = I::of(row.int("id")?);
        let sealed = row.text_or_null("sealed_key")?;
        let key = sealed.map(|sealed| self.key.open(&place(id), &sealed));
        Ok(OutsideService {
            id,
            tenant: TenantId(row.int("tenant")?),
            settings: OutsideServiceDraft {
                name: row.text("name")?,
                settings: row.text("settings")?,
                key: key.transpose()?,
            },
            created_at: UnixMs(row.int("created_at")?),
        })
    }
}

/// What the key is sealed for.
fn place<I: OutsideServiceId>(id: I) -> String {
    format!("{}/{id}/key", I::TABLE)
}
