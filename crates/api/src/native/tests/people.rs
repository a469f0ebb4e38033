//! Staff, skill groups and statuses.

use serde_json::{Value, json};

use super::{
    sessions::{Tab, add},
    world::{Centre, FIRST, OPERATOR, SECOND},
};

#[tokio::test]
async fn a_person_is_added_changed_and_removed() {
    let centre = Centre::new().await;
    let more = json!({"phone": "+8613800138000", "staff_number": "7", "extension": "1001"});
    let lin = add(&centre, FIRST, "lin@x.com", more).await;
    assert!(lin.get("password").is_none(), "never shown: {lin}");
    let path = format!("/api/v1/staff/{}", lin["id"]);
    let change =
        json!({"name": "Lin Wei", "phone": null, "roles": ["agent", "supervisor", "agent"]});
    let changed = centre.expect(200, "patch", &path, FIRST, change).await;
    assert_eq!(changed["name"], "Lin Wei");
    assert_eq!(changed["phone"], Value::Null);
    assert_eq!(changed["roles"], json!(["supervisor", "agent"]));
    assert_eq!(changed["extension"], "1001");
    centre.expect(404, "get", &path, SECOND, Value::Null).await;
    centre
        .expect(204, "delete", &path, FIRST, Value::Null)
        .await;
    centre.expect(404, "get", &path, FIRST, Value::Null).await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_named() {
    let centre = Centre::new().await;
    add(&centre, FIRST, "lin@x.com", json!({})).await;
    for (body, status, field) in [
        (json!({"email": "lin", "name": "L"}), 422, Some("email")),
        (json!({"email": "a@x.com"}), 422, Some("name")),
        (
            json!({"email": "a@x.com", "name": "A", "roles": []}),
            422,
            Some("roles"),
        ),
        (
            json!({"email": "a@x.com", "name": "A", "roles": ["root"]}),
            422,
            Some("roles[0]"),
        ),
        (
            json!({"email": "a@x.com", "name": "A", "password": "short"}),
            422,
            Some("password"),
        ),
        (
            json!({"email": "a@x.com", "name": "A", "extension": "9001"}),
            422,
            Some("extension"),
        ),
        (json!({"email": "LIN@x.com", "name": "A"}), 409, None),
    ] {
        let of = body.to_string();
        let answer = centre.ask("post", "/api/v1/staff", FIRST, body).await;
        answer.assert_problem(status, field, &of);
    }
}

#[tokio::test]
async fn groups_are_joined_and_listed() {
    let centre = Centre::new().await;
    let group = json!({"name": "Sales", "kind": "chat", "concurrency_max": 3});
    let group = centre
        .expect(201, "post", "/api/v1/skill-groups", FIRST, group)
        .await;
    let lin = add(&centre, FIRST, "lin@x.com", json!({})).await;
    add(&centre, FIRST, "wei@x.com", json!({})).await;
    let path = format!("/api/v1/staff/{}/skill-groups", lin["id"]);
    let join = json!({"skill_groups": [{"skill_group": group["id"], "priority": 1}]});
    let joined = centre.expect(200, "put", &path, FIRST, join).await;
    assert_eq!(joined["skill_groups"][0]["priority"], 1);
    let list = format!("/api/v1/staff?skill_group={}", group["id"]);
    let list = centre.expect(200, "get", &list, FIRST, Value::Null).await;
    assert_eq!(list["total"], 1);
    let one = format!("/api/v1/skill-groups/{}", group["id"]);
    for (change, status) in [
        (json!({"kind": "phone"}), 422),
        (json!({"concurrency_max": 101}), 422),
        (json!({"name": "Help"}), 200),
    ] {
        centre.expect(status, "patch", &one, FIRST, change).await;
    }
    centre.expect(204, "delete", &one, FIRST, Value::Null).await;
    let lin = format!("/api/v1/staff/{}", lin["id"]);
    let lin = centre.expect(200, "get", &lin, FIRST, Value::Null).await;
    assert_eq!(lin["skill_groups"], json!([]));
}

#[tokio::test]
async fn people_choose_their_own_status_and_supervisors_that_of_others() {
    let centre = Centre::new().await;
    let agent = Tab::of(&centre, "lin@x.com", &["agent"]).await;
    let boss = Tab::of(&centre, "boss@x.com", &["supervisor"]).await;
    let own = agent
        .ask(&centre, "get", "/api/v1/session", Value::Null)
        .await;
    let own = format!("/api/v1/staff/{}/status", own.json["staff"]["id"]);
    let rest = || json!({"status": "rest", "reason": "lunch"});
    let set = agent.ask(&centre, "put", &own, rest()).await;
    assert_eq!(set.json["presence"]["status"], "rest", "{}", set.text);
    let shown = boss
        .ask(&centre, "put", &own, json!({"status": "free"}))
        .await;
    assert_eq!(shown.json["presence"]["status"], "free");
    let theirs = boss
        .ask(&centre, "get", "/api/v1/session", Value::Null)
        .await;
    let theirs = format!("/api/v1/staff/{}/status", theirs.json["staff"]["id"]);
    agent
        .ask(&centre, "put", &theirs, rest())
        .await
        .assert_problem(403, None, "others");
    agent
        .ask(&centre, "put", &own, json!({"status": "busy"}))
        .await
        .assert_problem(422, Some("status"), "busy");
    let history = format!("{own}-history");
    let history = agent.ask(&centre, "get", &history, Value::Null).await;
    let told: Vec<_> = history.json["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["status"].as_str().unwrap())
        .collect();
    assert_eq!(told, ["rest", "free"]);
}

#[tokio::test]
async fn who_is_sent_offline_is_signed_out_and_waits_to_be_restored() {
    let centre = Centre::new().await;
    let agent = Tab::of(&centre, "lin@x.com", &["agent"]).await;
    let own = agent
        .ask(&centre, "get", "/api/v1/session", Value::Null)
        .await;
    let path = format!("/api/v1/staff/{}", own.json["staff"]["id"]);
    let status = |status: &str| json!({"status": status});
    centre
        .expect(200, "put", &format!("{path}/status"), FIRST, status("free"))
        .await;
    centre
        .expect(409, "delete", &path, FIRST, Value::Null)
        .await;
    let sent = centre
        .expect(
            200,
            "post",
            &format!("{path}/force-offline"),
            FIRST,
            Value::Null,
        )
        .await;
    assert_eq!(sent["presence"]["forced_offline"], true);
    agent
        .ask(&centre, "get", "/api/v1/session", Value::Null)
        .await
        .assert_problem(401, None, "signed out");
    centre
        .expect(409, "put", &format!("{path}/status"), FIRST, status("free"))
        .await;
    centre
        .expect(200, "post", &format!("{path}/restore"), FIRST, Value::Null)
        .await;
    centre
        .expect(200, "put", &format!("{path}/status"), FIRST, status("free"))
        .await;
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let centre = Centre::new().await;
    let all = || json!({"roles": ["administrator"], "everywhere": true});
    let boss = add(&centre, OPERATOR, "boss@x.com", all()).await;
    let path = format!("/api/v1/staff/{}", boss["id"]);
    centre
        .expect(409, "delete", &path, OPERATOR, Value::Null)
        .await;
    let less = json!({"roles": ["agent"]});
    centre
        .expect(409, "patch", &path, OPERATOR, less.clone())
        .await;
    add(&centre, OPERATOR, "other@x.com", all()).await;
    centre.expect(200, "patch", &path, OPERATOR, less).await;
    centre
        .expect(204, "delete", &path, OPERATOR, Value::Null)
        .await;
}

#[tokio::test]
async fn the_overview_counts_people_and_calls() {
    let centre = Centre::new().await;
    let lin = add(&centre, FIRST, "lin@x.com", json!({})).await;
    let path = format!("/api/v1/staff/{}/status", lin["id"]);
    centre
        .expect(200, "put", &path, FIRST, json!({"status": "free"}))
        .await;
    let shown = centre
        .expect(200, "get", "/api/v1/overview", FIRST, Value::Null)
        .await;
    assert_eq!(shown["staff"][0], json!({"status": "free", "count": 1}));
    assert_eq!(
        shown["calls"],
        json!({"live": 0, "today": 0, "answered_today": 0})
    );
    assert_eq!(shown["health"], "good");
}
