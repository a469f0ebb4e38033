//! What makes a script sound.

use std::{collections::BTreeSet, time::Duration};

use super::document::{After, Answer, Next, Reaction, ScriptFault, ScriptParts, Step};
use crate::line::{Line, WELCOME_DELAY_MAX};

/// Limits that keep a script from exhausting memory or a caller's patience.
const N_STEPS_MAX: usize = 1000;
const N_ANSWERS_MAX: usize = 100;
const N_PHRASES_MAX: usize = 50;
const N_LINES_MAX: usize = 20;
const N_VARIABLES_MAX: usize = 200;
const NAME_CHARS_MAX: usize = 64;
const PHRASE_CHARS_MAX: usize = 200;
const TEXT_CHARS_MAX: usize = 5000;
const KEYS_MAX: usize = 20;
const REACTIONS_MAX: u32 = 100;
const NO_INPUT_AFTER_MIN: Duration = Duration::from_secs(1);
const NO_INPUT_AFTER_MAX: Duration = Duration::from_secs(600);

type Checked = Result<(), ScriptFault>;

/// Finds the first fault of a script.
pub(super) fn parts(parts: &ScriptParts) -> Checked {
    short(&parts.language, NAME_CHARS_MAX, "language")?;
    require(!parts.language.is_empty(), "language", "is empty")?;
    short(
        parts.voice.as_deref().unwrap_or_default(),
        NAME_CHARS_MAX,
        "voice",
    )?;
    optional_line(parts.greeting.as_ref(), "greeting")?;
    require(
        parts.welcome_delay <= WELCOME_DELAY_MAX,
        "welcome_delay",
        "exceeds 60 s",
    )?;
    require(!parts.steps.is_empty(), "steps", "is empty")?;
    at_most(parts.steps.len(), N_STEPS_MAX, "steps")?;
    for (name, step) in &parts.steps {
        require(!name.is_empty(), "steps", "has a step without a name")?;
        short(name, NAME_CHARS_MAX, "steps")?;
        check_step(step, parts, &format!("steps.{name}"))?;
    }
    require(
        parts.steps.contains_key(&parts.start),
        "start",
        "names no step",
    )?;
    let after = parts.no_input.after;
    let is_in_range = (NO_INPUT_AFTER_MIN..=NO_INPUT_AFTER_MAX).contains(&after);
    require(
        is_in_range,
        "no_input.after",
        "is not between 1 s and 600 s",
    )?;
    reaction(&parts.no_input.reaction, parts, "no_input")?;
    reaction(&parts.no_match, parts, "no_match")?;
    optional_line(parts.goodbye.as_ref(), "goodbye")?;
    at_most(parts.variables.len(), N_VARIABLES_MAX, "variables")?;
    for (name, value) in &parts.variables {
        short(name, NAME_CHARS_MAX, "variables")?;
        short(value, TEXT_CHARS_MAX, &format!("variables.{name}"))?;
    }
    every_chain_listens(parts)
}

fn check_step(step: &Step, parts: &ScriptParts, path: &str) -> Checked {
    optional_line(step.say.as_ref(), &format!("{path}.say"))?;
    match &step.after {
        After::Listen { answers, otherwise } => {
            at_most(answers.len(), N_ANSWERS_MAX, &format!("{path}.answers"))?;
            for (idx, answer) in answers.iter().enumerate() {
                check_answer(answer, parts, &format!("{path}.answers[{idx}]"))?;
            }
            match otherwise {
                Some(next) => check_next(next, parts, &format!("{path}.otherwise")),
                None => Ok(()),
            }
        }
        After::GoOn(next) => {
            let path = format!("{path}.then");
            let goes_on = !matches!(next, Next::Repeat | Next::Stay);
            require(goes_on, &path, "stays at a step that does not listen")?;
            check_next(next, parts, &path)
        }
    }
}

fn check_answer(answer: &Answer, parts: &ScriptParts, path: &str) -> Checked {
    let is_reachable = !answer.words.is_empty() || !answer.keys.is_empty();
    require(is_reachable, path, "has neither words nor keys")?;
    at_most(answer.words.len(), N_PHRASES_MAX, &format!("{path}.words"))?;
    at_most(answer.keys.len(), N_PHRASES_MAX, &format!("{path}.keys"))?;
    for phrase in &answer.words {
        let path = format!("{path}.words");
        short(phrase, PHRASE_CHARS_MAX, &path)?;
        require(
            phrase.contains(char::is_alphanumeric),
            &path,
            "has a phrase without words",
        )?;
    }
    for keys in &answer.keys {
        let path = format!("{path}.keys");
        let is_keys = keys.chars().all(|key| matches!(key, '0'..='9' | '*' | '#'));
        require(
            is_keys && !keys.is_empty(),
            &path,
            "has a row that is not made of 0-9, * and #",
        )?;
        at_most(keys.len(), KEYS_MAX, &path)?;
    }
    optional_line(answer.say.as_ref(), &format!("{path}.say"))?;
    check_next(&answer.then, parts, &format!("{path}.then"))
}

fn reaction(reaction: &Reaction, parts: &ScriptParts, path: &str) -> Checked {
    at_most(reaction.lines.len(), N_LINES_MAX, &format!("{path}.lines"))?;
    for (idx, line) in reaction.lines.iter().enumerate() {
        optional_line(Some(line), &format!("{path}.lines[{idx}]"))?;
    }
    require(
        reaction.max <= REACTIONS_MAX,
        &format!("{path}.max"),
        "exceeds 100",
    )?;
    check_next(&reaction.then, parts, &format!("{path}.then"))
}

fn check_next(next: &Next, parts: &ScriptParts, path: &str) -> Checked {
    match next {
        Next::Step(name) => require(parts.steps.contains_key(name), path, "names no step"),
        Next::Transfer(target) => {
            require(!target.is_empty(), path, "names nobody to transfer to")?;
            short(target, PHRASE_CHARS_MAX, path)
        }
        Next::Repeat | Next::Stay | Next::HangUp => Ok(()),
    }
}

/// A chain of steps that go on by themselves must end at one that listens, or the agent would
/// talk forever.
fn every_chain_listens(parts: &ScriptParts) -> Checked {
    for first in parts.steps.keys() {
        let mut seen = BTreeSet::new();
        let mut name = first;
        while let Some(After::GoOn(Next::Step(next))) =
            parts.steps.get(name).map(|step| &step.after)
        {
            let path = format!("steps.{name}.then");
            require(
                seen.insert(name),
                &path,
                "is part of a circle that never listens",
            )?;
            name = next;
        }
    }
    Ok(())
}

fn optional_line(line: Option<&Line>, path: &str) -> Checked {
    match line {
        Some(Line::Text(text)) => short(text, TEXT_CHARS_MAX, path),
        Some(Line::Sound(id)) => {
            require(!id.is_empty(), path, "names no sound")?;
            short(id, PHRASE_CHARS_MAX, path)
        }
        None => Ok(()),
    }
}

fn short(text: &str, chars_max: usize, path: &str) -> Checked {
    let is_short = text.len() <= chars_max || text.chars().count() <= chars_max;
    require(
        is_short,
        path,
        &format!("is longer than {chars_max} characters"),
    )
}

fn at_most(n: usize, max: usize, path: &str) -> Checked {
    require(n <= max, path, &format!("has more than {max} entries"))
}

fn require(holds: bool, path: &str, why: &str) -> Checked {
    if holds {
        return Ok(());
    }
    Err(ScriptFault {
        path: path.to_owned(),
        why: why.to_owned(),
    })
}
