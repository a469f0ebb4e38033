//! A thinker that cannot think: it says so at each question, so that the agent says its fallback.

use voice::thinker::ThinkRequest;

use crate::port::{Step, Thinker, Thought, Thoughts};

/// A thinker that cannot think.
#[derive(Debug)]
pub struct AbsentThinker {
    why: String,
    thoughts: Thoughts,
}

impl AbsentThinker {
    /// `why` is for the journal.
    pub fn new(why: String, thoughts: Thoughts) -> Self {
        Self { why, thoughts }
    }
}

impl Thinker for AbsentThinker {
    fn ask(&mut self, request: ThinkRequest) {
        let thought = Thought {
            turn: request.turn,
            step: Step::Failed {
                why: self.why.clone(),
            },
        };
        let thoughts = self.thoughts.clone();
        tokio::spawn(async move { thoughts.put(thought).await });
    }
}
