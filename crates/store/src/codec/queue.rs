//! How callers wait for a skill group.

use std::time::Duration;

use model::{Overflow, QueueRules, SkillGroupId, SoundId, VoiceAgentId};
use serde::{Deserialize, Serialize};

/// The document of a skill group's queue. One without it was written before queues had rules, and has
/// the usual ones.
#[derive(Serialize, Deserialize)]
pub(super) struct QueueDoc {
    wait_max_second: u64,
    waiting_max: u32,
    nobody_there: OverflowDoc,
    full: OverflowDoc,
    late: OverflowDoc,
    music: Option<i64>,
    announcement: Option<i64>,
    service_time_second: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OverflowDoc {
    HangUp,
    VoiceAgent(i64),
    SkillGroup(i64),
}

impl From<&QueueRules> for QueueDoc {
    fn from(rules: &QueueRules) -> Self {
        Self {
            wait_max_second: rules.wait_max.as_secs(),
            waiting_max: rules.waiting_max,
            nobody_there: rules.nobody_there.into(),
            full: rules.full.into(),
            late: rules.late.into(),
            music: rules.music.map(|id| id.0),
            announcement: rules.announcement.map(|id| id.0),
            service_time_second: rules.service_time.as_secs(),
        }
    }
}

impl From<QueueDoc> for QueueRules {
    fn from(doc: QueueDoc) -> Self {
        Self {
            wait_max: Duration::from_secs(doc.wait_max_second),
            waiting_max: doc.waiting_max,
            nobody_there: doc.nobody_there.into(),
            full: doc.full.into(),
            late: doc.late.into(),
            music: doc.music.map(SoundId),
            announcement: doc.announcement.map(SoundId),
            service_time: Duration::from_secs(doc.service_time_second),
        }
    }
}

impl From<Overflow> for OverflowDoc {
    fn from(overflow: Overflow) -> Self {
        match overflow {
            Overflow::HangUp => Self::HangUp,
            Overflow::VoiceAgent(agent) => Self::VoiceAgent(agent.0),
            Overflow::SkillGroup(group) => Self::SkillGroup(group.0),
        }
    }
}

impl From<OverflowDoc> for Overflow {
    fn from(doc: OverflowDoc) -> Self {
        match doc {
            OverflowDoc::HangUp => Self::HangUp,
            OverflowDoc::VoiceAgent(agent) => Self::VoiceAgent(VoiceAgentId(agent)),
            OverflowDoc::SkillGroup(group) => Self::SkillGroup(SkillGroupId(group)),
        }
    }
}
