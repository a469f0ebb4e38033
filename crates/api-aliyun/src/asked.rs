//! What the other centre says has happened, from the words of `Dialogue`.

use serde_json::Value;
use voice::dialogue::{Act, Answer, Asked, Profile};

/// What a `Dialogue` request says has happened. The spelling of `ActionKey` does not count; a key
/// that is not known leaves the utterance to speak for itself.
pub(crate) fn of_dialogue(action_key: &str, action_params: &str, utterance: &str) -> Asked {
    let words = || utterance.trim().to_owned();
    match folded(action_key).as_str() {
        "hangup" | "enddialogue" | "endsession" => Asked::Ended,
        "begindialogue" | "beginsession" | "begin" | "start" => Asked::Begins { words: words() },
        "silencetimeout" | "silence" => Asked::Silent,
        "collectednumber" | "dtmf" => Asked::Pressed(keys(action_params, utterance)),
        "abortdialogue" | "interrupted" => Asked::Cut {
            spoken: spoken(action_params, utterance),
        },
        "error" | "transferfailed" => Asked::Failed,
        "dialogue" => Asked::Said(words()),
        _ if utterance.trim().is_empty() => Asked::Silent,
        _ => Asked::Said(words()),
    }
}

/// The instruction of an answer as the vendor spells it.
pub(crate) fn action(answer: &Answer, spelling: Spelling) -> &'static str {
    match (&answer.act, spelling) {
        (Act::Speak, Spelling::Dialogue) => "broadcast",
        (Act::Speak, Spelling::Navigator) => "Broadcast",
        (Act::HangUp, Spelling::Dialogue) => "Hangup",
        (Act::HangUp, Spelling::Navigator) => "HangUp",
        (Act::Transfer { .. }, _) => "TransferToAgent",
        (Act::Collect { .. }, _) => "CollectNumber",
    }
}

/// Which of the two products is spoken: they spell their first words differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// `broadcast`, `Hangup`: the page of `Dialogue`.
    Dialogue,
    /// `Broadcast`, `HangUp`: the voice navigator.
    Navigator,
}

/// The parameters of an instruction: a JSON text, or nothing. The names of their keys are those of
/// the vendor's later callbacks; its page has none.
pub(crate) fn action_params(answer: &Answer, profile: Profile) -> String {
    let params = match (&answer.act, profile) {
        (Act::Speak | Act::HangUp, _) | (_, Profile::Strict) => return String::new(),
        (Act::Transfer { target }, Profile::Extended) => {
            let (kind, key) = transferee(target);
            serde_json::json!({"transferType": kind, key: target})
        }
        (Act::Collect { keys_max }, Profile::Extended) => {
            serde_json::json!({"maxDigits": keys_max, "timeout": 5, "terminator": "#"})
        }
    };
    params.to_string()
}

/// Whether a target is a number or somebody of the centre's own.
pub(crate) fn transferee(target: &str) -> (&'static str, &'static str) {
    let digits = target.strip_prefix('+').unwrap_or(target);
    let is_number = digits.len() >= 5 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        ("Number", "number")
    } else {
        ("SkillGroup", "skillGroupId")
    }
}

/// Lower case, letters only.
fn folded(key: &str) -> String {
    key.chars()
        .filter(char::is_ascii_alphabetic)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Keys in `{"number": "12"}` of any spelling, as plain text, or in place of the utterance.
fn keys(params: &str, utterance: &str) -> String {
    let given = match serde_json::from_str(params) {
        Ok(Value::Object(fields)) => fields
            .into_iter()
            .find(|(name, _)| {
                matches!(
                    folded(name).as_str(),
                    "number" | "digits" | "dtmf" | "collectednumber"
                )
            })
            .map(|(_, value)| plain(&value))
            .unwrap_or_default(),
        Ok(value @ (Value::String(_) | Value::Number(_))) => plain(&value),
        Ok(_) => String::new(),
        Err(_) => params.to_owned(),
    };
    let row = if given.trim().is_empty() {
        utterance
    } else {
        &given
    };
    row.chars()
        .filter(|c| matches!(c, '0'..='9' | '*' | '#' | 'A'..='D'))
        .collect()
}

/// What had been spoken before a cut: in the vendor's records `abortDialogueInfo.answer`.
fn spoken(params: &str, utterance: &str) -> String {
    let info: Value = serde_json::from_str(params).unwrap_or_default();
    info.pointer("/abortDialogueInfo/answer")
        .or_else(|| info.get("answer"))
        .map_or_else(|| utterance.to_owned(), plain)
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_known_in_any_spelling() {
        let said = |words: &str| Asked::Said(words.into());
        let pressed = |keys: &str| Asked::Pressed(keys.into());
        let cut = |spoken: &str| Asked::Cut {
            spoken: spoken.into(),
        };
        for (key, params, utterance, asked) in [
            ("", "", "是的", said("是的")),
            ("broadcast", "", " 是的 ", said("是的")),
            ("", "", " ", Asked::Silent),
            ("Dialogue", "", "", said("")),
            (
                "Start",
                "",
                "你好",
                Asked::Begins {
                    words: "你好".into(),
                },
            ),
            (
                "BEGIN_DIALOGUE",
                "",
                "",
                Asked::Begins {
                    words: String::new(),
                },
            ),
            ("Hangup", "", "x", Asked::Ended),
            ("hang-up", "", "", Asked::Ended),
            ("SilenceTimeout", "", "", Asked::Silent),
            ("CollectedNumber", r#"{"number":"12#"}"#, "", pressed("12#")),
            ("CollectedNumber", r#"{"Number":12}"#, "", pressed("12")),
            ("CollectedNumber", "34", "", pressed("34")),
            ("CollectedNumber", "", "5", pressed("5")),
            (
                "AbortDialogue",
                r#"{"abortDialogueInfo":{"abortDialogueType":"Interrupted","answer":"Hello"}}"#,
                "",
                cut("Hello"),
            ),
            ("AbortDialogue", "", "Hel", cut("Hel")),
            ("Error", "", "", Asked::Failed),
        ] {
            assert_eq!(of_dialogue(key, params, utterance), asked, "{key} {params}");
        }
    }

    #[test]
    fn instructions_carry_their_parameters_as_text() {
        let act = |act| Answer {
            says: String::new(),
            interruptible: true,
            act,
        };
        let transfer = |target: &str| {
            act(Act::Transfer {
                target: target.into(),
            })
        };
        assert_eq!(
            action_params(&transfer("desk"), Profile::Extended),
            r#"{"skillGroupId":"desk","transferType":"SkillGroup"}"#
        );
        assert_eq!(
            action_params(&transfer("+861012345678"), Profile::Extended),
            r#"{"number":"+861012345678","transferType":"Number"}"#
        );
        assert_eq!(action_params(&act(Act::Speak), Profile::Extended), "");
    }
}
