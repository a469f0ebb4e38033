//! Writes down what happens to one call, in order, without making the call wait for the disk.
//!
//! While the database does not answer, entries wait and are tried again until it does; what was
//! recorded is never dropped while the process lives.

use std::{sync::Arc, time::Duration};

use model::{Call, CallEvent, UnixMs, WebhookTopic};
use tokio::{
    sync::mpsc,
    task::JoinHandle,
    time::{Instant, timeout_at},
};

use crate::App;

/// Entries that may wait; a call causes a few a second at most.
const ENTRIES_MAX: usize = 1024;

/// Entries written in one transaction.
const BATCH_MAX: usize = 64;

/// How long an entry waits for others of the same moment, as how a leg is carried comes with its answer:
/// a transaction costs more than what it writes.
const GATHER: Duration = Duration::from_millis(5);

/// Longest pause between attempts at a database that does not answer.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// One event on its way to the store.
struct Entry {
    at: UnixMs,
    event: Box<CallEvent>,
    /// The call's record is complete with it: it is pushed in the same transaction.
    completes_cdr: bool,
}

/// The journal of one running call.
pub struct Journal {
    entries: mpsc::Sender<Entry>,
    writer: JoinHandle<Call>,
}

impl Journal {
    /// Goes on after what is stored of `call`.
    pub fn open(app: Arc<App>, call: Call) -> Self {
        let (entries, inbox) = mpsc::channel(ENTRIES_MAX);
        let writer = tokio::spawn(write(app, call, inbox));
        Self { entries, writer }
    }

    /// Records an event; `completes_cdr` pushes the call's record with it.
    pub async fn record(&self, at: UnixMs, event: CallEvent, completes_cdr: bool) {
        let entry = Entry {
            at,
            event: Box::new(event),
            completes_cdr,
        };
        if self.entries.send(entry).await.is_err() {
            tracing::error!("the journal of a call has ended before the call");
        }
    }

    /// Ends the journal and gives the call as it is stored.
    pub async fn close(self) -> anyhow::Result<Call> {
        drop(self.entries);
        Ok(self.writer.await?)
    }
}

async fn write(app: Arc<App>, mut call: Call, mut inbox: mpsc::Receiver<Entry>) -> Call {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    while inbox.recv_many(&mut batch, BATCH_MAX).await > 0 {
        gather(&mut inbox, &mut batch).await;
        let with_cdr = batch.iter().any(|entry| entry.completes_cdr);
        let events: Vec<(UnixMs, CallEvent)> = batch
            .drain(..)
            .map(|entry| (entry.at, *entry.event))
            .collect();
        call = append(&app, call, &events, with_cdr).await;
    }
    call
}

/// Takes what else comes soon, or all that there is once the call is over.
async fn gather(inbox: &mut mpsc::Receiver<Entry>, batch: &mut Vec<Entry>) {
    let until = Instant::now() + GATHER;
    while batch.len() < BATCH_MAX {
        let room = BATCH_MAX - batch.len();
        match timeout_at(until, inbox.recv_many(batch, room)).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// Appends, however long the database takes to come back.
async fn append(
    app: &Arc<App>,
    call: Call,
    events: &[(UnixMs, CallEvent)],
    with_cdr: bool,
) -> Call {
    let mut pause = Duration::from_millis(100);
    let mut after = call.clone();
    for (at, event) in events {
        after.apply(event, *at);
    }
    let topics: &[WebhookTopic] = if with_cdr { &[WebhookTopic::Cdr] } else { &[] };
    loop {
        let stored = match Box::pin(crate::pushes::of_call(app, &after, topics)).await {
            Ok(deliveries) => app.store().append_to(&call, events, &deliveries).await,
            Err(error) => Err(error),
        };
        match stored {
            Ok(stored) => return written(app, events, stored),
            Err(error) if error.is_transient() => {
                tracing::warn!(%error, ?pause, "failed to write the journal of a call, trying again");
            }
            Err(error) => {
                // Not a passing fault: the same write would fail for ever.
                tracing::error!(%error, "failed to write the journal of a call");
                return app.store().call_any(&call.id).await.unwrap_or(call);
            }
        }
        // It may have taken effect, and its answer been lost with the connection. Nobody else writes to
        // this call, and a batch is there as a whole or not at all.
        let stored = Box::pin(as_stored(app, &call, &mut pause)).await;
        if stored.n_events > call.n_events {
            return written(app, events, stored);
        }
    }
}

/// The call as the database has it, however long that takes to come back.
async fn as_stored(app: &App, call: &Call, pause: &mut Duration) -> Call {
    loop {
        tokio::time::sleep(*pause).await;
        *pause = (*pause * 2).min(PAUSE_MAX);
        match app.store().call_any(&call.id).await {
            Ok(stored) => return stored,
            Err(error) if error.is_transient() => {
                tracing::warn!(%error, ?pause, "failed to read a call, trying again");
            }
            Err(error) => {
                tracing::error!(%error, "a call cannot be read");
                return call.clone();
            }
        }
    }
}

fn written(app: &App, events: &[(UnixMs, CallEvent)], stored: Call) -> Call {
    for (_, event) in events {
        app.figures().note(event);
        if matches!(event, CallEvent::Ended { .. }) {
            app.wake_reviews();
        }
    }
    app.note_journal_growth();
    stored
}
