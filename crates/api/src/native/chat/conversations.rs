//! What staff see: lists, one conversation, its messages and files.

use axum::{Json, extract::State, response::Response};
use model::{
    ChatFileId, Conversation, ConversationFilter, ConversationId, ConversationState, CustomerId,
    Permission, StaffId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::view::{ConversationView, For, MessageView, event_for_staff};
use crate::native::{
    admit::Caller,
    context::Native,
    customer::file_answer,
    field::{Instance, Int, Text},
    page::{InstanceAsk, InstancePageAsk, Limit, Offset, PageView, paging},
    problem::Problem,
    read::{Ask, PathText},
    table::{Row, get},
};

/// Events that are read at once.
const EVENTS_AT_ONCE: u32 = 500;

/// Which conversations to list, newest first.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListAsk {
    /// Whose; needed only with an operator's token where there are several instances.
    instance: Option<Instance>,
    /// Only in this state. `queued` is in the order of waiting, the longest wait first.
    state: Option<Where>,
    /// Only of this staff member.
    staff: Option<Int<1, { i64::MAX }>>,
    /// Only of this customer.
    customer: Option<Text<1, 128>>,
    /// Items to leave out at the front; 0 if absent.
    offset: Option<Offset>,
    /// Most items to give; 50 if absent.
    limit: Option<Limit>,
}

/// Where a conversation is; `open` is everywhere but ended.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ConversationStateAsk")]
enum Where {
    Bot,
    Queued,
    Offered,
    Staffed,
    Ended,
    Open,
}

/// Which events of a conversation.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EventsAsk {
    /// Whose; needed only with an operator's token where there are several instances.
    instance: Option<Instance>,
    /// Only after this number; from the beginning if absent.
    after: Option<Int<0, { i64::MAX }>>,
}

/// Events of one conversation.
#[derive(Serialize, JsonSchema)]
struct EventsView {
    /// In order, as in the stream of all conversations.
    events: Vec<Value>,
    /// The last number, to go on after.
    next: i64,
}

pub(super) fn rows() -> Vec<Row> {
    const ONE: &str = "/api/v1/chat/conversations/{id}";
    vec![
        get("/api/v1/chat/conversations", "List conversations", list)
            .needs(Permission::Chat)
            .asks::<ListAsk>()
            .gives::<PageView<ConversationView>>(),
        get(ONE, "Show a conversation", show)
            .needs(Permission::Chat)
            .asks::<InstanceAsk>()
            .gives::<ConversationView>(),
        get(
            "/api/v1/chat/conversations/{id}/messages",
            "List messages of a conversation, notes included, oldest first",
            messages,
        )
        .needs(Permission::Chat)
        .asks::<InstancePageAsk>()
        .gives::<PageView<MessageView>>(),
        get(
            "/api/v1/chat/conversations/{id}/events",
            "List events of a conversation after a number",
            events,
        )
        .needs(Permission::Chat)
        .asks::<EventsAsk>()
        .gives::<EventsView>(),
        get(
            "/api/v1/chat/files/{id}",
            "Fetch a file of a conversation",
            file,
        )
        .needs(Permission::Chat)
        .asks::<InstanceAsk>()
        .gives_media("application/octet-stream"),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<ListAsk>,
) -> Result<Json<PageView<ConversationView>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let paging = paging(ask.offset, ask.limit);
    let is_plain = ask.staff.is_none() && ask.customer.is_none();
    let page = match ask.state {
        Some(Where::Queued) if is_plain => {
            native.store().waiting_conversations(tenant, paging).await?
        }
        state => {
            let filter = ConversationFilter {
                states: states(state),
                staff: ask.staff.map(|staff| StaffId(staff.0)),
                customer: ask.customer.map(|customer| CustomerId(customer.0)),
                from: None,
                to: None,
            };
            native
                .store()
                .conversations(tenant, &filter, paging)
                .await?
        }
    };
    Ok(Json(PageView::of(page, ConversationView::of)))
}

fn states(asked: Option<Where>) -> Vec<ConversationState> {
    match asked {
        None => Vec::new(),
        Some(Where::Bot) => vec![ConversationState::Bot],
        Some(Where::Queued) => vec![ConversationState::Queued],
        Some(Where::Offered) => vec![ConversationState::Offered],
        Some(Where::Staffed) => vec![ConversationState::Staffed],
        Some(Where::Ended) => vec![ConversationState::Ended],
        Some(Where::Open) => vec![
            ConversationState::Bot,
            ConversationState::Queued,
            ConversationState::Offered,
            ConversationState::Staffed,
        ],
    }
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<ConversationView>, Problem> {
    let conversation = found(&native, caller, ask.instance, id).await?;
    Ok(Json(ConversationView::of(conversation)))
}

async fn messages(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstancePageAsk>,
) -> Result<Json<PageView<MessageView>>, Problem> {
    let conversation = found(&native, caller, ask.instance, id).await?;
    let page = native
        .store()
        .chat_messages(&conversation.id, true, false, paging(ask.offset, ask.limit))
        .await?;
    Ok(Json(PageView::of(page, |message| {
        MessageView::of(message, For::Staff)
    })))
}

async fn events(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<EventsAsk>,
) -> Result<Json<EventsView>, Problem> {
    let conversation = found(&native, caller, ask.instance, id).await?;
    let after = ask.after.map_or(0, |after| after.0);
    let events = native
        .store()
        .chat_events(&conversation.id, after, EVENTS_AT_ONCE)
        .await?;
    Ok(Json(EventsView {
        next: events.last().map_or(after, |event| event.stamped.n),
        events: events.iter().map(event_for_staff).collect(),
    }))
}

async fn file(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Response, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let file = native.store().chat_file(tenant, &ChatFileId(id)).await?;
    file_answer(&native, &file).await
}

/// A conversation of an instance that the caller may see.
pub(super) async fn found(
    native: &Native,
    caller: Caller,
    instance: Option<Instance>,
    id: String,
) -> Result<Conversation, Problem> {
    let tenant = native.tenant(caller, instance).await?;
    Ok(native
        .store()
        .conversation(tenant, &ConversationId(id))
        .await?)
}
