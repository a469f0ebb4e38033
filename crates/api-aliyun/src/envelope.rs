//! The form of answers: JSON, or XML for those who ask for it.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use serde_json::{Map, Value, json};

use crate::fault::Fault;

/// In which form the caller reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Xml,
}

/// One client takes an error for XML only with exactly this type.
const XML: HeaderValue = HeaderValue::from_static("text/xml;charset=utf-8");
const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=utf-8");

impl Format {
    /// Without a word, signature v1 reads XML (the vendor's default) and V3 JSON. An unknown word is
    /// JSON: one of the old clients sends `None`.
    pub fn of(given: Option<&str>, is_acs3: bool) -> Self {
        match given {
            Some(text) if text.eq_ignore_ascii_case("xml") => Self::Xml,
            Some(_) => Self::Json,
            None if is_acs3 => Self::Json,
            None => Self::Xml,
        }
    }
}

/// The answer of an action whose envelope says how it went: `Code`, `Success`, `HttpStatusCode`.
pub(crate) fn full(mut fields: Value) -> Value {
    fields["Code"] = json!("OK");
    fields["Success"] = json!(true);
    fields["HttpStatusCode"] = json!(200);
    fields["Message"] = json!("Success");
    fields
}

/// Writes an answer, or the fault that there was instead.
pub(crate) fn write(
    answer: Result<Value, Fault>,
    format: Format,
    action: &str,
    host: &str,
    request_id: &str,
) -> Response {
    let (status, root, mut fields) = match answer {
        Ok(fields) => (200, format!("{action}Response"), fields),
        Err(fault) => (
            fault.status,
            "Error".to_owned(),
            json!({
                "Code": fault.code,
                "Message": fault.message,
                "HostId": host,
                "HttpStatusCode": fault.status,
                "Success": false,
            }),
        ),
    };
    fields["RequestId"] = json!(request_id);
    let (text, kind) = match format {
        Format::Json => (fields.to_string(), JSON),
        Format::Xml => (xml(&root, &fields), XML),
    };
    let mut reply = Response::new(Body::from(text));
    *reply.status_mut() =
        StatusCode::from_u16(status).expect("faults have statuses that HTTP knows");
    reply.headers_mut().insert(CONTENT_TYPE, kind);
    if status == 400
        && fields["Code"]
            .as_str()
            .is_some_and(|code| code.starts_with("Throttling"))
    {
        reply
            .headers_mut()
            .insert("x-acs-retry-after", HeaderValue::from_static("1"));
    }
    reply
}

fn xml(root: &str, fields: &Value) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    element(&mut out, root, fields);
    out
}

/// Lists repeat the element.
fn element(out: &mut String, name: &str, value: &Value) {
    if let Value::Array(items) = value {
        items.iter().for_each(|item| element(out, name, item));
        return;
    }
    out.push('<');
    out.push_str(name);
    out.push('>');
    match value {
        Value::Object(fields) => children(out, fields),
        Value::String(text) => escape(out, text),
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) | Value::Array(_) => out.push_str(&value.to_string()),
    }
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn children(out: &mut String, fields: &Map<String, Value>) {
    for (name, value) in fields {
        element(out, name, value);
    }
}

/// Characters that XML 1.0 (2.2) has no place for are left out.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => {
                out.push(c);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_has_the_actions_root_and_no_raw_text() {
        let fields =
            json!({"Feedback": {"Content": "a<b&\u{1}c", "Interruptible": true}, "List": [1, 2]});
        assert_eq!(
            xml("DialogueResponse", &fields),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><DialogueResponse><Feedback>\
             <Content>a&lt;b&amp;c</Content><Interruptible>true</Interruptible></Feedback>\
             <List>1</List><List>2</List></DialogueResponse>"
        );
    }

    #[test]
    fn a_fault_has_its_status_and_a_type_that_the_clients_know() {
        let reply = |format| write(Err(Fault::no_instance()), format, "Dialogue", "h", "R");
        assert_eq!(reply(Format::Json).status(), 404);
        assert_eq!(
            reply(Format::Xml).headers()[CONTENT_TYPE],
            "text/xml;charset=utf-8"
        );
        let busy = write(Err(Fault::busy()), Format::Json, "Dialogue", "h", "R");
        assert_eq!(busy.headers()["x-acs-retry-after"], "1");
    }

    #[test]
    fn the_form_is_the_one_asked_for() {
        for (given, is_acs3, format) in [
            (Some("JSON"), false, Format::Json),
            (Some("json"), false, Format::Json),
            (Some("XML"), false, Format::Xml),
            (Some("None"), false, Format::Json),
            (None, false, Format::Xml),
            (None, true, Format::Json),
        ] {
            assert_eq!(Format::of(given, is_acs3), format, "{given:?}");
        }
    }
}
