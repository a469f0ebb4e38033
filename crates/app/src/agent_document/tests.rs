//! Documents that are taken, and documents that are not, with the place they are sent back to.

use super::*;

#[test]
fn the_examples_of_the_manual_are_agents() {
    let manual = include_str!("../../../../docs/voice-agents.md");
    let examples: Vec<&str> = manual
        .split("```json\n")
        .skip(1)
        .filter_map(|rest| rest.split("\n```").next())
        .collect();
    assert!(examples.len() >= 2, "an English and a Chinese one");
    for example in examples {
        parse(example).unwrap_or_else(|fault| panic!("{fault}\n{example}"));
    }
}

#[test]
fn a_simple_agent_needs_a_language_and_something_to_say() {
    let parsed = parse(r#"{"language":"en","greeting":"Hello ${name}","goodbye":"Bye"}"#).unwrap();
    assert_eq!(parsed.variable_names, BTreeSet::from(["name".to_owned()]));
}

#[test]
fn turns_and_limits_win_over_defaults() {
    let parsed = parse(
        r#"{"language":"en","greeting":"Hello","turns":{"endpointing_ms":300,"barge_in_ms":200},
            "limits":{"call_second":60}}"#,
    )
    .unwrap();
    let settings = parsed.settings(&Variables::default());
    assert_eq!(
        settings.manners.endpointing_delay,
        Duration::from_millis(300)
    );
    assert_eq!(settings.manners.barge_in_min, Duration::from_millis(200));
    assert_eq!(settings.manners.turn_max, Manners::default().turn_max);
    assert_eq!(settings.call_time_max, Some(Duration::from_secs(60)));
}

#[test]
fn a_fault_names_its_place() {
    for (document, path) in [
        ("[]", ""),
        ("{", ""),
        (r#"{"greeting":"Hello"}"#, ""),
        (r#"{"language":"en","greeting":5}"#, "greeting"),
        (
            r#"{"language":"en","greeting":{"sound":"x"}}"#,
            "greeting.sound",
        ),
        (r#"{"language":"en","greting":"Hello"}"#, "greting"),
        (
            r#"{"language":"en","greeting":"a","turns":{"endpointing_ms":9}}"#,
            "turns.endpointing_ms",
        ),
        (r#"{"language":"en","greeting":"a","voice":""}"#, "voice"),
        (
            r#"{"language":"en","start":"a","steps":{"a":{"say":"hi","then":"hang_up","answers":[{"words":["x"]}]}}}"#,
            "steps.a.then",
        ),
        (
            r#"{"language":"en","start":"a","steps":{"a":{"say":"hi","answers":[{"words":["x"],"then":"dance"}]}}}"#,
            "steps.a.answers[0].then",
        ),
    ] {
        let fault = parse(document).expect_err(document);
        assert_eq!(fault.path, path, "{document}: {fault}");
    }
}

#[test]
fn an_over_long_document_is_refused_unread() {
    let fault = parse(&" ".repeat(DOCUMENT_BYTES_MAX + 1)).unwrap_err();
    assert_eq!(fault.why, "is longer than 256 KiB");
}

#[test]
fn an_over_long_line_is_refused() {
    let document = format!(r#"{{"language":"en","greeting":"{}"}}"#, "a".repeat(4097));
    assert_eq!(parse(&document).unwrap_err().path, "greeting");
}
