//! One call record: `DescribeSessionDetail`.

use api::kernel::{Action, Entry, Reached};
use model::{CallState, Refusal, WordsState};
use serde::{Deserialize, Serialize};

use super::{
    Ccc, Context,
    cdr::{KeyPressed, ServeParticipant, TelCdrInfo},
    code::{self, SESSION_NOT_EXISTS},
    session_id::call_id,
    time_window::TimeWindow,
};
use crate::fault::Fault;

pub(super) static ACTIONS: &[Entry<Ccc>] = &[Entry::of::<DescribeSessionDetail>()];

/// The record of one ended call that began in a window.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeSessionDetail {
    session_id: String,
    start_timestamp: i64,
    end_timestamp: i64,
}

/// A call record with the vendor's other names for some fields. `Events` holds what seats did
/// (hold, mute), so it is empty without one.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeSessionDetailResponse {
    caller: String,
    callee: String,
    call_type: i64,
    start_time_stamp: i64,
    ring_timestamp: i64,
    accept_timestamp: i64,
    ended_timestamp: i64,
    queued_timestamp: i64,
    staff_user_id: String,
    end_status: i64,
    queued_skill_group_id: i64,
    queued_skill_group_name: String,
    #[serde(rename = "RecordURL")]
    record_url: String,
    #[serde(rename = "CustomRecordURL")]
    custom_record_url: String,
    #[serde(rename = "AsrURL")]
    asr_url: String,
    #[serde(rename = "VoicemailRecordURL")]
    voicemail_record_url: Vec<String>,
    #[serde(rename = "VoicemailAsrURL")]
    voicemail_asr_url: Vec<String>,
    #[serde(rename = "IVRKeyPressed")]
    ivr_key_pressed: Vec<KeyPressed>,
    #[serde(rename = "PostIVRKeyPressed")]
    post_ivr_key_pressed: Vec<KeyPressed>,
    hung_up_side: &'static str,
    #[serde(rename = "UUI")]
    uui: String,
    events: [(); 0],
    serve_participants: Vec<ServeParticipant>,
    sys_hangup_reason: i64,
    sys_hangup_reason_string: &'static str,
    #[serde(rename = "EndStatusV2")]
    end_status_v2: Option<i64>,
}

impl Action for DescribeSessionDetail {
    type Dialect = Ccc;
    type Response = DescribeSessionDetailResponse;
    const NAME: &'static str = "DescribeSessionDetail";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: SESSION_NOT_EXISTS,
            when: "the instance has no ended call with this `SessionId` that began in the window",
        },
        Reached {
            code: "InvalidParameterValue",
            when: "the window is more than 180 days back, 90 days long or longer, or backwards",
        },
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let window = TimeWindow::parse(
            ("StartTimestamp", self.start_timestamp),
            ("EndTimestamp", self.end_timestamp),
            context.app.now(),
        )?;
        let call = context
            .app
            .store()
            .call(context.tenant.id, &call_id(&self.session_id))
            .await?;
        if call.state != CallState::Ended || !window.holds(call.started_at) {
            return Err(code::of(&Refusal::CallNotFound));
        }
        let ids = std::slice::from_ref(&call.id);
        let store = context.app.store();
        let words = store.words_states(context.tenant.id, ids).await?;
        let mut record = TelCdrInfo::of(&call, &|track| context.app.recording_url(track));
        if words.get(&call.id) == Some(&WordsState::There) {
            record.asr_url = context.app.transcript_url(&call.id);
        }
        Ok(DescribeSessionDetailResponse::from(record))
    }
}

impl From<TelCdrInfo> for DescribeSessionDetailResponse {
    fn from(record: TelCdrInfo) -> Self {
        Self {
            caller: record.caller,
            callee: record.callee,
            call_type: record.call_type,
            start_time_stamp: record.start_timestamp,
            ring_timestamp: record.ring_timestamp,
            accept_timestamp: record.accept_timestamp,
            ended_timestamp: record.ended_timestamp,
            queued_timestamp: record.queued_timestamp,
            staff_user_id: record.seat_user.user_id,
            end_status: record.end_status,
            queued_skill_group_id: record.queued_skill_group_id,
            queued_skill_group_name: record.queued_skill_group_name,
            record_url: record.record_url,
            custom_record_url: record.custom_record_url,
            asr_url: record.asr_url,
            voicemail_record_url: record.voicemail_record_url,
            voicemail_asr_url: record.voicemail_asr_url,
            ivr_key_pressed: record.ivr_key_pressed_ex,
            post_ivr_key_pressed: record.post_ivr_key_pressed_ex,
            hung_up_side: record.hung_up_side,
            uui: record.uui_upper,
            events: [],
            serve_participants: record.serve_participants,
            sys_hangup_reason: record.sys_hangup_reason,
            sys_hangup_reason_string: record.sys_hangup_reason_string,
            end_status_v2: record.end_status_v2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        definition,
        sample::{address, assert_fields, call},
    };

    #[test]
    fn every_field_of_the_vendors_answer_is_there_and_no_other() {
        let record = TelCdrInfo::of(&call(), &address);
        assert_fields(
            &DescribeSessionDetailResponse::from(record),
            definition::ccc().reply("DescribeSessionDetail"),
        );
    }
}
