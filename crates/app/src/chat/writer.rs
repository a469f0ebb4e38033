//! One task that stores what all conversations have to store, many in a transaction, and then tells
//! who watches.
//!
//! While one batch is being committed the next one gathers, so that the cost of a transaction is
//! shared by as many as are waiting, and a lone piece waits for nobody.

use std::sync::Arc;

use model::StampedChat;
use store::{ChatJournalEvent, ChatStep, Store, StoreError};
use tokio::sync::{mpsc, oneshot};

use super::{ChatFault, feeds::Feeds};

/// Steps that may wait for the database; more are told that the centre is busy.
pub const PENDING_MAX: usize = 4096;

/// Most of one transaction.
const BATCH_MAX: usize = 128;

/// Where steps are handed in.
pub(super) struct Writer(mpsc::Sender<Pending>);

struct Pending {
    step: ChatStep,
    stored: oneshot::Sender<Result<(), Failed>>,
}

/// Why a step is not stored.
#[derive(Debug)]
pub(super) enum Failed {
    /// The conversation is not as we know it.
    Overtaken,
    /// Anything else.
    Fault(ChatFault),
}

impl<T: Into<ChatFault>> From<T> for Failed {
    fn from(fault: T) -> Self {
        Self::Fault(fault.into())
    }
}

impl Writer {
    /// Starts the task. It ends with the last writer.
    pub fn start(store: Store, feeds: Arc<Feeds>) -> Self {
        let (pending, inbox) = mpsc::channel(PENDING_MAX);
        tokio::spawn(run(store, feeds, inbox));
        Self(pending)
    }

    /// Returns when the step is stored and told.
    pub async fn append(&self, step: ChatStep) -> Result<(), Failed> {
        let (stored, done) = oneshot::channel();
        self.0
            .try_send(Pending { step, stored })
            .map_err(|_| ChatFault::Busy)?;
        let gone = || ChatFault::Internal(anyhow::anyhow!("the writer of chats is gone"));
        done.await.map_err(|_| gone())?
    }
}

async fn run(store: Store, feeds: Arc<Feeds>, mut inbox: mpsc::Receiver<Pending>) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    while inbox.recv_many(&mut batch, BATCH_MAX).await > 0 {
        let (steps, waiting): (Vec<_>, Vec<_>) = batch
            .drain(..)
            .map(|pending| (pending.step, pending.stored))
            .unzip();
        match store.append_chats(&steps).await {
            Ok(firsts) => {
                for ((step, first), stored) in steps.into_iter().zip(firsts).zip(waiting) {
                    tell_watchers(&feeds, step, first);
                    tell(stored, Ok(()));
                }
            }
            // One of them contradicts what is stored; the others are not to suffer for it.
            Err(StoreError::Conflict { .. }) => {
                for (step, stored) in steps.into_iter().zip(waiting) {
                    tell(stored, alone(&store, &feeds, step).await);
                }
            }
            Err(error) => {
                tracing::error!(%error, n = steps.len(), "chats could not be stored");
                for stored in waiting {
                    let why = anyhow::anyhow!("a batch was not stored: {error}");
                    tell(stored, Err(ChatFault::Internal(why).into()));
                }
            }
        }
    }
}

async fn alone(store: &Store, feeds: &Feeds, step: ChatStep) -> Result<(), Failed> {
    match store.append_chats(std::slice::from_ref(&step)).await {
        Ok(firsts) => {
            tell_watchers(feeds, step, firsts[0]);
            Ok(())
        }
        Err(StoreError::Conflict { .. }) => Err(Failed::Overtaken),
        Err(error) => Err(error.into()),
    }
}

fn tell_watchers(feeds: &Feeds, step: ChatStep, first_seq: i64) {
    let n_events = i64::try_from(step.events.len()).expect("steps are small");
    let first_n = step.conversation.n_events - n_events + 1;
    for (place, (at, event)) in (0..).zip(step.events) {
        feeds.tell(ChatJournalEvent {
            seq: first_seq + place,
            tenant: step.conversation.tenant,
            conversation: step.conversation.id.clone(),
            stamped: StampedChat {
                n: first_n + place,
                at,
                event,
            },
        });
    }
}

/// Whoever asked may have given up.
fn tell(stored: oneshot::Sender<Result<(), Failed>>, result: Result<(), Failed>) {
    let _ = stored.send(result);
}
