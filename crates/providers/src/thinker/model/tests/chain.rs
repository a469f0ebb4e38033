//! Fail-over, retries, words while the first sentence is late.

use serde_json::json;
use testkit::models::{Act, Answer, ModelServer, Protocol};

use super::*;

async fn answering(text: &'static str) -> ModelServer {
    ModelServer::start(Protocol::OpenAi, move |_, _| {
        Act::Answer(Answer::words(text))
    })
    .await
}

async fn acting(act: Act) -> ModelServer {
    ModelServer::start(Protocol::OpenAi, move |_, _| act.clone()).await
}

fn two(first: &ModelServer, second: &ModelServer) -> ModelThinkerSettings {
    settings(vec![
        at(first, "first", ModelKind::OpenAi),
        at(second, "second", ModelKind::OpenAi),
    ])
}

#[tokio::test]
async fn a_back_end_that_fails_is_followed_by_the_next_one_at_once() {
    for (act, why) in [
        (
            Act::Status(500, json!({"error": {"message": "boom"}})),
            "failed with 500: boom",
        ),
        (
            Act::Status(429, json!({"error": {"message": "slow down"}})),
            "busy: slow down",
        ),
        (
            Act::Status(401, json!({"error": {"message": "who?"}})),
            "refused with 401: who?",
        ),
        (Act::Garbage, "cannot be read"),
        (
            Act::Answer(Answer {
                drop_after: Some(0),
                between: Duration::from_millis(20),
                ..Answer::words("x")
            }),
            "broke off",
        ),
    ] {
        let (first, second) = (acting(act).await, answering("From the second.").await);
        let mut scene = Scene::new(two(&first, &second));
        let since = Instant::now();
        assert_eq!(scene.say("hi").await, ["say From the second."], "{why}");
        assert!(
            since.elapsed() < Duration::from_secs(1),
            "{why}: {:?}",
            since.elapsed()
        );
        let attempts = scene.attempts().await;
        assert!(
            attempts[0].starts_with("first Failed(") && attempts[0].contains(why),
            "{attempts:?}"
        );
        assert_eq!(attempts[1], "second Answered");
    }
}

#[tokio::test]
async fn a_back_end_that_is_silent_is_overtaken_in_less_than_a_second() {
    let (first, second) = (acting(Act::Hang).await, answering("From the second.").await);
    let mut scene = Scene::new(two(&first, &second));
    let since = Instant::now();
    assert_eq!(scene.say("hi").await, ["say From the second."]);
    assert!(
        since.elapsed() < Duration::from_secs(1),
        "{:?}",
        since.elapsed()
    );
    until(|| first.seen()[0].was_cut()).await;
    assert_eq!(
        scene.attempts().await,
        ["first Overtaken", "second Answered"]
    );
}

#[tokio::test]
async fn a_slow_back_end_that_is_first_after_all_is_listened_to() {
    let slow = Answer::words("Slow but first.").after(Duration::from_millis(500));
    let (first, second) = (acting(Act::Answer(slow)).await, acting(Act::Hang).await);
    let mut scene = Scene::new(two(&first, &second));
    assert_eq!(scene.say("hi").await, ["say Slow but first."]);
    until(|| second.seen()[0].was_cut()).await;
}

#[tokio::test]
async fn one_that_failed_is_asked_last_the_next_time() {
    let (first, second) = (
        acting(Act::Status(503, json!({}))).await,
        answering("Here.").await,
    );
    let mut scene = Scene::new(two(&first, &second));
    scene.say("hi").await;
    scene.say("again").await;
    assert_eq!((first.seen().len(), second.seen().len()), (1, 2));
}

#[tokio::test]
async fn a_lone_back_end_is_asked_again_if_that_may_help() {
    let server = ModelServer::start(Protocol::OpenAi, |n, _| match n {
        1 => Act::Status(502, json!({})),
        _ => Act::Answer(Answer::words("Now.")),
    })
    .await;
    let mut scene = Scene::new(settings(vec![at(&server, "main", ModelKind::OpenAi)]));
    assert_eq!(scene.say("hi").await, ["say Now."]);

    let server = acting(Act::Status(
        400,
        json!({"error": {"message": "no such model"}}),
    ))
    .await;
    let mut scene = Scene::new(settings(vec![at(&server, "main", ModelKind::OpenAi)]));
    assert_eq!(
        scene.say("hi").await,
        ["failed: main: refused with 400: no such model"]
    );
    assert_eq!(server.seen().len(), 1, "asking again is useless");
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_gone_on_with_by_the_next_one() {
    let broken = Answer {
        drop_after: Some(4),
        between: Duration::from_millis(20),
        ..Answer::words("We are open. From nine to")
    };
    let (first, second) = (
        acting(Act::Answer(broken)).await,
        answering("nine to five.").await,
    );
    let mut scene = Scene::new(two(&first, &second));
    assert_eq!(
        scene.say("when?").await,
        ["say We are open.", "say From", "say nine to five."]
    );
    let told = second.seen()[0].messages();
    assert_eq!(told[2], ("assistant".into(), "We are open. From".into()));
    assert!(told[3].1.contains("Go on exactly where it stopped"));
}

#[tokio::test]
async fn when_nobody_answers_the_thinker_says_so_in_time() {
    let (first, second) = (
        acting(Act::Hang).await,
        acting(Act::Status(500, json!({}))).await,
    );
    let mut settings = two(&first, &second);
    settings.answer_max = Duration::from_millis(800);
    let mut scene = Scene::new(settings);
    let since = Instant::now();
    let answer = scene.say("hi").await;
    assert!(
        answer[0].starts_with("failed: second: failed with 500"),
        "{answer:?}"
    );
    assert!(
        since.elapsed() < Duration::from_millis(1600),
        "{:?}",
        since.elapsed()
    );
}

#[tokio::test]
async fn the_caller_hears_something_while_the_first_sentence_is_late() {
    let slow = Answer::words("Here it is.").after(Duration::from_millis(400));
    let server = acting(Act::Answer(slow)).await;
    let mut with_filler = settings(vec![at(&server, "main", ModelKind::OpenAi)]);
    with_filler.filler = Some(Filler {
        after: Duration::from_millis(100),
        lines: vec![Line::Text("Let me see.".into())],
    });
    let mut scene = Scene::new(with_filler);
    assert_eq!(
        scene.say("hi").await,
        ["say Let me see.", "say Here it is."]
    );
}

#[tokio::test]
async fn a_quick_answer_needs_no_filler() {
    let server = answering("Here it is.").await;
    let mut with_filler = settings(vec![at(&server, "main", ModelKind::OpenAi)]);
    with_filler.filler = Some(Filler {
        after: Duration::from_secs(5),
        lines: vec![Line::Text("Let me see.".into())],
    });
    assert_eq!(Scene::new(with_filler).say("hi").await, ["say Here it is."]);
}
