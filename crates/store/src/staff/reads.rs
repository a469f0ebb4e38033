//! Finding people.

use model::{Membership, SkillGroupId, Staff, StaffId, StaffStatus, TenantId, UnixMs};
use sqlx::{AnyConnection, any::AnyRow};

use crate::{
    Page, Paging, Store, StoreError,
    codec::{presence_of, staff_of},
    listing::Listing,
    statement::{Columns as _, sql},
};

/// Columns of a person.
const STAFF: &str = "id, tenant, email, extension, settings, status, presence, created_at, \
                     modified_at";

macro_rules! select_staff {
    ($rest:literal) => {
        concat!(
            "SELECT id, tenant, email, extension, settings, status, presence, created_at, \
             modified_at FROM staff ",
            $rest
        )
    };
}

/// Which people are wanted; what is absent is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffFilter {
    /// Of this instance.
    pub tenant: Option<TenantId>,
    /// One of these, by e-mail.
    pub emails: Vec<String>,
    /// Changed at this time or later.
    pub modified_from: Option<UnixMs>,
    /// In one of these groups.
    pub skill_groups: Vec<SkillGroupId>,
    /// With one of these statuses now.
    pub statuses: Vec<StaffStatus>,
}

impl Store {
    /// The tenant's person with this id.
    pub async fn staff(&self, tenant: TenantId, id: StaffId) -> Result<Staff, StoreError> {
        let staff = self.staff_any(id).await?;
        if staff.tenant == tenant {
            Ok(staff)
        } else {
            Err(StoreError::NotFound { what: "staff" })
        }
    }

    /// The person with this id, of whichever tenant.
    pub async fn staff_any(&self, id: StaffId) -> Result<Staff, StoreError> {
        let mut reader = self.reader().await?;
        let row = sql(select_staff!("WHERE id = $1"))
            .bind(id.0)
            .found(&mut reader, "staff")
            .await?;
        with_groups(&mut reader, &row).await
    }

    /// The tenant's person with this e-mail.
    pub async fn staff_by_email(&self, tenant: TenantId, email: &str) -> Result<Staff, StoreError> {
        let mut reader = self.reader().await?;
        let row = sql(select_staff!("WHERE tenant = $1 AND email = $2"))
            .bind(tenant.0)
            .bind(email)
            .found(&mut reader, "staff")
            .await?;
        with_groups(&mut reader, &row).await
    }

    /// Everybody with this e-mail and a password, of all tenants by id, with the password's hash.
    pub async fn staff_who_sign_in(&self, email: &str) -> Result<Vec<(Staff, String)>, StoreError> {
        let mut reader = self.reader().await?;
        let rows = sql(
            "SELECT id, tenant, email, extension, settings, status, presence, created_at, \
             modified_at, password FROM staff WHERE email = $1 AND password IS NOT NULL \
             ORDER BY id",
        )
        .bind(email)
        .rows(&mut reader)
        .await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            let staff = with_groups(&mut reader, row).await?;
            found.push((staff, row.text("password")?));
        }
        Ok(found)
    }

    /// People by id.
    pub async fn staff_list(
        &self,
        filter: &StaffFilter,
        paging: Paging,
    ) -> Result<Page<Staff>, StoreError> {
        let mut reader = self.reader().await?;
        let (rows, total) = Listing::of("staff")
            .and_if("tenant =", filter.tenant.map(|id| id.0))
            .and_if("modified_at >=", filter.modified_from.map(|at| at.0))
            .one_of(&["email"], filter.emails.iter().map(String::as_str))
            .one_of(
                &["status"],
                filter.statuses.iter().map(|status| status.name()),
            )
            .one_within(
                "id IN (SELECT staff FROM skill_group_member WHERE skill_group IN",
                filter.skill_groups.iter().map(|id| id.0),
            )
            .page(&mut reader, STAFF, "id", paging)
            .await?;
        let mut items = rows.iter().map(staff_row).collect::<Result<Vec<_>, _>>()?;
        if let [one] = items.as_mut_slice() {
            one.skill_groups = groups_of(&mut reader, one.id).await?;
        } else if !items.is_empty() {
            fill_groups(&mut reader, filter.tenant, &mut items).await?;
        }
        Ok(Page { items, total })
    }

    /// Whether there is somebody who may do everything everywhere and can sign in.
    pub async fn has_administrator(&self) -> Result<bool, StoreError> {
        self.has_administrator_beside(StaffId(0)).await
    }

    /// Whether there is somebody else than this person who may do everything everywhere and can
    /// sign in.
    pub async fn has_administrator_beside(&self, id: StaffId) -> Result<bool, StoreError> {
        let rows = sql(select_staff!(
            "WHERE password IS NOT NULL AND id <> $1 ORDER BY id"
        ))
        .bind(id.0)
        .rows(&mut *self.reader().await?)
        .await?;
        for row in &rows {
            if staff_row(row)?.is_operator() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The person of a row, groups included.
pub(super) async fn with_groups(
    connection: &mut AnyConnection,
    row: &AnyRow,
) -> Result<Staff, StoreError> {
    let mut staff = staff_row(row)?;
    staff.skill_groups = groups_of(connection, staff.id).await?;
    Ok(staff)
}

/// The person of a row; the groups are still to come.
fn staff_row(row: &AnyRow) -> Result<Staff, StoreError> {
    let settings = staff_of(
        row.text("email")?,
        row.text_or_null("extension")?,
        &row.text("settings")?,
    )?;
    Ok(Staff {
        id: StaffId(row.int("id")?),
        tenant: TenantId(row.int("tenant")?),
        settings,
        skill_groups: Vec::new(),
        presence: presence_of(&row.text("status")?, &row.text("presence")?)?,
        created_at: UnixMs(row.int("created_at")?),
        modified_at: UnixMs(row.int("modified_at")?),
    })
}

async fn groups_of(
    connection: &mut AnyConnection,
    staff: StaffId,
) -> Result<Vec<Membership>, StoreError> {
    let rows = sql(
        "SELECT staff, skill_group, priority FROM skill_group_member WHERE staff = $1 \
         ORDER BY skill_group",
    )
    .bind(staff.0)
    .rows(connection)
    .await?;
    rows.iter().map(membership_of).collect()
}

/// One question for all of a page.
async fn fill_groups(
    connection: &mut AnyConnection,
    tenant: Option<TenantId>,
    items: &mut [Staff],
) -> Result<(), StoreError> {
    let statement = match tenant {
        Some(tenant) => sql(
            "SELECT staff, skill_group, priority FROM skill_group_member WHERE tenant = $1 \
             ORDER BY staff, skill_group",
        )
        .bind(tenant.0),
        None => sql(
            "SELECT staff, skill_group, priority FROM skill_group_member \
             ORDER BY staff, skill_group",
        ),
    };
    for row in statement.rows(connection).await? {
        let staff = StaffId(row.int("staff")?);
        // Items are in the order of their ids.
        if let Ok(idx) = items.binary_search_by_key(&staff, |item| item.id) {
            items[idx].skill_groups.push(membership_of(&row)?);
        }
    }
    Ok(())
}

fn membership_of(row: &AnyRow) -> Result<Membership, StoreError> {
    Ok(Membership {
        group: SkillGroupId(row.int("skill_group")?),
        priority: u8::try_from(row.int("priority")?).unwrap_or(u8::MAX),
    })
}
