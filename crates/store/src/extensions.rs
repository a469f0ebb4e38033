//! Extensions: internal numbers with the passwords of their phones. Where the phones are is in
//! [`phone_contacts`](crate::phone_contacts).

use model::{Extension, ExtensionDraft, SkillGroupId, StaffId, TenantId, UnixMs};
use sqlx::{AnyConnection, any::AnyRow};

use crate::{
    Page, Paging, Store, StoreError,
    codec::{
        codecs_of, encryption_of, key_presses_of, media_timeout_of, phone_rules_of,
        phone_rules_text, staff_of,
    },
    listing::Listing,
    statement::{Columns as _, sql},
    store::commit,
};

const NUMBER_TAKEN: &str = "an extension with this number exists";

const JOINED: &str =
    "extension LEFT JOIN staff ON staff.id = extension.staff AND staff.tenant = extension.tenant";
const COLUMNS: &str = "extension.tenant AS tenant, extension.number AS number, \
     extension.name AS name, extension.sealed_password AS sealed_password, \
     extension.encryption AS encryption, extension.rules AS rules, \
     extension.codecs AS codecs, extension.key_presses AS key_presses, \
     extension.media_timeout_second AS media_timeout_second, \
     extension.created_at AS created_at, extension.modified_at AS modified_at, \
     staff.email AS staff_email, staff.settings AS staff_settings";

impl Store {
    /// Adds an extension. A number that the tenant has is a conflict; a person or skill group that
    /// it has not is not found.
    pub async fn create_extension(
        &self,
        tenant: TenantId,
        draft: &ExtensionDraft,
        password: &str,
        now: UnixMs,
    ) -> Result<Extension, StoreError> {
        let mut tx = self.begin().await?;
        let staff = staff_id(&mut tx, tenant, draft.staff.as_deref()).await?;
        sql(
            "INSERT INTO extension (tenant, number, name, staff, sealed_password, created_at, \
             modified_at, encryption, rules, codecs, key_presses, media_timeout_second) \
             VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10, $11)",
        )
        .bind(tenant.0)
        .bind(draft.number.as_str())
        .bind(draft.name.as_str())
        .bind(staff)
        .bind(self.key.seal(&place(tenant, &draft.number), password))
        .bind(now.0)
        .bind(draft.encryption.name())
        .bind(phone_rules_text(&draft.rules))
        .bind(codecs_text(draft))
        .bind(draft.key_presses.name())
        .bind(i64::from(draft.media_timeout.second()))
        .insert(&mut tx, NUMBER_TAKEN)
        .await?;
        set_groups(&mut tx, tenant, draft).await?;
        let after = self.extension_in(&mut tx, tenant, &draft.number).await?;
        commit(tx).await?;
        Ok(after)
    }

    /// The tenant's extension with this number, its password opened.
    pub async fn extension(&self, tenant: TenantId, number: &str) -> Result<Extension, StoreError> {
        self.extension_in(&mut *self.reader().await?, tenant, number)
            .await
    }

    /// The tenant's extensions in the order of their numbers.
    pub async fn extensions(
        &self,
        tenant: TenantId,
        paging: Paging,
    ) -> Result<Page<Extension>, StoreError> {
        let mut reader = self.reader().await?;
        let (rows, total) = Listing::of(JOINED)
            .and("extension.tenant =", tenant.0)
            .page(&mut reader, COLUMNS, "extension.number", paging)
            .await?;
        let mut items = Vec::with_capacity(rows.len());
        for row in &rows {
            items.push(self.extension_of_row(&mut reader, row).await?);
        }
        Ok(Page { items, total })
    }

    /// The extensions of one person, in the order of their numbers.
    pub async fn extensions_of_staff(
        &self,
        tenant: TenantId,
        staff: StaffId,
    ) -> Result<Vec<Extension>, StoreError> {
        let mut reader = self.reader().await?;
        let (rows, _) = Listing::of(JOINED)
            .and("extension.tenant =", tenant.0)
            .and("extension.staff =", staff.0)
            .page(&mut reader, COLUMNS, "extension.number", Paging::first(10))
            .await?;
        let mut items = Vec::with_capacity(rows.len());
        for row in &rows {
            items.push(self.extension_of_row(&mut reader, row).await?);
        }
        Ok(items)
    }

    /// The tenants that have an extension with this number; at most two, as more say no more.
    pub async fn tenants_of_extension(&self, number: &str) -> Result<Vec<TenantId>, StoreError> {
        let rows = sql("SELECT tenant FROM extension WHERE number = $1 ORDER BY tenant LIMIT 2")
            .bind(number)
            .rows(&mut *self.reader().await?)
            .await?;
        rows.iter()
            .map(|row| Ok(TenantId(row.int("tenant")?)))
            .collect()
    }

    /// Replaces what is written down of an extension; number and password stay.
    pub async fn update_extension(
        &self,
        tenant: TenantId,
        draft: &ExtensionDraft,
        now: UnixMs,
    ) -> Result<Extension, StoreError> {
        let mut tx = self.begin().await?;
        let staff = staff_id(&mut tx, tenant, draft.staff.as_deref()).await?;
        sql(
            "UPDATE extension SET name = $3, staff = $4, modified_at = $5, encryption = $6, \
             rules = $7, codecs = $8, key_presses = $9, media_timeout_second = $10 \
             WHERE tenant = $1 AND number = $2",
        )
        .bind(tenant.0)
        .bind(draft.number.as_str())
        .bind(draft.name.as_str())
        .bind(staff)
        .bind(now.0)
        .bind(draft.encryption.name())
        .bind(phone_rules_text(&draft.rules))
        .bind(codecs_text(draft))
        .bind(draft.key_presses.name())
        .bind(i64::from(draft.media_timeout.second()))
        .change(&mut tx, "extension")
        .await?;
        sql("DELETE FROM extension_skill_group WHERE tenant = $1 AND extension = $2")
            .bind(tenant.0)
            .bind(draft.number.as_str())
            .run(&mut tx)
            .await?;
        set_groups(&mut tx, tenant, draft).await?;
        let after = self.extension_in(&mut tx, tenant, &draft.number).await?;
        commit(tx).await?;
        Ok(after)
    }

    /// Gives an extension a new password. Its phones are forgotten: they must prove themselves anew.
    pub async fn reset_extension_password(
        &self,
        tenant: TenantId,
        number: &str,
        password: &str,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql(
            "UPDATE extension SET sealed_password = $3, modified_at = $4 \
             WHERE tenant = $1 AND number = $2",
        )
        .bind(tenant.0)
        .bind(number)
        .bind(self.key.seal(&place(tenant, number), password))
        .bind(now.0)
        .change(&mut tx, "extension")
        .await?;
        forget_contacts(&mut tx, tenant, number).await?;
        commit(tx).await
    }

    /// Removes an extension with its registrations.
    pub async fn remove_extension(&self, tenant: TenantId, number: &str) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM extension WHERE tenant = $1 AND number = $2")
            .bind(tenant.0)
            .bind(number)
            .change(&mut tx, "extension")
            .await?;
        sql("DELETE FROM extension_skill_group WHERE tenant = $1 AND extension = $2")
            .bind(tenant.0)
            .bind(number)
            .run(&mut tx)
            .await?;
        forget_contacts(&mut tx, tenant, number).await?;
        commit(tx).await
    }

    async fn extension_in(
        &self,
        connection: &mut AnyConnection,
        tenant: TenantId,
        number: &str,
    ) -> Result<Extension, StoreError> {
        let row = sql(
            "SELECT extension.tenant AS tenant, extension.number AS number, \
             extension.name AS name, extension.sealed_password AS sealed_password, \
             extension.encryption AS encryption, extension.rules AS rules, \
             extension.codecs AS codecs, extension.key_presses AS key_presses, \
             extension.media_timeout_second AS media_timeout_second, \
             extension.created_at AS created_at, extension.modified_at AS modified_at, \
             staff.email AS staff_email, staff.settings AS staff_settings \
             FROM extension LEFT JOIN staff \
             ON staff.id = extension.staff AND staff.tenant = extension.tenant \
             WHERE extension.tenant = $1 AND extension.number = $2",
        )
        .bind(tenant.0)
        .bind(number)
        .found(connection, "extension")
        .await?;
        self.extension_of_row(connection, &row).await
    }

    async fn extension_of_row(
        &self,
        connection: &mut AnyConnection,
        row: &AnyRow,
    ) -> Result<Extension, StoreError> {
        let tenant = TenantId(row.int("tenant")?);
        let number = row.text("number")?;
        let groups = sql("SELECT skill_group FROM extension_skill_group \
             WHERE tenant = $1 AND extension = $2 ORDER BY skill_group")
        .bind(tenant.0)
        .bind(number.as_str())
        .rows(connection)
        .await?;
        let skill_groups = groups
            .iter()
            .map(|row| Ok(SkillGroupId(row.int("skill_group")?)))
            .collect::<Result<_, StoreError>>()?;
        let sealed = row.text("sealed_password")?;
        let staff = row.text_or_null("staff_email")?;
        let staff_name = match (&staff, row.text_or_null("staff_settings")?) {
            (Some(email), Some(settings)) => staff_of(email.clone(), None, &settings)?.name,
            (None, _) | (_, None) => String::new(),
        };
        Ok(Extension {
            tenant,
            password: self.key.open(&place(tenant, &number), &sealed)?,
            settings: ExtensionDraft {
                number,
                name: row.text("name")?,
                skill_groups,
                staff,
                encryption: encryption_of(&row.text("encryption")?)?,
                rules: phone_rules_of(&row.text("rules")?)?,
                codecs: codecs_of(&row.text("codecs")?)?,
                key_presses: key_presses_of(&row.text("key_presses")?)?,
                media_timeout: media_timeout_of(row.int("media_timeout_second")?)?,
            },
            staff_name,
            created_at: UnixMs(row.int("created_at")?),
            modified_at: UnixMs(row.int("modified_at")?),
        })
    }
}

fn codecs_text(draft: &ExtensionDraft) -> String {
    let names: Vec<&str> = draft.codecs.iter().map(|codec| codec.name()).collect();
    names.join(",")
}

/// Forgets where the phone of an extension is.
async fn forget_contacts(
    tx: &mut AnyConnection,
    tenant: TenantId,
    number: &str,
) -> Result<(), StoreError> {
    sql("DELETE FROM phone_contact WHERE tenant = $1 AND extension = $2")
        .bind(tenant.0)
        .bind(number)
        .run(tx)
        .await
        .map(|_| ())
}

async fn staff_id(
    tx: &mut AnyConnection,
    tenant: TenantId,
    email: Option<&str>,
) -> Result<Option<i64>, StoreError> {
    let Some(email) = email else {
        return Ok(None);
    };
    let row = sql("SELECT id FROM staff WHERE tenant = $1 AND email = $2")
        .bind(tenant.0)
        .bind(email)
        .found(tx, "staff")
        .await?;
    row.int("id").map(Some)
}

async fn set_groups(
    tx: &mut AnyConnection,
    tenant: TenantId,
    draft: &ExtensionDraft,
) -> Result<(), StoreError> {
    let mut groups = draft.skill_groups.clone();
    groups.sort_unstable();
    groups.dedup();
    for group in groups {
        sql("SELECT id FROM skill_group WHERE id = $1 AND tenant = $2")
            .bind(group.0)
            .bind(tenant.0)
            .found(tx, "skill group")
            .await?;
        sql("INSERT INTO extension_skill_group (tenant, extension, skill_group) VALUES ($1, $2, $3)")
            .bind(tenant.0)
            .bind(draft.number.as_str())
            .bind(group.0)
            .run(tx)
            .await?;
    }
    Ok(())
}

/// What the password is sealed for.
fn place(tenant: TenantId, number: &str) -> String {
    format!("extension/{tenant}/{number}/password")
}
