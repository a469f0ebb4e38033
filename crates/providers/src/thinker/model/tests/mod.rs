//! Thinkers against servers that speak the wire protocol, with delays and faults.

mod chain;
mod dify;
mod flow;
mod openai;
mod text;
mod tools;

use std::time::{Duration, Instant};

use testkit::models::ModelServer;
use tokio::sync::mpsc;
use voice::{
    conversation::Exchange,
    line::Line,
    thinker::{Decision, Heard, ThinkRequest, TurnId},
};

use super::*;
use crate::port::{Medium, Noted, Step, Thinker, Thought, Thoughts};

/// Longest wait of a test.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// A back end for tests.
pub(super) fn model(kind: ModelKind) -> ModelSettings {
    ModelSettings {
        name: "main".to_owned(),
        kind,
        url: String::new(),
        key: "sk-test".to_owned(),
        model: "gpt".to_owned(),
        temperature: None,
        top_p: None,
        max_tokens: None,
        extra_body: serde_json::Map::new(),
        first_token_max: Duration::from_secs(3),
        piece_max: Duration::from_secs(3),
    }
}

/// A conversation with a thinker.
pub(super) struct Scene {
    thinker: Box<dyn Thinker>,
    inbox: mpsc::Receiver<Thought>,
    pub history: Vec<Exchange>,
    pub notes: Vec<Noted>,
    n_turns: u32,
}

impl Scene {
    pub fn new(settings: ModelThinkerSettings) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (thoughts, inbox) = Thoughts::queue();
        let thinker = ModelThinker::new(reqwest::Client::new(), settings, thoughts);
        Self::with(Box::new(thinker), inbox)
    }

    pub fn with(thinker: Box<dyn Thinker>, inbox: mpsc::Receiver<Thought>) -> Self {
        Self {
            thinker,
            inbox,
            history: Vec::new(),
            notes: Vec::new(),
            n_turns: 0,
        }
    }

    /// The caller speaks; the answer in words. What it says is heard to its end.
    pub async fn say(&mut self, words: &str) -> Vec<String> {
        self.history.push(Exchange::Caller(words.to_owned()));
        self.put(Heard::Utterance(words.to_owned()));
        let answer = self.answer().await;
        let said = answer.iter().filter_map(|line| line.strip_prefix("say "));
        let said = said.collect::<Vec<_>>().join(" ");
        if !said.is_empty() {
            self.history.push(Exchange::Agent(said));
        }
        answer
    }

    /// Something happens, and is put to the thinker.
    pub fn put(&mut self, heard: Heard) -> TurnId {
        self.n_turns += 1;
        let turn = TurnId(self.n_turns);
        self.thinker.ask(ThinkRequest {
            turn,
            replaces: None,
            heard,
            interrupted: None,
            history: self.history.clone(),
        });
        turn
    }

    pub fn stop(&mut self, turn: TurnId) {
        self.thinker.stop(turn);
    }

    /// One thought.
    pub async fn thought(&mut self) -> Step {
        let next = tokio::time::timeout(WAIT_MAX, self.inbox.recv());
        next.await
            .expect("a thought in time")
            .expect("a thinker")
            .step
    }

    /// One whole answer in words.
    pub async fn answer(&mut self) -> Vec<String> {
        let mut words = Vec::new();
        loop {
            match self.thought().await {
                Step::Noted(noted) => self.notes.push(noted),
                Step::Wrote(text) => words.push(format!("wrote {text}")),
                Step::Remember(memory) => words.push(format!("remember {memory}")),
                Step::Done => return words,
                Step::Failed { why } => {
                    words.push(format!("failed: {why}"));
                    return words;
                }
                Step::Decision { decision, last } => {
                    match decision {
                        Decision::Say {
                            line: Line::Text(text),
                            ..
                        } => words.push(format!("say {text}")),
                        Decision::Listen(_) => {}
                        Decision::HangUp { cause } => words.push(format!("hang up: {cause:?}")),
                        Decision::Transfer { target } => words.push(format!("transfer: {target}")),
                        Decision::ChangeAgent { agent, .. } => {
                            words.push(format!("to agent: {agent}"));
                        }
                        other => words.push(format!("{other:?}")),
                    }
                    if last {
                        return words;
                    }
                }
            }
        }
    }

    /// The attempts so far: back end and what became of it.
    pub async fn attempts(&mut self) -> Vec<String> {
        while let Ok(thought) = self.inbox.try_recv() {
            if let Step::Noted(noted) = thought.step {
                self.notes.push(noted);
            }
        }
        let asked = self.notes.iter().filter_map(|noted| match noted {
            Noted::Asked(asked) => Some(format!("{} {:?}", asked.backend, asked.outcome)),
            Noted::Called(_) | Noted::Moved(_) => None,
        });
        asked.collect()
    }
}

/// Settings with these back ends, and nothing else.
pub(super) fn settings(backends: Vec<ModelSettings>) -> ModelThinkerSettings {
    ModelThinkerSettings {
        medium: Medium::Voice,
        remembers: false,
        recalled: None,
        backends,
        failover_after: Duration::from_millis(300),
        answer_max: Duration::from_secs(4),
        prompt: "You are kind.".to_owned(),
        script: None,
        greets: true,
        prompts_silence: false,
        prompts_unclear: false,
        call_end: None,
        transfers: Vec::new(),
        transfer_failed: TransferFailed::default(),
        tools: Vec::new(),
        mcp: Vec::new(),
        filler: None,
        goodbye: None,
        phrases: Vec::new(),
        dify: DifyFacts {
            user: "call-1".to_owned(),
            ..DifyFacts::default()
        },
        is_chinese: false,
    }
}

/// The back end that a server stands for.
pub(super) fn at(server: &ModelServer, name: &str, kind: ModelKind) -> ModelSettings {
    let path = if kind == ModelKind::Azure {
        "?api-version=2024-06-01"
    } else {
        "/v1"
    };
    ModelSettings {
        name: name.to_owned(),
        url: format!("{}{path}", server.origin),
        ..model(kind)
    }
}

/// Waits until something holds that another task brings about.
pub(super) async fn until(holds: impl Fn() -> bool) {
    let deadline = Instant::now() + WAIT_MAX;
    while !holds() {
        assert!(Instant::now() < deadline, "it does not come about");
        tokio::task::yield_now().await;
    }
}
