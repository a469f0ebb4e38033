//! Whole calls about manners: false interruptions, early thinking, prompts, machines.

use std::time::Duration;

use super::{
    Exchange, Notify, Settings, VoicemailAction,
    world::{Act::*, Cue, PACE, Pace, When, When::*, World, clip_ms},
};
use crate::{
    line::Line,
    script::{Script, sample},
    turn::Manners,
};

const GREETING: &str = "Hello Ann, this is the clinic.";

#[test]
fn a_cough_stops_the_agent_and_it_goes_on_where_it_was() {
    let cues = [
        cue(Starts("Hello"), 600, Say("", 700)),
        cue(Ends("come?"), 400, Say("yes please", 600)),
    ];
    let call = call(Settings::default(), PACE, &cues);

    assert_eq!(
        call.told(),
        [
            "goes on",
            "agent: Hello Ann, this is the clinic. Can you come?",
            "caller: yes please",
            "agent: Great, Ann. Goodbye.",
            "end: ScriptEnd"
        ]
    );
    assert_eq!(
        call.conversation.history()[0],
        Exchange::Agent(format!("{GREETING} Can you come?"))
    );
}

#[test]
fn listening_sounds_that_were_long_enough_to_stop_the_agent_answer_nothing() {
    let cues = [
        cue(Starts("Hello"), 600, Say("mm-hm okay", 700)),
        cue(Ends("come?"), 400, HangUp),
    ];
    assert_eq!(
        call(Settings::default(), PACE, &cues).told(),
        [
            "aside: mm-hm okay",
            "goes on",
            "agent: Hello Ann, this is the clinic. Can you come?",
        ]
    );
}

#[test]
fn the_rest_is_ready_when_the_agent_goes_on() {
    let pace = Pace {
        speaker_ms: Some(500),
        ..PACE
    };
    let cues = [
        cue(Starts("Hello"), 600, Say("", 700)),
        cue(Ends("come?"), 400, HangUp),
    ];
    let call = call(Settings::default(), pace, &cues);
    let went_on = call.at("goes on");
    let rest = "the clinic.";
    // The agent is paced by the rest of its words alone: the speaker has worked in the pause.
    let ended = call.at("agent: Hello");
    assert!(ended - went_on <= clip_ms(rest) + clip_ms("Can you come?") + clip_ms("is ") + 500);
}

#[test]
fn a_thinker_that_is_asked_early_answers_sooner() {
    let slow = Pace {
        thinker_ms: Some(400),
        ..PACE
    };
    let answered = |early| {
        let manners = Manners {
            early,
            ..Manners::default()
        };
        let settings = Settings {
            manners,
            ..Settings::default()
        };
        let cues = [cue(Ends("come?"), 400, Say("yes", 400))];
        call(settings, slow, &cues).at("agent: Great")
    };
    // The words come 100 ms after the speech, the turn ends 600 ms later.
    assert_eq!(answered(false) - answered(true), 400);
}

#[test]
fn an_early_answer_is_void_when_the_caller_goes_on() {
    let settings = Settings {
        manners: Manners {
            early: true,
            ..Manners::default()
        },
        ..Settings::default()
    };
    let cues = [
        cue(Ends("come?"), 400, Say("no", 300)),
        cue(Ends("come?"), 1000, Say("I mean yes sure", 700)),
    ];
    assert_eq!(
        call(settings, PACE, &cues).told()[1..],
        [
            "caller: no",
            "caller: I mean yes sure",
            "agent: Great, Ann. Goodbye.",
            "end: ScriptEnd"
        ]
    );
}

#[test]
fn the_agent_prompts_by_itself_as_often_as_it_is_told() {
    let settings = Settings {
        notify: Some(Notify {
            line: text("Still there?"),
            max: Some(2),
        }),
        ..Settings::default()
    };
    let told = call(settings, PACE, &[]).told();
    assert_eq!(
        told[1..],
        [
            "silence 1",
            "agent: Still there?",
            "silence 2",
            "agent: Still there?",
            "silence 3",
            "silence 4",
            "silence 5",
            "end: CallerSilent"
        ]
    );
}

#[test]
fn the_tone_of_a_machine_comes_before_the_welcome_and_is_not_cut() {
    let settings = Settings {
        opening: Some(Line::Sound("this is a machine tone".to_owned())),
        ..Settings::default()
    };
    let cues = [
        cue(Starts("machine"), 100, Say("hello hello hello", 1200)),
        cue(Ends("come?"), 100, HangUp),
    ];
    assert_eq!(
        call(settings, PACE, &cues).told(),
        [
            "agent: Hello Ann, this is the clinic. Can you come? <this is a machine tone>",
            "aside: hello hello hello",
        ]
    );
}

#[test]
fn a_machine_is_hung_up_on() {
    let settings = Settings {
        voicemail: Some(VoicemailAction::HangUp),
        ..Settings::default()
    };
    let cues = [cue(Answered, 200, Say("please leave a message", 9000))];
    let told = call(settings, PACE, &cues).told();
    assert_eq!(
        told.last().map(String::as_str),
        Some("end: Voicemail"),
        "{told:?}"
    );
}

#[test]
fn a_machine_is_left_a_message_once_it_listens() {
    let settings = Settings {
        voicemail: Some(VoicemailAction::LeaveMessage(text("Please call us."))),
        ..Settings::default()
    };
    let cues = [cue(Answered, 200, Say("please leave a message", 6000))];
    let call = call(settings, PACE, &cues);
    let told = call.told();
    assert_eq!(
        told[told.len() - 2..],
        ["agent: Please call us.", "end: Voicemail"]
    );
    // Two seconds after the end of its greeting.
    assert_eq!(call.at("agent: Please") - clip_ms("Please call us."), 8200);
}

#[test]
fn a_person_is_talked_to_although_machines_are_looked_for() {
    let settings = Settings {
        voicemail: Some(VoicemailAction::HangUp),
        ..Settings::default()
    };
    let cues = [
        cue(Answered, 100, Say("hello?", 400)),
        cue(Ends("come?"), 400, Say("yes", 400)),
    ];
    let told = call(settings, PACE, &cues).told();
    assert!(told.contains(&"found: Person".to_owned()), "{told:?}");
    assert_eq!(told.last().map(String::as_str), Some("end: ScriptEnd"));
}

fn call(settings: Settings, pace: Pace, cues: &[Cue]) -> World {
    let script = Script::new(sample::reminder()).unwrap();
    World::new(script, settings, pace, cues).run()
}

fn cue(when: When, after_ms: u64, act: super::world::Act) -> Cue {
    Cue {
        when,
        after_ms,
        act,
    }
}

fn text(text: &str) -> Line {
    Line::Text(text.to_owned())
}

impl World {
    /// The story without its times.
    fn told(&self) -> Vec<String> {
        let bare = |line: &String| line.split_once(' ').map(|(_, words)| words.to_owned());
        self.story.iter().filter_map(bare).collect()
    }

    /// When the first line with this was told, in ms.
    fn at(&self, part: &str) -> u64 {
        let line = self.story.iter().find(|line| line.contains(part));
        let (ms, _) = line.expect("it was told").split_once(' ').unwrap();
        ms.parse().unwrap()
    }
}

#[test]
fn a_notice_about_silence_waits_for_its_time() {
    let settings = Settings {
        notify: Some(Notify {
            line: text("Still there?"),
            max: None,
        }),
        manners: Manners {
            no_input_after: Duration::from_secs(3),
            ..Manners::default()
        },
        ..Settings::default()
    };
    let call = call(settings, PACE, &[]);
    let spoken = clip_ms(GREETING) + clip_ms("Can you come?");
    assert_eq!(call.at("silence 1"), spoken + 3000);
}
