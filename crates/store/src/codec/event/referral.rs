//! Phones that give their places to others.

use model::{CallId, HungUpSide, Referral};
use serde::{Deserialize, Serialize};

use crate::{StoreError, codec::unknown};

/// A step of a referral as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum ReferralDoc {
    Asked {
        side: String,
        target: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call: Option<String>,
    },
    Left {
        side: String,
    },
    Taken {
        side: String,
        codec: String,
        peer: String,
    },
    Sent {
        side: String,
    },
    Moved {
        side: String,
        call: String,
    },
}

impl From<Referral> for ReferralDoc {
    fn from(referral: Referral) -> Self {
        let name = |side: HungUpSide| side.name().to_owned();
        match referral {
            Referral::Asked { side, target, call } => Self::Asked {
                side: name(side),
                target,
                call: call.map(|call| call.0),
            },
            Referral::Left { side } => Self::Left { side: name(side) },
            Referral::Taken { side, codec, peer } => Self::Taken {
                side: name(side),
                codec,
                peer,
            },
            Referral::Sent { side } => Self::Sent { side: name(side) },
            Referral::Moved { side, call } => Self::Moved {
                side: name(side),
                call: call.0,
            },
        }
    }
}

impl ReferralDoc {
    pub(super) fn referral(self) -> Result<Referral, StoreError> {
        let side = |name: &str| HungUpSide::by_name(name).ok_or_else(|| unknown("side"));
        Ok(match self {
            Self::Asked {
                side: name,
                target,
                call,
            } => Referral::Asked {
                side: side(&name)?,
                target,
                call: call.map(CallId),
            },
            Self::Left { side: name } => Referral::Left { side: side(&name)? },
            Self::Taken {
                side: name,
                codec,
                peer,
            } => Referral::Taken {
                side: side(&name)?,
                codec,
                peer,
            },
            Self::Sent { side: name } => Referral::Sent { side: side(&name)? },
            Self::Moved { side: name, call } => Referral::Moved {
                side: side(&name)?,
                call: CallId(call),
            },
        })
    }
}
