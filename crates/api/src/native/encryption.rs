//! Whether sound is encrypted, on the wire.

use model::MediaEncryption;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether the sound of calls is encrypted (SRTP, its keys in the SDP).
#[derive(Clone, Copy, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Encryption {
    /// Never.
    #[default]
    Off,
    /// If the other side can.
    Optional,
    /// Always: a call that would be plain does not come about.
    Mandatory,
}

impl From<MediaEncryption> for Encryption {
    fn from(model: MediaEncryption) -> Self {
        match model {
            MediaEncryption::Off => Self::Off,
            MediaEncryption::Optional => Self::Optional,
            MediaEncryption::Mandatory => Self::Mandatory,
        }
    }
}

impl From<Encryption> for MediaEncryption {
    fn from(wire: Encryption) -> Self {
        match wire {
            Encryption::Off => Self::Off,
            Encryption::Optional => Self::Optional,
            Encryption::Mandatory => Self::Mandatory,
        }
    }
}
