//! One caller's way through a script.

use std::sync::Arc;

use super::{
    document::{After, Answer, Next, Reaction, Script},
    matching,
};
use crate::{
    conversation::EndCause,
    line::{Line, Variables},
    thinker::{Decision, Expected, Heard, ThinkRequest},
};

/// One caller's way through a script.
#[derive(Clone, Debug)]
pub struct ScriptRun {
    script: Arc<Script>,
    variables: Variables,
    place: Place,
    /// Where the caller was before the last request, in case it is replaced.
    before: Place,
}

/// Where the caller is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    step: String,
    /// The start step has been reached; without a greeting, the caller speaks first.
    has_begun: bool,
    /// Answers in a row that matched nothing.
    n_no_match: u32,
}

impl ScriptRun {
    /// Begins before the greeting. Values that `variables` lacks come from the script.
    pub fn new(script: Arc<Script>, variables: &Variables) -> Self {
        let place = Place {
            step: script.parts().start.clone(),
            has_begun: false,
            n_no_match: 0,
        };
        Self {
            variables: script.variables(variables),
            script,
            before: place.clone(),
            place,
        }
    }

    /// The whole answer to one request, in order; never empty.
    pub fn think(&mut self, request: &ThinkRequest) -> Vec<Decision> {
        if request.replaces.is_some() {
            self.place = self.before.clone();
        }
        self.before = self.place.clone();
        let script = Arc::clone(&self.script);
        let mut answer = Answering {
            script: &script,
            variables: &self.variables,
            place: &mut self.place,
            decisions: Vec::new(),
        };
        answer.think(&request.heard);
        answer.decisions
    }

    /// Whether a greeting is written.
    pub fn greets(&self) -> bool {
        self.script.parts().greeting.is_some()
    }

    /// The name of the step at which the caller is.
    pub fn step(&self) -> &str {
        &self.place.step
    }
}

/// The decisions of one answer, as they come together.
struct Answering<'a> {
    script: &'a Script,
    variables: &'a Variables,
    place: &'a mut Place,
    decisions: Vec<Decision>,
}

impl<'a> Answering<'a> {
    fn think(&mut self, heard: &Heard) {
        let answers = self.script.step(&self.place.step).answers();
        match heard {
            Heard::Start | Heard::TakenOver => self.begin(),
            Heard::TransferFailed | Heard::AgentRefused(_) => {
                self.hang_up(EndCause::TransferFailed);
            }
            Heard::Utterance(_)
            | Heard::Instruction(_)
            | Heard::Digits(_)
            | Heard::Silence { .. }
            | Heard::Unclear
                if !self.place.has_begun || self.is_leaving() =>
            {
                self.arrive();
            }
            Heard::Utterance(text) | Heard::Instruction(text) => {
                self.answer(matching::by_words(answers, text));
            }
            Heard::Digits(row) => self.answer(matching::by_keys(answers, row)),
            Heard::Unclear => self.answer(None),
            Heard::Silence { count } => {
                let no_input = &self.script.parts().no_input.reaction;
                self.react(no_input, *count, EndCause::NoInput);
            }
        }
    }

    fn begin(&mut self) {
        let parts = self.script.parts();
        match &parts.greeting {
            Some(greeting) => {
                self.say(greeting, parts.greeting_interruptible);
                self.arrive();
            }
            None => self.decisions.push(Decision::Listen(Expected::default())),
        }
    }

    fn answer(&mut self, answer: Option<&'a Answer>) {
        if let Some(answer) = answer {
            self.place.n_no_match = 0;
            if let Some(line) = &answer.say {
                self.say(line, self.is_interruptible() && !answer.then.is_farewell());
            }
            return self.go(&answer.then, EndCause::ScriptEnd);
        }
        match &self.script.step(&self.place.step).after {
            After::Listen {
                otherwise: Some(next),
                ..
            } => self.go(next, EndCause::ScriptEnd),
            After::Listen {
                otherwise: None, ..
            }
            | After::GoOn(_) => {
                self.place.n_no_match += 1;
                let count = self.place.n_no_match;
                self.react(&self.script.parts().no_match, count, EndCause::NoMatch);
            }
        }
    }

    /// The `count`th time in a row that nothing useful came from the caller.
    fn react(&mut self, reaction: &'a Reaction, count: u32, cause: EndCause) {
        if count > reaction.max {
            return self.go(&reaction.then, cause);
        }
        let idx = (count.max(1) - 1) as usize;
        match reaction.lines.get(idx).or(reaction.lines.last()) {
            Some(line) => {
                self.say(line, true);
                self.listen();
            }
            None => self.arrive(),
        }
    }

    fn go(&mut self, next: &Next, cause: EndCause) {
        match next {
            Next::Step(name) => {
                self.place.step.clone_from(name);
                self.arrive();
            }
            Next::Repeat => self.arrive(),
            Next::Stay => self.listen(),
            Next::HangUp => self.hang_up(cause),
            Next::Transfer(target) => {
                self.decisions.push(Decision::hand_over(target.clone()));
            }
        }
    }

    /// Says what the step says, and goes on from there. Ends because every chain of steps that
    /// do not listen ends, which [`Script::new`] has checked.
    fn arrive(&mut self) {
        self.place.has_begun = true;
        let step = self.script.step(&self.place.step);
        let is_farewell = match &step.after {
            After::Listen { .. } => false,
            After::GoOn(next) => next.is_farewell(),
        };
        if let Some(line) = &step.say {
            self.say(line, self.is_interruptible() && !is_farewell);
        }
        match &step.after {
            After::Listen { .. } => self.listen(),
            After::GoOn(next) => {
                self.place.n_no_match = 0;
                self.go(next, EndCause::ScriptEnd);
            }
        }
    }

    fn listen(&mut self) {
        let expected = self.script.step(&self.place.step).expected();
        self.decisions.push(Decision::Listen(expected));
    }

    fn hang_up(&mut self, cause: EndCause) {
        if let Some(line) = &self.script.parts().goodbye {
            self.say(line, false);
        }
        self.decisions.push(Decision::HangUp { cause });
    }

    fn say(&mut self, line: &Line, interruptible: bool) {
        let line = line.with(self.variables);
        if !line.is_empty() {
            self.decisions.push(Decision::Say {
                line,
                interruptible,
            });
        }
    }

    /// Whether the caller cut an announcement before the farewell behind it.
    fn is_leaving(&self) -> bool {
        match self.script.step(&self.place.step).after {
            After::Listen { .. } => false,
            After::GoOn(_) => true,
        }
    }

    fn is_interruptible(&self) -> bool {
        let own = self.script.step(&self.place.step).interruptible;
        own.unwrap_or(self.script.parts().interruptible)
    }
}

impl Next {
    /// Whether the caller leaves the dialogue here. What is said before that is not cut: the
    /// decision behind it would be lost.
    fn is_farewell(&self) -> bool {
        match self {
            Self::HangUp | Self::Transfer(_) => true,
            Self::Step(_) | Self::Repeat | Self::Stay => false,
        }
    }
}

#[cfg(test)]
mod tests;
