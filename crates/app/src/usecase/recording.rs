//! Recordings, for whoever has their signed address.

use std::path::PathBuf;

use model::{CallId, Recording, RecordingId, Refusal};
use store::StoreError;

use crate::{
    App, Fault,
    shell::call::{done_path, open_path, recordings_folder},
};

impl App {
    /// A signed address of a recording, good for 24 hours.
    pub fn recording_url(&self, recording: &Recording) -> String {
        self.links().recording(&recording.id, self.now())
    }

    /// The file of a recording, if `expires` and `signature` of its address are good.
    ///
    /// # Errors
    ///
    /// A forged or expired address is refused as [`Refusal::NotPermitted`], one of a file that was
    /// kept for its time as [`Refusal::NotFound`].
    pub async fn recording_file(
        &self,
        id: &RecordingId,
        expires: i64,
        signature: &str,
    ) -> Result<PathBuf, Fault> {
        if !self.links().is_good(id, expires, signature, self.now()) {
            return Err(Refusal::NotPermitted.into());
        }
        let gone = || Refusal::NotFound { what: "recording" };
        let recording = match self.store().recording(id).await {
            Ok(recording) => recording,
            Err(StoreError::NotFound { .. }) => return Err(gone().into()),
            Err(error) => return Err(error.into()),
        };
        let file = recordings_folder(self).join(recording.file_name);
        match file.exists() {
            true => Ok(file),
            false => Err(gone().into()),
        }
    }

    /// The tracks of a call as they were, or still are, written while it runs: for drawing and
    /// lossless copies. `None` when the call was not recorded.
    ///
    /// # Errors
    ///
    /// Fails when the file is there and cannot be read.
    pub async fn raw_recording(&self, call: &CallId) -> Result<Option<Vec<u8>>, Fault> {
        // A file that moves from one place to the other is seen in the second.
        for path in [open_path(self, call), done_path(self, call)] {
            match tokio::fs::read(path).await {
                Ok(bytes) => return Ok(Some(bytes)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(Fault::Internal(error.into())),
            }
        }
        Ok(None)
    }
}
