//! Trunks and their numbers.

use model::{E164, TenantId, Trunk, TrunkDraft, TrunkId, TrunkNumber, UnixMs};

use crate::{Page, Paging, Store, StoreError};

impl Store {
    /// Adds a trunk without numbers. A taken name is a conflict.
    pub async fn create_trunk(
        &self,
        _draft: &TrunkDraft,
        _now: UnixMs,
    ) -> Result<Trunk, StoreError> {
        todo!()
    }

    /// The trunk with this id, its password opened.
    pub async fn trunk(&self, _id: TrunkId) -> Result<Trunk, StoreError> {
        todo!()
    }

    /// All trunks by id, with their numbers.
    pub async fn trunks(&self, _paging: Paging) -> Result<Page<Trunk>, StoreError> {
        todo!()
    }

    /// Replaces the settings, password included.
    pub async fn update_trunk(
        &self,
        _id: TrunkId,
        _draft: &TrunkDraft,
    ) -> Result<Trunk, StoreError> {
        todo!()
    }

    /// Removes a trunk and its numbers.
    pub async fn remove_trunk(&self, _id: TrunkId) -> Result<(), StoreError> {
        todo!()
    }

    /// Adds a number to a trunk. A number that is on any trunk already is a conflict.
    pub async fn add_number(
        &self,
        _trunk: TrunkId,
        _number: &TrunkNumber,
        _now: UnixMs,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// Replaces what is known of a number; it stays on its trunk.
    pub async fn update_number(&self, _number: &TrunkNumber) -> Result<(), StoreError> {
        todo!()
    }

    /// Removes a number from its trunk.
    pub async fn remove_number(&self, _number: &E164) -> Result<(), StoreError> {
        todo!()
    }

    /// A number and the trunk that it is on.
    pub async fn number(&self, _number: &E164) -> Result<(TrunkId, TrunkNumber), StoreError> {
        todo!()
    }

    /// Numbers in the order in which they were added; only those of `tenant`, if one is given.
    pub async fn numbers(
        &self,
        _tenant: Option<TenantId>,
        _paging: Paging,
    ) -> Result<Page<(TrunkId, TrunkNumber)>, StoreError> {
        todo!()
    }
}
