//! Beginning and resuming: who the customer is, and where their conversation stands.

use app::chat::{FILES_MAX, NewConversation};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use model::{
    ChatChannel, ChatSettings, Conversation, ConversationFilter, ConversationState, Customer,
    CustomerId, TenantId,
};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Paging;

use super::{
    cors,
    token::{self, Visitor},
};
use crate::{
    native::{
        admit::Peer,
        chat::view,
        context::Native,
        field::{Instance, Text},
        problem::{Kind, Problem},
        read::{Body, PathText},
        tokens::sha256_of_token,
    },
    user_sig::Claim,
};

/// Conversations of a customer that are listed.
const LISTED: u32 = 50;

/// Who is there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StartBody {
    /// Whose chat: `SdkAppId`.
    instance: Instance,
    /// The token of an earlier start in this browser.
    token: Option<Text<1, 128>>,
    /// A name that the tenant's server vouches for.
    user_sig: Option<Text<1, 8192>>,
    /// As staff see it.
    #[serde(default)]
    name: Option<Text<0, 64>>,
    /// BCP 47 tag.
    #[serde(default)]
    language: Option<Text<0, 35>>,
    /// Address of the page.
    #[serde(default)]
    page: Option<Text<0, 500>>,
    /// Begin a conversation if none is open; otherwise only the last one is shown.
    #[serde(default = "yes")]
    begin: bool,
    /// The customer writes from the tenant's application, not from a page.
    #[serde(default)]
    app: bool,
}

fn yes() -> bool {
    true
}

pub(super) async fn start(
    State(native): State<Native>,
    Peer(from): Peer,
    headers: HeaderMap,
    Body(body): Body<StartBody>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let tenant = body.instance.0;
    let chats = native.app().chats();
    if !chats.allow_customer(tenant, &format!("start {from}")) {
        return Err(Problem::new(Kind::TooMany, "too many starts a second").retry_after(1));
    }
    let settings = chats.open_settings(tenant).await?;
    if !cors::is_allowed(&headers, &settings.origins) {
        let detail =
            "this page's origin is not allowed: an administrator names it in the chat settings";
        return Err(Problem::new(Kind::Forbidden, detail));
    }
    let (customer, token) = who(&native, &settings, &body).await?;
    let name = body.name.map(|name| name.0).unwrap_or_default();
    let customer = Customer {
        name: if name.is_empty() { customer.name } else { name },
        ..customer
    };
    let conversation = if body.begin {
        let new = NewConversation {
            customer: customer.clone(),
            channel: if body.app {
                ChatChannel::App
            } else {
                ChatChannel::Web
            },
            language: body.language.map(|text| text.0).unwrap_or_default(),
            page: body.page.map(|text| text.0).unwrap_or_default(),
        };
        Some(chats.begin(new).await?.conversation)
    } else {
        native.store().put_customer(&customer).await?;
        let latest = native.store().latest_conversation(tenant, &customer.id);
        latest.await?
    };
    let token = match token {
        Some(known) => known,
        None => new_token(&native, &customer).await?,
    };
    let conversation = match conversation {
        Some(conversation) => shown(&native, &conversation).await?,
        None => Value::Null,
    };
    let answer = json!({
        "token": token,
        "customer": {
            "id": customer.id.as_str(),
            "name": customer.name,
            "verified": customer.is_verified,
        },
        "conversation": conversation,
        "settings": shown_settings(&settings),
    });
    Ok((StatusCode::CREATED, Json(answer)))
}

/// A token for this browser.
async fn new_token(native: &Native, customer: &Customer) -> Result<String, Problem> {
    let fresh = token::fresh();
    let hash = sha256_of_token(&fresh);
    let (store, now) = (native.store(), native.now());
    store
        .add_chat_token(&hash, customer.tenant, &customer.id, now)
        .await?;
    Ok(fresh)
}

/// What a widget has to know.
fn shown_settings(settings: &ChatSettings) -> Value {
    json!({
        "file_bytes_max": settings.limits.file_bytes_max,
        "file_types": [
            "image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf",
            "application/zip", "text/plain",
        ],
        "files_max": FILES_MAX,
        "has_bot": settings.bot.is_some(),
    })
}

/// The customer: whom the tenant's server vouches for, or whom the browser's token names, or
/// somebody new; with the token, if it goes on being good.
async fn who(
    native: &Native,
    settings: &ChatSettings,
    body: &StartBody,
) -> Result<(Customer, Option<String>), Problem> {
    let known = match &body.token {
        Some(token) => match Visitor::of(native, &token.0).await {
            Ok(visitor) if visitor.tenant == settings.tenant => Some(visitor.customer),
            Ok(_) => None,
            Err(problem) if problem.kind == Kind::Unauthorized => None,
            Err(problem) => return Err(problem),
        },
        None => None,
    };
    let given = || body.token.as_ref().map(|token| token.0.clone());
    let new = |id: CustomerId, client_data, is_verified| Customer {
        id,
        tenant: settings.tenant,
        name: String::new(),
        client_data,
        is_verified,
        created_at: native.now(),
    };
    if let Some(user_sig) = &body.user_sig {
        let claim = vouched(native, settings, &user_sig.0)?;
        let id = CustomerId(claim.identifier.clone());
        let data = claim.userbuf().unwrap_or_default();
        let data = String::from_utf8_lossy(&data).replace('\0', "");
        let nick = nick_of(&data);
        let is_same = known.as_ref() == Some(&id);
        let customer = Customer {
            name: nick,
            ..new(id, data, true)
        };
        return Ok((customer, given().filter(|_| is_same)));
    }
    match known {
        Some(id) => {
            let customer = native.store().customer(settings.tenant, &id).await?;
            Ok((customer, given()))
        }
        None => {
            let id = CustomerId(uuid::Uuid::new_v4().simple().to_string());
            Ok((new(id, String::new(), false), None))
        }
    }
}

/// The name in the data that the vendor's clients sign: `nickName`.
fn nick_of(data: &str) -> String {
    let data: Option<Value> = serde_json::from_str(data).ok();
    let nick = data.as_ref().and_then(|data| data["nickName"].as_str());
    nick.unwrap_or_default().chars().take(64).collect()
}

fn vouched(native: &Native, settings: &ChatSettings, text: &str) -> Result<Claim, Problem> {
    let wrong = |why: &str| Err(Problem::invalid("user_sig", why));
    let Ok(claim) = Claim::read(text) else {
        return wrong("cannot be read");
    };
    if claim.sdk_app_id != settings.tenant {
        return wrong("is of another instance");
    }
    if !claim.is_made_with(&settings.secret) {
        return wrong("was made with another secret");
    }
    if claim.is_expired(native.now()) {
        return wrong("has expired");
    }
    let n_chars = claim.identifier.chars().count();
    if !(1..=128).contains(&n_chars) || claim.identifier.contains(char::is_control) {
        return wrong("names nobody");
    }
    Ok(claim)
}

/// The customer's conversations, newest first.
pub(super) async fn list(
    State(native): State<Native>,
    visitor: Visitor,
) -> Result<Json<Value>, Problem> {
    let filter = ConversationFilter {
        customer: Some(visitor.customer.clone()),
        ..ConversationFilter::default()
    };
    let page = native
        .store()
        .conversations(visitor.tenant, &filter, Paging::first(LISTED))
        .await?;
    let items: Vec<Value> = page
        .items
        .iter()
        .map(|conversation| view::for_customer(conversation, None))
        .collect();
    Ok(Json(json!({"items": items, "total": page.total})))
}

/// Where one conversation stands.
pub(super) async fn show(
    State(native): State<Native>,
    visitor: Visitor,
    PathText(id): PathText,
) -> Result<Json<Value>, Problem> {
    let conversation = visitor.conversation(&native, id).await?;
    Ok(Json(shown(&native, &conversation).await?))
}

/// With the place in the queue: how many wait before, from 0.
pub(super) async fn shown(native: &Native, conversation: &Conversation) -> Result<Value, Problem> {
    let place = place(native, conversation.tenant, conversation).await?;
    Ok(view::for_customer(conversation, place))
}

/// How many customers wait before this one; `None` if it does not wait.
pub(super) async fn place(
    native: &Native,
    tenant: TenantId,
    conversation: &Conversation,
) -> Result<Option<i64>, Problem> {
    match (conversation.state, conversation.queued_at) {
        (ConversationState::Queued | ConversationState::Offered, Some(since)) => {
            Ok(Some(native.store().n_waiting_before(tenant, since).await?))
        }
        _ => Ok(None),
    }
}
