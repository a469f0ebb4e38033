//! Asking for a person in a running session: `TransferToManual`.

use api::kernel::{Action, Entry, Reached};
use app::chat::{ChatFault, Refused};
use model::{Asker, ConversationId, Refusal, SkillGroupId};
use serde::{Deserialize, Serialize};
use store::StoreError;

use super::{
    Ccc, Context,
    code::{DB_ERROR, SESSION_NOT_EXISTS, SESSION_NOT_IN_CONTROL_STATE, of},
    session_id::call_id,
};
use crate::fault::Fault;

pub(super) static ACTIONS: &[Entry<Ccc>] = &[Entry::of::<TransferToManual>()];

/// The vendor's common code for what a product does not do.
const UNSUPPORTED: &str = "UnsupportedOperation";

/// Lets the customer of a chat wait for a person of a skill group. The customer is told if nobody
/// is there, and is back with the bot then.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TransferToManual {
    session_id: String,
    skill_group_id: i64,
}

#[derive(Serialize)]
struct TransferToManualResponse {}

impl Action for TransferToManual {
    type Dialect = Ccc;
    type Response = TransferToManualResponse;
    const NAME: &'static str = "TransferToManual";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: SESSION_NOT_EXISTS,
            when: "the instance has no session with this `SessionId`, or the chat has ended",
        },
        Reached {
            code: SESSION_NOT_IN_CONTROL_STATE,
            when: "a person has the chat, or is asked to take it",
        },
        Reached {
            code: "InvalidParameterValue",
            when: "the instance has no skill group with this `SkillGroupId`",
        },
        Reached {
            code: UNSUPPORTED,
            when: "the session is a call: people take chats here, not calls",
        },
        Reached {
            code: DB_ERROR,
            when: "the database does not answer",
        },
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let (tenant, store) = (context.tenant.id, context.app.store());
        let id = ConversationId(call_id(&self.session_id).0);
        match store.conversation(tenant, &id).await {
            Ok(_) => {}
            Err(StoreError::NotFound { .. }) => return Err(no_chat(&context, &id).await?),
            Err(error) => return Err(app::Fault::from(error).into()),
        }
        let group = SkillGroupId(self.skill_group_id);
        match store.skill_group(tenant, group).await {
            Ok(_) => {}
            Err(StoreError::NotFound { .. }) => {
                let why = "it names no skill group of the instance";
                return Err(Fault::wrong_value("SkillGroupId", why));
            }
            Err(error) => return Err(app::Fault::from(error).into()),
        }
        let to = (Some(group), Vec::new());
        let asked = context
            .app
            .chats()
            .ask_person(tenant, &id, Asker::Api, to, true);
        match asked.await {
            Ok(_) => Ok(TransferToManualResponse {}),
            Err(fault) => Err(meaning(fault)),
        }
    }
}

/// What is wrong with a session that is no chat.
async fn no_chat(context: &Context, id: &ConversationId) -> Result<Fault, Fault> {
    let call = model::CallId(id.0.clone());
    match context.app.store().call(context.tenant.id, &call).await {
        Ok(_) => Ok(Fault::new(
            UNSUPPORTED,
            "The session is a call, which people cannot take here.",
            "该会话为电话会话，暂不支持转人工。",
        )),
        Err(StoreError::NotFound { .. }) => Ok(of(&Refusal::CallNotFound)),
        Err(error) => Err(app::Fault::from(error).into()),
    }
}

fn meaning(fault: ChatFault) -> Fault {
    match fault {
        ChatFault::Refused(Refused::Over) | ChatFault::NotFound { .. } | ChatFault::Off => {
            of(&Refusal::CallNotFound)
        }
        ChatFault::Refused(refused) => Fault::new(
            SESSION_NOT_IN_CONTROL_STATE,
            format!("Session not in control status: {refused}."),
            format!("会话不处于可控制状态（{refused}）。"),
        ),
        ChatFault::Invalid { field, why } => Fault::wrong_value(field, &why),
        ChatFault::Store(error) => app::Fault::Store(error).into(),
        ChatFault::Busy => {
            tracing::warn!("a chat is not handed over: too much waits for the database");
            Fault::internal(DB_ERROR)
        }
        ChatFault::Internal(error) => app::Fault::Internal(error).into(),
    }
}
