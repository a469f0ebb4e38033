//! Functions and tools: what a model may do beside talking.

use serde_json::{Value, json};
use testkit::models::{Act, Answer, ModelServer, Protocol};

use super::*;
use crate::thinker::model::tools::{HttpMethod, HttpTool};

fn has_tool_answer(body: &Value) -> bool {
    let messages = body["messages"].as_array().unwrap();
    messages
        .last()
        .is_some_and(|message| message["role"] == "tool")
}

#[tokio::test]
async fn call_end_ends_the_call_with_what_the_model_said() {
    let server = ModelServer::start(Protocol::OpenAi, |_, _| {
        Act::Answer(Answer {
            pieces: vec!["Bye then.".into()],
            ..Answer::call("call_end", json!({}))
        })
    })
    .await;
    let mut with_end = settings(vec![at(&server, "main", ModelKind::OpenAi)]);
    with_end.call_end = Some("End the call.".into());
    with_end.goodbye = Some(Line::Text("Goodbye.".into()));
    assert_eq!(
        Scene::new(with_end).say("bye").await,
        ["say Bye then.", "hang up: FunctionCalled"]
    );
    let function = &server.seen()[0].body["tools"][0]["function"];
    assert_eq!(function["name"], "call_end");
}

#[tokio::test]
async fn call_end_without_words_says_goodbye() {
    let server = ModelServer::start(Protocol::OpenAi, |_, _| {
        Act::Answer(Answer::call("call_end", json!({})))
    })
    .await;
    let mut with_end = settings(vec![at(&server, "main", ModelKind::OpenAi)]);
    with_end.call_end = Some("End the call.".into());
    with_end.goodbye = Some(Line::Text("Goodbye.".into()));
    assert_eq!(
        Scene::new(with_end).say("bye").await,
        ["say Goodbye.", "hang up: FunctionCalled"]
    );
}

#[tokio::test]
async fn the_caller_is_handed_over_with_a_reason_and_a_failed_transfer_ends_as_agreed() {
    let server = ModelServer::start(Protocol::OpenAi, |_, _| {
        Act::Answer(Answer::call(
            "transfer_to_human",
            json!({"reason": "complaint", "summary": "angry"}),
        ))
    })
    .await;
    let mut with_transfer = settings(vec![at(&server, "main", ModelKind::OpenAi)]);
    with_transfer.transfers.push(TransferFunction {
        name: "transfer_to_human".into(),
        description: "When the caller wants a person.".into(),
        target: "skill_group:7".into(),
        say: Some(Line::Text("One moment.".into())),
    });
    with_transfer.transfer_failed.say = Some(Line::Text("Nobody is free.".into()));
    let mut scene = Scene::new(with_transfer);
    assert_eq!(
        scene.say("a human!").await,
        ["say One moment.", "transfer: skill_group:7"]
    );
    let called = scene.notes.iter().find_map(|noted| match noted {
        Noted::Called(called) => Some((called.tool.clone(), called.arguments.clone())),
        _ => None,
    });
    let arguments = r#"{"reason":"complaint","summary":"angry"}"#.to_owned();
    assert_eq!(called, Some(("transfer_to_human".to_owned(), arguments)));

    scene.put(Heard::TransferFailed);
    assert_eq!(
        scene.answer().await,
        ["say Nobody is free.", "hang up: TransferFailed"]
    );
}

#[tokio::test]
async fn a_tool_is_called_and_its_answer_told_to_the_model_now_and_later() {
    let shop = ModelServer::start(Protocol::OpenAi, |_, _| {
        Act::Status(200, json!({"state": "sent"}))
    })
    .await;
    let server = ModelServer::start(Protocol::OpenAi, |_, body| {
        if has_tool_answer(body) {
            return Act::Answer(Answer::words("It was sent."));
        }
        Act::Answer(Answer {
            pieces: vec!["Let me look.".into()],
            ..Answer::call("order", json!({"id": "A 7", "lang": "en"}))
        })
    })
    .await;
    let mut with_tool = settings(vec![at(&server, "main", ModelKind::OpenAi)]);
    with_tool
        .tools
        .push(order_tool(&shop.origin, HttpMethod::Get));
    let mut scene = Scene::new(with_tool);
    assert_eq!(
        scene.say("where is it?").await,
        ["say Let me look.", "say It was sent."]
    );

    let asked = &shop.seen()[0];
    assert_eq!(asked.target, "/orders/A%207?lang=en");
    assert_eq!(asked.headers["x-key"], "s3cret");
    let told = &server.seen()[1].body["messages"];
    assert_eq!(told[2]["content"], "Let me look.");
    assert_eq!(
        told[2]["tool_calls"][0]["function"]["arguments"],
        r#"{"id":"A 7","lang":"en"}"#
    );
    assert_eq!(told[3]["tool_call_id"], told[2]["tool_calls"][0]["id"]);
    assert_eq!(told[3]["content"], r#"{"state":"sent"}"#);

    scene.say("thanks").await;
    let later = &server.seen()[2].body["messages"];
    let roles: Vec<&str> = later
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["role"].as_str().unwrap())
        .collect();
    assert_eq!(
        roles,
        ["system", "user", "assistant", "tool", "assistant", "user"]
    );
}

#[tokio::test]
async fn only_what_cannot_happen_twice_is_tried_twice() {
    for (method, n_expected) in [(HttpMethod::Get, 2), (HttpMethod::Post, 1)] {
        let shop = ModelServer::start(Protocol::OpenAi, |_, _| Act::Status(500, json!({}))).await;
        let server = ModelServer::start(Protocol::OpenAi, |_, body| {
            Act::Answer(if has_tool_answer(body) {
                Answer::words("Sorry.")
            } else {
                Answer::call("order", json!({"id": 1}))
            })
        })
        .await;
        let mut with_tool = settings(vec![at(&server, "main", ModelKind::OpenAi)]);
        with_tool.tools.push(order_tool(&shop.origin, method));
        assert_eq!(Scene::new(with_tool).say("go").await, ["say Sorry."]);
        assert_eq!(shop.seen().len(), n_expected, "{method:?}");
        let told = server.seen()[1].body["messages"].clone();
        assert!(
            told[3]["content"]
                .as_str()
                .unwrap()
                .starts_with("Error: status 500")
        );
    }
}

#[tokio::test]
async fn a_tool_that_hangs_is_given_up_and_a_model_that_calls_for_ever_is_stopped() {
    let shop = ModelServer::start(Protocol::OpenAi, |_, _| Act::Hang).await;
    let server = ModelServer::start(Protocol::OpenAi, |_, _| {
        Act::Answer(Answer::call("order", json!({"id": 1})))
    })
    .await;
    let mut with_tool = settings(vec![at(&server, "main", ModelKind::OpenAi)]);
    let mut tool = order_tool(&shop.origin, HttpMethod::Post);
    tool.wait_max = Duration::from_millis(100);
    with_tool.tools.push(tool);
    assert_eq!(Scene::new(with_tool).say("go").await, [""; 0]);
    assert_eq!(
        server.seen().len(),
        7,
        "one question and six rounds of tools"
    );
    until(|| shop.seen().iter().all(testkit::models::Seen::was_cut)).await;
}

fn order_tool(origin: &str, method: HttpMethod) -> HttpTool {
    HttpTool {
        name: "order".into(),
        description: "Where an order is.".into(),
        parameters: json!({"type": "object", "properties": {"id": {"type": "string"}}}),
        method,
        url: format!("{origin}/orders/{{id}}"),
        headers: vec![("x-key".into(), "s3cret".into())],
        wait_max: Duration::from_secs(3),
    }
}
