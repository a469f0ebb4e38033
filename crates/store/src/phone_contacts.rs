//! Where the phones of extensions are: their registrations, which outlive a restart.

use model::{PhoneContact, TenantId, UnixMs};

use crate::{
    Store, StoreError,
    codec::{phone_contact_of, phone_contact_text},
    statement::{Columns as _, sql},
    store::commit,
};

impl Store {
    /// Where the phone of an extension can be called at `now`, in the order of registration.
    pub async fn phone_contacts(
        &self,
        tenant: TenantId,
        number: &str,
        now: UnixMs,
    ) -> Result<Vec<PhoneContact>, StoreError> {
        let rows = sql("SELECT contact, expires_at FROM phone_contact \
             WHERE tenant = $1 AND extension = $2 AND expires_at > $3 ORDER BY n")
        .bind(tenant.0)
        .bind(number)
        .bind(now.0)
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter()
            .map(|row| phone_contact_of(&row.text("contact")?, UnixMs(row.int("expires_at")?)))
            .collect()
    }

    /// Makes these the only contacts of an extension; [`StoreError::NotFound`] if it was removed.
    pub async fn set_phone_contacts(
        &self,
        tenant: TenantId,
        number: &str,
        contacts: &[PhoneContact],
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("UPDATE extension SET name = name WHERE tenant = $1 AND number = $2")
            .bind(tenant.0)
            .bind(number)
            .change(&mut tx, "extension")
            .await?;
        sql("DELETE FROM phone_contact WHERE tenant = $1 AND extension = $2")
            .bind(tenant.0)
            .bind(number)
            .run(&mut tx)
            .await?;
        for (n, contact) in (0_i64..).zip(contacts) {
            sql(
                "INSERT INTO phone_contact (tenant, extension, n, contact, expires_at) \
                 VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(tenant.0)
            .bind(number)
            .bind(n)
            .bind(phone_contact_text(contact))
            .bind(contact.expires_at.0)
            .run(&mut tx)
            .await?;
        }
        commit(tx).await
    }

    /// Every contact that holds at `now`: the phones that are kept alive.
    pub async fn all_phone_contacts(&self, now: UnixMs) -> Result<Vec<PhoneContact>, StoreError> {
        let rows = sql("SELECT contact, expires_at FROM phone_contact WHERE expires_at > $1")
            .bind(now.0)
            .rows(&mut *self.reader().await?)
            .await?;
        rows.iter()
            .map(|row| phone_contact_of(&row.text("contact")?, UnixMs(row.int("expires_at")?)))
            .collect()
    }

    /// Which of the tenant's extensions have a phone at `now`.
    pub async fn registered_extensions(
        &self,
        tenant: TenantId,
        now: UnixMs,
    ) -> Result<Vec<String>, StoreError> {
        let rows = sql(
            "SELECT DISTINCT extension FROM phone_contact WHERE tenant = $1 AND expires_at > $2 \
             ORDER BY extension",
        )
        .bind(tenant.0)
        .bind(now.0)
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter().map(|row| row.text("extension")).collect()
    }

    /// Removes contacts that have expired; how many.
    pub async fn remove_expired_contacts(&self, now: UnixMs) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let n = sql("DELETE FROM phone_contact WHERE expires_at <= $1")
            .bind(now.0)
            .run(&mut tx)
            .await?;
        commit(tx).await?;
        Ok(n)
    }
}
