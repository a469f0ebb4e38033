//! Signatures at the door: replayed, forged and late requests, and the form of answers.

use std::time::Duration;

use axum::{body::Body, http::Request};

use super::world::{Centre, SECRET, post, sign};

#[tokio::test]
async fn a_replayed_request_is_refused() {
    let centre = Centre::new().await;
    let instance = centre.tenant.to_string();
    let signed = centre.signed(&question(&instance), centre.app.now());
    assert_eq!(centre.send(post(&signed)).await.status, 200);
    let again = centre.send(post(&signed)).await;
    assert_eq!(again.json["Code"], "SignatureNonceUsed");
}

#[tokio::test]
async fn a_late_request_is_refused() {
    let centre = Centre::new().await;
    let instance = centre.tenant.to_string();
    let late = centre.app.now().minus(Duration::from_secs(16 * 60));
    let signed = centre.signed(&question(&instance), late);
    let answer = centre.send(post(&signed)).await;
    assert_eq!(answer.json["Code"], "InvalidTimeStamp.Expired");
}

#[tokio::test]
async fn a_forged_request_is_told_what_we_have_signed() {
    let centre = Centre::new().await;
    let instance = centre.tenant.to_string();
    let mut signed = centre.signed(&question(&instance), centre.app.now());
    signed.retain(|(name, _)| name != "Signature");
    let mut forged = signed.clone();
    sign(&mut signed);
    forged.push(("Signature".into(), "AAAA".into()));
    let answer = centre.send(post(&forged)).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json["Code"], "SignatureDoesNotMatch");
    let message = answer.json["Message"].as_str().unwrap();
    let (before, source) = message.split_once(':').unwrap();
    assert!(before.ends_with("server string to sign is"));
    assert!(source.starts_with("POST&%2F&AccessKeyId%3D"), "{source}");
    assert!(!message.contains(SECRET));
    // The forgery has not used the nonce up.
    assert_eq!(centre.send(post(&signed)).await.status, 200);
}

#[tokio::test]
async fn a_form_and_a_query_are_one() {
    let centre = Centre::new().await;
    let instance = centre.tenant.to_string();
    let signed = centre.signed(&question(&instance), centre.app.now());
    let whole = post(&signed).uri().query().unwrap().to_owned();
    let (query, form) = whole.split_once("&CallType").unwrap();
    let request = Request::post(format!("/?{query}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(format!("CallType{form}")))
        .unwrap();
    assert_eq!(centre.send(request).await.status, 200);
}

#[tokio::test]
async fn xml_is_answered_where_it_is_asked_for() {
    let centre = Centre::new().await;
    let answer = centre.dialogue("c", &[("Format", "XML")]).await;
    assert_eq!(
        (answer.status.as_u16(), answer.kind.as_str()),
        (200, "text/xml;charset=utf-8")
    );
    assert!(
        answer.text.contains("<DialogueResponse>"),
        "{}",
        answer.text
    );
    assert!(
        answer
            .text
            .contains("<Content>Hello, can you come?</Content>")
    );
    let refused = centre
        .dialogue("c", &[("Format", "xml"), ("InstanceId", "?")])
        .await;
    assert!(
        refused
            .text
            .contains("<Error><Code>NotExist.Instance</Code>"),
        "{}",
        refused.text
    );
}

fn question(instance: &str) -> [(&'static str, &str); 7] {
    [
        ("Action", "Dialogue"),
        ("InstanceId", instance),
        ("CallId", "c"),
        ("CallType", "Outbound"),
        ("CallingNumber", "1"),
        ("CalledNumber", "2"),
        ("Utterance", "是的 a+b~*'/"),
    ]
}
