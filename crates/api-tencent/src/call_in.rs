//! The inbound callback: the question that a call to a number asks its customer's server, and the
//! answer.
//!
//! The vendor's page is not public in full. What stands here is its request and response as
//! integrators show them; numbers have `+`.

use app::{CallInAnswer, CallInQuestion};
use model::{Variable, VoiceAgentId};
use serde::{Deserialize, Serialize};

/// Bounds of variables, as of those that a call is placed with.
const VARIABLES_MAX: usize = 100;
const KEY_MAX: usize = 64;
const VALUE_MAX: usize = 4096;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Question<'a> {
    event: &'static str,
    session_id: &'a str,
    sdk_app_id: i64,
    call_in_bound: Asked,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Asked {
    #[serde(rename = "AIAgentId")]
    ai_agent_id: i64,
    ivr_id: i64,
    caller: String,
    callee: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    call_in_bound: Option<Said>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Said {
    #[serde(rename = "OverrideAIAgentId")]
    override_ai_agent_id: Option<i64>,
    override_ivr_id: Option<i64>,
    #[serde(default)]
    variables: Vec<Named>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    key: String,
    value: String,
}

/// The body of the question.
pub(crate) fn question(asked: &CallInQuestion<'_>) -> String {
    let question = Question {
        event: "CallInBound",
        session_id: asked.call.as_str(),
        sdk_app_id: asked.tenant.0,
        call_in_bound: Asked {
            // 0 is the vendor's "none" (its sample has it for the IVR).
            ai_agent_id: asked.agent.map_or(0, |agent| agent.0),
            ivr_id: 0,
            caller: asked.caller.to_string(),
            callee: asked.callee.to_string(),
        },
    };
    serde_json::to_string(&question).expect("plain data")
}

/// What the server said.
pub(crate) fn answer(text: &str) -> Result<CallInAnswer, String> {
    let answer: Answer = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let said = answer.call_in_bound.ok_or("it has no CallInBound")?;
    if said.override_ivr_id.is_some_and(|id| id != 0) {
        return Err("OverrideIvrId names an IVR, and there are none here".to_owned());
    }
    let Some(agent) = said.override_ai_agent_id.filter(|id| *id != 0) else {
        return Ok(CallInAnswer::HangUp);
    };
    if said.variables.len() > VARIABLES_MAX {
        return Err(format!("it has more than {VARIABLES_MAX} Variables"));
    }
    let fits = |named: &Named| {
        (1..=KEY_MAX).contains(&named.key.chars().count())
            && named.value.chars().count() <= VALUE_MAX
    };
    if !said.variables.iter().all(fits) {
        return Err("a variable is too long or has no key".to_owned());
    }
    let variables = said
        .variables
        .into_iter()
        .map(|Named { key, value }| Variable { key, value })
        .collect();
    Ok(CallInAnswer::Agent(VoiceAgentId(agent), variables))
}

#[cfg(test)]
mod tests {
    use model::{CallId, E164, TenantId};
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn the_question_is_the_vendors() {
        let call = CallId("uuid".into());
        let text = question(&CallInQuestion {
            call: &call,
            tenant: TenantId(1_400_692_008),
            agent: Some(VoiceAgentId(123)),
            caller: &E164::parse("+8613066668888", "").unwrap(),
            callee: &E164::parse("+8675566668888", "").unwrap(),
        });
        let expected = json!({
            "Event": "CallInBound", "SessionId": "uuid", "SdkAppId": 1_400_692_008,
            "CallInBound": {
                "AIAgentId": 123, "IvrId": 0, "Caller": "+8613066668888",
                "Callee": "+8675566668888",
            },
        });
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
    }

    #[test]
    fn an_answer_names_an_agent_hangs_up_or_is_none() {
        let said = answer(
            r#"{"CallInBound":{"OverrideAIAgentId":388,"Variables":[{"Key":"k","Value":"v"}]}}"#,
        );
        let variable = Variable {
            key: "k".into(),
            value: "v".into(),
        };
        assert_eq!(
            said,
            Ok(CallInAnswer::Agent(VoiceAgentId(388), vec![variable]))
        );
        assert_eq!(answer(r#"{"CallInBound":{}}"#), Ok(CallInAnswer::HangUp));
        for none in [
            "",
            "{}",
            r#"{"CallInBound":{"OverrideIvrId":7}}"#,
            r#"{"CallInBound":{"OverrideAIAgentId":1,"Variables":[{"Key":"","Value":""}]}}"#,
        ] {
            assert!(answer(none).is_err(), "{none}");
        }
    }
}
