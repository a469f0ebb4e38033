//! How an answer came about, from the thinker's words into the journal's.

use model::{Thought, ThoughtKind, ThoughtOutcome};
use providers::port::{Noted, Outcome};
use voice::thinker::TurnId;

/// A note as an event of the call.
pub(crate) fn of(TurnId(turn): TurnId, noted: Noted) -> Thought {
    let what = match noted {
        Noted::Asked(asked) => {
            let (outcome, why) = outcome(asked.outcome);
            ThoughtKind::Asked {
                backend: asked.backend,
                outcome,
                why,
                first_token: asked.first_token,
                took: asked.took,
            }
        }
        Noted::Called(called) => {
            let (outcome, why) = outcome(called.outcome);
            ThoughtKind::Called {
                tool: called.tool,
                arguments: called.arguments,
                outcome,
                why,
                answer: called.answer,
                took: called.took,
            }
        }
        Noted::Moved(moved) => ThoughtKind::Moved {
            node: moved.node,
            kind: moved.kind.to_owned(),
            branch: moved.branch,
            tags: moved.tags,
        },
    };
    Thought { turn, what }
}

fn outcome(outcome: Outcome) -> (ThoughtOutcome, String) {
    match outcome {
        Outcome::Answered => (ThoughtOutcome::Answered, String::new()),
        Outcome::Failed(why) => (ThoughtOutcome::Failed, why),
        Outcome::Overtaken => (ThoughtOutcome::Overtaken, String::new()),
        Outcome::Stopped => (ThoughtOutcome::Stopped, String::new()),
    }
}
