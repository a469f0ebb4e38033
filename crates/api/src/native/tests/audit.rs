//! What a change leaves in the audit log.

use serde_json::{Value, json};

use super::{
    sessions::{Tab, add},
    world::{Centre, FIRST, OPERATOR, SECOND},
};

#[tokio::test]
async fn a_change_is_written_down_with_what_was_and_what_is() {
    let centre = Centre::new().await;
    let boss = Tab::of(&centre, "boss@x.com", &["administrator"]).await;
    let group = json!({"name": "Sales", "kind": "chat"});
    let made = boss
        .ask(&centre, "post", "/api/v1/skill-groups", group)
        .await;
    let path = format!("/api/v1/skill-groups/{}", made.json["id"]);
    boss.ask(&centre, "patch", &path, json!({"name": "Help"}))
        .await;
    boss.ask(&centre, "delete", &path, Value::Null).await;
    let log = entries(&centre, FIRST, "").await;
    let [removed, changed, created] = &log[..3] else {
        panic!("{log:?}");
    };
    assert_eq!(created["action"], "post /api/v1/skill-groups");
    assert_eq!(
        (&created["before"], &created["after"]["name"]),
        (&Value::Null, &json!("Sales"))
    );
    assert_eq!(changed["subject"], path);
    assert_eq!(
        (&changed["before"]["name"], &changed["after"]["name"]),
        (&json!("Sales"), &json!("Help"))
    );
    assert_eq!(
        (&removed["before"]["name"], &removed["after"]),
        (&json!("Help"), &Value::Null)
    );
    for entry in [created, changed, removed] {
        assert_eq!(
            (&entry["actor_kind"], &entry["actor"]),
            (&json!("staff"), &json!("boss@x.com"))
        );
        assert_eq!(entry["address"], "127.0.0.1");
    }
}

#[tokio::test]
async fn secrets_are_never_written_down() {
    let centre = Centre::new().await;
    add(&centre, FIRST, "lin@x.com", json!({})).await;
    let body = json!({"name": "ci"});
    let token = centre
        .expect(201, "post", "/api/v1/tokens", FIRST, body)
        .await;
    let body = json!({"instances": [centre.first.0]});
    let credential = centre
        .expect(201, "post", "/api/v1/credentials", FIRST, body)
        .await;
    let log = Value::from(entries(&centre, OPERATOR, "").await).to_string();
    for secret in [
        &token["token"],
        &credential["secret"],
        &json!("correct horse"),
    ] {
        let secret = secret.as_str().unwrap();
        assert!(!log.contains(secret), "{secret}");
    }
    assert!(log.contains("***"));
}

#[tokio::test]
async fn what_was_refused_is_written_down_too_and_reads_are_not() {
    let centre = Centre::new().await;
    centre
        .expect(404, "delete", "/api/v1/skill-groups/99", FIRST, Value::Null)
        .await;
    centre
        .expect(200, "get", "/api/v1/skill-groups", FIRST, Value::Null)
        .await;
    let log = entries(&centre, FIRST, "").await;
    assert_eq!(log.len(), 1);
    assert_eq!(
        (&log[0]["outcome"], &log[0]["actor_kind"]),
        (&json!("404"), &json!("token"))
    );
}

#[tokio::test]
async fn one_instance_does_not_see_what_another_did() {
    let centre = Centre::new().await;
    add(&centre, FIRST, "lin@x.com", json!({})).await;
    assert_eq!(entries(&centre, SECOND, "").await.len(), 0);
    assert_eq!(entries(&centre, FIRST, "").await.len(), 1);
    assert_eq!(entries(&centre, FIRST, "&actor=nobody").await.len(), 0);
    let pages = entries(&centre, OPERATOR, "&limit=1&offset=1").await;
    assert_eq!(pages.len(), 0);
}

#[tokio::test]
async fn the_chain_is_whole() {
    let centre = Centre::new().await;
    for n in 0..5 {
        add(&centre, FIRST, &format!("{n}@x.com"), json!({})).await;
    }
    let verified = centre
        .expect(200, "get", "/api/v1/audit/verify", OPERATOR, Value::Null)
        .await;
    assert_eq!(
        (&verified["whole"], &verified["entries"]),
        (&json!(true), &json!(5))
    );
    centre
        .expect(403, "get", "/api/v1/audit/verify", FIRST, Value::Null)
        .await;
}

async fn entries(centre: &Centre, token: &str, more: &str) -> Vec<Value> {
    let path = format!("/api/v1/audit?from=2020-01-01T00:00:00Z{more}");
    let log = centre.expect(200, "get", &path, token, Value::Null).await;
    log["items"].as_array().unwrap().clone()
}
