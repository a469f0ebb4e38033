//! Ways through the reminder script.

use std::sync::Arc;

use super::*;
use crate::{
    script::sample,
    thinker::{ThinkRequest, TurnId},
};

#[test]
fn yes_leads_to_the_goodbye() {
    assert_eq!(
        answers(&[Heard::Start, said("yes please")]),
        [
            "Hello Ann, this is the clinic. | Can you come? | listen 7",
            "!Great, Ann. | !Goodbye. | end ScriptEnd"
        ]
    );
}

#[test]
fn keys_mean_the_same_as_words() {
    assert_eq!(
        answers(&[Heard::Start, keys("2"), keys("11")])[1..],
        ["Which day? | listen 2", "Noted. | Can you come? | listen 7"]
    );
}

#[test]
fn repeat_says_the_step_again() {
    assert_eq!(
        answers(&[Heard::Start, said("what")])[1],
        "Can you come? | listen 7"
    );
}

#[test]
fn what_matches_nothing_is_asked_again_and_then_ends() {
    assert_eq!(
        answers(&[Heard::Start, said("fish"), Heard::Unclear, keys("7")])[1..],
        [
            "Sorry? | listen 7",
            "Please say yes or no. | listen 7",
            "!Goodbye. | end NoMatch"
        ]
    );
}

#[test]
fn a_match_forgives_earlier_misses() {
    let calls = [Heard::Start, said("fish"), said("no"), said("fish")];
    assert_eq!(answers(&calls)[3], "Sorry? | listen 2");
}

#[test]
fn silence_is_prompted_and_then_ends() {
    let silences = [1, 2, 3].map(|count| Heard::Silence { count });
    assert_eq!(
        answers(&silences)[1..],
        ["Are you there? | listen 7", "!Goodbye. | end NoInput"]
    );
}

#[test]
fn a_transfer_keeps_its_line_uncut_and_its_failure_ends_the_call() {
    assert_eq!(
        answers(&[Heard::Start, said("a human"), Heard::TransferFailed])[1..],
        [
            "!One moment. | to front-desk",
            "!Goodbye. | end TransferFailed"
        ]
    );
}

#[test]
fn without_a_greeting_the_caller_speaks_first() {
    let mut parts = sample::reminder();
    parts.greeting = None;

    assert_eq!(
        answers_of(parts, &[Heard::Start, said("hello?")]),
        ["listen 0", "Can you come? | listen 7"]
    );
}

#[test]
fn a_replaced_request_was_never_asked() {
    let script = Arc::new(Script::new(sample::reminder()).unwrap());
    let mut run = ScriptRun::new(script, &Variables::default());
    run.think(&request(1, Heard::Start));
    run.think(&request(2, said("no")));
    assert_eq!(run.step(), "when");

    let replaced = ThinkRequest {
        replaces: Some(TurnId(2)),
        ..request(3, said("no wait what"))
    };

    assert_eq!(written(&run.think(&replaced)), "Can you come? | listen 7");
    assert_eq!(run.step(), "menu");
}

fn answers(heard: &[Heard]) -> Vec<String> {
    answers_of(sample::reminder(), heard)
}

fn answers_of(parts: crate::script::ScriptParts, heard: &[Heard]) -> Vec<String> {
    let script = Arc::new(Script::new(parts).unwrap());
    let name = [("name".to_owned(), "Ann".to_owned())];
    let mut run = ScriptRun::new(script, &name.into_iter().collect());
    let requests = heard
        .iter()
        .zip(1..)
        .map(|(heard, turn)| request(turn, heard.clone()));
    requests
        .map(|request| written(&run.think(&request)))
        .collect()
}

fn request(turn: u32, heard: Heard) -> ThinkRequest {
    ThinkRequest {
        turn: TurnId(turn),
        replaces: None,
        heard,
        interrupted: None,
        history: Vec::new(),
    }
}

fn said(text: &str) -> Heard {
    Heard::Utterance(text.to_owned())
}

fn keys(row: &str) -> Heard {
    Heard::Digits(row.to_owned())
}

/// One line per answer; `!` marks what cannot be cut, `listen` counts the phrases.
fn written(decisions: &[Decision]) -> String {
    let one = |decision: &Decision| match decision {
        Decision::Say {
            line: Line::Text(text),
            interruptible: true,
        } => text.clone(),
        Decision::Say {
            line: Line::Text(text),
            interruptible: false,
        } => format!("!{text}"),
        Decision::Say {
            line: Line::Sound(id),
            ..
        } => format!("sound {id}"),
        Decision::Listen(expected) => format!("listen {}", expected.phrases.len()),
        Decision::SendDigits(digits) => format!("press {digits}"),
        Decision::Transfer { target } => format!("to {target}"),
        Decision::ChangeAgent { agent, .. } => format!("to agent {agent}"),
        Decision::HangUp { cause } => format!("end {cause:?}"),
    };
    decisions.iter().map(one).collect::<Vec<_>>().join(" | ")
}
