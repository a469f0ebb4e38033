//! How answers came about, as it is stored.

use std::time::Duration;

use model::{Thought, ThoughtKind, ThoughtOutcome};
use serde::{Deserialize, Serialize};

use super::unknown;
use crate::StoreError;

#[derive(Serialize, Deserialize)]
pub(super) struct ThoughtDoc {
    turn: u32,
    #[serde(flatten)]
    what: KindDoc,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
enum KindDoc {
    Asked {
        backend: String,
        outcome: String,
        why: String,
        first_token_us: Option<u64>,
        took_us: u64,
    },
    Called {
        tool: String,
        arguments: String,
        outcome: String,
        why: String,
        answer: String,
        took_us: u64,
    },
    Moved {
        node: String,
        node_kind: String,
        branch: String,
        tags: Vec<(String, String)>,
    },
}

impl From<Thought> for ThoughtDoc {
    fn from(thought: Thought) -> Self {
        let us = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let what = match thought.what {
            ThoughtKind::Asked {
                backend,
                outcome,
                why,
                first_token,
                took,
            } => KindDoc::Asked {
                backend,
                outcome: outcome.name().into(),
                why,
                first_token_us: first_token.map(us),
                took_us: us(took),
            },
            ThoughtKind::Called {
                tool,
                arguments,
                outcome,
                why,
                answer,
                took,
            } => KindDoc::Called {
                tool,
                arguments,
                outcome: outcome.name().into(),
                why,
                answer,
                took_us: us(took),
            },
            ThoughtKind::Moved {
                node,
                kind,
                branch,
                tags,
            } => KindDoc::Moved {
                node,
                node_kind: kind,
                branch,
                tags,
            },
        };
        Self {
            turn: thought.turn,
            what,
        }
    }
}

impl ThoughtDoc {
    pub fn thought(self) -> Result<Thought, StoreError> {
        let outcome =
            |name: &str| ThoughtOutcome::by_name(name).ok_or_else(|| unknown("thought outcome"));
        let what = match self.what {
            KindDoc::Asked {
                backend,
                outcome: name,
                why,
                first_token_us,
                took_us,
            } => ThoughtKind::Asked {
                backend,
                outcome: outcome(&name)?,
                why,
                first_token: first_token_us.map(Duration::from_micros),
                took: Duration::from_micros(took_us),
            },
            KindDoc::Called {
                tool,
                arguments,
                outcome: name,
                why,
                answer,
                took_us,
            } => ThoughtKind::Called {
                tool,
                arguments,
                outcome: outcome(&name)?,
                why,
                answer,
                took: Duration::from_micros(took_us),
            },
            KindDoc::Moved {
                node,
                node_kind,
                branch,
                tags,
            } => ThoughtKind::Moved {
                node,
                kind: node_kind,
                branch,
                tags,
            },
        };
        Ok(Thought {
            turn: self.turn,
            what,
        })
    }
}
