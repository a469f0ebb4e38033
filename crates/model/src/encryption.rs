//! Whether sound travels encrypted.

/// Whether the sound of a call is encrypted on its way to a phone or carrier (SRTP).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MediaEncryption {
    /// Never.
    #[default]
    Off,
    /// If the other side can.
    Optional,
    /// Always: a call that would be plain does not come about.
    Mandatory,
}

impl MediaEncryption {
    /// Every one, the weakest first.
    pub const ALL: [Self; 3] = [Self::Off, Self::Optional, Self::Mandatory];

    /// Its name in settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Optional => "optional",
            Self::Mandatory => "mandatory",
        }
    }
}
