//! Uploaded sounds: the files, and the decoded ones that calls play.

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use anyhow::Context as _;
use model::{SoundId, TenantId};
use providers::sound::SoundFault;

use crate::App;

/// Samples kept decoded: 64 MiB, more than an hour of sound.
const KEPT_SAMPLES_MAX: usize = 32 * 1024 * 1024;

/// Decoded sounds, the most recently used last.
#[derive(Default)]
pub struct SoundBank(Mutex<VecDeque<Decoded>>);

/// Whose sound it is, and its samples.
type Decoded = ((TenantId, SoundId), Arc<[i16]>);

impl SoundBank {
    /// The samples of a tenant's sound at 8 kHz, mono.
    pub async fn load(
        &self,
        app: &App,
        tenant: TenantId,
        id: SoundId,
    ) -> anyhow::Result<Arc<[i16]>> {
        if let Some(samples) = self.take((tenant, id)) {
            self.keep((tenant, id), Arc::clone(&samples));
            return Ok(samples);
        }
        let sound = app.store().sound(tenant, id).await.context("sound")?;
        let path = path(&app.settings().data, &sound.settings.sha256);
        let bytes = tokio::fs::read(&path)
            .await
            .context("failed to read a sound's file")?;
        let samples: Arc<[i16]> = providers::sound::decode(bytes).await?.into();
        self.keep((tenant, id), Arc::clone(&samples));
        Ok(samples)
    }

    fn take(&self, id: (TenantId, SoundId)) -> Option<Arc<[i16]>> {
        let mut kept = self
            .0
            .lock()
            .expect("nothing panics while it holds this lock");
        let found = kept.iter().position(|(kept, _)| *kept == id)?;
        kept.remove(found).map(|(_, samples)| samples)
    }

    fn keep(&self, id: (TenantId, SoundId), samples: Arc<[i16]>) {
        let mut kept = self
            .0
            .lock()
            .expect("nothing panics while it holds this lock");
        kept.push_back((id, samples));
        let mut n_samples: usize = kept.iter().map(|(_, samples)| samples.len()).sum();
        while n_samples > KEPT_SAMPLES_MAX && kept.len() > 1 {
            let oldest = kept.pop_front().expect("there are at least two");
            n_samples -= oldest.1.len();
        }
    }
}

/// Samples a second of a bare sound that comes with a request: the default of the vendor's
/// `CustomTTSConfig`.
const SENT_RATE_HZ: u32 = 16_000;

/// A sound that came with a request, at 8 kHz: a WAV file, or bare samples at 16 kHz, signed, of 16
/// bits, little endian, in one channel.
///
/// # Errors
///
/// Why the bytes are no sound.
pub async fn sent_sound(bytes: Vec<u8>) -> Result<Arc<[i16]>, SoundFault> {
    let samples = providers::sound::decode_sent(bytes, SENT_RATE_HZ).await?;
    Ok(samples.into())
}

/// Where an uploaded file lies: by its content, so that the same upload is stored once.
pub fn path(data: &Path, sha256: &str) -> PathBuf {
    data.join("sounds").join(sha256)
}
