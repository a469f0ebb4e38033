//! Dial attempts: begun, withdrawn, ended and found.

use model::{
    Call, CallId, CampaignEvent, CampaignId, Contact, ContactId, ContactState, DialAttempt,
    Disposition, TenantId, UnixMs,
};
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    contacts::{contact_in, state_names},
    criteria::{AttemptOrder, AttemptOutcome, CallCriteria},
    event::note,
    locked,
};
use crate::{
    Page, Paging, Store, StoreError,
    codec::{call_of, number_of, unknown},
    listing::Listing,
    statement::{Columns as _, sql},
    store::commit,
};

/// Columns of an attempt.
const ATTEMPT: &str = "a.id AS id, a.contact AS contact, a.campaign AS campaign, \
     a.tenant AS tenant, a.n AS n, a.callee AS callee, a.planned_at AS planned_at, \
     a.ended_at AS ended_at, a.disposition AS disposition";

/// Attempts with whom they dial and in which list.
const ATTEMPTS: &str = "campaign_attempt a JOIN campaign_contact p ON p.id = a.contact \
     JOIN campaign g ON g.id = a.campaign LEFT JOIN call c ON c.id = a.id";

/// An attempt whose outcome is not written yet.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenAttempt {
    /// The attempt.
    pub attempt: DialAttempt,
    /// Its call, if it was dialled or refused.
    pub call: Option<Call>,
}

/// Which attempts are wanted; what is absent is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttemptFilter {
    /// Of this campaign.
    pub campaign: Option<CampaignId>,
    /// Of one of these campaigns.
    pub campaigns: Option<Vec<CampaignId>>,
    /// Of campaigns with this text in their name.
    pub campaign_name_part: Option<String>,
    /// Of these contacts; empty for all.
    pub contacts: Vec<ContactId>,
    /// Of contacts that are in one of these states.
    pub contact_states: Option<Vec<ContactState>>,
    /// Of contacts with this text in their reference.
    pub reference_part: Option<String>,
    /// With one of these ids; empty for all.
    pub ids: Vec<CallId>,
    /// With this id, or of the contact with this id.
    pub any_id: Option<String>,
    /// To numbers that hold these digits.
    pub callee_part: Option<String>,
    /// Decided at or after.
    pub from: Option<UnixMs>,
    /// Decided before.
    pub before: Option<UnixMs>,
    /// What their calls came to.
    pub call: CallCriteria,
}

impl Store {
    /// Takes at most `n` contacts of a campaign that are due, those who waited longest first, and
    /// begins an attempt for each, named by `new_id`. What this gives is written and may be dialled.
    pub async fn begin_attempts(
        &self,
        tenant: TenantId,
        campaign: &CampaignId,
        n: u32,
        new_id: impl Fn() -> CallId + Send,
        now: UnixMs,
    ) -> Result<Vec<(Contact, DialAttempt)>, StoreError> {
        let mut tx = self.begin().await?;
        locked(&mut tx, tenant, campaign).await?;
        let rows = sql(
            "UPDATE campaign_contact SET state = 'dialing', updated_at = $3 \
             WHERE state = 'waiting' AND id IN (SELECT id FROM campaign_contact \
               WHERE campaign = $1 AND state = 'waiting' AND next_at <= $3 \
               ORDER BY next_at, n LIMIT $2) \
             RETURNING id, campaign, tenant, name, reference, settings, state, then_state, failure, \
             n_attempts, n_attempts_day, day_began_at, next_at, is_single, created_at, updated_at",
        )
        .bind(campaign.as_str())
        .bind(i64::from(n))
        .bind(now.0)
        .rows(&mut tx)
        .await?;
        let mut begun = Vec::with_capacity(rows.len());
        for row in rows {
            let contact = contact_in(&row)?;
            let attempt = next_attempt(&contact, new_id(), now)?;
            insert_attempt(&mut tx, &attempt).await?;
            begun.push((contact, attempt));
        }
        let events: Vec<CampaignEvent> = begun
            .iter()
            .map(|(contact, attempt)| {
                CampaignEvent::AttemptStarted(contact.id.clone(), attempt.id.clone())
            })
            .collect();
        if !events.is_empty() {
            note(&mut tx, campaign, now, &events).await?;
        }
        commit(tx).await?;
        Ok(begun)
    }

    /// Takes back an attempt that was not dialled: its contact waits until `next_at`, and nothing is
    /// counted. A contact who was to be dialled once, at once, has failed. An attempt that has ended
    /// stays.
    pub async fn withdraw_attempt(
        &self,
        attempt: &DialAttempt,
        why: &str,
        next_at: UnixMs,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        locked(&mut tx, attempt.tenant, &attempt.campaign).await?;
        let n = sql("DELETE FROM campaign_attempt WHERE id = $1 AND ended_at IS NULL")
            .bind(attempt.id.as_str())
            .run(&mut tx)
            .await?;
        if n == 0 {
            return Ok(());
        }
        sql(
            "UPDATE campaign_contact SET \
             state = CASE WHEN is_single = 1 THEN 'failed' ELSE COALESCE(then_state, 'waiting') END, \
             failure = CASE WHEN is_single = 1 THEN 'call_failed' ELSE NULL END, \
             then_state = NULL, next_at = $2, updated_at = $3 WHERE id = $1 AND state = 'dialing'",
        )
        .bind(attempt.contact.as_str())
        .bind(next_at.0)
        .bind(now.0)
        .run(&mut tx)
        .await?;
        let event = CampaignEvent::AttemptWithdrawn(attempt.id.clone(), why.to_owned());
        note(&mut tx, &attempt.campaign, now, &[event]).await?;
        commit(tx).await
    }

    /// Writes the outcome of an attempt, and what `settle` makes of its contact. Gives the contact;
    /// `None` if the outcome was written before.
    pub async fn end_attempt(
        &self,
        attempt: &DialAttempt,
        disposition: Disposition,
        settle: impl FnOnce(&Contact) -> Contact + Send,
        now: UnixMs,
    ) -> Result<Option<Contact>, StoreError> {
        let mut tx = self.begin().await?;
        locked(&mut tx, attempt.tenant, &attempt.campaign).await?;
        let call = call_in(&mut tx, &attempt.id).await?;
        let n = sql(
            "UPDATE campaign_attempt SET ended_at = $2, disposition = $3, outcome = $4, \
             ring_ms = $5 WHERE id = $1 AND ended_at IS NULL",
        )
        .bind(attempt.id.as_str())
        .bind(now.0)
        .bind(disposition.name())
        .bind(AttemptOutcome::of(disposition, call.as_ref()).text())
        .bind(call.as_ref().map_or(0, Call::ring_ms))
        .run(&mut tx)
        .await?;
        if n == 0 {
            return Ok(None);
        }
        let row = sql(
            "UPDATE campaign_contact SET updated_at = $2 WHERE id = $1 \
             RETURNING id, campaign, tenant, name, reference, settings, state, then_state, failure, \
             n_attempts, n_attempts_day, day_began_at, next_at, is_single, created_at, updated_at",
        )
        .bind(attempt.contact.as_str())
        .bind(now.0)
        .found(&mut tx, "contact")
        .await?;
        let contact = settle(&contact_in(&row)?);
        write_contact(&mut tx, &contact).await?;
        let event = CampaignEvent::AttemptEnded(attempt.id.clone(), disposition);
        note(&mut tx, &attempt.campaign, now, &[event]).await?;
        commit(tx).await?;
        Ok(Some(contact))
    }

    /// Attempts without an outcome, with their calls as far as there are any.
    pub async fn open_attempts(&self) -> Result<Vec<OpenAttempt>, StoreError> {
        let mut reader = self.reader().await?;
        let rows = sql(
            "SELECT id, contact, campaign, tenant, n, callee, planned_at, ended_at, disposition \
             FROM campaign_attempt WHERE ended_at IS NULL ORDER BY planned_at, id",
        )
        .rows(&mut reader)
        .await?;
        let mut open = Vec::with_capacity(rows.len());
        for row in rows {
            let attempt = attempt_in(&row)?;
            let call = call_in(&mut reader, &attempt.id).await?;
            open.push(OpenAttempt { attempt, call });
        }
        Ok(open)
    }

    /// Attempts without an outcome whose calls have ended.
    pub async fn ended_attempts(&self) -> Result<Vec<(DialAttempt, Call)>, StoreError> {
        let rows = sql(
            "SELECT a.contact AS contact, a.campaign AS campaign, a.n AS n, \
             a.planned_at AS planned_at, c.id AS id, c.tenant AS tenant, c.direction AS direction, \
             c.state AS state, c.caller AS caller, c.callee AS callee, c.started_at AS started_at, \
             c.answered_at AS answered_at, c.ended_at AS ended_at, c.n_events AS n_events, \
             c.body AS body FROM campaign_attempt a JOIN call c ON c.id = a.id \
             WHERE a.ended_at IS NULL AND c.state = 'ended'",
        )
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter()
            .map(|row| {
                let call = call_of(row)?;
                let attempt = DialAttempt {
                    id: call.id.clone(),
                    contact: ContactId(row.text("contact")?),
                    campaign: CampaignId(row.text("campaign")?),
                    tenant: call.tenant,
                    n: count(row)?,
                    callee: call.callee.clone(),
                    planned_at: UnixMs(row.int("planned_at")?),
                    ended_at: None,
                    disposition: None,
                };
                Ok((attempt, call))
            })
            .collect()
    }

    /// When the first of those who wait in a campaign is due.
    pub async fn next_due_contact(
        &self,
        campaign: &CampaignId,
    ) -> Result<Option<UnixMs>, StoreError> {
        let row = sql(
            "SELECT next_at FROM campaign_contact WHERE campaign = $1 AND state = 'waiting' \
             ORDER BY next_at LIMIT 1",
        )
        .bind(campaign.as_str())
        .row(&mut *self.reader().await?)
        .await?;
        row.map(|row| row.int("next_at").map(UnixMs)).transpose()
    }

    /// Attempts that are under way, of a tenant or of all.
    pub async fn n_open_attempts(&self, tenant: Option<TenantId>) -> Result<i64, StoreError> {
        let count = match tenant {
            Some(tenant) => {
                sql("SELECT COUNT(*) FROM campaign_attempt WHERE tenant = $1 AND ended_at IS NULL")
                    .bind(tenant.0)
            }
            None => sql("SELECT COUNT(*) FROM campaign_attempt WHERE ended_at IS NULL"),
        };
        count.number(&mut *self.reader().await?).await
    }

    /// The tenant's attempts, in an order.
    pub async fn dial_attempts(
        &self,
        tenant: TenantId,
        filter: &AttemptFilter,
        order: AttemptOrder,
        paging: Paging,
    ) -> Result<Page<DialAttempt>, StoreError> {
        let part = |text: &Option<String>| text.as_ref().map(|part| super::lists::contains(part));
        let of_campaigns = filter.campaigns.as_ref();
        let listing = Listing::of(ATTEMPTS)
            .and("a.tenant =", tenant.0)
            .and_if(
                "a.campaign =",
                filter.campaign.as_ref().map(|id| id.0.clone()),
            )
            .one_of_these(
                "a.campaign",
                of_campaigns.map(|ids| ids.iter().map(|id| id.0.clone()).collect()),
            )
            .and_if("g.name LIKE", part(&filter.campaign_name_part))
            .one_of(
                &["a.contact"],
                filter.contacts.iter().map(ContactId::as_str),
            )
            .one_of_these("p.state", filter.contact_states.as_deref().map(state_names))
            .and_if("p.reference LIKE", part(&filter.reference_part))
            .one_of(&["a.id"], filter.ids.iter().map(CallId::as_str))
            .one_of(&["a.id", "a.contact"], filter.any_id.as_deref())
            .and_if("a.callee LIKE", part(&filter.callee_part))
            .and_if("a.planned_at >=", filter.from.map(|at| at.0))
            .and_if("a.planned_at <", filter.before.map(|at| at.0));
        let (rows, total) = filter
            .call
            .of(listing)
            .page(&mut *self.reader().await?, ATTEMPT, order.sql(), paging)
            .await?;
        Ok(Page {
            items: rows.iter().map(attempt_in).collect::<Result<_, _>>()?,
            total,
        })
    }
}

/// The call of an attempt, if there is one.
async fn call_in(tx: &mut AnyConnection, id: &CallId) -> Result<Option<Call>, StoreError> {
    let row = sql(
        "SELECT id, tenant, direction, state, caller, callee, started_at, answered_at, ended_at, \
         n_events, body FROM call WHERE id = $1",
    )
    .bind(id.as_str())
    .row(tx)
    .await?;
    row.as_ref().map(call_of).transpose()
}

/// The attempt that a contact is due for. Each takes the next number.
fn next_attempt(contact: &Contact, id: CallId, now: UnixMs) -> Result<DialAttempt, StoreError> {
    let numbers = &contact.settings.numbers;
    let turn = contact.n_attempts as usize % numbers.len().max(1);
    Ok(DialAttempt {
        id,
        contact: contact.id.clone(),
        campaign: contact.campaign.clone(),
        tenant: contact.tenant,
        n: contact.n_attempts + 1,
        callee: numbers
            .get(turn)
            .cloned()
            .ok_or_else(|| unknown("contact"))?,
        planned_at: now,
        ended_at: None,
        disposition: None,
    })
}

pub(super) async fn insert_attempt(
    tx: &mut AnyConnection,
    attempt: &DialAttempt,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO campaign_attempt (id, contact, campaign, tenant, n, callee, planned_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(attempt.id.as_str())
    .bind(attempt.contact.as_str())
    .bind(attempt.campaign.as_str())
    .bind(attempt.tenant.0)
    .bind(i64::from(attempt.n))
    .bind(attempt.callee.digits())
    .bind(attempt.planned_at.0)
    .insert(tx, "an attempt with this id exists")
    .await
}

async fn write_contact(tx: &mut AnyConnection, contact: &Contact) -> Result<(), StoreError> {
    // Where they go is decided: they are there.
    let then = match contact.state {
        ContactState::Dialing => contact.then,
        ContactState::Waiting
        | ContactState::Paused
        | ContactState::Reached
        | ContactState::Failed
        | ContactState::Canceled => None,
    };
    sql(
        "UPDATE campaign_contact SET state = $2, then_state = $3, failure = $4, n_attempts = $5, \
         n_attempts_day = $6, day_began_at = $7, next_at = $8 WHERE id = $1",
    )
    .bind(contact.id.as_str())
    .bind(contact.state.name())
    .bind(then.map(|state| state.name().to_owned()))
    .bind(contact.failure.map(|failure| failure.name().to_owned()))
    .bind(i64::from(contact.n_attempts))
    .bind(i64::from(contact.n_attempts_day))
    .bind(contact.day_began_at.0)
    .bind(contact.next_at.0)
    .run(tx)
    .await?;
    Ok(())
}

fn attempt_in(row: &AnyRow) -> Result<DialAttempt, StoreError> {
    let disposition =
        |name: String| Disposition::by_name(&name).ok_or_else(|| unknown("disposition"));
    Ok(DialAttempt {
        id: CallId(row.text("id")?),
        contact: ContactId(row.text("contact")?),
        campaign: CampaignId(row.text("campaign")?),
        tenant: TenantId(row.int("tenant")?),
        n: count(row)?,
        callee: number_of(&row.text("callee")?)?,
        planned_at: UnixMs(row.int("planned_at")?),
        ended_at: row.int_or_null("ended_at")?.map(UnixMs),
        disposition: row
            .text_or_null("disposition")?
            .map(disposition)
            .transpose()?,
    })
}

fn count(row: &AnyRow) -> Result<u32, StoreError> {
    u32::try_from(row.int("n")?).map_err(|_| unknown("count of attempts"))
}
