//! What somebody tells the agent in the middle of a call, and what becomes of it.

use super::{
    Exchange, Instruction, Push, Settings,
    world::{Act::*, Cue, PACE, When, When::*, World},
};
use crate::{
    line::Line,
    script::{Script, sample},
};

const PUSHED: &str = "The doctor is late.";

#[test]
fn what_is_pushed_over_the_agent_cuts_it_and_is_said_at_once() {
    let cues = [
        cue(Starts("Hello"), 600, tell(push(true, false))),
        cue(Ends("late."), 400, HangUp),
    ];
    let told = told(&cues);
    assert_eq!(told[0], "told");
    assert!(told[1].starts_with("agent: Hello"), "{told:?}");
    assert!(told[1].contains('['), "the greeting was cut: {told:?}");
    assert_eq!(told[2], format!("agent: {PUSHED}"));
}

#[test]
fn what_is_pushed_into_speech_without_leave_to_cut_is_dropped_or_waits() {
    let cues = |waits| {
        [
            cue(Starts("Hello"), 600, tell(push(false, waits))),
            cue(Ends("come?"), 2000, HangUp),
        ]
    };
    let whole = "agent: Hello Ann, this is the clinic. Can you come?".to_owned();
    assert_eq!(
        told(&cues(false)),
        ["told, dropped".to_owned(), whole.clone()]
    );
    let said = format!("agent: {PUSHED}");
    assert_eq!(told(&cues(true)), ["told, waits".to_owned(), whole, said]);
}

#[test]
fn in_silence_it_is_said_whatever_it_may_not() {
    let cues = [
        cue(Ends("come?"), 500, tell(push(false, false))),
        cue(Ends("late."), 500, HangUp),
    ];
    assert_eq!(
        told(&cues)[1..],
        ["told".to_owned(), format!("agent: {PUSHED}")]
    );
}

#[test]
fn an_interruption_forgets_what_waits() {
    let cues = [
        cue(Starts("Hello"), 300, tell(push(false, true))),
        cue(Starts("Hello"), 600, Say("yes please", 900)),
    ];
    let told = told(&cues);
    assert!(told.contains(&"told, dropped".to_owned()), "{told:?}");
    assert!(!told.iter().any(|line| line.contains("late")), "{told:?}");
}

#[test]
fn what_may_not_be_cut_is_heard_before_anything_else_is_taken() {
    let bound = Push {
        interruptible: false,
        ..push(true, false)
    };
    let cues = [
        cue(Starts("Hello"), 300, tell(bound)),
        cue(Starts("The doctor"), 200, tell(push(true, true))),
        cue(
            Starts("The doctor"),
            300,
            Say("stop it at once please", 900),
        ),
        cue(Ends("late."), 2000, HangUp),
    ];
    let told = told(&cues);
    assert!(told.contains(&format!("agent: {PUSHED}")), "{told:?}");
    let fates: Vec<&String> = told
        .iter()
        .filter(|line| line.starts_with("told"))
        .collect();
    assert_eq!(fates, ["told", "told, dropped"]);
}

#[test]
fn only_what_is_to_be_remembered_enters_the_history() {
    let history = |remembered| {
        let pushed = Push {
            remembered,
            ..push(false, false)
        };
        let cues = [
            cue(Ends("come?"), 500, tell(pushed)),
            cue(Ends("late."), 500, HangUp),
        ];
        play(&cues).conversation.history().to_vec()
    };
    let said = Exchange::Agent(PUSHED.to_owned());
    assert!(history(true).contains(&said));
    assert!(!history(false).contains(&said));
}

#[test]
fn the_call_ends_once_the_last_words_were_heard() {
    let last = Push {
        then_hang_up: true,
        ..push(true, false)
    };
    let cues = [cue(Starts("Hello"), 300, tell(last))];
    let told = told(&cues);
    let end = &told[told.len() - 2..];
    assert_eq!(
        end,
        [format!("agent: {PUSHED}"), "end: Requested".to_owned()]
    );
}

#[test]
fn a_thinker_is_asked_about_what_somebody_wants() {
    let think = |interrupt| {
        Tell(Instruction::Think {
            content: "yes please".to_owned(),
            interrupt,
        })
    };
    let call = play(&[cue(Ends("come?"), 500, think(false))]);
    assert_eq!(
        bare(&call)[2..],
        ["agent: Great, Ann. Goodbye.", "end: ScriptEnd"]
    );
    let content = Exchange::Instruction("yes please".to_owned());
    assert!(call.conversation.history().contains(&content));
    let cut = play(&[cue(Starts("Can you"), 200, think(true))]);
    assert!(bare(&cut)[1].ends_with(']'), "{:?}", cut.story);
}

fn push(interrupt: bool, waits: bool) -> Push {
    Push {
        line: Line::Text(PUSHED.to_owned()),
        interrupt,
        waits,
        interruptible: true,
        remembered: false,
        then_hang_up: false,
    }
}

fn tell(push: Push) -> super::world::Act {
    Tell(Instruction::Say(push))
}

fn cue(when: When, after_ms: u64, act: super::world::Act) -> Cue {
    Cue {
        when,
        after_ms,
        act,
    }
}

fn play(cues: &[Cue]) -> World {
    let script = Script::new(sample::reminder()).unwrap();
    World::new(script, Settings::default(), PACE, cues).run()
}

fn told(cues: &[Cue]) -> Vec<String> {
    bare(&play(cues))
}

fn bare(call: &World) -> Vec<String> {
    let bare = |line: &String| line.split_once(' ').map(|(_, words)| words.to_owned());
    call.story.iter().filter_map(bare).collect()
}
