//! Finding calls, events and recordings.

use model::{Call, CallFilter, CallId, E164, Recording, RecordingId, Stamped, TenantId, UnixMs};

use crate::{JournalEvent, Page, Paging, Store, StoreError};

impl Store {
    /// The tenant's call with this id.
    pub async fn call(&self, _tenant: TenantId, _id: &CallId) -> Result<Call, StoreError> {
        todo!()
    }

    /// The call with this id, of whichever tenant.
    pub async fn call_any(&self, _id: &CallId) -> Result<Call, StoreError> {
        todo!()
    }

    /// Calls that match, newest first.
    pub async fn calls(
        &self,
        _filter: &CallFilter,
        _paging: Paging,
    ) -> Result<Page<Call>, StoreError> {
        todo!()
    }

    /// The tenant's calls that have not ended, newest first.
    pub async fn active_calls(
        &self,
        _tenant: TenantId,
        _paging: Paging,
    ) -> Result<Page<Call>, StoreError> {
        todo!()
    }

    /// Every call that has not ended, oldest first: what a start after a crash must close.
    pub async fn open_calls(&self) -> Result<Vec<Call>, StoreError> {
        todo!()
    }

    /// Answered calls that have ended, with fewer than two tracks rendered and none given up
    /// ([`model::CallEvent::RecordingFailed`]); newest first.
    pub async fn ended_without_recording(&self, _limit: u32) -> Result<Vec<Call>, StoreError> {
        todo!()
    }

    /// Events of a call after number `after_n` (0 for all), in order.
    pub async fn events(
        &self,
        _call: &CallId,
        _after_n: i64,
        _limit: u32,
    ) -> Result<Vec<Stamped>, StoreError> {
        todo!()
    }

    /// Events of all calls after `seq` (0 for all), in order; only of `tenant`, if one is given.
    pub async fn events_after(
        &self,
        _seq: i64,
        _tenant: Option<TenantId>,
        _limit: u32,
    ) -> Result<Vec<JournalEvent>, StoreError> {
        todo!()
    }

    /// Place of the newest event in the journal; 0 if there is none.
    pub async fn last_seq(&self) -> Result<i64, StoreError> {
        todo!()
    }

    /// The recording with this id.
    pub async fn recording(&self, _id: &RecordingId) -> Result<Recording, StoreError> {
        todo!()
    }

    /// Recordings of `tenant` that were not copied to its own store yet, oldest first.
    pub async fn recordings_without_copy(
        &self,
        _tenant: TenantId,
        _limit: u32,
    ) -> Result<Vec<Recording>, StoreError> {
        todo!()
    }

    /// How many calls of the tenant to `callee` were dialled at or after `since`.
    pub async fn n_calls_to(
        &self,
        _tenant: TenantId,
        _callee: &E164,
        _since: UnixMs,
    ) -> Result<i64, StoreError> {
        todo!()
    }

    /// How many calls of the tenant that showed `caller` were dialled at or after `since`.
    pub async fn n_calls_from(
        &self,
        _tenant: TenantId,
        _caller: &E164,
        _since: UnixMs,
    ) -> Result<i64, StoreError> {
        todo!()
    }
}
