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
