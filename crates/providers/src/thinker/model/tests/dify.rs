//! Dify's chatbots, agents and chatflows.

use serde_json::json;
use testkit::models::{Act, Answer, ModelServer, Protocol};

use super::*;

#[tokio::test]
async fn every_kind_of_application_is_heard_once() {
    for protocol in [Protocol::DifyChat, Protocol::DifyAgent, Protocol::DifyFlow] {
        let server = ModelServer::start(protocol, |_, _| {
            Act::Answer(Answer::words("Hi Ann. Come in."))
        })
        .await;
        let mut scene = Scene::new(settings(vec![at(&server, "clinic", ModelKind::Dify)]));
        assert_eq!(
            scene.say("hello").await,
            ["say Hi Ann.", "say Come in."],
            "{protocol:?}"
        );
    }
}

#[tokio::test]
async fn the_variables_of_the_call_reach_the_application_and_the_conversation_is_kept() {
    let server =
        ModelServer::start(Protocol::DifyChat, |_, _| Act::Answer(Answer::words("Ok."))).await;
    let mut given = settings(vec![at(&server, "clinic", ModelKind::Dify)]);
    let variables = [
        ("name", "Ann"),
        ("dify-inputs-key", "value"),
        ("dify-inputs-user", "customer-7"),
        ("dify-inputs-conversation_id", "conv-0"),
    ];
    given.dify = DifyFacts::of_variables(variables.into_iter(), "call-1");
    let mut scene = Scene::new(given);
    scene.say("hello").await;
    scene.say("again").await;
    let seen = server.seen();
    assert_eq!(seen[0].target, "/v1/chat-messages");
    assert_eq!(seen[0].headers["authorization"], "Bearer sk-test");
    assert_eq!(
        seen[0].body,
        json!({"query": "hello", "inputs": {"key": "value"}, "user": "customer-7",
            "response_mode": "streaming", "conversation_id": "conv-0"})
    );
    assert_eq!(
        seen[1].body["conversation_id"], "conv-1",
        "as the first event named it"
    );
}

#[tokio::test]
async fn without_variables_the_user_is_the_call() {
    let server =
        ModelServer::start(Protocol::DifyChat, |_, _| Act::Answer(Answer::words("Ok."))).await;
    let mut scene = Scene::new(settings(vec![at(&server, "clinic", ModelKind::Dify)]));
    scene.say("hello").await;
    assert_eq!(server.seen()[0].body["user"], "call-1");
    assert_eq!(server.seen()[0].body["conversation_id"], "");
}

#[tokio::test]
async fn a_cut_answer_is_stopped_at_the_application() {
    let server = ModelServer::start(Protocol::DifyChat, |_, _| {
        Act::Answer(Answer {
            between: Duration::from_millis(50),
            ..Answer::words(&"One more sentence is here. ".repeat(200))
        })
    })
    .await;
    let mut scene = Scene::new(settings(vec![at(&server, "clinic", ModelKind::Dify)]));
    let turn = scene.put(Heard::Utterance("go".into()));
    assert!(matches!(scene.thought().await, Step::Decision { .. }));
    scene.stop(turn);
    until(|| server.seen().len() == 2).await;
    let stop = &server.seen()[1];
    assert_eq!(stop.target, "/v1/chat-messages/task-1/stop");
    assert_eq!(stop.body, json!({"user": "call-1"}));
}

#[tokio::test]
async fn marks_hang_up_and_hand_over_and_nobody_hears_them() {
    for (text, expected) in [
        (
            "Goodbye now. [[hangup]]",
            vec!["say Goodbye now.", "hang up: FunctionCalled"],
        ),
        (
            "One moment. [[transfer:sales desk]]",
            vec!["say One moment.", "transfer: sales desk"],
        ),
        ("[[transfer]]", vec!["transfer: front"]),
    ] {
        let server = ModelServer::start(Protocol::DifyChat, move |_, _| {
            let pieces = text.chars().map(String::from).collect();
            Act::Answer(Answer {
                pieces,
                ..Answer::default()
            })
        })
        .await;
        let mut with_transfer = settings(vec![at(&server, "clinic", ModelKind::Dify)]);
        with_transfer.transfers.push(TransferFunction {
            name: "transfer_to_human".into(),
            description: String::new(),
            target: "front".into(),
            say: None,
        });
        assert_eq!(Scene::new(with_transfer).say("hi").await, expected);
    }
}

#[tokio::test]
async fn a_forgotten_conversation_begins_anew() {
    let server = ModelServer::start(Protocol::DifyChat, |n, _| match n {
        1 => Act::Status(
            404,
            json!({"code": "not_found", "message": "Conversation Not Exists.", "status": 404}),
        ),
        _ => Act::Answer(Answer::words("Anew.")),
    })
    .await;
    let mut given = settings(vec![at(&server, "clinic", ModelKind::Dify)]);
    given.dify.conversation = "gone".into();
    assert_eq!(Scene::new(given).say("hi").await, ["say Anew."]);
    assert_eq!(server.seen()[1].body["conversation_id"], "");
}
