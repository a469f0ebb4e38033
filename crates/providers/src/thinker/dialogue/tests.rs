//! A robot elsewhere, played by a small HTTP server.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, extract::State, http::HeaderMap, http::Uri};
use voice::{
    line::Line,
    reply::HeardText,
    thinker::{Decision, Heard, TurnId},
};

use super::*;
use crate::port::{Step, Thought};

#[tokio::test]
async fn what_happens_is_told_and_what_is_wanted_is_decided() {
    let robot = Fake::start(&[
        r#"200 {"Code":"OK","Success":true,"Feedback":{"Action":"broadcast","Content":"Hello","Interruptible":true}}"#,
        r#"200 {"Code":"OK","Success":true,"Feedback":{}}"#,
        r#"200 {"Code":"OK","Success":true,"Feedback":{"Action":"Hangup","Content":"Bye"}}"#,
        "200 {}",
    ])
    .await;
    let (thoughts, mut inbox) = Thoughts::queue();
    let mut thinker = robot.thinker(Wording::Extended, thoughts);
    thinker.ask(request(1, Heard::Start));
    assert_eq!(answer(&mut inbox).await, ["say Hello", "listen"]);
    let mut cut = request(2, Heard::Utterance("是的".into()));
    cut.interrupted = Some(HeardText {
        heard: "Hel".into(),
        unsaid: "lo".into(),
    });
    thinker.ask(cut);
    assert_eq!(answer(&mut inbox).await, ["say Bye", "hang up"]);
    drop(thinker);
    let told = robot.told(4).await;
    let keys: Vec<&str> = told.iter().map(|told| part(told, "ActionKey")).collect();
    assert_eq!(
        keys,
        ["BeginDialogue", "AbortDialogue", "Dialogue", "Hangup"]
    );
    assert_eq!(part(&told[2], "Utterance"), "%E6%98%AF%E7%9A%84");
    assert_eq!(part(&told[2], "CallId"), "call-1");
}

#[tokio::test]
async fn a_failure_is_asked_again_once_and_says_so() {
    let robot = Fake::start(&[
        "500 {}",
        r#"200 {"Feedback":{"Content":"Hello"}}"#,
        "500 {}",
        "503 {}",
        "200 {}",
    ])
    .await;
    let (thoughts, mut inbox) = Thoughts::queue();
    let strict = Wording::Strict { blank: " ".into() };
    let mut thinker = robot.thinker(strict, thoughts);
    thinker.ask(request(1, Heard::Start));
    assert_eq!(answer(&mut inbox).await, ["say Hello", "listen"]);
    thinker.ask(request(2, Heard::Digits("12".into())));
    let failed = answer(&mut inbox).await;
    assert!(
        failed[0].starts_with("failed: the robot failed with 503"),
        "{failed:?}"
    );
    let told = robot.told(4).await;
    assert_eq!(part(&told[0], "Utterance"), "%20");
    assert_eq!(part(&told[2], "Utterance"), "12");
    assert_eq!(part(&told[2], "ActionKey"), "");
    let retries: Vec<&str> = told
        .iter()
        .map(|told| told.rsplit(' ').next().unwrap())
        .collect();
    assert_eq!(retries, ["-", "1", "-", "1"]);
}

#[tokio::test]
async fn a_refusal_is_not_asked_again() {
    let robot = Fake::start(&[
        r#"404 {"Code":"NotExist.Instance","Message":"m"}"#,
        "200 {}",
    ])
    .await;
    let (thoughts, mut inbox) = Thoughts::queue();
    let mut thinker = robot.thinker(Wording::Extended, thoughts);
    thinker.ask(request(1, Heard::Start));
    let failed = answer(&mut inbox).await;
    assert_eq!(
        failed,
        ["failed: the robot refused with 404: NotExist.Instance: m"]
    );
}

/// Gives the answers it was made with, in order, and remembers the questions.
struct Fake {
    url: String,
    told: Arc<Mutex<Vec<String>>>,
}

type Shared = (Arc<Mutex<Vec<String>>>, &'static [&'static str]);

impl Fake {
    async fn start(answers: &'static [&'static str]) -> Self {
        // Another test of this process may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let told: Arc<Mutex<Vec<String>>> = Arc::default();
        let shared: Shared = (Arc::clone(&told), answers);
        let routes = Router::new().fallback(tell).with_state(shared);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url, told }
    }

    fn thinker(&self, wording: Wording, thoughts: Thoughts) -> DialogueThinker {
        let settings = RemoteSettings {
            url: self.url.clone(),
            access_key_id: "id".into(),
            access_key_secret: "secret".into(),
            instance: "i".into(),
            script: "s".into(),
            scenario: String::new(),
            wording,
            wait_max: Duration::from_secs(10),
        };
        let facts = CallFacts {
            call: "call-1".into(),
            call_type: "Outbound",
            ..CallFacts::default()
        };
        DialogueThinker::new(reqwest::Client::new(), settings, facts, thoughts)
    }

    /// The questions, once there are `n` of them.
    async fn told(&self, n: usize) -> Vec<String> {
        let waiting = async {
            while self.told.lock().unwrap().len() < n {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), waiting)
            .await
            .expect("in time");
        self.told.lock().unwrap().clone()
    }
}

async fn tell(
    State((told, answers)): State<Shared>,
    uri: Uri,
    headers: HeaderMap,
) -> (axum::http::StatusCode, &'static str) {
    assert!(
        headers["authorization"]
            .to_str()
            .unwrap()
            .starts_with("ACS3-HMAC-SHA256")
    );
    let retry = headers
        .get("x-acs-retry-attempts")
        .map_or("-", |value| value.to_str().unwrap());
    let mut told = told.lock().unwrap();
    let (status, body) = answers[told.len()].split_once(' ').unwrap();
    told.push(format!("{} {retry}", uri.query().unwrap()));
    (status.parse::<u16>().unwrap().try_into().unwrap(), body)
}

fn part<'a>(told: &'a str, name: &str) -> &'a str {
    let query = told.split(' ').next().unwrap();
    let found = query
        .split('&')
        .find_map(|part| part.strip_prefix(&format!("{name}=")));
    found.unwrap_or_default()
}

fn request(turn: u32, heard: Heard) -> ThinkRequest {
    ThinkRequest {
        turn: TurnId(turn),
        replaces: None,
        heard,
        interrupted: None,
        history: Vec::new(),
    }
}

/// One whole answer in words.
async fn answer(inbox: &mut mpsc::Receiver<Thought>) -> Vec<String> {
    let mut words = Vec::new();
    loop {
        let thought = tokio::time::timeout(Duration::from_secs(10), inbox.recv());
        match thought.await.expect("in time").unwrap().step {
            Step::Decision { decision, last } => {
                words.push(match decision {
                    Decision::Say {
                        line: Line::Text(text),
                        ..
                    } => format!("say {text}"),
                    Decision::Listen(_) => "listen".to_owned(),
                    Decision::HangUp { .. } => "hang up".to_owned(),
                    other => format!("{other:?}"),
                });
                if last {
                    return words;
                }
            }
            Step::Noted(_) | Step::Wrote(_) | Step::Remember(_) => {}
            Step::Done => return words,
            Step::Failed { why } => return vec![format!("failed: {why}")],
        }
    }
}
