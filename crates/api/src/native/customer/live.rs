//! Numbered events of a conversation as they happen: by WebSocket, as server-sent events, or by
//! long polling. A client that comes back with the last number that it saw misses nothing and sees
//! nothing twice.

use std::{convert::Infallible, time::Duration};

use app::chat::{Feed, Reading, Subscription};
use axum::{
    Json,
    extract::{
        State,
        ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
    },
    http::{HeaderMap, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use model::{Conversation, ConversationState, TenantId};
use serde::Deserialize;
use serde_json::{Value, json};
use store::ChatJournalEvent;
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, timeout, timeout_at},
};

use super::{
    start::place,
    token::{PROTOCOL, Visitor},
};
use crate::native::{
    chat::view,
    context::Native,
    field::Int,
    problem::{Kind, Problem},
    read::{Ask, PathText},
};

/// Events that are read at once.
const EVENTS_AT_ONCE: u32 = 500;

/// How often an idle client is asked whether it is still there.
const PING_EVERY: Duration = Duration::from_secs(30);

/// How often a waiting customer is told their place.
const PLACE_EVERY: Duration = Duration::from_secs(3);

/// Longest time for one message on its way into the socket.
const SEND_MAX: Duration = Duration::from_secs(20);

/// Buffers of a socket: thousands of them are idle.
const SOCKET_BUFFER: usize = 2 * 1024;

/// Longest frame of a client: it has nothing to say here.
const FRAME_MAX: usize = 1024;

/// Where to begin.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventsAsk {
    /// Only after this number; from the beginning if absent.
    after: Option<Int<0, { i64::MAX }>>,
    /// Of long polling: how many seconds to wait for the first event; 0 if absent.
    wait: Option<Int<0, 60>>,
}

/// A reader of one conversation: what is stored, then what happens.
struct Reader {
    native: Native,
    tenant: TenantId,
    conversation: Conversation,
    watch: Subscription,
    /// The last number that was read.
    n: i64,
    _place: OwnedSemaphorePermit,
}

impl Reader {
    /// Watches from now on and has read up to `after`.
    fn new(native: &Native, conversation: Conversation, after: i64) -> Result<Self, Problem> {
        let place = native.sockets().try_acquire_owned().map_err(|_| {
            Problem::new(Kind::Unavailable, "too many chats are open").retry_after(10)
        })?;
        let chats = native.app().chats();
        Ok(Self {
            watch: chats.watch_conversation(&conversation.id),
            tenant: conversation.tenant,
            conversation,
            native: native.clone(),
            n: after,
            _place: place,
        })
    }

    /// What is stored after the last number, as texts with their numbers.
    async fn stored(&mut self) -> Result<Vec<(i64, Bytes)>, Problem> {
        let mut texts = Vec::new();
        loop {
            let found = self
                .native
                .store()
                .chat_events(&self.conversation.id, self.n, EVENTS_AT_ONCE)
                .await?;
            let Some(last) = found.last() else {
                return Ok(texts);
            };
            self.n = last.stamped.n;
            texts.extend(
                found
                    .iter()
                    .filter_map(|event| Some((event.stamped.n, text(event)?.into()))),
            );
        }
    }

    /// Waits for what happens next. Gives what is new, which may be nothing for this reader.
    async fn next(&mut self) -> Result<Vec<(i64, Bytes)>, Problem> {
        match self.watch.next().await {
            None => self.stored().await,
            Some(feed) => self.taken(&feed).await,
        }
    }

    async fn taken(&mut self, feed: &Feed) -> Result<Vec<(i64, Bytes)>, Problem> {
        let n = feed.event.stamped.n;
        if n <= self.n {
            return Ok(Vec::new());
        }
        // Something between was not told: another process wrote it.
        if n > self.n + 1 {
            return self.stored().await;
        }
        self.n = n;
        let text = feed.text(Reading::Customer, text);
        Ok(text.map(|text| vec![(n, text)]).unwrap_or_default())
    }

    /// The place in the queue, for one who waits.
    async fn place(&mut self) -> Option<i64> {
        let id = &self.conversation.id;
        self.conversation = self
            .native
            .store()
            .conversation(self.tenant, id)
            .await
            .ok()?;
        place(&self.native, self.tenant, &self.conversation)
            .await
            .ok()?
    }
}

fn text(event: &ChatJournalEvent) -> Option<String> {
    view::event_for_customer(event).map(|view| view.to_string())
}

/// Long polling, or server-sent events for who accepts them.
pub(super) async fn events(
    State(native): State<Native>,
    visitor: Visitor,
    PathText(id): PathText,
    Ask(ask): Ask<EventsAsk>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let conversation = visitor.conversation(&native, id).await?;
    let named = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let resumed = named("last-event-id").and_then(|id| id.parse().ok());
    let after = ask.after.map(|after| after.0).or(resumed).unwrap_or(0);
    let mut reader = Reader::new(&native, conversation, after)?;
    let is_stream = named(header::ACCEPT.as_str())
        .is_some_and(|accepted| accepted.contains("text/event-stream"));
    if is_stream {
        return Ok(sent_events(reader).into_response());
    }
    let mut found = reader.stored().await?;
    let until = Instant::now() + Duration::from_secs(ask.wait.map_or(0, |w| w.0.unsigned_abs()));
    while found.is_empty() {
        match timeout_at(until, reader.next()).await {
            Ok(news) => found = news?,
            Err(_) => break,
        }
    }
    let events: Vec<Value> = found
        .iter()
        .filter_map(|(_, text)| serde_json::from_slice(text).ok())
        .collect();
    Ok(Json(json!({"events": events, "next": reader.n})).into_response())
}

fn sent_events(reader: Reader) -> Sse<impl futures::Stream<Item = Result<Event, Infallible>>> {
    let begun = stream::unfold((reader, true), |(mut reader, is_first)| async move {
        // A stream ends when the database does not answer: the client comes back with its number.
        let found = match is_first {
            true => reader.stored().await,
            false => reader.next().await,
        };
        let events: Vec<_> = found
            .ok()?
            .into_iter()
            .map(|(n, text)| {
                let text = String::from_utf8_lossy(&text).into_owned();
                Ok(Event::default().id(n.to_string()).data(text))
            })
            .collect();
        Some((stream::iter(events), (reader, false)))
    });
    Sse::new(begun.flatten()).keep_alive(KeepAlive::default())
}

/// One WebSocket. The first frame is `hello`, then one frame an event.
pub(super) async fn socket(
    State(native): State<Native>,
    visitor: Visitor,
    PathText(id): PathText,
    Ask(ask): Ask<EventsAsk>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    let conversation = visitor.conversation(&native, id).await?;
    let after = ask.after.map_or(0, |after| after.0);
    let reader = Reader::new(&native, conversation, after)?;
    Ok(upgrade
        .protocols([PROTOCOL])
        .read_buffer_size(SOCKET_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(256 * 1024)
        .max_message_size(FRAME_MAX)
        .max_frame_size(FRAME_MAX)
        .on_upgrade(move |socket| Box::pin(serve(socket, reader))))
}

async fn serve(mut socket: WebSocket, mut reader: Reader) {
    if talk(&mut socket, &mut reader).await.is_err() {
        // The client comes back with the last number that it saw.
        let frame = CloseFrame {
            code: axum::extract::ws::close_code::AGAIN,
            reason: Utf8Bytes::from_static("come back with the last number"),
        };
        let _ = timeout(SEND_MAX, socket.send(Message::Close(Some(frame)))).await;
    }
}

/// The socket cannot be gone on with.
struct Gone;

async fn talk(socket: &mut WebSocket, reader: &mut Reader) -> Result<(), Gone> {
    let found = reader.stored().await.map_err(|_| Gone)?;
    let hello = json!({"type": "hello", "n": reader.n}).to_string();
    send(socket, Message::Text(hello.into())).await?;
    for (_, text) in found {
        send(socket, frame(text)?).await?;
    }
    let (mut pinged_at, mut is_there) = (Instant::now(), true);
    let mut told_place = None;
    loop {
        let is_waiting = matches!(
            reader.conversation.state,
            ConversationState::Queued | ConversationState::Offered
        );
        let wake = match is_waiting {
            true => Instant::now() + PLACE_EVERY,
            false => pinged_at + PING_EVERY,
        };
        tokio::select! {
            news = reader.watch.next() => {
                let news = match news {
                    None => reader.stored().await,
                    Some(feed) => {
                        note_state(&mut reader.conversation, &feed);
                        reader.taken(&feed).await
                    }
                };
                for (_, text) in news.map_err(|_| Gone)? {
                    send(socket, frame(text)?).await?;
                }
            }
            said = socket.recv() => match said {
                Some(Ok(Message::Close(_))) | None => return Ok(()),
                Some(Ok(_)) => is_there = true,
                Some(Err(_)) => return Ok(()),
            },
            () = tokio::time::sleep_until(wake) => {
                if is_waiting {
                    let place = reader.place().await;
                    if place != told_place {
                        told_place = place;
                        let queue = json!({"type": "queue", "place": place}).to_string();
                        send(socket, Message::Text(queue.into())).await?;
                    }
                }
                if pinged_at.elapsed() >= PING_EVERY {
                    if !is_there {
                        return Ok(());
                    }
                    (pinged_at, is_there) = (Instant::now(), false);
                    send(socket, Message::Ping(Bytes::new())).await?;
                }
            }
        }
    }
}

/// Whether the customer waits is known without asking the database.
fn note_state(conversation: &mut Conversation, feed: &Feed) {
    use model::ChatEvent;
    conversation.state = match feed.event.stamped.event {
        ChatEvent::PersonAsked { .. }
        | ChatEvent::PassedOn { .. }
        | ChatEvent::OfferEnded { .. } => ConversationState::Queued,
        ChatEvent::Offered { .. } => ConversationState::Offered,
        ChatEvent::Joined { .. } => ConversationState::Staffed,
        ChatEvent::NobodyThere | ChatEvent::GivenBack { .. } => ConversationState::Bot,
        ChatEvent::Ended { .. } => ConversationState::Ended,
        _ => return,
    };
}

fn frame(text: Bytes) -> Result<Message, Gone> {
    Utf8Bytes::try_from(text)
        .map(Message::Text)
        .map_err(|_| Gone)
}

async fn send(socket: &mut WebSocket, message: Message) -> Result<(), Gone> {
    match timeout(SEND_MAX, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Gone),
    }
}
