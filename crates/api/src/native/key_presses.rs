//! How key presses reach a phone, on the wire.

use model::KeyPresses;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How key presses are sent to the other side. Heard are those of every kind that comes.
#[derive(Clone, Copy, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum KeyPressesBody {
    /// As events of RTP (RFC 4733) where these are agreed on; else as the peer sends its own: by INFO,
    /// or as tones.
    #[default]
    Auto,
    /// By INFO (`application/dtmf-relay`), whatever is agreed on.
    Info,
    /// As tones in the sound.
    Tones,
}

impl From<KeyPresses> for KeyPressesBody {
    fn from(model: KeyPresses) -> Self {
        match model {
            KeyPresses::Auto => Self::Auto,
            KeyPresses::Info => Self::Info,
            KeyPresses::Tones => Self::Tones,
        }
    }
}

impl From<KeyPressesBody> for KeyPresses {
    fn from(wire: KeyPressesBody) -> Self {
        match wire {
            KeyPressesBody::Auto => Self::Auto,
            KeyPressesBody::Info => Self::Info,
            KeyPressesBody::Tones => Self::Tones,
        }
    }
}
