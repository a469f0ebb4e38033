//! One instance never learns of another.

use serde_json::{Value, json};

use super::world::{Centre, FIRST, OPERATOR, SECOND};

#[tokio::test]
async fn ids_of_another_instance_are_not_found() {
    let centre = Centre::new().await;
    let agent = centre
        .expect(201, "post", "/api/v1/voice-agents", FIRST, agent())
        .await;
    let hook = json!({"url": "http://example.com/hook"});
    let hook = centre
        .expect(201, "post", "/api/v1/webhook-endpoints", FIRST, hook)
        .await;
    let credential = json!({"instances": [centre.first.0]});
    let credential = centre
        .expect(201, "post", "/api/v1/credentials", FIRST, credential)
        .await;
    let token = centre
        .expect(201, "post", "/api/v1/tokens", FIRST, json!({"name": "n"}))
        .await;
    for path in [
        format!("/api/v1/voice-agents/{}", agent["id"]),
        format!("/api/v1/webhook-endpoints/{}", hook["id"]),
        format!("/api/v1/credentials/{}", credential["id"].as_str().unwrap()),
        format!("/api/v1/tokens/{}", token["id"]),
        format!("/api/v1/instances/{}", centre.first),
    ] {
        centre.expect(200, "get", &path, FIRST, Value::Null).await;
        centre
            .ask("get", &path, SECOND, Value::Null)
            .await
            .assert_problem(404, None, &path);
        if !path.contains("instances") {
            centre
                .ask("delete", &path, SECOND, Value::Null)
                .await
                .assert_problem(404, None, &path);
        }
    }
}

#[tokio::test]
async fn lists_show_ones_own_things_only() {
    let centre = Centre::new().await;
    centre
        .expect(201, "post", "/api/v1/voice-agents", FIRST, agent())
        .await;
    for path in [
        "voice-agents",
        "webhook-endpoints",
        "credentials",
        "sounds",
        "calls",
        "do-not-call",
        "deliveries",
    ] {
        let list = centre
            .expect(200, "get", &format!("/api/v1/{path}"), SECOND, Value::Null)
            .await;
        assert_eq!(list["total"], 0, "{path}");
    }
    let list = centre
        .expect(200, "get", "/api/v1/instances", SECOND, Value::Null)
        .await;
    assert_eq!(list["items"][0]["name"], "second");
    assert_eq!(list["total"], 1);
}

#[tokio::test]
async fn naming_another_instance_does_not_help() {
    let centre = Centre::new().await;
    let path = format!("/api/v1/voice-agents?instance={}", centre.first);
    centre
        .ask("get", &path, SECOND, Value::Null)
        .await
        .assert_problem(404, None, "list");
    centre
        .ask("post", &path, SECOND, agent())
        .await
        .assert_problem(404, None, "create");
    let body = json!({"instances": [centre.first.0]});
    let answer = centre
        .ask("post", "/api/v1/credentials", SECOND, body)
        .await;
    answer.assert_problem(422, Some("instances[0]"), "credential");
    let body = json!({"name": "n", "instance": centre.first.0});
    centre
        .ask("post", "/api/v1/tokens", SECOND, body)
        .await
        .assert_problem(404, None, "token");
}

#[tokio::test]
async fn an_operator_says_whose_things_are_meant() {
    let centre = Centre::new().await;
    let path = format!("/api/v1/voice-agents?instance={}", centre.second);
    centre.expect(201, "post", &path, OPERATOR, agent()).await;
    let list = centre
        .expect(200, "get", "/api/v1/voice-agents", SECOND, Value::Null)
        .await;
    assert_eq!(list["total"], 1);
    let unknown = centre
        .ask(
            "get",
            "/api/v1/voice-agents?instance=5",
            OPERATOR,
            Value::Null,
        )
        .await;
    unknown.assert_problem(404, None, "unknown");
}

#[tokio::test]
async fn the_last_operator_token_cannot_be_removed() {
    let centre = Centre::new().await;
    let list = centre
        .expect(200, "get", "/api/v1/tokens", OPERATOR, Value::Null)
        .await;
    let items = list["items"].as_array().unwrap();
    let own = items
        .iter()
        .find(|token| token["instance"].is_null())
        .unwrap();
    let path = format!("/api/v1/tokens/{}", own["id"]);
    centre
        .ask("delete", &path, OPERATOR, Value::Null)
        .await
        .assert_problem(409, None, "last");
    let other = centre
        .expect(
            201,
            "post",
            "/api/v1/tokens",
            OPERATOR,
            json!({"name": "next"}),
        )
        .await;
    centre
        .expect(204, "delete", &path, OPERATOR, Value::Null)
        .await;
    centre
        .ask("get", &path, OPERATOR, Value::Null)
        .await
        .assert_problem(401, None, "removed");
    let next = other["token"].as_str().unwrap();
    centre
        .expect(200, "get", "/api/v1/tokens", next, Value::Null)
        .await;
}

fn agent() -> Value {
    json!({"name": "a", "definition": {"language": "en", "greeting": "Hello"}})
}
