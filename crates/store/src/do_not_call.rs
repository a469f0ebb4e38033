//! Do-not-call lists.

use model::{E164, TenantId, UnixMs};
use sqlx::any::AnyRow;

use crate::{
    Page, Paging, Store, StoreError,
    codec::number_of,
    listing::Listing,
    statement::{Columns as _, sql},
    store::commit,
};

/// A number that is never called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoNotCall {
    /// The number.
    pub number: E164,
    /// What a dialect keeps beside it: a JSON document.
    pub notes: String,
    /// When it was put on the list.
    pub created_at: UnixMs,
}

impl Store {
    /// Puts numbers on the tenant's list, all or none. Gives how many were not on it before.
    pub async fn add_do_not_call(
        &self,
        tenant: TenantId,
        numbers: &[E164],
        now: UnixMs,
    ) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let mut n_added = 0;
        for number in numbers {
            n_added += sql(
                "INSERT INTO do_not_call (tenant, number, created_at) VALUES ($1, $2, $3) \
                 ON CONFLICT DO NOTHING",
            )
            .bind(tenant.0)
            .bind(number.digits())
            .bind(now.0)
            .run(&mut tx)
            .await?;
        }
        commit(tx).await?;
        Ok(n_added)
    }

    /// Puts numbers on the tenant's list, all or none, with what a dialect keeps beside each; what was
    /// kept beside one that is on it is replaced. Gives how many they are.
    pub async fn add_do_not_call_with_notes(
        &self,
        tenant: TenantId,
        numbers: &[(E164, String)],
        now: UnixMs,
    ) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let mut n_written = 0;
        for (number, notes) in numbers {
            n_written += sql(
                "INSERT INTO do_not_call (tenant, number, notes, created_at) \
                 VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (tenant, number) DO UPDATE SET notes = excluded.notes",
            )
            .bind(tenant.0)
            .bind(number.digits())
            .bind(notes.as_str())
            .bind(now.0)
            .run(&mut tx)
            .await?;
        }
        commit(tx).await?;
        Ok(n_written)
    }

    /// The tenant's list by number, with notes; `part` is in the number or in the notes.
    pub async fn do_not_call_with_notes(
        &self,
        tenant: TenantId,
        part: Option<&str>,
        paging: Paging,
    ) -> Result<Page<DoNotCall>, StoreError> {
        let (rows, total) = Listing::of("do_not_call")
            .and("tenant =", tenant.0)
            .and_if(
                "number || ' ' || notes LIKE",
                part.map(crate::campaigns::contains),
            )
            .page(
                &mut *self.reader().await?,
                "number, notes, created_at",
                "number",
                paging,
            )
            .await?;
        let entry = |row: &AnyRow| {
            Ok(DoNotCall {
                number: number_of(&row.text("number")?)?,
                notes: row.text("notes")?,
                created_at: UnixMs(row.int("created_at")?),
            })
        };
        Ok(Page {
            items: rows.iter().map(entry).collect::<Result<_, StoreError>>()?,
            total,
        })
    }

    /// Takes numbers off the tenant's list, all or none. Gives how many were on it.
    pub async fn remove_do_not_call(
        &self,
        tenant: TenantId,
        numbers: &[E164],
    ) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let mut n_removed = 0;
        for number in numbers {
            n_removed += sql("DELETE FROM do_not_call WHERE tenant = $1 AND number = $2")
                .bind(tenant.0)
                .bind(number.digits())
                .run(&mut tx)
                .await?;
        }
        commit(tx).await?;
        Ok(n_removed)
    }

    /// Whether the tenant must never call this number.
    pub async fn is_do_not_call(
        &self,
        tenant: TenantId,
        number: &E164,
    ) -> Result<bool, StoreError> {
        let n = sql("SELECT COUNT(*) FROM do_not_call WHERE tenant = $1 AND number = $2")
            .bind(tenant.0)
            .bind(number.digits())
            .number(&mut *self.reader().await?)
            .await?;
        Ok(n > 0)
    }

    /// The tenant's list by number, with the time each was added.
    pub async fn do_not_call(
        &self,
        tenant: TenantId,
        paging: Paging,
    ) -> Result<Page<(E164, UnixMs)>, StoreError> {
        let (rows, total) = Listing::of("do_not_call")
            .and("tenant =", tenant.0)
            .page(
                &mut *self.reader().await?,
                "number, created_at",
                "number",
                paging,
            )
            .await?;
        let entry = |row: &AnyRow| {
            Ok((
                number_of(&row.text("number")?)?,
                UnixMs(row.int("created_at")?),
            ))
        };
        Ok(Page {
            items: rows.iter().map(entry).collect::<Result<_, StoreError>>()?,
            total,
        })
    }
}
