//! Ending a call: `HangUpCall`.

use api::kernel::{Action, Entry, Reached};
use serde::{Deserialize, Serialize};

use super::{
    Ccc, Context,
    code::{DB_ERROR, SESSION_NOT_EXISTS},
    session_id::call_id,
};
use crate::fault::Fault;

pub(super) static ACTIONS: &[Entry<Ccc>] = &[Entry::of::<HangUpCall>()];

/// Ends a call in whatever state it is. The record says that the API did it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HangUpCall {
    session_id: String,
}

#[derive(Serialize)]
struct HangUpCallResponse {}

impl Action for HangUpCall {
    type Dialect = Ccc;
    type Response = HangUpCallResponse;
    const NAME: &'static str = "HangUpCall";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: SESSION_NOT_EXISTS,
            when: "the instance has no call with this `SessionId`",
        },
        Reached {
            code: "FailedOperation.SessionNotInControlState",
            when: "the call has ended already",
        },
        Reached {
            code: DB_ERROR,
            when: "the database does not answer",
        },
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        context
            .app
            .hang_up(context.tenant.id, &call_id(&self.session_id), "api")
            .await?;
        Ok(HangUpCallResponse {})
    }
}
