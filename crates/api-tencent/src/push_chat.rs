//! What a tenant's server is told of conversations: the callbacks of Desk, and the chat record.
//!
//! A callback is a POST to the endpoint's address with
//! `?SdkAppid=&CallbackCommand=&contenttype=json&ClientIP=&OptPlatform=RESTAPI` behind it; the
//! receiver answers `{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}`. The vendor names three
//! events (`SessionBegin`, `ChatBot.UserSendMsg`, `ChatBot.RobotSendMsg`) and describes others
//! without their names; those are ours.

use app::chat::{ChatTold, RoutingAnswer};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use model::{
    Asker, Author, ChatChannel, ChatEvent, ChatRecord, Conversation, ConversationEnd,
    ConversationState, Customer, ServiceEnd, SkillGroupId, Staffed, StreamEnd, TenantId, UnixMs,
    WebhookTopic,
};
use serde_json::{Value, json};

use crate::{
    desk,
    im_record::{SERVICE_ACCOUNT, satisfaction_label},
};

/// The callback that tells of events.
const SESSION_EVENT: &str = "Desk.SessionEventNotify";
/// The callback that asks whom a customer should get.
const ASSIGN_HUMAN: &str = "ChatBot.OnAssignHuman";

/// The query behind the address of a callback; `None` for topics that are no callbacks.
pub(crate) fn query(topic: WebhookTopic, tenant: TenantId) -> Option<String> {
    let command = match topic {
        WebhookTopic::ChatEvent => SESSION_EVENT,
        WebhookTopic::ChatRouting => ASSIGN_HUMAN,
        WebhookTopic::Cdr | WebhookTopic::Recording | WebhookTopic::ChatRecord => return None,
    };
    Some(format!(
        "SdkAppid={tenant}&CallbackCommand={command}&contenttype=json&ClientIP=&OptPlatform=RESTAPI"
    ))
}

/// `Desk.SessionEventNotify`; `None` for events that are not told.
pub(crate) fn session_event(told: &ChatTold<'_>) -> Option<String> {
    let name = name_of(told)?;
    let conversation = told.conversation;
    let mut body = json!({
        "CallbackCommand": SESSION_EVENT,
        "SessionId": conversation.id.as_str(),
        "Event": name,
        "EventTime": told.at.0,
        "ChannelType": match conversation.channel {
            ChatChannel::Web => "Web(H5)",
            ChatChannel::App => "SDK",
        },
        "ClientUserId": conversation.customer.as_str(),
        "CustomerServiceId": SERVICE_ACCOUNT,
        "AgentId": staff_of(told).map(|staff| staff.mail.as_str()).unwrap_or_default(),
        "IsContactUser": false,
    });
    match told.event {
        ChatEvent::MessageSent { key, content, .. } => {
            body["MsgKey"] = json!(key.as_str());
            body["MsgBody"] = desk::elements(content);
            body["CloudCustomData"] = json!(content.custom_data);
        }
        ChatEvent::StreamClosed { key, .. } => {
            body["MsgKey"] = json!(key.as_str());
            body["MsgBody"] = desk::text_elements(told.whole_text.unwrap_or_default());
            body["CloudCustomData"] = json!("");
        }
        ChatEvent::Rated { score, .. } => body["SatisfactionSelected"] = json!(score),
        _ => {}
    }
    Some(body.to_string())
}

/// The name of an event. While a bot answers, messages are the chatbot's; otherwise the agent's.
fn name_of(told: &ChatTold<'_>) -> Option<&'static str> {
    let by_bot = match told.conversation.state {
        ConversationState::Bot | ConversationState::Queued | ConversationState::Offered => true,
        ConversationState::Staffed | ConversationState::Ended => false,
    };
    Some(match told.event {
        ChatEvent::Began { .. } => "SessionBegin",
        ChatEvent::MessageSent { author, .. } => match (author, by_bot) {
            (Author::Customer, true) => "ChatBot.UserSendMsg",
            (Author::Customer, false) => "Agent.UserSendMsg",
            (Author::Bot, _) => "ChatBot.RobotSendMsg",
            (Author::Staff(_), _) => "Agent.AgentSendMsg",
            (Author::Centre, _) => return None,
        },
        ChatEvent::StreamClosed { end, .. } => match end {
            StreamEnd::Finished | StreamEnd::TimedOut | StreamEnd::Cut => "ChatBot.RobotSendMsg",
        },
        ChatEvent::PersonAsked { .. } => "TransferToAgent",
        ChatEvent::Joined { .. } => "TransferToAgentSuccess",
        ChatEvent::NobodyThere => "TransferToAgentFailed",
        ChatEvent::OfferEnded { .. } | ChatEvent::PassedOn { .. } => "SessionReassign",
        ChatEvent::GivenBack { .. } => "TransferToChatBot",
        ChatEvent::Rated { .. } => "Satisfaction",
        ChatEvent::Ended {
            why: ConversationEnd::CustomerSilent,
        } => "UserReplyTimeout",
        ChatEvent::Ended {
            why:
                ConversationEnd::By(
                    Asker::Customer | Asker::Bot | Asker::Api | Asker::Staff(_) | Asker::Centre,
                ),
        } => "SessionEnd",
        ChatEvent::StreamOpened { .. }
        | ChatEvent::ChunkAppended { .. }
        | ChatEvent::BotFailed { .. }
        | ChatEvent::Routed { .. }
        | ChatEvent::Offered { .. }
        | ChatEvent::NoteWritten { .. }
        | ChatEvent::RatingAsked
        | ChatEvent::WordLeft { .. } => return None,
    })
}

/// The person that an event is about.
fn staff_of<'a>(told: &'a ChatTold<'_>) -> Option<&'a Staffed> {
    match told.event {
        ChatEvent::MessageSent {
            author: Author::Staff(staff),
            ..
        }
        | ChatEvent::Joined { staff, .. } => Some(staff),
        ChatEvent::PassedOn { by, .. } | ChatEvent::GivenBack { by } => Some(by),
        _ => told.conversation.staff.as_ref(),
    }
}

/// `ChatBot.OnAssignHuman`.
pub(crate) fn routing_question(conversation: &Conversation, now: UnixMs) -> String {
    json!({
        "CallbackCommand": ASSIGN_HUMAN,
        "SessionId": conversation.id.as_str(),
        "ClientUserId": conversation.customer.as_str(),
        "EventTime": now.0,
    })
    .to_string()
}

/// The answer to it: `{ActionStatus, ErrorCode, ErrorInfo, AgentGroupId?, AgentIdList?}`.
pub(crate) fn routing_answer(answer: &str) -> Result<RoutingAnswer, String> {
    let answer: Value = serde_json::from_str(answer).map_err(|_| "it is no JSON".to_owned())?;
    let code = answer["ErrorCode"].as_i64().unwrap_or(0);
    if code != 0 || answer["ActionStatus"].as_str().is_some_and(|s| s != "OK") {
        return Err(format!("it answered with ErrorCode {code}"));
    }
    let group = match &answer["AgentGroupId"] {
        Value::Null => None,
        group => {
            let group = group.as_i64().ok_or("`AgentGroupId` is no integer")?;
            (group != 0).then_some(SkillGroupId(group))
        }
    };
    let mails = match &answer["AgentIdList"] {
        Value::Null => Vec::new(),
        Value::Array(list) => list
            .iter()
            .map(|mail| mail.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .ok_or("`AgentIdList` holds something that is no string")?,
        _ => return Err("`AgentIdList` is no array".to_owned()),
    };
    Ok(RoutingAnswer { group, mails })
}

/// `action=imcdr`: a stretch of service is over. Times that did not come are 0.
pub(crate) fn record(record: &ChatRecord, group_name: &str, customer: &Customer) -> String {
    let seconds = |at: Option<UnixMs>| at.map_or(0, UnixMs::seconds);
    let staff = record.staff.as_ref();
    let queued = seconds(record.queued_at);
    let served_from = record.joined_at.unwrap_or(record.ended_at);
    json!({
        "SdkAppId": record.tenant.0,
        "SessionId": record.conversation.as_str(),
        "StartTimestamp": record.began_at.seconds(),
        "QueuedTimestamp": queued,
        "RingTimestamp": seconds(record.offered_at),
        "AcceptTimestamp": seconds(record.joined_at),
        "EndedTimestamp": record.ended_at.seconds(),
        "QueuedSkillGroupId": record.group.map_or(0, |group| group.0),
        "QueuedSkillGroupName": group_name,
        "Duration": record.ended_at.seconds() - served_from.seconds(),
        "IVRDuration": record.queued_at.unwrap_or(served_from).seconds() - record.began_at.seconds(),
        "EndStatusString": end_status_string(record),
        "UserId": record.customer.as_str(),
        "UserNickName": record.customer_name,
        "IVRKeyPressed": [],
        "SeatUser": {
            "Mail": staff.map(|staff| staff.mail.as_str()).unwrap_or_default(),
            "Name": staff.map(|staff| staff.name.as_str()).unwrap_or_default(),
            "Nick": staff.map(|staff| staff.name.as_str()).unwrap_or_default(),
            "UserId": staff.map(|staff| staff.mail.as_str()).unwrap_or_default(),
        },
        "UserRemark": "",
        "Satisfaction": record.rating.map(|score| json!({
            "id": score.to_string(),
            "content": satisfaction_label(score),
        })),
        "ClientData": STANDARD.encode(&customer.client_data),
    })
    .to_string()
}

/// The words that the vendor documents for the ends of chats.
fn end_status_string(record: &ChatRecord) -> &'static str {
    let is_served = record.joined_at.is_some();
    match record.end {
        ServiceEnd::Normal | ServiceEnd::ByCustomer if is_served => "ok",
        ServiceEnd::Normal => "ivrEnd",
        ServiceEnd::ByCustomer => "ivrGiveUp",
        ServiceEnd::Broken => "error",
        ServiceEnd::NobodyOnline => "noSeatOnline",
        ServiceEnd::NotTaken => "seatGiveUp",
        ServiceEnd::PassedOn => "seatForward",
        ServiceEnd::LeftBeforePerson if record.offered_at.is_some() => "ringingGiveUp",
        ServiceEnd::LeftBeforePerson => "ivrGiveUp",
        ServiceEnd::CustomerSilent => "autoFinished",
    }
}

#[cfg(test)]
mod tests {
    use model::{ChatRecordId, Content, ConversationId, CustomerId, MessageKey};

    use super::*;

    #[test]
    fn a_customers_message_to_a_bot_is_told_with_the_documented_fields() {
        let event = ChatEvent::MessageSent {
            key: MessageKey("1_1_a".into()),
            author: Author::Customer,
            content: Content::text("hi"),
            request: None,
        };
        let told = ChatTold {
            conversation: &conversation(),
            at: UnixMs(1_700_000_000_123),
            event: &event,
            whole_text: None,
        };
        let body: Value = serde_json::from_str(&session_event(&told).unwrap()).unwrap();
        assert_eq!(body["CallbackCommand"], "Desk.SessionEventNotify");
        assert_eq!(body["Event"], "ChatBot.UserSendMsg");
        assert_eq!(body["EventTime"], 1_700_000_000_123_i64);
        assert_eq!(body["ChannelType"], "Web(H5)");
        assert_eq!(
            body["MsgBody"],
            json!([{"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}}])
        );
    }

    #[test]
    fn notes_and_pieces_are_not_told() {
        for event in [
            ChatEvent::RatingAsked,
            ChatEvent::ChunkAppended {
                key: MessageKey("k".into()),
                text: "x".into(),
                offset: 0,
                request: None,
            },
        ] {
            let told = ChatTold {
                conversation: &conversation(),
                at: UnixMs(0),
                event: &event,
                whole_text: None,
            };
            assert_eq!(session_event(&told), None);
        }
    }

    #[test]
    fn the_answer_whom_a_customer_gets_is_read() {
        let answer = r#"{"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":"","AgentGroupId":7,"AgentIdList":["a@b"]}"#;
        let read = routing_answer(answer).unwrap();
        assert_eq!(
            (read.group, read.mails),
            (Some(SkillGroupId(7)), vec!["a@b".to_owned()])
        );
        assert_eq!(routing_answer("{}"), Ok(RoutingAnswer::default()));
        for bad in [
            "",
            "[",
            r#"{"ErrorCode":3}"#,
            r#"{"AgentGroupId":"x"}"#,
            r#"{"AgentIdList":[1]}"#,
        ] {
            assert!(routing_answer(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_chat_record_has_the_documented_fields() {
        let record_of = ChatRecord {
            id: ChatRecordId(1),
            tenant: TenantId(1_400_000_001),
            conversation: ConversationId("c".into()),
            customer: CustomerId("ann".into()),
            customer_name: "Ann".into(),
            staff: None,
            group: None,
            began_at: UnixMs(1_000_000),
            queued_at: None,
            offered_at: None,
            joined_at: None,
            ended_at: UnixMs(1_010_000),
            end: ServiceEnd::LeftBeforePerson,
            rating: Some(5),
        };
        let customer = Customer {
            id: CustomerId("ann".into()),
            tenant: TenantId(1_400_000_001),
            name: "Ann".into(),
            client_data: "{}".into(),
            is_verified: true,
            created_at: UnixMs(0),
        };
        let body: Value = serde_json::from_str(&record(&record_of, "", &customer)).unwrap();
        assert_eq!(body["EndStatusString"], "ivrGiveUp");
        assert_eq!(
            (&body["Duration"], &body["IVRDuration"]),
            (&json!(0), &json!(10))
        );
        assert_eq!(
            body["Satisfaction"],
            json!({"id": "5", "content": "非常满意"})
        );
        assert_eq!(body["ClientData"], "e30=");
    }

    #[test]
    fn callbacks_name_the_app_and_the_command() {
        assert_eq!(
            query(WebhookTopic::ChatRouting, TenantId(7)).unwrap(),
            "SdkAppid=7&CallbackCommand=ChatBot.OnAssignHuman&contenttype=json&ClientIP=&OptPlatform=RESTAPI"
        );
        assert_eq!(query(WebhookTopic::ChatRecord, TenantId(7)), None);
    }

    fn conversation() -> Conversation {
        Conversation {
            id: ConversationId("c".into()),
            tenant: TenantId(1_400_000_001),
            customer: CustomerId("ann".into()),
            customer_name: "Ann".into(),
            channel: ChatChannel::Web,
            language: String::new(),
            page: String::new(),
            bot: None,
            state: ConversationState::Bot,
            staff: None,
            group: None,
            began_at: UnixMs(0),
            queued_at: None,
            offered_at: None,
            joined_at: None,
            ended_at: None,
            touched_at: UnixMs(0),
            last_text: String::new(),
            n_unanswered: 0,
            rating: None,
            n_events: 1,
        }
    }
}
