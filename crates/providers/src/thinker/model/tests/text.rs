//! Conversations by text: words as they were written, and answers that go on in another thinker.

use testkit::models::{Act, Answer, ModelServer, Protocol};

use super::*;

#[tokio::test]
async fn words_come_as_they_were_written_and_reasoning_does_not() {
    let server = ModelServer::start(Protocol::OpenAi, |_, _| {
        Act::Answer(Answer::words(
            "<think>Hm.</think>**One** `two`\n```\nthree\n```",
        ))
    })
    .await;
    let mut scene = Scene::new(of_text(vec![at(&server, "main", ModelKind::OpenAi)]));
    let answer = scene.say("hello").await;
    let wrote = answer
        .iter()
        .filter_map(|line| line.strip_prefix("wrote "))
        .collect::<String>();
    assert_eq!(wrote, "**One** `two`\n```\nthree\n```");
}

#[tokio::test]
async fn an_answer_that_broke_off_elsewhere_is_gone_on_with() {
    let server = ModelServer::start(Protocol::OpenAi, |_, _| {
        Act::Answer(Answer::words("the rest."))
    })
    .await;
    let mut scene = Scene::new(of_text(vec![at(&server, "main", ModelKind::OpenAi)]));
    scene.history = vec![
        Exchange::Caller("Tell me.".to_owned()),
        Exchange::Agent("This is".to_owned()),
    ];
    scene.put(Heard::Utterance("Tell me.".to_owned()));
    scene.answer().await;
    let seen = server.seen();
    let messages = seen[0].body["messages"].as_array().unwrap();
    let last: Vec<&str> = messages[messages.len() - 3..]
        .iter()
        .map(|message| message["content"].as_str().unwrap())
        .collect();
    assert_eq!(last[..2], ["Tell me.", "This is"]);
    assert!(
        last[2].contains("Go on exactly where it stopped"),
        "{last:?}"
    );
}

#[tokio::test]
async fn another_thinker_goes_on_in_the_conversation_that_an_application_keeps() {
    let server =
        ModelServer::start(Protocol::DifyChat, |_, _| Act::Answer(Answer::words("Ok."))).await;
    let settings = || of_text(vec![at(&server, "clinic", ModelKind::Dify)]);
    let mut first = Scene::new(settings());
    first.put(Heard::Utterance("hello".to_owned()));
    let memory = loop {
        match first.thought().await {
            Step::Remember(memory) => break memory,
            Step::Done | Step::Failed { .. } => panic!("nothing was to be remembered"),
            _ => {}
        }
    };
    let mut second = Scene::new(ModelThinkerSettings {
        recalled: Some(memory),
        ..settings()
    });
    second.say("again").await;
    let seen = server.seen();
    assert_eq!(seen[0].body["conversation_id"], "");
    assert_eq!(seen[1].body["conversation_id"], "conv-1");
}

#[tokio::test]
async fn a_memory_that_nobody_can_read_is_as_good_as_none() {
    let server =
        ModelServer::start(Protocol::DifyChat, |_, _| Act::Answer(Answer::words("Ok."))).await;
    let mut scene = Scene::new(ModelThinkerSettings {
        recalled: Some("{".to_owned()),
        ..of_text(vec![at(&server, "clinic", ModelKind::Dify)])
    });
    scene.say("hello").await;
    assert_eq!(server.seen()[0].body["conversation_id"], "");
}

fn of_text(backends: Vec<ModelSettings>) -> ModelThinkerSettings {
    ModelThinkerSettings {
        medium: Medium::Text,
        remembers: true,
        ..settings(backends)
    }
}
