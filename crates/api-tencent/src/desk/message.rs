//! `MsgBody`: what a message of the cloud's API is made of.

use model::Content;
use serde_json::{Map, Value};

use super::code::{self, Failed};

/// Most elements of one message.
const ELEMENTS_MAX: usize = 64;

/// The element types that the vendor's messages know, with the field that each must have, and what
/// a reader without them is shown.
const TYPES: [(&str, &str, &str); 8] = [
    ("TIMTextElem", "Text", ""),
    ("TIMCustomElem", "Data", "[custom]"),
    ("TIMFaceElem", "Index", "[face]"),
    ("TIMLocationElem", "Latitude", "[location]"),
    ("TIMImageElem", "ImageInfoArray", "[image]"),
    ("TIMFileElem", "Url", "[file]"),
    ("TIMSoundElem", "Url", "[sound]"),
    ("TIMVideoFileElem", "VideoUrl", "[video]"),
];

/// Reads `MsgBody` and `CloudCustomData` of a request.
pub(super) fn content(body: &Map<String, Value>) -> Result<Content, Failed> {
    let elements = match body.get("MsgBody") {
        None | Some(Value::Null) => {
            return Err(Failed::new(code::NO_MESSAGE, "MsgBody is missing"));
        }
        Some(Value::Array(elements)) if elements.is_empty() => {
            return Err(Failed::new(code::NO_MESSAGE, "MsgBody is empty"));
        }
        Some(Value::Array(elements)) => elements,
        Some(_) => return Err(Failed::new(code::NO_ARRAY, "MsgBody is no array")),
    };
    if elements.len() > ELEMENTS_MAX {
        let info = format!("MsgBody has more than {ELEMENTS_MAX} elements");
        return Err(Failed::new(code::BAD_ELEMENT, info));
    }
    let texts = elements
        .iter()
        .map(text_of)
        .collect::<Result<Vec<_>, _>>()?;
    let custom_data = match body.get("CloudCustomData") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(data)) => data.replace('\0', ""),
        Some(_) => return Err(Failed::parameter("CloudCustomData", "is no string")),
    };
    let is_plain = elements
        .iter()
        .all(|element| element["MsgType"] == "TIMTextElem");
    Ok(Content {
        text: texts.concat(),
        file: None,
        elements: (!is_plain).then(|| Value::from(elements.clone()).to_string()),
        custom_data,
    })
}

/// `MsgBody` of a message, for receivers of the vendor's callbacks.
pub(crate) fn elements(content: &Content) -> Value {
    let given = content.elements.as_deref();
    given
        .and_then(|elements| serde_json::from_str(elements).ok())
        .unwrap_or_else(|| text_elements(&content.text))
}

/// `MsgBody` of plain text.
pub(crate) fn text_elements(text: &str) -> Value {
    serde_json::json!([{"MsgType": "TIMTextElem", "MsgContent": {"Text": text}}])
}

fn text_of(element: &Value) -> Result<String, Failed> {
    let bad = |why: &str| Failed::new(code::BAD_ELEMENT, format!("MsgBody: {why}"));
    let kind = element["MsgType"].as_str();
    let kind = kind.ok_or_else(|| bad("an element has no MsgType"))?;
    let known = TYPES.iter().find(|(known, ..)| *known == kind);
    let (_, must_have, shown) = known.ok_or_else(|| bad("an element has an unknown MsgType"))?;
    let content = element["MsgContent"].as_object();
    let content = content.ok_or_else(|| bad("an element has no MsgContent"))?;
    let must = content.get(*must_have);
    let must = must.ok_or_else(|| bad("an element lacks what its MsgType must have"))?;
    if !shown.is_empty() {
        return Ok((*shown).to_owned());
    }
    let text = must.as_str().ok_or_else(|| bad("Text is no string"))?;
    Ok(text.replace('\0', ""))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: Value) -> Result<Content, i64> {
        let Value::Object(body) = body else {
            unreachable!()
        };
        content(&body).map_err(|failed| failed.code)
    }

    #[test]
    fn texts_are_read_and_other_elements_kept_as_they_are() {
        let text = json!({"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi "}});
        let custom = json!({"MsgType": "TIMCustomElem", "MsgContent": {"Data": "{}"}});
        let plain = read(json!({"MsgBody": [text]})).unwrap();
        assert_eq!((plain.text.as_str(), plain.elements.clone()), ("hi ", None));
        assert_eq!(elements(&plain), json!([text]));
        let both = read(json!({"MsgBody": [text, custom], "CloudCustomData": "x"})).unwrap();
        assert_eq!(
            (both.text.as_str(), both.custom_data.as_str()),
            ("hi [custom]", "x")
        );
        assert_eq!(elements(&both), json!([text, custom]));
    }

    #[test]
    fn each_fault_has_its_code() {
        for (body, code) in [
            (json!({}), 90002),
            (json!({"MsgBody": []}), 90002),
            (json!({"MsgBody": {"MsgType": "TIMTextElem"}}), 90007),
            (json!({"MsgBody": [7]}), 90010),
            (json!({"MsgBody": [{"MsgType": "TIMTextElem"}]}), 90010),
            (
                json!({"MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": 7}}]}),
                90010,
            ),
            (
                json!({"MsgBody": [{"MsgType": "Nothing", "MsgContent": {}}]}),
                90010,
            ),
        ] {
            assert_eq!(read(body.clone()), Err(code), "{body}");
        }
    }
}
