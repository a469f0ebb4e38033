//! Conversations with the reminder script.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::{
    line::Variables,
    script::{Next, Script, sample},
};

#[test]
fn it_greets_hears_and_says_goodbye() {
    assert_eq!(
        answers(
            Profile::Strict,
            &[begins(""), said("yes please"), said("hello?")]
        ),
        [
            "Hello Ann, this is the clinic. Can you come?",
            "!Great, Ann. Goodbye. | hang up",
            "! | hang up"
        ]
    );
}

#[test]
fn words_that_come_before_the_greeting_are_answered_with_it() {
    assert_eq!(
        answers(Profile::Strict, &[said("no"), begins("")]),
        [
            "Hello Ann, this is the clinic. Can you come? Which day?",
            ""
        ]
    );
}

#[test]
fn silence_is_counted_until_the_caller_speaks() {
    let asked = [
        begins(""),
        Asked::Silent,
        Asked::Silent,
        said("what"),
        Asked::Silent,
        Asked::Silent,
        Asked::Silent,
    ];
    assert_eq!(
        answers(Profile::Strict, &asked)[1..],
        [
            "Are you there?",
            "Are you there?",
            "Can you come?",
            "Are you there?",
            "Are you there?",
            "!Goodbye. | hang up"
        ]
    );
}

#[test]
fn keys_are_keys_also_where_they_come_as_words() {
    for keys in [Asked::Pressed("2".into()), said("2"), said(" 2# ")] {
        assert_eq!(
            answers(Profile::Strict, &[begins(""), keys])[1],
            "Which day?"
        );
    }
}

#[test]
fn a_transfer_is_an_act_where_the_other_side_knows_it() {
    let asked = [begins(""), said("a human"), Asked::Failed];
    assert_eq!(
        answers(Profile::Extended, &asked)[1..],
        ["!One moment. | to front-desk", "!Goodbye. | hang up"]
    );
    assert_eq!(
        answers(Profile::Strict, &asked)[1..],
        ["!One moment. Goodbye. | hang up", "! | hang up"]
    );
}

#[test]
fn whoever_goes_on_talking_was_not_handed_over() {
    let asked = [begins(""), said("human"), said("hello?")];
    assert_eq!(answers(Profile::Extended, &asked)[2], "!Goodbye. | hang up");
}

#[test]
fn a_step_that_understands_only_keys_collects_them() {
    let mut parts = sample::reminder();
    let only_keys = sample::answer(&[], &["11", "1"], None, Next::HangUp);
    let step = parts.steps.get_mut("when").unwrap();
    step.after = crate::script::After::Listen {
        answers: vec![only_keys],
        otherwise: None,
    };
    let asked = [begins(""), said("no")];
    assert_eq!(
        answers_of(parts, Profile::Extended, &asked)[1],
        "Which day? | collect 2"
    );
}

#[test]
fn a_cut_says_nothing_and_changes_nothing() {
    let cut = Asked::Cut {
        spoken: "Hello Ann,".into(),
    };
    assert_eq!(
        answers(Profile::Strict, &[begins(""), cut, said("no")])[1..],
        ["", "Which day?"]
    );
}

#[test]
fn chinese_sentences_are_joined_without_a_space() {
    let mut parts = sample::reminder();
    parts.greeting = sample::text("您好！");
    assert_eq!(
        answers_of(parts, Profile::Strict, &[begins("")]),
        ["您好！Can you come?"]
    );
}

#[test]
fn a_question_comes_back_from_its_parts() {
    for asked in every_kind("x") {
        let words = asked.words().to_owned();
        assert_eq!(Asked::from_parts(asked.kind(), words), Ok(asked));
    }
    assert!(Asked::from_parts("wished", String::new()).is_err());
}

proptest! {
    #[test]
    fn any_order_of_questions_is_answered_and_the_same_twice(
        order in proptest::collection::vec((0usize..7, "[a-z0-9#* ]{0,6}"), 0..30),
        strict: bool,
    ) {
        let asked: Vec<Asked> = order.iter().map(|(kind, words)| every_kind(words).swap_remove(*kind)).collect();
        let profile = if strict { Profile::Strict } else { Profile::Extended };
        let first = answers(profile, &asked);
        prop_assert_eq!(&first, &answers(profile, &asked));
        let over = first.iter().position(|answer| answer.ends_with("| hang up"));
        if let Some(over) = over {
            prop_assert!(first[over + 1..].iter().all(|answer| answer == "! | hang up"));
        }
    }
}

fn every_kind(words: &str) -> Vec<Asked> {
    vec![
        begins(words),
        said(words),
        Asked::Pressed(words.into()),
        Asked::Silent,
        Asked::Cut {
            spoken: words.into(),
        },
        Asked::Failed,
        Asked::Ended,
    ]
}

fn begins(words: &str) -> Asked {
    Asked::Begins {
        words: words.to_owned(),
    }
}

fn said(words: &str) -> Asked {
    Asked::Said(words.to_owned())
}

fn answers(profile: Profile, asked: &[Asked]) -> Vec<String> {
    answers_of(sample::reminder(), profile, asked)
}

fn answers_of(parts: crate::script::ScriptParts, profile: Profile, asked: &[Asked]) -> Vec<String> {
    let script = Arc::new(Script::new(parts).unwrap());
    let name: Variables = [("name".to_owned(), "Ann".to_owned())]
        .into_iter()
        .collect();
    let mut robot = Robot::new(script, &name, profile);
    asked
        .iter()
        .map(|asked| written(&robot.ask(asked)))
        .collect()
}

/// `!` marks what cannot be cut.
fn written(answer: &Answer) -> String {
    let mark = if answer.interruptible { "" } else { "!" };
    let act = match &answer.act {
        Act::Speak => String::new(),
        Act::Collect { keys_max } => format!(" | collect {keys_max}"),
        Act::Transfer { target } => format!(" | to {target}"),
        Act::HangUp => " | hang up".to_owned(),
    };
    format!("{mark}{}{act}", answer.says)
}
