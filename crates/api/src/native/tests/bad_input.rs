//! Whatever is sent to whichever route: a problem that names the field, and nothing changed.

use std::net::{IpAddr, Ipv4Addr};

use axum::{body::Body, http::header};
use serde_json::{Value, json};

use super::world::{Centre, FIRST, OPERATOR, request, request_from};
use crate::native::{
    admit::Access,
    table::{Row, Takes, rows},
};

#[tokio::test]
async fn no_route_takes_a_missing_or_unknown_token() {
    let centre = Centre::new().await;
    for (n, row) in guarded().enumerate() {
        let path = real_path(&row);
        let answer = centre.ask(row.method, &path, "", Value::Null).await;
        answer.assert_problem(401, None, &path);
        assert!(
            answer.headers.contains_key(header::WWW_AUTHENTICATE),
            "{path}"
        );
        let from = IpAddr::V4(Ipv4Addr::new(10, 0, 0, u8::try_from(n).unwrap()));
        let asked = request_from(from, row.method, &path, "swb_wrong")
            .body(Body::empty())
            .unwrap();
        centre.send(asked).await.assert_problem(401, None, &path);
    }
}

#[tokio::test]
async fn guessing_tokens_is_slowed_by_address() {
    let centre = Centre::new().await;
    let from = IpAddr::V4(Ipv4Addr::new(10, 9, 9, 9));
    let mut status = 401;
    for _ in 0..100 {
        let asked = request_from(from, "get", "/api/v1/calls", "swb_wrong")
            .body(Body::empty())
            .unwrap();
        let answer = centre.send(asked).await;
        status = answer.status.as_u16();
        if status == 429 {
            answer.assert_problem(429, None, "guess");
            assert!(answer.headers.contains_key(header::RETRY_AFTER));
            break;
        }
    }
    assert_eq!(status, 429);

    for (token, status) in [
        // Somebody else behind the same address has a token, and is served; that forgives.
        (OPERATOR, 200),
        ("swb_wrong", 401),
    ] {
        let asked = request_from(from, "get", "/api/v1/instances", token)
            .body(Body::empty())
            .unwrap();
        assert_eq!(centre.send(asked).await.status, status, "{token}");
    }
}

#[tokio::test]
async fn operator_routes_are_closed_to_an_instance() {
    let centre = Centre::new().await;
    for row in rows()
        .into_iter()
        .filter(|row| row.access == Access::Operator)
    {
        let path = real_path(&row);
        let answer = centre.ask(row.method, &path, FIRST, json!({})).await;
        answer.assert_problem(403, None, &path);
    }
}

#[tokio::test]
async fn no_route_takes_a_parameter_that_it_does_not_know() {
    let centre = Centre::new().await;
    for row in guarded().filter(|row| row.asks.is_some()) {
        let path = format!("{}?surprise=1", real_path(&row));
        let answer = centre.ask(row.method, &path, OPERATOR, json!({})).await;
        answer.assert_problem(422, Some("surprise"), &path);
    }
}

#[tokio::test]
async fn no_route_takes_a_body_that_is_not_what_it_asks_for() {
    let centre = Centre::new().await;
    let instance = centre.first;
    for row in guarded().filter(|row| !matches!(row.takes, Takes::Nothing)) {
        let of_instance = row.asks.is_some_and(|asks| {
            let schema = asks(&mut schemars::SchemaGenerator::default());
            schema
                .get("properties")
                .is_some_and(|fields| fields.get("instance").is_some())
        });
        let query = if of_instance {
            format!("?instance={instance}")
        } else {
            String::new()
        };
        let path = format!("{}{query}", real_path(&row));
        let send = async |kind: &str, body: String| {
            let asked = request(row.method, &path, OPERATOR).header(header::CONTENT_TYPE, kind);
            centre.send(asked.body(Body::from(body)).unwrap()).await
        };
        send("text/plain", "{}".into())
            .await
            .assert_problem(415, None, &path);
        for malformed in ["", "{", "\u{0}"] {
            send("application/json", malformed.into())
                .await
                .assert_problem(400, None, &path);
        }
        for other in ["[]", "5", "\"x\"", "null"] {
            send("application/json", other.into())
                .await
                .assert_problem(422, None, &path);
        }
        let huge = format!("\"{}\"", "a".repeat(6 * 1024 * 1024));
        send("application/json", huge)
            .await
            .assert_problem(413, None, &path);
        let unknown = send("application/json", r#"{"surprise":1}"#.into()).await;
        if unknown.status != 404 {
            unknown.assert_problem(422, Some("surprise"), &path);
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found_under_any_name() {
    let centre = Centre::new().await;
    for row in guarded().filter(|row| row.path.contains('{') && matches!(row.takes, Takes::Nothing))
    {
        for id in [
            "999999",
            "zzz",
            "%2B12025550100",
            "-1",
            "..%2F..%2Fetc",
            &"9".repeat(80),
        ] {
            let path = row
                .path
                .replace("{id}", id)
                .replace("{number}", id)
                .replace("{version}", "1");
            let answer = centre.ask(row.method, &path, FIRST, Value::Null).await;
            if row.access != Access::Operator {
                answer.assert_problem(404, None, &path);
            }
        }
    }
    let nowhere = centre
        .ask("get", "/api/v1/nowhere", OPERATOR, Value::Null)
        .await;
    nowhere.assert_problem(404, None, "nowhere");
    let wrong = centre
        .ask("put", "/api/v1/instances", OPERATOR, json!({}))
        .await;
    wrong.assert_problem(405, None, "method");
    assert!(wrong.headers.contains_key(header::ALLOW));
}

#[tokio::test]
async fn every_field_is_bounded_and_named() {
    let centre = Centre::new().await;
    let first = centre.first.0;
    let long = "x".repeat(5000);
    let agent = json!({"language": "en", "greeting": "Hello"});
    for (method, path, body, field) in [
        ("post", "/instances", json!({"name": ""}), "name"),
        ("post", "/instances", json!({"name": "a\u{0}"}), "name"),
        ("post", "/instances", json!({"name": 5}), "name"),
        ("post", "/instances", json!({}), "name"),
        (
            "post",
            "/instances",
            json!({"name": "a", "time_zone": "Mars/Base"}),
            "time_zone",
        ),
        (
            "post",
            "/instances",
            json!({"name": "a", "country_code": "0086"}),
            "country_code",
        ),
        (
            "post",
            "/credentials",
            json!({"instances": []}),
            "instances",
        ),
        (
            "post",
            "/credentials",
            json!({"instances": [5]}),
            "instances[0]",
        ),
        (
            "post",
            "/credentials",
            json!({"instances": [first], "actions": [long]}),
            "actions[0]",
        ),
        ("post", "/tokens", json!({"name": long}), "name"),
        (
            "post",
            "/trunks",
            json!({"name": "t", "host": "a b"}),
            "host",
        ),
        (
            "post",
            "/trunks",
            json!({"name": "t", "host": "h\r\nVia: x"}),
            "host",
        ),
        (
            "post",
            "/trunks",
            json!({"name": "t", "host": "h", "port": 70000}),
            "port",
        ),
        (
            "post",
            "/trunks",
            json!({"name": "t", "host": "h", "transport": "carrier pigeon"}),
            "transport",
        ),
        (
            "post",
            "/trunks",
            json!({"name": "t", "host": "h", "codecs": []}),
            "codecs",
        ),
        (
            "post",
            "/trunks",
            json!({"name": "t", "host": "h", "password": "p"}),
            "user",
        ),
        (
            "post",
            "/trunks",
            json!({"name": "t", "host": "h", "channels_max": 0}),
            "channels_max",
        ),
        (
            "post",
            "/trunks",
            json!({"name": "t", "host": "h", "prefix_rules": [{"prefix": "x", "strip": 0, "prepend": ""}]}),
            "prefix_rules[0].prefix",
        ),
        (
            "post",
            "/trunks",
            json!({"name": "t", "host": "h", "callee_prefixes": ["+86"]}),
            "callee_prefixes[0]",
        ),
        (
            "post",
            "/trunks",
            json!({"name": "t", "host": "h", "media_timeout_second": 4}),
            "media_timeout_second",
        ),
        (
            "post",
            "/extensions?instance=F",
            json!({"number": "1001", "name": "Desk", "media_timeout_second": 3601}),
            "media_timeout_second",
        ),
        (
            "post",
            "/numbers",
            json!({"number": "12", "trunk": 1, "instance": first}),
            "number",
        ),
        (
            "post",
            "/numbers",
            json!({"number": "+12025550100", "trunk": 99, "instance": first}),
            "trunk",
        ),
        (
            "post",
            "/voice-agents?instance=F",
            json!({"name": "a", "definition": {"language": "en", "greting": "x"}}),
            "definition.greting",
        ),
        (
            "post",
            "/voice-agents?instance=F",
            json!({"name": long, "definition": agent}),
            "name",
        ),
        (
            "post",
            "/sounds?instance=F",
            json!({"name": "a", "url": "file:///etc/passwd"}),
            "url",
        ),
        (
            "put",
            "/call-rules?instance=F",
            json!({"working_hours": [{"days": ["monday"], "from": "18:00", "to": "09:00"}]}),
            "working_hours[0].to",
        ),
        (
            "put",
            "/call-rules?instance=F",
            json!({"working_hours": [{"days": ["someday"], "from": "08:00", "to": "09:00"}]}),
            "working_hours[0].days[0]",
        ),
        (
            "put",
            "/call-rules?instance=F",
            json!({"working_hours": [{"days": ["monday"], "from": "8:000", "to": "09:00"}]}),
            "working_hours[0].from",
        ),
        (
            "put",
            "/call-rules?instance=F",
            json!({"callee_interval": {"calls_max": 0, "window_second": 1}}),
            "callee_interval.calls_max",
        ),
        (
            "post",
            "/do-not-call?instance=F",
            json!({"numbers": ["+12025550100", "x"]}),
            "numbers[1]",
        ),
        (
            "put",
            "/quotas?instance=F",
            json!({"call_minutes": -1}),
            "call_minutes",
        ),
        (
            "put",
            "/quotas?instance=F",
            json!({"call_until": "soon"}),
            "call_until",
        ),
        (
            "post",
            "/webhook-endpoints?instance=F",
            json!({"url": "ftp://example.com"}),
            "url",
        ),
        (
            "post",
            "/webhook-endpoints?instance=F",
            json!({"url": "http://example.com/?action=x"}),
            "url",
        ),
        (
            "post",
            "/webhook-endpoints?instance=F",
            json!({"url": "http://example.com", "auth": {"type": "basic", "user": "u"}}),
            "auth.password",
        ),
        (
            "post",
            "/webhook-endpoints?instance=F",
            json!({"url": "http://example.com", "topics": ["gossip"]}),
            "topics[0]",
        ),
        (
            "post",
            "/calls?instance=F",
            json!({"voice_agent": 1, "callee": "alice"}),
            "callee",
        ),
        (
            "post",
            "/calls?instance=F",
            json!({"voice_agent": "1", "callee": "+12025550100"}),
            "voice_agent",
        ),
        (
            "post",
            "/calls?instance=F",
            json!({"voice_agent": 1, "callee": "+12025550100", "ring_second_max": 0}),
            "ring_second_max",
        ),
        (
            "post",
            "/calls?instance=F",
            json!({"voice_agent": 1, "callee": "+12025550100", "user_data": "你".repeat(400)}),
            "user_data",
        ),
        (
            "post",
            "/calls?instance=F",
            json!({"voice_agent": 1, "callee": "+12025550100", "variables": {"": "x"}}),
            "variables",
        ),
        ("get", "/calls?instance=F&limit=201", Value::Null, "limit"),
        ("get", "/calls?instance=F&offset=-1", Value::Null, "offset"),
        ("get", "/calls?instance=F&from=today", Value::Null, "from"),
        (
            "get",
            "/deliveries?instance=F&state=lost",
            Value::Null,
            "state",
        ),
        ("get", "/voice-agents", Value::Null, "instance"),
    ] {
        let path = format!("/api/v1{}", path.replace("=F", &format!("={first}")));
        let answer = centre.ask(method, &path, OPERATOR, body.clone()).await;
        answer.assert_problem(422, Some(field), &format!("{method} {path} {body}"));
    }
    assert_eq!(
        centre
            .expect(200, "get", "/api/v1/instances", OPERATOR, Value::Null)
            .await["total"],
        2
    );
    assert_eq!(
        centre
            .expect(200, "get", "/api/v1/trunks", OPERATOR, Value::Null)
            .await["total"],
        0
    );
}

fn guarded() -> impl Iterator<Item = Row> {
    rows()
        .into_iter()
        .filter(|row| row.access != Access::Public)
}

fn real_path(row: &Row) -> String {
    row.path
        .replace("{id}", "1")
        .replace("{version}", "1")
        .replace("{number}", "%2B12025550100")
}
