//! Who serves the person of a call beside, or after, its voice agent: the other side of its bridge.

use crate::{SkillGroupId, StaffId, UnixMs, VoiceAgentId};

/// What kind of phone is rung for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerKind {
    /// The extension of a person who works here.
    Staff,
    /// The mobile phone of a person who works here.
    StaffMobile,
    /// An extension that is nobody's.
    Extension,
    /// A number outside.
    Outside,
}

/// A phone that is rung for a call, and whose it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Server {
    /// What it is.
    pub kind: ServerKind,
    /// The extension, or the digits of the number.
    pub address: String,
    /// Whose it is.
    pub staff: Option<StaffId>,
    /// Their e-mail; empty if it is nobody's.
    pub email: String,
    /// Their name, or that of the extension; may be empty.
    pub name: String,
    /// The group whose calls they take, and its name, if the call was for the group.
    pub skill_group: Option<(SkillGroupId, String)>,
}

/// One phone that was rung for a call, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Serving {
    /// Who.
    pub server: Server,
    /// When the INVITE left.
    pub offered_at: UnixMs,
    /// When it began to ring.
    pub rang_at: Option<UnixMs>,
    /// When it was answered.
    pub answered_at: Option<UnixMs>,
    /// When it was over.
    pub ended_at: Option<UnixMs>,
    /// What became of it, once it is over.
    pub end: Option<ServingEnd>,
}

/// A voice agent that has taken a call over from another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextAgent {
    /// Which.
    pub voice_agent: VoiceAgentId,
    /// Its name at that time.
    pub name: String,
    /// Its version at that time.
    pub version: i64,
}

/// What became of a phone that was rung for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServingEnd {
    /// It was answered, and the two talked.
    Served,
    /// Nobody answered in time.
    NotAnswered,
    /// It is in another call.
    Busy,
    /// Whoever has it refused.
    Rejected,
    /// It cannot be reached.
    NotReachable,
    /// It was answered, and no keys for its media were found: nobody heard it.
    NotEncrypted,
    /// The person was gone before it was answered.
    GivenUp,
}

/// Why nobody takes a call over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferFailure {
    /// There is no such person, group, extension or number.
    Unknown,
    /// Nobody of them is there.
    NobodyThere,
    /// Too many calls wait for the group.
    QueueFull,
    /// Nobody became free in time.
    NobodyFree,
    /// Nobody answered.
    NotAnswered,
    /// The phone is in another call.
    Busy,
    /// Whoever has the phone refused.
    Rejected,
    /// The phone cannot be reached, or a rule forbids the call.
    NotReachable,
    /// The voice agent has the call already.
    SameAgent,
    /// The call went from voice agent to voice agent too often.
    TooOften,
}

impl ServerKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::Staff,
        Self::StaffMobile,
        Self::Extension,
        Self::Outside,
    ];

    /// Stable snake_case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::StaffMobile => "staff_mobile",
            Self::Extension => "extension",
            Self::Outside => "outside",
        }
    }

    /// The kind with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl ServingEnd {
    /// Every end.
    pub const ALL: [Self; 7] = [
        Self::Served,
        Self::NotAnswered,
        Self::Busy,
        Self::Rejected,
        Self::NotReachable,
        Self::NotEncrypted,
        Self::GivenUp,
    ];

    /// Stable snake_case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Served => "served",
            Self::NotAnswered => "not_answered",
            Self::Busy => "busy",
            Self::Rejected => "rejected",
            Self::NotReachable => "not_reachable",
            Self::NotEncrypted => "not_encrypted",
            Self::GivenUp => "given_up",
        }
    }

    /// The end with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.name() == name)
    }
}

impl TransferFailure {
    /// Every failure.
    pub const ALL: [Self; 10] = [
        Self::Unknown,
        Self::NobodyThere,
        Self::QueueFull,
        Self::NobodyFree,
        Self::NotAnswered,
        Self::Busy,
        Self::Rejected,
        Self::NotReachable,
        Self::SameAgent,
        Self::TooOften,
    ];

    /// Stable snake_case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::NobodyThere => "nobody_there",
            Self::QueueFull => "queue_full",
            Self::NobodyFree => "nobody_free",
            Self::NotAnswered => "not_answered",
            Self::Busy => "busy",
            Self::Rejected => "rejected",
            Self::NotReachable => "not_reachable",
            Self::SameAgent => "same_agent",
            Self::TooOften => "too_often",
        }
    }

    /// The failure with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|failure| failure.name() == name)
    }
}

impl Serving {
    /// A phone that is rung now.
    pub fn begin(server: Server, at: UnixMs) -> Self {
        Self {
            server,
            offered_at: at,
            rang_at: None,
            answered_at: None,
            ended_at: None,
            end: None,
        }
    }

    /// It was answered at `at`, if not before.
    #[must_use]
    pub fn answered(mut self, at: UnixMs) -> Self {
        self.answered_at.get_or_insert(at);
        self
    }

    /// It is over.
    pub fn finish(&mut self, end: ServingEnd, at: UnixMs) {
        self.ended_at.get_or_insert(at);
        self.end.get_or_insert(end);
    }

    /// It is over because the call is.
    pub fn finish_with_call(&mut self, at: UnixMs) {
        let end = match self.answered_at {
            Some(_) => ServingEnd::Served,
            None => ServingEnd::GivenUp,
        };
        self.finish(end, at);
    }
}

/// Names and numbers of people do not go into logs.
impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("kind", &self.kind)
            .field("staff", &self.staff)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_what_they_name() {
        for kind in ServerKind::ALL {
            assert_eq!(ServerKind::by_name(kind.name()), Some(kind));
        }
        for end in ServingEnd::ALL {
            assert_eq!(ServingEnd::by_name(end.name()), Some(end));
        }
        for failure in TransferFailure::ALL {
            assert_eq!(TransferFailure::by_name(failure.name()), Some(failure));
        }
    }

    #[test]
    fn a_phone_that_rang_when_the_call_ended_was_given_up() {
        let server = Server {
            kind: ServerKind::Extension,
            address: "1001".into(),
            staff: None,
            email: String::new(),
            name: "Desk".into(),
            skill_group: None,
        };
        assert_eq!(
            format!("{server:?}"),
            "Server { kind: Extension, staff: None, .. }"
        );
        let mut serving = Serving::begin(server, UnixMs(5));
        serving.finish_with_call(UnixMs(9));
        serving.finish(ServingEnd::Served, UnixMs(11));
        assert_eq!(serving.end, Some(ServingEnd::GivenUp));
        assert_eq!(serving.ended_at, Some(UnixMs(9)));
    }
}
