//! Adding, changing and removing people.

use model::{Presence, Staff, StaffDraft, StaffId, TenantId, UnixMs};
use sqlx::AnyConnection;

use super::reads::with_groups;
use crate::{
    Store, StoreError,
    codec::{presence_text, staff_text, staff_told},
    live_events::{NewLiveEvent, Topic},
    statement::sql,
    store::{commit, next_id},
};

const EMAIL_TAKEN: &str = "staff with this e-mail or extension exists";

impl Store {
    /// Adds a person, offline and without skill groups. `password` is the hash to sign in with.
    /// An e-mail or extension that is taken in the tenant is a conflict.
    pub async fn create_staff(
        &self,
        tenant: TenantId,
        draft: &StaffDraft,
        password: Option<&str>,
        now: UnixMs,
    ) -> Result<Staff, StoreError> {
        let mut tx = self.begin().await?;
        sql("UPDATE tenant SET name = name WHERE id = $1")
            .bind(tenant.0)
            .change(&mut tx, "tenant")
            .await?;
        let staff = Staff {
            id: StaffId(next_id(&mut tx, "staff").await?),
            tenant,
            settings: draft.clone(),
            skill_groups: Vec::new(),
            presence: Presence::new(now),
            created_at: now,
            modified_at: now,
        };
        sql(
            "INSERT INTO staff (id, tenant, email, extension, settings, password, status, \
             presence, n_changes, created_at, modified_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $9)",
        )
        .bind(staff.id.0)
        .bind(tenant.0)
        .bind(draft.email.as_str())
        .bind(draft.extension.clone())
        .bind(staff_text(draft))
        .bind(password.map(str::to_owned))
        .bind(staff.presence.status.name())
        .bind(presence_text(&staff.presence))
        .bind(now.0)
        .insert(&mut tx, EMAIL_TAKEN)
        .await?;
        tell(&mut tx, "added", &staff, now).await?;
        commit(tx).await?;
        Ok(staff)
    }

    /// Replaces what is written down of a person.
    pub async fn update_staff(
        &self,
        tenant: TenantId,
        id: StaffId,
        draft: &StaffDraft,
        now: UnixMs,
    ) -> Result<Staff, StoreError> {
        let mut tx = self.begin().await?;
        let changed = sql(
            "UPDATE staff SET email = $3, extension = $4, settings = $5, modified_at = $6 \
             WHERE id = $1 AND tenant = $2",
        )
        .bind(id.0)
        .bind(tenant.0)
        .bind(draft.email.as_str())
        .bind(draft.extension.clone())
        .bind(staff_text(draft))
        .bind(now.0)
        .change(&mut tx, "staff")
        .await;
        match changed {
            Err(StoreError::Conflict { .. }) => {
                return Err(StoreError::Conflict {
                    what: EMAIL_TAKEN.into(),
                });
            }
            other => other?,
        }
        let staff = staff_in(&mut tx, tenant, id).await?;
        tell(&mut tx, "changed", &staff, now).await?;
        commit(tx).await?;
        Ok(staff)
    }

    /// Sets the hash that a person signs in with, and signs them out everywhere.
    pub async fn set_staff_password(&self, id: StaffId, password: &str) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("UPDATE staff SET password = $2 WHERE id = $1")
            .bind(id.0)
            .bind(password)
            .change(&mut tx, "staff")
            .await?;
        sign_out(&mut tx, id).await?;
        commit(tx).await
    }

    /// Removes a person with memberships, sign-ins and history of statuses.
    pub async fn remove_staff(
        &self,
        tenant: TenantId,
        id: StaffId,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let staff = staff_in(&mut tx, tenant, id).await?;
        remove(&mut tx, &staff, now).await?;
        commit(tx).await
    }
}

/// The tenant's person with this id; the row stays locked until the transaction ends.
pub(super) async fn staff_in(
    tx: &mut AnyConnection,
    tenant: TenantId,
    id: StaffId,
) -> Result<Staff, StoreError> {
    let row = sql(
        "UPDATE staff SET n_changes = n_changes WHERE id = $1 AND tenant = $2 \
         RETURNING id, tenant, email, extension, settings, status, presence, created_at, \
         modified_at",
    )
    .bind(id.0)
    .bind(tenant.0)
    .found(tx, "staff")
    .await?;
    with_groups(tx, &row).await
}

async fn remove(tx: &mut AnyConnection, staff: &Staff, now: UnixMs) -> Result<(), StoreError> {
    sign_out(tx, staff.id).await?;
    for removal in [
        "DELETE FROM skill_group_member WHERE staff = $1",
        "DELETE FROM staff_status_change WHERE staff = $1",
        "UPDATE extension SET staff = NULL WHERE staff = $1",
        "DELETE FROM staff WHERE id = $1",
    ] {
        sql(removal).bind(staff.id.0).run(tx).await?;
    }
    tell(tx, "removed", staff, now).await
}

async fn sign_out(tx: &mut AnyConnection, id: StaffId) -> Result<(), StoreError> {
    for removal in [
        "DELETE FROM sign_in WHERE staff = $1",
        "DELETE FROM sign_in_token WHERE staff = $1",
    ] {
        sql(removal).bind(id.0).run(tx).await?;
    }
    Ok(())
}

/// Tells live what happened to a person.
pub(super) async fn tell(
    tx: &mut AnyConnection,
    change: &str,
    staff: &Staff,
    now: UnixMs,
) -> Result<(), StoreError> {
    let event = NewLiveEvent {
        tenant: staff.tenant,
        topic: Topic::Staff,
        subject: staff.id.to_string(),
        at: now,
        body: staff_told(change, staff),
    };
    event.insert(tx).await.map(|_| ())
}
