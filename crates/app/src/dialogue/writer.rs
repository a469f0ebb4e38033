//! One task that stores what all conversations have to store, many in a transaction.
//!
//! While one batch is being committed the next one gathers, so that the cost of a transaction is
//! shared by as many answers as are waiting, and a lone answer waits for nobody.

use store::{DialogueStep, Store, StoreError};
use tokio::sync::{mpsc, oneshot};

use super::DialogueFault;

/// Questions that may wait for the database; more are told that the centre is busy.
pub const QUESTIONS_MAX: usize = 4096;

/// Most of one transaction.
const BATCH_MAX: usize = 256;

/// Where steps are handed in.
#[derive(Clone)]
pub(super) struct Writer(mpsc::Sender<Pending>);

struct Pending {
    step: DialogueStep,
    stored: oneshot::Sender<Result<(), Failed>>,
}

/// Why a step is not stored.
#[derive(Debug)]
pub(super) enum Failed {
    /// The conversation is not as we know it: another process has appended to it.
    Overtaken,
    /// Anything else.
    Fault(DialogueFault),
}

impl Failed {
    pub fn fault(self) -> DialogueFault {
        match self {
            Self::Overtaken => DialogueFault::Busy,
            Self::Fault(fault) => fault,
        }
    }
}

impl From<DialogueFault> for Failed {
    fn from(fault: DialogueFault) -> Self {
        Self::Fault(fault)
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

impl Writer {
    /// Starts the task. It ends with the last writer.
    pub fn start(store: Store) -> Self {
        let (pending, inbox) = mpsc::channel(QUESTIONS_MAX);
        tokio::spawn(run(store, inbox));
        Self(pending)
    }

    /// Returns when the step is stored.
    pub async fn append(&self, step: DialogueStep) -> Result<(), Failed> {
        let (stored, done) = oneshot::channel();
        self.0
            .try_send(Pending { step, stored })
            .map_err(|_| DialogueFault::Busy)?;
        let gone =
            || DialogueFault::Internal(anyhow::anyhow!("the writer of conversations is gone"));
        done.await.map_err(|_| gone())?
    }
}

async fn run(store: Store, mut inbox: mpsc::Receiver<Pending>) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    while inbox.recv_many(&mut batch, BATCH_MAX).await > 0 {
        let (steps, waiting): (Vec<_>, Vec<_>) = batch
            .drain(..)
            .map(|pending| (pending.step, pending.stored))
            .unzip();
        match store.append_dialogues(&steps).await {
            Ok(()) => waiting.into_iter().for_each(|stored| tell(stored, Ok(()))),
            // One of them contradicts what is stored; the others are not to suffer for it.
            Err(StoreError::Conflict { .. }) => {
                for (step, stored) in steps.into_iter().zip(waiting) {
                    tell(stored, alone(&store, step).await);
                }
            }
            Err(error) => {
                tracing::error!(%error, n = steps.len(), "answers could not be stored");
                for stored in waiting {
                    let why = error.to_string();
                    tell(stored, Err(DialogueFault::NotStored(why).into()));
                }
            }
        }
    }
}

async fn alone(store: &Store, step: DialogueStep) -> Result<(), Failed> {
    match store.append_dialogues(&[step]).await {
        Ok(()) => Ok(()),
        Err(StoreError::Conflict { .. }) => Err(Failed::Overtaken),
        Err(error) => Err(error.into()),
    }
}

/// Whoever asked may have given up.
fn tell(stored: oneshot::Sender<Result<(), Failed>>, result: Result<(), Failed>) {
    let _ = stored.send(result);
}
