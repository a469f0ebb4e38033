//! Whole calls, told as stories.

use std::time::Duration;

use super::{
    Deafness, Exchange, Note, Settings,
    world::{Act, Act::*, Cue, PACE, Pace, When, When::*, World, clip_ms},
};
use crate::{
    line::Line,
    script::{After, Next, Script, ScriptParts, sample},
    thinker::TurnId,
};

const GREETING: &str = "Hello Ann, this is the clinic.";

#[test]
fn a_yes_confirms_and_ends_the_call() {
    let cues = [cue(Ends("come?"), 400, Say("yes please", 600))];
    assert_eq!(
        told(&cues),
        [
            "agent: Hello Ann, this is the clinic. Can you come?",
            "caller: yes please",
            "agent: Great, Ann. Goodbye.",
            "end: ScriptEnd"
        ]
    );
}

#[test]
fn a_key_counts_as_an_answer_and_cuts_the_question() {
    let cues = [cue(Starts("Can you"), 330, Press("1"))];
    assert_eq!(
        told(&cues),
        [
            "agent: Hello Ann, this is the clinic. Can [you come?]",
            "keys: 1",
            "agent: Great, Ann. Goodbye.",
            "end: ScriptEnd"
        ]
    );
}

#[test]
fn keys_pressed_ahead_are_answered_one_after_the_other() {
    let cues = [
        cue(Ends("come?"), 400, Press("211")),
        cue(Ends("Noted."), 800, HangUp),
    ];
    assert_eq!(
        told(&cues)[1..],
        ["keys: 2", "keys: 11", "agent: Noted. Can you come?"]
    );
}

#[test]
fn talking_over_the_agent_cuts_it_and_history_holds_what_was_heard() {
    let cues = [
        cue(Starts("Hello"), 600, Say("human please", 1500)),
        cue(Starts("One moment"), 100, HangUp),
    ];
    let call = call_of(sample::reminder(), Settings::default(), PACE, &cues);

    assert_eq!(
        bare(&call.story)[..2],
        [
            "agent: Hello Ann, this is [the clinic. Can you come?]",
            "caller: human please"
        ]
    );
    assert_eq!(
        call.conversation.history(),
        [
            Exchange::Agent("Hello Ann, this is".to_owned()),
            Exchange::Caller("human please".to_owned())
        ]
    );
}

#[test]
fn uh_huh_does_not_cut_the_agent() {
    let cues = [
        cue(Starts("Hello"), 300, Say("mm", 200)),
        cue(Ends("come?"), 500, HangUp),
    ];
    assert_eq!(
        told(&cues),
        [
            "agent: Hello Ann, this is the clinic. Can you come?",
            "aside: mm"
        ]
    );
}

#[test]
fn the_goodbye_is_not_cut() {
    let cues = [
        cue(Ends("come?"), 400, Say("yes", 600)),
        cue(Starts("Great"), 100, Say("wait wait wait", 3000)),
    ];
    assert_eq!(
        told(&cues)[2..],
        ["agent: Great, Ann. Goodbye.", "end: ScriptEnd"]
    );
}

#[test]
fn a_caller_who_goes_on_after_a_pause_is_answered_once() {
    let pace = Pace {
        thinker_ms: Some(600),
        ..PACE
    };
    let cues = [
        cue(Ends("come?"), 400, Say("no", 400)),
        // The turn was over 700 ms after that, and the thinker is at work on it.
        cue(Ends("come?"), 1600, Say("no I mean yes sure", 900)),
    ];
    let call = call_of(sample::reminder(), Settings::default(), pace, &cues);
    assert_eq!(
        bare(&call.story)[1..],
        [
            "caller: no",
            "caller: no I mean yes sure",
            "agent: Great, Ann. Goodbye.",
            "end: ScriptEnd"
        ]
    );
}

#[test]
fn hello_before_the_welcome_does_not_lose_the_welcome() {
    let mut parts = sample::reminder();
    parts.welcome_delay = Duration::from_secs(1);
    let settings = Script::new(parts.clone())
        .unwrap()
        .settings(&Default::default());
    let cues = [
        cue(Answered, 700, Say("hello?", 500)),
        cue(Ends("come?"), 100, HangUp),
    ];

    let call = call_of(parts, settings, PACE, &cues);

    assert_eq!(
        bare(&call.story),
        [
            "caller: hello?",
            "agent: Hello Ann, this is the clinic. Can you come?"
        ]
    );
    assert_eq!(
        agent_spoke_at(&call),
        1900,
        "the caller's 1200 ms and the endpointing delay"
    );
}

#[test]
fn the_welcome_waits_for_its_delay() {
    let settings = Settings {
        welcome_delay: Duration::from_secs(2),
        ..Settings::default()
    };
    let cues = [cue(Ends("come?"), 100, HangUp)];

    assert_eq!(
        agent_spoke_at(&call_of(sample::reminder(), settings, PACE, &cues)),
        2000
    );
}

#[test]
fn silence_is_prompted_twice_and_then_ends_the_call() {
    assert_eq!(
        told(&[])[1..],
        [
            "silence 1",
            "agent: Are you there?",
            "silence 2",
            "agent: Are you there?",
            "silence 3",
            "agent: Goodbye.",
            "end: NoInput"
        ]
    );
}

#[test]
fn the_longest_silence_ends_a_call_whose_prompts_go_on() {
    let mut parts = sample::reminder();
    parts.no_input.reaction.max = 100;
    let story = call_of(parts, Settings::default(), PACE, &[]).story;

    let asked = clip_ms(GREETING) + clip_ms("Can you come?");
    assert_eq!(
        story.last().unwrap(),
        &format!("{} end: CallerSilent", asked + 60_000)
    );
}

#[test]
fn the_caller_can_be_asked_no_more_often_than_allowed() {
    let mut settings = Settings::default();
    settings.manners.no_input_max = Some(1);

    let call = call_of(sample::reminder(), settings, PACE, &[]);

    assert_eq!(
        bare(&call.story)[1..],
        [
            "silence 1",
            "agent: Are you there?",
            "silence 2",
            "end: NoInput"
        ]
    );
}

#[test]
fn words_that_match_nothing_are_asked_again() {
    let cues = [
        cue(Ends("come?"), 400, Say("fish", 500)),
        cue(Ends("Sorry?"), 400, Say("", 500)),
        cue(Ends("yes or no"), 400, Say("fish", 500)),
    ];
    assert_eq!(
        told(&cues)[1..],
        [
            "caller: fish",
            "agent: Sorry?",
            "agent: Please say yes or no.",
            "caller: fish",
            "agent: Goodbye.",
            "end: NoMatch"
        ]
    );
}

#[test]
fn a_cough_is_not_answered() {
    let cues = [
        cue(Ends("come?"), 400, Say("", 200)),
        cue(Ends("come?"), 3000, HangUp),
    ];
    assert_eq!(told(&cues).len(), 1);
}

#[test]
fn the_agent_waits_for_an_operators_sound_and_says_the_rest_of_its_line_then() {
    let cues = [
        cue(Starts("Hello"), 700, Sound(5000)),
        cue(Ends("come?"), 1, HangUp),
    ];
    let call = call_of(sample::reminder(), Settings::default(), PACE, &cues);

    assert_eq!(
        bare(&call.story),
        ["agent: Hello Ann, this is the clinic. Can you come?"]
    );
    let rest = clip_ms("this is the clinic.") + clip_ms("Can you come?");
    assert_eq!(time(&call.story[0]), 5700 + rest);
}

#[test]
fn while_an_operators_sound_plays_silence_does_not_count() {
    let cues = [
        cue(Ends("come?"), 400, Sound(40_000)),
        cue(Ends("come?"), 50_000, HangUp),
    ];
    assert_eq!(told(&cues).len(), 1);
}

#[test]
fn a_transfer_that_fails_ends_the_call_politely() {
    let cues = [
        cue(Ends("come?"), 400, Say("a human", 600)),
        cue(Ends("One moment."), 9000, TransferFailed),
    ];
    assert_eq!(
        told(&cues)[2..],
        [
            "agent: One moment.",
            "transfer: front-desk",
            "agent: Goodbye.",
            "end: TransferFailed"
        ]
    );
}

#[test]
fn a_transfer_that_nobody_answers_for_fails() {
    let cues = [cue(Ends("come?"), 400, Say("a human", 600))];
    assert_eq!(told(&cues).last().unwrap(), "end: TransferFailed");
}

#[test]
fn the_call_ends_at_its_longest_duration_in_the_middle_of_a_word() {
    let settings = Settings {
        call_time_max: Some(Duration::from_secs(1)),
        ..Settings::default()
    };
    let call = call_of(sample::reminder(), settings, PACE, &[]);
    assert_eq!(
        call.story,
        [
            "1000 agent: Hello Ann, this [is the clinic. Can you come?]",
            "1000 end: MaxDuration"
        ]
    );
}

#[test]
fn a_thinker_that_never_answers_leads_to_the_fallback_and_then_to_the_end() {
    let pace = Pace {
        thinker_ms: None,
        ..PACE
    };
    let settings = Settings {
        fallback: Some(Line::Sound("sorry.wav".to_owned())),
        ..Settings::default()
    };
    let cues = [cue(Ends("sorry"), 400, Say("hello", 500))];
    assert_eq!(
        call_of(sample::reminder(), settings, pace, &cues).story,
        [
            "10000 thinker: no decision in time",
            "10540 agent:  <sorry.wav>",
            "11540 caller: hello",
            "22140 thinker: no decision in time",
            "22140 end: ThinkerFailed"
        ]
    );
}

#[test]
fn a_speaker_that_never_answers_ends_the_call() {
    let pace = Pace {
        speaker_ms: None,
        ..PACE
    };
    let call = call_of(sample::reminder(), Settings::default(), pace, &[]);
    assert_eq!(bare(&call.story).last(), Some(&"end: SpeakerFailed"));
}

#[test]
fn a_speaker_that_fails_again_after_the_fallback_was_heard_ends_the_call() {
    let pace = Pace {
        speaker_ms: None,
        ..PACE
    };
    let settings = Settings {
        fallback: Some(Line::Sound("sorry.wav".to_owned())),
        ..Settings::default()
    };
    let call = call_of(sample::reminder(), settings, pace, &[]);
    let late = "speaker: no speech in time";
    assert_eq!(
        bare(&call.story),
        [
            late,
            late,
            "agent:  <sorry.wav>",
            "silence 1",
            late,
            "end: SpeakerFailed"
        ]
    );
}

#[test]
fn a_player_that_died_ends_the_call() {
    let pace = Pace {
        plays: false,
        ..PACE
    };
    let call = call_of(sample::reminder(), Settings::default(), pace, &[]);
    assert_eq!(bare(&call.story).last(), Some(&"end: SpeakerFailed"));
}

#[test]
fn a_recognizer_that_never_answers_counts_as_unclear() {
    let pace = Pace {
        recognizer_ms: None,
        ..PACE
    };
    let cues = [
        cue(Ends("come?"), 400, Say("yes", 600)),
        cue(Ends("Sorry?"), 1, HangUp),
    ];
    let call = call_of(sample::reminder(), Settings::default(), pace, &cues);
    assert_eq!(bare(&call.story)[1..], ["agent: Sorry?"]);
}

#[test]
fn a_recognizer_that_fails_leads_to_the_fallback_and_then_to_the_end() {
    let pace = Pace {
        deafness: Some(Deafness::Broken),
        ..PACE
    };
    let settings = Settings {
        fallback: Some(Line::Sound("sorry.wav".to_owned())),
        ..Settings::default()
    };
    let cues = [
        cue(Ends("come?"), 400, Say("yes", 600)),
        cue(Ends("sorry"), 400, Say("hello", 500)),
    ];
    assert_eq!(
        bare(&call_of(sample::reminder(), settings, pace, &cues).story)[1..],
        [
            "recognizer: it is gone",
            "agent:  <sorry.wav>",
            "recognizer: it is gone",
            "end: RecognizerFailed"
        ]
    );
}

#[test]
fn without_a_fallback_the_thinker_speaks_about_what_no_recognizer_heard() {
    let pace = Pace {
        deafness: Some(Deafness::Broken),
        ..PACE
    };
    let cues = [
        cue(Ends("come?"), 400, Say("yes", 600)),
        cue(Ends("Sorry?"), 400, Say("yes", 600)),
    ];
    let call = call_of(sample::reminder(), Settings::default(), pace, &cues);
    assert_eq!(
        bare(&call.story)[1..],
        [
            "recognizer: it is gone",
            "agent: Sorry?",
            "recognizer: it is gone",
            "end: RecognizerFailed"
        ]
    );
}

#[test]
fn an_overloaded_recognizer_is_given_time() {
    let pace = Pace {
        deafness: Some(Deafness::Overloaded),
        ..PACE
    };
    let settings = Settings {
        fallback: Some(Line::Sound("sorry.wav".to_owned())),
        ..Settings::default()
    };
    let cues = [
        cue(Ends("come?"), 400, Say("yes", 600)),
        cue(Ends("sorry"), 400, Say("yes", 500)),
        cue(Ends("sorry"), 5_000, Say("yes", 500)),
        cue(Ends("sorry"), 10_000, Say("yes", 500)),
    ];
    let call = call_of(sample::reminder(), settings, pace, &cues);
    let story = bare(&call.story);
    let n_sorry = story
        .iter()
        .filter(|line| line.contains("sorry.wav"))
        .count();
    assert_eq!(n_sorry, 3);
    assert_eq!(story.last(), Some(&"end: RecognizerFailed"));
}

#[test]
fn keys_count_while_the_recognizer_fails() {
    let pace = Pace {
        deafness: Some(Deafness::Broken),
        ..PACE
    };
    let cues = [
        cue(Ends("come?"), 400, Say("yes", 600)),
        cue(Ends("Sorry?"), 400, Press("1")),
    ];
    let call = call_of(sample::reminder(), Settings::default(), pace, &cues);
    assert_eq!(bare(&call.story).last(), Some(&"end: ScriptEnd"));
}

#[test]
fn each_reply_says_where_its_time_went() {
    let pace = Pace {
        thinker_ms: Some(300),
        speaker_ms: Some(200),
        recognizer_ms: Some(900),
        ..PACE
    };
    let cues = [cue(Ends("come?"), 400, Say("yes", 600))];
    let call = call_of(sample::reminder(), Settings::default(), pace, &cues);

    let latencies: Vec<_> = call
        .notes
        .iter()
        .filter_map(|note| match note {
            Note::Latency { turn, breakdown } => Some((*turn, *breakdown)),
            _ => None,
        })
        .collect();
    let [(TurnId(2), parts)] = latencies[..] else {
        panic!("one reply to speech, not {latencies:?}");
    };
    let parts = [
        parts.endpointing,
        parts.recognizer,
        parts.first_decision,
        parts.thinker,
        parts.speaker,
        parts.queue,
        parts.total,
    ];
    assert_eq!(
        parts.map(|part| part.as_millis()),
        [700, 200, 300, 0, 200, 0, 1400]
    );
}

#[test]
fn an_announcement_cut_before_the_farewell_is_said_again() {
    let mut parts = sample::reminder();
    let noted = parts.steps.get_mut("noted").unwrap();
    noted.after = After::GoOn(Next::HangUp);
    let cues = [
        cue(Ends("come?"), 400, Press("2")),
        cue(Ends("day?"), 400, Say("monday", 600)),
        cue(Starts("Noted"), 100, Say("hey hey hey", 2000)),
    ];
    let call = call_of(parts, Settings::default(), PACE, &cues);
    assert_eq!(bare(&call.story).last(), Some(&"end: ScriptEnd"));
}

#[test]
fn five_hundred_callers_have_the_same_call_twice() {
    let calls = || -> Vec<_> { (0..500).map(|seed| told(&seeded(seed))).collect() };
    assert_eq!(calls(), calls());
}

/// A caller who answers each question in one of many ways.
fn seeded(seed: u64) -> Vec<Cue> {
    let pick = |salt: u64| (seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> salt) % 5;
    let answers = [
        Say("yes", 500),
        Say("no", 700),
        Press("2"),
        Say("", 900),
        Say("what", 300),
    ];
    let answer = |salt: u64| answers[usize::try_from(pick(salt)).unwrap()].clone();
    vec![
        cue(Starts("Hello"), 200 * pick(8), Say("hi", 300 * pick(16))),
        cue(Ends("come?"), 300 * pick(24), answer(32)),
        cue(Ends("day?"), 400, Say("tuesday", 600)),
        cue(Ends("Sorry?"), 100 * pick(40), answer(48)),
        cue(Answered, 60_000, HangUp),
    ]
}

fn told(cues: &[Cue]) -> Vec<String> {
    let story = call_of(sample::reminder(), Settings::default(), PACE, cues).story;
    bare(&story).into_iter().map(str::to_owned).collect()
}

fn call_of(parts: ScriptParts, settings: Settings, pace: Pace, cues: &[Cue]) -> World {
    let script = Script::new(parts).unwrap();
    World::new(script, settings, pace, cues).run()
}

fn cue(when: When, after_ms: u64, act: Act) -> Cue {
    Cue {
        when,
        after_ms,
        act,
    }
}

/// The story without its times.
fn bare(story: &[String]) -> Vec<&str> {
    story
        .iter()
        .filter_map(|line| line.split_once(' '))
        .map(|(_, words)| words)
        .collect()
}

fn time(line: &str) -> u64 {
    line.split_once(' ').unwrap().0.parse().unwrap()
}

/// When the first packet of the first reply left, in ms.
fn agent_spoke_at(call: &World) -> u64 {
    let from = call.notes.iter().find_map(|note| match note {
        Note::AgentSaid { from, .. } => Some(*from),
        _ => None,
    });
    call.ms(from.unwrap())
}
