//! The thread that appends.

use std::{
    collections::HashMap,
    fs::File,
    io::Write as _,
    sync::{
        Arc,
        atomic::Ordering,
        mpsc::{SyncSender, TrySendError},
    },
    time::{Duration, Instant},
};

use flume::{Receiver, TryRecvError};

use super::{
    Buffers, Job,
    sync::{Ended, Round},
};

/// Time over which chunks gather before they are written together: to wake for each of them would
/// cost more than writing it. Together with a chunk of 200 ms it is what a kill may cost.
pub const GATHER: Duration = Duration::from_millis(20);

/// Time between syncs of files that grew. With a chunk, its gathering and the sync itself it is below
/// the second that a power cut may cost.
const SYNC_EVERY: Duration = Duration::from_millis(700);

/// The open files, and those that ended but are not on the disk yet.
pub struct Writer {
    files: HashMap<u64, Open>,
    ended: Vec<Ended>,
    buffers: Arc<Buffers>,
    to_sync: SyncSender<Round>,
    sync_at: Instant,
}

struct Open {
    /// Shared with the round that syncs it.
    file: Arc<File>,
    grew: bool,
    /// The last write failed.
    is_failing: bool,
}

impl Writer {
    /// Without files. Gives emptied buffers back, and files to whoever syncs them.
    pub fn new(buffers: Arc<Buffers>, to_sync: SyncSender<Round>) -> Self {
        Self {
            files: HashMap::new(),
            ended: Vec::new(),
            buffers,
            to_sync,
            sync_at: Instant::now() + SYNC_EVERY,
        }
    }

    /// Works until every sender of jobs is gone.
    pub fn run(mut self, jobs: &Receiver<Job>) {
        loop {
            if self.files.is_empty() && self.ended.is_empty() {
                // Nothing can come due: wait for a job instead of the clock.
                let Ok(job) = jobs.recv() else { return };
                self.obey(job);
            } else {
                std::thread::sleep(GATHER);
            }
            loop {
                match jobs.try_recv() {
                    Ok(job) => self.obey(job),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return self.end(),
                }
            }
            if !self.ended.is_empty() || Instant::now() >= self.sync_at {
                self.sync();
            }
        }
    }

    /// Those who wait for the end of a file are told it, however long the last round takes.
    fn end(self) {
        let grown = self.files.into_values().map(|open| open.file).collect();
        let ended = self.ended;
        // Without the syncing thread nobody is left to tell.
        let _ = self.to_sync.send(Round { grown, ended });
    }

    fn obey(&mut self, job: Job) {
        match job {
            Job::Open { id, file } => {
                self.files.insert(
                    id,
                    Open {
                        file: Arc::new(file),
                        grew: true,
                        is_failing: false,
                    },
                );
            }
            Job::Append { id, bytes } => {
                self.append(id, &bytes);
                self.buffers.put(bytes);
            }
            Job::Close { id, done } => {
                if let Some(Open { file, .. }) = self.files.remove(&id) {
                    self.ended.push(Ended { file, done });
                }
            }
        }
    }

    /// A chunk that cannot be written is lost and its time a gap: chunks say where they belong, and
    /// a reader finds the next one behind the torn bytes of another.
    fn append(&mut self, id: u64, bytes: &[u8]) {
        let Some(open) = self.files.get_mut(&id) else {
            return;
        };
        let written = (&*open.file).write_all(bytes);
        self.buffers
            .disk_failing
            .store(written.is_err(), Ordering::Relaxed);
        match written {
            Ok(()) => {
                open.grew = true;
                if std::mem::take(&mut open.is_failing) {
                    tracing::info!("a recording is written again");
                }
            }
            Err(error) => {
                self.buffers.chunks_dropped.fetch_add(1, Ordering::Relaxed);
                if !std::mem::replace(&mut open.is_failing, true) {
                    tracing::error!(%error, "failed to write a recording");
                }
            }
        }
    }

    /// Gives the files that ended, and when it is time those that grew, to the syncing thread. While
    /// that is busy with the last round, they wait for the next one.
    fn sync(&mut self) {
        let is_due = Instant::now() >= self.sync_at;
        let mut grown = Vec::new();
        if is_due {
            let open = self.files.values().filter(|open| open.grew);
            grown.extend(open.map(|open| Arc::clone(&open.file)));
        }
        let round = Round {
            grown,
            ended: std::mem::take(&mut self.ended),
        };
        if round.grown.is_empty() && round.ended.is_empty() {
            self.sync_at = Instant::now() + SYNC_EVERY;
            return;
        }
        match self.to_sync.try_send(round) {
            Ok(()) if is_due => {
                self.sync_at = Instant::now() + SYNC_EVERY;
                self.files.values_mut().for_each(|open| open.grew = false);
            }
            Ok(()) => {}
            // It lives as long as this thread: a round that it cannot take is only early.
            Err(TrySendError::Full(round) | TrySendError::Disconnected(round)) => {
                self.ended = round.ended;
            }
        }
    }
}
