//! Tries a model: is it fast enough, does it stream, does it call tools?

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{
    backend::{Backend, Delta, Item},
    failure::ModelFailure,
    prompt::{Message, Prompt, ToolSpec},
    settings::{DifyFacts, ModelKind, ModelSettings},
};

/// What is tried.
#[derive(Clone, Copy, Debug)]
pub struct TrialSettings {
    /// Questions, 1 to 50.
    pub n_questions: u32,
    /// Longest time for all of it.
    pub wait_max: Duration,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trial {
    /// Questions asked.
    pub n_questions: u32,
    /// Questions without an answer.
    pub n_failed: u32,
    /// From a question to the first word, the fastest first.
    pub first_tokens: Vec<Duration>,
    /// Pieces of answers, and the time between the first and the last one of each.
    pub n_pieces: u32,
    /// As above.
    pub streaming: Duration,
    /// Whether answers came in more than one piece; `None`: no answer came.
    pub streams: Option<bool>,
    /// Whether it called the tool that it was asked to; `None`: it has none or did not answer.
    pub calls_tools: Option<bool>,
    /// Whether it answered a Chinese question in Chinese; `None`: it did not answer.
    pub speaks_chinese: Option<bool>,
    /// Why the last question without an answer has none.
    pub fault: Option<String>,
}

/// What one question came to.
#[derive(Debug, Default)]
struct Answer {
    text: String,
    called: bool,
    first: Option<Duration>,
    last: Option<Duration>,
    n_pieces: u32,
}

/// Asks a model a few questions, one after the other.
pub async fn try_model(
    client: reqwest::Client,
    settings: ModelSettings,
    trial: TrialSettings,
) -> Trial {
    let has_tools = settings.kind != ModelKind::Dify;
    let facts = DifyFacts {
        user: "switchboard-test".to_owned(),
        ..DifyFacts::default()
    };
    let backend = Backend::new(client, settings, facts);
    let until = Instant::now() + trial.wait_max;
    let mut result = Trial::default();
    for _ in 0..trial.n_questions {
        let answer = ask(&backend, talk("Count from one to twenty in words."), until).await;
        result.note(answer);
    }
    if let Ok(answer) = ask(&backend, talk("请用一句话介绍一下北京。"), until).await {
        let is_han = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
        result.speaks_chinese = Some(answer.text.chars().any(is_han));
    }
    if has_tools {
        let mut prompt = talk("What time is it in Beijing? Call the tool `get_time`.");
        prompt.tools.push(ToolSpec {
            name: "get_time".to_owned(),
            description: "Tells the time in a city.".to_owned(),
            parameters: json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}),
        });
        if let Ok(answer) = ask(&backend, prompt, until).await {
            result.calls_tools = Some(answer.called);
        }
    }
    result.first_tokens.sort_unstable();
    result
}

impl Trial {
    fn note(&mut self, answer: Result<Answer, ModelFailure>) {
        self.n_questions += 1;
        match answer {
            Err(why) => {
                self.n_failed += 1;
                self.fault = Some(why.to_string());
            }
            Ok(answer) => {
                self.streams = Some(self.streams == Some(true) || answer.n_pieces > 1);
                if let (Some(first), Some(last)) = (answer.first, answer.last) {
                    self.first_tokens.push(first);
                    self.n_pieces += answer.n_pieces.saturating_sub(1);
                    self.streaming += last - first;
                }
            }
        }
    }

    /// The time within which `share` of a hundred first words came; `None`: none came.
    pub fn first_token(&self, share: usize) -> Option<Duration> {
        let last = self.first_tokens.len().checked_sub(1)?;
        Some(self.first_tokens[(last * share).div_ceil(100).min(last)])
    }
}

fn talk(words: &str) -> Prompt {
    Prompt {
        system: "You are tested. Answer in one or two sentences.".to_owned(),
        messages: vec![Message::User(words.to_owned())],
        tools: Vec::new(),
        query: words.to_owned(),
        is_invoked: false,
    }
}

async fn ask(backend: &Backend, prompt: Prompt, until: Instant) -> Result<Answer, ModelFailure> {
    let late = || ModelFailure::Unreachable("no answer in time".to_owned());
    let first_max = backend.settings.first_token_max;
    let mut asking = backend.ask(Arc::new(prompt));
    let mut answer = Answer::default();
    loop {
        let deadline = match answer.first {
            Some(_) => until,
            None => until.min(asking.since + first_max),
        };
        let item = tokio::time::timeout_at(deadline.into(), asking.next())
            .await
            .map_err(|_| late())?;
        let since = asking.since.elapsed();
        match item {
            Item::End(done) => return done.map(|()| answer),
            Item::Delta(delta) => {
                answer.first.get_or_insert(since);
                answer.last = Some(since);
                answer.n_pieces += 1;
                match delta {
                    Delta::Text(text) => answer.text.push_str(&text),
                    Delta::Replace(text) => answer.text = text,
                    Delta::Calls(_) => answer.called = true,
                    Delta::Calling | Delta::Human => {}
                }
            }
        }
    }
}
