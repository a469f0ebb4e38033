//! A language model that finds out what a caller's words mean in a flow: which branch, which slots,
//! or what to reply to a question that the flow does not know.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::sync::Mutex;
use voice::{
    flow::{Slot, SlotKind},
    thinker::TurnId,
};

use super::{
    backend::{Backend, Delta, Item},
    chain::{Chain, Round},
    prompt::{Message, Prompt},
    settings::{DifyFacts, ModelSettings},
};
use crate::port::Thoughts;

/// The longest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 16 * 1024;

/// A language model that reads for a flow.
pub struct Reader {
    chain: Mutex<Chain>,
    /// What the model is told of the business, for its replies.
    knowledge: String,
    answer_max: Duration,
}

impl Reader {
    /// Asks these back ends in this order; at least one.
    pub fn new(
        client: &reqwest::Client,
        backends: Vec<ModelSettings>,
        knowledge: String,
        failover_after: Duration,
        answer_max: Duration,
    ) -> Self {
        let backends = backends
            .into_iter()
            .map(|settings| Backend::new(client.clone(), settings, DifyFacts::default()))
            .collect();
        Self {
            chain: Mutex::new(Chain::new(backends, failover_after)),
            knowledge,
            answer_max,
        }
    }

    /// What words mean: an object with `branch`, `slots`, `reply`; `None` if nobody found out.
    pub(in crate::thinker) async fn read(
        &self,
        turn: TurnId,
        thoughts: &Thoughts,
        words: &str,
        meanings: &[(String, String)],
        missing: &[Slot],
    ) -> Option<Value> {
        let prompt = Prompt {
            system: self.system(meanings, missing),
            messages: vec![Message::User(words.to_owned())],
            tools: Vec::new(),
            query: words.to_owned(),
            is_invoked: false,
        };
        let round = Round {
            turn,
            thoughts,
            prompt: Arc::new(prompt),
            until: Instant::now() + self.answer_max,
            without: None,
        };
        let reading = self.whole(&round);
        let text = tokio::time::timeout(self.answer_max, reading)
            .await
            .ok()??;
        object_in(&text)
    }

    async fn whole(&self, round: &Round<'_>) -> Option<String> {
        let mut chain = self.chain.lock().await;
        let opened = chain.open(round).await.ok()?;
        let (mut attempt, mut delta) = (opened.attempt, opened.first);
        let mut text = String::new();
        loop {
            match delta.take() {
                Some(Delta::Text(more)) => text.push_str(&more),
                Some(Delta::Replace(whole)) => text = whole,
                Some(Delta::Calling | Delta::Calls(_) | Delta::Human) | None => {}
            }
            if text.len() > ANSWER_BYTES_MAX {
                return None;
            }
            match attempt.next().await {
                Item::Delta(next) => delta = Some(next),
                Item::End(Ok(())) => {
                    attempt.answered();
                    return Some(text);
                }
                Item::End(Err(why)) => {
                    chain.failed(attempt, &why);
                    return None;
                }
            }
        }
    }

    fn system(&self, meanings: &[(String, String)], missing: &[Slot]) -> String {
        let mut system =
            "You listen in on a telephone call. Say what the caller's words mean, as one \
             JSON object and nothing else: {\"branch\": name or null, \"slots\": {name: value}, \
             \"reply\": text or null}. `branch` is the one meaning that fits. `slots` holds only \
             what the caller has really said. `reply` is one short sentence, in the caller's \
             language, to a question that none of this answers."
                .to_owned();
        for (name, meaning) in meanings.iter().filter(|(_, meaning)| !meaning.is_empty()) {
            system.push_str(&format!("\nBranch {name:?}: {meaning}"));
        }
        for slot in missing {
            system.push_str(&format!("\nSlot {:?}: {}", slot.name, wanted(&slot.kind)));
        }
        if !self.knowledge.is_empty() {
            system.push_str("\n\nWhat you know:\n");
            system.push_str(&self.knowledge);
        }
        system
    }
}

fn wanted(kind: &SlotKind) -> String {
    match kind {
        SlotKind::Text => "any words".to_owned(),
        SlotKind::Number => "a number, in digits".to_owned(),
        SlotKind::Digits { min, max } => format!("{min} to {max} digits"),
        SlotKind::Choice(words) => format!("one of {words:?}"),
        SlotKind::Described(what) => what.clone(),
    }
}

/// The JSON object in an answer; models like to put it between fences.
pub(super) fn object_in(text: &str) -> Option<Value> {
    let (from, to) = (text.find('{')?, text.rfind('}')?);
    let value: Value = serde_json::from_str(text.get(from..=to)?).ok()?;
    value.is_object().then_some(value)
}
