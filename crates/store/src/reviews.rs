//! Calls that ended and are to be looked at: what they were about, what they told.
//!
//! A call that was answered and had a voice agent is written down here in the transaction of its
//! end, so that no crash forgets it. What was found out becomes an event of the call.
//!
//! # Invariants
//!
//! - A review is leased to one claimer at a time; one whose claimer died is claimed again.
//! - The keys that a request brought along go with the review: nobody needs them after it.

use std::time::Duration;

use model::{Call, CallEvent, CallId, TenantId, UnixMs, VoiceAgentId};
use sqlx::{AnyConnection, any::AnyRow};

use crate::{
    Store, StoreError, brought_agents, journal,
    statement::{Columns as _, sql},
    store::commit,
};

/// A review that is ours to do until the lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewClaim {
    /// The call.
    pub call: CallId,
    /// Its owner.
    pub tenant: TenantId,
    /// How often it was claimed, this time included.
    pub n_claims: i64,
}

impl Store {
    /// Takes reviews that are due at `now`, oldest first, for `lease`.
    pub async fn claim_reviews(
        &self,
        now: UnixMs,
        limit: u32,
        lease: Duration,
    ) -> Result<Vec<ReviewClaim>, StoreError> {
        let mut tx = self.begin_small().await?;
        let rows = sql(self.dialect().claim_reviews())
            .bind(now.0)
            .bind(now.plus(lease).0)
            .bind(i64::from(limit))
            .rows(&mut tx)
            .await?;
        commit(tx).await?;
        rows.iter().map(claim_of).collect()
    }

    /// When the next review is due, leases counted; `None` if there is none.
    pub async fn next_review_at(&self) -> Result<Option<UnixMs>, StoreError> {
        let row = sql(
            "SELECT MIN(CASE WHEN leased_until > due_at THEN leased_until ELSE due_at END) AS at \
             FROM review",
        )
        .row(&mut *self.reader().await?)
        .await?;
        let at = row.map(|row| row.int_or_null("at")).transpose()?;
        Ok(at.flatten().map(UnixMs))
    }

    /// Writes down what came of a review, and forgets what it needed. Gives
    /// [`StoreError::Conflict`] if somebody else claimed or settled it meanwhile: nothing is
    /// written then.
    pub async fn settle_review(
        &self,
        claim: &ReviewClaim,
        event: CallEvent,
        now: UnixMs,
    ) -> Result<Call, StoreError> {
        let mut tx = self.begin().await?;
        let n_settled = sql("DELETE FROM review WHERE call_id = $1 AND n_claims = $2")
            .bind(claim.call.as_str())
            .bind(claim.n_claims)
            .run(&mut tx)
            .await?;
        if n_settled == 0 {
            return Err(lost());
        }
        brought_agents::forget(&mut tx, &claim.call).await?;
        let call = journal::append(&mut tx, &claim.call, &[(now, event)], &[]).await?;
        commit(tx).await?;
        Ok(call)
    }

    /// Puts a review off. A conflict as in [`Store::settle_review`].
    pub async fn put_off_review(
        &self,
        claim: &ReviewClaim,
        until: UnixMs,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_small().await?;
        let n_put_off = sql(
            "UPDATE review SET due_at = $3, leased_until = 0 WHERE call_id = $1 AND n_claims = $2",
        )
        .bind(claim.call.as_str())
        .bind(claim.n_claims)
        .bind(until.0)
        .run(&mut tx)
        .await?;
        if n_put_off == 0 {
            return Err(lost());
        }
        commit(tx).await
    }

    /// Writes down that a call is to be reviewed once more. [`StoreError::Conflict`] if it waits for
    /// a review already.
    pub async fn ask_review(&self, call: &Call, now: UnixMs) -> Result<(), StoreError> {
        let mut tx = self.begin_small().await?;
        add(&mut tx, call, now).await?;
        commit(tx).await
    }

    /// Ends every lease: whoever held one is gone. For the owner of the database at its start.
    pub async fn end_review_leases(&self) -> Result<(), StoreError> {
        let mut tx = self.begin_small().await?;
        sql("UPDATE review SET leased_until = 0 WHERE leased_until > 0")
            .run(&mut tx)
            .await?;
        commit(tx).await
    }
}

/// Writes down that a call that has just ended is to be reviewed, or that nobody needs what its
/// request brought along.
pub(crate) async fn of_ended(tx: &mut AnyConnection, call: &Call) -> Result<(), StoreError> {
    let Some(agent) = call.voice_agent else {
        return Ok(());
    };
    if let (Some(_), Some(ended_at)) = (call.answered_at, call.ended_at) {
        return add(tx, call, ended_at).await;
    }
    match agent {
        VoiceAgentId::BROUGHT => brought_agents::forget(tx, &call.id).await,
        _ => Ok(()),
    }
}

async fn add(tx: &mut AnyConnection, call: &Call, due_at: UnixMs) -> Result<(), StoreError> {
    sql(
        "INSERT INTO review (call_id, tenant, due_at, leased_until, n_claims) \
         VALUES ($1, $2, $3, 0, 0)",
    )
    .bind(call.id.as_str())
    .bind(call.tenant.0)
    .bind(due_at.0)
    .insert(tx, "the call is to be reviewed already")
    .await
}

fn lost() -> StoreError {
    StoreError::Conflict {
        what: "the review is somebody else's by now".into(),
    }
}

fn claim_of(row: &AnyRow) -> Result<ReviewClaim, StoreError> {
    Ok(ReviewClaim {
        call: CallId(row.text("call_id")?),
        tenant: TenantId(row.int("tenant")?),
        n_claims: row.int("n_claims")?,
    })
}
