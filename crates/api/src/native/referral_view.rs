//! Phones that give their places to others, on the wire.

use model::Referral;
use schemars::JsonSchema;
use serde::Serialize;

/// What happens when a phone gives its place to another one.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum ReferralView {
    /// The phone in the place of `side` (`user` or `staff`) asks for it to be given to `target`, which
    /// talks in another `call` already if that is not null.
    Asked {
        side: &'static str,
        target: String,
        call: Option<String>,
    },
    /// It hung up before another one had its place.
    Left { side: &'static str },
    /// The phone that was offered last has the place from now on.
    Taken {
        side: &'static str,
        codec: String,
        peer: String,
    },
    /// The carrier of the phone in the place of `side` has reached the one that was offered last itself.
    Sent { side: &'static str },
    /// The phone in the place of `side` goes on in another call; this one ends.
    Moved { side: &'static str, call: String },
}

impl From<Referral> for ReferralView {
    fn from(referral: Referral) -> Self {
        match referral {
            Referral::Asked { side, target, call } => Self::Asked {
                side: side.name(),
                target,
                call: call.map(|call| call.0),
            },
            Referral::Left { side } => Self::Left { side: side.name() },
            Referral::Taken { side, codec, peer } => Self::Taken {
                side: side.name(),
                codec,
                peer,
            },
            Referral::Sent { side } => Self::Sent { side: side.name() },
            Referral::Moved { side, call } => Self::Moved {
                side: side.name(),
                call: call.0,
            },
        }
    }
}
