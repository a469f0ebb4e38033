//! Brings files to the disk, many at once.
//!
//! To sync a file costs a commit of the file system's journal and a flush of the disk, some
//! milliseconds in which nothing else is synced: hundreds of files would take longer than the second
//! that they have. So many files are synced by one call for their whole file system. It also waits
//! for what other programs have written there: the data folder belongs on a disk of its own where
//! others write much.

use std::{
    collections::BTreeSet,
    fs::File,
    io,
    os::{fd::AsRawFd as _, unix::fs::MetadataExt as _},
    sync::Arc,
};

use tokio::sync::oneshot;

/// From this many files on they are synced together; fewer do not wait for what others have written.
const TOGETHER_MIN: usize = 16;

/// Files that belong to one round.
#[derive(Default)]
pub struct Round {
    /// Files that grew, and grow on.
    pub grown: Vec<Arc<File>>,
    /// Files that ended.
    pub ended: Vec<Ended>,
}

/// A file to which nothing will be added.
pub struct Ended {
    /// The file.
    pub file: Arc<File>,
    /// Who waits for it to be on the disk.
    pub done: Option<oneshot::Sender<io::Result<()>>>,
}

impl Round {
    /// Syncs every file, and tells those who wait.
    pub fn run(self) {
        // If that fails, each file tells for itself whether it is safe.
        let is_synced = self.files().count() >= TOGETHER_MIN && self.sync_together().is_ok();
        let sync = |file: &File| match is_synced {
            true => Ok(()),
            false => file.sync_data(),
        };
        for file in &self.grown {
            if let Err(error) = sync(file) {
                tracing::error!(%error, "failed to sync a recording");
            }
        }
        for Ended { file, done } in self.ended {
            let result = sync(&file);
            if let Some(done) = done {
                // The call's task may be gone; the next start finds the file.
                let _ = done.send(result);
            }
        }
    }

    fn files(&self) -> impl Iterator<Item = &File> {
        let ended = self.ended.iter().map(|ended| &ended.file);
        self.grown.iter().chain(ended).map(|file| &**file)
    }

    fn sync_together(&self) -> io::Result<()> {
        let mut devices = BTreeSet::new();
        for file in self.files() {
            if devices.insert(file.metadata()?.dev()) {
                sync_file_system(file)?;
            }
        }
        Ok(())
    }
}

/// Syncs the file system on which a file lies; reports failed writes since Linux 5.8.
#[allow(unsafe_code)]
fn sync_file_system(file: &File) -> io::Result<()> {
    // SAFETY: a system call without pointers, on a descriptor that is open.
    match unsafe { libc::syncfs(file.as_raw_fd()) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
