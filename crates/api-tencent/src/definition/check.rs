//! Checks parameters against the vendor's definition, and brings them to their types.
//!
//! The order is the vendor's: unknown names first, then missing ones, then types; fields in the
//! order of the definition, so that the same wrong request always gets the same answer. Ranges
//! are the business of the action.
//!
//! # Invariants
//!
//! - What comes out holds only names and types of the definition, and every required name.
//! - `null` is the same as absent: some clients send it for fields that were never set.

use serde_json::{Map, Number, Value};

use super::{Definition, Field, Kind};
use crate::fault::Fault;

/// Longest list in a request; the largest that the vendor documents holds 200 names.
const LIST_MAX: usize = 10_000;

/// Checks the parameters of a request that has `fields`.
///
/// Numbers and booleans may be given as text, as the vendor's own samples do
/// (`"SdkAppId": "1400000000"`, `"IsForceUseMobile": "true"`) and as flattened parameters must.
pub fn check(
    definition: &Definition,
    fields: &[Field],
    parameters: Map<String, Value>,
) -> Result<Map<String, Value>, Fault> {
    object(definition, fields, parameters, "")
}

fn object(
    definition: &Definition,
    fields: &[Field],
    mut given: Map<String, Value>,
    within: &str,
) -> Result<Map<String, Value>, Fault> {
    if let Some(name) = given
        .keys()
        .find(|name| !fields.iter().any(|field| field.name == name.as_str()))
    {
        return Err(Fault::unknown_parameter(&path(within, &shortened(name))));
    }
    given.retain(|_, value| !value.is_null());
    if let Some(field) = fields
        .iter()
        .find(|field| field.required && !given.contains_key(field.name))
    {
        return Err(Fault::missing(&path(within, field.name)));
    }
    let mut out = Map::new();
    for field in fields {
        if let Some(value) = given.remove(field.name) {
            let at = path(within, field.name);
            out.insert(field.name.to_owned(), typed(definition, field, value, &at)?);
        }
    }
    Ok(out)
}

fn typed(definition: &Definition, field: &Field, value: Value, at: &str) -> Result<Value, Fault> {
    if !field.list {
        return one(definition, field.kind, value, at);
    }
    let Value::Array(items) = value else {
        return Err(Fault::wrong_type(at, "list"));
    };
    if items.len() > LIST_MAX {
        return Err(Fault::wrong_value(
            at,
            &format!("a list holds at most {LIST_MAX} values"),
        ));
    }
    items
        .into_iter()
        .enumerate()
        .map(|(idx, item)| one(definition, field.kind, item, &format!("{at}.{idx}")))
        .collect::<Result<Vec<_>, _>>()
        .map(Value::Array)
}

fn one(definition: &Definition, kind: Kind, value: Value, at: &str) -> Result<Value, Fault> {
    let wrong = || Fault::wrong_type(at, kind.name());
    match kind {
        Kind::Object(name) => {
            let Value::Object(given) = value else {
                return Err(Fault::wrong_type(at, "object"));
            };
            let fields = definition
                .object(name)
                .expect("every object that is mentioned is defined");
            object(definition, fields, given, at).map(Value::Object)
        }
        Kind::Text => match value {
            Value::String(_) => Ok(value),
            _ => Err(wrong()),
        },
        Kind::Bool => boolean(&value).map(Value::Bool).ok_or_else(wrong),
        Kind::Int => integer(&value).map(Value::from).ok_or_else(wrong),
        Kind::Uint => integer(&value)
            .filter(|number| *number >= 0)
            .map(Value::from)
            .ok_or_else(wrong),
        Kind::Float => float(&value).map(Value::Number).ok_or_else(wrong),
    }
}

/// Ids and times fit `i64`; a `uint64` above that names nothing that we have.
fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn float(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => text.parse().ok().and_then(Number::from_f64),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Python's client flattens booleans to `True` and `False`, the others to lower case.
fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => match text.as_str() {
            "true" | "True" => Some(true),
            "false" | "False" => Some(false),
            _ => None,
        },
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn path(within: &str, name: &str) -> String {
    if within.is_empty() {
        return name.to_owned();
    }
    format!("{within}.{name}")
}

/// A stranger's name goes into the message: at most so much of it.
fn shortened(name: &str) -> String {
    name.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{definition::ccc, fault::Language};

    #[test]
    fn a_good_request_comes_out_as_it_went_in() {
        let request = json!({
            "SdkAppId": 1_400_000_001, "AIAgentId": 7, "Callee": "0086138",
            "Callers": ["0755"], "Variables": [{"Key": "a", "Value": "b"}],
        });
        assert_eq!(checked("CreateAIAgentCall", &request), Ok(request));
    }

    #[test]
    fn numbers_and_booleans_may_be_text() {
        assert_eq!(
            checked(
                "ControlAIConversation",
                &json!({
                    "SdkAppId": "1400000001", "SessionId": "1",
                    "ServerPushText": {"Text": "x", "Interrupt": "True"},
                })
            ),
            Ok(json!({
                "SdkAppId": 1_400_000_001, "SessionId": "1",
                "ServerPushText": {"Text": "x", "Interrupt": true},
            }))
        );
    }

    #[test]
    fn what_is_wrong_is_named_in_the_vendors_order() {
        let call = "CreateAIAgentCall";
        for (request, code, named) in [
            (json!({"Colour": 1}), "UnknownParameter", "`Colour`"),
            (json!({"AIAgentId": "x"}), "MissingParameter", "`SdkAppId`"),
            (
                json!({"SdkAppId": 1, "AIAgentId": 2}),
                "MissingParameter",
                "`Callee`",
            ),
            (
                json!({"SdkAppId": 1, "AIAgentId": 2, "Callee": null}),
                "MissingParameter",
                "`Callee`",
            ),
            (
                json!({"SdkAppId": 1.5, "AIAgentId": 2, "Callee": "1"}),
                "InvalidParameter",
                "`SdkAppId`",
            ),
            (
                json!({"SdkAppId": 1, "AIAgentId": -2, "Callee": "1"}),
                "InvalidParameter",
                "`AIAgentId`",
            ),
            (
                json!({"SdkAppId": 1, "AIAgentId": 2, "Callee": 1}),
                "InvalidParameter",
                "`Callee`",
            ),
            (
                json!({"SdkAppId": 1, "AIAgentId": 2, "Callee": "1", "Callers": "2"}),
                "InvalidParameter",
                "`Callers`",
            ),
            (
                json!({"SdkAppId": 1, "AIAgentId": 2, "Callee": "1", "Callers": ["2", 3]}),
                "InvalidParameter",
                "`Callers.1`",
            ),
            (
                json!({"SdkAppId": 1, "AIAgentId": 2, "Callee": "1", "Variables": [{"Key": "k"}]}),
                "MissingParameter",
                "`Variables.0.Value`",
            ),
            (
                json!({"SdkAppId": 1, "AIAgentId": 2, "Callee": "1", "Variables": ["k"]}),
                "InvalidParameter",
                "`Variables.0`",
            ),
            (
                json!({"SdkAppId": 1, "AIAgentId": 2, "Callee": "1", "Variables": [{"Key": "k", "Value": "v", "X": 1}]}),
                "UnknownParameter",
                "`Variables.0.X`",
            ),
        ] {
            let fault = checked(call, &request).unwrap_err();
            assert_eq!(fault.code, code, "{request}");
            let message = fault.message(Language::English);
            assert!(message.contains(named), "{message}");
        }
    }

    #[test]
    fn the_vendors_sentence_for_a_missing_parameter_is_used() {
        let fault = checked("HangUpCall", &json!({"SdkAppId": 1})).unwrap_err();
        assert_eq!(
            fault.message(Language::English),
            "The request is missing a required parameter `SessionId`."
        );
    }

    #[test]
    fn a_disabled_field_is_still_taken() {
        let request = json!({
            "SdkAppId": 1, "AIAgentId": 7, "Callee": "1",
            "PromptVariables": [{"Key": "name", "Value": "王"}],
        });
        assert!(checked("CreateAIAgentCall", &request).is_ok());
    }

    #[test]
    fn a_list_has_an_end() {
        let request = json!({
            "SdkAppId": 1, "AIAgentId": 7, "Callee": "1",
            "Callers": vec!["1"; LIST_MAX + 1],
        });
        assert_eq!(
            checked("CreateAIAgentCall", &request).unwrap_err().code,
            "InvalidParameterValue"
        );
    }

    fn checked(action: &str, request: &Value) -> Result<Value, Fault> {
        let Value::Object(map) = request.clone() else {
            panic!("a request is an object");
        };
        check(ccc(), ccc().request(action).unwrap(), map).map(Value::Object)
    }
}
