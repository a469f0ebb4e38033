//! How key presses reach a phone.

/// How key presses are sent to the other side of a leg. Heard are those of every kind that comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyPresses {
    /// As events of RTP (RFC 4733) where these are agreed on; else as the peer sends its own: by INFO, or
    /// as tones.
    #[default]
    Auto,
    /// By INFO (`application/dtmf-relay`), whatever is agreed on.
    Info,
    /// As tones in the sound. Events are not offered.
    Tones,
}

impl KeyPresses {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Info, Self::Tones];

    /// Its name in settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Info => "info",
            Self::Tones => "tones",
        }
    }
}
