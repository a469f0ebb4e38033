//! Callers who wait for somebody of a skill group.

use std::time::Duration;

use model::{
    CallEvent, Direction, NextAgent, Overflow, QueueRules, ServingEnd, SkillGroupId,
    TransferFailure, UnixMs, VoiceAgentId,
};

use super::{
    handover::{answer, found, other, wanted},
    stage::*,
};
use crate::call::{First, Input, LegEvent, MediaEvent, Output, Settings, Sought};

const SALES: SkillGroupId = SkillGroupId(7);

#[test]
fn a_caller_hears_music_until_somebody_answers() {
    let mut stage = waiting(QueueRules::default());
    stage.give(busy());
    stage.give(answered());
    stage.pass(seconds(30));
    stage.give(found("1001"));
    stage.give(other(LegEvent::Rang { status: 180 }));
    stage.give(other(answer()));
    let orders = stage.orders();
    let seek = Output::Seek {
        target: "skill_group:7".into(),
    };
    let n_sought = orders.iter().filter(|order| ***order == seek).count();
    assert_eq!(n_sought, 2, "the second after a second");
    let others: Vec<_> = orders.into_iter().filter(|order| **order != seek).collect();
    assert_eq!(
        others,
        [
            &Output::Attend,
            &Output::EnterQueue { group: SALES },
            &Output::Answer,
            &Output::StartMedia,
            &Output::PlayQueue,
            &Output::StopWaiting,
            &Output::Bridge,
        ]
    );
    let call = stage.fold();
    assert_eq!(call.queued, Some((UnixMs(0), Some(SALES))));
    assert_eq!(call.served_by().unwrap().server.address, "1001");
}

#[test]
fn whoever_is_free_answers_at_once_and_no_music_is_begun_for_it() {
    let mut stage = waiting(QueueRules::default());
    stage.give(found("1001"));
    stage.give(other(LegEvent::Rang { status: 180 }));
    stage.give(other(answer()));
    stage.give(answered());
    let n_answers = count(&stage, &Output::Answer);
    assert_eq!((n_answers, count(&stage, &Output::PlayQueue)), (1, 0));
    assert_eq!(count(&stage, &Output::Bridge), 1);
    stage.give(other(LegEvent::Ended {
        by_peer: true,
        reason: String::new(),
    }));
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "completed staff");
}

#[test]
fn where_nobody_works_the_caller_is_refused_without_an_answer() {
    let mut stage = waiting(QueueRules::default());
    stage.give(nobody(TransferFailure::NobodyThere));
    assert_eq!(count(&stage, &Output::Answer), 0);
    stage.give(bye(false));
    assert_eq!(stage.end(), "not_reachable system");
}

#[test]
fn where_nobody_works_a_voice_agent_answers() {
    let mut stage = waiting(QueueRules {
        nobody_there: Overflow::VoiceAgent(VoiceAgentId(4)),
        ..QueueRules::default()
    });
    stage.give(nobody(TransferFailure::NobodyThere));
    stage.give(answered());
    let change = Output::ChangeAgent { agent: "4".into() };
    assert_eq!(count(&stage, &change), 1);
    stage.give(Input::AgentChanged(Ok(NextAgent {
        voice_agent: VoiceAgentId(4),
        name: "Night".into(),
        version: 1,
    })));
    assert_eq!(count(&stage, &Output::StartVoice), 1);
    // From here on it is a call of a voice agent, which may hand over again.
    stage.forget_what_was_said_but_records();
    stage.give(wanted("skill_group:7"));
    assert_eq!(stage.orders()[0], &Output::StartWaiting);
}

#[test]
fn a_caller_without_a_voice_agent_to_go_to_is_not_left_in_silence() {
    let mut stage = waiting(QueueRules {
        late: Overflow::VoiceAgent(VoiceAgentId(4)),
        ..patient_for(10)
    });
    wait_in_vain(&mut stage, 10);
    stage.give(Input::AgentChanged(Err(TransferFailure::Unknown)));
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "number_not_exist system");
}

#[test]
fn where_a_rule_names_somebody_who_is_gone_another_rule_follows() {
    let group = SkillGroupId(8);
    let agents = || QueueRules {
        nobody_there: Overflow::SkillGroup(group),
        full: Overflow::VoiceAgent(VoiceAgentId(5)),
        late: Overflow::VoiceAgent(VoiceAgentId(4)),
        ..patient_for(10)
    };
    let agent = |id: &str| Output::ChangeAgent { agent: id.into() };
    let gone = || Input::AgentChanged(Err(TransferFailure::Unknown));
    let no_group = || Input::QueueEntered { group, rules: None };
    let mut stage = waiting(agents());
    wait_in_vain(&mut stage, 10);
    assert_eq!(count(&stage, &agent("4")), 1);
    stage.give(gone());
    assert_eq!(count(&stage, &Output::EnterQueue { group }), 1);
    stage.give(no_group());
    assert_eq!(count(&stage, &agent("5")), 1);
    stage.give(gone());
    assert_eq!(
        (count(&stage, &agent("4")), count(&stage, &agent("5"))),
        (1, 1)
    );
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "number_not_exist system");
    let failed = CallEvent::TransferFailed {
        why: TransferFailure::Unknown,
    };
    let n_failed = stage.records().into_iter().filter(|it| **it == failed);
    assert_eq!(n_failed.count(), 3, "each stands in the journal");

    // The caller may not be answered yet, and the other rule may lead to people.
    let mut stage = waiting(QueueRules {
        nobody_there: Overflow::VoiceAgent(VoiceAgentId(4)),
        late: Overflow::SkillGroup(group),
        ..QueueRules::default()
    });
    stage.give(nobody(TransferFailure::NobodyThere));
    stage.give(answered());
    stage.give(gone());
    stage.give(entered(group, QueueRules::default()));
    stage.give(found("1002"));
    stage.give(other(answer()));
    assert_eq!(count(&stage, &Output::Bridge), 1);
}

#[test]
fn whoever_waits_for_too_long_goes_to_the_other_group_and_its_rules() {
    let mut stage = waiting(QueueRules {
        late: Overflow::SkillGroup(SkillGroupId(8)),
        ..patient_for(10)
    });
    wait_in_vain(&mut stage, 10);
    let group = SkillGroupId(8);
    assert_eq!(count(&stage, &Output::EnterQueue { group }), 1);
    stage.give(entered(group, patient_for(5)));
    wait_in_vain(&mut stage, 5);
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "busy system");
    let music = [Output::PlayQueue, Output::StopWaiting].map(|order| count(&stage, &order));
    assert_eq!(music, [2, 1], "the second music ends with the call");
}

#[test]
fn groups_that_send_a_caller_round_in_circles_end() {
    let circle = || QueueRules {
        nobody_there: Overflow::SkillGroup(SALES),
        ..QueueRules::default()
    };
    let mut stage = waiting(circle());
    for _ in 0..4 {
        stage.give(nobody(TransferFailure::NobodyThere));
        stage.give(entered(SALES, circle()));
    }
    stage.give(nobody(TransferFailure::NobodyThere));
    stage.give(bye(false));
    assert_eq!(stage.end(), "not_reachable system");
}

#[test]
fn a_full_queue_has_a_rule_of_its_own() {
    let mut stage = waiting(QueueRules {
        nobody_there: Overflow::SkillGroup(SkillGroupId(8)),
        ..QueueRules::default()
    });
    stage.give(nobody(TransferFailure::QueueFull));
    stage.give(bye(false));
    assert_eq!(stage.end(), "busy system");
}

#[test]
fn a_phone_that_rings_when_the_time_is_over_may_still_be_answered() {
    let mut stage = waiting(patient_for(10));
    stage.give(busy());
    stage.give(answered());
    stage.pass(seconds(9));
    stage.give(found("1001"));
    stage.pass(seconds(10));
    stage.give(other(answer()));
    assert_eq!(count(&stage, &Output::Bridge), 1);
}

#[test]
fn a_phone_that_rings_when_the_time_is_over_is_the_last() {
    let mut stage = waiting(patient_for(10));
    stage.give(found("1001"));
    stage.give(answered());
    stage.pass(seconds(11));
    stage.give(other(LegEvent::Unanswered));
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "not_answered system");
}

#[test]
fn whoever_hangs_up_in_the_queue_is_told_from_whoever_was_served() {
    let mut stage = waiting(QueueRules::default());
    stage.give(busy());
    stage.give(answered());
    stage.pass(seconds(20));
    stage.give(bye(true));
    stage.give(stopped());
    assert_eq!(stage.end(), "completed user");
    let call = stage.fold();
    assert!(call.served_by().is_none() && call.queued.is_some());
}

#[test]
fn of_phones_that_ring_at_once_the_one_that_answers_is_written_down() {
    let mut stage = waiting(QueueRules::default());
    stage.give(found("1001"));
    stage.give(answered());
    stage.give(other(LegEvent::Rang { status: 180 }));
    let Input::Sought(Sought::Found(server)) = found("1002") else {
        unreachable!("it is found")
    };
    stage.give(Input::Instead {
        server,
        before: None,
    });
    stage.give(other(answer()));
    let servings = stage.fold().servings;
    let ends: Vec<_> = servings.iter().map(|it| it.end).collect();
    assert_eq!(ends, [Some(ServingEnd::GivenUp), None]);
    assert_eq!(servings[1].server.address, "1002");
}

#[test]
fn a_group_that_is_gone_has_nobody() {
    let mut stage = Stage::new(settings());
    stage.give(Input::Begin);
    stage.give(Input::QueueEntered {
        group: SALES,
        rules: None,
    });
    stage.give(bye(false));
    assert_eq!(stage.end(), "number_not_exist system");
    let why = TransferFailure::Unknown;
    assert!(
        stage
            .records()
            .contains(&&CallEvent::TransferFailed { why })
    );
}

pub(super) fn settings() -> Settings {
    Settings {
        direction: Direction::Inbound,
        first: First::Queue { group: SALES },
        ..inbound()
    }
}

fn waiting(rules: QueueRules) -> Stage {
    let mut stage = Stage::new(settings());
    stage.give(Input::Begin);
    stage.give(entered(SALES, rules));
    stage
}

fn entered(group: SkillGroupId, rules: QueueRules) -> Input {
    let rules = Some(Box::new(rules));
    Input::QueueEntered { group, rules }
}

fn patient_for(secs: u64) -> QueueRules {
    QueueRules {
        wait_max: Duration::from_secs(secs),
        ..QueueRules::default()
    }
}

/// Everybody is busy until the time is over.
fn wait_in_vain(stage: &mut Stage, secs: u64) {
    stage.give(busy());
    stage.give(answered());
    stage.give(Input::Media(MediaEvent::FirstPacket));
    for _ in 0..secs {
        stage.pass(seconds(1));
        stage.give(busy());
    }
}

fn busy() -> Input {
    Input::Sought(Sought::AllBusy(Some(SALES)))
}

fn nobody(why: TransferFailure) -> Input {
    Input::Sought(Sought::Nobody(why))
}

fn count(stage: &Stage, wanted: &Output) -> usize {
    let orders = stage.orders();
    orders.into_iter().filter(|order| *order == wanted).count()
}
