//! Who else is in a call.

use model::{
    ListenMode, Party, PartyEvent, PartyId, PartyRole, ServingEnd, TransferFailure, UnixMs,
};
use serde::{Deserialize, Serialize};

use super::{serving::ServerDoc, unknown};
use crate::StoreError;

/// What happened to a further party.
#[derive(Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(super) enum PartyEventDoc {
    Wanted {
        party: u32,
        role: String,
        target: String,
        by: String,
    },
    Invited {
        party: u32,
        server: ServerDoc,
    },
    Rang {
        party: u32,
    },
    Joined {
        party: u32,
        codec: String,
        peer: String,
    },
    ModeChanged {
        party: u32,
        mode: String,
        by: String,
    },
    HoldChanged {
        party: u32,
        held: bool,
    },
    DigitsPressed {
        party: u32,
        digits: String,
    },
    Left {
        party: u32,
        end: String,
        by: String,
    },
    Failed {
        party: u32,
        why: String,
    },
}

/// A further party.
#[derive(Serialize, Deserialize)]
pub(super) struct PartyDoc {
    id: u32,
    role: String,
    was_heard: bool,
    server: Option<ServerDoc>,
    wanted_at: i64,
    rang_at: Option<i64>,
    joined_at: Option<i64>,
    left_at: Option<i64>,
    end: Option<String>,
}

impl From<PartyEvent> for PartyEventDoc {
    fn from(event: PartyEvent) -> Self {
        let party = event.party().0;
        match event {
            PartyEvent::Wanted {
                role, target, by, ..
            } => Self::Wanted {
                party,
                role: role.name().into(),
                target,
                by,
            },
            PartyEvent::Invited { server, .. } => Self::Invited {
                party,
                server: (&server).into(),
            },
            PartyEvent::Rang { .. } => Self::Rang { party },
            PartyEvent::Joined { codec, peer, .. } => Self::Joined { party, codec, peer },
            PartyEvent::ModeChanged { mode, by, .. } => Self::ModeChanged {
                party,
                mode: mode.name().into(),
                by,
            },
            PartyEvent::HoldChanged { held, .. } => Self::HoldChanged { party, held },
            PartyEvent::DigitsPressed { digits, .. } => Self::DigitsPressed { party, digits },
            PartyEvent::Left { end, by, .. } => Self::Left {
                party,
                end: end.name().into(),
                by,
            },
            PartyEvent::Failed { why, .. } => Self::Failed {
                party,
                why: why.name().into(),
            },
        }
    }
}

impl PartyEventDoc {
    pub(super) fn event(self) -> Result<PartyEvent, StoreError> {
        Ok(match self {
            Self::Wanted {
                party,
                role,
                target,
                by,
            } => PartyEvent::Wanted {
                party: PartyId(party),
                role: role_of(&role)?,
                target,
                by,
            },
            Self::Invited { party, server } => PartyEvent::Invited {
                party: PartyId(party),
                server: server.server()?,
            },
            Self::Rang { party } => PartyEvent::Rang {
                party: PartyId(party),
            },
            Self::Joined { party, codec, peer } => PartyEvent::Joined {
                party: PartyId(party),
                codec,
                peer,
            },
            Self::ModeChanged { party, mode, by } => PartyEvent::ModeChanged {
                party: PartyId(party),
                mode: ListenMode::by_name(&mode).ok_or_else(|| unknown("listening mode"))?,
                by,
            },
            Self::HoldChanged { party, held } => PartyEvent::HoldChanged {
                party: PartyId(party),
                held,
            },
            Self::DigitsPressed { party, digits } => PartyEvent::DigitsPressed {
                party: PartyId(party),
                digits,
            },
            Self::Left { party, end, by } => PartyEvent::Left {
                party: PartyId(party),
                end: end_of(&end)?,
                by,
            },
            Self::Failed { party, why } => PartyEvent::Failed {
                party: PartyId(party),
                why: TransferFailure::by_name(&why).ok_or_else(|| unknown("transfer failure"))?,
            },
        })
    }
}

impl From<&Party> for PartyDoc {
    fn from(party: &Party) -> Self {
        Self {
            id: party.id.0,
            role: party.role.name().into(),
            was_heard: party.was_heard,
            server: party.server.as_ref().map(ServerDoc::from),
            wanted_at: party.wanted_at.0,
            rang_at: party.rang_at.map(|at| at.0),
            joined_at: party.joined_at.map(|at| at.0),
            left_at: party.left_at.map(|at| at.0),
            end: party.end.map(|end| end.name().into()),
        }
    }
}

impl PartyDoc {
    pub(super) fn party(self) -> Result<Party, StoreError> {
        Ok(Party {
            id: PartyId(self.id),
            role: role_of(&self.role)?,
            was_heard: self.was_heard,
            server: self.server.map(ServerDoc::server).transpose()?,
            wanted_at: UnixMs(self.wanted_at),
            rang_at: self.rang_at.map(UnixMs),
            joined_at: self.joined_at.map(UnixMs),
            left_at: self.left_at.map(UnixMs),
            end: self.end.map(|end| end_of(&end)).transpose()?,
        })
    }
}

fn role_of(name: &str) -> Result<PartyRole, StoreError> {
    PartyRole::by_name(name).ok_or_else(|| unknown("role of a party"))
}

fn end_of(name: &str) -> Result<ServingEnd, StoreError> {
    ServingEnd::by_name(name).ok_or_else(|| unknown("end of a serving"))
}
