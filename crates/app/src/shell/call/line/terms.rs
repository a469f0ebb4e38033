//! What media of a leg may be, as the settings of a trunk or a phone say it.

use model::{ExtensionDraft, KeyPresses, MediaEncryption, MediaTimeout, TrunkCodec, TrunkDraft};

/// What media of a leg may be.
#[derive(Clone, Debug)]
pub struct MediaTerms {
    /// Codecs, the most wanted first.
    pub codecs: Vec<TrunkCodec>,
    /// Whether it is encrypted.
    pub encryption: MediaEncryption,
    /// How keys reach the peer.
    pub key_presses: KeyPresses,
    /// How long the peer may be silent.
    pub timeout: MediaTimeout,
    /// Whether 183 with our description goes ahead of the answer.
    pub progress_first: bool,
}

impl MediaTerms {
    /// Those of a trunk.
    pub fn of_trunk(settings: &TrunkDraft) -> Self {
        Self {
            codecs: settings.codecs.clone(),
            encryption: settings.way.encryption,
            key_presses: settings.signalling.key_presses,
            timeout: settings.signalling.media_timeout,
            progress_first: settings.signalling.progress_first,
        }
    }

    /// Those of a phone.
    pub fn of_phone(settings: &ExtensionDraft) -> Self {
        Self {
            codecs: settings.codecs.clone(),
            encryption: settings.encryption,
            key_presses: settings.key_presses,
            timeout: settings.media_timeout,
            progress_first: false,
        }
    }
}
