//! What actions leave in the audit log: those that change settings or lists, not the calls that
//! they place and the conversations that they hold.

use std::net::IpAddr;

use api::trail::Trail;
use app::App;
use model::{AuditActor, AuditActorKind, AuditDraft};
use serde_json::{Map, Value, json};

use crate::{fault::Fault, outboundbot::Context};

/// Beginnings of the names of actions that change something that stays.
const CHANGES: [&str; 10] = [
    "Assign",
    "Cancel",
    "Create",
    "Delete",
    "Duplicate",
    "Modify",
    "Publish",
    "Resume",
    "Save",
    "Suspend",
];

/// Notes what is about to be done; `None` for an action that changes no setting.
pub(crate) async fn begin(
    context: &Context,
    from: Option<IpAddr>,
    action: &str,
    parameters: &Map<String, Value>,
) -> Result<Option<Trail>, Fault> {
    if !is_change(action) {
        return Ok(None);
    }
    let entry = AuditDraft {
        at: context.app().now(),
        tenant: context.tenant,
        actor: AuditActor {
            kind: AuditActorKind::Credential,
            name: context.credential.id.to_string(),
        },
        address: from.map_or_else(String::new, |from| from.to_string()),
        action: action.to_owned(),
        subject: subject(parameters),
        outcome: String::new(),
        before: None,
        after: None,
    };
    Ok(Some(Trail::begin(context.app().store(), entry).await?))
}

/// Writes down what came of it.
pub(crate) async fn finish(
    trail: Trail,
    app: &App,
    parameters: &Map<String, Value>,
    answer: &Result<Value, Fault>,
) -> Result<(), Fault> {
    match answer {
        Ok(answer) => {
            let after = json!({"asked": parameters, "answered": answer});
            trail.done(app.store(), "OK", Some(&after)).await?;
        }
        Err(fault) => trail.refused(app.store(), &fault.code).await?,
    }
    Ok(())
}

fn is_change(action: &str) -> bool {
    CHANGES.iter().any(|begin| action.starts_with(begin))
}

/// The thing that an action names.
fn subject(parameters: &Map<String, Value>) -> String {
    ["ScriptId", "JobGroupId", "JobId", "InstanceId", "EntryId"]
        .iter()
        .find_map(|name| Some(format!("{name} {}", parameters.get(*name)?.as_str()?)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_leave_a_trail_and_conversations_and_reads_do_not() {
        for action in [
            "CreateScript",
            "ModifyInstance",
            "AssignJobs",
            "SuspendJobs",
        ] {
            assert!(is_change(action), "{action}");
        }
        for action in ["Dialogue", "EndDialogue", "ListScripts", "DescribeInstance"] {
            assert!(!is_change(action), "{action}");
        }
    }

    #[test]
    fn the_subject_is_the_nearest_thing_that_is_named() {
        let named = json!({"InstanceId": "a", "JobGroupId": "b"});
        assert_eq!(subject(named.as_object().unwrap()), "JobGroupId b");
        assert_eq!(subject(&Map::new()), "");
    }
}
