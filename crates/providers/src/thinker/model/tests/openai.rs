//! OpenAI's protocol, and Azure's and MiniMax's variants of it.

use serde_json::json;
use testkit::models::{Act, Answer, ModelServer, Protocol};

use super::*;

#[tokio::test]
async fn the_first_sentence_is_told_while_the_rest_is_being_made() {
    let server = ModelServer::start(Protocol::OpenAi, |_, _| {
        Act::Answer(Answer {
            between: Duration::from_millis(150),
            ..Answer::words("Yes. Certainly you **can** do that!")
        })
    })
    .await;
    let mut scene = Scene::new(settings(vec![at(&server, "main", ModelKind::OpenAi)]));
    scene.put(Heard::Utterance("Can I?".into()));
    let since = Instant::now();
    let Step::Decision { decision, .. } = scene.thought().await else {
        panic!("words come first")
    };
    let is_first =
        matches!(&decision, Decision::Say { line: Line::Text(text), .. } if text == "Yes.");
    assert!(is_first, "{decision:?}");
    assert!(
        since.elapsed() < Duration::from_millis(600),
        "before the last piece"
    );
    assert_eq!(scene.answer().await, ["say Certainly you can do that!"]);
}

#[tokio::test]
async fn each_kind_asks_in_its_own_way() {
    for (protocol, kind, target, header) in [
        (
            Protocol::OpenAi,
            ModelKind::OpenAi,
            "/v1/chat/completions",
            ("authorization", "Bearer sk-test"),
        ),
        (
            Protocol::Azure,
            ModelKind::Azure,
            "/openai/deployments/gpt/chat/completions?api-version=2024-06-01",
            ("api-key", "sk-test"),
        ),
        (
            Protocol::MiniMax,
            ModelKind::MiniMax,
            "/v1/text/chatcompletion_v2",
            ("authorization", "Bearer sk-test"),
        ),
    ] {
        let server =
            ModelServer::start(protocol, |_, _| Act::Answer(Answer::words("Hello there."))).await;
        let mut scene = Scene::new(settings(vec![at(&server, "main", kind)]));
        assert_eq!(scene.say("hi").await, ["say Hello there."], "{kind:?}");
        let [seen] = &server.seen()[..] else {
            panic!("one request")
        };
        assert_eq!(seen.target, target);
        assert_eq!(seen.headers[header.0], header.1);
        assert_eq!(seen.body["stream"], true);
        assert_eq!(
            seen.messages(),
            [
                ("system".into(), "You are kind.".into()),
                ("user".into(), "hi".into())
            ]
        );
        assert_eq!(
            seen.body.get("tools"),
            None,
            "servers may not know the field"
        );
    }
}

#[tokio::test]
async fn settings_and_extra_fields_are_sent_but_the_conversation_is_ours() {
    let server =
        ModelServer::start(Protocol::OpenAi, |_, _| Act::Answer(Answer::words("Ok."))).await;
    let mut model = at(&server, "main", ModelKind::OpenAi);
    model.temperature = Some(0.5);
    model.max_tokens = Some(99);
    let serde_json::Value::Object(extra) =
        json!({"enable_thinking": false, "stream": false, "messages": []})
    else {
        unreachable!("an object")
    };
    model.extra_body = extra;
    let mut scene = Scene::new(settings(vec![model]));
    scene.say("hi").await;
    let body = &server.seen()[0].body;
    assert_eq!(body["temperature"], 0.5);
    assert_eq!(body["max_tokens"], 99);
    assert_eq!(body["enable_thinking"], false);
    assert_eq!(body["stream"], true);
    assert_eq!(body["messages"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_model_is_told_what_was_heard_not_what_was_written() {
    let server =
        ModelServer::start(Protocol::OpenAi, |_, _| Act::Answer(Answer::words("Fine."))).await;
    let mut scene = Scene::new(settings(vec![at(&server, "main", ModelKind::OpenAi)]));
    scene.history = vec![
        Exchange::Agent("Hello, this is".into()),
        Exchange::Caller("wait".into()),
        Exchange::Caller("who is this?".into()),
    ];
    scene.put(Heard::Utterance("wait who is this?".into()));
    scene.answer().await;
    let told = server.seen()[0].messages();
    assert_eq!(
        told[1..],
        [
            ("assistant".into(), "Hello, this is".into()),
            ("user".into(), "wait who is this?".into())
        ]
    );
}

#[tokio::test]
async fn an_answer_that_nobody_wants_is_given_up_by_closing_the_connection() {
    let server = ModelServer::start(Protocol::OpenAi, |_, _| {
        Act::Answer(Answer {
            between: Duration::from_millis(50),
            ..Answer::words(&"One more sentence is here. ".repeat(200))
        })
    })
    .await;
    let mut scene = Scene::new(settings(vec![at(&server, "main", ModelKind::OpenAi)]));
    let turn = scene.put(Heard::Utterance("go".into()));
    assert!(matches!(scene.thought().await, Step::Decision { .. }));
    scene.stop(turn);
    until(|| server.seen()[0].was_cut()).await;
    assert_eq!(scene.attempts().await, ["main Stopped"]);
}

#[tokio::test]
async fn a_newer_question_makes_the_older_one_void() {
    let server = ModelServer::start(Protocol::OpenAi, |n, _| match n {
        1 => Act::Hang,
        _ => Act::Answer(Answer::words("Second.")),
    })
    .await;
    let mut scene = Scene::new(settings(vec![at(&server, "main", ModelKind::OpenAi)]));
    scene.put(Heard::Utterance("first".into()));
    until(|| server.seen().len() == 1).await;
    assert_eq!(scene.say("second").await, ["say Second."]);
    until(|| server.seen()[0].was_cut()).await;
}

#[tokio::test]
async fn keys_and_silence_are_told_as_what_they_are() {
    let server =
        ModelServer::start(Protocol::OpenAi, |_, _| Act::Answer(Answer::words("Ok."))).await;
    let mut scene = Scene::new(settings(vec![at(&server, "main", ModelKind::OpenAi)]));
    scene.history.push(Exchange::Caller("42".into()));
    scene.put(Heard::Digits("42".into()));
    scene.answer().await;
    scene.put(Heard::Silence { count: 1 });
    scene.answer().await;
    let last = |n: usize| server.seen()[n].messages().pop().unwrap().1;
    assert_eq!(last(0), "(The caller pressed 42.)");
    assert_eq!(last(1), "42 (The caller says nothing.)");
}

#[tokio::test]
async fn a_server_that_does_not_stream_is_understood() {
    let whole = json!({"choices": [{"index": 0, "message": {"role": "assistant",
        "content": "All at once. Really."}, "finish_reason": "stop"}]});
    let server = ModelServer::start(Protocol::OpenAi, move |_, _| {
        Act::Status(200, whole.clone())
    })
    .await;
    let mut scene = Scene::new(settings(vec![at(&server, "main", ModelKind::OpenAi)]));
    assert_eq!(scene.say("hi").await, ["say All at once.", "say Really."]);
}

#[tokio::test]
async fn minimax_tells_of_errors_in_a_success() {
    let refused = json!({"base_resp": {"status_code": 1004, "status_msg": "login fail"}});
    let server = ModelServer::start(Protocol::MiniMax, move |_, _| {
        Act::Status(200, refused.clone())
    })
    .await;
    let mut scene = Scene::new(settings(vec![at(&server, "main", ModelKind::MiniMax)]));
    assert_eq!(
        scene.say("hi").await,
        ["failed: main: refused with 400: 1004 login fail"]
    );
}

#[tokio::test]
async fn only_what_somebody_wants_answered_carries_the_vendors_header() {
    for (protocol, kind) in [
        (Protocol::OpenAi, ModelKind::OpenAi),
        (Protocol::Azure, ModelKind::Azure),
        (Protocol::MiniMax, ModelKind::MiniMax),
        (Protocol::DifyChat, ModelKind::Dify),
    ] {
        let server =
            ModelServer::start(protocol, |_, _| Act::Answer(Answer::words("Very well."))).await;
        let mut scene = Scene::new(settings(vec![at(&server, "main", kind)]));
        let wish = "Offer a discount.".to_owned();
        scene.history.push(Exchange::Instruction(wish.clone()));
        scene.put(Heard::Instruction(wish));
        assert_eq!(scene.answer().await, ["say Very well."], "{kind:?}");
        scene.say("thanks").await;
        let [invoked, spoken] = &server.seen()[..] else {
            panic!("{kind:?}: two requests")
        };
        assert_eq!(invoked.headers["x-invoke-llm"], "1", "{kind:?}");
        assert!(!spoken.headers.contains_key("x-invoke-llm"), "{kind:?}");
    }
}

#[tokio::test]
async fn the_back_end_that_steps_in_learns_of_the_invocation_too() {
    let down = ModelServer::start(Protocol::OpenAi, |_, _| Act::Status(503, json!({}))).await;
    let up = ModelServer::start(Protocol::OpenAi, |_, _| Act::Answer(Answer::words("Yes."))).await;
    let backends = vec![
        at(&down, "down", ModelKind::OpenAi),
        at(&up, "up", ModelKind::OpenAi),
    ];
    let mut scene = Scene::new(settings(backends));
    scene
        .history
        .push(Exchange::Instruction("Say yes.".to_owned()));
    scene.put(Heard::Instruction("Say yes.".to_owned()));
    assert_eq!(scene.answer().await, ["say Yes."]);
    assert_eq!(up.seen()[0].headers["x-invoke-llm"], "1");
}
