//! The parent's side: a bounded pool of warm workers.
//!
//! # Invariants
//!
//! - At most [`PoolSettings::n_workers_max`] workers exist and [`PoolSettings::n_waiting_max`]
//!   questions wait; the next one is refused at once.
//! - A worker that crashed, was late or said nonsense is killed and not used again. A question
//!   that met a worker which had died while idle is asked once more.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::wire::{Answer, Decision, MESSAGE_BYTES_MAX, Question, framed, pcm_bytes};
use crate::port::RecognizerFault;

/// How to start a worker: a program that calls [`worker_main`](super::worker_main).
#[derive(Clone, Debug)]
pub struct WorkerCommand {
    /// Our own binary, usually.
    pub program: PathBuf,
    /// Its arguments, such as `recognizer-worker`.
    pub args: Vec<String>,
}

/// Bounds of the pool.
#[derive(Clone, Debug)]
pub struct PoolSettings {
    /// How to start a worker.
    pub worker: WorkerCommand,
    /// Most workers; each takes about 60 MB and is started when first needed.
    pub n_workers_max: usize,
    /// Most questions that wait for a worker.
    pub n_waiting_max: usize,
    /// Longest wait for a worker.
    pub wait_max: Duration,
    /// Longest decision, loading the model included.
    pub work_max: Duration,
}

impl PoolSettings {
    /// One worker a core, 64 waiting, 2 s wait, 8 s work.
    pub fn new(worker: WorkerCommand) -> PoolSettings {
        PoolSettings {
            worker,
            n_workers_max: std::thread::available_parallelism().map_or(2, usize::from),
            n_waiting_max: 64,
            wait_max: Duration::from_secs(2),
            work_max: Duration::from_secs(8),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Pool {
    settings: PoolSettings,
    places: Semaphore,
    n_inside: AtomicUsize,
    idle: Mutex<Vec<Child>>,
}

/// Leaves the count of questions when dropped.
struct Inside<'a>(&'a AtomicUsize);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Pool {
    pub fn new(settings: PoolSettings) -> Pool {
        let places = Semaphore::new(settings.n_workers_max.max(1));
        Pool {
            settings,
            places,
            n_inside: AtomicUsize::new(0),
            idle: Mutex::default(),
        }
    }

    /// Decides one utterance. Dropping the future gives the question up.
    pub async fn decide(
        &self,
        phrases: Vec<String>,
        samples: &[i16],
    ) -> Result<Decision, RecognizerFault> {
        let n_inside_max = self.settings.n_workers_max.max(1) + self.settings.n_waiting_max;
        let inside = Inside(&self.n_inside);
        if self.n_inside.fetch_add(1, Ordering::Relaxed) >= n_inside_max {
            return Err(RecognizerFault::Busy {
                waited: Duration::ZERO,
            });
        }
        let waited = self.settings.wait_max;
        let place = timeout(waited, self.places.acquire()).await;
        let _place = place
            .map_err(|_| RecognizerFault::Busy { waited })?
            .expect("places are never closed");
        let question = serde_json::to_vec(&Question { phrases }).expect("strings are JSON");
        let message = [framed(&question), framed(&pcm_bytes(samples))].concat();
        let waited = self.settings.work_max;
        let answer = timeout(waited, self.ask(&message))
            .await
            .map_err(|_| RecognizerFault::TimedOut { waited })??;
        drop(inside);
        match answer {
            Answer::Decided(decision) => Ok(decision),
            Answer::NotInstalled { what } => Err(RecognizerFault::NotInstalled {
                what,
                package: super::listening::PACKAGE,
            }),
            Answer::Failed { detail } => Err(failed(detail)),
        }
    }

    async fn ask(&self, message: &[u8]) -> Result<Answer, RecognizerFault> {
        let idle = self.idle.lock().expect("no panic under this lock").pop();
        if let Some(worker) = idle
            && let Ok(answer) = self.ask_worker(worker, message).await
        {
            return Ok(answer);
        }
        self.ask_worker(self.start()?, message).await
    }

    /// The worker returns to the pool only after a whole answer; otherwise dropping kills it.
    async fn ask_worker(
        &self,
        mut worker: Child,
        message: &[u8],
    ) -> Result<Answer, RecognizerFault> {
        let stdin = worker.stdin.as_mut().expect("stdin is piped");
        stdin.write_all(message).await.map_err(failed)?;
        stdin.flush().await.map_err(failed)?;
        let stdout = worker.stdout.as_mut().expect("stdout is piped");
        let length = stdout.read_u32_le().await.map_err(failed)? as usize;
        if length > MESSAGE_BYTES_MAX {
            return Err(failed("answer is too long"));
        }
        let mut body = vec![0; length];
        stdout.read_exact(&mut body).await.map_err(failed)?;
        let answer = serde_json::from_slice(&body).map_err(failed)?;
        // A worker without its library starts anew next time: it may have been installed.
        if matches!(answer, Answer::Decided(_)) {
            self.idle
                .lock()
                .expect("no panic under this lock")
                .push(worker);
        }
        Ok(answer)
    }

    fn start(&self) -> Result<Child, RecognizerFault> {
        Command::new(&self.settings.worker.program)
            .args(&self.settings.worker.args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "called through `map_err`")]
fn failed(detail: impl ToString) -> RecognizerFault {
    RecognizerFault::Failed {
        engine: "pocketsphinx",
        detail: detail.to_string(),
    }
}
