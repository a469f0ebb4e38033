//! The callbacks that followed.

use axum::{body::Body, http::Request};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::world::{Answer, Centre, KEY, SECRET};

#[tokio::test]
async fn words_come_as_events_and_the_last_says_what_to_do() {
    let centre = Centre::new().await;
    let begun = ask(&centre, "beginSession", "1", json!({})).await;
    assert_eq!(begun.kind, "text/event-stream;charset=utf-8");
    assert_eq!(words(&begun), ["Hello, can you come?"]);

    let keys = json!({"utterance": "", "extras": [{"dataType": "DTMF", "dtmf": "1"}]});
    let last = ask(&centre, "dialogue", "2", keys.clone()).await;
    assert_eq!(words(&last), ["Great.", "Great. Goodbye."]);
    let events = events(&last);
    assert_eq!(events[0]["data"]["streamEnd"], false);
    let end = &events[1]["data"];
    assert_eq!(
        (&end["streamEnd"], &end["streamId"]),
        (&json!(true), &json!("2"))
    );
    assert_eq!(
        end["controlParamsList"][0],
        json!({"type": "Voice", "interruptible": false})
    );
    assert_eq!(end["controlParamsList"][1]["type"], "HangUp");
    // The same turn, asked again.
    assert_eq!(
        words(&ask(&centre, "dialogue", "2", keys).await),
        ["Great.", "Great. Goodbye."]
    );

    let ended = ask(&centre, "endSession", "3", json!({})).await;
    assert_eq!(
        (ended.status.as_u16(), &ended.json["code"]),
        (200, &json!("OK"))
    );
}

#[tokio::test]
async fn strangers_and_nonsense_are_refused() {
    let centre = Centre::new().await;
    let stranger = Request::post("/proxy/beginSession")
        .body(Body::from("{}"))
        .unwrap();
    let refused = centre.send(stranger).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json["success"]),
        (400, &json!(false))
    );
    let nonsense = ask(&centre, "dialogue", "1", json!({"sessionId": 7})).await;
    assert_eq!(nonsense.json["code"], "InvalidParameter.Format");
    let lost = ask(&centre, "dialogue", "1", json!({"instanceId": "?"})).await;
    assert_eq!(lost.json["code"], "NotExist.Instance");
}

async fn ask(centre: &Centre, callback: &str, stream: &str, more: Value) -> Answer {
    let mut asking = json!({
        "requestId": "r",
        "tenantId": 1,
        "instanceId": centre.tenant.to_string(),
        "scriptId": "s",
        "sessionId": "c",
        "streamId": stream,
        "vendorParams": {"callingNumber": "1", "calledNumber": "2"},
    });
    for (name, value) in more.as_object().unwrap() {
        asking[name] = value.clone();
    }
    let basic = STANDARD.encode(format!("{KEY}:{SECRET}"));
    let request = Request::post(format!("/proxy/{callback}"))
        .header("authorization", format!("Basic {basic}"))
        .header("content-type", "application/json")
        .body(Body::from(asking.to_string()))
        .unwrap();
    centre.send(request).await
}

fn events(answer: &Answer) -> Vec<Value> {
    answer
        .text
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

fn words(answer: &Answer) -> Vec<String> {
    let told = |event: &Value| event["data"]["answer"].as_str().unwrap().to_owned();
    events(answer).iter().map(told).collect()
}
