//! Brings files to the disk, many at once.
//!
//! Syncing a file alone costs a commit of the file system's journal, some milliseconds each: one
//! after the other hundreds of files would take longer than a second. So a round first has the
//! kernel begin to write all of them; the commit that the first one then waits for covers the rest.

use std::{fs::File, io, os::fd::AsRawFd as _, sync::Arc};

use tokio::sync::oneshot;

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
        let ended = self.ended.iter().map(|ended| &ended.file);
        self.grown.iter().chain(ended).for_each(|file| begin(file));
        for file in &self.grown {
            if let Err(error) = file.sync_data() {
                tracing::error!(%error, "failed to sync a recording");
            }
        }
        for Ended { file, done } in self.ended {
            let result = file.sync_data();
            if let Some(done) = done {
                // The call's task may be gone; the next start finds the file.
                let _ = done.send(result);
            }
        }
    }
}

/// Has the kernel begin to write. Whether that works out is told by the sync that follows.
#[allow(unsafe_code)]
fn begin(file: &File) {
    // SAFETY: a system call without pointers, on a descriptor that is open.
    unsafe { libc::sync_file_range(file.as_raw_fd(), 0, 0, libc::SYNC_FILE_RANGE_WRITE) };
}
