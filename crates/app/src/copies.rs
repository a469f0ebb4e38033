//! Copies rendered recordings to the operator's own store, if there is one.
//!
//! A copy is made before the recording is announced, because its address stands in the push. A
//! store that does not answer in time costs the address, never the recording or the push.

use std::time::Duration;

use model::Recording;
use providers::storage::{ObjectStore, StorageSettings};

/// Pauses between attempts at one copy.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];

/// The store for copies.
pub struct Copies(Option<ObjectStore>);

impl Copies {
    /// No copies without settings.
    pub fn new(settings: Option<StorageSettings>) -> anyhow::Result<Self> {
        Ok(Self(settings.map(ObjectStore::new).transpose()?))
    }

    /// Copies `file` of a recording and notes where it is.
    pub async fn copy(&self, recording: &mut Recording, file: &std::path::Path) {
        let Some(storage) = &self.0 else { return };
        match put(storage, &recording.file_name, file).await {
            Ok(url) => recording.copy_url = Some(url),
            Err(error) => {
                let error = format!("{error:#}");
                tracing::warn!(recording = %recording.id, error, "a recording was not copied");
            }
        }
    }
}

async fn put(storage: &ObjectStore, key: &str, file: &std::path::Path) -> anyhow::Result<String> {
    let bytes = tokio::fs::read(file).await?;
    let mut pauses = PAUSES.into_iter();
    loop {
        match storage.put(key, bytes.clone(), "audio/mpeg").await {
            Ok(url) => return Ok(url),
            Err(fault) => match pauses.next().filter(|_| fault.may_pass()) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(fault.into()),
            },
        }
    }
}
