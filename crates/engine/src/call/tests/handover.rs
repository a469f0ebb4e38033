//! Calls that are handed over, and calls between phones.

use model::{
    CallEvent, EndCause, HungUpSide, Refusal, Server, ServerKind, ServingEnd, SkillGroupId,
    TransferFailure, UnixMs,
};

use super::stage::*;
use crate::call::{
    Command, First, Input, LegEvent, MediaEvent, Output, Phase, Settings, Sought, VoiceEvent,
};

#[test]
fn a_person_is_handed_over_and_talks_until_staff_hangs_up() {
    let mut stage = Stage::up();
    stage.forget_what_was_said();
    stage.give(wanted("skill_group:7"));
    stage.give(found("1001"));
    stage.give(other(LegEvent::Rang { status: 180 }));
    stage.pass(seconds(4));
    stage.give(Input::Other(answer()));
    stage.give(Input::Voice(VoiceEvent::NoInput));
    assert_eq!(
        stage.orders(),
        [
            &Output::StartWaiting,
            &Output::Seek {
                target: "skill_group:7".into()
            },
            &Output::StopWaiting,
            &Output::LeaveVoice,
            &Output::Bridge
        ]
    );
    stage.pass(seconds(60));
    stage.forget_what_was_said_but_records();
    stage.give(Input::Other(left(true)));
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "completed staff");
    let call = stage.fold();
    let serving = call.served_by().unwrap();
    assert_eq!(serving.server.address, "1001");
    assert_eq!(serving.rang_at, Some(serving.offered_at));
    let talked = serving.ended_at.unwrap().0 - serving.answered_at.unwrap().0;
    assert_eq!((talked, serving.end), (60_000, Some(ServingEnd::Served)));
}

#[test]
fn a_person_who_hangs_up_ends_the_other_leg_too() {
    let mut stage = bridged();
    stage.give(bye(true));
    stage.give(stopped());
    let cause = EndCause::Completed;
    assert_eq!(
        stage.orders(),
        [
            &Output::HangUpOther { cause },
            &Output::StopMedia,
            &Output::Close
        ]
    );
    assert_eq!(stage.end(), "completed user");
}

#[test]
fn a_phone_that_is_busy_or_not_answered_is_followed_by_the_next_one() {
    let mut stage = Stage::up();
    stage.give(wanted("desk"));
    stage.give(found("1001"));
    stage.give(other(refusal(486)));
    stage.give(found("1002"));
    stage.give(other(LegEvent::Unanswered));
    stage.give(found("1003"));
    stage.give(Input::Other(answer()));
    let n_sought = stage
        .orders()
        .into_iter()
        .filter(|order| matches!(order, Output::Seek { .. }))
        .count();
    assert_eq!(n_sought, 3);
    let ends: Vec<_> = stage.fold().servings.iter().map(|it| it.end).collect();
    let (busy, late) = (ServingEnd::Busy, ServingEnd::NotAnswered);
    assert_eq!(ends, [Some(busy), Some(late), None]);
}

#[test]
fn where_nobody_answers_the_agent_goes_on_and_learns_why() {
    let mut stage = Stage::up();
    stage.give(wanted("desk"));
    stage.give(found("1001"));
    stage.give(other(refusal(603)));
    stage.forget_what_was_said();
    stage.give(Input::Sought(Sought::Nobody(TransferFailure::NobodyThere)));
    assert_eq!(
        stage.orders(),
        [&Output::StopWaiting, &Output::TellTransferFailed]
    );
    let why = TransferFailure::Rejected;
    assert_eq!(stage.records(), [&CallEvent::TransferFailed { why }]);
    // It may try again.
    stage.forget_what_was_said();
    stage.give(wanted("other desk"));
    assert_eq!(stage.orders().len(), 2);
}

#[test]
fn whoever_is_busy_is_waited_for_but_not_for_ever() {
    let mut stage = Stage::up();
    stage.give(wanted("desk"));
    for _ in 0..109 {
        stage.give(Input::Sought(Sought::AllBusy(Some(SkillGroupId(7)))));
        stage.pass(seconds(1));
    }
    stage.forget_what_was_said_but_records();
    stage.give(Input::Sought(Sought::AllBusy(Some(SkillGroupId(7)))));
    stage.pass(seconds(2));
    assert_eq!(
        stage.orders(),
        [&Output::StopWaiting, &Output::TellTransferFailed]
    );
    let call = stage.fold();
    assert_eq!(call.queued, Some((UnixMs(0), Some(SkillGroupId(7)))));
    let n_queued = stage
        .records()
        .into_iter()
        .filter(|event| matches!(event, CallEvent::Queued { .. }))
        .count();
    assert_eq!(n_queued, 1, "told once");
}

#[test]
fn a_person_who_hangs_up_meanwhile_cancels_the_phone_that_rings() {
    let mut stage = Stage::up();
    stage.give(wanted("desk"));
    stage.give(found("1001"));
    stage.forget_what_was_said_but_records();
    stage.give(bye(true));
    stage.give(stopped());
    assert!(matches!(stage.orders()[0], Output::HangUpOther { .. }));
    let call = stage.fold();
    assert_eq!(call.servings[0].end, Some(ServingEnd::GivenUp));
    assert_eq!(stage.end(), "completed user");
}

#[test]
fn a_phone_that_says_nothing_at_all_is_given_up() {
    let mut stage = Stage::up();
    stage.give(wanted("desk"));
    stage.give(found("1001"));
    stage.forget_what_was_said();
    stage.pass(seconds(26));
    let cause = EndCause::NotAnswered;
    assert_eq!(stage.orders()[0], &Output::HangUpOther { cause });
    assert!(matches!(stage.orders()[1], Output::Seek { .. }));
}

#[test]
fn a_request_hands_over_what_the_agent_does_not() {
    let hand_over = Command::HandOver {
        target: "desk".into(),
    };
    assert!(Stage::ringing().want(&hand_over).is_err());
    let mut stage = Stage::up();
    stage.want(&hand_over).unwrap();
    assert!(stage.want(&hand_over).is_err(), "once");
    assert!(
        stage.want(&play(1, false)).is_err(),
        "the person hears it ring"
    );
    stage.forget_what_was_said();
    stage.give(Input::Sought(Sought::Nobody(TransferFailure::Unknown)));
    assert_eq!(stage.orders(), [&Output::StopWaiting, &Output::ResumeVoice]);

    let mut stage = bridged();
    assert!(stage.want(&hand_over).is_err());
    assert!(stage.want(&Command::Instruct).is_err());
    stage.want(&hang_up()).unwrap();
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "api_request system");
}

#[test]
fn the_other_side_hears_music_while_one_holds() {
    let mut stage = bridged();
    let by = HungUpSide::Staff;
    for held in [true, false] {
        stage.give(Input::Held { by, held });
    }
    let music = |held| Output::HoldMusic { by, held };
    assert_eq!(stage.orders(), [&music(true), &music(false)]);
}

fn hold(side: HungUpSide, on: bool) -> Command {
    Command::Hold { side, on }
}

#[test]
fn one_side_is_put_on_hold_by_request_and_goes_on() {
    let (person, staff) = (HungUpSide::User, HungUpSide::Staff);
    let mut up = Stage::up();
    let refused = up.want(&hold(person, true));
    assert!(
        matches!(refused, Err(Refusal::Conflict { .. })),
        "nobody else has it"
    );
    assert_eq!(up.want(&hold(person, false)), Ok(()), "nobody is on hold");
    let mut stage = bridged();
    for on in [true, true, false, false] {
        stage.want(&hold(person, on)).unwrap();
    }
    let order = |side, on| Output::Hold { side, on };
    let music = |by, held| Output::HoldMusic { by, held };
    assert_eq!(
        stage.orders(),
        [
            &order(person, true),
            &music(staff, true),
            &order(person, false),
            &music(staff, false)
        ]
    );
    // A phone holds the same side meanwhile: the music ends with the last of both.
    stage.forget_what_was_said_but_records();
    let by = HungUpSide::Staff;
    stage.want(&hold(person, true)).unwrap();
    stage.give(Input::Held { by, held: true });
    stage.want(&hold(person, false)).unwrap();
    stage.give(Input::Held { by, held: false });
    let expected = [
        &order(person, true),
        &music(staff, true),
        &order(person, false),
        &music(staff, false),
    ];
    assert_eq!(stage.orders(), expected);
    // Both sides may be on hold.
    stage.forget_what_was_said_but_records();
    stage.want(&hold(staff, true)).unwrap();
    stage.want(&hold(person, true)).unwrap();
    let expected = [
        &order(staff, true),
        &music(person, true),
        &order(person, true),
        &music(staff, true),
    ];
    assert_eq!(stage.orders(), expected);
    stage.give(bye(true));
    let ended = stage.want(&hold(person, false));
    assert!(matches!(ended, Err(Refusal::CallNotControllable { .. })));
}

#[test]
fn a_phone_is_answered_when_the_one_that_it_calls_is() {
    let mut stage = between_phones();
    stage.give(found("1002"));
    stage.give(other(LegEvent::Rang { status: 180 }));
    stage.give(Input::Other(answer()));
    stage.give(answered());
    stage.give(Input::Media(MediaEvent::FirstPacket));
    assert_eq!(
        stage.orders(),
        [
            &Output::Attend,
            &Output::Seek {
                target: "1002".into()
            },
            &Output::RingCaller,
            &Output::Answer,
            &Output::StartMedia,
            &Output::Bridge
        ]
    );
    stage.give(Input::Other(left(true)));
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "completed staff");
}

#[test]
fn a_caller_hears_what_comes_before_the_answer_of_one_phone_and_of_the_next() {
    let mut stage = between_phones();
    stage.give(found("1002"));
    stage.give(other(LegEvent::Rang { status: 183 }));
    stage.forget_what_was_said();
    stage.give(other(LegEvent::EarlyMedia));
    stage.give(other(LegEvent::EarlyMedia));
    assert_eq!(stage.orders(), [&Output::ProgressCaller]);
    stage.give(leg(LegEvent::EarlyMedia));
    stage.give(other(refusal(486)));
    stage.give(found("1003"));
    // Nothing is heard of this one yet.
    stage.give(leg(LegEvent::EarlyMedia));
    stage.give(other(LegEvent::EarlyMedia));
    stage.give(leg(LegEvent::EarlyMedia));
    stage.give(Input::Other(answer()));
    stage.give(answered());
    let seek = Output::Seek {
        target: "1002".into(),
    };
    assert_eq!(
        stage.orders(),
        [
            &Output::ProgressCaller,
            &Output::StartMedia,
            &Output::JoinEarly,
            &seek,
            &Output::ProgressCaller,
            &Output::JoinEarly,
            &Output::Answer,
            &Output::Bridge
        ]
    );
}

#[test]
fn a_caller_who_gave_up_while_an_announcement_played_ends_with_its_media() {
    let mut stage = between_phones();
    stage.give(found("1002"));
    stage.give(other(LegEvent::EarlyMedia));
    stage.give(leg(LegEvent::EarlyMedia));
    stage.forget_what_was_said();
    stage.give(bye(true));
    let stops = |it: &&&Output| matches!(it, Output::StopMedia | Output::HangUpOther { .. });
    assert_eq!(stage.orders().iter().filter(stops).count(), 2);
    stage.give(stopped());
    assert_eq!(stage.session.phase(), Phase::Ended);
}

#[test]
fn a_person_whom_an_agent_hands_over_hears_us_until_the_answer() {
    let mut stage = Stage::up();
    stage.give(Input::Voice(VoiceEvent::TransferWanted {
        target: "desk".into(),
    }));
    stage.give(found("1002"));
    stage.forget_what_was_said();
    stage.give(other(LegEvent::EarlyMedia));
    stage.give(leg(LegEvent::EarlyMedia));
    assert_eq!(stage.orders(), Vec::<&Output>::new());
}

#[test]
fn a_phone_that_calls_one_that_is_busy_is_told_so() {
    for (status, end) in [
        (486, "busy system"),
        (603, "rejected system"),
        (480, "not_answered system"),
        (503, "not_reachable system"),
    ] {
        let mut stage = between_phones();
        stage.give(found("1002"));
        stage.give(other(refusal(status)));
        stage.give(Input::Sought(Sought::Nobody(TransferFailure::NobodyThere)));
        stage.give(bye(false));
        assert_eq!(stage.end(), end);
    }
}

#[test]
fn a_phone_that_gives_up_cancels_the_other_one() {
    let mut stage = between_phones();
    stage.give(found("1002"));
    stage.forget_what_was_said_but_records();
    stage.give(bye(true));
    assert!(matches!(stage.orders()[0], Output::HangUpOther { .. }));
    assert_eq!(stage.end(), "not_answered user");
}

#[test]
fn a_phone_that_is_gone_before_the_caller_has_confirmed_was_not_talked_with() {
    let mut stage = between_phones();
    stage.give(found("1002"));
    stage.give(Input::Other(answer()));
    stage.give(Input::Other(left(true)));
    stage.give(bye(false));
    assert_eq!(stage.end(), "not_answered staff");
}

#[test]
fn a_phone_that_is_found_too_late_is_not_rung_on() {
    let mut stage = Stage::up();
    stage.give(wanted("desk"));
    stage.give(bye(true));
    stage.forget_what_was_said();
    stage.give(found("1001"));
    assert!(matches!(stage.orders()[..], [Output::HangUpOther { .. }]));
}

#[test]
fn a_silent_leg_ends_a_call_between_people() {
    let mut stage = bridged();
    stage.give(other(LegEvent::MediaTimeout));
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "media_timeout system");
}

#[test]
fn a_phone_that_finds_no_keys_ends_the_call_and_is_named_for_it() {
    let mut stage = bridged();
    stage.forget_what_was_said_but_records();
    let why = "no keys".to_owned();
    stage.give(other(LegEvent::NotEncrypted { why: why.clone() }));
    assert!(matches!(stage.orders()[0], Output::HangUpOther { .. }));
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "line_fault system");
    let call = stage.fold();
    assert_eq!(call.servings[0].end, Some(ServingEnd::NotEncrypted));
    assert_eq!(call.sip_reason, why);
}

/// A call that a person has taken over.
pub(super) fn bridged() -> Stage {
    let mut stage = Stage::up();
    stage.give(wanted("desk"));
    stage.give(found("1001"));
    stage.give(Input::Other(answer()));
    stage.forget_what_was_said_but_records();
    stage
}

pub(super) fn between_phones() -> Stage {
    let mut stage = Stage::new(Settings {
        first: First::Phone {
            target: "1002".into(),
        },
        ..inbound()
    });
    stage.give(Input::Begin);
    stage
}

pub(super) fn wanted(target: &str) -> Input {
    Input::Voice(VoiceEvent::TransferWanted {
        target: target.into(),
    })
}

pub(super) fn found(extension: &str) -> Input {
    Input::Sought(Sought::Found(Box::new(Server {
        kind: ServerKind::Extension,
        address: extension.into(),
        staff: None,
        email: String::new(),
        name: String::new(),
        skill_group: None,
    })))
}

pub(super) fn other(event: LegEvent) -> Input {
    Input::Other(event)
}

pub(super) fn answer() -> LegEvent {
    LegEvent::Answered {
        codec: "PCMA".into(),
        peer: "192.0.2.2:4000".into(),
    }
}

pub(super) fn refusal(status: u16) -> LegEvent {
    LegEvent::Refused {
        status,
        reason: "words".into(),
        q850: None,
        moved_to: None,
    }
}

pub(super) fn left(by_peer: bool) -> LegEvent {
    LegEvent::Ended {
        by_peer,
        reason: String::new(),
    }
}
