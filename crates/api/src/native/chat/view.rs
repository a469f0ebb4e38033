//! Conversations, messages and events as JSON, for customers and for staff.
//!
//! A customer sees neither notes nor who was asked without answering, and staff by their shown name
//! only.

use model::{
    Asker, Author, ChatEvent, ChatMessage, Conversation, ConversationEnd, StaffId, Staffed,
    StampedChat,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use store::ChatJournalEvent;

use crate::native::field::Time;

/// A conversation, as staff see it.
#[derive(Serialize, JsonSchema)]
pub(in crate::native) struct ConversationView {
    /// Unique in the installation.
    id: String,
    /// Its owner.
    instance: i64,
    /// The customer's id.
    customer: String,
    /// The customer's name; may be empty.
    customer_name: String,
    /// How the customer reaches us: `web` or `app`.
    channel: &'static str,
    /// As the browser gave it; may be empty.
    language: String,
    /// The page it was begun on; may be empty.
    page: String,
    /// The voice agent that answers while a bot does.
    bot: Option<i64>,
    /// `bot`, `queued`, `offered`, `staffed` or `ended`.
    state: &'static str,
    /// Who has it, or is asked to take it; the last one once it has ended.
    staff: Option<StaffView>,
    /// The skill group that it waits for or came through.
    skill_group: Option<i64>,
    /// When it was begun.
    began_at: Time,
    /// Since when the customer waits, or did the last time.
    queued_at: Option<Time>,
    /// When a person took it the last time.
    joined_at: Option<Time>,
    /// When it ended.
    ended_at: Option<Time>,
    /// The last message or change.
    touched_at: Time,
    /// Beginning of the last message.
    last_text: String,
    /// Customer's messages since somebody else wrote.
    n_unanswered: i64,
    /// The customer's opinion, 1 to 5.
    rating: Option<i64>,
    /// Number of the last event: a cursor to follow it from.
    n: i64,
}

/// A person, as staff see them.
#[derive(Serialize, JsonSchema)]
pub(in crate::native) struct StaffView {
    /// Who.
    id: i64,
    /// As customers see them.
    name: String,
    /// Their address.
    email: String,
}

/// A message as it stands.
#[derive(Serialize, JsonSchema)]
pub(in crate::native) struct MessageView {
    /// Unique in the installation.
    key: String,
    /// Number of the event that began it.
    n: i64,
    /// When it was begun.
    at: Time,
    /// Who wrote it: `{"kind": "customer" | "bot" | "staff" | "centre", "name"?, "id"?}`.
    from: Value,
    /// What it says so far.
    text: String,
    /// The file that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// The cloud's message elements, where it is more than text.
    #[serde(skip_serializing_if = "Option::is_none")]
    elements: Option<Value>,
    /// Only staff see it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    private: bool,
    /// It is still growing.
    open: bool,
    /// It was cut before its end.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cut: bool,
}

/// For whom something is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::native) enum For {
    Customer,
    Staff,
}

impl ConversationView {
    pub(in crate::native) fn of(conversation: Conversation) -> Self {
        Self {
            id: conversation.id.0,
            instance: conversation.tenant.0,
            customer: conversation.customer.0,
            customer_name: conversation.customer_name,
            channel: conversation.channel.name(),
            language: conversation.language,
            page: conversation.page,
            bot: conversation.bot.map(|bot| bot.0),
            state: conversation.state.name(),
            staff: conversation.staff.map(|staff| StaffView {
                id: staff.id.0,
                name: staff.name,
                email: staff.mail,
            }),
            skill_group: conversation.group.map(|group| group.0),
            began_at: Time(conversation.began_at),
            queued_at: conversation.queued_at.map(Time),
            joined_at: conversation.joined_at.map(Time),
            ended_at: conversation.ended_at.map(Time),
            touched_at: Time(conversation.touched_at),
            last_text: conversation.last_text,
            n_unanswered: conversation.n_unanswered,
            rating: conversation.rating,
            n: conversation.n_events,
        }
    }
}

impl MessageView {
    pub(in crate::native) fn of(message: ChatMessage, reader: For) -> Self {
        let elements = message.content.elements.as_deref();
        Self {
            key: message.key.0,
            n: message.n,
            at: Time(message.at),
            from: author(&message.author, reader),
            text: message.content.text,
            file: message.content.file.map(|file| file.0),
            elements: elements.and_then(|elements| serde_json::from_str(elements).ok()),
            private: message.is_private,
            open: message.is_open,
            cut: message.is_cut,
        }
    }
}

/// A conversation as its customer sees it. `place` counts those who wait before them.
pub(in crate::native) fn for_customer(conversation: &Conversation, place: Option<i64>) -> Value {
    let is_joined = conversation.joined_at.is_some();
    let staff = conversation.staff.as_ref().filter(|_| is_joined);
    json!({
        "id": conversation.id.as_str(),
        "state": conversation.state.name(),
        "staff": staff.map(|staff| json!({"name": staff.name})),
        "place": place,
        "began_at": Time(conversation.began_at),
        "ended_at": conversation.ended_at.map(Time),
        "rating": conversation.rating,
        "n": conversation.n_events,
    })
}

/// An event as a customer sees it; `None` if they do not.
pub(in crate::native) fn event_for_customer(event: &ChatJournalEvent) -> Option<Value> {
    let mut view = seen(&event.stamped.event, For::Customer)?;
    stamp(&mut view, &event.stamped);
    Some(view)
}

/// An event as staff see it.
pub(in crate::native) fn event_for_staff(event: &ChatJournalEvent) -> Value {
    let mut view = seen(&event.stamped.event, For::Staff)
        .or_else(|| hidden(&event.stamped.event))
        .unwrap_or_else(|| json!({"type": "other"}));
    stamp(&mut view, &event.stamped);
    view["seq"] = json!(event.seq);
    view["conversation"] = json!(event.conversation.as_str());
    view
}

fn stamp(view: &mut Value, stamped: &StampedChat) {
    view["n"] = json!(stamped.n);
    view["at"] = json!(Time(stamped.at));
}

/// What both see, each in their way.
fn seen(event: &ChatEvent, reader: For) -> Option<Value> {
    Some(match event {
        ChatEvent::Began {
            customer_name,
            language,
            ..
        } => json!({"type": "began", "customer_name": customer_name, "language": language}),
        ChatEvent::MessageSent { .. } => message(event, reader)?,
        ChatEvent::StreamOpened {
            key,
            author: by,
            text,
            ..
        } => json!({
            "type": "stream",
            "key": key.as_str(),
            "from": author(by, reader),
            "text": text,
        }),
        ChatEvent::ChunkAppended {
            key, text, offset, ..
        } => json!({"type": "chunk", "key": key.as_str(), "offset": offset, "text": text}),
        ChatEvent::StreamClosed { key, end } => {
            json!({"type": "stream_end", "key": key.as_str(), "end": end.name()})
        }
        ChatEvent::RatingAsked => json!({"type": "rating_asked"}),
        ChatEvent::Rated { score, text } => {
            json!({"type": "rated", "score": score, "text": text})
        }
        ChatEvent::WordLeft { contact, text } => {
            json!({"type": "word_left", "contact": contact, "text": text})
        }
        ChatEvent::PersonAsked { .. }
        | ChatEvent::NobodyThere
        | ChatEvent::Offered { .. }
        | ChatEvent::OfferEnded { .. }
        | ChatEvent::Joined { .. }
        | ChatEvent::PassedOn { .. }
        | ChatEvent::GivenBack { .. }
        | ChatEvent::Ended { .. } => moved(event, reader),
        ChatEvent::Routed { .. } | ChatEvent::BotFailed { .. } | ChatEvent::NoteWritten { .. } => {
            return None;
        }
    })
}

/// A whole message.
fn message(event: &ChatEvent, reader: For) -> Option<Value> {
    let ChatEvent::MessageSent {
        key,
        author: by,
        content,
        request,
    } = event
    else {
        return None;
    };
    let mut view = json!({
        "type": "message",
        "key": key.as_str(),
        "from": author(by, reader),
        "text": content.text,
    });
    if let Some(file) = &content.file {
        view["file"] = json!(file.as_str());
    }
    if let Some(elements) = &content.elements {
        view["elements"] = serde_json::from_str(elements).unwrap_or_default();
    }
    let is_own = matches!(
        (by, reader),
        (Author::Customer, For::Customer) | (Author::Staff(_), For::Staff)
    );
    if let Some(request) = request.as_ref().filter(|_| is_own) {
        view["client_id"] = json!(request);
    }
    Some(view)
}

/// A change of state.
fn moved(event: &ChatEvent, reader: For) -> Value {
    let state = |name: &str, why: &str| json!({"type": "state", "state": name, "why": why});
    let with = |mut view: Value, field: &str, staff: &Staffed| {
        view[field] = person(staff, reader);
        view
    };
    match event {
        ChatEvent::PersonAsked { by, .. } => {
            let mut view = state("queued", "asked");
            view["by"] = asker(by, reader);
            view
        }
        ChatEvent::NobodyThere => state("bot", "nobody_there"),
        ChatEvent::Offered { staff, .. } => match reader {
            For::Customer => state("offered", "offered"),
            For::Staff => with(state("offered", "offered"), "staff", staff),
        },
        ChatEvent::OfferEnded { staff, declined } => {
            let mut view = state(
                "queued",
                if *declined {
                    "declined"
                } else {
                    "not_answered"
                },
            );
            if reader == For::Staff {
                view["by"] = json!({"kind": "staff", "id": staff.0});
            }
            view
        }
        ChatEvent::Joined { staff, took_over } => {
            let why = if *took_over { "took_over" } else { "joined" };
            with(state("staffed", why), "staff", staff)
        }
        ChatEvent::PassedOn { by, group, staff } => {
            let view = with(state("queued", "passed_on"), "by", by);
            match reader {
                For::Customer => view,
                For::Staff => {
                    let mut view = view;
                    view["skill_group"] = json!(group.map(|group| group.0));
                    view["to"] = json!(staff.iter().map(|id: &StaffId| id.0).collect::<Vec<_>>());
                    view
                }
            }
        }
        ChatEvent::GivenBack { by } => with(state("bot", "given_back"), "by", by),
        ChatEvent::Ended { why } => {
            let mut view = state("ended", "ended");
            match why {
                ConversationEnd::By(by) => view["by"] = asker(by, reader),
                ConversationEnd::CustomerSilent => view["why"] = json!("customer_silent"),
            }
            view
        }
        _ => unreachable!("these move nothing"),
    }
}

/// What only staff see.
fn hidden(event: &ChatEvent) -> Option<Value> {
    Some(match event {
        ChatEvent::NoteWritten { key, by, text } => json!({
            "type": "note",
            "key": key.as_str(),
            "from": person(by, For::Staff),
            "text": text,
        }),
        ChatEvent::Routed {
            group,
            staff,
            fault,
        } => json!({
            "type": "routed",
            "skill_group": group.map(|group| group.0),
            "to": staff.iter().map(|id| id.0).collect::<Vec<_>>(),
            "fault": fault,
        }),
        ChatEvent::BotFailed { why } => json!({"type": "bot_failed", "fault": why}),
        _ => return None,
    })
}

fn author(author: &Author, reader: For) -> Value {
    match author {
        Author::Staff(staff) => person(staff, reader),
        Author::Customer | Author::Bot | Author::Centre => json!({"kind": author.kind()}),
    }
}

fn asker(asker: &Asker, reader: For) -> Value {
    match asker {
        Asker::Staff(staff) => person(staff, reader),
        Asker::Customer | Asker::Bot | Asker::Api | Asker::Centre => json!({"kind": asker.kind()}),
    }
}

fn person(staff: &Staffed, reader: For) -> Value {
    match reader {
        For::Customer => json!({"kind": "staff", "name": staff.name}),
        For::Staff => json!({"kind": "staff", "name": staff.name, "id": staff.id.0}),
    }
}
