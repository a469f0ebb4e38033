//! Uploaded sounds.

use model::{Sound, SoundDraft, SoundId, TenantId, UnixMs};

use crate::{Page, Paging, Store, StoreError};

/// Which sounds to list. An empty list does not limit; lists are combined with *and*.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SoundFilter {
    /// Only these.
    pub ids: Vec<SoundId>,
    /// Only with one of these names.
    pub names: Vec<String>,
    /// Only uploaded as one of these files.
    pub file_names: Vec<String>,
}

impl Store {
    /// Adds a sound.
    pub async fn create_sound(
        &self,
        _tenant: TenantId,
        _draft: &SoundDraft,
        _now: UnixMs,
    ) -> Result<Sound, StoreError> {
        todo!()
    }

    /// The tenant's sound with this id.
    pub async fn sound(&self, _tenant: TenantId, _id: SoundId) -> Result<Sound, StoreError> {
        todo!()
    }

    /// The tenant's sounds by id.
    pub async fn sounds(
        &self,
        _tenant: TenantId,
        _filter: &SoundFilter,
        _paging: Paging,
    ) -> Result<Page<Sound>, StoreError> {
        todo!()
    }

    /// Removes a sound. Gives whether its file (named by its hash) is now used by no sound.
    pub async fn remove_sound(&self, _tenant: TenantId, _id: SoundId) -> Result<bool, StoreError> {
        todo!()
    }

    /// How many sounds the tenant uploaded at or after `since`, removed ones included.
    pub async fn n_sounds_since(
        &self,
        _tenant: TenantId,
        _since: UnixMs,
    ) -> Result<i64, StoreError> {
        todo!()
    }
}
