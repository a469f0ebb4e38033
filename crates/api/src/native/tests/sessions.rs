//! Signing in, and what a browser may do then.

use axum::{
    body::Body,
    http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, SET_COOKIE},
};
use serde_json::{Value, json};

use super::world::{Answer, Centre, FIRST, OPERATOR, request};

const PASSWORD: &str = "correct horse";

/// A browser that somebody is signed in with.
pub(super) struct Tab {
    cookie: String,
    csrf: String,
}

impl Tab {
    /// Adds a person with these roles to the first instance, and signs them in.
    pub(super) async fn of(centre: &Centre, email: &str, roles: &[&str]) -> Self {
        add(centre, FIRST, email, json!({"roles": roles})).await;
        Self::sign_in(centre, email).await
    }

    pub(super) async fn sign_in(centre: &Centre, email: &str) -> Self {
        let answer = try_sign_in(centre, email, PASSWORD).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        Self::from_answer(&answer)
    }

    fn from_answer(answer: &Answer) -> Self {
        let cookie = answer.headers[SET_COOKIE].to_str().unwrap();
        Self {
            cookie: cookie.split(';').next().unwrap().to_owned(),
            csrf: answer.json["csrf"].as_str().unwrap_or_default().to_owned(),
        }
    }

    pub(super) async fn ask(
        &self,
        centre: &Centre,
        method: &str,
        path: &str,
        body: Value,
    ) -> Answer {
        self.ask_with(centre, method, path, body, &self.csrf).await
    }

    /// A request with the cookie.
    pub(super) fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        request(method, path, "").header(COOKIE, format!("theme=dark; {}", self.cookie))
    }

    async fn ask_with(
        &self,
        centre: &Centre,
        method: &str,
        path: &str,
        body: Value,
        csrf: &str,
    ) -> Answer {
        let asked = self
            .request(method, path)
            .header("x-csrf-token", csrf)
            .header(CONTENT_TYPE, "application/json");
        let body = if body.is_null() {
            Body::empty()
        } else {
            Body::from(body.to_string())
        };
        centre.send(asked.body(body).unwrap()).await
    }
}

pub(super) async fn add(centre: &Centre, token: &str, email: &str, more: Value) -> Value {
    let mut person = json!({"email": email, "name": "Lin", "password": PASSWORD});
    for (name, value) in more.as_object().unwrap() {
        person[name] = value.clone();
    }
    let path = if token == OPERATOR {
        format!("/api/v1/staff?instance={}", centre.first)
    } else {
        "/api/v1/staff".to_owned()
    };
    centre.expect(201, "post", &path, token, person).await
}

async fn try_sign_in(centre: &Centre, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    centre.ask("post", "/api/v1/session", "", body).await
}

#[tokio::test]
async fn a_browser_signs_in_is_known_and_signs_out() {
    let centre = Centre::new().await;
    let tab = Tab::of(&centre, "Lin@X.com", &["supervisor"]).await;
    let session = tab
        .ask(&centre, "get", "/api/v1/session", Value::Null)
        .await;
    assert_eq!(session.status, 200);
    assert_eq!(session.json["staff"]["email"], "lin@x.com");
    assert_eq!(session.json["staff"]["instance"], centre.first.0);
    assert_eq!(session.json["csrf"], tab.csrf);
    let out = tab
        .ask(&centre, "delete", "/api/v1/session", Value::Null)
        .await;
    assert_eq!(out.status, 204);
    assert!(
        out.headers[SET_COOKIE]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    tab.ask(&centre, "get", "/api/v1/session", Value::Null)
        .await
        .assert_problem(401, None, "after");
}

#[tokio::test]
async fn scripts_and_other_sites_do_not_get_the_cookie() {
    let centre = Centre::new().await;
    add(&centre, FIRST, "lin@x.com", json!({})).await;
    let answer = try_sign_in(&centre, "lin@x.com", PASSWORD).await;
    let cookie = answer.headers[SET_COOKIE].to_str().unwrap();
    for mark in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(mark), "{cookie}");
    }
}

#[tokio::test]
async fn a_change_without_the_sessions_secret_is_refused() {
    let centre = Centre::new().await;
    let tab = Tab::of(&centre, "lin@x.com", &["administrator"]).await;
    for csrf in ["", "0123456789abcdef0123456789abcdef"] {
        let body = json!({"name": "Sales", "kind": "chat"});
        tab.ask_with(&centre, "post", "/api/v1/skill-groups", body, csrf)
            .await
            .assert_problem(403, None, csrf);
    }
    let groups = tab
        .ask(&centre, "get", "/api/v1/skill-groups", Value::Null)
        .await;
    assert_eq!(groups.json["total"], 0);
}

#[tokio::test]
async fn roles_decide_what_a_person_may_do() {
    let centre = Centre::new().await;
    for (role, path, status) in [
        ("agent", "/api/v1/calls", 403),
        ("agent", "/api/v1/staff", 200),
        ("supervisor", "/api/v1/calls", 200),
        ("supervisor", "/api/v1/credentials", 403),
        ("supervisor", "/api/v1/audit", 403),
        ("designer", "/api/v1/voice-agents", 200),
        ("designer", "/api/v1/webhook-endpoints", 200),
        ("officer", "/api/v1/audit", 200),
        ("administrator", "/api/v1/credentials", 200),
        // Of one instance only.
        ("administrator", "/api/v1/trunks", 403),
    ] {
        let email = format!("{role}@x.com");
        let known = try_sign_in(&centre, &email, PASSWORD).await.status == 200;
        let tab = match known {
            true => Tab::sign_in(&centre, &email).await,
            false => Tab::of(&centre, &email, &[role]).await,
        };
        let answer = tab.ask(&centre, "get", path, Value::Null).await;
        assert_eq!(answer.status, status, "{role} {path}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_person_sees_their_instance_only_unless_they_work_everywhere() {
    let centre = Centre::new().await;
    let tab = Tab::of(&centre, "lin@x.com", &["administrator"]).await;
    let second = format!("/api/v1/voice-agents?instance={}", centre.second);
    tab.ask(&centre, "get", &second, Value::Null)
        .await
        .assert_problem(404, None, "second");
    let refused = json!({"email": "b@x.com", "name": "B", "everywhere": true});
    tab.ask(&centre, "post", "/api/v1/staff", refused)
        .await
        .assert_problem(403, None, "everywhere");
    let all = json!({"roles": ["administrator"], "everywhere": true});
    let boss = add(&centre, OPERATOR, "boss@x.com", all).await;
    let theirs = Tab::sign_in(&centre, "boss@x.com").await;
    let answer = theirs.ask(&centre, "get", &second, Value::Null).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    // Nor may who sees one instance take over the account of who sees all.
    let path = format!("/api/v1/staff/{}", boss["id"]);
    let password = json!({"password": "another horse"});
    tab.ask(&centre, "patch", &path, password)
        .await
        .assert_problem(403, None, "take over");
}

#[tokio::test]
async fn wrong_passwords_are_slowed_and_then_the_right_one_too() {
    let centre = Centre::new().await;
    add(&centre, FIRST, "lin@x.com", json!({})).await;
    for n in 0..5 {
        let answer = try_sign_in(&centre, "lin@x.com", "wrong horse").await;
        assert_eq!(answer.status, 401, "{n}");
    }
    let right = try_sign_in(&centre, "lin@x.com", PASSWORD).await;
    right.assert_problem(429, None, "right");
    assert!(right.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn an_unknown_account_is_told_the_same_as_a_wrong_password() {
    let centre = Centre::new().await;
    add(&centre, FIRST, "lin@x.com", json!({})).await;
    let wrong = try_sign_in(&centre, "lin@x.com", "wrong horse").await;
    let unknown = try_sign_in(&centre, "nobody@x.com", "wrong horse").await;
    assert_eq!(wrong.json["detail"], unknown.json["detail"]);
}

#[tokio::test]
async fn browsers_are_listed_and_can_be_signed_out() {
    let centre = Centre::new().await;
    let tab = Tab::of(&centre, "lin@x.com", &["agent"]).await;
    let other = Tab::sign_in(&centre, "lin@x.com").await;
    let list = tab
        .ask(&centre, "get", "/api/v1/sign-ins", Value::Null)
        .await;
    let items = list.json["items"].as_array().unwrap().clone();
    assert_eq!(items.len(), 2);
    assert_eq!(
        (&items[0]["own"], &items[1]["own"]),
        (&json!(true), &json!(false))
    );
    let path = format!("/api/v1/sign-ins/{}", items[1]["id"]);
    let gone = tab.ask(&centre, "delete", &path, Value::Null).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    other
        .ask(&centre, "get", "/api/v1/session", Value::Null)
        .await
        .assert_problem(401, None, "other");
}

#[tokio::test]
async fn one_signs_oneself_out_everywhere_but_here() {
    let centre = Centre::new().await;
    let tab = Tab::of(&centre, "lin@x.com", &["agent"]).await;
    let other = Tab::sign_in(&centre, "lin@x.com").await;
    let colleague = Tab::of(&centre, "wei@x.com", &["agent"]).await;
    let gone = tab
        .ask(&centre, "delete", "/api/v1/sign-ins", Value::Null)
        .await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    other
        .ask(&centre, "get", "/api/v1/session", Value::Null)
        .await
        .assert_problem(401, None, "other");
    for stays in [&tab, &colleague] {
        let session = stays.ask(&centre, "get", "/api/v1/session", Value::Null);
        assert_eq!(session.await.status, 200);
    }
    let log = centre
        .ask("get", "/api/v1/audit?limit=1", FIRST, Value::Null)
        .await;
    let entry = &log.json["items"][0];
    assert_eq!(
        (&entry["actor"], &entry["action"]),
        (&json!("lin@x.com"), &json!("delete /api/v1/sign-ins"))
    );
}

#[tokio::test]
async fn one_changes_ones_own_name_and_nothing_of_what_one_may() {
    let centre = Centre::new().await;
    let tab = Tab::of(&centre, "lin@x.com", &["agent"]).await;
    let change = json!({"name": "Lin Mei", "nick": "Mei"});
    let changed = tab.ask(&centre, "patch", "/api/v1/session", change).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let language = json!({"language": "zh-CN"});
    let changed = tab.ask(&centre, "patch", "/api/v1/session", language).await;
    let staff = &changed.json["staff"];
    assert_eq!(
        (&staff["name"], &staff["nick"], &staff["language"]),
        (&json!("Lin Mei"), &json!("Mei"), &json!("zh-CN"))
    );
    for (wrong, field) in [
        (json!({"name": ""}), "name"),
        (json!({"roles": ["administrator"]}), "roles"),
        (json!({"email": "boss@x.com"}), "email"),
    ] {
        tab.ask(&centre, "patch", "/api/v1/session", wrong)
            .await
            .assert_problem(422, Some(field), field);
    }
    let log = centre
        .ask("get", "/api/v1/audit?limit=1", FIRST, Value::Null)
        .await;
    assert_eq!(log.json["items"][0]["action"], "patch /api/v1/session");
}

#[tokio::test]
async fn a_new_password_signs_all_other_browsers_out() {
    let centre = Centre::new().await;
    let tab = Tab::of(&centre, "lin@x.com", &["agent"]).await;
    let other = Tab::sign_in(&centre, "lin@x.com").await;
    let wrong = json!({"present": "wrong horse", "password": "another horse"});
    tab.ask(&centre, "put", "/api/v1/session/password", wrong)
        .await
        .assert_problem(422, Some("present"), "wrong");
    let right = json!({"present": PASSWORD, "password": "another horse"});
    let answer = tab
        .ask(&centre, "put", "/api/v1/session/password", right)
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let fresh = Tab::from_answer(&answer);
    let session = fresh
        .ask(&centre, "get", "/api/v1/session", Value::Null)
        .await;
    assert_eq!(session.status, 200);
    other
        .ask(&centre, "get", "/api/v1/session", Value::Null)
        .await
        .assert_problem(401, None, "other");
    assert_eq!(
        try_sign_in(&centre, "lin@x.com", PASSWORD).await.status,
        401
    );
}

#[tokio::test]
async fn an_address_to_sign_in_by_is_good_once() {
    let centre = Centre::new().await;
    let lin = add(&centre, FIRST, "lin@x.com", json!({"roles": ["agent"]})).await;
    let id = model::StaffId(lin["id"].as_i64().unwrap());
    let minute = std::time::Duration::from_secs(60);
    let (token, _) = centre.app.sign_in_token(id, true, minute).await.unwrap();
    let path = format!("/sign-in/{token}");
    let entered = centre.ask("get", &path, "", Value::Null).await;
    assert_eq!(entered.status, 303);
    assert_eq!(entered.headers["location"], "/work");
    let tab = Tab::from_answer(&entered);
    let session = tab
        .ask(&centre, "get", "/api/v1/session", Value::Null)
        .await;
    assert_eq!(session.json["staff"]["email"], "lin@x.com");
    let again = centre.ask("get", &path, "", Value::Null).await;
    again.assert_problem(401, None, "again");
}

#[tokio::test]
async fn a_token_is_no_person_and_goes_before_the_cookie() {
    let centre = Centre::new().await;
    centre
        .ask("get", "/api/v1/session", FIRST, Value::Null)
        .await
        .assert_problem(403, None, "token");
    let tab = Tab::of(&centre, "lin@x.com", &["agent"]).await;
    let both = request("get", "/api/v1/credentials", "")
        .header(COOKIE, &tab.cookie)
        .header(AUTHORIZATION, format!("Bearer {FIRST}"))
        .body(Body::empty())
        .unwrap();
    assert_eq!(centre.send(both).await.status, 200);
}
