//! One instance never learns of another.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::world::{Centre, FIRST, OPERATOR, SECOND};
use crate::native::{self, Native};

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

#[tokio::test]
async fn an_instance_cannot_make_us_push_into_the_operators_network() {
    let centre = Centre::new().await;
    let path = "/api/v1/webhook-endpoints";
    let inside = json!({"url": "http://169.254.169.254/latest"});
    let token_inside = json!({"url": "https://example.com/hook", "auth": {
        "type": "oauth2", "token_url": "http://[::1]:9000/token",
        "client_id": "c", "client_secret": "s",
    }});
    for (body, field) in [(&inside, "url"), (&token_inside, "auth.token_url")] {
        let refused = centre.ask("post", path, FIRST, body.clone()).await;
        refused.assert_problem(422, Some(field), field);
    }

    let of_first = format!("{path}?instance={}", centre.first.0);
    let hook = centre
        .expect(201, "post", &of_first, OPERATOR, inside.clone())
        .await;
    let one = format!("{path}/{}", hook["id"]);
    for (changes, status) in [
        (json!({"enabled": false}), 200),
        (json!({"url": "http://10.0.0.1/"}), 422),
    ] {
        centre.expect(status, "patch", &one, FIRST, changes).await;
    }
}

/// A name that is public when it is written down may lead inside when it is asked.
#[tokio::test]
async fn an_endpoint_reaches_inside_only_if_an_operator_named_its_address() {
    let centre = Centre::new().await;
    let path = "/api/v1/webhook-endpoints";
    let public = json!({"url": "https://example.com/hook"});
    let of_first = format!("{path}?instance={}", centre.first.0);
    let reaches = async |method: &str, path: &str, token, body: Value| {
        let status = if method == "post" { 201 } else { 200 };
        let hook = centre.expect(status, method, path, token, body).await;
        let id = model::WebhookEndpointId(hook["id"].as_i64().unwrap());
        let endpoint = centre.app.store().webhook_endpoint_any(id).await.unwrap();
        (
            endpoint.settings.reaches_private,
            format!("{path}/{}", id.0),
        )
    };
    let (theirs, one) = reaches("post", path, FIRST, public.clone()).await;
    assert!(!theirs);
    let operators_one = format!("{one}?instance={}", centre.first.0);
    let off = json!({"enabled": false});
    assert!(
        !reaches("patch", &operators_one, OPERATOR, off.clone())
            .await
            .0,
        "the address is theirs"
    );
    let (operators, one) = reaches("post", &of_first, OPERATOR, public).await;
    assert!(operators);
    let one = one.replace(&format!("?instance={}", centre.first.0), "");
    assert!(
        reaches("patch", &one, FIRST, off).await.0,
        "the address is the operator's"
    );
    let other = json!({"url": "https://example.org/hook"});
    assert!(!reaches("patch", &one, FIRST, other).await.0);
}

#[tokio::test]
async fn a_new_instance_is_welcomed_before_it_is_shown() {
    let mut centre = Centre::new().await;
    let welcomed = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&welcomed);
    let native = Native::new(centre.app.clone(), |_, _, _| String::new(), true);
    let native = native.welcoming(Box::new(move |tenant| {
        heard.lock().unwrap().push(tenant.0);
        Box::pin(std::future::ready(()))
    }));
    centre.routes = native::router(&native);
    let made = centre
        .expect(
            201,
            "post",
            "/api/v1/instances",
            OPERATOR,
            json!({"name": "new"}),
        )
        .await;
    assert_eq!(*welcomed.lock().unwrap(), [made["id"].as_i64().unwrap()]);
}
