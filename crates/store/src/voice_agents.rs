//! Voice agents.

use model::{TenantId, UnixMs, VoiceAgent, VoiceAgentDraft, VoiceAgentId};

use crate::{Page, Paging, Store, StoreError};

impl Store {
    /// Adds a voice agent as version 1.
    pub async fn create_voice_agent(
        &self,
        _tenant: TenantId,
        _draft: &VoiceAgentDraft,
        _now: UnixMs,
    ) -> Result<VoiceAgent, StoreError> {
        todo!()
    }

    /// The tenant's voice agent with this id.
    pub async fn voice_agent(
        &self,
        _tenant: TenantId,
        _id: VoiceAgentId,
    ) -> Result<VoiceAgent, StoreError> {
        todo!()
    }

    /// The tenant's voice agents by id.
    pub async fn voice_agents(
        &self,
        _tenant: TenantId,
        _paging: Paging,
    ) -> Result<Page<VoiceAgent>, StoreError> {
        todo!()
    }

    /// Replaces the settings if the version is still `expected`, which then grows by one;
    /// otherwise [`StoreError::Conflict`].
    pub async fn update_voice_agent(
        &self,
        _tenant: TenantId,
        _id: VoiceAgentId,
        _expected: i64,
        _draft: &VoiceAgentDraft,
        _now: UnixMs,
    ) -> Result<VoiceAgent, StoreError> {
        todo!()
    }

    /// Removes a voice agent; a conflict while a number is answered by it.
    pub async fn remove_voice_agent(
        &self,
        _tenant: TenantId,
        _id: VoiceAgentId,
    ) -> Result<(), StoreError> {
        todo!()
    }
}
