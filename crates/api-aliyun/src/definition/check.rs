//! From decoded parameters to typed JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Field, Kind};
use crate::fault::Fault;

/// The parameters of `fields`, each in its type. Others are passed over, as the vendor does: old
/// clients send some that are gone.
///
/// # Errors
///
/// `Missing…` and `Invalid…` name the field.
pub fn check(fields: &[Field], pairs: &[(String, String)]) -> Result<Map<String, Value>, Fault> {
    let mut out = Map::new();
    for field in fields {
        let value = if field.list {
            list(field, pairs)?
        } else {
            match pairs.iter().find(|(name, _)| name == field.name) {
                Some((_, text)) => single(field, text)?,
                None => None,
            }
        };
        match value {
            Some(value) => {
                out.insert(field.name.to_owned(), value);
            }
            None if field.required => return Err(Fault::missing(field.name)),
            None => {}
        }
    }
    Ok(out)
}

/// `None` for an empty number or flag: some clients send what was not set.
fn single(field: &Field, text: &str) -> Result<Option<Value>, Fault> {
    Ok(match field.kind {
        Kind::Text => Some(Value::from(text)),
        Kind::Object => Some(parsed(field, text)?),
        Kind::Int | Kind::Bool if text.is_empty() => None,
        Kind::Int => {
            let number: i64 = text
                .parse()
                .map_err(|_| Fault::invalid(field.name, "it is a whole number"))?;
            Some(Value::from(number))
        }
        Kind::Bool => match text.to_ascii_lowercase().as_str() {
            "true" => Some(Value::from(true)),
            "false" => Some(Value::from(false)),
            _ => return Err(Fault::invalid(field.name, "it is true or false")),
        },
    })
}

/// `Name.1=…&Name.2=…`, `Name.1.Key=…`, or the whole list as one JSON text.
fn list(field: &Field, pairs: &[(String, String)]) -> Result<Option<Value>, Fault> {
    if let Some((_, text)) = pairs.iter().find(|(name, _)| name == field.name) {
        if text.is_empty() {
            return Ok(None);
        }
        return match parsed(field, text)? {
            list @ Value::Array(_) => Ok(Some(list)),
            _ => Err(Fault::invalid(field.name, "it is a list")),
        };
    }
    let mut items: BTreeMap<u32, Value> = BTreeMap::new();
    for (name, text) in pairs {
        let Some(rest) = name
            .strip_prefix(field.name)
            .and_then(|rest| rest.strip_prefix('.'))
        else {
            continue;
        };
        let (index, part) = match rest.split_once('.') {
            Some((index, part)) => (index, Some(part)),
            None => (rest, None),
        };
        let index: u32 = index
            .parse()
            .map_err(|_| Fault::invalid(field.name, "its items are numbered from 1"))?;
        match part {
            None => {
                items.insert(index, Value::from(text.as_str()));
            }
            Some(part) => {
                let item = items
                    .entry(index)
                    .or_insert_with(|| Value::Object(Map::new()));
                let Value::Object(item) = item else {
                    return Err(Fault::invalid(
                        field.name,
                        "an item has parts or it has not",
                    ));
                };
                item.insert(part.to_owned(), Value::from(text.as_str()));
            }
        }
    }
    let items: Vec<Value> = items.into_values().collect();
    Ok((!items.is_empty()).then_some(Value::Array(items)))
}

fn parsed(field: &Field, text: &str) -> Result<Value, Fault> {
    serde_json::from_str(text).map_err(|_| Fault::invalid(field.name, "it is JSON"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::{definition, form};

    #[test]
    fn text_becomes_what_the_definition_says() {
        assert_eq!(
            checked(
                "ListInstances",
                "PageNumber=2&PageSize=&Name=&Tag.1.Key=a&Tag.1.Value=b"
            ),
            Ok(json!({"PageNumber": 2, "Name": "", "Tag": [{"Key": "a", "Value": "b"}]}))
        );
        assert_eq!(
            checked("SuspendJobs", "All=True&InstanceId=i&JobId.2=b&JobId.1=a"),
            Ok(json!({"All": true, "InstanceId": "i", "JobId": ["a", "b"]}))
        );
        assert_eq!(
            checked("CancelJobs", "All=false&InstanceId=i&JobId=%5B%22a%22%5D"),
            Ok(json!({"All": false, "InstanceId": "i", "JobId": ["a"]}))
        );
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        for (action, query, code) in [
            ("Dialogue", "CallId=1", "MissingCallType"),
            ("ListInstances", "PageNumber=x", "InvalidPageNumber"),
            ("SuspendJobs", "All=maybe&InstanceId=i", "InvalidAll"),
            (
                "SuspendJobs",
                "All=true&InstanceId=i&JobId.x=1",
                "InvalidJobId",
            ),
            (
                "SuspendJobs",
                "All=true&InstanceId=i&JobId=1",
                "InvalidJobId",
            ),
        ] {
            assert_eq!(checked(action, query).unwrap_err().code, code, "{query}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[A-Z.=&0-9%\\PC]{0,80}") {
            for action in ["ListInstances", "AssignJobs", "CreateNumber"] {
                let _ = checked(action, &text);
            }
        }
    }

    fn checked(action: &str, query: &str) -> Result<Value, Fault> {
        let fields = definition::request(action).unwrap();
        check(fields, &form::pairs(query)?).map(Value::Object)
    }
}
