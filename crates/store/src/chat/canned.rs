//! Ready answers.

use model::{CannedAnswer, TenantId, UnixMs};
use sqlx::any::AnyRow;

use crate::{
    Page, Paging, Store, StoreError,
    listing::Listing,
    statement::{Columns as _, sql},
    store::{commit, next_id},
};

impl Store {
    /// Adds a ready answer; a taken shortcut is a conflict.
    pub async fn create_canned_answer(
        &self,
        tenant: TenantId,
        shortcut: &str,
        text: &str,
        now: UnixMs,
    ) -> Result<CannedAnswer, StoreError> {
        let mut tx = self.begin().await?;
        let id = next_id(&mut tx, "canned_answer").await?;
        sql(
            "INSERT INTO canned_answer (id, tenant, shortcut, text, created_at) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id)
        .bind(tenant.0)
        .bind(shortcut)
        .bind(text)
        .bind(now.0)
        .insert(&mut tx, "a ready answer with this shortcut exists")
        .await?;
        commit(tx).await?;
        Ok(CannedAnswer {
            id,
            tenant,
            shortcut: shortcut.to_owned(),
            text: text.to_owned(),
            created_at: now,
        })
    }

    /// The tenant's ready answers by shortcut.
    pub async fn canned_answers(
        &self,
        tenant: TenantId,
        paging: Paging,
    ) -> Result<Page<CannedAnswer>, StoreError> {
        let (rows, total) = Listing::of("canned_answer")
            .and("tenant =", tenant.0)
            .page(
                &mut *self.reader().await?,
                "id, tenant, shortcut, text, created_at",
                "shortcut",
                paging,
            )
            .await?;
        let answer = |row: &AnyRow| {
            Ok(CannedAnswer {
                id: row.int("id")?,
                tenant: TenantId(row.int("tenant")?),
                shortcut: row.text("shortcut")?,
                text: row.text("text")?,
                created_at: UnixMs(row.int("created_at")?),
            })
        };
        Ok(Page {
            items: rows.iter().map(answer).collect::<Result<_, StoreError>>()?,
            total,
        })
    }

    /// Removes a ready answer.
    pub async fn remove_canned_answer(&self, tenant: TenantId, id: i64) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM canned_answer WHERE id = $1 AND tenant = $2")
            .bind(id)
            .bind(tenant.0)
            .change(&mut tx, "ready answer")
            .await?;
        commit(tx).await
    }
}
