//! Writes recordings: one thread appends, another one syncs.
//!
//! Appends are plain writes, so that what a worker sealed is in the kernel within
//! [`writer::GATHER`] and survives the death of this process; every 700 ms all files that grew are
//! synced together, so that a power cut costs at most a second. Syncing has a thread of its own: a
//! slow disk delays no write.
//!
//! # Invariants
//!
//! - Chunks of a file are written in the order in which they were sealed.
//! - A chunk that could not be written is a gap of its length: what follows stays in its place.

mod sync;
mod writer;

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::sync_channel,
    },
};

use flume::TrySendError;
use media::recording::{CHUNK_LEN_MAX, FileHeader};
use tokio::sync::oneshot;

use writer::Writer;

/// Chunks that may wait for the disk: at 1,000 calls almost a second of them.
const CHUNKS_MAX: usize = 4096;

/// Emptied buffers kept for the workers.
const BUFFERS_MAX: usize = 1024;

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
    jobs: flume::Sender<Job>,
    buffers: Arc<Buffers>,
    next_id: AtomicU64,
}

/// One recording that grows. Dropping it closes the file.
pub struct RecordingFile {
    id: u64,
    jobs: flume::Sender<Job>,
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
        let (jobs, inbox) = flume::bounded(CHUNKS_MAX);
        let (to_sync, rounds) = sync_channel(1);
        let buffers = Arc::new(Buffers::default());
        let kept = Arc::clone(&buffers);
        std::thread::Builder::new()
            .name("recorder".into())
            .spawn(move || Writer::new(kept, to_sync).run(&inbox))?;
        std::thread::Builder::new()
            .name("recorder-sync".into())
            .spawn(move || rounds.iter().for_each(sync::Round::run))?;
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
        let mut file = created(path)?;
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

    /// Chunks that were lost because the disk was full, broken or too slow.
    pub fn chunks_dropped(&self) -> u64 {
        self.buffers.chunks_dropped.load(Ordering::Relaxed)
    }

    /// Whether the last write failed.
    pub fn is_failing(&self) -> bool {
        self.buffers.disk_failing.load(Ordering::Relaxed)
    }
}

/// A new file; its folder is there for all but the first.
fn created(path: &Path) -> io::Result<File> {
    let create = || OpenOptions::new().write(true).create_new(true).open(path);
    match (create(), path.parent()) {
        (Err(error), Some(folder)) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder)?;
            create()
        }
        (created, _) => created,
    }
}

impl RecordingFile {
    /// Hands a sealed chunk to the writer, and leaves an empty buffer in its place. When the disk
    /// is too slow the chunk is dropped and counted; its time becomes a gap.
    pub fn append(&mut self, chunk: &mut Vec<u8>) {
        let bytes = std::mem::replace(chunk, self.buffers.take());
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
            .unwrap_or_else(|| Vec::with_capacity(CHUNK_LEN_MAX))
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

#[cfg(test)]
mod tests {
    use media::{g711::Codec, recording::HEADER_LEN};

    use super::*;

    fn header() -> FileHeader {
        FileHeader {
            call_id: "1".into(),
            started_at_ms: 0,
            codec: Codec::Pcmu,
        }
    }

    #[tokio::test]
    async fn every_chunk_is_in_its_file_in_order_when_the_end_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let recorder = Recorder::start().unwrap();
        let mut files: Vec<_> = (0..20)
            .map(|n| {
                let path = folder.path().join(n.to_string());
                (path.clone(), recorder.create(&path, &header()).unwrap())
            })
            .collect();
        for chunk in 0..50_u8 {
            for (_, (file, _)) in &mut files {
                file.append(&mut vec![chunk; 3]);
            }
        }
        let written: Vec<u8> = (0..50_u8).flat_map(|chunk| [chunk; 3]).collect();
        for (path, (file, ended)) in files {
            file.close();
            ended.await.unwrap().unwrap();
            assert_eq!(fs::read(path).unwrap()[HEADER_LEN..], written);
        }
        assert_eq!(recorder.chunks_dropped(), 0);
    }

    #[tokio::test]
    async fn the_end_of_a_file_is_told_although_the_recorder_ends_too() {
        let folder = tempfile::tempdir().unwrap();
        let recorder = Recorder::start().unwrap();
        let path = folder.path().join("last");
        let (mut file, ended) = recorder.create(&path, &header()).unwrap();
        file.append(&mut vec![7; 3]);
        drop((file, recorder));
        ended.await.unwrap().unwrap();
        assert_eq!(fs::read(path).unwrap()[HEADER_LEN..], [7; 3]);
    }

    #[test]
    fn a_chunk_leaves_an_empty_buffer_behind() {
        let folder = tempfile::tempdir().unwrap();
        let recorder = Recorder::start().unwrap();
        let path = folder.path().join("one");
        let (mut file, _ended) = recorder.create(&path, &header()).unwrap();
        let mut chunk = vec![1; 3];
        file.append(&mut chunk);
        assert!(chunk.is_empty() && chunk.capacity() >= CHUNK_LEN_MAX);
    }
}
