//! Running calls: `DescribeTelSession` and `DescribePSTNActiveSessionList`.

use api::kernel::{Action, Entry, Reached};
use model::{Call, CallState, Serving};
use serde::{Deserialize, Serialize};
use store::Paging;

use super::{
    Ccc, Context,
    cdr::{direction, seconds},
    code::{DB_ERROR, PERMISSION_DENIED, SESSION_NOT_EXISTS},
    session_id::call_id,
};
use crate::fault::Fault;

pub(super) static ACTIONS: &[Entry<Ccc>] = &[
    Entry::of::<DescribeTelSession>(),
    Entry::of::<DescribePstnActiveSessionList>(),
];

/// Most sessions in one answer.
const LIMIT_MAX: i64 = 25;

/// Media has no rooms here; the vendor's own sample of the field shows 0 for none.
const NO_ROOM: &str = "0";

/// One call, running or ended.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeTelSession {
    session_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeTelSessionResponse {
    session: PstnSession,
}

/// The vendor's `PSTNSession`. What belongs to seats, transfers to outside lines and number
/// protection is empty.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PstnSession {
    #[serde(rename = "SessionID")]
    session_id: String,
    #[serde(rename = "RoomID")]
    room_id: &'static str,
    caller: String,
    callee: String,
    start_timestamp: i64,
    ring_timestamp: i64,
    accept_timestamp: i64,
    staff_email: String,
    staff_number: &'static str,
    session_status: &'static str,
    direction: i64,
    out_bound_caller: &'static str,
    out_bound_callee: &'static str,
    protected_caller: &'static str,
    protected_callee: &'static str,
}

impl Action for DescribeTelSession {
    type Dialect = Ccc;
    type Response = DescribeTelSessionResponse;
    const NAME: &'static str = "DescribeTelSession";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: SESSION_NOT_EXISTS,
            when: "the instance has no call with this `SessionId`",
        },
        Reached {
            code: DB_ERROR,
            when: "the database does not answer",
        },
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let call = context
            .app
            .store()
            .call(context.tenant.id, &call_id(&self.session_id))
            .await?;
        Ok(DescribeTelSessionResponse {
            session: PstnSession::of(&call),
        })
    }
}

impl PstnSession {
    fn of(call: &Call) -> Self {
        Self {
            session_id: call.id.to_string(),
            room_id: NO_ROOM,
            caller: call.caller.with_00(),
            callee: call.callee.with_00(),
            start_timestamp: call.started_at.seconds(),
            ring_timestamp: seconds(call.rang_at),
            accept_timestamp: seconds(call.answered_at),
            staff_email: staff_email(call),
            staff_number: "",
            session_status: session_status(call),
            direction: direction(call),
            out_bound_caller: "",
            out_bound_callee: "",
            protected_caller: "",
            protected_callee: "",
        }
    }
}

/// Calls that have not ended, newest first: those that ring as well, with that status.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribePstnActiveSessionList {
    offset: i64,
    limit: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribePstnActiveSessionListResponse {
    total: i64,
    sessions: Vec<PstnSessionInfo>,
}

/// The vendor's `PSTNSessionInfo`, in which two of the three times are text.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PstnSessionInfo {
    #[serde(rename = "SessionID")]
    session_id: String,
    #[serde(rename = "RoomID")]
    room_id: &'static str,
    caller: String,
    callee: String,
    start_timestamp: String,
    accept_timestamp: String,
    staff_email: String,
    staff_number: &'static str,
    session_status: &'static str,
    direction: i64,
    ring_timestamp: i64,
    protected_caller: &'static str,
    protected_callee: &'static str,
}

impl Action for DescribePstnActiveSessionList {
    type Dialect = Ccc;
    type Response = DescribePstnActiveSessionListResponse;
    const NAME: &'static str = "DescribePSTNActiveSessionList";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: PERMISSION_DENIED,
            when: "the credential is not allowed this instance or this action",
        },
        Reached {
            code: "LimitExceeded.OutOfCountLimit",
            when: "`Limit` is above 25",
        },
        Reached {
            code: "InvalidParameterValue",
            when: "`Offset` or `Limit` is below 0 or too large",
        },
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let page = context
            .app
            .store()
            .active_calls(context.tenant.id, self.paging()?)
            .await?;
        Ok(DescribePstnActiveSessionListResponse {
            total: page.total,
            sessions: page.items.iter().map(PstnSessionInfo::of).collect(),
        })
    }
}

impl DescribePstnActiveSessionList {
    fn paging(&self) -> Result<Paging, Fault> {
        if self.limit > LIMIT_MAX {
            return Err(Fault::new(
                "LimitExceeded.OutOfCountLimit",
                "The value of parameter `Limit` exceeds 25.",
                "参数 `Limit` 超过上限 25。",
            ));
        }
        let number = |name, value: i64| {
            u32::try_from(value).map_err(|_| Fault::wrong_value(name, "it is out of range"))
        };
        Ok(Paging {
            offset: number("Offset", self.offset)?,
            limit: number("Limit", self.limit)?,
        })
    }
}

impl PstnSessionInfo {
    fn of(call: &Call) -> Self {
        Self {
            session_id: call.id.to_string(),
            room_id: NO_ROOM,
            caller: call.caller.with_00(),
            callee: call.callee.with_00(),
            start_timestamp: call.started_at.seconds().to_string(),
            accept_timestamp: seconds(call.answered_at).to_string(),
            staff_email: staff_email(call),
            staff_number: "",
            session_status: session_status(call),
            direction: direction(call),
            ring_timestamp: seconds(call.rang_at),
            protected_caller: "",
            protected_callee: "",
        }
    }
}

/// The vendor has no status for a call that was asked for and does not ring yet.
fn session_status(call: &Call) -> &'static str {
    let serving = call.servings.last();
    let joins = |serving: &Serving| serving.end.is_none() && serving.answered_at.is_none();
    match call.state {
        CallState::Dialing | CallState::Ringing => "ringing",
        CallState::Up if serving.is_some_and(joins) => "seatJoining",
        CallState::Up => "inProgress",
        CallState::Ended => "finished",
    }
}

/// The person who is rung, or who served last.
fn staff_email(call: &Call) -> String {
    let serving = call.servings.last();
    serving.map_or_else(String::new, |serving| serving.server.email.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        definition,
        sample::{BEGAN, assert_fields, call},
    };

    #[test]
    fn every_field_of_the_vendors_types_is_there_and_no_other() {
        let vendor = definition::ccc();
        assert_fields(&PstnSession::of(&call()), vendor.object("PSTNSession"));
        assert_fields(
            &PstnSessionInfo::of(&call()),
            vendor.object("PSTNSessionInfo"),
        );
    }

    #[test]
    fn in_the_list_start_and_answer_are_text_and_ringing_is_a_number() {
        let session = serde_json::to_value(PstnSessionInfo::of(&call())).unwrap();
        assert_eq!(session["StartTimestamp"], json!(BEGAN.to_string()));
        assert_eq!(session["AcceptTimestamp"], json!((BEGAN + 5).to_string()));
        assert_eq!(session["RingTimestamp"], json!(BEGAN + 2));
    }

    #[test]
    fn a_page_holds_at_most_25() {
        for (offset, limit, code) in [
            (0, 26, Some("LimitExceeded.OutOfCountLimit")),
            (0, -1, Some("InvalidParameterValue")),
            (-1, 1, Some("InvalidParameterValue")),
            (0, 25, None),
        ] {
            let paging = DescribePstnActiveSessionList { offset, limit }.paging();
            assert_eq!(paging.err().map(|fault| fault.code), code);
        }
    }
}
