//! How answers of voice agents came about, on the wire.

use std::time::Duration;

use model::{Thought, ThoughtKind, ThoughtOutcome};
use schemars::JsonSchema;
use serde::Serialize;

/// One step on the way to an answer.
#[derive(Serialize, JsonSchema)]
pub(super) struct ThoughtView {
    /// The turn that is answered, from 1.
    turn: u32,
    /// What was done.
    #[serde(flatten)]
    what: KindView,
}

/// What was done.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
enum KindView {
    /// A language model or robot was asked.
    Asked {
        backend: String,
        outcome: OutcomeView,
        why: String,
        first_token_ms: Option<f64>,
        took_ms: f64,
    },
    /// A tool was called.
    Called {
        tool: String,
        arguments: String,
        outcome: OutcomeView,
        why: String,
        answer: String,
        took_ms: f64,
    },
    /// A flow reached a node.
    Moved {
        node: String,
        node_kind: String,
        branch: String,
        tags: Vec<TagView>,
    },
}

/// What became of it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum OutcomeView {
    /// It answered.
    Answered,
    /// It did not, or not to the end.
    Failed,
    /// Another one was faster.
    Overtaken,
    /// Nobody wanted the answer any more.
    Stopped,
}

/// A tag that a branch gives.
#[derive(Serialize, JsonSchema)]
struct TagView {
    name: String,
    value: String,
}

impl From<Thought> for ThoughtView {
    fn from(thought: Thought) -> Self {
        let what = match thought.what {
            ThoughtKind::Asked {
                backend,
                outcome,
                why,
                first_token,
                took,
            } => KindView::Asked {
                backend,
                outcome: outcome.into(),
                why,
                first_token_ms: first_token.map(ms),
                took_ms: ms(took),
            },
            ThoughtKind::Called {
                tool,
                arguments,
                outcome,
                why,
                answer,
                took,
            } => KindView::Called {
                tool,
                arguments,
                outcome: outcome.into(),
                why,
                answer,
                took_ms: ms(took),
            },
            ThoughtKind::Moved {
                node,
                kind,
                branch,
                tags,
            } => KindView::Moved {
                node,
                node_kind: kind,
                branch,
                tags: tags
                    .into_iter()
                    .map(|(name, value)| TagView { name, value })
                    .collect(),
            },
        };
        Self {
            turn: thought.turn,
            what,
        }
    }
}

impl From<ThoughtOutcome> for OutcomeView {
    fn from(outcome: ThoughtOutcome) -> Self {
        match outcome {
            ThoughtOutcome::Answered => Self::Answered,
            ThoughtOutcome::Failed => Self::Failed,
            ThoughtOutcome::Overtaken => Self::Overtaken,
            ThoughtOutcome::Stopped => Self::Stopped,
        }
    }
}

/// Milliseconds with one decimal.
fn ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}
