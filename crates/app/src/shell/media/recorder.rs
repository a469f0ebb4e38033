//! Writes recordings: one thread appends, another one syncs.
//!
//! Appends are plain writes, so that what a worker sealed is in the kernel at once and survives
//! the death of this process; once a second every file that grew is synced together, so that a
//! power cut costs at most a second. Syncing has a thread of its own: a slow disk delays no write.
//!
//! # Invariants
//!
//! - Chunks of a file are written in the order in which they were sealed.
//! - A file that failed stays failed: what follows a hole would be at the wrong time.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    time::{Duration, Instant},
};

use media::recording::FileHeader;
use tokio::sync::oneshot;

/// Chunks that may wait for the disk: at 1,000 calls almost a second of them.
const CHUNKS_MAX: usize = 4096;

/// Emptied buffers kept for the workers.
const BUFFERS_MAX: usize = 1024;

/// Time between syncs of files that grew.
const SYNC_EVERY: Duration = Duration::from_secs(1);

enum Job {
    Open {
        id: u64,
        file: File,
    },
    Append {
        id: u64,
        bytes: Vec<u8>,
    },
    Close {
        id: u64,
        done: Option<oneshot::Sender<io::Result<()>>>,
    },
}

/// The recording threads of this process.
pub struct Recorder {
    jobs: SyncSender<Job>,
    buffers: Arc<Buffers>,
    next_id: AtomicU64,
}

/// One recording that grows. Dropping it closes the file.
pub struct RecordingFile {
    id: u64,
    jobs: SyncSender<Job>,
    buffers: Arc<Buffers>,
    done: Option<oneshot::Sender<io::Result<()>>>,
    overflowed: bool,
    closed: bool,
}

/// Buffers on their way between workers and writer, so that a tick allocates nothing.
#[derive(Default)]
struct Buffers {
    free: std::sync::Mutex<Vec<Vec<u8>>>,
    chunks_dropped: AtomicU64,
    disk_failing: AtomicBool,
}

impl Recorder {
    /// Starts both threads.
    pub fn start() -> io::Result<Self> {
        let (jobs, inbox) = sync_channel(CHUNKS_MAX);
        let (to_sync, syncs) = sync_channel::<Vec<File>>(1);
        let buffers = Arc::new(Buffers::default());
        let kept = Arc::clone(&buffers);
        std::thread::Builder::new()
            .name("recorder".into())
            .spawn(move || Writer::new(kept, to_sync).run(&inbox))?;
        std::thread::Builder::new()
            .name("recorder-sync".into())
            .spawn(move || {
                for file in syncs.iter().flatten() {
                    if let Err(error) = file.sync_data() {
                        tracing::error!(%error, "failed to sync a recording");
                    }
                }
            })?;
        Ok(Self {
            jobs,
            buffers,
            next_id: AtomicU64::new(0),
        })
    }

    /// Creates the file with its header on disk, and returns it with the promise of its end.
    ///
    /// # Errors
    ///
    /// Fails when the file cannot be created or written, or the writer is overloaded.
    pub fn create(
        &self,
        path: &Path,
        header: &FileHeader,
    ) -> io::Result<(RecordingFile, oneshot::Receiver<io::Result<()>>)> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        file.write_all(&header.to_bytes())?;
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let (done, ended) = oneshot::channel();
        self.jobs.try_send(Job::Open { id, file }).map_err(|_| {
            // Without its writer it would be taken for a recording by the next start.
            let removed = fs::remove_file(path);
            io::Error::other(format!("recorder is overloaded, file removed: {removed:?}"))
        })?;
        let recording = RecordingFile {
            id,
            jobs: self.jobs.clone(),
            buffers: Arc::clone(&self.buffers),
            done: Some(done),
            overflowed: false,
            closed: false,
        };
        Ok((recording, ended))
    }

    /// Chunks that were lost because the disk was too slow.
    pub fn chunks_dropped(&self) -> u64 {
        self.buffers.chunks_dropped.load(Ordering::Relaxed)
    }

    /// Whether the last write failed.
    pub fn is_failing(&self) -> bool {
        self.buffers.disk_failing.load(Ordering::Relaxed)
    }
}

impl RecordingFile {
    /// Hands a sealed chunk to the writer. When the disk is too slow the chunk is dropped and
    /// counted; its time becomes a gap.
    pub fn append(&mut self, chunk: &[u8]) {
        let mut bytes = self.buffers.take();
        bytes.extend_from_slice(chunk);
        if let Err(TrySendError::Full(_)) = self.jobs.try_send(Job::Append { id: self.id, bytes }) {
            self.overflowed = true;
            self.buffers.chunks_dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Ends the file; the promise given out at its creation is kept once all is written.
    pub fn close(mut self) {
        self.send_close();
    }

    fn send_close(&mut self) {
        if self.closed {
            return;
        }
        self.closed = true;
        let close = Job::Close {
            id: self.id,
            done: self.done.take(),
        };
        if self.jobs.try_send(close).is_err() {
            // The promise is broken with it, and whoever waits for the end sees that.
            tracing::error!("recorder is overloaded, the end of a recording was lost");
        }
    }
}

impl Drop for RecordingFile {
    fn drop(&mut self) {
        self.send_close();
    }
}

impl Buffers {
    fn take(&self) -> Vec<u8> {
        // Never waits: when the writer holds the lock, a fresh buffer is as good.
        self.free
            .try_lock()
            .ok()
            .and_then(|mut free| free.pop())
            .unwrap_or_default()
    }

    fn put(&self, mut buffer: Vec<u8>) {
        buffer.clear();
        if let Ok(mut free) = self.free.lock()
            && free.len() < BUFFERS_MAX
        {
            free.push(buffer);
        }
    }
}

struct Writer {
    files: HashMap<u64, Open>,
    buffers: Arc<Buffers>,
    to_sync: SyncSender<Vec<File>>,
    sync_at: Instant,
}

struct Open {
    file: File,
    grew: bool,
    fault: Option<io::Error>,
}

impl Writer {
    fn new(buffers: Arc<Buffers>, to_sync: SyncSender<Vec<File>>) -> Self {
        Self {
            files: HashMap::new(),
            buffers,
            to_sync,
            sync_at: Instant::now() + SYNC_EVERY,
        }
    }

    fn run(mut self, jobs: &Receiver<Job>) {
        loop {
            let wait = self.sync_at.saturating_duration_since(Instant::now());
            match jobs.recv_timeout(wait) {
                Ok(job) => self.obey(job),
                Err(RecvTimeoutError::Timeout) => self.sync(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if Instant::now() >= self.sync_at {
                self.sync();
            }
        }
    }

    fn obey(&mut self, job: Job) {
        match job {
            Job::Open { id, file } => {
                self.files.insert(
                    id,
                    Open {
                        file,
                        grew: true,
                        fault: None,
                    },
                );
            }
            Job::Append { id, bytes } => {
                self.append(id, &bytes);
                self.buffers.put(bytes);
            }
            Job::Close { id, done } => {
                let Some(open) = self.files.remove(&id) else {
                    return;
                };
                let result = open.fault.map_or_else(|| open.file.sync_data(), Err);
                if let Some(done) = done {
                    // The call's task may be gone; the next start finds the file.
                    let _ = done.send(result);
                }
            }
        }
    }

    fn append(&mut self, id: u64, bytes: &[u8]) {
        let Some(open) = self.files.get_mut(&id) else {
            return;
        };
        if open.fault.is_some() {
            return;
        }
        match open.file.write_all(bytes) {
            Ok(()) => {
                open.grew = true;
                self.buffers.disk_failing.store(false, Ordering::Relaxed);
            }
            Err(error) => {
                tracing::error!(%error, "failed to write a recording");
                self.buffers.disk_failing.store(true, Ordering::Relaxed);
                open.fault = Some(error);
            }
        }
    }

    /// Gives every file that grew to the syncing thread. While that is busy with the last round,
    /// they wait for the next one.
    fn sync(&mut self) {
        self.sync_at = Instant::now() + SYNC_EVERY;
        let grown = self.files.values_mut().filter(|open| open.grew);
        let files: Vec<File> = grown
            .filter_map(|open| {
                open.grew = false;
                open.file.try_clone().ok()
            })
            .collect();
        if !files.is_empty()
            && let Err(TrySendError::Full(_)) = self.to_sync.try_send(files)
        {
            for open in self.files.values_mut() {
                open.grew = true;
            }
        }
    }
}
