//! The envelope of every answer: `{"Response": {…, "RequestId": "…"}}`.

use axum::{
    body::Body,
    http::{HeaderValue, header::CONTENT_TYPE},
    response::Response,
};
use serde_json::{Value, json};

use crate::fault::{Fault, Language};

/// The type of every answer. With a `charset` behind it, Python's client takes an error for an
/// empty success.
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Puts the answer of an action, or the fault that it ended with, into its envelope.
pub(crate) fn write(
    answer: Result<Value, Fault>,
    language: Language,
    request_id: &str,
) -> Response {
    let mut response = match answer {
        Ok(fields) => fields,
        Err(fault) => json!({
            "Error": { "Code": fault.code, "Message": fault.message(language) },
        }),
    };
    response["RequestId"] = Value::from(request_id);
    let mut reply = Response::new(Body::from(json!({ "Response": response }).to_string()));
    reply.headers_mut().insert(CONTENT_TYPE, JSON);
    reply
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::*;

    #[test]
    fn an_answer_is_200_and_json_without_charset() {
        let reply = write(Ok(json!({})), Language::English, "r");
        assert_eq!(reply.status(), 200);
        assert_eq!(reply.headers()[CONTENT_TYPE], "application/json");
    }

    #[test]
    fn fields_and_errors_both_carry_the_request_id() {
        assert_eq!(
            text(write(Ok(json!({"SessionId": "s"})), Language::English, "r")),
            r#"{"Response":{"RequestId":"r","SessionId":"s"}}"#
        );
        assert_eq!(
            text(write(Err(Fault::invalid_action()), Language::Chinese, "r")),
            r#"{"Response":{"Error":{"Code":"InvalidAction","Message":"接口不存在。"},"RequestId":"r"}}"#
        );
    }

    fn text(reply: Response) -> String {
        let mut body = Box::pin(axum::body::to_bytes(reply.into_body(), usize::MAX));
        match body.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(bytes) => String::from_utf8(bytes.unwrap().to_vec()).unwrap(),
            Poll::Pending => panic!("the body is there already"),
        }
    }
}
