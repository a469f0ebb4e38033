//! Data Push: the bodies that customers' servers receive.
//!
//! A push is a POST to the endpoint's address with `?action=<topic>&version=1` behind it. Fields
//! stand in the order of the vendor's tables, so that the same event always gives the same bytes.
//! The call record has the fields of the vendor's page, followed by those that only its API
//! documents for the same record.

use app::{
    CallInAnswer, CallInQuestion, PushDialect,
    chat::{ChatTold, RoutingAnswer},
};
use model::{
    Call, ChatRecord, Conversation, Customer, Recording, TenantId, Track, UnixMs, WebhookTopic,
};
use serde::Serialize;

use crate::{
    call_in,
    ccc::{KeyPressed, SeatUser, ServeParticipant, TelCdrInfo, endpoint_user},
    push_chat,
};

/// `Content-Type` of every push, spelled as the vendor does.
pub const CONTENT_TYPE: &str = "application/json;charset=utf8";

/// Writes pushes as the vendor does.
#[derive(Clone, Copy, Debug, Default)]
pub struct TencentPush;

impl PushDialect for TencentPush {
    /// # Panics
    ///
    /// Panics on a push of a recording without one, and on what tells of conversations.
    fn body(
        &self,
        topic: WebhookTopic,
        call: &Call,
        recording: Option<&Recording>,
        url: &dyn Fn(&Recording) -> String,
    ) -> String {
        match topic {
            WebhookTopic::Cdr => json(&CdrPush::of(call, url)),
            WebhookTopic::Recording => {
                let recording = recording.expect("a push of a recording has one");
                json(&RecordPush::of(call, recording, url))
            }
            WebhookTopic::ChatRecord | WebhookTopic::ChatEvent | WebhookTopic::ChatRouting => {
                unreachable!("these tell of conversations")
            }
        }
    }

    fn query(&self, topic: WebhookTopic) -> String {
        format!("action={}&version=1", topic.name())
    }

    fn query_of(&self, topic: WebhookTopic, tenant: TenantId) -> String {
        push_chat::query(topic, tenant).unwrap_or_else(|| self.query(topic))
    }

    fn chat_event(&self, told: &ChatTold<'_>) -> Option<String> {
        push_chat::session_event(told)
    }

    fn chat_record(
        &self,
        record: &ChatRecord,
        group_name: &str,
        customer: &Customer,
    ) -> Option<String> {
        Some(push_chat::record(record, group_name, customer))
    }

    fn routing_question(&self, conversation: &Conversation, now: UnixMs) -> Option<String> {
        Some(push_chat::routing_question(conversation, now))
    }

    fn routing_answer(&self, answer: &str) -> Result<RoutingAnswer, String> {
        push_chat::routing_answer(answer)
    }

    fn call_in_question(&self, asked: &CallInQuestion<'_>) -> Option<String> {
        Some(call_in::question(asked))
    }

    fn call_in_answer(&self, answer: &str) -> Result<CallInAnswer, String> {
        call_in::answer(answer)
    }
}

fn json<T: Serialize>(body: &T) -> String {
    serde_json::to_string(body).expect("bodies hold text and numbers only")
}

/// `action=record`: one participant's track can be fetched.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RecordPush {
    sdk_app_id: i64,
    record_id: String,
    session_id: String,
    timestamp: i64,
    endpoint_user: String,
    #[serde(rename = "RecordURL")]
    record_url: String,
    /// Only where recordings are copied to the tenant's own store.
    #[serde(rename = "CustomRecordURL", skip_serializing_if = "Option::is_none")]
    custom_record_url: Option<String>,
}

impl RecordPush {
    fn of(call: &Call, recording: &Recording, url: &dyn Fn(&Recording) -> String) -> Self {
        Self {
            sdk_app_id: call.tenant.0,
            record_id: recording.id.to_string(),
            session_id: call.id.to_string(),
            timestamp: recording.ready_at.seconds(),
            endpoint_user: endpoint_user(call, recording.track),
            record_url: url(recording),
            custom_record_url: recording.copy_url.clone(),
        }
    }
}

/// `action=cdr`: a call is over.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CdrPush {
    sdk_app_id: i64,
    session_id: String,
    caller: String,
    callee: String,
    direction: i64,
    call_type: i64,
    duration: i64,
    seat_user: SeatUser,
    caller_location: &'static str,
    #[serde(rename = "IVRDuration")]
    ivr_duration: i64,
    ring_timestamp: i64,
    accept_timestamp: i64,
    ended_timestamp: i64,
    start_timestamp: i64,
    /// `null` where no key was pressed.
    #[serde(rename = "IVRKeyPressed")]
    ivr_key_pressed: Option<Vec<String>>,
    #[serde(rename = "IVRKeyPressedEx")]
    ivr_key_pressed_ex: Vec<KeyPressed>,
    hung_up_side: &'static str,
    serve_participants: Vec<PushParticipant>,
    end_status_string: &'static str,
    queued_timestamp: i64,
    #[serde(rename = "PostIVRKeyPressed")]
    post_ivr_key_pressed: Vec<KeyPressed>,
    queued_skill_group_name: String,
    queued_skill_group_id: i64,
    record_id: String,
    user_remark: &'static str,
    tel_location: TelLocation,
    uui: String,
    #[serde(rename = "UUI")]
    uui_upper: String,
    end_status: i64,
    #[serde(rename = "RecordURL")]
    record_url: String,
    #[serde(rename = "CustomRecordURL")]
    custom_record_url: String,
    #[serde(rename = "AIAgentId")]
    ai_agent_id: Option<i64>,
    #[serde(rename = "AIAgentName")]
    ai_agent_name: String,
    sys_hangup_reason: i64,
    sys_hangup_reason_string: &'static str,
}

/// Where a number is at home: only the number is known here.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TelLocation {
    tel_number: String,
    country: &'static str,
    province: &'static str,
    city: &'static str,
    operator: &'static str,
}

/// A participant, with the fields and the order of the push.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PushParticipant {
    sequence: i64,
    mail: String,
    phone: String,
    start_timestamp: i64,
    ring_timestamp: i64,
    accept_timestamp: i64,
    ended_timestamp: i64,
    #[serde(rename = "Type")]
    kind: &'static str,
    record_id: String,
    transfer_from: String,
    transfer_to: &'static str,
    transfer_to_type: &'static str,
    skill_group_id: i64,
    skill_group_name: String,
    skill_group_priority: i64,
    end_status_string: &'static str,
}

impl CdrPush {
    fn of(call: &Call, url: &dyn Fn(&Recording) -> String) -> Self {
        let record = TelCdrInfo::of(call, url);
        let participants = record.serve_participants.into_iter();
        let keys = record.ivr_key_pressed;
        Self {
            sdk_app_id: call.tenant.0,
            session_id: record.session_id,
            caller: record.caller,
            callee: record.callee,
            direction: record.direction,
            call_type: record.call_type,
            duration: record.duration,
            seat_user: record.seat_user,
            caller_location: record.caller_location,
            ivr_duration: record.ivr_duration,
            ring_timestamp: record.ring_timestamp,
            accept_timestamp: record.accept_timestamp,
            ended_timestamp: record.ended_timestamp,
            start_timestamp: record.start_timestamp,
            ivr_key_pressed: (!keys.is_empty()).then_some(keys),
            ivr_key_pressed_ex: record.ivr_key_pressed_ex,
            hung_up_side: record.hung_up_side,
            serve_participants: participants.map(PushParticipant::from).collect(),
            end_status_string: record.end_status_string,
            queued_timestamp: record.queued_timestamp,
            post_ivr_key_pressed: record.post_ivr_key_pressed,
            queued_skill_group_name: record.queued_skill_group_name,
            queued_skill_group_id: record.queued_skill_group_id,
            record_id: record.record_id,
            user_remark: record.remark,
            tel_location: TelLocation {
                tel_number: endpoint_user(call, Track::User),
                country: "",
                province: "",
                city: "",
                operator: "",
            },
            uui: record.uui,
            uui_upper: record.uui_upper,
            end_status: record.end_status,
            record_url: record.record_url,
            custom_record_url: record.custom_record_url,
            ai_agent_id: record.ai_agent_id,
            ai_agent_name: record.ai_agent_name,
            sys_hangup_reason: record.sys_hangup_reason,
            sys_hangup_reason_string: record.sys_hangup_reason_string,
        }
    }
}

impl From<ServeParticipant> for PushParticipant {
    fn from(participant: ServeParticipant) -> Self {
        Self {
            sequence: participant.sequence,
            mail: participant.mail,
            phone: participant.phone,
            start_timestamp: participant.start_timestamp,
            ring_timestamp: participant.ring_timestamp,
            accept_timestamp: participant.accept_timestamp,
            ended_timestamp: participant.ended_timestamp,
            kind: participant.kind,
            record_id: participant.record_id,
            transfer_from: participant.transfer_from,
            transfer_to: participant.transfer_to,
            transfer_to_type: participant.transfer_to_type,
            skill_group_id: participant.skill_group_id,
            skill_group_name: participant.skill_group_name,
            skill_group_priority: 0,
            end_status_string: participant.end_status_string,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::sample::{address, call, recording};

    #[test]
    fn a_recording_is_pushed_in_the_vendors_fields_and_order() {
        let track = recording(Track::Agent);
        assert_eq!(
            TencentPush.body(WebhookTopic::Recording, &call(), Some(&track), &address),
            r#"{"SdkAppId":1400000001,"RecordId":"record-agent","SessionId":"6bb56a09-2787-40bc-80c5-dc6dab783eff","Timestamp":1795219712,"EndpointUser":"agent:7","RecordURL":"http://here/record-agent.mp3"}"#
        );
    }

    #[test]
    fn the_persons_track_is_named_by_their_number_and_a_copy_by_its_address() {
        let mut track = recording(Track::User);
        track.copy_url = Some("https://store/1.mp3".to_owned());
        let body = TencentPush.body(WebhookTopic::Recording, &call(), Some(&track), &address);
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["EndpointUser"], "008613800138000");
        assert_eq!(body["CustomRecordURL"], "https://store/1.mp3");
    }

    #[test]
    fn a_record_of_a_call_begins_with_the_vendors_fields_in_their_order() {
        let body = TencentPush.body(WebhookTopic::Cdr, &call(), None, &address);
        assert!(
            body.starts_with(
                r#"{"SdkAppId":1400000001,"SessionId":"6bb56a09-2787-40bc-80c5-dc6dab783eff","Caller":"0086755123456","Callee":"008613800138000","Direction":1,"CallType":1,"Duration":60,"SeatUser":{"Mail":"","#
            ),
            "{body}"
        );
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["EndStatusString"], "ok");
        assert_eq!(body["ServeParticipants"][0]["RecordId"], "record-agent");
    }

    #[test]
    fn without_a_key_the_old_list_of_keys_is_null() {
        let mut call = call();
        call.digits.clear();
        let body = TencentPush.body(WebhookTopic::Cdr, &call, None, &address);
        assert!(
            body.contains(r#""IVRKeyPressed":null,"IVRKeyPressedEx":[]"#),
            "{body}"
        );
    }

    #[test]
    fn the_query_names_the_topic() {
        assert_eq!(
            [
                WebhookTopic::Cdr,
                WebhookTopic::Recording,
                WebhookTopic::ChatRecord
            ]
            .map(|topic| TencentPush.query(topic)),
            [
                "action=cdr&version=1",
                "action=record&version=1",
                "action=imcdr&version=1"
            ]
        );
    }
}
