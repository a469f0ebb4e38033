//! Pushes on their way: claimed, attempted, settled, replayed.

use std::time::Duration;

use model::{
    CallId, Delivery, DeliveryAttempt, DeliveryId, DeliveryState, TenantId, UnixMs,
    WebhookEndpointId,
};

use crate::{Page, Paging, Store, StoreError};

/// A delivery that is ours to attempt until the lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What to send.
    pub delivery: Delivery,
    /// Grows with each claim of this delivery, so that a late settlement is recognized.
    pub(crate) n_claims: i64,
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
    /// before it ends. Of one call and endpoint the oldest unsettled delivery comes first and
    /// alone, so that a receiver hears of a call in the order of events; a receiver that is down
    /// holds up no other call.
    pub async fn claim_due(
        &self,
        _now: UnixMs,
        _limit: u32,
        _lease: Duration,
    ) -> Result<Vec<Claim>, StoreError> {
        todo!()
    }

    /// Writes down an attempt and what comes next. Gives [`StoreError::Conflict`] if the lease
    /// had ended and somebody else claimed or settled the delivery: the attempt is not counted.
    pub async fn settle(
        &self,
        _claim: &Claim,
        _attempt: &DeliveryAttempt,
        _next: NextAttempt,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// When the next delivery can be claimed; `None` if all are settled. May be in the past.
    pub async fn next_due(&self) -> Result<Option<UnixMs>, StoreError> {
        todo!()
    }

    /// The tenant's delivery with this id.
    pub async fn delivery(
        &self,
        _tenant: TenantId,
        _id: DeliveryId,
    ) -> Result<Delivery, StoreError> {
        todo!()
    }

    /// Deliveries that match, newest first.
    pub async fn deliveries(
        &self,
        _filter: &DeliveryFilter,
        _paging: Paging,
    ) -> Result<Page<Delivery>, StoreError> {
        todo!()
    }

    /// Every attempt of a delivery, in order, of all rounds.
    pub async fn attempts(&self, _id: DeliveryId) -> Result<Vec<DeliveryAttempt>, StoreError> {
        todo!()
    }

    /// Makes a settled delivery due at `now` in a new round of attempts. One that is still due
    /// is a conflict.
    pub async fn replay(
        &self,
        _tenant: TenantId,
        _id: DeliveryId,
        _now: UnixMs,
    ) -> Result<Delivery, StoreError> {
        todo!()
    }
}
