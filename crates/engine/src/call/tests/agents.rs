//! Calls that go from one voice agent to another.

use model::{CallEvent, NextAgent, TransferFailure, VoiceAgentId};

use super::stage::*;
use crate::call::{Input, Output, VoiceEvent};

#[test]
fn another_agent_takes_over_and_is_in_the_record() {
    let mut stage = Stage::up();
    stage.forget_what_was_said();
    stage.give(wanted("12"));
    assert_eq!(
        stage.orders(),
        [&Output::ChangeAgent { agent: "12".into() }]
    );
    stage.give(Input::Voice(VoiceEvent::NoInput));
    stage.give(Input::AgentChanged(Ok(next(12))));
    let records = [
        &CallEvent::TransferRequested {
            target: "agent:12".into(),
        },
        &CallEvent::NoInput,
        &CallEvent::AgentChanged(next(12)),
    ];
    assert_eq!(stage.records(), records);
    assert_eq!(stage.orders().last(), Some(&&Output::StartVoice));
    stage.give(bye(true));
    stage.give(stopped());
    assert_eq!(stage.end(), "completed user");
    let agents: Vec<_> = stage
        .fold()
        .next_agents
        .into_iter()
        .map(|(_, next)| next)
        .collect();
    assert_eq!(agents, [next(12)]);
}

#[test]
fn where_the_other_agent_is_missing_the_first_one_learns_why_and_goes_on() {
    let mut stage = Stage::up();
    stage.give(wanted("nobody"));
    stage.forget_what_was_said();
    let why = TransferFailure::Unknown;
    stage.give(Input::AgentChanged(Err(why)));
    assert_eq!(stage.orders(), [&Output::TellAgentRefused(why)]);
    assert_eq!(stage.records(), [&CallEvent::TransferFailed { why }]);
    stage.give(wanted("12"));
    assert!(
        stage
            .orders()
            .contains(&&Output::ChangeAgent { agent: "12".into() })
    );
}

#[test]
fn agents_do_not_send_a_person_round_in_circles() {
    let mut stage = Stage::up();
    let mut n_changes = 0;
    loop {
        stage.forget_what_was_said();
        stage.give(wanted("7"));
        if stage.orders() == [&Output::TellAgentRefused(TransferFailure::TooOften)] {
            break;
        }
        stage.give(Input::AgentChanged(Ok(next(7))));
        n_changes += 1;
        assert!(n_changes <= 10);
    }
    assert_eq!(n_changes, 10);
    let why = TransferFailure::TooOften;
    assert_eq!(
        stage.records().last(),
        Some(&&CallEvent::TransferFailed { why })
    );
}

#[test]
fn nothing_else_is_started_while_people_are_looked_for() {
    let mut stage = Stage::up();
    let target = "desk".to_owned();
    stage.give(Input::Voice(VoiceEvent::TransferWanted { target }));
    stage.forget_what_was_said();
    stage.give(wanted("12"));
    assert_eq!(
        stage.orders(),
        [&Output::TellAgentRefused(TransferFailure::Busy)]
    );
}

#[test]
fn an_agent_that_comes_too_late_does_not_begin() {
    let mut stage = Stage::up();
    stage.give(wanted("12"));
    stage.give(bye(true));
    stage.forget_what_was_said();
    stage.give(Input::AgentChanged(Ok(next(12))));
    assert!(!stage.orders().contains(&&Output::StartVoice));
    stage.give(stopped());
    assert_eq!(stage.end(), "completed user");
}

fn wanted(agent: &str) -> Input {
    let agent = agent.to_owned();
    Input::Voice(VoiceEvent::AgentWanted { agent })
}

fn next(id: i64) -> NextAgent {
    NextAgent {
        voice_agent: VoiceAgentId(id),
        name: "Sales".into(),
        version: 3,
    }
}
