//! Callers who go from one voice agent to another.

use std::time::Duration;

use super::{
    Exchange, Past, Settings,
    world::{Act::*, Cue, PACE, When::*, World},
};
use crate::{
    line::Line,
    script::{Next, Script, ScriptParts, sample},
};

#[test]
fn the_next_agent_welcomes_and_knows_what_was_said() {
    let (first, past) = first_agent(Settings::default());
    assert_eq!(
        bare(&first)[1..],
        ["caller: a human", "agent: One moment.", "agent: -> 12"]
    );
    let second = next_agent(
        past,
        Settings::default(),
        &[cue(Ends("come?"), 300, HangUp)],
    );
    assert_eq!(bare(&second.story), ["agent: Sales here. Can you come?"]);
    let history = second.conversation.history();
    assert_eq!(
        history[1..],
        [
            Exchange::Caller("a human".to_owned()),
            Exchange::Agent("One moment.".to_owned()),
            Exchange::Agent("Sales here. Can you come?".to_owned()),
        ]
    );
}

#[test]
fn turns_and_clips_of_the_next_agent_have_names_of_their_own() {
    let (_, past) = first_agent(Settings::default());
    let (n_turns, n_spans) = (past.n_turns, past.n_spans);
    let second = next_agent(
        past,
        Settings::default(),
        &[cue(Ends("come?"), 300, HangUp)],
    );
    let after = second.conversation.past();
    assert!(n_turns >= 2 && after.n_turns > n_turns);
    assert!(n_spans >= 3 && after.n_spans > n_spans);
}

#[test]
fn the_next_agent_plays_no_tone_waits_for_no_welcome_and_looks_for_no_machine() {
    let (_, past) = first_agent(Settings::default());
    let settings = Settings {
        opening: Some(Line::Sound("tone".to_owned())),
        welcome_delay: Duration::from_secs(5),
        voicemail: Some(super::VoicemailAction::HangUp),
        ..Settings::default()
    };
    let cues = [
        cue(Ends("come?"), 300, Say("please leave a message", 900)),
        cue(Ends("Sorry?"), 300, HangUp),
    ];
    let second = next_agent(past, settings, &cues);
    assert_eq!(
        second.story[0],
        format!(
            "{} agent: Sales here. Can you come?",
            super::world::clip_ms("Sales here.Can you come?")
        ),
    );
    assert_eq!(bare(&second.story).last(), Some(&"agent: Sorry?"));
}

#[test]
fn the_longest_time_of_the_call_holds_for_every_agent() {
    let limited = Settings {
        call_time_max: Some(Duration::from_secs(9)),
        ..Settings::default()
    };
    let (_, past) = first_agent(limited);
    let until = past.call_until;
    let looser = Settings {
        call_time_max: Some(Duration::from_secs(3600)),
        ..Settings::default()
    };
    assert!(until.is_some());
    assert_eq!(
        next_agent(past, looser, &[]).conversation.past().call_until,
        until
    );
}

#[test]
fn an_agent_that_may_not_take_over_leaves_the_caller_with_the_first_one() {
    let cues = [
        cue(Ends("come?"), 400, Say("a human", 600)),
        cue(Ends("One moment."), 100, AgentRefused),
    ];
    let story = World::new(to_agent(), Settings::default(), PACE, &cues)
        .run()
        .story;
    assert_eq!(
        bare(&story)[2..],
        [
            "agent: One moment.",
            "agent: -> 12",
            "agent: Goodbye.",
            "end: TransferFailed"
        ]
    );
}

/// A call up to the moment at which its agent has handed it over.
fn first_agent(settings: Settings) -> (Vec<String>, Past) {
    let cues = [
        cue(Ends("come?"), 400, Say("a human", 600)),
        // The shell ends this conversation once the next agent is ready.
        cue(Ends("One moment."), 100, HangUp),
    ];
    let world = World::new(to_agent(), settings, PACE, &cues).run();
    let past = world.conversation.past();
    (world.story, past)
}

fn next_agent(past: Past, settings: Settings, cues: &[Cue]) -> World {
    let script = Script::new(ScriptParts {
        greeting: sample::text("Sales here."),
        ..sample::reminder()
    });
    let mut world = World::new(script.unwrap(), settings, PACE, cues);
    world.conversation.follow(past);
    world.run()
}

fn to_agent() -> Script {
    let mut parts = sample::reminder();
    let menu = parts.steps.get_mut("menu").unwrap();
    let crate::script::After::Listen { answers, .. } = &mut menu.after else {
        panic!("the menu listens")
    };
    answers[3].then = Next::Transfer("agent: 12".to_owned());
    Script::new(parts).unwrap()
}

fn cue(when: super::world::When, after_ms: u64, act: super::world::Act) -> Cue {
    Cue {
        when,
        after_ms,
        act,
    }
}

/// The story without its times.
fn bare(story: &[String]) -> Vec<&str> {
    let lines = story.iter().filter_map(|line| line.split_once(' '));
    lines.map(|(_, words)| words).collect()
}
