//! How callers wait for somebody of a skill group, and where they go if they wait in vain.

use std::time::Duration;

use crate::{SkillGroupId, SoundId, TransferFailure, VoiceAgentId, WrongField};

/// How callers wait for somebody of a skill group.
///
/// They hold for calls that come in for the group. A voice agent that hands a person over keeps its
/// own patience, and is itself what the person comes back to; only [`waiting_max`](Self::waiting_max)
/// holds for both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueRules {
    /// Longest wait, 5 s to 1 h. A phone that rings then may be answered yet.
    pub wait_max: Duration,
    /// Most calls that wait at once, 1 to 1000.
    pub waiting_max: u32,
    /// Where a caller goes when nobody of the group works.
    pub nobody_there: Overflow,
    /// Where a caller goes when too many wait.
    pub full: Overflow,
    /// Where a caller goes who has waited for too long.
    pub late: Overflow,
    /// What callers hear again and again; the house's own music if absent.
    pub music: Option<SoundId>,
    /// What callers hear once, when they begin to wait.
    pub announcement: Option<SoundId>,
    /// A caller who is answered within this time, 1 s to 10 min, was answered in time.
    pub service_time: Duration,
}

/// Where a caller goes who is not served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    /// Nowhere: the call ends.
    #[default]
    HangUp,
    /// To a voice agent.
    VoiceAgent(VoiceAgentId),
    /// To another group.
    SkillGroup(SkillGroupId),
}

impl Default for QueueRules {
    fn default() -> Self {
        Self {
            wait_max: Duration::from_secs(120),
            waiting_max: 100,
            nobody_there: Overflow::HangUp,
            full: Overflow::HangUp,
            late: Overflow::HangUp,
            music: None,
            announcement: None,
            // 80 % within 20 s is what the trade measures itself by.
            service_time: Duration::from_secs(20),
        }
    }
}

impl QueueRules {
    /// Longest wait that can be set.
    pub const WAIT_MAX: Duration = Duration::from_secs(60 * 60);

    /// Whether every field is within its bounds.
    pub fn check(&self) -> Result<(), WrongField> {
        let wrong = |field, why| Err(WrongField { field, why });
        if !(Duration::from_secs(5)..=Self::WAIT_MAX).contains(&self.wait_max) {
            return wrong("wait_max", "must be 5 s to 1 h");
        }
        if !(1..=1_000).contains(&self.waiting_max) {
            return wrong("waiting_max", "must be 1 to 1000");
        }
        if !(Duration::from_secs(1)..=Duration::from_secs(600)).contains(&self.service_time) {
            return wrong("service_time", "must be 1 s to 10 min");
        }
        Ok(())
    }

    /// Where a caller goes whom nobody took, for this reason, where that is none of `gone`; else by another
    /// rule that names somebody: the first of [`nobody_there`](Self::nobody_there), [`full`](Self::full) and
    /// [`late`](Self::late).
    pub fn after_all(&self, why: TransferFailure, gone: &[Overflow]) -> Overflow {
        let rule = self.after(why);
        if !gone.contains(&rule) {
            return rule;
        }
        [self.nobody_there, self.full, self.late]
            .into_iter()
            .find(|to| *to != Overflow::HangUp && !gone.contains(to))
            .unwrap_or_default()
    }

    /// Where a caller goes whom nobody took, for this reason.
    pub fn after(&self, why: TransferFailure) -> Overflow {
        match why {
            TransferFailure::QueueFull => self.full,
            TransferFailure::NobodyThere
            | TransferFailure::Unknown
            | TransferFailure::NotReachable => self.nobody_there,
            TransferFailure::NobodyFree
            | TransferFailure::NotAnswered
            | TransferFailure::Busy
            | TransferFailure::Rejected
            | TransferFailure::SameAgent
            | TransferFailure::TooOften => self.late,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_way() {
        let rules = QueueRules {
            nobody_there: Overflow::VoiceAgent(VoiceAgentId(1)),
            full: Overflow::SkillGroup(SkillGroupId(2)),
            ..QueueRules::default()
        };
        assert_eq!(
            rules.after(TransferFailure::NobodyThere),
            rules.nobody_there
        );
        assert_eq!(rules.after(TransferFailure::QueueFull), rules.full);
        assert_eq!(
            rules.after(TransferFailure::NobodyFree),
            Overflow::HangUp,
            "waited too long"
        );
    }

    #[test]
    fn nobody_waits_for_longer_than_an_hour() {
        let rules = QueueRules {
            wait_max: Duration::from_secs(3_601),
            ..QueueRules::default()
        };
        assert_eq!(rules.check().unwrap_err().field, "wait_max");
        assert!(QueueRules::default().check().is_ok());
    }
}
