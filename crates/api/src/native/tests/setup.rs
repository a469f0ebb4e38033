//! The first minutes of an installation.

use axum::{body::Body, http::header};
use serde_json::{Value, json};

use super::world::{Centre, request};
use crate::native::{issue_setup_link, needs_setup};

#[tokio::test]
async fn before_set_up_only_the_set_up_page_answers() {
    let centre = Centre::bare().await;
    for path in [
        "/api/v1/instances",
        "/readyz",
        "/metrics",
        "/api/v1/openapi.json",
        "/nowhere",
    ] {
        centre
            .ask("get", path, "", Value::Null)
            .await
            .assert_problem(503, None, path);
    }
    centre.expect(200, "get", "/healthz", "", Value::Null).await;
    let page = centre.ask("get", "/setup", "", Value::Null).await;
    let policy = page.headers[header::CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap();
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert!(!page.text.contains("http"), "asks nobody else");
}

#[tokio::test]
async fn the_link_works_once_and_opens_the_house() {
    let centre = Centre::bare().await;
    let token = link(&centre).await;
    let made = centre
        .expect(201, "post", "/setup", "", json!({"token": token}))
        .await;
    let operator = made["token"].as_str().unwrap();
    assert_eq!(made["instance"], 1_400_000_001);
    let secret = made["secret_key"].as_str().unwrap();
    assert!(
        made["snippets"][0]["text"]
            .as_str()
            .unwrap()
            .contains(secret)
    );

    centre
        .expect(200, "get", "/api/v1/instances", operator, Value::Null)
        .await;
    let again = centre
        .ask("post", "/setup", "", json!({"token": token}))
        .await;
    again.assert_problem(403, None, "again");
    assert!(!needs_setup(centre.app.store()).await.unwrap());
    let now = centre.app.now();
    let none = issue_setup_link(centre.app.store(), "http://h", now)
        .await
        .unwrap();
    assert!(none.is_none(), "no link to a finished house");
}

#[tokio::test]
async fn set_up_makes_the_first_administrator_who_signs_in() {
    let centre = Centre::bare().await;
    let token = link(&centre).await;
    let boss = |password: &str| {
        json!({
            "token": token,
            "administrator": {
                "email": " Boss@Example.com", "name": "Boss", "password": password,
                "language": "zh-CN",
            },
        })
    };
    let short = centre.ask("post", "/setup", "", boss("1234567")).await;
    short.assert_problem(422, Some("administrator.password"), "short");
    centre
        .expect(201, "post", "/setup", "", boss("correct horse"))
        .await;
    let asked = json!({"email": "boss@example.com", "password": "correct horse"});
    let session = centre
        .expect(200, "post", "/api/v1/session", "", asked)
        .await;
    assert_eq!(session["staff"]["roles"], json!(["administrator"]));
    assert_eq!(session["staff"]["language"], "zh-CN");
    assert_eq!(session["staff"]["everywhere"], true);
}

#[tokio::test]
async fn a_new_link_makes_the_former_one_useless() {
    let centre = Centre::bare().await;
    let former = link(&centre).await;
    let token = link(&centre).await;
    let wrong = centre
        .ask("post", "/setup", "", json!({"token": former}))
        .await;
    wrong.assert_problem(403, None, "former");
    centre
        .expect(201, "post", "/setup", "", json!({"token": token}))
        .await;
}

#[tokio::test]
async fn an_expired_link_opens_nothing() {
    let centre = Centre::bare().await;
    let then = centre.app.now().minus(crate::native::SETUP_LINK_TTL);
    let link = issue_setup_link(centre.app.store(), "http://h", then)
        .await
        .unwrap()
        .unwrap();
    let token = link.url.split_once('#').unwrap().1;
    let late = centre
        .ask("post", "/setup", "", json!({"token": token}))
        .await;
    late.assert_problem(403, None, "late");
}

#[tokio::test]
async fn of_two_who_race_one_gets_in() {
    let centre = Centre::bare().await;
    let token = link(&centre).await;
    let finish = || async {
        let asked = request("post", "/setup", "")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(json!({"token": token}).to_string()))
            .unwrap();
        centre.send(asked).await.status.as_u16()
    };
    let (one, other) = tokio::join!(finish(), finish());
    assert_eq!([one.min(other), one.max(other)], [201, 403]);
}

async fn link(centre: &Centre) -> String {
    let link = issue_setup_link(centre.app.store(), "http://h", centre.app.now()).await;
    link.unwrap()
        .unwrap()
        .url
        .split_once("/setup#")
        .unwrap()
        .1
        .to_owned()
}
