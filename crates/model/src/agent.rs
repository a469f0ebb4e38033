//! Voice agents.

use crate::{TenantId, UnixMs, VoiceAgentId};

/// What a designer writes down of a voice agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoiceAgentDraft {
    /// Shown to people, 1 to 64 characters.
    pub name: String,
    /// The script as the JSON document that the native dialect describes; parsed before it gets
    /// here, kept as it was written.
    pub definition: String,
    /// `${name}` variables that the definition mentions, sorted.
    pub variable_names: Vec<String>,
}

/// An AI that talks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoiceAgent {
    /// Unique in the installation.
    pub id: VoiceAgentId,
    /// Its owner.
    pub tenant: TenantId,
    /// Its settings.
    pub settings: VoiceAgentDraft,
    /// Grows by one with each change; a call keeps the version it started with.
    pub version: i64,
    /// When it was created.
    pub created_at: UnixMs,
    /// When it was last changed.
    pub updated_at: UnixMs,
}
