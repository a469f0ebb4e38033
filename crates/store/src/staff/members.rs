//! Who is in which skill group, and which groups call out with a number.

use model::{E164, Membership, SkillGroupId, Staff, StaffId, TenantId, UnixMs};
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    skill_groups::{check_ring_all, touch},
    write::{staff_in, tell},
};
use crate::{
    Store, StoreError,
    statement::{Columns as _, sql},
    store::commit,
};

impl Store {
    /// Puts a person into skill groups, or gives them another priority there. All or none.
    pub async fn join_skill_groups(
        &self,
        tenant: TenantId,
        staff: StaffId,
        memberships: &[Membership],
        now: UnixMs,
    ) -> Result<Staff, StoreError> {
        let mut tx = self.begin().await?;
        staff_in(&mut tx, tenant, staff).await?;
        join(&mut tx, tenant, staff, memberships, now).await?;
        let after = changed(&mut tx, tenant, staff, now).await?;
        commit(tx).await?;
        Ok(after)
    }

    /// Takes a person out of skill groups; groups the person is not in are passed over.
    pub async fn leave_skill_groups(
        &self,
        tenant: TenantId,
        staff: StaffId,
        groups: &[SkillGroupId],
        now: UnixMs,
    ) -> Result<Staff, StoreError> {
        let mut tx = self.begin().await?;
        staff_in(&mut tx, tenant, staff).await?;
        for group in groups {
            touch(&mut tx, tenant, *group, now).await?;
            sql("DELETE FROM skill_group_member WHERE staff = $1 AND skill_group = $2")
                .bind(staff.0)
                .bind(group.0)
                .run(&mut tx)
                .await?;
        }
        let after = changed(&mut tx, tenant, staff, now).await?;
        commit(tx).await?;
        Ok(after)
    }

    /// Makes these the only skill groups of a person.
    pub async fn set_skill_groups(
        &self,
        tenant: TenantId,
        staff: StaffId,
        memberships: &[Membership],
        now: UnixMs,
    ) -> Result<Staff, StoreError> {
        let mut tx = self.begin().await?;
        staff_in(&mut tx, tenant, staff).await?;
        sql("DELETE FROM skill_group_member WHERE staff = $1")
            .bind(staff.0)
            .run(&mut tx)
            .await?;
        join(&mut tx, tenant, staff, memberships, now).await?;
        let after = changed(&mut tx, tenant, staff, now).await?;
        commit(tx).await?;
        Ok(after)
    }

    /// Lets skill groups call out with a number of the tenant. All or none.
    pub async fn bind_number(
        &self,
        tenant: TenantId,
        number: &E164,
        groups: &[SkillGroupId],
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        own_number(&mut tx, tenant, number).await?;
        for group in groups {
            touch(&mut tx, tenant, *group, now).await?;
            sql(
                "INSERT INTO number_skill_group (number, skill_group) VALUES ($1, $2) \
                 ON CONFLICT DO NOTHING",
            )
            .bind(number.digits())
            .bind(group.0)
            .run(&mut tx)
            .await?;
        }
        commit(tx).await
    }

    /// Stops skill groups from calling out with a number; those that do not are passed over.
    pub async fn unbind_number(
        &self,
        tenant: TenantId,
        number: &E164,
        groups: &[SkillGroupId],
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        own_number(&mut tx, tenant, number).await?;
        for group in groups {
            touch(&mut tx, tenant, *group, now).await?;
            sql("DELETE FROM number_skill_group WHERE number = $1 AND skill_group = $2")
                .bind(number.digits())
                .bind(group.0)
                .run(&mut tx)
                .await?;
        }
        commit(tx).await
    }

    /// The skill groups that call out with a number, by id.
    pub async fn groups_of_number(&self, number: &E164) -> Result<Vec<SkillGroupId>, StoreError> {
        let rows = sql(
            "SELECT skill_group FROM number_skill_group WHERE number = $1 ORDER BY skill_group",
        )
        .bind(number.digits())
        .rows(&mut *self.reader().await?)
        .await?;
        let group = |row: &AnyRow| row.int("skill_group").map(SkillGroupId);
        rows.iter().map(group).collect()
    }
}

async fn join(
    tx: &mut AnyConnection,
    tenant: TenantId,
    staff: StaffId,
    memberships: &[Membership],
    now: UnixMs,
) -> Result<(), StoreError> {
    // In one order everywhere, so that two transactions do not wait for each other in a ring.
    let mut memberships = memberships.to_vec();
    memberships.sort();
    for membership in memberships {
        let group = touch(tx, tenant, membership.group, now).await?;
        sql(
            "INSERT INTO skill_group_member (staff, skill_group, tenant, priority) \
             VALUES ($1, $2, $3, $4) \
             ON CONFLICT (staff, skill_group) DO UPDATE SET priority = excluded.priority",
        )
        .bind(staff.0)
        .bind(membership.group.0)
        .bind(tenant.0)
        .bind(i64::from(membership.priority))
        .run(tx)
        .await?;
        check_ring_all(tx, group.id, &group.settings).await?;
    }
    Ok(())
}

/// The person after the change, which is told.
async fn changed(
    tx: &mut AnyConnection,
    tenant: TenantId,
    staff: StaffId,
    now: UnixMs,
) -> Result<Staff, StoreError> {
    sql("UPDATE staff SET modified_at = $2 WHERE id = $1")
        .bind(staff.0)
        .bind(now.0)
        .run(tx)
        .await?;
    let after = staff_in(tx, tenant, staff).await?;
    tell(tx, "changed", &after, now).await?;
    Ok(after)
}

async fn own_number(
    tx: &mut AnyConnection,
    tenant: TenantId,
    number: &E164,
) -> Result<(), StoreError> {
    sql("UPDATE trunk_number SET n = n WHERE number = $1 AND tenant = $2")
        .bind(number.digits())
        .bind(tenant.0)
        .change(tx, "number")
        .await
}
