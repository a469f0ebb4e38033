//! The compatibility page of the Desk API, written from the tables that the code runs on.

use std::fmt::Write;

use super::{CODES, COMMANDS};

/// Where the page is in the repository.
pub const PAGE: &str = "docs/compat/tencent-desk.md";

const HEAD: &str = "\
# Tencent Desk, `v4/desk_http_svc`

This page is generated from the tables that the server runs on; a test compares them and rewrites
the page when `UPDATE_DOCS=1` is set. What the commands do is told in [chat.md](../chat.md).

`POST /v4/desk_http_svc/<command>?sdkappid=&identifier=&usersig=&random=&contenttype=json` with a JSON
body of at most 12 KB. HTTP 200 always; the answer has `ActionStatus`, `ErrorInfo` and `ErrorCode`.
`usersig` is a UserSig of TLSSigAPIv2, with or without `userbuf`, made with the instance's Desk secret;
the older TLSSigAPI (ECDSA) is not taken. `identifier` must be one of the administrators in the chat
settings.

## Commands

| command | request (`!` is required) | answer beside the frame |
|---|---|---|
";

/// What each command takes and gives.
const FIELDS: [(&str, &str, &str); 7] = [
    (
        "send_msg",
        "`SessionId`, or `FromAccount` and `ToAccount`; `MsgRandom`!, `MsgBody`!, `CloudCustomData`",
        "`MsgKey`",
    ),
    (
        "send_stream_msg",
        "`SessionId`!, `Chunk`!, `MsgKey` (from the second call), `Finish`",
        "`MsgKey`, where the request had none",
    ),
    (
        "transfer_to_human",
        "`SessionId`!, `AgentIdList`, `AgentGroupId`, `SendTipIfNoAgentOnline`",
        "`AgentId` (who is asked; empty if nobody), `IsInQueue`",
    ),
    (
        "get_session_state",
        "`SessionId`, or `ClientUserId` and `CustomerServiceId`",
        "`SessionId`, `CurrentState`, `AgentId`",
    ),
    ("end_session", "`SessionId`!", ""),
    (
        "describe_im_cdr_list",
        "`StartTimestamp`!, `EndTimestamp`! (seconds), `Limit`, `Offset`, `ClientUserId`",
        "`TotalCount`, `IMCdrList` as in `DescribeIMCdrList`",
    ),
    (
        "describe_chat_messages",
        "`SessionId`!, `Limit`, `Offset`, `Order`",
        "`TotalCount`, `Messages` as in `DescribeChatMessages`",
    ),
];

const TAIL: &str = "
## What the vendor does not publish

The answer of `send_msg` beside the frame, the events of `Desk.SessionEventNotify` other than
`SessionBegin`, `ChatBot.UserSendMsg` and `ChatBot.RobotSendMsg`, and the body of the API-call node are
not in any source that we know; the first two are ours here (see chat.md), the third is not built. Nor is
the command that contacts a user first: its name is not published.

Codes of the vendor's instant messaging that have no condition here (60003, 60005, 60008, 60010, 70016,
80001 and others of its accounts, friends and content filters) are never answered.
";

/// The page.
pub fn page() -> String {
    let mut page = HEAD.to_owned();
    for (name, request, answer) in FIELDS {
        debug_assert!(COMMANDS.iter().any(|(known, _)| *known == name));
        let _ = writeln!(page, "| `{name}` | {request} | {answer} |");
    }
    page.push_str("\n## Codes\n\n| code | when |\n|---|---|\n");
    for (code, when) in CODES {
        let _ = writeln!(page, "| {code} | {when} |");
    }
    page.push_str(TAIL);
    page
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn the_page_in_the_repository_is_the_one_that_the_tables_give() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(PAGE);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&path, page()).unwrap();
        }
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written == page(),
            "{PAGE} is out of date; run the test with UPDATE_DOCS=1"
        );
    }

    #[test]
    fn every_command_is_on_the_page() {
        let told: Vec<&str> = FIELDS.iter().map(|(name, ..)| *name).collect();
        let built: Vec<&str> = COMMANDS.iter().map(|(name, _)| *name).collect();
        assert_eq!(told, built);
    }
}
