//! A flow whose node asks an API, and whose words a model reads.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde_json::json;
use testkit::models::{Act, Answer, ModelServer, Protocol};
use voice::flow::{Branch, Flow, FlowParts, FlowRun, Node, NodeKind};

use super::*;
use crate::thinker::{
    FlowSettings, FlowThinker,
    model::tools::{HttpMethod, HttpTool},
};

#[tokio::test]
async fn a_model_reads_the_words_and_an_api_answers() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let api = ModelServer::start(Protocol::OpenAi, |_, _| {
        Act::Status(200, json!({"day": "Tuesday", "n": 3}))
    })
    .await;
    let model = ModelServer::start(Protocol::OpenAi, |_, _| {
        Act::Answer(Answer::words(
            "```json\n{\"branch\": \"book\", \"slots\": {}, \"reply\": null}\n```",
        ))
    })
    .await;
    let client = reqwest::Client::new();
    let reader = Reader::new(
        &client,
        vec![at(&model, "main", ModelKind::OpenAi)],
        String::new(),
        Duration::from_secs(1),
        Duration::from_secs(5),
    );
    let settings = FlowSettings {
        remembers: false,
        recalled: None,
        run: FlowRun::new(Arc::new(Flow::new(parts()).unwrap()), BTreeMap::new(), true),
        apis: BTreeMap::from([("look".to_owned(), tool(&api.origin))]),
        clock: Arc::new(|_| None),
        reader: Some(reader),
        meanings: BTreeMap::from([(
            "ask".to_owned(),
            vec![("book".to_owned(), "wants a date".to_owned())],
        )]),
    };
    let (thoughts, inbox) = Thoughts::queue();
    let mut scene = Scene::with(
        Box::new(FlowThinker::new(client, settings, thoughts)),
        inbox,
    );

    scene.put(Heard::Start);
    assert_eq!(scene.answer().await, ["say Can I help?"]);
    scene.put(Heard::Utterance("could I come by some time".into()));
    assert_eq!(
        scene.answer().await,
        ["say Tuesday, 3 left.", "hang up: ScriptEnd"]
    );
    assert!(model.seen()[0].messages()[0].1.contains("wants a date"));
    assert_eq!(api.seen()[0].body, json!({"who": "caller"}));
    let moved: Vec<String> = scene
        .notes
        .iter()
        .filter_map(|noted| match noted {
            Noted::Moved(moved) => Some(format!("{} {}", moved.kind, moved.branch)),
            _ => None,
        })
        .collect();
    assert_eq!(moved, ["DIALOGUE ", "API_CALL book", "END_CALL Success"]);
}

fn parts() -> FlowParts {
    let ask = NodeKind::Dialogue {
        branches: vec![Branch {
            name: "book".into(),
            words: Vec::new(),
            keys: Vec::new(),
            means: "wants a date".into(),
            tags: BTreeMap::new(),
            next: "look".into(),
        }],
        slots: Vec::new(),
        next: None,
        other: None,
        no_response: None,
        refused: None,
        again: None,
    };
    let look = NodeKind::ApiCall {
        inputs: BTreeMap::from([("who".into(), "caller".into())]),
        outputs: BTreeSet::from(["day".into(), "n".into()]),
        waits: true,
        success: "told".into(),
        failure: "told".into(),
    };
    let node = |say: Option<&str>, kind| Node {
        say: say.map(|say| Line::Text(say.into())),
        interruptible: true,
        kind,
    };
    FlowParts {
        start: "ask".into(),
        nodes: BTreeMap::from([
            ("ask".into(), node(Some("Can I help?"), ask)),
            ("look".into(), node(None, look)),
            (
                "told".into(),
                node(Some("${day}, ${n} left."), NodeKind::EndCall),
            ),
        ]),
        goodbye: None,
        tries_max: 3,
    }
}

fn tool(origin: &str) -> HttpTool {
    HttpTool {
        name: "look".into(),
        description: String::new(),
        parameters: json!({}),
        method: HttpMethod::Post,
        url: format!("{origin}/free"),
        headers: Vec::new(),
        wait_max: Duration::from_secs(3),
    }
}
