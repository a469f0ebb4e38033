//! A written dialogue as a thinker: it answers at once.

use voice::{script::ScriptRun, thinker::ThinkRequest};

use crate::port::{Thinker, Thoughts};

/// One caller's way through a script.
#[derive(Debug)]
pub struct ScriptThinker {
    run: ScriptRun,
    thoughts: Thoughts,
}

impl ScriptThinker {
    /// Begins before the greeting.
    pub fn new(run: ScriptRun, thoughts: Thoughts) -> Self {
        Self { run, thoughts }
    }
}

impl Thinker for ScriptThinker {
    fn ask(&mut self, request: ThinkRequest) {
        self.thoughts
            .put_all(request.turn, self.run.think(&request));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use voice::{
        line::{Line, Variables},
        script::{Script, SimpleScript},
        thinker::{Decision, Heard, TurnId},
    };

    use super::*;
    use crate::port::Step;

    #[tokio::test]
    async fn the_answer_is_there_at_once_and_ends() {
        let script = Script::simple(SimpleScript {
            language: "en".into(),
            voice: None,
            greeting: Some(Line::Text("Hello.".into())),
            replies: Vec::new(),
            no_input: None,
            no_match: None,
            goodbye: None,
        });
        let run = ScriptRun::new(Arc::new(script.unwrap()), &Variables::default());
        let (thoughts, mut inbox) = Thoughts::queue();
        let mut thinker = ScriptThinker::new(run, thoughts);

        let request = ThinkRequest {
            turn: TurnId(1),
            replaces: None,
            heard: Heard::Start,
            interrupted: None,
            history: Vec::new(),
        };
        thinker.ask(request);

        let mut said = Vec::new();
        loop {
            match inbox.try_recv().unwrap().step {
                Step::Decision {
                    decision: Decision::Say { line, .. },
                    last,
                } => {
                    said.push(line);
                    if last {
                        break;
                    }
                }
                Step::Decision { last: true, .. } => break,
                Step::Decision { .. } => {}
                Step::Done
                | Step::Failed { .. }
                | Step::Noted(_)
                | Step::Wrote(_)
                | Step::Remember(_) => {
                    panic!("a script has an answer")
                }
            }
        }
        assert_eq!(said, [Line::Text("Hello.".into())]);
    }
}
