//! People: adding, changing and removing them, and what they can take now.

use std::{collections::BTreeMap, time::Duration};

use engine::presence::{self, Happening, Stays, Wish};
use model::{
    Membership, Refusal, SkillGroup, SkillGroupDraft, SkillGroupId, Staff, StaffDraft, StaffId,
    StaffStatus, Tenant, TenantId, UnixMs, WrongField,
};
use store::{Paging, StaffFilter};

use super::sign_in::hashed;
use crate::{App, Fault};

/// Most changes of status that one day of one person is told from: one each 17 s.
const CHANGES_A_DAY_MAX: u32 = 5_000;

/// Most people of one instance.
pub const STAFF_MAX: i64 = 9_999;

/// Most skill groups of one instance.
pub const SKILL_GROUPS_MAX: i64 = 1_000;

impl App {
    /// Adds a person, who may sign in if there is a password.
    pub async fn add_staff(
        &self,
        tenant: TenantId,
        draft: &StaffDraft,
        password: Option<&str>,
    ) -> Result<Staff, Fault> {
        draft.check().map_err(refusal)?;
        let hash = match password {
            Some(password) => {
                model::check_password(password).map_err(refusal)?;
                Some(hashed(password).await?)
            }
            None => None,
        };
        let filter = StaffFilter {
            tenant: Some(tenant),
            ..StaffFilter::default()
        };
        let there = self.store().staff_list(&filter, Paging::first(0)).await?;
        if there.total >= STAFF_MAX {
            return Err(conflict("the instance has as many staff as it may"));
        }
        let staff = self
            .store()
            .create_staff(tenant, draft, hash.as_deref(), self.now())
            .await?;
        self.note_journal_growth();
        Ok(staff)
    }

    /// Changes what is written down of a person. The last administrator of the installation
    /// stays one.
    pub async fn change_staff(
        &self,
        tenant: TenantId,
        id: StaffId,
        draft: &StaffDraft,
    ) -> Result<Staff, Fault> {
        draft.check().map_err(refusal)?;
        let present = self.store().staff(tenant, id).await?;
        let changed = Staff {
            settings: draft.clone(),
            ..present.clone()
        };
        if present.is_operator() && !changed.is_operator() {
            self.check_not_last(&present).await?;
        }
        let staff = self
            .store()
            .update_staff(tenant, id, draft, self.now())
            .await?;
        self.note_journal_growth();
        Ok(staff)
    }

    /// Removes a person who is offline; not the last administrator of the installation.
    pub async fn remove_staff(&self, tenant: TenantId, id: StaffId) -> Result<(), Fault> {
        let staff = self.store().staff(tenant, id).await?;
        if staff.presence.status != StaffStatus::Offline {
            return Err(conflict("the person is online"));
        }
        if staff.is_operator() {
            self.check_not_last(&staff).await?;
        }
        self.store().remove_staff(tenant, id, self.now()).await?;
        self.note_journal_growth();
        Ok(())
    }

    /// Sets a person's password and signs them out everywhere.
    pub async fn set_password(&self, staff: StaffId, password: &str) -> Result<(), Fault> {
        model::check_password(password).map_err(refusal)?;
        let hash = hashed(password).await?;
        self.store().set_staff_password(staff, &hash).await?;
        Ok(())
    }

    /// Gives a person the status that is wished. In the middle of work, a break is reserved.
    /// Gives the person before and after.
    pub async fn wish_status(
        &self,
        tenant: TenantId,
        id: StaffId,
        wish: Wish<'_>,
    ) -> Result<(Staff, Staff), Fault> {
        self.happen(tenant, id, Happening::Wished(wish)).await
    }

    /// Sends a person offline and ends what they are signed in with: they come back when
    /// [`restore_staff`](Self::restore_staff) allows it.
    pub async fn force_offline(&self, tenant: TenantId, id: StaffId) -> Result<Staff, Fault> {
        let (_, staff) = self.happen(tenant, id, Happening::ForcedOffline).await?;
        self.store().remove_sign_ins(id).await?;
        Ok(staff)
    }

    /// Lets a person come back who was sent offline.
    pub async fn restore_staff(&self, tenant: TenantId, id: StaffId) -> Result<Staff, Fault> {
        let (_, staff) = self.happen(tenant, id, Happening::Restored).await?;
        Ok(staff)
    }

    /// What happens to a person's presence: work begins and ends, time for notes is over.
    pub async fn happen(
        &self,
        tenant: TenantId,
        id: StaffId,
        happening: Happening<'_>,
    ) -> Result<(Staff, Staff), Fault> {
        let now = self.now();
        let decide = |present: &_| presence::next(present, happening, now);
        let changed = self
            .store()
            .change_presence(tenant, id, now, decide)
            .await?
            .map_err(|stays: Stays| conflict(stays.to_string()))?;
        if changed.0.presence != changed.1.presence {
            self.note_journal_growth();
        }
        Ok(changed)
    }

    /// How long each status of a person lasted today, in the tenant's time zone, until now.
    pub async fn status_times(
        &self,
        tenant: &Tenant,
        staff: &Staff,
    ) -> Result<BTreeMap<StaffStatus, Duration>, Fault> {
        let now = self.now();
        let midnight = day_start(now, tenant).max(staff.created_at);
        let store = self.store();
        let before = store.status_change_before(staff.id, midnight).await?;
        let changes = store
            .status_changes(staff.id, (midnight, now), 0, CHANGES_A_DAY_MAX)
            .await?;
        let before = before.map_or(StaffStatus::Offline, |change| change.status);
        Ok(presence::lasted(before, &changes, midnight, now))
    }

    /// Puts a person into skill groups; those they are in already get the new priority.
    pub async fn join_groups(
        &self,
        tenant: TenantId,
        staff: StaffId,
        memberships: &[Membership],
    ) -> Result<Staff, Fault> {
        let staff = self
            .store()
            .join_skill_groups(tenant, staff, memberships, self.now())
            .await?;
        self.note_journal_growth();
        Ok(staff)
    }

    /// Makes these the only skill groups of a person.
    pub async fn set_groups(
        &self,
        tenant: TenantId,
        staff: StaffId,
        memberships: &[Membership],
    ) -> Result<Staff, Fault> {
        let staff = self
            .store()
            .set_skill_groups(tenant, staff, memberships, self.now())
            .await?;
        self.note_journal_growth();
        Ok(staff)
    }

    /// Takes a person out of skill groups.
    pub async fn leave_groups(
        &self,
        tenant: TenantId,
        staff: StaffId,
        groups: &[SkillGroupId],
    ) -> Result<Staff, Fault> {
        let staff = self
            .store()
            .leave_skill_groups(tenant, staff, groups, self.now())
            .await?;
        self.note_journal_growth();
        Ok(staff)
    }

    /// Adds a skill group.
    pub async fn add_group(
        &self,
        tenant: TenantId,
        draft: &SkillGroupDraft,
    ) -> Result<SkillGroup, Fault> {
        draft.check().map_err(refusal)?;
        let there = self
            .store()
            .skill_groups(tenant, &Default::default(), Paging::first(0))
            .await?;
        if there.total >= SKILL_GROUPS_MAX {
            return Err(conflict("the instance has as many skill groups as it may"));
        }
        let group = self
            .store()
            .create_skill_group(tenant, draft, self.now())
            .await?;
        self.note_journal_growth();
        Ok(group)
    }

    /// Changes a skill group.
    pub async fn change_group(
        &self,
        tenant: TenantId,
        id: SkillGroupId,
        draft: &SkillGroupDraft,
    ) -> Result<SkillGroup, Fault> {
        draft.check().map_err(refusal)?;
        let group = self
            .store()
            .update_skill_group(tenant, id, draft, self.now())
            .await?;
        self.note_journal_growth();
        Ok(group)
    }

    /// Removes a skill group; its members stay.
    pub async fn remove_group(&self, tenant: TenantId, id: SkillGroupId) -> Result<(), Fault> {
        let now = self.now();
        self.store().remove_skill_group(tenant, id, now).await?;
        self.note_journal_growth();
        Ok(())
    }

    /// Refuses if `staff` is the only one who may do everything everywhere and can sign in.
    async fn check_not_last(&self, staff: &Staff) -> Result<(), Fault> {
        if self.store().has_administrator_beside(staff.id).await? {
            return Ok(());
        }
        Err(conflict("this is the last administrator"))
    }
}

/// The midnight in the tenant's time zone that came last; UTC where the zone is unknown here.
pub fn day_start(now: UnixMs, tenant: &Tenant) -> UnixMs {
    let zone = jiff::tz::TimeZone::get(&tenant.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    jiff::Timestamp::from_millisecond(now.0)
        .ok()
        .and_then(|now| now.to_zoned(zone).start_of_day().ok())
        .map_or(now, |midnight| {
            UnixMs(midnight.timestamp().as_millisecond())
        })
}

pub(super) fn refusal(wrong: WrongField) -> Fault {
    Fault::Refused(Refusal::Invalid {
        field: wrong.field,
        why: wrong.why.to_owned(),
    })
}

fn conflict(what: impl Into<String>) -> Fault {
    Fault::Refused(Refusal::Conflict { what: what.into() })
}
