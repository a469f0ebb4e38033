//! The numbered stream of all events, as server-sent events that can be resumed.
//!
//! The journal has no gaps, so a reader that comes back with the last number it saw misses nothing.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, StreamExt, stream};
use model::{Recording, TenantId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::JournalEvent;
use tokio::{
    sync::{OwnedSemaphorePermit, watch},
    time::timeout,
};

use super::{
    admit::Caller,
    call_event::StampedView,
    context::Native,
    field::{Instance, Int},
    problem::{Kind, Problem},
    read::Ask,
    table::{Row, get},
};

/// Longest wait without a look at the journal: another process may write to it too.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Events that are read at once.
const EVENTS_AT_ONCE: u32 = 200;

/// Which events to stream.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EventsAsk {
    /// Only of this instance; of all that the token may see if absent.
    instance: Option<Instance>,
    /// Only after this number; 0 is from the beginning. Absent: after the header `Last-Event-ID`,
    /// or else only what happens from now on.
    after: Option<Int<0, { i64::MAX }>>,
}

/// The data of one server-sent event; its `id` is `seq`, its `event` is `call`.
#[derive(Serialize, JsonSchema)]
pub(super) struct StreamedEvent {
    /// Place in the journal of the whole installation; grows with each event.
    seq: i64,
    /// The call's owner.
    instance: i64,
    /// The call.
    call: String,
    /// The event, with its place in the call.
    #[serde(flatten)]
    stamped: StampedView,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        get(
            "/api/v1/events",
            "Stream events of all calls, with resume",
            follow,
        )
        .asks::<EventsAsk>()
        .gives_media("text/event-stream")
        .refuses(&[Kind::Unavailable, Kind::NotFound]),
    ]
}

async fn follow(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<EventsAsk>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let tenant = match ask.instance {
        Some(instance) => Some(native.tenant(caller, Some(instance)).await?),
        None => caller.limit(),
    };
    let resumed = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok()?.parse().ok());
    let seq = match ask.after.map(|after| after.0).or(resumed) {
        Some(seq) => seq,
        None => native.store().last_seq().await?,
    };
    let permit = native.streams().try_acquire_owned().map_err(|_| {
        Problem::new(Kind::Unavailable, "too many event streams are open").retry_after(10)
    })?;
    let reader = Reader {
        growth: native.app().journal_watch(),
        native,
        tenant,
        seq,
        _permit: permit,
    };
    let events = stream::unfold(reader, Reader::next).flat_map(stream::iter);
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// One reader of the journal.
struct Reader {
    native: Native,
    tenant: Option<TenantId>,
    seq: i64,
    growth: watch::Receiver<u64>,
    _permit: OwnedSemaphorePermit,
}

impl Reader {
    /// Waits for the next events. The stream ends when the database does not answer: the reader
    /// comes back with its number.
    async fn next(mut self) -> Option<(Vec<Result<Event, Infallible>>, Self)> {
        loop {
            self.growth.mark_unchanged();
            let store = self.native.store();
            let found = store
                .events_after(self.seq, self.tenant, EVENTS_AT_ONCE)
                .await
                .inspect_err(|error| tracing::warn!(%error, "event stream ends"))
                .ok()?;
            let Some(last) = found.last() else {
                // Grown, too long ago, or the process is ending: look again in any case.
                let _ = timeout(LOOK_EVERY, self.growth.changed()).await;
                continue;
            };
            self.seq = last.seq;
            let app = Arc::clone(self.native.app());
            let url = move |recording: &Recording| app.recording_url(recording);
            let events = found
                .into_iter()
                .map(|event| Ok(sse(event, &url)))
                .collect();
            return Some((events, self));
        }
    }
}

fn sse(event: JournalEvent, url: &dyn Fn(&Recording) -> String) -> Event {
    let seq = event.seq;
    let data = StreamedEvent {
        seq,
        instance: event.tenant.0,
        call: event.call.0,
        stamped: StampedView::of(event.stamped, url),
    };
    let json = serde_json::to_string(&data).expect("events hold texts and numbers only");
    Event::default()
        .event("call")
        .id(seq.to_string())
        .data(json)
}
