//! For tests: a call (a person is called, answers, presses a key, and hangs up on the agent), and
//! a comparison of what is written with what the vendor defines.

use std::collections::BTreeSet;

use model::{
    Call, CallEvent, CallId, CallState, Direction, E164, EndCause, HungUpSide, Recording,
    RecordingId, Stamped, TenantId, Track, UnixMs, VoiceAgentId,
};
use serde::Serialize;
use serde_json::Value;

use crate::definition::Field;

/// When the call began, Unix seconds.
pub(crate) const BEGAN: i64 = 1_795_219_645;

pub(crate) fn call() -> Call {
    let at = |seconds: i64| Some(UnixMs::from_seconds(BEGAN + seconds));
    Call {
        id: CallId("6bb56a09-2787-40bc-80c5-dc6dab783eff".to_owned()),
        tenant: TenantId(1_400_000_001),
        direction: Direction::Outbound,
        state: CallState::Ended,
        caller: E164::parse("+86755123456", "86").unwrap(),
        callee: E164::parse("+8613800138000", "86").unwrap(),
        voice_agent: Some(VoiceAgentId(7)),
        voice_agent_name: "Clinic".to_owned(),
        trunk: None,
        variables: Vec::new(),
        user_data: None,
        next_agents: Vec::new(),
        servings: Vec::new(),
        parties: Vec::new(),
        queued: None,
        conversation: None,
        customer: None,
        started_at: UnixMs::from_seconds(BEGAN),
        rang_at: at(2),
        answered_at: at(5),
        ended_at: at(65),
        cause: Some(EndCause::Completed),
        side: Some(HungUpSide::User),
        sip_status: Some(200),
        sip_reason: String::new(),
        digits: vec![(UnixMs(BEGAN * 1000 + 9_500), "1".to_owned())],
        quality: None,
        recordings: vec![recording(Track::User), recording(Track::Agent)],
        n_events: 9,
    }
}

/// An event of a call, in its place.
pub(crate) fn stamped(n: i64, event: CallEvent) -> Stamped {
    Stamped {
        n,
        at: UnixMs(BEGAN * 1000 + n),
        event,
    }
}

pub(crate) fn recording(track: Track) -> Recording {
    Recording {
        id: RecordingId(format!("record-{}", track.name())),
        tenant: TenantId(1_400_000_001),
        call: CallId("6bb56a09-2787-40bc-80c5-dc6dab783eff".to_owned()),
        track,
        file_name: String::new(),
        started_at: UnixMs::from_seconds(BEGAN + 5),
        duration_ms: 60_000,
        n_bytes: 1,
        sha256: String::new(),
        gaps: Vec::new(),
        copy_url: None,
        ready_at: UnixMs::from_seconds(BEGAN + 67),
    }
}

/// The address of a recording.
pub(crate) fn address(recording: &Recording) -> String {
    format!("http://here/{}.mp3", recording.id)
}

/// Asserts that an object has every field that the vendor defines, and no other.
pub(crate) fn assert_fields(object: &impl Serialize, vendor: Option<&[Field]>) {
    let object = serde_json::to_value(object).unwrap();
    let Value::Object(object) = object else {
        panic!("{object} is no object");
    };
    let ours: BTreeSet<&str> = object.keys().map(String::as_str).collect();
    let vendor: BTreeSet<&str> = vendor.unwrap().iter().map(|field| field.name).collect();
    assert_eq!(ours, vendor);
}
