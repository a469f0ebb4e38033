//! Who else is in a call beside the person, a voice agent and whoever serves the person: third
//! parties, and supervisors who listen in.

use std::fmt;

use crate::{Server, ServingEnd, TransferFailure, UnixMs};

/// Names one further party of one call; counts from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartyId(pub u32);

/// What a further party is in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartyRole {
    /// Talks with everybody.
    Participant,
    /// Listens in.
    Supervisor(ListenMode),
}

/// By whom a supervisor is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListenMode {
    /// By nobody.
    Listen,
    /// By those of the house.
    Whisper,
    /// By everybody.
    Barge,
}

/// What happened to a further party of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartyEvent {
    /// Somebody wants a further party in the call.
    Wanted {
        /// Its number in the call.
        party: PartyId,
        /// What it is to be.
        role: PartyRole,
        /// An extension, a number, a person or a skill group.
        target: String,
        /// Who wants it, in words.
        by: String,
    },
    /// Its phone is rung.
    Invited {
        /// Which.
        party: PartyId,
        /// Who it is.
        server: Server,
    },
    /// Its phone rings (SIP 180 or 183).
    Rang {
        /// Which.
        party: PartyId,
    },
    /// It was answered, and is in the call.
    Joined {
        /// Which.
        party: PartyId,
        /// Codec name as in SDP.
        codec: String,
        /// Where its media goes.
        peer: String,
    },
    /// A supervisor is heard by others from now on.
    ModeChanged {
        /// Which.
        party: PartyId,
        /// By whom.
        mode: ListenMode,
        /// Who wanted it, in words.
        by: String,
    },
    /// It holds, or goes on.
    HoldChanged {
        /// Which.
        party: PartyId,
        /// On hold.
        held: bool,
    },
    /// Keys were pressed on it.
    DigitsPressed {
        /// Which.
        party: PartyId,
        /// One or more of `0-9*#A-D`.
        digits: String,
    },
    /// It is out of the call, which goes on without it.
    Left {
        /// Which.
        party: PartyId,
        /// What became of it.
        end: ServingEnd,
        /// Who wanted it, in words; empty if it left by itself.
        by: String,
    },
    /// No phone could be called for it.
    Failed {
        /// Which.
        party: PartyId,
        /// Why.
        why: TransferFailure,
    },
}

/// A further party of a call, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Its number in the call.
    pub id: PartyId,
    /// What it is now, or was at last.
    pub role: PartyRole,
    /// It was heard by everybody at some time: it has a track.
    pub was_heard: bool,
    /// Who it is, once its phone was found.
    pub server: Option<Server>,
    /// When it was wanted.
    pub wanted_at: UnixMs,
    /// When its phone began to ring.
    pub rang_at: Option<UnixMs>,
    /// When it was answered.
    pub joined_at: Option<UnixMs>,
    /// When it was over.
    pub left_at: Option<UnixMs>,
    /// What became of it, once it is over.
    pub end: Option<ServingEnd>,
}

impl ListenMode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Listen, Self::Whisper, Self::Barge];

    /// Stable lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Listen => "listen",
            Self::Whisper => "whisper",
            Self::Barge => "barge",
        }
    }

    /// The mode with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

impl PartyRole {
    /// Every role.
    pub const ALL: [Self; 4] = [
        Self::Participant,
        Self::Supervisor(ListenMode::Listen),
        Self::Supervisor(ListenMode::Whisper),
        Self::Supervisor(ListenMode::Barge),
    ];

    /// Stable lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Participant => "participant",
            Self::Supervisor(mode) => mode.name(),
        }
    }

    /// The role with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether everybody hears this one.
    pub fn is_heard(self) -> bool {
        match self {
            Self::Participant | Self::Supervisor(ListenMode::Barge) => true,
            Self::Supervisor(ListenMode::Listen | ListenMode::Whisper) => false,
        }
    }
}

impl PartyEvent {
    /// Which party it is about.
    pub fn party(&self) -> PartyId {
        match self {
            Self::Wanted { party, .. }
            | Self::Invited { party, .. }
            | Self::Rang { party }
            | Self::Joined { party, .. }
            | Self::ModeChanged { party, .. }
            | Self::HoldChanged { party, .. }
            | Self::DigitsPressed { party, .. }
            | Self::Left { party, .. }
            | Self::Failed { party, .. } => *party,
        }
    }
}

impl Party {
    /// Takes the next event of a call's parties.
    pub fn fold(parties: &mut Vec<Self>, event: &PartyEvent, at: UnixMs) {
        if let PartyEvent::Wanted { party, role, .. } = event {
            parties.push(Self {
                id: *party,
                role: *role,
                was_heard: false,
                server: None,
                wanted_at: at,
                rang_at: None,
                joined_at: None,
                left_at: None,
                end: None,
            });
        }
        let Some(party) = parties.iter_mut().find(|party| party.id == event.party()) else {
            return;
        };
        match event {
            PartyEvent::Wanted { .. }
            | PartyEvent::HoldChanged { .. }
            | PartyEvent::DigitsPressed { .. } => {}
            PartyEvent::Invited { server, .. } => party.server = Some(server.clone()),
            PartyEvent::Rang { .. } => {
                party.rang_at.get_or_insert(at);
            }
            PartyEvent::Joined { .. } => {
                party.joined_at.get_or_insert(at);
                party.was_heard |= party.role.is_heard();
            }
            PartyEvent::ModeChanged { mode, .. } => {
                party.role = PartyRole::Supervisor(*mode);
                party.was_heard |= party.joined_at.is_some() && party.role.is_heard();
            }
            PartyEvent::Left { end, .. } => party.finish(*end, at),
            PartyEvent::Failed { .. } => party.finish(ServingEnd::NotReachable, at),
        }
    }

    /// It is over because the call is.
    pub fn finish_with_call(&mut self, at: UnixMs) {
        let end = match self.joined_at {
            Some(_) => ServingEnd::Served,
            None => ServingEnd::GivenUp,
        };
        self.finish(end, at);
    }

    fn finish(&mut self, end: ServingEnd, at: UnixMs) {
        self.left_at.get_or_insert(at);
        self.end.get_or_insert(end);
    }
}

impl fmt::Display for PartyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_what_they_name() {
        for role in PartyRole::ALL {
            assert_eq!(PartyRole::by_name(role.name()), Some(role));
        }
        assert_eq!(ListenMode::by_name("participant"), None);
    }

    #[test]
    fn a_supervisor_has_a_track_once_everybody_heard_them() {
        let party = PartyId(1);
        let mut parties = Vec::new();
        let mut take = |event: PartyEvent, at| {
            Party::fold(&mut parties, &event, UnixMs(at));
            parties[0].was_heard
        };
        let role = PartyRole::Supervisor(ListenMode::Listen);
        let wanted = PartyEvent::Wanted {
            party,
            role,
            target: "extension:1001".into(),
            by: "api".into(),
        };
        take(wanted, 1);
        let joined = PartyEvent::Joined {
            party,
            codec: "PCMA".into(),
            peer: String::new(),
        };
        assert!(!take(joined, 2));
        let mode = |mode| PartyEvent::ModeChanged {
            party,
            mode,
            by: "api".into(),
        };
        assert!(!take(mode(ListenMode::Whisper), 3));
        assert!(take(mode(ListenMode::Barge), 4));
        assert!(take(mode(ListenMode::Listen), 5));
        parties[0].finish_with_call(UnixMs(9));
        assert_eq!(parties[0].end, Some(ServingEnd::Served));
        assert_eq!(parties[0].joined_at, Some(UnixMs(2)));
    }
}
