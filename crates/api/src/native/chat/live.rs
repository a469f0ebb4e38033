//! The numbered stream of all conversations of an instance, as server-sent events that can be
//! resumed.

use std::convert::Infallible;

use app::chat::{Feed, Reading, Subscription};
use axum::{
    extract::State,
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use bytes::Bytes;
use futures::{Stream, StreamExt as _, stream};
use model::{Permission, TenantId};
use schemars::JsonSchema;
use serde::Deserialize;
use store::ChatJournalEvent;
use tokio::sync::OwnedSemaphorePermit;

use super::view;
use crate::native::{
    admit::Caller,
    context::Native,
    field::{Instance, Int},
    problem::{Kind, Problem},
    read::Ask,
    table::{Row, get},
};

/// Events that are read at once.
const EVENTS_AT_ONCE: u32 = 200;

/// Which events to stream.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EventsAsk {
    /// Whose; needed only with an operator's token where there are several instances.
    instance: Option<Instance>,
    /// Only after this `seq`; 0 is from the beginning. Absent: after the header `Last-Event-ID`,
    /// or else only what happens from now on.
    after: Option<Int<0, { i64::MAX }>>,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        get(
            "/api/v1/chat/events",
            "Stream events of an instance's conversations, with resume",
            follow,
        )
        .needs(Permission::Chat)
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
    let tenant = native.tenant(caller, ask.instance).await?;
    let resumed = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok()?.parse().ok());
    let place = native.sockets().try_acquire_owned().map_err(|_| {
        Problem::new(Kind::Unavailable, "too many event streams are open").retry_after(10)
    })?;
    // Watched before it is read, so that nothing falls between.
    let watch = native.app().chats().watch_tenant(tenant);
    let seq = match ask.after.map(|after| after.0).or(resumed) {
        Some(seq) => seq,
        None => native.store().last_chat_seq().await?,
    };
    let reader = Reader {
        watch,
        native,
        tenant,
        seq,
        is_behind: true,
        _place: place,
    };
    let events = stream::unfold(reader, Reader::next).flat_map(stream::iter);
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// One reader of an instance's conversations.
struct Reader {
    native: Native,
    tenant: TenantId,
    watch: Subscription,
    /// The last place that was read.
    seq: i64,
    /// Something may be stored that was not read.
    is_behind: bool,
    _place: OwnedSemaphorePermit,
}

impl Reader {
    /// Waits for the next events. The stream ends when the database does not answer: the reader
    /// comes back with its number.
    async fn next(mut self) -> Option<(Vec<Result<Event, Infallible>>, Self)> {
        loop {
            let texts = match self.is_behind {
                true => self.stored().await?,
                false => match self.watch.next().await {
                    Some(feed) => self.taken(&feed),
                    None => {
                        self.is_behind = true;
                        continue;
                    }
                },
            };
            if texts.is_empty() {
                continue;
            }
            let events = texts.into_iter().map(|(seq, text)| {
                let text = String::from_utf8_lossy(&text).into_owned();
                Ok(Event::default()
                    .event("chat")
                    .id(seq.to_string())
                    .data(text))
            });
            return Some((events.collect(), self));
        }
    }

    async fn stored(&mut self) -> Option<Vec<(i64, Bytes)>> {
        let found = self
            .native
            .store()
            .chat_events_after(self.tenant, self.seq, EVENTS_AT_ONCE)
            .await
            .inspect_err(|error| tracing::warn!(%error, "chat event stream ends"))
            .ok()?;
        let Some(last) = found.last() else {
            self.is_behind = false;
            return Some(Vec::new());
        };
        self.seq = last.seq;
        let texts = found.iter().map(|event| (event.seq, text(event).into()));
        Some(texts.collect())
    }

    fn taken(&mut self, feed: &Feed) -> Vec<(i64, Bytes)> {
        let seq = feed.event.seq;
        if seq <= self.seq {
            return Vec::new();
        }
        self.seq = seq;
        let text = feed.text(Reading::Staff, |event| Some(text(event)));
        text.map(|text| vec![(seq, text)]).unwrap_or_default()
    }
}

fn text(event: &ChatJournalEvent) -> String {
    view::event_for_staff(event).to_string()
}
