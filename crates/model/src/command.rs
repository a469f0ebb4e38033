//! What a caller asks the centre to do, parsed and proven.

use std::time::Duration;

use crate::{CallId, ConversationId, CustomerId, E164, SoundId, TenantId, VoiceAgentId};

/// A value that the voice agent's texts may mention as `${key}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// 1 to 64 characters.
    pub key: String,
    /// At most 4,096 characters.
    pub value: String,
}

/// Ask the centre to place one outbound call and put a voice agent on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceVoiceAgentCall {
    /// Who pays and owns the call.
    pub tenant: TenantId,
    /// Who talks.
    pub voice_agent: VoiceAgentId,
    /// Who is called.
    pub callee: E164,
    /// Numbers the callee may see, tried in order. Empty means any number of the tenant.
    pub callers: Vec<E164>,
    /// Values for the agent's texts.
    pub variables: Vec<Variable>,
    /// Longest time the callee's phone may ring, 1 s to 120 s; `None` is the default of 60 s.
    pub ring_time_max: Option<Duration>,
    /// Longest time to wait for a free voice-agent slot, at most 5 s.
    pub slot_wait_max: Duration,
    /// The customer's own text for the records, at most 1,024 bytes. `UUI`.
    pub user_data: Option<String>,
    /// What the call belongs to.
    pub belongs: Belongs,
}

/// What a call is asked to belong to. Where nothing is said, the number tells the customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Belongs {
    /// This conversation: that of a chat, or that of an earlier call.
    pub conversation: Option<ConversationId>,
    /// This customer, and their open conversation if there is one.
    pub customer: Option<CustomerId>,
}

/// Ask the centre to play a sound into a running call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaySound {
    /// The owner of call and sound.
    pub tenant: TenantId,
    /// The call.
    pub call: CallId,
    /// The sound.
    pub sound: SoundId,
    /// How many times, 1 to 100.
    pub times: u32,
    /// Mixed over the voice agent instead of in its place.
    pub over: bool,
}
