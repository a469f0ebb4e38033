//! Versions of a voice agent: seen, compared, brought back.

use serde_json::{Value, json};

use super::world::{Centre, FIRST, SECOND};

#[tokio::test]
async fn a_version_is_brought_back_as_a_new_one() {
    let centre = Centre::new().await;
    let agent = body("Lily", "Hello.");
    let agent = centre
        .expect(201, "post", "/api/v1/voice-agents", FIRST, agent)
        .await;
    let one = format!("/api/v1/voice-agents/{}", agent["id"]);
    let mut next = body("Rose", "Good day.");
    next["version"] = json!(1);
    centre.expect(200, "put", &one, FIRST, next).await;

    let all = format!("{one}/versions");
    let list = centre.expect(200, "get", &all, FIRST, Value::Null).await;
    let known = |list: &Value| -> Vec<(i64, String)> {
        let items = list["items"].as_array().unwrap().iter();
        items
            .map(|it| {
                (
                    it["version"].as_i64().unwrap(),
                    it["name"].as_str().unwrap().to_owned(),
                )
            })
            .collect()
    };
    assert_eq!(
        known(&list),
        [(2, "Rose".to_owned()), (1, "Lily".to_owned())]
    );
    let first = centre
        .expect(200, "get", &format!("{all}/1"), FIRST, Value::Null)
        .await;
    assert_eq!(first["definition"]["greeting"], "Hello.");

    let restore = format!("{all}/1/restore");
    let overtaken = centre
        .ask("post", &restore, FIRST, json!({"version": 1}))
        .await;
    overtaken.assert_problem(412, None, "overtaken");
    let back = centre
        .expect(200, "post", &restore, FIRST, json!({"version": 2}))
        .await;
    assert_eq!(
        (
            &back["version"],
            &back["name"],
            &back["definition"]["greeting"]
        ),
        (&json!(3), &json!("Lily"), &json!("Hello."))
    );
    let list = centre.expect(200, "get", &all, FIRST, Value::Null).await;
    assert_eq!(list["total"], 3);
}

#[tokio::test]
async fn versions_are_seen_by_their_owner_only() {
    let centre = Centre::new().await;
    let agent = centre
        .expect(
            201,
            "post",
            "/api/v1/voice-agents",
            FIRST,
            body("Lily", "Hello."),
        )
        .await;
    let all = format!("/api/v1/voice-agents/{}/versions", agent["id"]);
    for path in [all.clone(), format!("{all}/1")] {
        centre
            .ask("get", &path, SECOND, Value::Null)
            .await
            .assert_problem(404, None, &path);
    }
    for path in [format!("{all}/2"), format!("{all}/x")] {
        centre
            .ask("get", &path, FIRST, Value::Null)
            .await
            .assert_problem(404, None, &path);
    }
    let restore = format!("{all}/1/restore");
    centre
        .ask("post", &restore, SECOND, json!({"version": 1}))
        .await
        .assert_problem(404, None, "restore");
    centre
        .ask("post", &restore, FIRST, json!({}))
        .await
        .assert_problem(422, Some("version"), "which version is replaced");
}

fn body(name: &str, greeting: &str) -> Value {
    json!({
        "name": name,
        "definition": {"language": "en", "greeting": greeting, "goodbye": "Bye."},
    })
}
