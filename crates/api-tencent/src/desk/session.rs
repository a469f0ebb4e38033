//! `transfer_to_human`, `get_session_state` and `end_session`.

use app::chat::Input;
use model::{Asker, Conversation, ConversationState, CustomerId, SkillGroupId};
use serde_json::{Map, Value, json};
use store::StoreError;

use super::{
    Answer, Asked,
    code::Failed,
    send::{open_session, optional, session_id},
};

/// Agents that one request may name.
const AGENTS_MAX: usize = 100;

/// A person is to take the session.
pub(super) async fn transfer(asked: Asked) -> Answer {
    let id = session_id(&asked.body)?;
    let (chats, tenant) = (asked.app.chats(), asked.settings.tenant);
    let mails = agents(&asked.body)?;
    let staff = chats.named(tenant, &mails).await;
    if staff.len() < mails.len() {
        return Err(Failed::parameter(
            "AgentIdList",
            "names no agent of this instance",
        ));
    }
    let group = match asked.body.get("AgentGroupId") {
        None | Some(Value::Null) => None,
        Some(group) => {
            let group = group.as_i64();
            let group = group.ok_or_else(|| Failed::parameter("AgentGroupId", "is no integer"))?;
            Some(known_group(&asked, SkillGroupId(group)).await?)
        }
    };
    let tip = match asked.body.get("SendTipIfNoAgentOnline") {
        None | Some(Value::Null) => false,
        Some(tip) => match tip.as_i64() {
            Some(0) => false,
            Some(1) => true,
            _ => {
                let why = "is neither 0 nor 1";
                return Err(Failed::parameter("SendTipIfNoAgentOnline", why));
            }
        },
    };
    let to = (group, staff);
    let moved = chats.ask_person(tenant, &id, Asker::Api, to, tip).await?;
    let is_in_queue = moved.conversation.state == ConversationState::Queued;
    Ok(Map::from_iter([
        ("AgentId".to_owned(), json!(agent_id(&moved.conversation))),
        ("IsInQueue".to_owned(), json!(i64::from(is_in_queue))),
    ]))
}

fn agents(body: &Map<String, Value>) -> Result<Vec<String>, Failed> {
    let wrong = |why| Failed::parameter("AgentIdList", why);
    match body.get("AgentIdList") {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(list)) if list.len() <= AGENTS_MAX => list
            .iter()
            .map(|agent| agent.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .ok_or_else(|| wrong("holds something that is no string")),
        Some(Value::Array(_)) => Err(wrong("names too many agents")),
        Some(_) => Err(wrong("is no array")),
    }
}

async fn known_group(asked: &Asked, group: SkillGroupId) -> Result<SkillGroupId, Failed> {
    let found = asked.app.store().skill_group(asked.settings.tenant, group);
    match found.await {
        Ok(group) => Ok(group.id),
        Err(StoreError::NotFound { .. }) => Err(Failed::parameter(
            "AgentGroupId",
            "names no group of this instance",
        )),
        Err(error) => Err(error.into()),
    }
}

/// Where a session is.
pub(super) async fn state(asked: Asked) -> Answer {
    let id = if asked.body.contains_key("SessionId") {
        Some(session_id(&asked.body)?)
    } else {
        let customer = optional(&asked.body, "ClientUserId")?;
        let service = optional(&asked.body, "CustomerServiceId")?;
        let (Some(customer), Some(_)) = (customer, service) else {
            return Err(Failed::parameter(
                "SessionId",
                "is missing, and so is ClientUserId or CustomerServiceId",
            ));
        };
        open_session(&asked, CustomerId(customer)).await?
    };
    let Some(id) = id else {
        return Ok(shown("", ConversationState::Ended, ""));
    };
    let found = asked.app.store().conversation(asked.settings.tenant, &id);
    let found = found.await?;
    Ok(shown(found.id.as_str(), found.state, &agent_id(&found)))
}

fn shown(id: &str, state: ConversationState, agent: &str) -> Map<String, Value> {
    let name = match state {
        ConversationState::Bot => "Chatbot",
        ConversationState::Queued => "Queueing",
        ConversationState::Offered => "WaitingForAgentAnswering",
        ConversationState::Staffed => "Agent",
        ConversationState::Ended => "NotInSession",
    };
    Map::from_iter([
        ("SessionId".to_owned(), json!(id)),
        ("CurrentState".to_owned(), json!(name)),
        ("AgentId".to_owned(), json!(agent)),
    ])
}

/// The address of the person who has the session or is asked to take it.
fn agent_id(conversation: &Conversation) -> String {
    match conversation.state {
        ConversationState::Offered | ConversationState::Staffed => {
            let staff = conversation.staff.as_ref();
            staff.map(|staff| staff.mail.clone()).unwrap_or_default()
        }
        ConversationState::Bot | ConversationState::Queued | ConversationState::Ended => {
            String::new()
        }
    }
}

/// The session is over.
pub(super) async fn end(asked: Asked) -> Answer {
    let id = session_id(&asked.body)?;
    let chats = asked.app.chats();
    let end = Input::End(Asker::Api);
    chats.command(asked.settings.tenant, &id, end).await?;
    Ok(Map::new())
}
