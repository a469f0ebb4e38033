//! Scenarios in virtual time.

use std::{path::Path, time::Instant};

use super::*;

const CONFIRMS: &str = include_str!("scenarios/confirms.yaml");
const INTERRUPTS: &str = include_str!("scenarios/interrupts.yaml");
const DICTATES: &str = include_str!("scenarios/dictates.yaml");
const VOICEMAIL: &str = include_str!("scenarios/voicemail.yaml");

#[test]
fn the_scenarios_of_the_repository_go_as_expected() {
    for text in [CONFIRMS, INTERRUPTS, DICTATES, VOICEMAIL] {
        let scenario = Scenario::parse(text, Path::new(".")).unwrap();
        let tally = many(&scenario, 50, 7, false).unwrap();
        if let Some((n, outcome, faults)) = tally.first_wrong {
            panic!(
                "{} call {n}: {faults:?}\n{}",
                scenario.name,
                outcome.story().join("\n")
            );
        }
    }
}

#[test]
fn a_thousand_calls_are_the_same_twice_and_take_less_than_a_minute() {
    let scenario = Scenario::parse(INTERRUPTS, Path::new(".")).unwrap();
    let began = Instant::now();

    let digests = [1, 2].map(|_| {
        let tally = many(&scenario, 1000, 3, false).unwrap();
        hex::encode(tally.digest.finalize())
    });

    assert_eq!(digests[0], digests[1]);
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}

#[test]
fn calls_of_one_scenario_differ_in_pace() {
    let scenario = Scenario::parse(CONFIRMS, Path::new(".")).unwrap();
    let ends: std::collections::BTreeSet<i64> = (0..20)
        .map(|n| rehearsal::rehearse(&scenario, 1, n).unwrap().end_ms)
        .collect();
    assert!(ends.len() > 15, "{ends:?}");
}

#[test]
fn what_is_not_as_expected_is_told() {
    let text = CONFIRMS
        .replace("within_ms: 1500", "within_ms: 1")
        .replace("absent: [", "absent: [\"Harbor\", ")
        .replace("ends: agent_finished", "ends: caller_silent");
    let scenario = Scenario::parse(&text, Path::new(".")).unwrap();
    let outcome = rehearsal::rehearse(&scenario, 1, 1).unwrap();
    let faults = judge::faults(&scenario, &outcome).join("\n");
    for part in [
        "not within 1 ms",
        "says `Harbor`",
        "by agent_finished, not by caller_silent",
    ] {
        assert!(faults.contains(part), "{part} in {faults}");
    }
}

#[test]
fn what_is_wrong_in_a_scenario_is_named() {
    for (text, named) in [
        ("name: a\nagent: nobody\npersona: polite", "nobody"),
        ("name: a\nagent: Clinic reminder\npersona: clown", "clown"),
        ("name: a\nagent: Clinic reminder", "neither"),
        (
            "name: a\nagent: Clinic reminder\npersona: polite\nends: boredom",
            "ends",
        ),
        (
            "name: a\nagent: Clinic reminder\npersona: polite\nexpects: []",
            "expects",
        ),
        (
            "name: a\nagent: {language: en}\ncaller: {steps: [{sing: la}]}",
            "sing",
        ),
    ] {
        let why = format!(
            "{:#}",
            Scenario::parse(text, Path::new(".")).expect_err(text)
        );
        assert!(why.contains(named), "{text}: {why}");
    }
}

#[test]
fn the_examples_of_the_manual_are_scenarios() {
    let manual = include_str!("../../../../docs/simulated-callers.md");
    let examples: Vec<&str> = manual
        .split("```yaml\n")
        .skip(1)
        .filter_map(|rest| rest.split("\n```").next())
        .collect();
    assert!(!examples.is_empty());
    for example in examples {
        Scenario::parse(example, Path::new(".")).unwrap_or_else(|why| panic!("{why:#}\n{example}"));
    }
}

#[test]
fn every_persona_ends_its_call_with_the_built_in_agent() {
    for name in crate::simulated::names() {
        let text = format!("name: {name}\nagent: Clinic reminder\npersona: {name}");
        let scenario = Scenario::parse(&text, Path::new(".")).unwrap();
        let outcome = rehearsal::rehearse(&scenario, 1, 0).unwrap();
        assert!(!outcome.cause.is_empty(), "{name}");
    }
}
