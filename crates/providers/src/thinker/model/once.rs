//! One question to language models outside of a conversation.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::Value;
use voice::thinker::TurnId;

use super::{
    backend::{Backend, Delta, Item},
    chain::{Chain, Round},
    prompt::{Message, Prompt},
    settings::{DifyFacts, ModelSettings},
};
use crate::port::Thoughts;

/// The longest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Silence of a back end after which the next one is asked as well.
const FAILOVER_AFTER: Duration = Duration::from_secs(10);

/// A question that is answered with one JSON object.
#[derive(Clone, Debug)]
pub struct Once {
    /// What the model is to do.
    pub system: String,
    /// What it is to do it with.
    pub text: String,
    /// Longest wait for the whole answer.
    pub answer_max: Duration,
}

/// What was answered, and by whom.
#[derive(Clone, Debug, PartialEq)]
pub struct OnceAnswer {
    /// The back end's name.
    pub by: String,
    /// The object.
    pub object: Value,
}

/// Asks; the first of the back ends that answers with an object counts.
///
/// # Errors
///
/// Why there is no such answer, in words without secrets.
///
/// # Panics
///
/// Panics without a back end.
pub async fn ask_once(
    client: &reqwest::Client,
    backends: Vec<ModelSettings>,
    once: Once,
) -> Result<OnceAnswer, String> {
    let facts = DifyFacts {
        user: "review".to_owned(),
        ..DifyFacts::default()
    };
    let names: Vec<String> = backends
        .iter()
        .map(|settings| settings.name.clone())
        .collect();
    let backends = backends
        .into_iter()
        .map(|settings| Backend::new(client.clone(), settings, facts.clone()))
        .collect();
    let mut chain = Chain::new(backends, FAILOVER_AFTER);
    // Nobody reads the notes: they belong to conversations.
    let (thoughts, _notes) = Thoughts::queue();
    let round = Round {
        turn: TurnId(0),
        thoughts: &thoughts,
        prompt: Arc::new(Prompt {
            query: format!("{}\n\n{}", once.system, once.text),
            system: once.system,
            messages: vec![Message::User(once.text)],
            tools: Vec::new(),
            is_invoked: false,
        }),
        until: Instant::now() + once.answer_max,
        without: None,
    };
    let whole = tokio::time::timeout(once.answer_max, whole(&mut chain, &round));
    let (backend, text) = whole
        .await
        .map_err(|_| format!("no answer within {:?}", once.answer_max))??;
    let object = super::reader::object_in(&text).ok_or("the answer is no JSON object")?;
    Ok(OnceAnswer {
        by: names.into_iter().nth(backend).unwrap_or_default(),
        object,
    })
}

async fn whole(chain: &mut Chain, round: &Round<'_>) -> Result<(usize, String), String> {
    let opened = chain.open(round).await?;
    let (mut attempt, mut delta) = (opened.attempt, opened.first);
    let backend = attempt.backend;
    let mut text = String::new();
    loop {
        match delta.take() {
            Some(Delta::Text(more)) => text.push_str(&more),
            Some(Delta::Replace(whole)) => text = whole,
            Some(Delta::Calling | Delta::Calls(_) | Delta::Human) | None => {}
        }
        if text.len() > ANSWER_BYTES_MAX {
            return Err("the answer is too long".to_owned());
        }
        match attempt.next().await {
            Item::Delta(next) => delta = Some(next),
            Item::End(Ok(())) => {
                attempt.answered();
                return Ok((backend, text));
            }
            Item::End(Err(why)) => {
                let told = why.to_string();
                chain.failed(attempt, &why);
                return Err(told);
            }
        }
    }
}
