//! Customers, and what belongs to one contact of theirs: chats and calls under one id.

use axum::{Json, extract::State};
use model::{ConversationId, Customer, CustomerId, E164, Permission, TenantId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{HistoryEntry, StoreError};

use super::view::ConversationView;
use crate::native::{
    admit::Caller,
    call_view::CallSummary,
    context::Native,
    field::{List, Phone, Text, Time},
    page::{InstanceAsk, InstancePageAsk, PageView, paging},
    problem::{Kind, Problem},
    read::{Ask, Body, PathText},
    table::{Row, get, put},
};

/// Calls of one conversation that are shown.
const CALLS_MAX: u32 = 200;

/// What is written down of a customer.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CustomerBody {
    /// Their name; what was known if absent or empty.
    name: Option<Text<0, 64>>,
    /// The numbers by which they are known on the phone, all of them: a call with one of these is
    /// theirs.
    #[serde(default)]
    numbers: List<Phone, 0, 10>,
}

/// A customer.
#[derive(Serialize, JsonSchema)]
struct CustomerView {
    /// As signed names and your API give it, or drawn for a browser.
    id: String,
    /// Their name; may be empty.
    name: String,
    /// Whether a signed name has proved who they are.
    verified: bool,
    /// The numbers by which they are known on the phone.
    numbers: Vec<Phone>,
    /// Since when they are known.
    created_at: Time,
}

/// A chat or a call of a customer.
#[derive(Serialize, JsonSchema)]
struct CustomerHistoryView {
    /// `chat` or `call`.
    kind: &'static str,
    /// When it began.
    at: Time,
    /// The conversation: the same for a chat and the calls that belong to it.
    conversation: String,
    /// Of a chat: it.
    chat: Option<ConversationView>,
    /// Of a call: it.
    call: Option<CallSummary>,
}

/// One contact of a customer: a chat, calls, or both.
#[derive(Serialize, JsonSchema)]
struct WholeConversationView {
    /// Its id.
    conversation: String,
    /// Whose, if that is known.
    customer: Option<String>,
    /// What was written, if something was.
    chat: Option<ConversationView>,
    /// Its calls, the first one first; 200 at most.
    calls: Vec<CallSummary>,
}

pub(super) fn rows() -> Vec<Row> {
    const ONE: &str = "/api/v1/customers/{id}";
    vec![
        get(ONE, "Show a customer", show)
            .needs(Permission::Chat)
            .asks::<InstanceAsk>()
            .gives::<CustomerView>(),
        put(
            ONE,
            "Add a customer, or change their name and numbers",
            change,
        )
        .needs(Permission::Chat)
        .asks::<InstanceAsk>()
        .takes::<CustomerBody>()
        .gives::<CustomerView>()
        .refuses(&[Kind::Conflict]),
        get(
            "/api/v1/customers/{id}/history",
            "List a customer's chats and calls, newest first",
            history,
        )
        .needs(Permission::Chat)
        .asks::<InstancePageAsk>()
        .gives::<PageView<CustomerHistoryView>>(),
        get(
            "/api/v1/conversations/{id}",
            "Show a conversation: its chat and its calls",
            whole,
        )
        .needs(Permission::Chat)
        .asks::<InstanceAsk>()
        .gives::<WholeConversationView>(),
    ]
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<CustomerView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let customer = native.store().customer(tenant, &CustomerId(id)).await?;
    Ok(Json(view(&native, customer).await?))
}

async fn change(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<CustomerBody>,
) -> Result<Json<CustomerView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    if id.is_empty() || id.chars().count() > 128 {
        return Err(Problem::invalid("id", "must have 1 to 128 characters"));
    }
    let mut numbers: Vec<E164> = body.numbers.0.into_iter().map(|number| number.0).collect();
    numbers.sort_by(|one, other| one.digits().cmp(other.digits()));
    numbers.dedup();
    let store = native.store();
    let customer = Customer {
        tenant,
        id: CustomerId(id),
        name: body.name.map(|name| name.0).unwrap_or_default(),
        client_data: String::new(),
        is_verified: false,
        created_at: native.now(),
    };
    // First what may be refused.
    store
        .set_customer_numbers(tenant, &customer.id, &numbers)
        .await?;
    let customer = store.put_customer(&customer).await?;
    Ok(Json(view(&native, customer).await?))
}

async fn view(native: &Native, customer: Customer) -> Result<CustomerView, Problem> {
    let numbers = native
        .store()
        .customer_numbers(customer.tenant, &customer.id)
        .await?;
    Ok(CustomerView {
        id: customer.id.0,
        name: customer.name,
        verified: customer.is_verified,
        numbers: numbers.into_iter().map(Phone).collect(),
        created_at: Time(customer.created_at),
    })
}

async fn history(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstancePageAsk>,
) -> Result<Json<PageView<CustomerHistoryView>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let store = native.store();
    let customer = store.customer(tenant, &CustomerId(id)).await?;
    let paging = paging(ask.offset, ask.limit);
    let page = store.customer_history(tenant, &customer.id, paging).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for (at, entry) in page.items {
        let at = Time(at);
        items.push(match entry {
            HistoryEntry::Chat(id) => {
                let chat = store.conversation(tenant, &id).await?;
                CustomerHistoryView {
                    kind: "chat",
                    at,
                    conversation: id.0,
                    chat: Some(ConversationView::of(chat)),
                    call: None,
                }
            }
            HistoryEntry::Call(id) => {
                let call = store.call(tenant, &id).await?;
                CustomerHistoryView {
                    kind: "call",
                    at,
                    conversation: call.conversation_id().0,
                    chat: None,
                    call: Some(CallSummary::of(&call)),
                }
            }
        });
    }
    let page = store::Page {
        items,
        total: page.total,
    };
    Ok(Json(PageView::of(page, |item| item)))
}

async fn whole(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<WholeConversationView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let id = conversation_of(&native, tenant, id).await?;
    let store = native.store();
    let chat = match store.conversation(tenant, &id).await {
        Ok(chat) => Some(chat),
        Err(StoreError::NotFound { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let calls = store.calls_of_conversation(tenant, &id, CALLS_MAX).await?;
    let calls = store.calls_in_order(tenant, &calls).await?;
    if chat.is_none() && calls.is_empty() {
        let what = "conversation";
        return Err(StoreError::NotFound { what }.into());
    }
    let of_chat = chat.as_ref().map(|chat| chat.customer.0.clone());
    let of_calls = || calls.iter().find_map(|call| call.customer.clone());
    Ok(Json(WholeConversationView {
        customer: of_chat.or_else(|| of_calls().map(|customer| customer.0)),
        conversation: id.0,
        chat: chat.map(ConversationView::of),
        calls: calls.iter().map(CallSummary::of).collect(),
    }))
}

/// The id of a call that joined a conversation leads there.
async fn conversation_of(
    native: &Native,
    tenant: TenantId,
    id: String,
) -> Result<ConversationId, Problem> {
    match native
        .store()
        .call(tenant, &model::CallId(id.clone()))
        .await
    {
        Ok(call) => Ok(call.conversation_id()),
        Err(StoreError::NotFound { .. }) => Ok(ConversationId(id)),
        Err(error) => Err(error.into()),
    }
}
