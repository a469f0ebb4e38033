//! Further parties of a call, on the wire.

use model::{Party, PartyEvent, UnixMs};
use schemars::JsonSchema;
use serde::Serialize;

use super::{field::Time, serving_view::ServerView};

/// A further party of a call, and what became of it.
#[derive(Serialize, JsonSchema)]
pub(super) struct PartyView {
    /// Its number in the call: `leg` in paths, and its track is `party_` with it.
    pub leg: u32,
    /// `participant`, or of a supervisor `listen`, `whisper` or `barge`.
    role: &'static str,
    /// Who it is, once its phone was found.
    server: Option<ServerView>,
    /// When it was wanted.
    wanted_at: Time,
    /// When its phone began to ring.
    rang_at: Option<Time>,
    /// When it was answered.
    joined_at: Option<Time>,
    /// When it was over.
    left_at: Option<Time>,
    /// `served`, `not_answered`, `busy`, `rejected`, `not_reachable`, `not_encrypted` (its media found no
    /// keys) or `given_up`, once it is over.
    end: Option<&'static str>,
}

/// What happened to a further party of a call; `leg` is its number there.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(super) enum PartyEventView {
    /// Somebody wants it in the call: as a `participant`, or to `listen`, `whisper` or `barge`.
    Wanted {
        leg: u32,
        role: &'static str,
        target: String,
        by: String,
    },
    /// Its phone is called.
    Invited { leg: u32, server: ServerView },
    /// Its phone rings.
    Rang { leg: u32 },
    /// It was answered, and is in the call.
    Joined {
        leg: u32,
        codec: String,
        peer: String,
    },
    /// A supervisor is heard by others from now on.
    ModeChanged {
        leg: u32,
        mode: &'static str,
        by: String,
    },
    /// It holds, or goes on.
    HoldChanged { leg: u32, held: bool },
    /// Keys were pressed on it.
    DigitsPressed { leg: u32, digits: String },
    /// It is out of the call, which goes on.
    Left {
        leg: u32,
        end: &'static str,
        by: String,
    },
    /// No phone could be called for it.
    Failed { leg: u32, why: &'static str },
}

impl From<Party> for PartyView {
    fn from(party: Party) -> Self {
        let time = |at: Option<UnixMs>| at.map(Time);
        Self {
            leg: party.id.0,
            role: party.role.name(),
            server: party.server.map(ServerView::from),
            wanted_at: Time(party.wanted_at),
            rang_at: time(party.rang_at),
            joined_at: time(party.joined_at),
            left_at: time(party.left_at),
            end: party.end.map(|end| end.name()),
        }
    }
}

impl From<PartyEvent> for PartyEventView {
    fn from(event: PartyEvent) -> Self {
        let leg = event.party().0;
        match event {
            PartyEvent::Wanted {
                role, target, by, ..
            } => Self::Wanted {
                leg,
                role: role.name(),
                target,
                by,
            },
            PartyEvent::Invited { server, .. } => Self::Invited {
                leg,
                server: server.into(),
            },
            PartyEvent::Rang { .. } => Self::Rang { leg },
            PartyEvent::Joined { codec, peer, .. } => Self::Joined { leg, codec, peer },
            PartyEvent::ModeChanged { mode, by, .. } => Self::ModeChanged {
                leg,
                mode: mode.name(),
                by,
            },
            PartyEvent::HoldChanged { held, .. } => Self::HoldChanged { leg, held },
            PartyEvent::DigitsPressed { digits, .. } => Self::DigitsPressed { leg, digits },
            PartyEvent::Left { end, by, .. } => Self::Left {
                leg,
                end: end.name(),
                by,
            },
            PartyEvent::Failed { why, .. } => Self::Failed {
                leg,
                why: why.name(),
            },
        }
    }
}
