//! `send_msg` and `send_stream_msg`.

use model::{Author, ConversationId, ConversationState, CustomerId, MessageKey};
use serde_json::{Map, Value, json};
use store::StoreError;

use super::{
    Answer, Asked,
    code::{self, Failed},
    message::content,
};

/// Hex digits of a digest that name a request together with its random number.
const DIGEST_CHARS: usize = 24;

/// A whole message, in the name of the tenant's bot.
pub(super) async fn message(asked: Asked) -> Answer {
    let random = asked.body.get("MsgRandom").and_then(Value::as_u64);
    let random = random
        .and_then(|random| u32::try_from(random).ok())
        .ok_or_else(|| Failed::new(code::NO_RANDOM, "MsgRandom is missing or no integer"))?;
    let content = content(&asked.body)?;
    let id = addressed(&asked).await?;
    let request = format!("{random}:{}", &asked.digest[..DIGEST_CHARS]);
    let said = asked
        .app
        .chats()
        .say(
            asked.settings.tenant,
            &id,
            Author::Bot,
            content,
            Some(request),
        )
        .await?;
    Ok(with_key(said.key.as_ref()))
}

/// A piece of a growing message.
pub(super) async fn piece(asked: Asked) -> Answer {
    let id = session_id(&asked.body)?;
    let text = text(&asked.body, "Chunk")?;
    let text = text.ok_or_else(|| Failed::parameter("Chunk", "is missing"))?;
    let finish = match asked.body.get("Finish") {
        None | Some(Value::Null) => false,
        Some(finish) => match finish.as_i64() {
            Some(0) => false,
            Some(1) => true,
            _ => return Err(Failed::parameter("Finish", "is neither 0 nor 1")),
        },
    };
    let key = optional(&asked.body, "MsgKey")?.map(MessageKey);
    let is_first = key.is_none();
    let request = format!("{}:{}", asked.random, &asked.digest[..DIGEST_CHARS]);
    let grown = asked
        .app
        .chats()
        .grow(
            asked.settings.tenant,
            &id,
            key,
            &text,
            finish,
            Some(request),
        )
        .await?;
    Ok(match is_first {
        true => with_key(grown.key.as_ref()),
        false => Map::new(),
    })
}

fn with_key(key: Option<&MessageKey>) -> Map<String, Value> {
    let key = key.map(MessageKey::as_str).unwrap_or_default();
    Map::from_iter([("MsgKey".to_owned(), json!(key))])
}

/// The session that a message is for: by its id, or the open one of the customer it is for.
async fn addressed(asked: &Asked) -> Result<ConversationId, Failed> {
    if asked.body.contains_key("SessionId") {
        return session_id(&asked.body);
    }
    let from = optional(&asked.body, "FromAccount")?;
    let to = optional(&asked.body, "ToAccount")?;
    let (Some(_), Some(to)) = (from, to) else {
        return Err(Failed::parameter(
            "SessionId",
            "is missing, and so is FromAccount or ToAccount",
        ));
    };
    open_session(asked, CustomerId(to))
        .await?
        .ok_or_else(|| Failed::new(code::NO_SESSION, "the user has no open session"))
}

/// The customer's open session.
pub(super) async fn open_session(
    asked: &Asked,
    customer: CustomerId,
) -> Result<Option<ConversationId>, Failed> {
    let (store, tenant) = (asked.app.store(), asked.settings.tenant);
    match store.customer(tenant, &customer).await {
        Ok(_) => {}
        Err(StoreError::NotFound { .. }) => {
            return Err(Failed::new(code::NO_USER, "the user does not exist"));
        }
        Err(error) => return Err(error.into()),
    }
    let latest = store.latest_conversation(tenant, &customer).await?;
    let open = latest.filter(|latest| latest.state != ConversationState::Ended);
    Ok(open.map(|open| open.id))
}

/// `SessionId`, which must be there.
pub(super) fn session_id(body: &Map<String, Value>) -> Result<ConversationId, Failed> {
    let given = optional(body, "SessionId")?;
    let given = given.ok_or_else(|| Failed::parameter("SessionId", "is missing"))?;
    match uuid::Uuid::try_parse(&given) {
        Ok(id) if given.len() == 36 => Ok(ConversationId(id.to_string())),
        _ => Err(Failed::new(code::BAD_SESSION, "illegal SessionID")),
    }
}

/// A text; `None` if it is absent.
pub(super) fn text(body: &Map<String, Value>, name: &str) -> Result<Option<String>, Failed> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Failed::parameter(name, "is no string")),
    }
}

/// A text; an empty one is as good as none.
pub(super) fn optional(body: &Map<String, Value>, name: &str) -> Result<Option<String>, Failed> {
    Ok(text(body, name)?.filter(|text| !text.is_empty()))
}
