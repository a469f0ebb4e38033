//! Inputs in any order, at any time, as often as chance likes.

use std::time::Duration;

use model::{
    CallEvent, CallState, Direction, EndCause, HungUpSide, LegQuality, ListenMode, NextAgent,
    Occasion, Overflow, PartyId, PartyRole, QueueRules, SkillGroupId, TransferFailure, TurnLatency,
    UnixMs, VoiceAgentId,
};
use proptest::prelude::*;

use super::{handover::found, referral::next_found, stage::*};
use crate::call::{
    Command, First, Input, Invitation, LegEvent, MediaEvent, Output, PartyInput, Phase, Settings,
    Sought, Successor, VoiceEvent,
};

/// Longer than every deadline of a call together.
const FOREVER: Duration = Duration::from_secs(2 * 24 * 60 * 60);

#[derive(Clone, Debug)]
enum Step {
    Give(Input),
    HangUp,
    HandOver,
    Hold { side: HungUpSide, on: bool },
    Invite { talks: bool },
    Dismiss(u32),
    Play { sound: i64, over: bool },
    Drain { ms: u64 },
    Pass { ms: u64 },
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_call_ends_once_and_says_nothing_afterwards(
        settings in settings(),
        begins in prop::bool::weighted(0.95),
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let mut stage = Stage::new(settings);
        if begins {
            stage.give(Input::Begin);
        }
        for step in steps {
            take(&mut stage, step);
        }
        if stage.session.phase() == Phase::New {
            stage.give(Input::Begin);
        }
        stage.pass(FOREVER);

        prop_assert_eq!(stage.session.phase(), Phase::Ended);
        prop_assert_eq!(stage.session.poll_timeout(), None);
        check_order(&stage)?;
        check_fold(&stage)?;
    }
}

/// One `Ended`, then `Close`, each once and last; media is started and stopped once; the agent is
/// paused and resumed in turns; record times never run backwards.
fn check_order(stage: &Stage) -> Result<(), TestCaseError> {
    let outputs: Vec<&Output> = stage.said.iter().map(|(_, output)| output).collect();
    let count = |wanted: fn(&Output) -> bool| outputs.iter().filter(|it| wanted(it)).count();
    prop_assert_eq!(count(|it| *it == Output::Close), 1);
    prop_assert_eq!(count(is_end), 1);
    prop_assert!(is_end(outputs[outputs.len() - 2]));
    prop_assert_eq!(outputs[outputs.len() - 1], &Output::Close);
    let n_begun = count(|it| matches!(it, Output::Dial | Output::Answer));
    prop_assert!(n_begun <= 1);
    let n_hung_up = count(|it| matches!(it, Output::HangUpLeg { .. }));
    prop_assert!(n_hung_up <= 1);
    let n_started = count(|it| *it == Output::StartMedia);
    prop_assert!(n_started <= 1);
    prop_assert_eq!(n_started, count(|it| *it == Output::StopMedia));

    let is_waiting = |it: &Output| {
        matches!(
            it,
            Output::StartWaiting | Output::PlayQueue | Output::StopWaiting
        )
    };
    let mut is_last_start = false;
    for output in outputs.iter().filter(|it| is_waiting(it)) {
        let is_start = **output != Output::StopWaiting;
        prop_assert_ne!(is_start, is_last_start, "in turns");
        is_last_start = is_start;
    }
    for side in [HungUpSide::User, HungUpSide::Staff] {
        let mut is_on_hold = false;
        for output in &outputs {
            if let Output::Hold { side: of, on } = output
                && *of == side
            {
                prop_assert_ne!(*on, is_on_hold, "in turns");
                is_on_hold = *on;
            }
        }
    }
    // Whoever serves the person may leave them with others, who hand them over once more.
    if count(|it| matches!(it, Output::JoinParty(_))) == 0 {
        prop_assert!(count(|it| *it == Output::Bridge) <= 1);
    }
    let n_offered = count(|it| {
        matches!(
            it,
            Output::Record {
                event: CallEvent::Offered(_),
                ..
            }
        )
    });
    prop_assert!(n_offered <= 100);

    let mut is_paused = false;
    let mut n_sounding = 0;
    let mut last = None;
    for output in outputs {
        match output {
            // Whom nobody hears any more need not be resumed.
            Output::LeaveVoice => is_paused = false,
            Output::PauseVoice => {
                prop_assert!(!is_paused);
                is_paused = true;
            }
            Output::ResumeVoice => {
                prop_assert!(is_paused);
                is_paused = false;
            }
            Output::Play { over, .. } => prop_assert_eq!(is_paused, !over),
            Output::Record { event, at } => {
                prop_assert!(last.is_none_or(|last| last <= *at));
                last = Some(*at);
                match event {
                    CallEvent::SoundStarted { .. } => n_sounding += 1,
                    CallEvent::SoundEnded { .. } => n_sounding -= 1,
                    _ => {}
                }
                prop_assert!((0..=1).contains(&n_sounding));
            }
            _ => {}
        }
    }
    prop_assert_eq!(n_sounding, 0);
    Ok(())
}

/// The records add up to a call that a reader can believe.
fn check_fold(stage: &Stage) -> Result<(), TestCaseError> {
    let call = stage.fold();
    prop_assert_eq!(call.state, CallState::Ended);
    prop_assert!(call.cause.is_some() && call.side.is_some());
    let ended = call.ended_at.unwrap();
    prop_assert!(call.rang_at.is_none_or(|rang| rang <= ended));
    prop_assert!(call.answered_at.is_none_or(|answered| answered <= ended));
    if call.answered_at.is_none() {
        prop_assert_eq!(call.quality, None);
        prop_assert!(call.digits.is_empty());
        prop_assert_ne!(call.cause, Some(EndCause::Completed));
        prop_assert_ne!(call.cause, Some(EndCause::ApiRequest));
    }
    Ok(())
}

fn is_end(output: &Output) -> bool {
    matches!(
        output,
        Output::Record {
            event: CallEvent::Ended { .. },
            ..
        }
    )
}

fn take(stage: &mut Stage, step: Step) {
    match step {
        Step::Give(input) => stage.give(input),
        Step::HangUp => want(stage, &hang_up()),
        Step::HandOver => {
            let target = "desk".into();
            want(stage, &Command::HandOver { target });
        }
        Step::Hold { side, on } => want(stage, &Command::Hold { side, on }),
        Step::Invite { talks } => {
            let role = match talks {
                true => PartyRole::Participant,
                false => PartyRole::Supervisor(ListenMode::Listen),
            };
            let (target, by) = ("1003".into(), "api".into());
            let invited = Invitation { role, target, by };
            // Refused where it means nothing.
            let _ = stage.session.invite(&invited, stage.now());
            stage.settle();
        }
        Step::Dismiss(n) => {
            let _ = stage
                .session
                .dismiss(PartyId(n), n % 2 == 0, "api", stage.now());
            stage.settle();
        }
        Step::Play { sound, over } => want(stage, &play(sound, over)),
        Step::Drain { ms } => {
            let deadline = stage.now() + Duration::from_millis(ms);
            want(stage, &Command::Drain { deadline });
        }
        Step::Pass { ms } => stage.pass(Duration::from_millis(ms)),
    }
}

/// A command is taken if it could be; one that is refused changes nothing.
fn want(stage: &mut Stage, command: &Command) {
    let expected = stage.session.control(command);
    let n_said = stage.said.len();
    let answer = stage.want(command);
    assert_eq!(answer, expected);
    assert!(answer.is_ok() || stage.said.len() == n_said);
}

fn settings() -> impl Strategy<Value = Settings> {
    let limits = (1u64..120, prop::option::of(0u64..600));
    (0u8..5, limits).prop_map(|(way, (ring, talk))| Settings {
        direction: match way {
            0 | 1 => Direction::Outbound,
            _ => Direction::Inbound,
        },
        first: match way {
            3 => First::Phone {
                target: "1002".into(),
            },
            4 => First::Queue {
                group: SkillGroupId(7),
            },
            _ => First::Agent,
        },
        ring_time_max: seconds(ring),
        talk_time_max: talk.map(seconds),
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => agent_changed().prop_map(|changed| Step::Give(Input::AgentChanged(changed))),
        6 => leg_event().prop_map(|event| Step::Give(Input::Leg(event))),
        3 => media_event().prop_map(|event| Step::Give(Input::Media(event))),
        3 => sought().prop_map(Step::Give),
        4 => leg_event().prop_map(|event| Step::Give(Input::Other(event))),
        1 => any::<bool>().prop_map(|held| {
            let by = HungUpSide::Staff;
            Step::Give(Input::Held { by, held })
        }),
        2 => referred().prop_map(Step::Give),
        2 => sought().prop_map(|sought| match sought {
            Input::Sought(sought) => Step::Give(Input::SoughtNext(sought)),
            other => Step::Give(other),
        }),
        3 => leg_event().prop_map(|event| Step::Give(Input::Next(event))),
        2 => queue_entered().prop_map(Step::Give),
        1 => prop::option::of(leg_event()).prop_map(|before| match found("1003") {
            Input::Sought(Sought::Found(server)) => Step::Give(Input::Instead { server, before }),
            other => Step::Give(other),
        }),
        1 => Just(Step::HandOver),
        2 => any::<(bool, bool)>().prop_map(|(of_person, on)| Step::Hold {
            side: match of_person {
                true => HungUpSide::User,
                false => HungUpSide::Staff,
            },
            on,
        }),
        2 => any::<bool>().prop_map(|talks| Step::Invite { talks }),
        1 => (1u32..5).prop_map(Step::Dismiss),
        3 => (1u32..5, party_input()).prop_map(|(n, input)| {
            let party = PartyId(n);
            Step::Give(Input::Party { party, input })
        }),
        3 => voice_event().prop_map(|event| Step::Give(Input::Voice(event))),
        1 => Just(Step::Give(Input::Begin)),
        1 => Just(Step::Give(Input::Timeout)),
        1 => Just(Step::HangUp),
        3 => (1i64..4, any::<bool>()).prop_map(|(sound, over)| Step::Play { sound, over }),
        1 => (0u64..60_000).prop_map(|ms| Step::Drain { ms }),
        4 => (0u64..30_000).prop_map(|ms| Step::Pass { ms }),
    ]
}

fn referred() -> impl Strategy<Value = Input> {
    let side = || {
        prop::sample::select(vec![
            HungUpSide::Staff,
            HungUpSide::User,
            HungUpSide::System,
        ])
    };
    let call = model::CallId("other".into());
    let given = call.clone();
    prop_oneof![
        4 => side().prop_map(|side| Input::Referred {
            side,
            to: Successor::Phone("1002".into()),
        }),
        1 => side().prop_map(move |side| Input::Referred {
            side,
            to: Successor::Call { target: "1002".into(), call: call.clone() },
        }),
        1 => side().prop_map(move |side| Input::Given { side, call: given.clone() }),
        1 => Just(Input::NextRings { target: "1003".into() }),
        1 => Just(next_found("1001")),
        1 => (100u16..700, any::<bool>())
            .prop_map(|(status, is_last)| Input::ReferTold { status: Some(status), is_last }),
    ]
}

fn queue_entered() -> impl Strategy<Value = Input> {
    let overflow = || {
        prop::sample::select(vec![
            Overflow::HangUp,
            Overflow::VoiceAgent(VoiceAgentId(4)),
            Overflow::SkillGroup(SkillGroupId(8)),
        ])
    };
    let rules = (overflow(), overflow(), 5u64..60).prop_map(|(nobody_there, late, wait)| {
        Box::new(QueueRules {
            nobody_there,
            late,
            wait_max: seconds(wait),
            ..QueueRules::default()
        })
    });
    let group = SkillGroupId(7);
    prop::option::of(rules).prop_map(move |rules| Input::QueueEntered { group, rules })
}

fn sought() -> impl Strategy<Value = Input> {
    let nobody = Sought::Nobody(TransferFailure::NobodyThere);
    prop_oneof![
        4 => Just(found("1001")),
        1 => Just(Input::Sought(Sought::AllBusy(Some(SkillGroupId(7))))),
        1 => Just(match found("1001") {
            Input::Sought(Sought::Found(server)) => Input::Sought(Sought::Asked(server)),
            other => other,
        }),
        1 => Just(Input::Sought(nobody)),
    ]
}

fn party_input() -> impl Strategy<Value = PartyInput> {
    prop_oneof![
        4 => sought().prop_map(|input| match input {
            Input::Sought(sought) => PartyInput::Sought(sought),
            _ => unreachable!("what was found"),
        }),
        4 => leg_event().prop_map(PartyInput::Leg),
        1 => any::<bool>().prop_map(PartyInput::Held),
        1 => Just(PartyInput::Pressed('5')),
    ]
}

fn leg_event() -> impl Strategy<Value = LegEvent> {
    let words = || "[a-z ]{0,8}";
    prop_oneof![
        2 => words().prop_map(|peer| LegEvent::Dialed { sip_call_id: "x".into(), peer }),
        4 => (180u16..184).prop_map(|status| LegEvent::Rang { status }),
        2 => Just(LegEvent::EarlyMedia),
        6 => words().prop_map(|peer| LegEvent::Answered { codec: "PCMA".into(), peer }),
        1 => (300u16..700, words(), prop::option::of(0u16..128))
            .prop_map(|(status, reason, q850)| LegEvent::Refused { status, reason, q850, moved_to: None }),
        1 => Just(LegEvent::Unanswered),
        1 => (any::<bool>(), words())
            .prop_map(|(by_peer, reason)| LegEvent::Ended { by_peer, reason }),
        1 => words().prop_map(|why| LegEvent::Failed { why }),
        1 => Just(LegEvent::MediaTimeout),
        1 => words().prop_map(|why| LegEvent::NotEncrypted { why }),
    ]
}

fn media_event() -> impl Strategy<Value = MediaEvent> {
    let play = || (1u32..6).prop_map(crate::call::PlayId);
    prop_oneof![
        3 => Just(MediaEvent::FirstPacket),
        2 => prop::option::of(5u64..60)
            .prop_map(|second| MediaEvent::SilenceMax(second.map(Duration::from_secs))),
        6 => play().prop_map(MediaEvent::SoundStarted),
        6 => (play(), any::<bool>()).prop_map(|(play, cut)| MediaEvent::SoundEnded { play, cut }),
        1 => Just(MediaEvent::Stopped { quality: Some(LegQuality::default()) }),
        1 => Just(MediaEvent::Failed),
    ]
}

fn voice_event() -> impl Strategy<Value = VoiceEvent> {
    let said = |interrupted| VoiceEvent::AgentSaid {
        heard: "hello".into(),
        unsaid: String::new(),
        from: UnixMs(0),
        to: UnixMs(1),
        interrupted,
        interruptible: true,
        occasion: Occasion::Answer,
    };
    prop_oneof![
        4 => any::<bool>().prop_map(said),
        2 => Just(VoiceEvent::DigitsPressed { digits: "1".into() }),
        2 => Just(VoiceEvent::NoInput),
        2 => Just(VoiceEvent::TransferWanted { target: "desk".into() }),
        2 => Just(VoiceEvent::AgentWanted { agent: "12".into() }),
        2 => Just(VoiceEvent::ReplyTimed(TurnLatency::default())),
        1 => prop::sample::select(vec![
            EndCause::AgentFinished,
            EndCause::MaxDuration,
            EndCause::CallerSilent,
            EndCause::SpeakerFailed,
        ])
        .prop_map(VoiceEvent::Finished),
    ]
}

fn agent_changed() -> impl Strategy<Value = Result<NextAgent, TransferFailure>> {
    prop_oneof![
        Just(Err(TransferFailure::Unknown)),
        (1i64..9).prop_map(|id| Ok(NextAgent {
            voice_agent: VoiceAgentId(id),
            name: "Sales".into(),
            version: 1,
        })),
    ]
}
