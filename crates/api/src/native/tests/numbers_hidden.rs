//! Telephone numbers before people whose roles do not show them.

use std::time::Duration;

use axum::body::Body;
use futures::StreamExt as _;
use model::{CallEvent, CallId, Direction, E164};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{
    sessions::Tab,
    world::{Centre, FIRST},
};

const NUMBER: &str = "+8613800138000";

#[tokio::test]
async fn who_writes_agents_sees_the_ends_of_numbers_only() {
    let centre = Centre::new().await;
    let paths = with_a_contact(&centre).await;
    let supervisor = Tab::of(&centre, "boss@x.com", &["supervisor"]).await;
    let designer = Tab::of(&centre, "mei@x.com", &["designer"]).await;
    for path in &paths {
        let whole = supervisor.ask(&centre, "get", path, Value::Null).await;
        assert!(whole.text.contains(NUMBER), "{path}: {}", whole.text);
        let hidden = designer.ask(&centre, "get", path, Value::Null).await;
        assert_eq!(hidden.status, 200, "{path}");
        assert!(!hidden.text.contains("0138000"), "{path}: {}", hidden.text);
        assert!(hidden.text.contains("+86138****8000"), "{path}");
        assert_eq!(hidden.text.len(), whole.text.len(), "{path}");
    }
    let program = centre.ask("get", &paths[0], FIRST, Value::Null).await;
    assert!(program.text.contains(NUMBER), "tokens see everything");
}

#[tokio::test]
async fn tables_and_pictures_hide_them_too() {
    let centre = Centre::new().await;
    let call = with_a_call(&centre).await;
    let supervisor = Tab::of(&centre, "boss@x.com", &["supervisor"]).await;
    let designer = Tab::of(&centre, "mei@x.com", &["designer"]).await;
    for path in [
        "/api/v1/calls".to_owned(),
        "/api/v1/calls.csv".to_owned(),
        format!("/api/v1/calls/{call}"),
        format!("/api/v1/calls/{call}/events"),
        format!("/api/v1/calls/{call}/picture.svg"),
    ] {
        let whole = supervisor.ask(&centre, "get", &path, Value::Null).await;
        assert!(whole.text.contains(NUMBER), "{path}: {}", whole.text);
        let hidden = designer.ask(&centre, "get", &path, Value::Null).await;
        assert_eq!(hidden.status, 200, "{path}");
        assert!(!hidden.text.contains("0138000"), "{path}: {}", hidden.text);
        assert!(
            hidden.text.contains("+86138****8000"),
            "{path}: {}",
            hidden.text
        );
    }
}

#[tokio::test]
async fn live_events_hide_them_too() {
    let centre = Centre::new().await;
    let supervisor = Tab::of(&centre, "boss@x.com", &["supervisor"]).await;
    let designer = Tab::of(&centre, "mei@x.com", &["designer"]).await;
    let after = centre.app.store().last_seq().await.unwrap();
    with_a_call(&centre).await;
    let path = format!("/api/v1/events?after={after}");
    let whole = first_event(&centre, &supervisor, &path).await;
    assert!(whole.contains(NUMBER), "{whole}");
    let hidden = first_event(&centre, &designer, &path).await;
    assert!(hidden.contains("requested"), "{hidden}");
    assert!(!hidden.contains("0138000"), "{hidden}");
    assert!(hidden.contains("+86138****8000"), "{hidden}");
}

#[tokio::test]
async fn who_has_two_roles_has_the_rights_of_both() {
    let centre = Centre::new().await;
    let paths = with_a_contact(&centre).await;
    let both = Tab::of(&centre, "mei@x.com", &["designer", "officer"]).await;
    let answer = both.ask(&centre, "get", &paths[0], Value::Null).await;
    assert!(answer.text.contains(NUMBER), "{}", answer.text);
}

#[tokio::test]
async fn a_table_of_calls_is_for_spreadsheets() {
    let centre = Centre::new().await;
    let answer = centre
        .ask("get", "/api/v1/calls.csv", FIRST, Value::Null)
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    assert!(answer.text.starts_with("\u{feff}id,direction,"));
    assert!(answer.text.ends_with("\r\n"));
    centre
        .ask("get", "/api/v1/calls.csv?number=12", FIRST, Value::Null)
        .await
        .assert_problem(422, Some("number"), "no number");
}

/// Paths that show a number of somebody.
async fn with_a_contact(centre: &Centre) -> Vec<String> {
    let agent = json!({"name": "Bot", "definition": {"language": "en", "greeting": "Hello.", "goodbye": "Bye."}});
    let agent = centre
        .expect(201, "post", "/api/v1/voice-agents", FIRST, agent)
        .await;
    let campaign = json!({"name": "Autumn", "voice_agent": agent["id"]});
    let campaign = centre
        .expect(201, "post", "/api/v1/campaigns", FIRST, campaign)
        .await;
    let path = format!("/api/v1/campaigns/{}", campaign["id"].as_str().unwrap());
    let pause = format!("{path}/pause");
    centre.expect(204, "post", &pause, FIRST, Value::Null).await;
    let contacts = format!("{path}/contacts");
    let people = json!({"contacts": [{"numbers": [NUMBER]}]});
    centre.expect(200, "post", &contacts, FIRST, people).await;
    let list = json!({"numbers": [NUMBER]});
    centre
        .expect(200, "post", "/api/v1/do-not-call", FIRST, list)
        .await;
    vec![contacts, "/api/v1/do-not-call".to_owned()]
}

/// A call to the number, which is being dialled.
async fn with_a_call(centre: &Centre) -> CallId {
    let id = CallId("8f31c0de-0000-4000-8000-000000000001".to_owned());
    let requested = CallEvent::Requested {
        tenant: centre.first,
        direction: Direction::Outbound,
        caller: E164::parse("+8675512345678", "86").unwrap(),
        callee: E164::parse(NUMBER, "86").unwrap(),
        voice_agent: None,
        voice_agent_name: "Lily".to_owned(),
        voice_agent_version: 1,
        trunk: None,
        variables: Vec::new(),
        user_data: None,
        ring_time_max: Duration::from_secs(60),
        credential: None,
    };
    let events = [(centre.app.now(), requested)];
    let store = centre.app.store();
    store.begin_call(&id, &events, &[]).await.unwrap();
    id
}

/// What a browser gets of a stream until the first event has come whole.
async fn first_event(centre: &Centre, tab: &Tab, path: &str) -> String {
    let asked = tab.request("get", path).body(Body::empty()).unwrap();
    let response = centre.routes.clone().oneshot(asked).await.unwrap();
    assert_eq!(response.status(), 200);
    let mut stream = response.into_body().into_data_stream();
    let mut text = String::new();
    while !(text.contains("data:") && text.ends_with("\n\n")) {
        let piece = tokio::time::timeout(Duration::from_secs(20), stream.next()).await;
        let piece = piece.expect("an event comes").unwrap().unwrap();
        text.push_str(&String::from_utf8_lossy(&piece));
    }
    text
}
