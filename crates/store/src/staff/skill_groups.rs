//! Skill groups.

use model::{SkillGroup, SkillGroupDraft, SkillGroupId, TenantId, UnixMs};
use sqlx::{AnyConnection, any::AnyRow};

use crate::{
    Page, Paging, Store, StoreError,
    codec::{skill_group_of, skill_group_text, skill_group_told},
    listing::Listing,
    live_events::{NewLiveEvent, Topic},
    statement::{Columns as _, sql},
    store::{commit, next_id},
};

const NAME_TAKEN: &str = "a skill group with this name exists";

/// Which skill groups are wanted; what is absent is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SkillGroupFilter {
    /// Only this one.
    pub id: Option<SkillGroupId>,
    /// With this name.
    pub name: Option<String>,
    /// Changed at this time or later.
    pub modified_from: Option<UnixMs>,
}

impl Store {
    /// Adds a skill group without members. A taken name is a conflict.
    pub async fn create_skill_group(
        &self,
        tenant: TenantId,
        draft: &SkillGroupDraft,
        now: UnixMs,
    ) -> Result<SkillGroup, StoreError> {
        let mut tx = self.begin().await?;
        let id = SkillGroupId(next_id(&mut tx, "skill_group").await?);
        sql(
            "INSERT INTO skill_group (id, tenant, name, settings, created_at, modified_at) \
             VALUES ($1, $2, $3, $4, $5, $5)",
        )
        .bind(id.0)
        .bind(tenant.0)
        .bind(draft.name.as_str())
        .bind(skill_group_text(draft))
        .bind(now.0)
        .insert(&mut tx, NAME_TAKEN)
        .await?;
        tell(&mut tx, "added", tenant, id, now).await?;
        commit(tx).await?;
        Ok(SkillGroup {
            id,
            tenant,
            settings: draft.clone(),
            created_at: now,
            modified_at: now,
        })
    }

    /// The tenant's skill group with this id.
    pub async fn skill_group(
        &self,
        tenant: TenantId,
        id: SkillGroupId,
    ) -> Result<SkillGroup, StoreError> {
        let row = sql(
            "SELECT id, tenant, name, settings, created_at, modified_at FROM skill_group \
             WHERE id = $1 AND tenant = $2",
        )
        .bind(id.0)
        .bind(tenant.0)
        .found(&mut *self.reader().await?, "skill group")
        .await?;
        skill_group_row(&row)
    }

    /// The tenant's skill groups by id.
    pub async fn skill_groups(
        &self,
        tenant: TenantId,
        filter: &SkillGroupFilter,
        paging: Paging,
    ) -> Result<Page<SkillGroup>, StoreError> {
        let (rows, total) = Listing::of("skill_group")
            .and("tenant =", tenant.0)
            .and_if("id =", filter.id.map(|id| id.0))
            .and_if("name =", filter.name.clone())
            .and_if("modified_at >=", filter.modified_from.map(|at| at.0))
            .page(
                &mut *self.reader().await?,
                "id, tenant, name, settings, created_at, modified_at",
                "id",
                paging,
            )
            .await?;
        Ok(Page {
            items: rows.iter().map(skill_group_row).collect::<Result<_, _>>()?,
            total,
        })
    }

    /// Replaces what is written down of a skill group. To ring all of too many members is
    /// [`StoreError::Conflict`].
    pub async fn update_skill_group(
        &self,
        tenant: TenantId,
        id: SkillGroupId,
        draft: &SkillGroupDraft,
        now: UnixMs,
    ) -> Result<SkillGroup, StoreError> {
        let mut tx = self.begin().await?;
        let row = sql(
            "UPDATE skill_group SET name = $3, settings = $4, modified_at = $5 \
             WHERE id = $1 AND tenant = $2 \
             RETURNING id, tenant, name, settings, created_at, modified_at",
        )
        .bind(id.0)
        .bind(tenant.0)
        .bind(draft.name.as_str())
        .bind(skill_group_text(draft))
        .bind(now.0)
        .found(&mut tx, "skill group")
        .await
        .map_err(|error| match error {
            StoreError::Conflict { .. } => StoreError::Conflict {
                what: NAME_TAKEN.into(),
            },
            other => other,
        })?;
        check_ring_all(&mut tx, id, draft).await?;
        tell(&mut tx, "changed", tenant, id, now).await?;
        commit(tx).await?;
        skill_group_row(&row)
    }

    /// Removes a skill group with its memberships and its numbers. Calls that came
    /// in for it have nobody to answer them from then on.
    pub async fn remove_skill_group(
        &self,
        tenant: TenantId,
        id: SkillGroupId,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM skill_group WHERE id = $1 AND tenant = $2")
            .bind(id.0)
            .bind(tenant.0)
            .change(&mut tx, "skill group")
            .await?;
        for removal in [
            "DELETE FROM skill_group_member WHERE skill_group = $1",
            "DELETE FROM number_skill_group WHERE skill_group = $1",
            "DELETE FROM extension_skill_group WHERE skill_group = $1",
            "UPDATE trunk_number SET inbound_group = NULL WHERE inbound_group = $1",
        ] {
            sql(removal).bind(id.0).run(&mut tx).await?;
        }
        tell(&mut tx, "removed", tenant, id, now).await?;
        self.commit_trunks(tx).await
    }
}

/// Locks the tenant's group until the transaction ends, and notes that its members change.
pub(super) async fn touch(
    tx: &mut AnyConnection,
    tenant: TenantId,
    id: SkillGroupId,
    now: UnixMs,
) -> Result<SkillGroup, StoreError> {
    let row = sql(
        "UPDATE skill_group SET modified_at = $3 WHERE id = $1 AND tenant = $2 \
         RETURNING id, tenant, name, settings, created_at, modified_at",
    )
    .bind(id.0)
    .bind(tenant.0)
    .bind(now.0)
    .found(tx, "skill group")
    .await?;
    skill_group_row(&row)
}

/// Refuses a group that rings all of more members than may be rung at once.
pub(super) async fn check_ring_all(
    tx: &mut AnyConnection,
    id: SkillGroupId,
    draft: &SkillGroupDraft,
) -> Result<(), StoreError> {
    if !draft.ring_all {
        return Ok(());
    }
    let n_members = sql("SELECT COUNT(*) FROM skill_group_member WHERE skill_group = $1")
        .bind(id.0)
        .number(tx)
        .await?;
    if n_members > SkillGroupDraft::RING_ALL_MEMBERS_MAX {
        return Err(StoreError::Conflict {
            what: "a skill group that rings all has at most 2 members".into(),
        });
    }
    Ok(())
}

async fn tell(
    tx: &mut AnyConnection,
    change: &str,
    tenant: TenantId,
    id: SkillGroupId,
    now: UnixMs,
) -> Result<(), StoreError> {
    let event = NewLiveEvent {
        tenant,
        topic: Topic::SkillGroup,
        subject: id.to_string(),
        at: now,
        body: skill_group_told(change, id),
    };
    event.insert(tx).await.map(|_| ())
}

fn skill_group_row(row: &AnyRow) -> Result<SkillGroup, StoreError> {
    Ok(SkillGroup {
        id: SkillGroupId(row.int("id")?),
        tenant: TenantId(row.int("tenant")?),
        settings: skill_group_of(row.text("name")?, &row.text("settings")?)?,
        created_at: UnixMs(row.int("created_at")?),
        modified_at: UnixMs(row.int("modified_at")?),
    })
}
