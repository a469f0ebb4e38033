//! Minds of robots that are no scripts: they are told what was said, and not asked twice.

use voice::{
    conversation::{EndCause, Exchange},
    dialogue::{Act, Asked, Mind, Profile, Robot},
    line::Line,
    thinker::{Decision, Heard, ThinkRequest},
};

#[test]
fn a_mind_is_told_what_was_said_and_what_of_it_was_heard() {
    let mut robot = robot();
    let asked = [
        begins(),
        Asked::Said("one".into()),
        Asked::Cut {
            spoken: "I heard".into(),
        },
        Asked::Said("two".into()),
    ];
    let said: Vec<String> = asked.iter().map(|asked| robot.ask(asked).says).collect();
    assert_eq!(said[0], "Hello.");
    assert_eq!(said[1], "I heard one after 2.");
    // The greeting, the caller, what was heard of the answer, the caller.
    assert_eq!(said[3], "I heard two after 4: I heard");
}

#[test]
fn what_was_said_before_a_restart_is_recalled_and_not_thought_again() {
    let mut robot = robot();
    robot.recall(&begins(), "Hello.", &Act::Speak);
    let one = Asked::Said("one".into());
    robot.recall(&one, "I heard one after 2.", &Act::Speak);
    assert_eq!(robot.n_asked(), 2);
    let answer = robot.ask(&Asked::Said("two".into()));
    assert_eq!(answer.says, "I heard two after 4: I heard one after 2.");
    let over = robot.ask(&Asked::Said("bye".into()));
    assert_eq!(over.act, Act::HangUp);
    assert!(robot.is_over());
}

#[test]
fn a_conversation_that_was_over_stays_over() {
    let mut robot = robot();
    robot.recall(&Asked::Said("bye".into()), "Bye.", &Act::HangUp);
    assert_eq!(robot.ask(&Asked::Said("one".into())).act, Act::HangUp);
}

/// Repeats the caller, says how much it was told, and what it was told that it said last.
#[derive(Debug)]
struct Parrot;

impl Mind for Parrot {
    fn think(&mut self, request: &ThinkRequest) -> Vec<Decision> {
        let words = match &request.heard {
            Heard::Start | Heard::TakenOver => return vec![say("Hello.")],
            Heard::Utterance(words) | Heard::Instruction(words) => words,
            Heard::Digits(_)
            | Heard::Silence { .. }
            | Heard::Unclear
            | Heard::TransferFailed
            | Heard::AgentRefused(_) => {
                return Vec::new();
            }
        };
        if words == "bye" {
            let cause = EndCause::ScriptEnd;
            return vec![say("Bye."), Decision::HangUp { cause }];
        }
        let n = request.history.len();
        let own = request.history.iter().rev().find_map(|one| match one {
            Exchange::Agent(words) if words != "Hello." => Some(format!(": {words}")),
            Exchange::Agent(_) => Some(".".to_owned()),
            Exchange::Caller(_) | Exchange::Instruction(_) => None,
        });
        let own = own.unwrap_or_default();
        vec![say(&format!("I heard {words} after {n}{own}"))]
    }

    fn wants_history(&self) -> bool {
        true
    }

    fn may_wait(&self) -> bool {
        true
    }
}

fn robot() -> Robot {
    Robot::with_mind(Box::new(Parrot), Profile::Extended)
}

fn begins() -> Asked {
    Asked::Begins {
        words: String::new(),
    }
}

fn say(text: &str) -> Decision {
    Decision::Say {
        line: Line::Text(text.to_owned()),
        interruptible: true,
    }
}
