//! Trunks. Their numbers are in [`numbers`](crate::numbers).

use model::{Trunk, TrunkDraft, TrunkId, UnixMs};
use sqlx::{AnyConnection, any::AnyRow};

use crate::{
    Page, Paging, Store, StoreError,
    codec::{trunk_of, trunk_text},
    listing::Listing,
    number_settings::remove,
    numbers::numbers_of_trunk,
    statement::{Columns as _, sql},
    store::next_id,
};

/// What is said of a second trunk with one name.
const NAME_TAKEN: &str = "a trunk with this name exists";

impl Store {
    /// Adds a trunk without numbers. A taken name is a conflict.
    pub async fn create_trunk(&self, draft: &TrunkDraft, now: UnixMs) -> Result<Trunk, StoreError> {
        let mut tx = self.begin().await?;
        let id = TrunkId(next_id(&mut tx, "trunk").await?);
        sql(
            "INSERT INTO trunk (id, name, settings, sealed_password, created_at, sealed_tls_key) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id.0)
        .bind(draft.name.as_str())
        .bind(trunk_text(draft))
        .bind(self.sealed_password(id, draft))
        .bind(now.0)
        .bind(self.sealed_tls_key(id, draft))
        .insert(&mut tx, NAME_TAKEN)
        .await?;
        self.commit_trunks(tx).await?;
        Ok(Trunk {
            id,
            settings: draft.clone(),
            numbers: Vec::new(),
            created_at: now,
        })
    }

    /// The trunk with this id, its password and key opened.
    pub async fn trunk(&self, id: TrunkId) -> Result<Trunk, StoreError> {
        self.trunk_in(&mut *self.reader().await?, id).await
    }

    /// All trunks by id, with their numbers.
    pub async fn trunks(&self, paging: Paging) -> Result<Page<Trunk>, StoreError> {
        let mut reader = self.reader().await?;
        let (rows, total) = Listing::of("trunk")
            .page(
                &mut reader,
                "id, name, settings, sealed_password, sealed_tls_key, created_at",
                "id",
                paging,
            )
            .await?;
        let mut items = Vec::with_capacity(rows.len());
        for row in &rows {
            items.push(self.trunk_of_row(&mut reader, row).await?);
        }
        Ok(Page { items, total })
    }

    /// Replaces the settings, password included. A taken name is a conflict.
    pub async fn update_trunk(&self, id: TrunkId, draft: &TrunkDraft) -> Result<Trunk, StoreError> {
        let mut tx = self.begin().await?;
        let updated = sql(
            "UPDATE trunk SET name = $2, settings = $3, sealed_password = $4, \
                 sealed_tls_key = $5 WHERE id = $1",
        )
        .bind(id.0)
        .bind(draft.name.as_str())
        .bind(trunk_text(draft))
        .bind(self.sealed_password(id, draft))
        .bind(self.sealed_tls_key(id, draft))
        .change(&mut tx, "trunk")
        .await;
        match updated {
            Ok(()) => {}
            Err(StoreError::Conflict { .. }) => {
                return Err(StoreError::Conflict {
                    what: NAME_TAKEN.into(),
                });
            }
            Err(other) => return Err(other),
        }
        let trunk = self.trunk_in(&mut tx, id).await?;
        self.commit_trunks(tx).await?;
        Ok(trunk)
    }

    /// Removes a trunk and its numbers.
    pub async fn remove_trunk(&self, id: TrunkId) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM trunk WHERE id = $1")
            .bind(id.0)
            .change(&mut tx, "trunk")
            .await?;
        for number in numbers_of_trunk(&mut tx, id).await? {
            remove(&mut tx, &number.number).await?;
        }
        self.commit_trunks(tx).await
    }

    async fn trunk_in(
        &self,
        connection: &mut AnyConnection,
        id: TrunkId,
    ) -> Result<Trunk, StoreError> {
        let row = sql(
            "SELECT id, name, settings, sealed_password, sealed_tls_key, created_at FROM trunk \
                 WHERE id = $1",
        )
        .bind(id.0)
        .found(connection, "trunk")
        .await?;
        self.trunk_of_row(connection, &row).await
    }

    async fn trunk_of_row(
        &self,
        connection: &mut AnyConnection,
        row: &AnyRow,
    ) -> Result<Trunk, StoreError> {
        let id = TrunkId(row.int("id")?);
        let password = row
            .text_or_null("sealed_password")?
            .map(|sealed| self.key.open(&place(id), &sealed))
            .transpose()?;
        let tls_key = row
            .text_or_null("sealed_tls_key")?
            .map(|sealed| self.key.open(&place_of_key(id), &sealed))
            .transpose()?;
        Ok(Trunk {
            id,
            settings: trunk_of(row.text("name")?, password, tls_key, &row.text("settings")?)?,
            numbers: numbers_of_trunk(connection, id).await?,
            created_at: UnixMs(row.int("created_at")?),
        })
    }

    fn sealed_password(&self, id: TrunkId, draft: &TrunkDraft) -> Option<String> {
        let password = draft.password.as_ref()?;
        Some(self.key.seal(&place(id), password))
    }

    fn sealed_tls_key(&self, id: TrunkId, draft: &TrunkDraft) -> Option<String> {
        let key = draft.way.tls_key.as_ref()?;
        Some(self.key.seal(&place_of_key(id), key))
    }
}

/// What the password is sealed for.
fn place(id: TrunkId) -> String {
    format!("trunk/{id}/password")
}

/// What the key of its certificate is sealed for.
fn place_of_key(id: TrunkId) -> String {
    format!("trunk/{id}/tls-key")
}
