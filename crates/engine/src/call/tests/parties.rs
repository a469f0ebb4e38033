//! Third parties in a call, and supervisors who listen in.

use model::{
    CallEvent, EndCause, HungUpSide, ListenMode, PartyEvent, PartyId, PartyRole, Refusal,
    ServingEnd, TransferFailure,
};

use super::{
    handover::{bridged, found, wanted},
    stage::*,
};
use crate::call::{
    Command, Input, Invitation, LegEvent, Output, PARTIES_MAX, PartyInput, Sought, VoiceEvent,
};

const LISTEN: PartyRole = PartyRole::Supervisor(ListenMode::Listen);

fn invitation(role: PartyRole) -> Invitation {
    Invitation {
        role,
        target: "extension:1003".into(),
        by: "api".into(),
    }
}

fn invite(stage: &mut Stage, role: PartyRole) -> PartyId {
    let party = stage.session.invite(&invitation(role), stage.now());
    stage.settle();
    party.unwrap()
}

fn of(party: PartyId, input: PartyInput) -> Input {
    Input::Party { party, input }
}

fn leg_of(party: PartyId, event: LegEvent) -> Input {
    of(party, PartyInput::Leg(event))
}

fn joined(stage: &mut Stage, role: PartyRole) -> PartyId {
    let party = invite(stage, role);
    let Input::Sought(sought) = found("1003") else {
        unreachable!("a phone is found")
    };
    stage.give(of(party, PartyInput::Sought(sought)));
    let LegEvent::Answered { codec, peer } = answer() else {
        unreachable!("an answer")
    };
    stage.give(leg_of(party, LegEvent::Answered { codec, peer }));
    party
}

fn answer() -> LegEvent {
    LegEvent::Answered {
        codec: "PCMU".into(),
        peer: "192.0.2.3:4000".into(),
    }
}

fn gone() -> LegEvent {
    LegEvent::Ended {
        by_peer: true,
        reason: String::new(),
    }
}

fn regrouped(stage: &Stage) -> bool {
    stage.orders().contains(&&Output::Regroup)
}

#[test]
fn a_third_party_joins_a_bridged_call_and_leaves_it_bridged() {
    let mut stage = bridged();
    stage.forget_what_was_said_but_records();
    let party = joined(&mut stage, PartyRole::Participant);
    let target = "extension:1003".into();
    assert_eq!(
        stage.orders(),
        [
            &Output::CallParty {
                party,
                role: PartyRole::Participant,
                target
            },
            &Output::JoinParty(party)
        ]
    );
    stage.pass(seconds(10));
    stage.give(leg_of(party, gone()));
    assert!(regrouped(&stage));
    assert_eq!(stage.session.phase(), crate::call::Phase::Up);
    let call = stage.fold();
    let third = &call.parties[0];
    assert_eq!(third.end, Some(ServingEnd::Served));
    assert_eq!(
        third.left_at.unwrap().0 - third.joined_at.unwrap().0,
        10_000
    );
    assert!(third.was_heard && call.servings[0].end.is_none());
}

#[test]
fn a_call_goes_on_without_staff_as_long_as_somebody_talks_with_the_person() {
    let mut stage = bridged();
    let party = joined(&mut stage, PartyRole::Participant);
    stage.give(Input::Other(gone()));
    assert!(regrouped(&stage));
    let served = stage.fold().servings[0].end;
    assert_eq!(served, Some(ServingEnd::Served));
    stage.give(leg_of(party, gone()));
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "completed staff");
}

#[test]
fn a_call_goes_on_without_whoever_finds_no_keys() {
    let no_keys = || LegEvent::NotEncrypted {
        why: "no keys".into(),
    };
    let mut stage = bridged();
    let first = joined(&mut stage, PartyRole::Participant);
    joined(&mut stage, PartyRole::Participant);
    stage.give(leg_of(first, no_keys()));
    assert!(regrouped(&stage));
    stage.give(Input::Other(no_keys()));
    assert_eq!(stage.session.phase(), crate::call::Phase::Up);
    let call = stage.fold();
    assert_eq!(call.parties[0].end, Some(ServingEnd::NotEncrypted));
    assert_eq!(call.parties[1].end, None);
    assert_eq!(call.servings[0].end, Some(ServingEnd::NotEncrypted));
}

#[test]
fn a_call_goes_on_without_its_agent_as_long_as_somebody_talks_with_the_person() {
    let mut stage = Stage::up();
    let party = joined(&mut stage, PartyRole::Participant);
    stage.forget_what_was_said_but_records();
    stage.give(finished(EndCause::AgentFinished));
    assert_eq!(stage.orders(), [&Output::LeaveVoice, &Output::Regroup]);
    stage.give(Input::Voice(VoiceEvent::NoInput));
    stage.give(leg_of(party, gone()));
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "completed staff");
}

#[test]
fn a_third_party_who_leaves_the_agent_with_the_person_ends_nothing() {
    let mut stage = Stage::up();
    let party = joined(&mut stage, PartyRole::Participant);
    stage.give(leg_of(party, gone()));
    stage.give(finished(EndCause::AgentFinished));
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "agent_finished system");
}

#[test]
fn whoever_only_listens_keeps_no_call() {
    let mut stage = bridged();
    let party = joined(&mut stage, LISTEN);
    stage.forget_what_was_said_but_records();
    stage.give(Input::Other(gone()));
    let cause = EndCause::Completed;
    assert_eq!(stage.orders()[0], &Output::HangUpParty { party, cause });
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "completed staff");
    assert_eq!(stage.fold().parties[0].end, Some(ServingEnd::Served));
}

#[test]
fn a_supervisor_who_barges_in_may_take_the_call_over() {
    let mut stage = bridged();
    let party = joined(&mut stage, LISTEN);
    let now = stage.now();
    let barge = ListenMode::Barge;
    let changed = stage
        .session
        .change_mode(party, barge, "lin@example.com", now);
    stage.settle();
    assert_eq!(changed, Ok(()));
    stage.give(Input::Other(gone()));
    assert_eq!(stage.session.phase(), crate::call::Phase::Up);
    let by = "lin@example.com".into();
    let mode = barge;
    let told = CallEvent::Party(PartyEvent::ModeChanged { party, mode, by });
    assert!(stage.records().contains(&&told));
    assert!(stage.fold().parties[0].was_heard);

    let quiet = ListenMode::Whisper;
    let changed = stage.session.change_mode(party, quiet, "api", now);
    stage.settle();
    assert_eq!(changed, Ok(()));
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "completed staff", "the person hears nobody");
}

#[test]
fn a_phone_that_is_not_answered_or_not_found_changes_nothing_for_the_call() {
    let mut stage = bridged();
    let party = invite(&mut stage, PartyRole::Participant);
    let nobody = Sought::Nobody(TransferFailure::NotReachable);
    stage.give(of(party, PartyInput::Sought(nobody)));
    let why = TransferFailure::NotReachable;
    let failed = CallEvent::Party(PartyEvent::Failed { party, why });
    assert!(stage.records().contains(&&failed));

    let party = invite(&mut stage, PartyRole::Participant);
    let Input::Sought(sought) = found("1003") else {
        unreachable!("a phone is found")
    };
    stage.give(of(party, PartyInput::Sought(sought)));
    stage.forget_what_was_said_but_records();
    stage.pass(seconds(60));
    let cause = EndCause::NotAnswered;
    assert_eq!(stage.orders(), [&Output::HangUpParty { party, cause }]);
    let ends: Vec<_> = stage.fold().parties.iter().map(|it| it.end).collect();
    let (unreached, late) = (ServingEnd::NotReachable, ServingEnd::NotAnswered);
    assert_eq!(ends, [Some(unreached), Some(late)]);
    assert_eq!(stage.session.phase(), crate::call::Phase::Up);
}

#[test]
fn whoever_is_sent_away_while_their_phone_is_looked_for_is_not_rung() {
    let mut stage = bridged();
    let party = invite(&mut stage, PartyRole::Participant);
    let now = stage.now();
    let listens = stage.session.dismiss(party, true, "api", now);
    assert!(matches!(listens, Err(Refusal::NotFound { .. })));
    let dismissed = stage.session.dismiss(party, false, "api", now);
    assert_eq!(dismissed, Ok(()));
    stage.settle();
    stage.forget_what_was_said_but_records();
    let Input::Sought(sought) = found("1003") else {
        unreachable!("a phone is found")
    };
    stage.give(of(party, PartyInput::Sought(sought)));
    assert!(matches!(stage.orders()[0], Output::HangUpParty { .. }));
    assert_eq!(stage.fold().parties[0].end, Some(ServingEnd::GivenUp));
    let again = stage.session.dismiss(party, false, "api", now);
    assert!(matches!(again, Err(Refusal::NotFound { .. })));
}

#[test]
fn a_hold_plays_no_music_into_a_conference() {
    let mut stage = bridged();
    let held = |held| Input::Held {
        by: HungUpSide::Staff,
        held,
    };
    let party = joined(&mut stage, PartyRole::Participant);
    stage.forget_what_was_said_but_records();
    stage.give(held(true));
    assert_eq!(stage.orders(), Vec::<&Output>::new());
    stage.give(held(false));
    stage.give(leg_of(party, gone()));
    stage.give(held(true));
    let by = HungUpSide::Staff;
    let music = Output::HoldMusic { by, held: true };
    assert!(stage.orders().contains(&&music));
}

#[test]
fn a_hold_by_request_ends_where_others_join() {
    let mut stage = bridged();
    let side = HungUpSide::User;
    stage.want(&Command::Hold { side, on: true }).unwrap();
    joined(&mut stage, PartyRole::Participant);
    let by = HungUpSide::Staff;
    let goes_on = [
        &Output::Hold { side, on: false },
        &Output::HoldMusic { by, held: false },
    ];
    let orders = stage.orders();
    assert!(goes_on.iter().all(|it| orders.contains(it)), "{orders:?}");
    let refused = stage.want(&Command::Hold { side, on: true });
    assert!(matches!(refused, Err(Refusal::Conflict { .. })));
}

#[test]
fn a_hold_by_request_goes_on_where_a_supervisor_only_listens_or_whispers() {
    let mut stage = bridged();
    let (side, by) = (HungUpSide::User, HungUpSide::Staff);
    let hold = |on| Command::Hold { side, on };
    stage.want(&hold(true)).unwrap();
    stage.forget_what_was_said_but_records();
    let party = joined(&mut stage, LISTEN);
    let change = |stage: &mut Stage, mode| {
        let now = stage.now();
        stage.session.change_mode(party, mode, "api", now).unwrap();
        stage.settle();
    };
    change(&mut stage, ListenMode::Whisper);
    let ends = Output::Hold { side, on: false };
    assert!(!stage.orders().contains(&&ends), "{:?}", stage.orders());
    // It may end and begin meanwhile.
    stage.want(&hold(false)).unwrap();
    assert!(stage.orders().contains(&&ends));
    stage.forget_what_was_said_but_records();
    stage.want(&hold(true)).unwrap();
    let music = Output::HoldMusic { by, held: true };
    assert!(stage.orders().contains(&&music), "{:?}", stage.orders());
    stage.forget_what_was_said_but_records();
    change(&mut stage, ListenMode::Barge);
    assert!(stage.orders().contains(&&ends), "{:?}", stage.orders());
}

#[test]
fn who_may_not_come_is_refused() {
    let mut ringing = Stage::ringing();
    let now = ringing.now();
    let wants = invitation(PartyRole::Participant);
    let refused = ringing.session.invite(&wants, now);
    assert!(matches!(refused, Err(Refusal::CallNotControllable { .. })));
    ringing.settle();

    let mut handed = Stage::up();
    handed.give(wanted("desk"));
    let refused = handed.session.invite(&wants, now);
    assert!(matches!(refused, Err(Refusal::Conflict { .. })));

    let mut full = bridged();
    for _ in 0..PARTIES_MAX {
        joined(&mut full, PartyRole::Participant);
    }
    let refused = full.session.invite(&wants, now);
    assert!(matches!(refused, Err(Refusal::Conflict { .. })));
    let mode = ListenMode::Listen;
    let refused = full.session.change_mode(PartyId(1), mode, "api", now);
    assert!(matches!(refused, Err(Refusal::Conflict { .. })));
}

#[test]
fn nobody_gives_a_place_away_while_third_parties_are_there() {
    let mut stage = bridged();
    assert_eq!(stage.session.may_refer(HungUpSide::Staff), Ok(()));
    joined(&mut stage, LISTEN);
    assert_eq!(stage.session.may_refer(HungUpSide::Staff), Err(403));
}
