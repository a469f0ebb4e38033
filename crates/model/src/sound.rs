//! Uploaded sounds.

use crate::{SoundId, TenantId, UnixMs};

/// A sound that was decoded and found good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoundDraft {
    /// Name that the uploader gave it, 1 to 128 characters. `CustomFileName`.
    pub name: String,
    /// File name it came under. `AudioFileName`.
    pub file_name: String,
    /// SHA-256 of the uploaded bytes, lower-case hex; the stored file is named by it.
    pub sha256: String,
    /// Uploaded bytes.
    pub n_bytes: i64,
    /// Length of the audio.
    pub duration_ms: i64,
}

/// A sound that can be played into calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// Unique in the installation.
    pub id: SoundId,
    /// Its owner.
    pub tenant: TenantId,
    /// What it is.
    pub settings: SoundDraft,
    /// When it was uploaded.
    pub created_at: UnixMs,
}
