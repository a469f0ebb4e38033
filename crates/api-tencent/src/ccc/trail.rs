//! What actions leave in the audit log.
//!
//! Actions that change settings are noted before they run and written down with their outcome; the
//! calls that actions place and end stand in the journal of calls, with the credential.

use std::net::IpAddr;

use api::trail::{Trail, text_for_audit};
use app::App;
use model::{
    AuditActor, AuditActorKind, AuditDraft, CredentialId, SkillGroupId, StaffDraft, Tenant,
};
use serde_json::{Map, Value, json};

use super::staff_status::word_of;
use crate::fault::Fault;

/// Beginnings of the names of actions that change settings.
const CHANGES: [&str; 14] = [
    "Abort", "Bind", "Delete", "Disable", "Force", "Modify", "Pause", "Reset", "Restore", "Resume",
    "Set", "Stop", "Unbind", "Update",
];

/// Actions that begin with `Create` and change settings; the others place calls, or make what a
/// client needs to begin.
const CREATES: [&str; 10] = [
    "CreateAdminURL",
    "CreateAgentCruiseDialingCampaign",
    "CreateAutoCalloutTask",
    "CreateCCCSkillGroup",
    "CreateExtension",
    "CreateOwnNumberApply",
    "CreatePredictiveDialingCampaign",
    "CreateSDKLoginToken",
    "CreateStaff",
    "UploadIvrAudio",
];

/// Notes what is about to be done; `None` for an action that changes no setting.
pub(crate) async fn begin(
    app: &App,
    (tenant, credential, from): (&Tenant, &CredentialId, Option<IpAddr>),
    action: &str,
    parameters: &Map<String, Value>,
) -> Result<Option<Trail>, Fault> {
    if !is_change(action) {
        return Ok(None);
    }
    let before = present(app, tenant, parameters).await;
    let entry = AuditDraft {
        at: app.now(),
        tenant: Some(tenant.id),
        actor: AuditActor {
            kind: AuditActorKind::Credential,
            name: credential.to_string(),
        },
        address: from.map_or_else(String::new, |from| from.to_string()),
        action: action.to_owned(),
        subject: subject(parameters),
        outcome: String::new(),
        before: before.as_ref().map(text_for_audit),
        after: None,
    };
    Ok(Some(Trail::begin(app.store(), entry).await?))
}

/// Writes down what came of it.
pub(crate) async fn finish(
    trail: Trail,
    app: &App,
    tenant: &Tenant,
    (action, parameters): (&str, &Map<String, Value>),
    answer: &Result<Value, Fault>,
) -> Result<(), Fault> {
    match answer {
        Ok(answer) => {
            // An address or a token to sign in by is a secret as a whole.
            let told = !["CreateAdminURL", "CreateSDKLoginToken"].contains(&action);
            let after = json!({
                "asked": parameters,
                "answered": told.then_some(answer),
                "present": present(app, tenant, parameters).await,
            });
            trail.done(app.store(), "OK", Some(&after)).await?;
        }
        Err(fault) => trail.refused(app.store(), fault.code).await?,
    }
    Ok(())
}

fn is_change(action: &str) -> bool {
    CREATES.contains(&action) || CHANGES.iter().any(|begin| action.starts_with(begin))
}

/// The person or group that an action names.
fn subject(parameters: &Map<String, Value>) -> String {
    let text = |name: &str| parameters.get(name)?.as_str().map(str::to_owned);
    let number = |name: &str| parameters.get(name)?.as_i64();
    if let Some(email) = email(parameters) {
        return format!("staff {email}");
    }
    if let Some(id) = number("SkillGroupId").or(number("SkillGroupID")) {
        return format!("skill group {id}");
    }
    if let Some(name) = text("SkillGroupName") {
        return format!("skill group {name}");
    }
    text("Number").map_or_else(String::new, |number| format!("number {number}"))
}

fn email(parameters: &Map<String, Value>) -> Option<String> {
    ["Email", "StaffEmail", "UserId", "SeatUserId"]
        .iter()
        .find_map(|name| parameters.get(*name)?.as_str())
        .map(StaffDraft::normal_email)
}

/// What there is of the person or group that an action names.
async fn present(app: &App, tenant: &Tenant, parameters: &Map<String, Value>) -> Option<Value> {
    if let Some(email) = email(parameters) {
        let staff = app.store().staff_by_email(tenant.id, &email).await.ok()?;
        let groups: Vec<Value> = staff
            .skill_groups
            .iter()
            .map(|there| json!({"SkillGroupId": there.group.0, "Priority": there.priority}))
            .collect();
        return Some(json!({
            "Mail": staff.settings.email,
            "Name": staff.settings.name,
            "Nick": staff.settings.nick,
            "StaffNumber": staff.settings.staff_number,
            "ExtensionNumber": staff.settings.extension,
            "SkillGroups": groups,
            "Status": word_of(staff.presence.status),
        }));
    }
    let id = parameters
        .get("SkillGroupId")
        .or_else(|| parameters.get("SkillGroupID"))?
        .as_i64()?;
    let group = app.store().skill_group(tenant.id, SkillGroupId(id)).await;
    let settings = group.ok()?.settings;
    Some(json!({
        "SkillGroupName": settings.name,
        "MaxConcurrency": settings.concurrency_max,
        "RingAll": settings.ring_all,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_leave_a_trail_and_calls_and_reads_do_not() {
        for action in [
            "CreateStaff",
            "UpdateCCCSkillGroup",
            "UploadIvrAudio",
            "SetStaffStatus",
        ] {
            assert!(is_change(action), "{action}");
        }
        for action in [
            "CreateAIAgentCall",
            "HangUpCall",
            "DescribeStaffInfoList",
            "PlaySoundCall",
        ] {
            assert!(!is_change(action), "{action}");
        }
    }

    #[test]
    fn the_subject_is_whom_or_what_the_action_names() {
        let of = |value: Value| subject(value.as_object().unwrap());
        assert_eq!(of(json!({"Email": "Lin@X.com"})), "staff lin@x.com");
        assert_eq!(of(json!({"SkillGroupID": 7})), "skill group 7");
        assert_eq!(of(json!({"Staffs": []})), "");
    }
}
