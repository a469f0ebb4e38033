//! Removes what is kept for a time only: the lossless audio of calls that were rendered, and
//! their tracks where the operator says so.
//!
//! # Invariants
//!
//! - Nothing is removed before its tracks are rendered: that is what put it into these folders.
//! - A folder that cannot be read, or a file that cannot be removed, keeps nobody waiting: it is
//!   logged, and tried again by the next sweep.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use crate::{
    App,
    shell::call::{PARTY_EXTENSION, done_folder, recordings_folder},
};

/// How often the folders are looked through.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);

/// Files of one kind, kept for a time.
#[derive(Clone)]
struct Kept {
    folder: PathBuf,
    extension: &'static str,
    /// Time since they were last written.
    time: Duration,
}

/// Sweeps until the process ends.
pub async fn run(app: Arc<App>) {
    let mut kept = vec![Kept {
        folder: done_folder(&app),
        extension: "sbr",
        time: app.settings().raw_kept,
    }];
    kept.push(Kept {
        folder: done_folder(&app),
        extension: PARTY_EXTENSION,
        time: app.settings().raw_kept,
    });
    kept.extend(app.settings().recordings_kept.map(|time| Kept {
        folder: recordings_folder(&app),
        extension: "mp3",
        time,
    }));
    loop {
        for kept in kept.clone() {
            let extension = kept.extension;
            let swept = move || sweep(&kept, &kept.folder, SystemTime::now());
            match tokio::task::spawn_blocking(swept).await {
                Ok(Ok(0)) => {}
                Ok(Ok(n_removed)) => {
                    tracing::info!(n_removed, extension, "old recordings were removed");
                }
                Ok(Err(error)) => tracing::warn!(%error, "failed to look for old recordings"),
                Err(panic) => tracing::error!(%panic, "a sweep has ended badly"),
            }
        }
        tokio::time::sleep(SWEEP_EVERY).await;
    }
}

/// Removes what was last written longer ago than it is kept, in `folder` and those below. Gives the
/// number of files.
fn sweep(kept: &Kept, folder: &Path, now: SystemTime) -> io::Result<u64> {
    if !folder.exists() {
        return Ok(0);
    }
    let mut n_removed = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            n_removed += sweep(kept, &path, now)?;
            continue;
        }
        if path.extension().is_none_or(|found| found != kept.extension) {
            continue;
        }
        let written = entry.metadata()?.modified()?;
        // A clock that went backwards makes a file young, never old.
        let age = now.duration_since(written).unwrap_or_default();
        if age <= kept.time {
            continue;
        }
        match fs::remove_file(&path) {
            Ok(()) => n_removed += 1,
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "failed to remove a recording");
            }
        }
    }
    Ok(n_removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    fn kept(folder: &Path, time: Duration) -> Kept {
        Kept {
            folder: folder.to_owned(),
            extension: "sbr",
            time,
        }
    }

    fn removed(folder: &Path, time: Duration, now: SystemTime) -> u64 {
        sweep(&kept(folder, time), folder, now).unwrap()
    }

    #[test]
    fn recordings_go_when_their_time_is_over_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let (at, now) = (folder.path(), SystemTime::now());
        fs::create_dir(at.join("20783")).unwrap();
        let files = [
            ("old.sbr", 8),
            ("20783/old.sbr", 8),
            ("young.sbr", 6),
            ("old.txt", 8),
        ];
        for (name, age_days) in files {
            let file = fs::File::create(at.join(name)).unwrap();
            file.set_modified(now - DAY * age_days).unwrap();
        }
        assert_eq!(removed(at, DAY * 7, now), 2);
        let left = files.map(|(name, _)| at.join(name).exists());
        assert_eq!(left, [false, false, true, true]);
        assert_eq!(removed(at, DAY * 7, now), 0);
    }

    #[test]
    fn a_centre_without_recordings_has_nothing_to_sweep() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(
            removed(&folder.path().join("done"), DAY, SystemTime::now()),
            0
        );
    }

    #[test]
    fn a_file_of_the_future_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        let file = fs::File::create(folder.path().join("next.sbr")).unwrap();
        file.set_modified(now + DAY).unwrap();
        assert_eq!(removed(folder.path(), Duration::ZERO, now), 0);
    }
}
