//! Pushes on their way: claimed, attempted, settled, replayed.
//!
//! The store hands out what is due and writes down what became of it; when to try again is
//! decided in `engine`.
//!
//! # Invariants
//!
//! - A delivery is leased to one claimer at a time.
//! - Of one call and one endpoint, only the oldest unsettled delivery is handed out, so that a
//!   receiver hears of a call in the order of its events.

use std::time::Duration;

use model::{
    CallId, Delivery, DeliveryAttempt, DeliveryId, DeliveryState, TenantId, UnixMs,
    WebhookEndpointId, WebhookTopic,
};
use sqlx::any::AnyRow;

use crate::{
    Page, Paging, Store, StoreError,
    codec::unknown,
    listing::Listing,
    statement::{Columns as _, sql},
    store::commit,
};

/// Columns of a delivery.
const DELIVERY: &str = "id, endpoint, tenant, call_id, topic, uuid, body, state, due_at, \
                        n_attempts, created_at";

/// A delivery that is ours to attempt until the lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What to send.
    pub delivery: Delivery,
    /// Grows with each claim of this delivery, so that a late settlement is recognized.
    n_claims: i64,
}

/// What becomes of a delivery after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextAttempt {
    /// It is tried again then.
    Due(UnixMs),
    /// The receiver took it.
    Delivered,
    /// It is given up; it can be replayed.
    Exhausted,
}

/// Which deliveries to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// Their owner.
    pub tenant: TenantId,
    /// Only to this endpoint.
    pub endpoint: Option<WebhookEndpointId>,
    /// Only of this call.
    pub call: Option<CallId>,
    /// Only in this state.
    pub state: Option<DeliveryState>,
}

impl Store {
    /// Takes deliveries that are due at `now`, oldest first, for `lease`: nobody else gets them
    /// before it ends. Of one call, endpoint and topic the oldest unsettled delivery comes first
    /// and alone, so that a receiver hears of one thing in the order of events. A push that is
    /// refused holds up no other topic and no other call.
    pub async fn claim_due(
        &self,
        now: UnixMs,
        limit: u32,
        lease: Duration,
    ) -> Result<Vec<Claim>, StoreError> {
        let mut tx = self.begin().await?;
        let rows = sql(self.dialect().claim_due())
            .bind(now.0)
            .bind(now.plus(lease).0)
            .bind(i64::from(limit))
            .rows(&mut tx)
            .await?;
        commit(tx).await?;
        let claim = |row: &AnyRow| {
            Ok(Claim {
                delivery: delivery_of(row)?,
                n_claims: row.int("n_claims")?,
            })
        };
        let mut claims = rows.iter().map(claim).collect::<Result<Vec<_>, _>>()?;
        claims.sort_by_key(|claim| claim.delivery.id);
        Ok(claims)
    }

    /// Writes down an attempt and what comes next. Gives [`StoreError::Conflict`] if the lease
    /// had ended and somebody else claimed or settled the delivery: the attempt is not counted.
    pub async fn settle(
        &self,
        claim: &Claim,
        attempt: &DeliveryAttempt,
        next: NextAttempt,
    ) -> Result<(), StoreError> {
        let id = claim.delivery.id;
        let (state, due_at) = match next {
            NextAttempt::Due(at) => (DeliveryState::Due, at),
            NextAttempt::Delivered => (DeliveryState::Delivered, claim.delivery.due_at),
            NextAttempt::Exhausted => (DeliveryState::Exhausted, claim.delivery.due_at),
        };
        let mut tx = self.begin().await?;
        let n_settled = sql(
            "UPDATE delivery SET state = $3, due_at = $4, n_attempts = n_attempts + 1, \
             leased_until = 0 WHERE id = $1 AND n_claims = $2 AND state = 'due'",
        )
        .bind(id.0)
        .bind(claim.n_claims)
        .bind(state.name())
        .bind(due_at.0)
        .run(&mut tx)
        .await?;
        if n_settled == 0 {
            return Err(StoreError::Conflict {
                what: "the delivery is somebody else's by now".into(),
            });
        }
        sql(
            "INSERT INTO delivery_attempt (delivery, n, happened_at, status, note, took_ms) \
             SELECT $1, COALESCE(MAX(n), 0) + 1, $2, $3, $4, $5 FROM delivery_attempt \
             WHERE delivery = $1",
        )
        .bind(id.0)
        .bind(attempt.at.0)
        .bind(attempt.status.map(i64::from))
        .bind(attempt.note.replace('\0', " "))
        .bind(attempt.took_ms)
        .run(&mut tx)
        .await?;
        commit(tx).await
    }

    /// Ends every lease: whoever held one is gone. For the owner of the database at its start, so
    /// that what the last run was sending when it died does not wait for the end of its lease.
    pub async fn end_leases(&self) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("UPDATE delivery SET leased_until = 0 WHERE state = 'due' AND leased_until > 0")
            .run(&mut tx)
            .await?;
        commit(tx).await
    }

    /// When the next delivery can be claimed; `None` if all are settled. May be in the past.
    pub async fn next_due(&self) -> Result<Option<UnixMs>, StoreError> {
        let row = sql(
            "SELECT MIN(CASE WHEN d.leased_until > d.due_at THEN d.leased_until \
             ELSE d.due_at END) AS due_at FROM delivery d WHERE d.state = 'due' \
             AND NOT EXISTS (SELECT 1 FROM delivery older WHERE older.state = 'due' \
             AND older.endpoint = d.endpoint AND older.call_id = d.call_id \
             AND older.topic = d.topic AND older.id < d.id)",
        )
        .found(&mut *self.reader().await?, "delivery")
        .await?;
        Ok(row.int_or_null("due_at")?.map(UnixMs))
    }

    /// The tenant's delivery with this id.
    pub async fn delivery(&self, tenant: TenantId, id: DeliveryId) -> Result<Delivery, StoreError> {
        let row = sql(
            "SELECT id, endpoint, tenant, call_id, topic, uuid, body, state, due_at, n_attempts, \
             created_at FROM delivery WHERE id = $1 AND tenant = $2",
        )
        .bind(id.0)
        .bind(tenant.0)
        .found(&mut *self.reader().await?, "delivery")
        .await?;
        delivery_of(&row)
    }

    /// Deliveries that match, newest first.
    pub async fn deliveries(
        &self,
        filter: &DeliveryFilter,
        paging: Paging,
    ) -> Result<Page<Delivery>, StoreError> {
        let (rows, total) = Listing::of("delivery")
            .and("tenant =", filter.tenant.0)
            .and_if("endpoint =", filter.endpoint.map(|id| id.0))
            .and_if("call_id =", filter.call.as_ref().map(CallId::as_str))
            .and_if("state =", filter.state.map(DeliveryState::name))
            .page(&mut *self.reader().await?, DELIVERY, "id DESC", paging)
            .await?;
        Ok(Page {
            items: rows.iter().map(delivery_of).collect::<Result<_, _>>()?,
            total,
        })
    }

    /// Every attempt of a delivery, in order, of all rounds.
    pub async fn attempts(&self, id: DeliveryId) -> Result<Vec<DeliveryAttempt>, StoreError> {
        let rows = sql(
            "SELECT happened_at, status, note, took_ms FROM delivery_attempt \
             WHERE delivery = $1 ORDER BY n",
        )
        .bind(id.0)
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter().map(attempt_of).collect()
    }

    /// Makes a settled delivery due at `now` in a new round of attempts. One that is still due
    /// is a conflict.
    pub async fn replay(
        &self,
        tenant: TenantId,
        id: DeliveryId,
        now: UnixMs,
    ) -> Result<Delivery, StoreError> {
        let mut tx = self.begin().await?;
        let row = sql(
            "UPDATE delivery SET state = 'due', due_at = $3, leased_until = 0, n_attempts = 0 \
             WHERE id = $1 AND tenant = $2 AND state <> 'due' \
             RETURNING id, endpoint, tenant, call_id, topic, uuid, body, state, due_at, \
             n_attempts, created_at",
        )
        .bind(id.0)
        .bind(tenant.0)
        .bind(now.0)
        .row(&mut tx)
        .await?;
        let Some(row) = row else {
            sql("SELECT id FROM delivery WHERE id = $1 AND tenant = $2")
                .bind(id.0)
                .bind(tenant.0)
                .found(&mut tx, "delivery")
                .await?;
            return Err(StoreError::Conflict {
                what: "the delivery is still on its way".into(),
            });
        };
        commit(tx).await?;
        delivery_of(&row)
    }
}

fn delivery_of(row: &AnyRow) -> Result<Delivery, StoreError> {
    let topic = WebhookTopic::by_name(&row.text("topic")?);
    let state = DeliveryState::by_name(&row.text("state")?);
    Ok(Delivery {
        id: DeliveryId(row.int("id")?),
        endpoint: WebhookEndpointId(row.int("endpoint")?),
        tenant: TenantId(row.int("tenant")?),
        call: CallId(row.text("call_id")?),
        topic: topic.ok_or_else(|| unknown("webhook topic"))?,
        uuid: row.text("uuid")?,
        body: row.text("body")?,
        state: state.ok_or_else(|| unknown("delivery state"))?,
        due_at: UnixMs(row.int("due_at")?),
        n_attempts: row.int("n_attempts")?,
        created_at: UnixMs(row.int("created_at")?),
    })
}

fn attempt_of(row: &AnyRow) -> Result<DeliveryAttempt, StoreError> {
    let status = row.int_or_null("status")?.map(u16::try_from).transpose();
    Ok(DeliveryAttempt {
        at: UnixMs(row.int("happened_at")?),
        status: status.map_err(|_| unknown("HTTP status"))?,
        note: row.text("note")?,
        took_ms: row.int("took_ms")?,
    })
}
