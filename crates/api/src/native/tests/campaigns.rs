//! Campaigns that are made with their contacts in one request.

use serde_json::{Value, json};

use super::world::{Centre, FIRST};

const ALL: &str = "/api/v1/campaigns";

#[tokio::test]
async fn a_campaign_is_made_with_its_people_or_not_at_all() {
    let centre = Centre::new().await;
    let agent = an_agent(&centre).await;
    let people: Vec<Value> = (0..1500)
        .map(|n| json!({"numbers": [format!("+1202555{n:04}")], "reference": format!("r{n}")}))
        .collect();
    let made = json!({"name": "Autumn", "voice_agent": agent, "paused": true, "contacts": people});
    let made = centre.expect(201, "post", ALL, FIRST, made).await;
    assert_eq!(
        (&made["state"], &made["progress"]["waiting"]),
        (&json!("paused"), &json!(1500))
    );
    assert_eq!(made.get("contacts"), None);
    let one = format!("{ALL}/{}", made["id"].as_str().unwrap());
    let events = centre
        .expect(200, "get", &format!("{one}/events"), FIRST, Value::Null)
        .await;
    let kinds: Vec<&str> = events["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["created", "contacts_added", "moved"]);

    for (contacts, field) in [
        (
            json!([{"numbers": ["+12025550101"]}, {"numbers": ["no number"]}]),
            "contacts[1].numbers[0]",
        ),
        (
            json!([{"numbers": ["+12025550101"], "variables": {"": "x"}}]),
            "contacts[0].variables",
        ),
    ] {
        let wrong = json!({"name": "Winter", "voice_agent": agent, "contacts": contacts});
        centre
            .ask("post", ALL, FIRST, wrong)
            .await
            .assert_problem(422, Some(field), field);
    }
    let too_late = json!({
        "name": "Winter", "voice_agent": agent, "contacts": [{"numbers": ["+12025550101"]}],
        "schedule": {"to": "2001-01-01T00:00:00Z"},
    });
    centre
        .ask("post", ALL, FIRST, too_late)
        .await
        .assert_problem(409, None, "too late");
    let list = centre.expect(200, "get", ALL, FIRST, Value::Null).await;
    assert_eq!(list["total"], 1, "what was refused left nothing behind");
}

#[tokio::test]
async fn people_are_added_to_a_campaign_that_is_there_by_their_own_address() {
    let centre = Centre::new().await;
    let agent = an_agent(&centre).await;
    let made = json!({"name": "Autumn", "voice_agent": agent, "paused": true});
    let made = centre.expect(201, "post", ALL, FIRST, made).await;
    let one = format!("{ALL}/{}", made["id"].as_str().unwrap());
    for (change, field) in [
        (
            json!({"contacts": [{"numbers": ["+12025550101"]}]}),
            "contacts",
        ),
        (json!({"paused": false}), "paused"),
    ] {
        centre
            .ask("patch", &one, FIRST, change)
            .await
            .assert_problem(422, Some(field), field);
    }
    let renamed = json!({"name": "Winter"});
    let renamed = centre.expect(200, "patch", &one, FIRST, renamed).await;
    assert_eq!(
        (&renamed["name"], &renamed["state"]),
        (&json!("Winter"), &json!("paused"))
    );
}

async fn an_agent(centre: &Centre) -> Value {
    let agent = json!({"name": "Bot", "definition": {"language": "en", "greeting": "Hello.", "goodbye": "Bye."}});
    let agent = centre
        .expect(201, "post", "/api/v1/voice-agents", FIRST, agent)
        .await;
    agent["id"].clone()
}
