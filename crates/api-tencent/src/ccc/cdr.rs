//! A call as the vendor's call record, `TelCdrInfo`.
//!
//! Every field of the vendor's type is there. What a call with a voice agent does not have (a
//! seat, a skill group, a place in a queue, voicemail) is empty or 0, as in the vendor's samples, so
//! that code which reads it without looking does not fall over. `AsrStatus` is `NotExists` until
//! somebody looks it up: `DescribeTelCdr` does.
//!
//! The record's own recording is the person's track; the voice agent is the participant who
//! serves, with the other track. Numbers have the prefix `00`; times are Unix seconds, those of
//! key presses milliseconds.

use model::{
    Call, Direction, Party, PartyId, Recording, ServerKind, Serving, ServingEnd, Track, UnixMs,
    VoiceAgentId,
};
use serde::Serialize;

use super::end_status::{end_status, hung_up_side, sys_hangup_reason};

/// Gives the signed address of a recording.
pub type Address<'a> = &'a dyn Fn(&Recording) -> String;

/// One call.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs)] // The vendor's names; the module doc says how they are filled.
pub struct TelCdrInfo {
    pub caller: String,
    pub callee: String,
    pub time: i64,
    pub direction: i64,
    pub call_type: i64,
    pub duration: i64,
    #[serde(rename = "RecordURL")]
    pub record_url: String,
    pub record_id: String,
    pub seat_user: SeatUser,
    pub end_status: i64,
    pub skill_group: String,
    pub caller_location: &'static str,
    #[serde(rename = "IVRDuration")]
    pub ivr_duration: i64,
    pub ring_timestamp: i64,
    pub accept_timestamp: i64,
    pub ended_timestamp: i64,
    #[serde(rename = "IVRKeyPressed")]
    pub ivr_key_pressed: Vec<String>,
    #[serde(rename = "IVRKeyPressedEx")]
    pub ivr_key_pressed_ex: Vec<KeyPressed>,
    pub hung_up_side: &'static str,
    pub serve_participants: Vec<ServeParticipant>,
    pub skill_group_id: i64,
    pub end_status_string: &'static str,
    pub start_timestamp: i64,
    pub queued_timestamp: i64,
    #[serde(rename = "PostIVRKeyPressed")]
    pub post_ivr_key_pressed: Vec<KeyPressed>,
    #[serde(rename = "PostIVRKeyPressedEx")]
    pub post_ivr_key_pressed_ex: Vec<KeyPressed>,
    pub queued_skill_group_id: i64,
    pub session_id: String,
    pub protected_caller: &'static str,
    pub protected_callee: &'static str,
    pub uui: String,
    #[serde(rename = "UUI")]
    pub uui_upper: String,
    pub asr_url: String,
    pub asr_status: &'static str,
    #[serde(rename = "CustomRecordURL")]
    pub custom_record_url: String,
    pub remark: &'static str,
    pub queued_skill_group_name: String,
    #[serde(rename = "VoicemailRecordURL")]
    pub voicemail_record_url: Vec<String>,
    #[serde(rename = "VoicemailAsrURL")]
    pub voicemail_asr_url: Vec<String>,
    #[serde(rename = "AIAgentId")]
    pub ai_agent_id: Option<i64>,
    #[serde(rename = "AIAgentName")]
    pub ai_agent_name: String,
    pub sys_hangup_reason: i64,
    pub sys_hangup_reason_string: &'static str,
    #[serde(rename = "EndStatusV2")]
    pub end_status_v2: Option<i64>,
}

/// The seat that served last; all empty if no person served.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs)] // The vendor's names.
pub struct SeatUser {
    pub mail: String,
    pub name: String,
    pub nick: &'static str,
    pub phone: &'static str,
    pub user_id: String,
    pub staff_number: &'static str,
    pub skill_group_name_list: Vec<String>,
}

/// Keys that the person pressed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs)] // The vendor's names.
pub struct KeyPressed {
    pub key: String,
    pub label: &'static str,
    pub timestamp: i64,
    pub node_label: &'static str,
    pub original_content: String,
    #[serde(rename = "TTSPrompt")]
    pub tts_prompt: &'static str,
}

/// Who served the person. `Type` of a voice agent is `aiAgent`, beside the vendor's documented
/// `staffExtensionSeat`, `staffPhoneSeat` and `outboundSeat`, so that reports on people do not count
/// it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs)] // The vendor's names.
pub struct ServeParticipant {
    pub mail: String,
    pub phone: String,
    pub ring_timestamp: i64,
    pub accept_timestamp: i64,
    pub ended_timestamp: i64,
    pub record_id: String,
    #[serde(rename = "Type")]
    pub kind: &'static str,
    pub transfer_from: String,
    pub transfer_from_type: &'static str,
    pub transfer_to: &'static str,
    pub transfer_to_type: &'static str,
    pub skill_group_id: i64,
    pub end_status_string: &'static str,
    #[serde(rename = "RecordURL")]
    pub record_url: String,
    pub sequence: i64,
    pub start_timestamp: i64,
    pub skill_group_name: String,
    #[serde(rename = "CustomRecordURL")]
    pub custom_record_url: String,
}

impl TelCdrInfo {
    /// The record of a call. `address` signs the addresses of its recordings.
    pub fn of(call: &Call, address: Address<'_>) -> Self {
        let status = end_status(call);
        let reason = sys_hangup_reason(call);
        let track = TrackFields::of(call.recording(Track::User), address);
        let group = call
            .served_by()
            .and_then(|serving| serving.server.skill_group.clone());
        let (group_id, group_name) = group.map_or((0, String::new()), |(id, name)| (id.0, name));
        let user_data = call.user_data.clone().unwrap_or_default();
        Self {
            caller: call.caller.with_00(),
            callee: call.callee.with_00(),
            time: call.started_at.seconds(),
            direction: direction(call),
            call_type: call_type(call),
            duration: duration(call),
            record_url: track.url,
            record_id: track.id,
            seat_user: seat_user(call),
            end_status: status.code,
            skill_group: group_name,
            caller_location: "",
            ivr_duration: 0,
            ring_timestamp: seconds(call.rang_at),
            accept_timestamp: seconds(call.answered_at),
            ended_timestamp: seconds(call.ended_at),
            ivr_key_pressed: call.digits.iter().map(|(_, keys)| keys.clone()).collect(),
            ivr_key_pressed_ex: keys_pressed(call),
            hung_up_side: hung_up_side(call),
            serve_participants: serve_participants(call, address),
            skill_group_id: group_id,
            end_status_string: status.word,
            start_timestamp: call.started_at.seconds(),
            queued_timestamp: call.queued.map_or(0, |(at, _)| at.seconds()),
            post_ivr_key_pressed: Vec::new(),
            post_ivr_key_pressed_ex: Vec::new(),
            queued_skill_group_id: call
                .queued
                .and_then(|(_, group)| group)
                .map_or(0, |group| group.0),
            session_id: call.id.to_string(),
            protected_caller: "",
            protected_callee: "",
            uui: user_data.clone(),
            uui_upper: user_data,
            asr_url: String::new(),
            asr_status: "NotExists",
            custom_record_url: track.copy_url,
            remark: "",
            queued_skill_group_name: queued_name(call),
            voicemail_record_url: Vec::new(),
            voicemail_asr_url: Vec::new(),
            ai_agent_id: call.voice_agent.map(|agent| agent.0),
            ai_agent_name: call.voice_agent_name.clone(),
            sys_hangup_reason: reason.code,
            sys_hangup_reason_string: reason.word,
            end_status_v2: None,
        }
    }
}

/// The fields of a track; empty until it is rendered.
#[derive(Default)]
struct TrackFields {
    id: String,
    url: String,
    copy_url: String,
}

impl TrackFields {
    fn of(recording: Option<&Recording>, address: Address<'_>) -> Self {
        recording.map_or_else(Self::default, |recording| Self {
            id: recording.id.to_string(),
            url: address(recording),
            copy_url: recording.copy_url.clone().unwrap_or_default(),
        })
    }
}

/// The person who served last.
fn seat_user(call: &Call) -> SeatUser {
    let server = call.served_by().map(|serving| &serving.server);
    let Some(server) = server.filter(|server| server.staff.is_some()) else {
        return SeatUser::default();
    };
    let group = server.skill_group.iter().map(|(_, name)| name.clone());
    SeatUser {
        mail: server.email.clone(),
        name: server.name.clone(),
        user_id: server.email.clone(),
        skill_group_name_list: group.collect(),
        ..SeatUser::default()
    }
}

/// The name of the group that the call waited for, as whoever was rung for it had it.
fn queued_name(call: &Call) -> String {
    let Some((_, Some(queued))) = call.queued else {
        return String::new();
    };
    let groups = call.servings.iter();
    let mut groups = groups.filter_map(|serving| serving.server.skill_group.as_ref());
    let last = groups.rfind(|(id, _)| *id == queued);
    last.map(|(_, name)| name.clone()).unwrap_or_default()
}

/// The voice agents, once the call was answered, and every phone that was rung.
fn serve_participants(call: &Call, address: Address<'_>) -> Vec<ServeParticipant> {
    let mut participants = agent_participants(call, address);
    let from = match call.next_agents.last() {
        Some((_, last)) => Some(agent_mail(last.voice_agent)),
        None => call.voice_agent.map(agent_mail),
    };
    for serving in &call.servings {
        let sequence = i64::try_from(participants.len()).unwrap_or(i64::MAX);
        let from = from.clone();
        participants.push(server_participant(call, serving, sequence, from, address));
    }
    for party in call.parties.iter().filter(|party| party.was_heard) {
        let sequence = i64::try_from(participants.len()).unwrap_or(i64::MAX);
        participants.extend(party_participant(call, party, sequence, address));
    }
    participants
}

/// A third party, or a supervisor who spoke with everybody: like a phone that served, with a track of
/// its own.
fn party_participant(
    call: &Call,
    party: &Party,
    sequence: i64,
    address: Address<'_>,
) -> Option<ServeParticipant> {
    let serving = Serving {
        server: party.server.clone()?,
        offered_at: party.wanted_at,
        rang_at: party.rang_at,
        answered_at: party.joined_at,
        ended_at: party.left_at,
        end: party.end,
    };
    let track = TrackFields::of(call.recording(Track::Party(party.id)), address);
    Some(ServeParticipant {
        record_id: track.id,
        record_url: track.url,
        custom_record_url: track.copy_url,
        ..server_participant(call, &serving, sequence, None, address)
    })
}

/// A further party as `EndpointUser` names it: the e-mail of who works here, else the phone.
fn party_name(call: &Call, party: PartyId) -> String {
    let found = call.parties.iter().find(|it| it.id == party);
    match found.and_then(|party| party.server.as_ref()) {
        Some(server) if !server.email.is_empty() => server.email.clone(),
        Some(server) => server.address.clone(),
        None => String::new(),
    }
}

fn server_participant(
    call: &Call,
    serving: &Serving,
    sequence: i64,
    from: Option<String>,
    address: Address<'_>,
) -> ServeParticipant {
    let server = &serving.server;
    let answered = serving.answered_at.is_some();
    let track = TrackFields::of(call.recording(Track::Agent).filter(|_| answered), address);
    let (group_id, group_name) = server
        .skill_group
        .clone()
        .map_or((0, String::new()), |(id, name)| (id.0, name));
    ServeParticipant {
        mail: server.email.clone(),
        phone: server.address.clone(),
        ring_timestamp: seconds(serving.rang_at),
        accept_timestamp: seconds(serving.answered_at),
        ended_timestamp: seconds(serving.ended_at),
        record_id: track.id,
        kind: server_kind(server.kind),
        transfer_from_type: if from.is_some() { "aiAgent" } else { "" },
        transfer_from: from.unwrap_or_default(),
        transfer_to: "",
        transfer_to_type: "",
        skill_group_id: group_id,
        end_status_string: serving_end(serving.end),
        record_url: track.url,
        sequence,
        start_timestamp: serving.offered_at.seconds(),
        skill_group_name: group_name,
        custom_record_url: track.copy_url,
    }
}

/// `Type` of a participant: the vendor's words. The API names the first three, its JS SDK the last.
fn server_kind(kind: ServerKind) -> &'static str {
    match kind {
        ServerKind::Staff | ServerKind::Extension => "staffExtensionSeat",
        ServerKind::StaffMobile => "staffPhoneSeat",
        ServerKind::Outside => "outboundSeat",
    }
}

/// The vendor's word for the end of one participant.
fn serving_end(end: Option<ServingEnd>) -> &'static str {
    match end {
        Some(ServingEnd::Served) => "ok",
        Some(ServingEnd::NotAnswered) => "seatGiveUp",
        Some(ServingEnd::Busy) => "busy",
        Some(ServingEnd::Rejected) => "userReject",
        Some(ServingEnd::NotReachable) => "powerOff",
        Some(ServingEnd::NotEncrypted) => "operatorError",
        Some(ServingEnd::GivenUp) => "ringingGiveUp",
        None => "",
    }
}

/// The first voice agent, and those that took over from it, each until the next one did.
fn agent_participants(call: &Call, address: Address<'_>) -> Vec<ServeParticipant> {
    let (Some(answered), Some(first)) = (call.answered_at, call.voice_agent) else {
        return Vec::new();
    };
    let next = call.next_agents.iter();
    let next = next.map(|(since, next)| (*since, next.voice_agent));
    let agents: Vec<_> = std::iter::once((answered, first)).chain(next).collect();
    let part = |(idx, (since, agent)): (usize, &(UnixMs, VoiceAgentId))| {
        let track = TrackFields::of(call.recording(Track::Agent), address);
        let until = agents.get(idx + 1).map(|(since, _)| *since);
        let before = idx.checked_sub(1).map(|idx| agent_mail(agents[idx].1));
        ServeParticipant {
            mail: agent_mail(*agent),
            phone: String::new(),
            ring_timestamp: since.seconds(),
            accept_timestamp: since.seconds(),
            ended_timestamp: seconds(until.or_else(|| agent_left_at(call))),
            record_id: track.id,
            kind: "aiAgent",
            transfer_from_type: if before.is_some() { "aiAgent" } else { "" },
            transfer_from: before.unwrap_or_default(),
            transfer_to: "",
            transfer_to_type: "",
            skill_group_id: 0,
            end_status_string: end_status(call).word,
            record_url: track.url,
            sequence: i64::try_from(idx).unwrap_or(i64::MAX),
            start_timestamp: since.seconds(),
            skill_group_name: String::new(),
            custom_record_url: track.copy_url,
        }
    };
    agents.iter().enumerate().map(part).collect()
}

/// A voice agent's name where a seat would have its e-mail address.
fn agent_mail(agent: VoiceAgentId) -> String {
    format!("agent:{agent}")
}

/// When the voice agent's part was over: when somebody else took the call, or with it.
fn agent_left_at(call: &Call) -> Option<UnixMs> {
    let taken = call.servings.iter().find_map(|serving| serving.answered_at);
    taken.or(call.ended_at)
}

/// Whose track it is, as `EndpointUser` and `Mail` name them: the person's number, or
/// `agent:<AIAgentId>` where a seat would have its e-mail address.
pub(crate) fn endpoint_user(call: &Call, track: Track) -> String {
    match (track, call.voice_agent) {
        (Track::User, _) => call.person().with_00(),
        (Track::Agent, Some(agent)) => agent_mail(agent),
        (Track::Agent, None) => String::new(),
        (Track::Party(party), _) => party_name(call, party),
    }
}

/// `Direction`: 0 inbound, 1 outbound.
pub(super) fn direction(call: &Call) -> i64 {
    match call.direction {
        Direction::Inbound => 0,
        Direction::Outbound => 1,
    }
}

/// `CallType`: 1 outbound, 2 inbound.
pub(super) fn call_type(call: &Call) -> i64 {
    match call.direction {
        Direction::Outbound => 1,
        Direction::Inbound => 2,
    }
}

/// The vendor defines the duration as the difference of the two times in whole seconds.
fn duration(call: &Call) -> i64 {
    match (call.answered_at, call.ended_at) {
        (Some(answered), Some(ended)) => (ended.seconds() - answered.seconds()).max(0),
        _ => 0,
    }
}

fn keys_pressed(call: &Call) -> Vec<KeyPressed> {
    call.digits
        .iter()
        .map(|(at, keys)| KeyPressed {
            key: keys.clone(),
            label: "",
            timestamp: at.0,
            node_label: "",
            original_content: keys.clone(),
            tts_prompt: "",
        })
        .collect()
}

/// Unix seconds; 0 for what did not happen.
pub(super) fn seconds(at: Option<UnixMs>) -> i64 {
    at.map_or(0, UnixMs::seconds)
}

#[cfg(test)]
mod tests {
    use model::{EndCause, HungUpSide};
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        definition,
        sample::{BEGAN, address, assert_fields, call},
    };

    #[test]
    fn every_field_of_the_vendors_types_is_there_and_no_other() {
        let record = record(&call());
        let vendor = definition::ccc();
        assert_fields(&record, vendor.object("TelCdrInfo"));
        assert_fields(
            &record["ServeParticipants"][0],
            vendor.object("ServeParticipant"),
        );
        assert_fields(
            &record["IVRKeyPressedEx"][0],
            vendor.object("IVRKeyPressedElement"),
        );
    }

    #[test]
    fn a_person_who_hangs_up_on_the_agent_leaves_an_ok_record_that_says_so() {
        let record = record(&call());
        assert_eq!(
            fields(
                &record,
                &[
                    "Caller",
                    "Callee",
                    "Direction",
                    "CallType",
                    "Duration",
                    "EndStatus",
                    "EndStatusString",
                    "HungUpSide",
                    "SysHangupReason",
                    "SysHangupReasonString",
                ]
            ),
            json!([
                "0086755123456",
                "008613800138000",
                1,
                1,
                60,
                1,
                "ok",
                "user",
                1010,
                "userHangupDuringAIAgent",
            ])
        );
    }

    #[test]
    fn each_party_has_its_track() {
        let record = record(&call());
        assert_eq!(record["RecordId"], "record-user");
        assert_eq!(record["RecordURL"], "http://here/record-user.mp3");
        let participant = &record["ServeParticipants"][0];
        assert_eq!(participant["RecordId"], "record-agent");
        assert_eq!(participant["Mail"], "agent:7");
    }

    #[test]
    fn a_key_has_its_time_in_milliseconds() {
        let record = record(&call());
        assert_eq!(record["IVRKeyPressed"], json!(["1"]));
        assert_eq!(
            record["IVRKeyPressedEx"][0]["Timestamp"],
            BEGAN * 1000 + 9_500
        );
    }

    #[test]
    fn a_call_that_nobody_answered_has_no_participant_no_track_and_no_duration() {
        let mut call = call();
        call.answered_at = None;
        call.recordings.clear();
        call.cause = Some(EndCause::NotAnswered);
        call.side = Some(HungUpSide::System);
        assert_eq!(
            fields(
                &record(&call),
                &[
                    "EndStatus",
                    "EndStatusString",
                    "AcceptTimestamp",
                    "Duration",
                    "RecordURL",
                    "ServeParticipants",
                    "SysHangupReason",
                    "HungUpSide",
                ]
            ),
            json!([202, "notAnswer", 0, 0, "", [], 0, "system"])
        );
    }

    fn record(call: &Call) -> Value {
        serde_json::to_value(TelCdrInfo::of(call, &address)).unwrap()
    }

    fn fields(record: &Value, names: &[&str]) -> Value {
        names.iter().map(|name| record[*name].clone()).collect()
    }
}
