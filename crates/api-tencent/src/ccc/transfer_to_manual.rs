//! Asking for a person in a running session: `TransferToManual`.

use api::kernel::{Action, Entry, Reached};
use app::chat::{ChatFault, Refused};
use model::{Asker, CallId, ConversationId, Refusal, SkillGroupId};
use serde::{Deserialize, Serialize};
use store::StoreError;

use super::{
    Ccc, Context,
    code::{DB_ERROR, SESSION_NOT_EXISTS, SESSION_NOT_IN_CONTROL_STATE, of},
    session_id::call_id,
};
use crate::fault::Fault;

pub(super) static ACTIONS: &[Entry<Ccc>] = &[Entry::of::<TransferToManual>()];

/// Lets the customer of a chat, or the person of a call with a voice agent, wait for somebody of a
/// skill group. The customer of a chat is told if nobody is there; both are back with the bot then.
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
            when: "a person has the session or is asked to take it, or the call is not up",
        },
        Reached {
            code: "InvalidParameterValue",
            when: "the instance has no skill group with this `SkillGroupId`",
        },
        Reached {
            code: DB_ERROR,
            when: "the database does not answer",
        },
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let (tenant, store) = (context.tenant.id, context.app.store());
        let id = ConversationId(call_id(&self.session_id).0);
        let is_chat = match store.conversation(tenant, &id).await {
            Ok(_) => true,
            Err(StoreError::NotFound { .. }) => false,
            Err(error) => return Err(app::Fault::from(error).into()),
        };
        let call = CallId(id.0.clone());
        if !is_chat {
            // An unknown session is told of before an unknown group.
            store.call(tenant, &call).await?;
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
        if !is_chat {
            let target = format!("skill_group:{group}");
            let asked = context.app.hand_over(tenant, &call, &target).await;
            return match asked {
                Ok(()) => Ok(TransferToManualResponse {}),
                Err(fault) => Err(refused(fault)),
            };
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

/// A call that cannot be handed over now.
fn refused(fault: app::Fault) -> Fault {
    match fault {
        app::Fault::Refused(Refusal::Conflict { what }) => Fault::new(
            SESSION_NOT_IN_CONTROL_STATE,
            format!("Session not in control status: {what}."),
            format!("会话不处于可控制状态（{what}）。"),
        ),
        fault @ (app::Fault::Refused(_) | app::Fault::Store(_) | app::Fault::Internal(_)) => {
            Fault::from(fault)
        }
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
