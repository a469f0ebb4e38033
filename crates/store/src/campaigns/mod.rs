//! Campaigns, their contacts, and the attempts to dial them.
//!
//! # Invariants
//!
//! - An attempt is written, and its contact marked as being dialled, in one transaction, before
//!   anybody dials: a contact is never in two attempts at once, whatever dies when.
//! - Every change and its event share a transaction; events of a campaign are numbered from 1.
//! - An attempt ends once. Its outcome and what becomes of its contact are one transaction.

mod attempts;
mod contacts;
mod criteria;
mod event;
mod lists;
mod script;
mod tasks;

pub use attempts::{AttemptFilter, OpenAttempt};
pub use contacts::{AddedContact, ContactChoice, ContactFilter};
pub use criteria::{AttemptKey, AttemptOrder, AttemptOutcome, CallCriteria, Outcomes};
pub use lists::CampaignFilter;
pub(crate) use script::put_script;
pub use script::{Assignment, AsyncQuery, QUERY_LIFE_MAX, Script};

use model::{
    Campaign, CampaignDraft, CampaignEvent, CampaignId, CampaignState, ContactDraft, ContactId,
    TenantId, UnixMs,
};
use sqlx::{AnyConnection, any::AnyRow};

use crate::{
    Store, StoreError,
    codec::{campaign_of, campaign_text, unknown},
    statement::{Columns as _, sql},
    store::commit,
};

use event::note;

pub(crate) use lists::contains;

/// Writes a campaign that runs.
async fn insert_campaign(
    tx: &mut AnyConnection,
    tenant: TenantId,
    id: &CampaignId,
    draft: &CampaignDraft,
    now: UnixMs,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO campaign (id, tenant, name, settings, is_urgent, state, trouble, \
         n_contacts, n_events, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, '', 0, 0, $7, $7)",
    )
    .bind(id.as_str())
    .bind(tenant.0)
    .bind(draft.name.as_str())
    .bind(campaign_text(draft))
    .bind(draft.is_urgent)
    .bind(CampaignState::Running.name())
    .bind(now.0)
    .insert(tx, "a campaign with this id exists")
    .await?;
    note(tx, id, now, &[CampaignEvent::Created]).await
}

impl Store {
    /// Adds a campaign that runs, without contacts.
    pub async fn create_campaign(
        &self,
        tenant: TenantId,
        id: &CampaignId,
        draft: &CampaignDraft,
        now: UnixMs,
    ) -> Result<Campaign, StoreError> {
        let running = CampaignState::Running;
        self.create_campaign_with(tenant, id, draft, running, &[], now)
            .await
    }

    /// Adds a campaign in `state`, running or paused, with its first contacts: all of it or nothing.
    /// Of two contacts with the same reference the first one counts.
    pub async fn create_campaign_with(
        &self,
        tenant: TenantId,
        id: &CampaignId,
        draft: &CampaignDraft,
        state: CampaignState,
        contacts: &[(ContactId, ContactDraft)],
        now: UnixMs,
    ) -> Result<Campaign, StoreError> {
        let mut tx = self.begin().await?;
        insert_campaign(&mut tx, tenant, id, draft, now).await?;
        if !contacts.is_empty() {
            contacts::add_within(&mut tx, tenant, id, contacts, now).await?;
        }
        if state != CampaignState::Running {
            set_state(&mut tx, id, state, "", now).await?;
        }
        commit(tx).await?;
        Ok(Campaign {
            id: id.clone(),
            tenant,
            settings: draft.clone(),
            state,
            trouble: String::new(),
            created_at: now,
            updated_at: now,
        })
    }

    /// Replaces the settings; attempts that are under way go on by the old ones.
    pub async fn update_campaign(
        &self,
        tenant: TenantId,
        id: &CampaignId,
        draft: &CampaignDraft,
        now: UnixMs,
    ) -> Result<Campaign, StoreError> {
        let mut tx = self.begin().await?;
        let row = sql(
            "UPDATE campaign SET name = $3, settings = $4, is_urgent = $5, updated_at = $6 \
             WHERE id = $1 AND tenant = $2 RETURNING id, tenant, name, settings, is_urgent, \
             state, trouble, created_at, updated_at",
        )
        .bind(id.as_str())
        .bind(tenant.0)
        .bind(draft.name.as_str())
        .bind(campaign_text(draft))
        .bind(draft.is_urgent)
        .bind(now.0)
        .found(&mut tx, "campaign")
        .await?;
        note(&mut tx, id, now, &[CampaignEvent::Changed]).await?;
        commit(tx).await?;
        campaign_in(&row)
    }

    /// Brings a campaign from one of the states `from` to `to`; `trouble` says why if it did so by
    /// itself. Taking it off takes off its contacts too. A campaign in another state is a
    /// [`StoreError::Conflict`]; one that is in `to` already stays as it is.
    pub async fn move_campaign(
        &self,
        tenant: TenantId,
        id: &CampaignId,
        from: &[CampaignState],
        to: CampaignState,
        trouble: &str,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let state = locked(&mut tx, tenant, id).await?;
        if state == to {
            return Ok(());
        }
        if !from.contains(&state) {
            let what = format!("the campaign is {}", state.name());
            return Err(StoreError::Conflict { what });
        }
        set_state(&mut tx, id, to, trouble, now).await?;
        if to == CampaignState::Canceled {
            contacts::cancel_all(&mut tx, id, now).await?;
        }
        commit(tx).await
    }

    /// Removes a campaign with its contacts, attempts and journal; calls stay. A conflict while an
    /// attempt is under way.
    pub async fn remove_campaign(
        &self,
        tenant: TenantId,
        id: &CampaignId,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        locked(&mut tx, tenant, id).await?;
        let open =
            sql("SELECT COUNT(*) FROM campaign_attempt WHERE campaign = $1 AND ended_at IS NULL")
                .bind(id.as_str())
                .number(&mut tx)
                .await?;
        if open > 0 {
            return Err(StoreError::Conflict {
                what: "an attempt of the campaign is under way".into(),
            });
        }
        for text in [
            "DELETE FROM campaign_attempt WHERE campaign = $1",
            "DELETE FROM campaign_contact WHERE campaign = $1",
            "DELETE FROM campaign_event WHERE campaign = $1",
            "DELETE FROM campaign WHERE id = $1",
        ] {
            sql(text).bind(id.as_str()).run(&mut tx).await?;
        }
        commit(tx).await
    }
}

/// The campaign's state; its row stays locked until the transaction ends.
async fn locked(
    tx: &mut AnyConnection,
    tenant: TenantId,
    id: &CampaignId,
) -> Result<CampaignState, StoreError> {
    let row = sql(
        "UPDATE campaign SET n_events = n_events WHERE id = $1 AND tenant = $2 RETURNING state",
    )
    .bind(id.as_str())
    .bind(tenant.0)
    .found(tx, "campaign")
    .await?;
    CampaignState::by_name(&row.text("state")?).ok_or_else(|| unknown("campaign state"))
}

async fn set_state(
    tx: &mut AnyConnection,
    id: &CampaignId,
    to: CampaignState,
    trouble: &str,
    now: UnixMs,
) -> Result<(), StoreError> {
    sql("UPDATE campaign SET state = $2, trouble = $3, updated_at = $4 WHERE id = $1")
        .bind(id.as_str())
        .bind(to.name())
        .bind(trouble)
        .bind(now.0)
        .run(tx)
        .await?;
    note(tx, id, now, &[CampaignEvent::Moved(to, trouble.to_owned())]).await
}

fn campaign_in(row: &AnyRow) -> Result<Campaign, StoreError> {
    let state = CampaignState::by_name(&row.text("state")?);
    Ok(Campaign {
        id: CampaignId(row.text("id")?),
        tenant: TenantId(row.int("tenant")?),
        settings: campaign_of(
            row.text("name")?,
            row.flag("is_urgent")?,
            &row.text("settings")?,
        )?,
        state: state.ok_or_else(|| unknown("campaign state"))?,
        trouble: row.text("trouble")?,
        created_at: UnixMs(row.int("created_at")?),
        updated_at: UnixMs(row.int("updated_at")?),
    })
}
