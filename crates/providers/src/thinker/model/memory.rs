//! What a thinker has to know beside the history to go on in another one's place: conversations that
//! back ends keep, and what tools did.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use voice::thinker::TurnId;

use super::{
    chain::Chain,
    prompt::{ToolCall, ToolRound},
};

/// The longest memory, in bytes; of a longer one the oldest rounds of tools are left out.
const MEMORY_BYTES_MAX: usize = 64 * 1024;

/// What is remembered, as it is written down.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Memory {
    /// Conversations by the names of their back ends.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    conversations: BTreeMap<String, String>,
    /// Rounds of tools, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rounds: Vec<Round>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Round {
    at: usize,
    calls: Vec<Call>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Call {
    id: String,
    name: String,
    arguments: String,
    answer: Option<String>,
}

impl Memory {
    /// What is to be remembered now.
    pub fn of(chain: &Chain, rounds: &[ToolRound]) -> Self {
        let conversations = chain
            .backends()
            .map(|backend| (backend.settings.name.clone(), backend.conversation()))
            .filter(|(_, conversation)| !conversation.is_empty());
        Self {
            conversations: conversations.collect(),
            rounds: rounds.iter().map(Round::of).collect(),
        }
    }

    /// As it is written down; `None` if there is nothing to remember.
    pub fn text(mut self) -> Option<String> {
        if self == Self::default() {
            return None;
        }
        loop {
            let text = serde_json::to_string(&self).expect("it is plain text");
            if text.len() <= MEMORY_BYTES_MAX || self.rounds.is_empty() {
                return Some(text);
            }
            self.rounds.remove(0);
        }
    }

    /// Reads what was written down; `None` if nobody can.
    pub fn read(text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let read = serde_json::from_str(text);
        read.inspect_err(|error| tracing::error!(%error, "a thinker's memory cannot be read"))
            .ok()
    }

    /// Tells the back ends which conversations they have with us.
    pub fn give_back(&self, chain: &Chain) {
        for backend in chain.backends() {
            if let Some(conversation) = self.conversations.get(&backend.settings.name) {
                backend.go_on_with(conversation);
            }
        }
    }

    /// What tools did, before any turn of this process.
    pub fn rounds(self) -> Vec<ToolRound> {
        let rounds = self.rounds.into_iter().map(|round| ToolRound {
            turn: TurnId(0),
            said: String::new(),
            at: round.at,
            answers: round.calls.iter().map(|call| call.answer.clone()).collect(),
            calls: round
                .calls
                .into_iter()
                .map(|call| ToolCall {
                    id: call.id,
                    name: call.name,
                    arguments: call.arguments,
                })
                .collect(),
        });
        rounds.collect()
    }
}

impl Round {
    fn of(round: &ToolRound) -> Self {
        let calls = round.calls.iter().zip(&round.answers);
        Self {
            at: round.at,
            calls: calls
                .map(|(call, answer)| Call {
                    id: call.id.clone(),
                    name: call.name.clone(),
                    arguments: call.arguments.clone(),
                    answer: answer.clone(),
                })
                .collect(),
        }
    }
}
