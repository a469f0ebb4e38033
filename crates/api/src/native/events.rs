//! The numbered stream of what happens, as server-sent events that can be resumed.
//!
//! Calls, people and chats share one numbering without gaps, so a reader that comes back with the
//! last number it saw misses nothing. Events of calls are kept for ever, others for a while: who
//! comes back later than that is told to load everything anew (410, with `resume_after`).
//!
//! # Invariants
//!
//! - A reader gets what its caller may see: of its instance, and of topics that its roles give.
//! - Each event is sent once, in the order of the numbers.
//! - A stream that falls behind what is kept ends, instead of leaving something out.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, StreamExt, stream};
use model::{Permission, Recording, TenantId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use store::{JournalEvent, LiveEvent, StoreError, StreamEvent, Topic};
use tokio::{
    sync::{OwnedSemaphorePermit, watch},
    time::{Instant, timeout},
};

use super::{
    admit::{Actor, Caller},
    call_event::StampedView,
    context::Native,
    field::{Instance, Int, Time},
    problem::{Kind, Problem},
    read::Ask,
    table::{Row, get},
};

/// Longest wait without a look at the journal: another process may write to it too.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A reader without events gets its number this often, so that it knows that all is well.
const SIGN_OF_LIFE_EVERY: Duration = Duration::from_secs(10);

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

/// The data of a server-sent event about people, skill groups or chats; its `id` is `seq`, its
/// `event` is `staff`, `skill_group` or `chat`.
#[derive(Serialize)]
struct ToldEvent<'a> {
    /// Place in the numbering of the whole installation.
    seq: i64,
    /// Whose it is.
    instance: i64,
    /// Id of what it is about.
    subject: &'a str,
    /// When it happened.
    at: Time,
    /// What happened.
    body: &'a RawValue,
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
            "Stream what happens to calls, people and chats, with resume",
            follow,
        )
        .needs(Permission::Own)
        .asks::<EventsAsk>()
        .gives_media("text/event-stream")
        .refuses(&[Kind::Unavailable, Kind::NotFound, Kind::Gone]),
    ]
}

async fn follow(
    State(native): State<Native>,
    caller: Caller,
    actor: Actor,
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
        Some(seq) => kept(&native, seq).await?,
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
        sees: Sees {
            calls: actor.may(Permission::ReadCalls),
            chats: actor.may(Permission::Chat),
        },
        told_at: Instant::now(),
        _permit: permit,
    };
    let events = stream::unfold(reader, Reader::next).flat_map(stream::iter);
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// The number, if everything after it is still there.
async fn kept(native: &Native, seq: i64) -> Result<i64, Problem> {
    let floor = native.store().stream_floor().await?;
    if seq >= floor {
        return Ok(seq);
    }
    let last = native.store().last_seq().await?;
    let detail = format!(
        "events up to {floor} are gone: load /api/v1/calls, /api/v1/staff, /api/v1/skill-groups \
         and what else is shown anew, then stream after `resume_after`"
    );
    Err(Problem {
        resume_after: Some(last),
        ..Problem::new(Kind::Gone, detail)
    })
}

/// Topics that a reader may see; people and skill groups are seen by all.
#[derive(Clone, Copy)]
struct Sees {
    calls: bool,
    chats: bool,
}

impl Sees {
    fn shows(self, event: &StreamEvent) -> bool {
        match event {
            StreamEvent::Call(_) => self.calls,
            StreamEvent::Live(event) => match event.topic {
                Topic::Chat => self.chats,
                Topic::Staff | Topic::SkillGroup => true,
            },
        }
    }
}

/// One reader of the stream.
struct Reader {
    native: Native,
    tenant: Option<TenantId>,
    /// Everything up to here is sent, or none of the reader's business.
    seq: i64,
    sees: Sees,
    growth: watch::Receiver<u64>,
    told_at: Instant,
    _permit: OwnedSemaphorePermit,
}

type Batch = Vec<Result<Event, Infallible>>;

impl Reader {
    /// Waits for the next events. The stream ends when the database does not answer, or when
    /// something is gone that was not sent: the reader comes back with its number.
    async fn next(mut self) -> Option<(Batch, Self)> {
        loop {
            self.growth.mark_unchanged();
            let batch = self
                .batch()
                .await
                .inspect_err(|error| tracing::warn!(%error, "event stream ends"))
                .ok()??;
            if !batch.is_empty() {
                self.told_at = Instant::now();
                return Some((batch, self));
            }
            // Grown, too long ago, or the process is ending: look again in any case.
            let _ = timeout(LOOK_EVERY, self.growth.changed()).await;
        }
    }

    /// What there is to send now; `None` if something that was not sent is gone.
    async fn batch(&mut self) -> Result<Option<Batch>, StoreError> {
        let store = self.native.store();
        // Read first: what is written from here on is found the next time.
        let newest = store.last_seq().await?;
        let found = store
            .stream_after(self.seq, self.tenant, EVENTS_AT_ONCE)
            .await?;
        let is_full = found.len() == usize::try_from(EVENTS_AT_ONCE).unwrap_or(usize::MAX);
        if is_full && store.stream_floor().await? > self.seq {
            return Ok(None);
        }
        let last = found.last().map(StreamEvent::seq);
        self.seq = match last {
            Some(last) if is_full => last,
            Some(last) => last.max(newest),
            None => self.seq.max(newest),
        };
        let app = Arc::clone(self.native.app());
        let url = move |recording: &Recording| app.recording_url(recording);
        let mut batch: Batch = found
            .into_iter()
            .filter(|event| self.sees.shows(event))
            .map(|event| Ok(sse(event, &url)))
            .collect();
        if batch.is_empty() && self.told_at.elapsed() >= SIGN_OF_LIFE_EVERY {
            // No data, so that nothing is dispatched; a reader that comes back starts from here.
            let sign = Event::default().id(self.seq.to_string());
            batch.push(Ok(sign.comment("all is well")));
        }
        Ok(Some(batch))
    }
}

fn sse(event: StreamEvent, url: &dyn Fn(&Recording) -> String) -> Event {
    match event {
        StreamEvent::Call(event) => of_call(*event, url),
        StreamEvent::Live(event) => told(&event),
    }
}

fn told(event: &LiveEvent) -> Event {
    // What is no JSON was never written by us; it is told as a text rather than not at all.
    let quoted;
    let body = match serde_json::from_str::<&RawValue>(&event.body) {
        Ok(body) => body,
        Err(_) => {
            quoted = serde_json::value::to_raw_value(&Value::from(event.body.as_str()))
                .expect("a text is JSON");
            &*quoted
        }
    };
    let data = ToldEvent {
        seq: event.seq,
        instance: event.tenant.0,
        subject: &event.subject,
        at: Time(event.at),
        body,
    };
    let json = serde_json::to_string(&data).expect("events hold texts and numbers only");
    Event::default()
        .event(event.topic.name())
        .id(event.seq.to_string())
        .data(json)
}

fn of_call(event: JournalEvent, url: &dyn Fn(&Recording) -> String) -> Event {
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
