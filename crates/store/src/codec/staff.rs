//! What is written down of people and skill groups, their presence, and what is told of them live.

use model::{
    Forwarding, ForwardingTarget, Language, MobileAccept, Presence, QueueRules, Reserved, Role,
    SkillGroupDraft, SkillGroupId, SkillGroupKind, Staff, StaffDraft, StaffStatus, UnixMs,
};
use serde::{Deserialize, Serialize};

use super::{document, number_of, queue::QueueDoc, text, unknown};
use crate::StoreError;

#[derive(Serialize, Deserialize)]
struct StaffDoc {
    name: String,
    nick: String,
    phone: Option<String>,
    staff_number: String,
    language: String,
    roles: Vec<String>,
    everywhere: bool,
    mobile_call_out: bool,
    mobile_accept: i64,
    forwarding: Option<ForwardingDoc>,
}

#[derive(Serialize, Deserialize)]
struct ForwardingDoc {
    enabled: bool,
    unconditional: bool,
    target: TargetDoc,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TargetDoc {
    Staff(String),
    SkillGroup(i64),
    Extension(String),
}

/// The document of a person, without e-mail and extension.
pub(crate) fn staff_text(draft: &StaffDraft) -> String {
    text(&StaffDoc {
        name: draft.name.clone(),
        nick: draft.nick.clone(),
        phone: draft.phone.as_ref().map(|phone| phone.digits().to_owned()),
        staff_number: draft.staff_number.clone(),
        language: draft.language.tag().to_owned(),
        roles: draft
            .roles
            .iter()
            .map(|role| role.name().to_owned())
            .collect(),
        everywhere: draft.everywhere,
        mobile_call_out: draft.mobile_call_out,
        mobile_accept: match draft.mobile_accept {
            MobileAccept::Off => 0,
            MobileAccept::WhenOffline => 1,
            MobileAccept::Always => 2,
        },
        forwarding: draft.forwarding.as_ref().map(|forwarding| ForwardingDoc {
            enabled: forwarding.enabled,
            unconditional: forwarding.unconditional,
            target: match &forwarding.target {
                ForwardingTarget::Staff(email) => TargetDoc::Staff(email.clone()),
                ForwardingTarget::SkillGroup(id) => TargetDoc::SkillGroup(id.0),
                ForwardingTarget::Extension(digits) => TargetDoc::Extension(digits.clone()),
            },
        }),
    })
}

/// The person whose document this is.
pub(crate) fn staff_of(
    email: String,
    extension: Option<String>,
    body: &str,
) -> Result<StaffDraft, StoreError> {
    let doc: StaffDoc = document("staff", body)?;
    let role = |name: &String| Role::by_name(name).ok_or_else(|| unknown("role"));
    Ok(StaffDraft {
        email,
        name: doc.name,
        nick: doc.nick,
        phone: doc.phone.as_deref().map(number_of).transpose()?,
        staff_number: doc.staff_number,
        extension,
        language: Language::by_tag(&doc.language).ok_or_else(|| unknown("language"))?,
        roles: doc.roles.iter().map(role).collect::<Result<_, _>>()?,
        everywhere: doc.everywhere,
        mobile_call_out: doc.mobile_call_out,
        mobile_accept: match doc.mobile_accept {
            0 => MobileAccept::Off,
            1 => MobileAccept::WhenOffline,
            2 => MobileAccept::Always,
            _ => return Err(unknown("mobile accept mode")),
        },
        forwarding: doc.forwarding.map(|doc| Forwarding {
            enabled: doc.enabled,
            unconditional: doc.unconditional,
            target: match doc.target {
                TargetDoc::Staff(email) => ForwardingTarget::Staff(email),
                TargetDoc::SkillGroup(id) => ForwardingTarget::SkillGroup(SkillGroupId(id)),
                TargetDoc::Extension(digits) => ForwardingTarget::Extension(digits),
            },
        }),
    })
}

#[derive(Serialize, Deserialize)]
struct PresenceDoc {
    reason: String,
    since: i64,
    work: Option<String>,
    reserved: Option<(String, String)>,
    forced_offline: bool,
    online_since: Option<i64>,
    last_online_at: Option<i64>,
}

/// The document of a presence, without the status.
pub(crate) fn presence_text(presence: &Presence) -> String {
    text(&PresenceDoc {
        reason: presence.reason.clone(),
        since: presence.since.0,
        work: presence.work.clone(),
        reserved: presence
            .reserved
            .as_ref()
            .map(|reserved| (reserved.status.name().to_owned(), reserved.reason.clone())),
        forced_offline: presence.forced_offline,
        online_since: presence.online_since.map(|at| at.0),
        last_online_at: presence.last_online_at.map(|at| at.0),
    })
}

/// The presence whose document this is.
pub(crate) fn presence_of(status: &str, body: &str) -> Result<Presence, StoreError> {
    let doc: PresenceDoc = document("presence", body)?;
    let reserved = |(status, reason): (String, String)| {
        status_of(&status).map(|status| Reserved { status, reason })
    };
    Ok(Presence {
        status: status_of(status)?,
        reason: doc.reason,
        since: UnixMs(doc.since),
        work: doc.work,
        reserved: doc.reserved.map(reserved).transpose()?,
        forced_offline: doc.forced_offline,
        online_since: doc.online_since.map(UnixMs),
        last_online_at: doc.last_online_at.map(UnixMs),
    })
}

/// The status with this stored name.
pub(crate) fn status_of(name: &str) -> Result<StaffStatus, StoreError> {
    StaffStatus::by_name(name).ok_or_else(|| unknown("status"))
}

#[derive(Serialize, Deserialize)]
struct SkillGroupDoc {
    kind: String,
    concurrency_max: u32,
    ring_all: bool,
    last_staff_first: bool,
    alias: String,
    #[serde(default)]
    queue: Option<QueueDoc>,
}

/// The document of a skill group, without its name.
pub(crate) fn skill_group_text(draft: &SkillGroupDraft) -> String {
    text(&SkillGroupDoc {
        kind: draft.kind.name().to_owned(),
        concurrency_max: draft.concurrency_max,
        ring_all: draft.ring_all,
        last_staff_first: draft.last_staff_first,
        alias: draft.alias.clone(),
        queue: Some((&draft.queue).into()),
    })
}

/// The skill group whose document this is.
pub(crate) fn skill_group_of(name: String, body: &str) -> Result<SkillGroupDraft, StoreError> {
    let doc: SkillGroupDoc = document("skill group", body)?;
    Ok(SkillGroupDraft {
        name,
        kind: SkillGroupKind::by_name(&doc.kind).ok_or_else(|| unknown("skill group kind"))?,
        concurrency_max: doc.concurrency_max,
        ring_all: doc.ring_all,
        last_staff_first: doc.last_staff_first,
        alias: doc.alias,
        queue: doc.queue.map(QueueRules::from).unwrap_or_default(),
    })
}

/// What is told live of a person or group: the native dialect sends this document as it is.
#[derive(Serialize)]
struct ToldDoc<'a> {
    change: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    staff: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skill_group: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    work: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reserved: Option<&'a str>,
}

/// That a person was `added`, `changed` or `removed`, or has another `status`.
pub(crate) fn staff_told(change: &str, staff: &Staff) -> String {
    let presence = &staff.presence;
    text(&ToldDoc {
        change,
        staff: Some(staff.id.0),
        skill_group: None,
        status: Some(presence.status.name()),
        reason: Some(&presence.reason),
        work: presence.work.as_deref(),
        reserved: presence
            .reserved
            .as_ref()
            .map(|reserved| reserved.status.name()),
    })
}

/// That a skill group was `added`, `changed` or `removed`.
pub(crate) fn skill_group_told(change: &str, id: SkillGroupId) -> String {
    text(&ToldDoc {
        change,
        staff: None,
        skill_group: Some(id.0),
        status: None,
        reason: None,
        work: None,
        reserved: None,
    })
}
