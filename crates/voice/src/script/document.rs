//! What a script is made of.
//!
//! The structs are open, so that an edge can fill them from JSON, YAML or a form; a [`Script`] is
//! the proof that they fit together.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use super::check;
use crate::{
    conversation::Settings,
    line::{Line, Variables},
    thinker::Expected,
    turn::{Dictation, Manners},
};

/// The name of a step: not empty, 64 characters at most.
pub type StepName = String;

/// A script as written, not yet checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptParts {
    /// Language tag of all lines and phrases, such as `en` or `zh`.
    pub language: String,
    /// The speaker's voice; `None`: its default for the language.
    pub voice: Option<String>,
    /// Said first. Without one, the caller speaks first and is answered with the start step.
    pub greeting: Option<Line>,
    /// Whether the caller may cut the greeting.
    pub greeting_interruptible: bool,
    /// Silence before the greeting, 60 s at most; the variable `welcome-message-delay` wins.
    pub welcome_delay: Duration,
    /// Whether the caller may cut the lines of steps that do not say otherwise.
    pub interruptible: bool,
    /// The steps, 1 to 1,000.
    pub steps: BTreeMap<StepName, Step>,
    /// The step after the greeting.
    pub start: StepName,
    /// What to do when the caller says nothing.
    pub no_input: NoInput,
    /// What to do when the caller's words match no answer.
    pub no_match: NoMatch,
    /// Said before hanging up.
    pub goodbye: Option<Line>,
    /// Values for variables that the call does not give.
    pub variables: BTreeMap<String, String>,
}

/// One point of the dialogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Said on arrival.
    pub say: Option<Line>,
    /// Whether the caller may cut it; `None`: as the script says.
    pub interruptible: Option<bool>,
    /// The caller is asked for a number.
    pub dictation: Option<Dictation>,
    /// What follows.
    pub after: After,
}

/// What follows what a step says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// The caller is to answer.
    Listen {
        /// Answers that are understood, 100 at most.
        answers: Vec<Answer>,
        /// Where any other answer leads; `None`: the script's `no_match`.
        otherwise: Option<Next>,
    },
    /// The agent goes on at once.
    GoOn(Next),
}

/// One answer that is understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Phrases of which one must occur in what the caller says; the longest match of all answers
    /// wins. Case and punctuation do not count. 50 at most.
    pub words: Vec<String>,
    /// Rows of keys (`0`-`9`, `*`, `#`), 1 to 20 keys each, that mean the same.
    pub keys: Vec<String>,
    /// Said in reply.
    pub say: Option<Line>,
    /// Where it leads.
    pub then: Next,
}

/// Where the dialogue goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// To another step.
    Step(StepName),
    /// To the same step again, with what it says.
    Repeat,
    /// To the same step, without saying it again.
    Stay,
    /// To the goodbye and the end.
    HangUp,
    /// To somebody else, named as the app understands it.
    Transfer(String),
}

/// What to do when the caller says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoInput {
    /// Silence of both sides before it counts, 1 s to 600 s.
    pub after: Duration,
    /// What to do about it.
    pub reaction: Reaction,
}

/// What to do when the caller's words match no answer.
pub type NoMatch = Reaction;

/// What to do when the caller says nothing, or nothing of use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// Said the first time, the second time and so on; the last one repeats. Without any, the
    /// step's own line is said again.
    pub lines: Vec<Line>,
    /// How often in a row, 100 at most, before `then`.
    pub max: u32,
    /// Where the next time leads.
    pub then: Next,
}

/// A valid script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    parts: ScriptParts,
}

/// What is wrong with a script: its author must change it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid script: `{path}` {why}")]
pub struct ScriptFault {
    /// Where, such as `steps.menu.answers[2].then`.
    pub path: String,
    /// What, such as `names no step`.
    pub why: String,
}

/// The smallest useful agent: a greeting, replies to words or keys, and a goodbye.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimpleScript {
    /// Language tag.
    pub language: String,
    /// The speaker's voice.
    pub voice: Option<String>,
    /// Said first.
    pub greeting: Option<Line>,
    /// Answers; `then` may be [`Next::Stay`], [`Next::HangUp`] or [`Next::Transfer`].
    pub replies: Vec<Answer>,
    /// Said when the caller says nothing.
    pub no_input: Option<Line>,
    /// Said when nothing matches.
    pub no_match: Option<Line>,
    /// Said before hanging up.
    pub goodbye: Option<Line>,
}

/// The time that a prompt about silence may take to say.
const PROMPT_MAX: Duration = Duration::from_secs(30);

impl Script {
    /// Checks a script.
    ///
    /// # Errors
    ///
    /// The first [`ScriptFault`] found.
    pub fn new(parts: ScriptParts) -> Result<Self, ScriptFault> {
        check::parts(&parts)?;
        Ok(Self { parts })
    }

    /// Checks a simple script: one step, named [`SimpleScript::STEP`], which is stayed at.
    ///
    /// # Errors
    ///
    /// As [`Script::new`].
    pub fn simple(simple: SimpleScript) -> Result<Self, ScriptFault> {
        let step = Step {
            say: None,
            interruptible: None,
            dictation: None,
            after: After::Listen {
                answers: simple.replies,
                otherwise: None,
            },
        };
        let react = |line: Option<Line>, max| Reaction {
            lines: line.into_iter().collect(),
            max,
            then: Next::HangUp,
        };
        Self::new(ScriptParts {
            language: simple.language,
            voice: simple.voice,
            greeting: simple.greeting,
            greeting_interruptible: true,
            welcome_delay: Duration::ZERO,
            interruptible: true,
            steps: BTreeMap::from([(SimpleScript::STEP.to_owned(), step)]),
            start: SimpleScript::STEP.to_owned(),
            no_input: NoInput {
                after: Manners::default().no_input_after,
                reaction: react(simple.no_input, 2),
            },
            no_match: react(simple.no_match, 3),
            goodbye: simple.goodbye,
            variables: BTreeMap::new(),
        })
    }

    /// The script's parts.
    pub fn parts(&self) -> &ScriptParts {
        &self.parts
    }

    /// The names of all variables that occur in lines.
    pub fn variable_names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for line in self.all_lines() {
            line.collect_variables(&mut names);
        }
        names
    }

    /// Everything a call may need to say, substituted, soonest first and each once, so that it
    /// can be synthesized while the phone rings.
    pub fn lines(&self, variables: &Variables) -> Vec<Line> {
        let variables = self.variables(variables);
        let mut seen = BTreeSet::new();
        let lines = self.all_lines().map(|line| line.with(&variables));
        lines
            .filter(|line| !line.is_empty() && seen.insert(line.clone()))
            .collect()
    }

    /// How a conversation with this script is to be held, on top of the defaults. The longest
    /// silence of the caller leaves room for every prompt that the script has.
    pub fn settings(&self, variables: &Variables) -> Settings {
        let parts = &self.parts;
        let defaults = Settings::default();
        let prompts = parts.no_input.reaction.max + 1;
        let prompting = (parts.no_input.after + PROMPT_MAX) * prompts;
        Settings {
            manners: Manners {
                no_input_after: parts.no_input.after,
                ..Manners::default()
            },
            welcome_delay: self
                .variables(variables)
                .welcome_delay()
                .unwrap_or(parts.welcome_delay),
            caller_silence_max: defaults.caller_silence_max.map(|max| max.max(prompting)),
            ..defaults
        }
    }

    /// The values of a call over those of the script.
    pub fn variables(&self, given: &Variables) -> Variables {
        given.over(&self.parts.variables)
    }

    /// A step that is known to exist.
    pub(super) fn step(&self, name: &str) -> &Step {
        self.parts
            .steps
            .get(name)
            .expect("a checked script names only steps it holds")
    }

    /// All lines, nearest to the beginning first.
    fn all_lines(&self) -> impl Iterator<Item = &Line> {
        let parts = &self.parts;
        let steps = self.steps_by_distance().into_iter().flat_map(Step::lines);
        let reactions = [&parts.no_input.reaction, &parts.no_match];
        parts
            .greeting
            .iter()
            .chain(steps)
            .chain(reactions.into_iter().flat_map(|reaction| &reaction.lines))
            .chain(&parts.goodbye)
    }

    /// The steps that a call can reach, in the order of the fewest steps before them.
    fn steps_by_distance(&self) -> Vec<&Step> {
        let reactions = [&self.parts.no_input.reaction, &self.parts.no_match];
        let mut names = VecDeque::from([self.parts.start.as_str()]);
        let mut seen = BTreeSet::new();
        let mut steps = Vec::new();
        while let Some(name) = names.pop_front() {
            if !seen.insert(name) {
                continue;
            }
            let step = self.step(name);
            steps.push(step);
            names.extend(step.nexts().filter_map(Next::step));
            names.extend(reactions.iter().filter_map(|reaction| reaction.then.step()));
        }
        steps
    }
}

impl SimpleScript {
    /// The name of its only step.
    pub const STEP: &'static str = "main";
}

impl Step {
    /// The grammar of the recognizer at this step, each phrase once.
    pub fn expected_phrases(&self) -> Vec<String> {
        unique(self.answers().iter().flat_map(|answer| &answer.words))
    }

    /// What the caller may say or press at this step.
    pub fn expected(&self) -> Expected {
        Expected {
            phrases: self.expected_phrases(),
            keys: unique(self.answers().iter().flat_map(|answer| &answer.keys)),
            dictation: self.dictation,
            gather: None,
        }
    }

    /// The answers that are understood here.
    pub fn answers(&self) -> &[Answer] {
        match &self.after {
            After::Listen { answers, .. } => answers,
            After::GoOn(_) => &[],
        }
    }

    fn lines(&self) -> impl Iterator<Item = &Line> {
        self.say.iter().chain(
            self.answers()
                .iter()
                .filter_map(|answer| answer.say.as_ref()),
        )
    }

    /// Everywhere this step can lead.
    fn nexts(&self) -> impl Iterator<Item = &Next> {
        let other = match &self.after {
            After::Listen { otherwise, .. } => otherwise.as_ref(),
            After::GoOn(next) => Some(next),
        };
        self.answers()
            .iter()
            .map(|answer| &answer.then)
            .chain(other)
    }
}

impl Next {
    /// The step it names, if it names one.
    pub fn step(&self) -> Option<&str> {
        match self {
            Self::Step(name) => Some(name),
            Self::Repeat | Self::Stay | Self::HangUp | Self::Transfer(_) => None,
        }
    }
}

fn unique<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.filter(|text| seen.insert(*text)).cloned().collect()
}

#[cfg(test)]
mod tests;
