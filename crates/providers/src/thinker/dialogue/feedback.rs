//! What a robot wants of our call.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use voice::{
    conversation::EndCause,
    digits::KEYS_MAX,
    line::Line,
    thinker::{Decision, Expected, Gather},
};

/// Longest wait for a further key that a robot may want: the successor's limit.
const WAIT_SECOND_MAX: u64 = 10;

/// The answer to one request. Fields that this side has no use for are passed over.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Reply {
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub message: String,
    #[serde(default)]
    pub success: Option<bool>,
    pub feedback: Option<Feedback>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Feedback {
    #[serde(default)]
    action: Option<String>,
    #[serde(default)]
    action_params: Option<String>,
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    interruptible: Option<bool>,
}

/// Keys in `ActionParams` that may name the target of a transfer, the most exact first.
const TARGETS: [&str; 6] = [
    "number",
    "transferee",
    "agentId",
    "skillGroupId",
    "target",
    "name",
];

impl Feedback {
    /// What to do, in order: the words come before the act.
    pub(super) fn decisions(self) -> Vec<Decision> {
        let mut decisions = Vec::new();
        let content = self.content.unwrap_or_default();
        if !content.trim().is_empty() {
            decisions.push(Decision::Say {
                line: Line::Text(content),
                interruptible: self.interruptible.unwrap_or(true),
            });
        }
        let params = self.action_params.unwrap_or_default();
        decisions.push(match folded(&self.action.unwrap_or_default()).as_str() {
            "hangup" => Decision::HangUp {
                cause: EndCause::ScriptEnd,
            },
            "transfertoagent" | "transfertoivr" => Decision::Transfer {
                target: target(&params),
            },
            "collectnumber" | "authorize" => {
                let params = serde_json::from_str(&params).unwrap_or(Value::Null);
                gather(&params, None)
            }
            "" | "broadcast" | "redirecttopage" | "waitonasynctask" => listen(),
            other => {
                tracing::info!(action = other, "a robot wants something unknown");
                listen()
            }
        });
        decisions
    }
}

/// Anything may come next: what the robot understands is not known here.
pub(super) fn listen() -> Decision {
    Decision::Listen(Expected::default())
}

/// A row of keys as a robot wants it gathered: `maxDigits`, and `timeout` seconds for each further key.
/// A row may end with `#` in any case. Without a number of keys they are gathered as usual.
pub(crate) fn gather(params: &Value, keys: Option<u64>) -> Decision {
    let number = |name: &str| match &params[name] {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let keys_max = number("maxDigits")
        .or(keys)
        .and_then(|n| usize::try_from(n).ok())
        .map_or(KEYS_MAX, |n| n.clamp(1, KEYS_MAX));
    let wait =
        number("timeout").map(|second| Duration::from_secs(second.clamp(1, WAIT_SECOND_MAX)));
    Decision::Listen(Expected {
        gather: Some(Gather {
            keys_max,
            next_key_max: wait,
        }),
        ..Expected::default()
    })
}

/// Lower case, letters only: `TransferToAgent`, `transfer_to_agent` …
fn folded(action: &str) -> String {
    action
        .chars()
        .filter(char::is_ascii_alphabetic)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// The target in parameters that are JSON or plain text.
fn target(params: &str) -> String {
    match serde_json::from_str(params) {
        Ok(Value::Object(fields)) => TARGETS
            .iter()
            .find_map(|key| fields.get(*key))
            .map(|value| match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            })
            .unwrap_or_default(),
        Ok(Value::String(text)) => text,
        Ok(_) | Err(_) => params.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_known_in_any_spelling_and_words_come_first() {
        for (reply, expected) in [
            (r#"{"Action":"broadcast","Content":"hi"}"#, "say hi, listen"),
            (
                r#"{"Action":"HangUp","Content":"bye","Interruptible":false}"#,
                "say! bye, hang up",
            ),
            (
                r#"{"Action":"transfer_to_agent","ActionParams":"{\"skillGroupId\":\"s1\"}"}"#,
                "to s1",
            ),
            (
                r#"{"Action":"TransferToIVR","ActionParams":"desk"}"#,
                "to desk",
            ),
            (
                r#"{"Action":"CollectNumber","ActionParams":"{\"maxDigits\":4}"}"#,
                "gather 4",
            ),
            (r#"{"Action":"Authorize"}"#, "gather 32"),
            (r#"{"Action":"Dance"}"#, "listen"),
            ("{}", "listen"),
        ] {
            let feedback: Feedback = serde_json::from_str(reply).unwrap();
            let told: Vec<String> = feedback.decisions().iter().map(told).collect();
            assert_eq!(told.join(", "), expected, "{reply}");
        }
    }

    fn told(decision: &Decision) -> String {
        match decision {
            Decision::Say {
                line: Line::Text(text),
                interruptible,
            } => format!("say{} {text}", if *interruptible { "" } else { "!" }),
            Decision::Say { .. } => "sound".to_owned(),
            Decision::Listen(expected) => match expected.gather {
                Some(gather) => format!("gather {}", gather.keys_max),
                None => "listen".to_owned(),
            },
            Decision::SendDigits(keys) => format!("press {keys}"),
            Decision::Transfer { target } => format!("to {target}"),
            Decision::ChangeAgent { agent, .. } => format!("to agent {agent}"),
            Decision::HangUp { .. } => "hang up".to_owned(),
        }
    }
}
