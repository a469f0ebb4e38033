//! How a tenant chats.

use std::time::Duration;

use crate::{SkillGroupId, TenantId, UnixMs, VoiceAgentId};

/// How long things may take, and how many there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChatLimits {
    /// A growing message without a new piece for so long is closed. 5 s to 10 min.
    pub stream_silence_max: Duration,
    /// For so long a person who is asked may not answer. 5 s to 10 min.
    pub answer_time_max: Duration,
    /// A customer who writes nothing for so long to a person or a bot has left. 1 min to 24 h.
    pub customer_silence_max: Duration,
    /// For so long a customer waits for a person. 10 s to 24 h.
    pub queue_time_max: Duration,
    /// Customers who wait at a time; the next one is told that nobody is there. 1 to 10,000.
    pub queue_length_max: i64,
    /// Conversations that one person has at a time. 1 to 100.
    pub per_staff_max: i64,
    /// Length of a file in bytes. 0 (no files) to 50 MB.
    pub file_bytes_max: i64,
    /// Time for notes once a person's last conversation is over; they are asked for nothing until
    /// then. 0 (none) to 1 h.
    pub wrap_up_max: Duration,
}

impl Default for ChatLimits {
    fn default() -> Self {
        Self {
            stream_silence_max: Duration::from_secs(60),
            answer_time_max: Duration::from_secs(60),
            customer_silence_max: Duration::from_secs(30 * 60),
            queue_time_max: Duration::from_secs(10 * 60),
            queue_length_max: 100,
            per_staff_max: 5,
            file_bytes_max: 10 * 1024 * 1024,
            wrap_up_max: Duration::ZERO,
        }
    }
}

/// How a tenant chats.
#[derive(Clone, PartialEq, Eq)]
pub struct ChatSettings {
    /// The tenant.
    pub tenant: TenantId,
    /// Off: the cloud's Desk API and the widget are refused.
    pub enabled: bool,
    /// The voice agent that answers customers first; the tenant's own server if absent.
    pub bot: Option<VoiceAgentId>,
    /// Who is asked when nobody says who; everybody if absent.
    pub group: Option<SkillGroupId>,
    /// Pages that may show the widget, as origins (`https://shop.example`); `*` is every page.
    pub origins: Vec<String>,
    /// Identifiers that may use the Desk API.
    pub admins: Vec<String>,
    /// What the customer sees first where no bot greets; may be empty.
    pub welcome: String,
    /// What the customer sees when nobody is there; may be empty.
    pub nobody_tip: String,
    /// Bounds.
    pub limits: ChatLimits,
    /// Signs identifiers (`UserSig`); sealed at rest.
    pub secret: String,
    /// The secret before, to tell what was signed with it; sealed at rest.
    pub previous_secret: Option<String>,
}

impl std::fmt::Debug for ChatSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChatSettings")
            .field("tenant", &self.tenant)
            .field("enabled", &self.enabled)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl ChatSettings {
    /// What a tenant begins with.
    pub fn new(tenant: TenantId, secret: String) -> Self {
        Self {
            tenant,
            enabled: true,
            bot: None,
            group: None,
            origins: Vec::new(),
            admins: vec!["administrator".to_owned()],
            welcome: String::new(),
            nobody_tip: "Nobody is there at the moment. Please leave a message.".to_owned(),
            limits: ChatLimits::default(),
            secret,
            previous_secret: None,
        }
    }
}

/// A ready answer that staff insert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CannedAnswer {
    /// Unique in the installation.
    pub id: i64,
    /// Its owner.
    pub tenant: TenantId,
    /// What staff type to find it.
    pub shortcut: String,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub created_at: UnixMs,
}
