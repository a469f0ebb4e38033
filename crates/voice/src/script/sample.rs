//! A script for tests: a reminder of an appointment.

use std::{collections::BTreeMap, time::Duration};

use super::{After, Answer, Next, NoInput, Reaction, ScriptParts, Step};
use crate::line::Line;

/// `greeting → menu → (confirm | when | transfer | goodbye)`.
pub(crate) fn reminder() -> ScriptParts {
    let steps = [
        (
            "menu",
            step(
                "Can you come?",
                vec![
                    answer(
                        &["yes", "sure"],
                        &["1"],
                        Some("Great, ${name}."),
                        Next::HangUp,
                    ),
                    answer(&["no", "another day"], &["2"], None, step_named("when")),
                    answer(&["what", "repeat"], &["*"], None, Next::Repeat),
                    answer(
                        &["human"],
                        &["0"],
                        Some("One moment."),
                        Next::Transfer("front-desk".into()),
                    ),
                ],
            ),
        ),
        (
            "when",
            step(
                "Which day?",
                vec![
                    answer(&["monday"], &["11"], None, step_named("noted")),
                    answer(&["tuesday"], &["1"], None, step_named("noted")),
                ],
            ),
        ),
        (
            "noted",
            Step {
                say: text("Noted."),
                interruptible: None,
                dictation: None,
                after: After::GoOn(step_named("menu")),
            },
        ),
    ];
    ScriptParts {
        language: "en".to_owned(),
        voice: None,
        greeting: text("Hello ${name}, this is ${clinic}."),
        greeting_interruptible: true,
        welcome_delay: Duration::ZERO,
        interruptible: true,
        steps: steps.map(|(name, step)| (name.to_owned(), step)).into(),
        start: "menu".to_owned(),
        no_input: NoInput {
            after: Duration::from_secs(10),
            reaction: react(&["Are you there?"]),
        },
        no_match: react(&["Sorry?", "Please say yes or no."]),
        goodbye: text("Goodbye."),
        variables: BTreeMap::from([("clinic".to_owned(), "the clinic".to_owned())]),
    }
}

fn step(say: &str, answers: Vec<Answer>) -> Step {
    Step {
        say: text(say),
        interruptible: None,
        dictation: None,
        after: After::Listen {
            answers,
            otherwise: None,
        },
    }
}

pub(crate) fn answer(words: &[&str], keys: &[&str], say: Option<&str>, then: Next) -> Answer {
    let own = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    Answer {
        words: own(words),
        keys: own(keys),
        say: say.and_then(text),
        then,
    }
}

pub(crate) fn step_named(name: &str) -> Next {
    Next::Step(name.to_owned())
}

pub(crate) fn text(text: &str) -> Option<Line> {
    Some(Line::Text(text.to_owned()))
}

fn react(lines: &[&str]) -> Reaction {
    Reaction {
        lines: lines.iter().filter_map(|&line| text(line)).collect(),
        max: 2,
        then: Next::HangUp,
    }
}
