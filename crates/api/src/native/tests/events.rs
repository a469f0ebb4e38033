//! The stream of events: resumed at any point, nothing is lost and nothing comes twice.

use std::time::Duration;

use axum::body::Body;
use futures::StreamExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{
    sessions::{Tab, add},
    world::{Centre, FIRST, OPERATOR, SECOND, request},
};

/// Connections that are cut.
const CUTS: usize = 200;

/// Events that the readers have to see.
const EVENTS: usize = 400;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hundred_cuts_none_loses_or_doubles_an_event() {
    let centre = Centre::new().await;
    let lin = add(&centre, FIRST, "lin@x.com", json!({})).await;
    let start = centre.app.store().last_seq().await.unwrap();
    let path = format!("/api/v1/staff/{}/status", lin["id"]);
    let writing = async {
        for n in 0..EVENTS {
            let status = if n % 2 == 0 { "free" } else { "not_ready" };
            let wish = json!({"status": status});
            centre.expect(200, "put", &path, FIRST, wish).await;
        }
    };
    let reading = async {
        let mut seen: Vec<i64> = Vec::new();
        let mut after = start;
        for cut in 0.. {
            // A connection gives a few bytes and is gone; where it is cut is anybody's guess.
            let bytes = if cut < CUTS {
                40 + cut * 37 % 700
            } else {
                usize::MAX
            };
            let missing = EVENTS - seen.len();
            let text = read(&centre, FIRST, after, bytes, missing).await;
            for event in whole_events(&text) {
                let seq = event["seq"].as_i64().unwrap();
                seen.push(seq);
                after = seq;
            }
            if cut >= CUTS && seen.len() >= EVENTS {
                break;
            }
        }
        seen
    };
    let ((), seen) = tokio::join!(writing, reading);
    let expected: Vec<i64> = (start + 1..).take(EVENTS).collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_reader_sees_their_instance_and_what_their_roles_give() {
    let centre = Centre::new().await;
    let agent = Tab::of(&centre, "agent@x.com", &["agent"]).await;
    let _ = agent;
    add(&centre, FIRST, "lin@x.com", json!({})).await;
    let first = whole_events(&read(&centre, FIRST, 0, usize::MAX, 2).await);
    assert_eq!(first.len(), 2);
    assert_eq!(first[1]["body"]["change"], "added");
    assert_eq!(first[1]["instance"], centre.first.0);
    add(&centre, SECOND, "wei@x.com", json!({})).await;
    let second = whole_events(&read(&centre, SECOND, 0, usize::MAX, 1).await);
    assert_eq!(second.len(), 1);
    assert_eq!(second[0]["instance"], centre.second.0);
}

#[tokio::test]
async fn who_comes_back_too_late_is_told_where_to_go_on() {
    let centre = Centre::new().await;
    add(&centre, FIRST, "lin@x.com", json!({})).await;
    add(&centre, FIRST, "wei@x.com", json!({})).await;
    centre.app.store().forget_live_events(1).await.unwrap();
    let gone = centre
        .ask("get", "/api/v1/events?after=0", OPERATOR, Value::Null)
        .await;
    gone.assert_problem(410, None, "gone");
    assert_eq!(gone.json["resume_after"], 2);
    let rest = whole_events(&read(&centre, OPERATOR, 1, usize::MAX, 1).await);
    assert_eq!(rest[0]["seq"], 2);
}

/// Reads until so many bytes or whole events have come, then cuts the connection.
async fn read(
    centre: &Centre,
    token: &str,
    after: i64,
    bytes_max: usize,
    events_max: usize,
) -> String {
    let path = format!("/api/v1/events?after={after}");
    let asked = request("get", &path, token).body(Body::empty()).unwrap();
    let response = centre.routes.clone().oneshot(asked).await.unwrap();
    assert_eq!(response.status(), 200);
    let mut stream = response.into_body().into_data_stream();
    let mut got = Vec::new();
    while got.len() < bytes_max {
        let text = String::from_utf8_lossy(&got).into_owned();
        if whole_events(&text).len() >= events_max {
            return text;
        }
        let next = tokio::time::timeout(Duration::from_secs(20), stream.next()).await;
        got.extend(next.expect("an event comes").unwrap().unwrap());
    }
    got.truncate(bytes_max);
    String::from_utf8_lossy(&got).into_owned()
}

/// The data of each event that came whole.
fn whole_events(text: &str) -> Vec<Value> {
    let Some((whole, _)) = text.rsplit_once("\n\n") else {
        return Vec::new();
    };
    whole
        .lines()
        .filter_map(|line| line.strip_prefix("data:"))
        .map(|data| serde_json::from_str(data).unwrap())
        .collect()
}
