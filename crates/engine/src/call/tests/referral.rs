//! Phones that give their places to others: blind and attended transfers, and calls taken over.

use model::{CallEvent, CallId, EndCause, HungUpSide, ServingEnd, TransferFailure};

use super::{
    handover::{answer, between_phones, bridged, found, left, other, refusal},
    stage::*,
};
use crate::call::{Input, LegEvent, MediaEvent, Output, Phase, Sought, Successor};

const STAFF: HungUpSide = HungUpSide::Staff;
const USER: HungUpSide = HungUpSide::User;

#[test]
fn staff_gives_its_place_to_another_phone_and_leaves_when_that_is_answered() {
    let mut stage = bridged();
    stage.give(refer(STAFF));
    stage.give(next_found("1002"));
    stage.give(next(LegEvent::Rang { status: 180 }));
    stage.give(next(LegEvent::Rang { status: 183 }));
    stage.pass(seconds(5));
    stage.give(next(answer()));
    assert_eq!(
        stage.orders(),
        [
            &Output::AnswerRefer { status: 202 },
            &ring_back(STAFF, true),
            &seek_next(),
            &Output::TellReferrer { status: 180 },
            &Output::TellReferrer { status: 200 },
            &Output::TakePlace { side: STAFF },
            &ring_back(STAFF, false),
        ]
    );
    stage.pass(seconds(30));
    stage.forget_what_was_said_but_records();
    stage.give(other(left(true)));
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "completed staff");
    let call = stage.fold();
    let talked: Vec<_> = call
        .servings
        .iter()
        .map(|it| {
            let ms = it.ended_at.unwrap().0 - it.answered_at.unwrap().0;
            (it.server.address.as_str(), ms, it.end)
        })
        .collect();
    let served = Some(ServingEnd::Served);
    assert_eq!(talked, [("1001", 5_000, served), ("1002", 30_000, served)]);
}

#[test]
fn where_nobody_answers_the_parties_have_each_other_again() {
    for (event, status) in [
        (refusal(486), 486),
        (refusal(603), 603),
        (refusal(503), 480),
    ] {
        let mut stage = bridged();
        stage.give(refer(STAFF));
        stage.give(next_found("1002"));
        stage.give(next(event));
        stage.forget_what_was_said_but_records();
        stage.give(Input::SoughtNext(Sought::Nobody(
            TransferFailure::NotReachable,
        )));
        assert_eq!(
            stage.orders(),
            [&Output::TellReferrer { status }, &ring_back(STAFF, false)]
        );
        assert_eq!(stage.fold().servings[0].end, None, "still talking");
        // And may try again.
        stage.forget_what_was_said_but_records();
        stage.give(refer(STAFF));
        assert_eq!(stage.orders()[0], &Output::AnswerRefer { status: 202 });
    }
}

#[test]
fn a_phone_that_hung_up_after_its_refer_is_not_missed_if_another_answers() {
    let mut stage = bridged();
    stage.give(refer(STAFF));
    stage.give(next_found("1002"));
    stage.pass(seconds(2));
    stage.give(other(left(true)));
    stage.pass(seconds(3));
    stage.give(next(answer()));
    stage.pass(seconds(10));
    stage.give(bye(true));
    stage.give(stopped());
    assert_eq!(stage.end(), "completed user");
    let call = stage.fold();
    let first = &call.servings[0];
    let talked = first.ended_at.unwrap().0 - first.answered_at.unwrap().0;
    assert_eq!(talked, 2_000, "until it left, not until the next one came");
}

#[test]
fn a_phone_that_hung_up_after_its_refer_ends_the_call_if_nobody_answers() {
    let mut stage = bridged();
    stage.give(refer(STAFF));
    stage.give(other(left(true)));
    stage.give(Input::SoughtNext(Sought::Nobody(TransferFailure::Unknown)));
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "completed staff");
}

#[test]
fn the_person_gives_its_place_away_and_the_call_goes_on() {
    let mut stage = bridged();
    stage.give(refer(USER));
    stage.give(next_found("1003"));
    stage.give(bye(true));
    stage.give(next(answer()));
    let taken = stage.orders();
    assert!(taken.contains(&&Output::TakePlace { side: USER }));
    assert!(
        !taken.contains(&&Output::StopMedia),
        "the recording goes on"
    );
    // Whoever took the place must be heard, as everybody.
    stage.pass(seconds(36));
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "media_timeout system");
    let ends: Vec<_> = stage.fold().servings.iter().map(|it| it.end).collect();
    assert_eq!(ends, [Some(ServingEnd::Served), Some(ServingEnd::Served)]);
}

#[test]
fn whoever_takes_a_place_is_waited_for_as_it_says_itself() {
    let expected = |is_expected: bool| {
        Input::Media(MediaEvent::SilenceMax(is_expected.then_some(seconds(30))))
    };
    for (before, after, is_up) in [(false, true, false), (true, false, true)] {
        let mut stage = bridged();
        stage.give(expected(before));
        stage.give(refer(USER));
        stage.give(next_found("1003"));
        stage.give(next(answer()));
        stage.give(expected(after));
        stage.pass(seconds(36));
        assert_eq!(stage.session.phase() == Phase::Up, is_up);
    }
}

#[test]
fn whoever_takes_the_place_of_a_person_on_hold_hears_the_music_until_that_ends() {
    let mut stage = bridged();
    let held = |by, held| Input::Held { by, held };
    stage.give(held(STAFF, true));
    // What the one who leaves held is over, and its music too: all that the other phone heard is cut.
    stage.give(held(USER, true));
    stage.give(refer(USER));
    stage.give(next_found("1003"));
    stage.give(next(answer()));
    stage.forget_what_was_said_but_records();
    stage.give(held(STAFF, false));
    stage.give(held(USER, true));
    let music = |by, held| Output::HoldMusic { by, held };
    assert_eq!(stage.orders(), [&music(STAFF, false), &music(USER, true)]);
}

#[test]
fn a_person_who_gave_its_place_to_nobody_and_left_ends_the_call() {
    let mut stage = bridged();
    stage.give(refer(USER));
    stage.give(bye(true));
    stage.give(Input::SoughtNext(Sought::Nobody(
        TransferFailure::NotReachable,
    )));
    stage.give(stopped());
    assert_eq!(stage.end(), "completed user");
}

#[test]
fn a_voice_agent_waits_while_its_caller_gives_its_place_away() {
    let mut stage = Stage::up();
    stage.forget_what_was_said();
    stage.give(refer(USER));
    stage.give(next_found("1003"));
    stage.give(next(answer()));
    assert_eq!(
        stage.orders(),
        [
            &Output::AnswerRefer { status: 202 },
            &Output::PauseVoice,
            &seek_next(),
            &Output::TellReferrer { status: 200 },
            &Output::TakePlace { side: USER },
            &Output::ResumeVoice,
        ]
    );
}

#[test]
fn one_place_is_given_away_at_a_time() {
    let mut stage = bridged();
    stage.give(refer(STAFF));
    stage.forget_what_was_said_but_records();
    stage.give(refer(USER));
    assert_eq!(stage.orders(), [&Output::AnswerRefer { status: 491 }]);
    let hand_over = crate::call::Command::HandOver {
        target: "desk".into(),
    };
    assert!(stage.want(&hand_over).is_err());
    assert!(stage.want(&play(1, false)).is_err());
    // Nobody has this place.
    let mut stage = Stage::up();
    assert_eq!(stage.session.may_refer(STAFF), Err(603));
    stage.give(bye(true));
    assert_eq!(stage.session.may_refer(USER), Err(480));
}

#[test]
fn a_phone_that_rings_for_a_place_is_given_up_with_the_call() {
    let mut stage = bridged();
    stage.give(refer(STAFF));
    stage.give(next_found("1002"));
    stage.forget_what_was_said_but_records();
    stage.give(bye(true));
    let cause = EndCause::Completed;
    assert_eq!(
        stage.orders()[..3],
        [
            &Output::DropNext { cause },
            &Output::TellReferrer { status: 487 },
            &Output::HangUpOther { cause }
        ]
    );
    stage.give(stopped());
    let ends: Vec<_> = stage.fold().servings.iter().map(|it| it.end).collect();
    assert_eq!(ends, [Some(ServingEnd::Served), Some(ServingEnd::GivenUp)]);
}

#[test]
fn a_phone_that_is_never_answered_is_dropped_and_the_next_one_rung() {
    let mut stage = bridged();
    stage.give(refer(STAFF));
    stage.give(next_found("1002"));
    stage.forget_what_was_said_but_records();
    stage.pass(seconds(26));
    let cause = EndCause::NotAnswered;
    assert_eq!(stage.orders(), [&Output::DropNext { cause }, &seek_next()]);
    // Looking ends, whatever the shell fails to say.
    stage.forget_what_was_said_but_records();
    stage.pass(seconds(90));
    assert_eq!(stage.orders()[0], &Output::TellReferrer { status: 480 });
}

#[test]
fn an_attended_transfer_joins_whoever_talks_in_the_other_call() {
    let mut stage = bridged();
    let call = CallId("consultation".into());
    stage.give(Input::Referred {
        side: STAFF,
        to: Successor::Call {
            target: "1002".into(),
            call: call.clone(),
        },
    });
    stage.give(next_found("1002"));
    stage.give(next(answer()));
    assert_eq!(
        stage.orders(),
        [
            &Output::AnswerRefer { status: 202 },
            &Output::FetchNext { call: call.clone() },
            &Output::TellReferrer { status: 200 },
            &Output::TakePlace { side: STAFF },
        ]
    );

    // The other call ends without the leg that it gave.
    for (side, end) in [(STAFF, "completed user"), (USER, "completed staff")] {
        let mut consultation = bridged();
        assert!(consultation.session.may_give(side));
        let call = call.clone();
        consultation.give(Input::Given { side, call });
        consultation.give(stopped());
        if side == STAFF {
            assert!(!consultation.orders().contains(&&Output::HangUpOther {
                cause: EndCause::Completed
            }));
            consultation.give(bye(false));
        }
        assert_eq!(consultation.end(), end);
    }
}

#[test]
fn an_attended_transfer_to_a_call_that_gives_nobody_leaves_all_as_it_was() {
    let mut stage = bridged();
    stage.give(Input::Referred {
        side: STAFF,
        to: Successor::Call {
            target: "1002".into(),
            call: CallId("consultation".into()),
        },
    });
    stage.give(Input::SoughtNext(Sought::Nobody(TransferFailure::Busy)));
    assert_eq!(
        stage.orders().last(),
        Some(&&Output::TellReferrer { status: 486 })
    );
    assert!(stage.session.may_refer(STAFF).is_ok());
}

#[test]
fn a_call_that_replaces_a_leg_takes_its_place_when_it_has_confirmed() {
    let mut stage = bridged();
    let Input::Sought(Sought::Found(server)) = found("1002") else {
        unreachable!()
    };
    stage.give(Input::Referred {
        side: STAFF,
        to: Successor::Caller(server.clone()),
    });
    stage.give(next(answer()));
    assert_eq!(
        stage.orders()[1..],
        [
            &Output::AnswerNext,
            &Output::TellReferrer { status: 200 },
            &Output::TakePlace { side: STAFF }
        ]
    );

    // And a phone that rings elsewhere is picked up here.
    let mut stage = between_phones();
    stage.give(found("1001"));
    assert!(stage.session.may_pick_up());
    stage.give(Input::PickedUp(server));
    stage.give(other(answer()));
    assert!(stage.orders().contains(&&Output::Answer));
    let call = stage.fold();
    assert_eq!(call.servings[0].end, Some(ServingEnd::GivenUp));
    assert_eq!(call.served_by().unwrap().server.address, "1002");
}

#[test]
fn a_phone_that_is_found_too_late_for_a_place_is_let_go() {
    let mut stage = bridged();
    stage.give(refer(STAFF));
    stage.give(bye(true));
    stage.forget_what_was_said_but_records();
    stage.give(next_found("1002"));
    let cause = EndCause::CanceledBeforeRinging;
    assert_eq!(stage.orders(), [&Output::DropNext { cause }]);
    let n_offered = stage
        .records()
        .into_iter()
        .filter(|event| matches!(event, CallEvent::Offered(_)))
        .count();
    assert_eq!(n_offered, 1);
}

#[test]
fn a_carrier_that_reaches_somebody_itself_has_the_person() {
    let mut stage = asked_carrier();
    stage.give(told(Some(180), false));
    stage.pass(seconds(9));
    stage.forget_what_was_said_but_records();
    stage.give(told(Some(200), true));
    let cause = EndCause::Completed;
    assert_eq!(
        stage.orders(),
        [&Output::HangUpLeg { cause }, &Output::StopMedia]
    );
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "completed system");
    let call = stage.fold();
    let serving = call.served_by().unwrap();
    assert_eq!(serving.end, Some(ServingEnd::Served));
    assert!(serving.rang_at.is_some());
}

#[test]
fn a_carrier_that_hangs_up_while_it_calls_somebody_has_the_person() {
    let mut stage = asked_carrier();
    stage.give(told(Some(100), false));
    stage.give(bye(true));
    stage.give(stopped());
    assert_eq!(stage.end(), "completed system");
    let end = stage.fold().servings[0].end;
    assert_eq!(end, Some(ServingEnd::Served));
    // Before it has said that it will, nobody but the person hangs up.
    let mut stage = asked_carrier();
    stage.give(bye(true));
    stage.give(stopped());
    assert_eq!(stage.end(), "completed user");
}

#[test]
fn a_carrier_that_reaches_nobody_gives_the_person_back() {
    for (status, why) in [
        (Some(486), TransferFailure::Busy),
        (Some(603), TransferFailure::Rejected),
        (Some(0), TransferFailure::NotReachable),
        (None, TransferFailure::NotReachable),
    ] {
        let mut stage = asked_carrier();
        stage.give(told(status, true));
        assert!(
            stage
                .records()
                .contains(&&CallEvent::TransferFailed { why })
        );
        assert_eq!(
            stage.orders(),
            [&Output::StopWaiting, &Output::TellTransferFailed]
        );
    }
    // Nor is it waited for longer than for any phone.
    let mut stage = asked_carrier();
    stage.pass(seconds(111));
    assert_eq!(stage.orders()[1], &Output::TellTransferFailed);
}

/// The carrier of a voice agent's call was asked to call a number itself.
fn asked_carrier() -> Stage {
    let mut stage = Stage::up();
    stage.give(super::handover::wanted("number:+8613800138000"));
    let Input::Sought(Sought::Found(server)) = found("+8613800138000") else {
        unreachable!()
    };
    stage.give(Input::Sought(Sought::Asked(server)));
    stage.forget_what_was_said_but_records();
    stage
}

fn told(status: Option<u16>, is_last: bool) -> Input {
    Input::ReferTold { status, is_last }
}

fn refer(side: HungUpSide) -> Input {
    Input::Referred {
        side,
        to: Successor::Phone("extension:1002".into()),
    }
}

pub(super) fn next_found(extension: &str) -> Input {
    match found(extension) {
        Input::Sought(sought) => Input::SoughtNext(sought),
        other => other,
    }
}

fn next(event: LegEvent) -> Input {
    Input::Next(event)
}

fn seek_next() -> Output {
    Output::SeekNext {
        target: "extension:1002".into(),
    }
}

fn ring_back(side: HungUpSide, on: bool) -> Output {
    Output::RingBack { side, on }
}

#[test]
fn whoever_still_rings_in_the_other_call_is_rung_for_the_place() {
    // The call of the phone that consults: nobody has answered it.
    let mut consultation = between_phones();
    consultation.give(found("1002"));
    consultation.give(other(LegEvent::Rang { status: 180 }));
    assert_eq!(consultation.session.rung(), Some("1002"));
    let call = CallId("first".into());
    consultation.give(Input::Given { side: STAFF, call });
    assert_eq!(consultation.session.rung(), None);
    let cause = EndCause::CanceledWhileRinging;
    for order in [Output::HangUpOther { cause }, Output::HangUpLeg { cause }] {
        assert!(consultation.orders().contains(&&order), "{order:?}");
    }

    let mut stage = bridged();
    assert_eq!(stage.session.rung(), None, "they talk");
    let call = CallId("consultation".into());
    let target = "1002".to_owned();
    stage.give(Input::Referred {
        side: STAFF,
        to: Successor::Call { target, call },
    });
    stage.forget_what_was_said_but_records();
    let target = "extension:1002".to_owned();
    stage.give(Input::NextRings {
        target: target.clone(),
    });
    stage.give(next_found("1002"));
    stage.give(next(LegEvent::Rang { status: 180 }));
    stage.give(next(answer()));
    assert_eq!(
        stage.orders(),
        [
            &ring_back(STAFF, true),
            &Output::SeekNext { target },
            &Output::TellReferrer { status: 180 },
            &Output::TellReferrer { status: 200 },
            &Output::TakePlace { side: STAFF },
            &ring_back(STAFF, false),
        ]
    );
}
