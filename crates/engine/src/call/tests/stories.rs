//! One call a story.

use model::{CallEvent, CallState, EndCause, Refusal, SoundId, UnixMs};

use super::stage::*;
use crate::call::{
    Command, Input, LegEvent, MediaEvent, Output, Phase, PlayId, Settings, VoiceEvent,
};

#[test]
fn a_call_is_dialed_answered_talked_and_hung_up_by_the_person() {
    let mut stage = Stage::dialing();
    stage.pass(seconds(2));
    stage.give(leg(LegEvent::Rang { status: 180 }));
    stage.pass(seconds(3));
    stage.give(answered());
    stage.give(Input::Media(MediaEvent::FirstPacket));
    stage.pass(seconds(61));
    stage.give(bye(true));
    stage.give(stopped());

    assert_eq!(
        stage.orders(),
        [
            &Output::Dial,
            &Output::StartMedia,
            &Output::StartVoice,
            &Output::StopMedia,
            &Output::Close
        ]
    );
    assert_eq!(stage.end(), "completed user");
    let call = stage.fold();
    assert_eq!(call.rang_at, Some(UnixMs(2_000)));
    assert_eq!(call.talk_seconds(), 61);
    assert_eq!(call.sip_status, Some(200));
    assert!(call.quality.is_some());
}

#[test]
fn what_can_be_heard_before_the_answer_is_recorded_and_the_agent_waits() {
    let mut stage = Stage::ringing();
    stage.give(leg(LegEvent::EarlyMedia));
    stage.give(Input::Media(MediaEvent::FirstPacket));
    stage.give(leg(LegEvent::EarlyMedia));
    stage.pass(seconds(20));
    stage.give(answered());
    // Packets have come already: nobody waits for the first.
    stage.pass(seconds(100));
    stage.give(bye(true));
    stage.give(stopped());
    assert_eq!(
        stage.orders(),
        [
            &Output::Dial,
            &Output::StartMedia,
            &Output::StartVoice,
            &Output::StopMedia,
            &Output::Close
        ]
    );
    assert_eq!(stage.end(), "completed user");
}

#[test]
fn an_announcement_that_nobody_follows_ends_with_the_leg() {
    let mut refused = Stage::ringing();
    refused.give(leg(LegEvent::EarlyMedia));
    let busy = LegEvent::Refused {
        status: 486,
        reason: String::new(),
        q850: Some(17),
        moved_to: None,
    };
    refused.give(leg(busy));
    let mut given_up = Stage::ringing();
    given_up.give(leg(LegEvent::EarlyMedia));
    given_up.want(&hang_up()).unwrap();
    given_up.give(stopped());
    given_up.give(bye(false));
    for stage in [refused, given_up] {
        let stops = |it: &&&Output| **it == &Output::StopMedia;
        assert_eq!(stage.orders().iter().filter(stops).count(), 1);
        assert_eq!(stage.session.phase(), Phase::Ended);
        assert!(stage.fold().quality.is_none());
    }
}

#[test]
fn a_voice_agent_that_is_done_hangs_up() {
    let mut stage = Stage::up();
    stage.forget_what_was_said();
    stage.give(finished(EndCause::AgentFinished));
    assert_eq!(
        stage.orders(),
        [
            &Output::HangUpLeg {
                cause: EndCause::AgentFinished
            },
            &Output::StopMedia
        ]
    );
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "agent_finished system");
}

#[test]
fn a_caller_is_answered_and_greeted() {
    let mut stage = Stage::new(inbound());
    stage.give(Input::Begin);
    stage.give(answered());
    assert_eq!(
        stage.orders(),
        [&Output::Answer, &Output::StartMedia, &Output::StartVoice]
    );
    assert_eq!(stage.session.phase(), Phase::Up);
}

#[test]
fn a_caller_who_gives_up_before_the_answer_was_not_answered() {
    let mut stage = Stage::new(inbound());
    stage.give(Input::Begin);
    stage.give(bye(true));
    assert_eq!(stage.end(), "not_answered user");
}

#[test]
fn a_caller_who_never_confirms_our_answer_is_a_fault_of_the_line() {
    let mut stage = Stage::new(inbound());
    stage.give(Input::Begin);
    stage.pass(seconds(200));
    assert_eq!(stage.end(), "line_fault system");
}

#[test]
fn a_request_to_hang_up_is_named_by_how_far_the_call_had_come() {
    for (mut stage, end) in [
        (Stage::dialing(), "canceled_before_ringing system"),
        (Stage::ringing(), "canceled_while_ringing system"),
        (Stage::up(), "api_request system"),
    ] {
        stage.want(&hang_up()).unwrap();
        stage.want(&hang_up()).unwrap();
        stage.give(stopped());
        stage.give(refused(487));
        assert_eq!(stage.end(), end);
        let n_requests = stage
            .records()
            .into_iter()
            .filter(|event| matches!(event, CallEvent::HangUpRequested { .. }))
            .count();
        assert_eq!(n_requests, 1, "asking twice is harmless");
    }
}

#[test]
fn a_call_that_is_hung_up_before_it_began_never_begins() {
    let mut stage = Stage::new(outbound());
    stage.want(&hang_up()).unwrap();
    stage.give(Input::Begin);
    assert_eq!(stage.orders(), [&Output::Close]);
    assert_eq!(stage.end(), "canceled_before_ringing system");
}

#[test]
fn an_ended_call_cannot_be_hung_up() {
    let mut stage = Stage::dialing();
    stage.give(refused(486));
    assert_eq!(
        stage.want(&hang_up()),
        Err(Refusal::CallNotControllable { state: "ended" })
    );
}

#[test]
fn a_refused_call_ends_with_the_peer_s_status_and_words() {
    let mut stage = Stage::ringing();
    stage.give(refused(486));
    assert_eq!(stage.end(), "busy system");
    let call = stage.fold();
    assert_eq!(
        (call.sip_status, call.sip_reason.as_str()),
        (Some(486), "words")
    );
    assert_eq!(call.quality, None);
}

#[test]
fn a_declined_call_was_ended_by_the_person() {
    let mut stage = Stage::ringing();
    stage.give(refused(603));
    assert_eq!(stage.end(), "rejected user");
}

#[test]
fn nobody_answers_until_the_ring_time_is_over() {
    let mut stage = Stage::ringing();
    stage.pass(seconds(60));
    stage.give(leg(LegEvent::Unanswered));
    assert_eq!(stage.end(), "not_answered system");
}

#[test]
fn a_sip_machine_that_forgets_the_ring_time_is_reminded_of_it() {
    let mut stage = Stage::ringing();
    stage.pass(seconds(65));
    assert_eq!(
        stage.orders().last(),
        Some(&&Output::HangUpLeg {
            cause: EndCause::NotAnswered
        })
    );
    stage.pass(seconds(5));
    assert_eq!(stage.end(), "not_answered system");
}

#[test]
fn a_trunk_that_does_not_answer_is_a_fault_of_the_line() {
    let mut stage = Stage::dialing();
    stage.give(leg(LegEvent::Failed {
        why: "no answer from 192.0.2.1:5060".into(),
    }));
    assert_eq!(stage.end(), "line_fault system");
    assert_eq!(stage.fold().sip_reason, "no answer from 192.0.2.1:5060");
}

#[test]
fn a_leg_that_failed_on_our_side_is_hung_up_to_be_sure() {
    let mut stage = Stage::up();
    stage.forget_what_was_said();
    stage.give(leg(LegEvent::Failed { why: String::new() }));
    let cause = EndCause::LineFault;
    assert_eq!(
        stage.orders(),
        [&Output::HangUpLeg { cause }, &Output::StopMedia]
    );
}

#[test]
fn an_answer_that_crosses_our_cancel_changes_nothing() {
    let mut stage = Stage::ringing();
    stage.want(&hang_up()).unwrap();
    stage.give(answered());
    stage.give(bye(false));
    assert_eq!(stage.end(), "canceled_while_ringing system");
    assert_eq!(stage.fold().answered_at, None);
}

#[test]
fn a_hung_leg_that_never_confirms_still_ends_and_costs_no_time() {
    let mut stage = Stage::up();
    stage.pass(seconds(10));
    stage.want(&hang_up()).unwrap();
    stage.pass(seconds(7));
    assert_eq!(stage.end(), "api_request system");
    assert_eq!(stage.fold().talk_seconds(), 10);
}

#[test]
fn an_answered_phone_that_sends_no_sound_is_hung_up() {
    let mut stage = Stage::ringing();
    stage.give(answered());
    stage.pass(seconds(35));
    stage.give(bye(false));
    stage.give(stopped());
    assert_eq!(stage.end(), "media_timeout system");
}

#[test]
fn the_first_sound_is_waited_for_as_long_as_the_phone_may_be_silent() {
    for (limit, is_up) in [(Some(5), false), (Some(6), true), (None, true)] {
        let mut stage = Stage::ringing();
        stage.give(silence_max(limit));
        stage.give(answered());
        stage.pass(seconds(10));
        assert_eq!(stage.session.phase() == Phase::Up, is_up, "{limit:?}");
    }
    let mut stage = Stage::ringing();
    stage.give(silence_max(None));
    stage.give(answered());
    stage.pass(seconds(3600));
    assert_eq!(stage.session.phase(), Phase::Up);
}

#[test]
fn a_phone_that_is_not_to_send_is_not_waited_for_until_it_is() {
    let expected = |is_expected: bool| silence_max(is_expected.then_some(30));
    // Held or muted by the answer, and by a change before its first packet.
    for answers in [[expected(false), answered()], [answered(), expected(false)]] {
        let mut stage = Stage::ringing();
        answers.into_iter().for_each(|input| stage.give(input));
        stage.pass(seconds(3600));
        assert_eq!(stage.session.phase(), Phase::Up);
        stage.give(expected(true));
        stage.pass(seconds(34));
        stage.give(expected(true));
        assert_eq!(stage.session.phase(), Phase::Up);
        stage.pass(seconds(1));
        stage.give(bye(false));
        stage.give(stopped());
        assert_eq!(stage.end(), "media_timeout system");
    }
    let mut stage = Stage::up();
    stage.give(expected(false));
    stage.give(expected(true));
    stage.pass(seconds(3600));
    assert_eq!(stage.session.phase(), Phase::Up, "it was heard before");
}

#[test]
fn media_that_stops_arriving_ends_the_call() {
    let mut stage = Stage::up();
    stage.give(leg(LegEvent::MediaTimeout));
    stage.pass(seconds(7));
    assert_eq!(stage.end(), "media_timeout system");
}

#[test]
fn a_call_lasts_no_longer_than_the_quota_pays_for() {
    let mut stage = Stage::new(Settings {
        talk_time_max: Some(seconds(120)),
        ..outbound()
    });
    stage.give(Input::Begin);
    stage.give(answered());
    stage.give(Input::Media(MediaEvent::FirstPacket));
    stage.pass(seconds(300));
    assert_eq!(stage.end(), "max_duration system");
    assert_eq!(stage.fold().talk_seconds(), 120);
}

#[test]
fn media_that_breaks_down_ends_the_call_as_our_fault() {
    for mut stage in [Stage::new(outbound()), Stage::dialing(), Stage::up()] {
        stage.give(Input::Media(MediaEvent::Failed));
        stage.give(bye(false));
        assert_eq!(stage.end(), "fault system");
    }
}

#[test]
fn a_call_nobody_answered_has_no_media_to_tell_of() {
    let mut stage = Stage::ringing();
    stage.give(stopped());
    stage.give(bye(false));
    assert_eq!(stage.end(), "fault system");
    assert_eq!(stage.fold().quality, None);
}

#[test]
fn a_draining_server_lets_a_call_finish_within_the_limit() {
    let mut stage = Stage::up();
    let deadline = stage.now() + seconds(30);
    stage.want(&Command::Drain { deadline }).unwrap();
    stage.pass(seconds(29));
    assert_eq!(stage.session.phase(), Phase::Up);
    stage.pass(seconds(8));
    assert_eq!(stage.end(), "drained system");
    assert_eq!(stage.fold().talk_seconds(), 30);
}

#[test]
fn a_later_drain_gives_no_more_time() {
    let mut stage = Stage::ringing();
    for n in [10, 50] {
        let deadline = stage.now() + seconds(n);
        stage.want(&Command::Drain { deadline }).unwrap();
    }
    stage.pass(seconds(16));
    assert_eq!(stage.end(), "canceled_while_ringing system");
}

#[test]
fn last_words_are_recorded_before_the_end_and_bear_its_time() {
    let mut stage = Stage::up();
    stage.pass(seconds(4));
    stage.give(bye(true));
    stage.pass(seconds(1));
    stage.give(Input::Voice(VoiceEvent::CallerSaid {
        text: "bye".into(),
        from: UnixMs(0),
        to: UnixMs(1),
    }));
    stage.give(stopped());
    stage.give(Input::Voice(VoiceEvent::NoInput));

    let records = stage.records();
    let n = records.len();
    assert!(matches!(records[n - 2], CallEvent::CallerSaid { .. }));
    assert!(matches!(records[n - 1], CallEvent::Ended { .. }));
    assert_eq!(stage.fold().talk_seconds(), 4);
}

#[test]
fn a_conversation_that_never_hands_in_its_last_words_is_not_waited_for() {
    let mut stage = Stage::up();
    stage.give(bye(true));
    stage.pass(seconds(2));
    assert_eq!(stage.end(), "completed user");
    assert_eq!(stage.fold().quality, None);
}

#[test]
fn a_phone_that_rings_a_thousand_times_is_recorded_once() {
    let mut stage = Stage::dialing();
    for status in [180, 183].repeat(500) {
        stage.give(leg(LegEvent::Rang { status }));
    }
    assert_eq!(stage.records().len(), 1);
    assert_eq!(stage.fold().state, CallState::Ringing);
}

#[test]
fn a_sound_plays_in_place_of_the_agent_who_goes_on_afterwards() {
    let mut stage = Stage::up();
    stage.forget_what_was_said();
    stage.want(&play(7, false)).unwrap();
    stage.give(sound_started(1));
    stage.pass(seconds(30));
    stage.give(sound_ended(1, false));

    assert_eq!(
        stage.orders(),
        [
            &Output::PauseVoice,
            &order(1, 7, false),
            &Output::ResumeVoice
        ]
    );
    assert_eq!(
        stage.records(),
        [
            &CallEvent::SoundStarted {
                sound: SoundId(7),
                times: 2,
                over: false
            },
            &CallEvent::SoundEnded {
                sound: SoundId(7),
                cut: false
            },
        ]
    );
}

#[test]
fn the_agent_does_not_speak_between_two_sounds_in_its_place() {
    let mut stage = Stage::up();
    stage.forget_what_was_said();
    for (sound, over) in [(7, false), (8, false), (9, true)] {
        stage.want(&play(sound, over)).unwrap();
    }
    for n in 1..=3 {
        stage.give(sound_started(n));
        stage.give(sound_ended(n, false));
    }
    assert_eq!(
        stage.orders(),
        [
            &Output::PauseVoice,
            &order(1, 7, false),
            &order(2, 8, false),
            &Output::ResumeVoice,
            &order(3, 9, true),
        ]
    );
}

#[test]
fn a_sound_that_does_not_start_gives_the_word_back_to_the_agent() {
    let mut stage = Stage::up();
    stage.forget_what_was_said();
    stage.want(&play(7, false)).unwrap();
    stage.pass(seconds(5));
    stage.give(sound_started(1));
    stage.give(sound_ended(1, true));
    assert_eq!(
        stage.orders(),
        [
            &Output::PauseVoice,
            &order(1, 7, false),
            &Output::CutSound(PlayId(1)),
            &Output::ResumeVoice
        ]
    );
    assert_eq!(stage.records(), [] as [&CallEvent; 0]);
}

#[test]
fn a_call_that_ends_cuts_its_sound() {
    let mut stage = Stage::up();
    stage.want(&play(7, true)).unwrap();
    stage.give(sound_started(1));
    stage.give(bye(true));
    stage.give(sound_ended(1, true));
    stage.give(stopped());
    let n_ends = stage
        .records()
        .into_iter()
        .filter(|event| matches!(event, CallEvent::SoundEnded { cut: true, .. }))
        .count();
    assert_eq!(n_ends, 1);
    assert_eq!(stage.end(), "completed user");
}

#[test]
fn a_sound_needs_a_call_that_is_up() {
    let mut ending = Stage::up();
    ending.want(&hang_up()).unwrap();
    let mut ended = Stage::ringing();
    ended.give(refused(486));
    for (mut stage, state) in [
        (Stage::dialing(), "dialing"),
        (Stage::ringing(), "ringing"),
        (ending, "ending"),
        (ended, "ended"),
    ] {
        assert_eq!(
            stage.want(&play(7, false)),
            Err(Refusal::CallNotControllable { state })
        );
    }
}

#[test]
fn sounds_beyond_those_that_may_wait_are_refused() {
    let mut stage = Stage::up();
    for _ in 0..9 {
        stage.want(&play(7, false)).unwrap();
    }
    assert!(matches!(
        stage.want(&play(7, false)),
        Err(Refusal::Conflict { .. })
    ));
}

fn order(n: u32, sound: i64, over: bool) -> Output {
    Output::Play {
        play: PlayId(n),
        sound: SoundId(sound),
        times: 2,
        over,
    }
}

fn silence_max(second: Option<u64>) -> Input {
    Input::Media(MediaEvent::SilenceMax(second.map(seconds)))
}
