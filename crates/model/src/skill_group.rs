//! Skill groups: staff who can take the same kind of work.

use crate::{QueueRules, SkillGroupId, TenantId, UnixMs, WrongField};

/// The kind of work a skill group takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SkillGroupKind {
    /// Telephone calls.
    Phone,
    /// Chats.
    Chat,
    /// Sound calls from a browser or app.
    Audio,
    /// Video calls.
    Video,
}

/// What an administrator writes down of a skill group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkillGroupDraft {
    /// Shown to people, 1 to 64 characters; unique in the tenant.
    pub name: String,
    /// What it takes; never changes.
    pub kind: SkillGroupKind,
    /// How many at once one member takes: 1, or of chats 1 to 100.
    pub concurrency_max: u32,
    /// Whether every free member is rung at once, instead of one after the other. Such a group
    /// has at most [`SkillGroupDraft::RING_ALL_MEMBERS_MAX`] members.
    pub ring_all: bool,
    /// Whether a customer is offered first to whom they spoke last.
    pub last_staff_first: bool,
    /// Internal number of the group; may be empty.
    pub alias: String,
    /// How callers wait for somebody of it.
    pub queue: QueueRules,
}

/// Staff who can take the same kind of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkillGroup {
    /// Unique in the installation.
    pub id: SkillGroupId,
    /// Its owner.
    pub tenant: TenantId,
    /// What is written down of it.
    pub settings: SkillGroupDraft,
    /// When it was created.
    pub created_at: UnixMs,
    /// When settings or members were last changed.
    pub modified_at: UnixMs,
}

impl SkillGroupDraft {
    /// Most members that are rung at once (`RingAllGroupMemberOverflow` of the vendor).
    pub const RING_ALL_MEMBERS_MAX: i64 = 2;

    /// Most chats that one member may take at once.
    pub const CHATS_AT_ONCE_MAX: u32 = 100;

    /// Whether every field is within its bounds.
    pub fn check(&self) -> Result<(), WrongField> {
        let wrong = |field, why| Err(WrongField { field, why });
        if self.name.trim().is_empty() || self.name.chars().count() > 64 {
            return wrong("name", "must have 1 to 64 characters");
        }
        if !(1..=self.kind.concurrency_limit()).contains(&self.concurrency_max) {
            return wrong("concurrency_max", "must be 1, or of chats 1 to 100");
        }
        if self.alias.chars().count() > 64 {
            return wrong("alias", "must have at most 64 characters");
        }
        self.queue.check()
    }
}

impl SkillGroupKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Phone, Self::Chat, Self::Audio, Self::Video];

    /// Stable snake_case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Chat => "chat",
            Self::Audio => "audio",
            Self::Video => "video",
        }
    }

    /// The kind with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Most that one member of such a group takes at once.
    pub fn concurrency_limit(self) -> u32 {
        match self {
            Self::Chat => SkillGroupDraft::CHATS_AT_ONCE_MAX,
            Self::Phone | Self::Audio | Self::Video => 1,
        }
    }
}
