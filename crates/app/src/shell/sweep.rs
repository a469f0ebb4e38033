//! Removes what is kept for a time only: the lossless audio of calls that were rendered.
//!
//! # Invariants
//!
//! - Nothing is removed before its tracks are rendered: that is what put it into this folder.
//! - A folder that cannot be read, or a file that cannot be removed, keeps nobody waiting: it is
//!   logged, and tried again by the next sweep.

use std::{
    fs, io,
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};

use crate::{App, shell::call::done_folder};

/// How often the folder is looked through.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);

/// Sweeps until the process ends.
pub async fn run(app: Arc<App>) {
    loop {
        let (folder, kept) = (done_folder(&app), app.settings().raw_kept);
        let swept = tokio::task::spawn_blocking(move || sweep(&folder, kept, SystemTime::now()));
        match swept.await {
            Ok(Ok(0)) => {}
            Ok(Ok(n_removed)) => tracing::info!(n_removed, "old raw recordings were removed"),
            Ok(Err(error)) => tracing::warn!(%error, "failed to look for old raw recordings"),
            Err(panic) => tracing::error!(%panic, "a sweep has ended badly"),
        }
        tokio::time::sleep(SWEEP_EVERY).await;
    }
}

/// Removes raw recordings that were last written longer than `kept` ago. Gives their number.
fn sweep(folder: &Path, kept: Duration, now: SystemTime) -> io::Result<u64> {
    if !folder.exists() {
        return Ok(0);
    }
    let mut n_removed = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "sbr") {
            continue;
        }
        let written = entry.metadata()?.modified()?;
        // A clock that went backwards makes a file young, never old.
        let age = now.duration_since(written).unwrap_or_default();
        if age <= kept {
            continue;
        }
        match fs::remove_file(&path) {
            Ok(()) => n_removed += 1,
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "failed to remove a raw recording");
            }
        }
    }
    Ok(n_removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    #[test]
    fn raw_recordings_go_when_their_time_is_over_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        for (name, age_days) in [("old.sbr", 8), ("young.sbr", 6), ("old.txt", 8)] {
            let file = fs::File::create(folder.path().join(name)).unwrap();
            file.set_modified(now - DAY * age_days).unwrap();
        }
        assert_eq!(sweep(folder.path(), DAY * 7, now).unwrap(), 1);
        assert!(!folder.path().join("old.sbr").exists());
        assert!(folder.path().join("young.sbr").exists());
        assert!(folder.path().join("old.txt").exists());
        assert_eq!(sweep(folder.path(), DAY * 7, now).unwrap(), 0);
    }

    #[test]
    fn a_centre_without_recordings_has_nothing_to_sweep() {
        let folder = tempfile::tempdir().unwrap();
        let none = folder.path().join("done");
        assert_eq!(sweep(&none, DAY, SystemTime::now()).unwrap(), 0);
    }

    #[test]
    fn a_file_of_the_future_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        let file = fs::File::create(folder.path().join("next.sbr")).unwrap();
        file.set_modified(now + DAY).unwrap();
        assert_eq!(sweep(folder.path(), Duration::ZERO, now).unwrap(), 0);
    }
}
