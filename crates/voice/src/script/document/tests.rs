//! Sound and unsound scripts.

use super::*;
use crate::script::sample;

#[test]
fn a_sound_script_is_accepted() {
    assert!(Script::new(sample::reminder()).is_ok());
}

#[test]
fn a_fault_names_its_place() {
    fault("start", "names no step", |parts| {
        parts.start = "nowhere".to_owned();
    });
    fault("steps", "is empty", |parts| parts.steps.clear());
    fault("no_input.then", "names no step", |parts| {
        parts.no_input.reaction.then = sample::step_named("x");
    });
    fault("steps.menu.answers[1].then", "names no step", |parts| {
        parts.steps.remove("when");
    });
    fault("no_input.after", "is not between 1 s and 600 s", |parts| {
        parts.no_input.after = Duration::ZERO;
    });
    fault("goodbye", "is longer than 5000 characters", |parts| {
        parts.goodbye = sample::text(&"long ".repeat(1001));
    });
}

#[test]
fn an_answer_must_be_reachable() {
    let with = |answer: Answer| {
        move |parts: &mut ScriptParts| {
            let step = parts.steps.get_mut("when").unwrap();
            step.after = After::Listen {
                answers: vec![answer],
                otherwise: None,
            };
        }
    };
    let answer = |words: &[&str], keys: &[&str]| sample::answer(words, keys, None, Next::Stay);
    let path = "steps.when.answers[0]";

    fault(path, "has neither words nor keys", with(answer(&[], &[])));
    fault(
        &format!("{path}.words"),
        "has a phrase without words",
        with(answer(&["?!"], &[])),
    );
    fault(
        &format!("{path}.keys"),
        "has a row that is not made of 0-9, * and #",
        with(answer(&[], &["1a"])),
    );
}

#[test]
fn a_circle_that_never_listens_is_refused() {
    fault(
        "steps.menu.then",
        "is part of a circle that never listens",
        |parts| {
            let menu = parts.steps.get_mut("menu").unwrap();
            menu.after = After::GoOn(sample::step_named("noted"));
        },
    );
    fault(
        "steps.noted.then",
        "stays at a step that does not listen",
        |parts| {
            let noted = parts.steps.get_mut("noted").unwrap();
            noted.after = After::GoOn(Next::Repeat);
        },
    );
}

#[test]
fn variables_and_lines_are_listed_before_the_call() {
    let script = Script::new(sample::reminder()).unwrap();

    let names: Vec<_> = script.variable_names().into_iter().collect();
    assert_eq!(names, ["clinic", "name"]);
    let given = [("name".to_owned(), "Bo".to_owned())].into_iter().collect();
    let lines = script.lines(&given);
    assert_eq!(
        lines[0],
        Line::Text("Hello Bo, this is the clinic.".to_owned())
    );
    assert_eq!(lines[1], Line::Text("Can you come?".to_owned()));
    assert_eq!(lines.last(), sample::text("Goodbye.").as_ref());
    assert_eq!(lines.len(), 10);
}

#[test]
fn the_welcome_delay_of_the_call_wins() {
    let script = Script::new(sample::reminder()).unwrap();
    let given = [("welcome-message-delay".to_owned(), "2".to_owned())]
        .into_iter()
        .collect();

    assert_eq!(
        script.settings(&given).welcome_delay,
        Duration::from_secs(2)
    );
}

#[test]
fn the_longest_silence_leaves_room_for_every_prompt() {
    let silence_max = |max| {
        let mut parts = sample::reminder();
        parts.no_input.reaction.max = max;
        let script = Script::new(parts).unwrap();
        script.settings(&Variables::default()).caller_silence_max
    };

    assert_eq!(silence_max(0), Some(Duration::from_secs(60)));
    assert_eq!(silence_max(9), Some(Duration::from_secs(400)));
}

#[test]
fn a_simple_script_is_one_step() {
    let script = Script::simple(SimpleScript {
        language: "en".to_owned(),
        voice: None,
        greeting: sample::text("Hello."),
        replies: vec![sample::answer(&["bye"], &["0"], None, Next::HangUp)],
        no_input: None,
        no_match: None,
        goodbye: None,
    })
    .unwrap();

    assert_eq!(script.step(SimpleScript::STEP).expected_phrases(), ["bye"]);
}

fn fault(path: &str, why: &str, spoil: impl FnOnce(&mut ScriptParts)) {
    let mut parts = sample::reminder();
    spoil(&mut parts);
    let fault = Script::new(parts).unwrap_err();
    assert_eq!((fault.path.as_str(), fault.why.as_str()), (path, why));
}
