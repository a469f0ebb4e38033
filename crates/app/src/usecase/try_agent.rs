//! Trying a voice agent by text, before it is saved.
//!
//! The whole conversation so far comes with each request, so a designer may go back, change what was
//! said, and go on from there. A script is played again: the same words lead to the same answers.
//! Who thinks elsewhere (models, flows) would answer otherwise the second time: what was answered
//! comes along, and only what was not is asked. Nothing is stored, and no call is placed.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use model::{TenantId, Thought, Variable};
use voice::dialogue::{Asked, Profile, Robot};

use crate::{
    App,
    agent_document::{self, DocumentFault},
    dialogue::{Notes, act_of, act_text, on_trial},
};

/// What the person does in a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrialAct {
    /// Answers the phone.
    Answers,
    /// Says words.
    Says,
    /// Presses keys.
    Presses,
    /// Says nothing for so long that the agent prompts.
    IsSilent,
    /// Cuts the agent's last words short.
    Cuts,
}

/// One thing that the person does, with its words or keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialStep {
    /// What.
    pub act: TrialAct,
    /// Words or keys; of a cut, what had been spoken until then. May be empty.
    pub words: String,
    /// What the agent made of it before; asked for if absent. Scripts decide anew in any case.
    pub answered: Option<TrialAnswered>,
}

/// What an agent that thinks elsewhere made of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialAnswered {
    /// What it said.
    pub says: String,
    /// What it did then, as [`TrialAnswer::act`].
    pub act: String,
    /// What it remembered then.
    pub state: Option<String>,
}

/// Why a trial was not played.
#[derive(Debug)]
pub enum TrialRefused {
    /// The document could not be saved.
    Document(DocumentFault),
    /// More steps are to be asked than this.
    TooManyAsked(usize),
    /// The thread that asked is gone.
    Broken,
}

/// Steps of one request that somebody is asked for: each may take as long as an answer may.
const ASKED_MAX: usize = 3;

/// What the agent makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialAnswer {
    /// What it says; may be empty.
    pub says: String,
    /// Whether the person may cut it.
    pub interruptible: bool,
    /// What it does then: `speak`, `collect 4`, `transfer desk`, `hang_up`.
    pub act: String,
    /// How long deciding took.
    pub took: Duration,
    /// What it goes on from, if it says so.
    pub state: Option<String>,
    /// How the answer came about: models that were asked, tools that were called.
    pub thoughts: Vec<Thought>,
}

/// As [`try_agent`], whoever thinks for the agent: language models and flows are asked as in a call.
///
/// # Errors
///
/// Fails on a document that could not be saved, and on more than [`ASKED_MAX`] steps that a thinker
/// is to be asked for.
pub async fn try_any_agent(
    app: &App,
    tenant: TenantId,
    document: &str,
    variables: &[Variable],
    steps: Vec<TrialStep>,
) -> Result<Vec<TrialAnswer>, TrialRefused> {
    let parsed = agent_document::parse(document).map_err(TrialRefused::Document)?;
    let n_known = steps
        .iter()
        .take_while(|step| step.answered.is_some())
        .count();
    let state = steps[..n_known]
        .last()
        .and_then(|step| step.answered.as_ref()?.state.clone());
    let Some((robot, notes)) = on_trial(app, tenant, &parsed, variables, state).await else {
        return try_agent(document, variables, &steps).map_err(TrialRefused::Document);
    };
    if steps.len() - n_known > ASKED_MAX {
        return Err(TrialRefused::TooManyAsked(ASKED_MAX));
    }
    // A mind waits for its thinker.
    tokio::task::spawn_blocking(move || play(robot, &notes, &steps))
        .await
        .map_err(|_| TrialRefused::Broken)
}

fn play(mut robot: Robot, notes: &Notes, steps: &[TrialStep]) -> Vec<TrialAnswer> {
    let mut answers = Vec::new();
    let mut is_asking = false;
    for step in steps {
        if robot.is_over() {
            break;
        }
        if let Some(known) = step.answered.as_ref().filter(|_| !is_asking) {
            robot.recall(&step.asked(), &known.says, &act_of(&known.act));
            answers.push(TrialAnswer {
                says: known.says.clone(),
                interruptible: true,
                act: known.act.clone(),
                took: Duration::ZERO,
                state: known.state.clone(),
                thoughts: Vec::new(),
            });
            continue;
        }
        is_asking = true;
        let begun = Instant::now();
        let answer = robot.ask(&step.asked());
        answers.push(TrialAnswer {
            act: act_text(&answer.act),
            says: answer.says,
            interruptible: answer.interruptible,
            took: begun.elapsed(),
            state: robot.state(),
            thoughts: std::mem::take(&mut *notes.lock().expect("nobody panics with the notes")),
        });
    }
    answers
}

/// Plays `steps` to the agent that `document` describes. Answers after the agent has hung up are
/// left out.
///
/// # Errors
///
/// Fails on a document that could not be saved.
pub fn try_agent(
    document: &str,
    variables: &[Variable],
    steps: &[TrialStep],
) -> Result<Vec<TrialAnswer>, DocumentFault> {
    let parsed = agent_document::parse(document)?;
    let variables = variables
        .iter()
        .map(|variable| (variable.key.clone(), variable.value.clone()))
        .collect();
    let mut robot = Robot::new(Arc::new(parsed.script), &variables, Profile::Extended);
    let mut answers = Vec::new();
    for step in steps {
        if robot.is_over() {
            break;
        }
        let begun = Instant::now();
        let answer = robot.ask(&step.asked());
        answers.push(TrialAnswer {
            act: act_text(&answer.act),
            says: answer.says,
            interruptible: answer.interruptible,
            took: begun.elapsed(),
            state: None,
            thoughts: Vec::new(),
        });
    }
    Ok(answers)
}

impl TrialStep {
    fn asked(&self) -> Asked {
        let words = self.words.clone();
        match self.act {
            TrialAct::Answers => Asked::Begins { words },
            TrialAct::Says => Asked::Said(words),
            TrialAct::Presses => Asked::Pressed(words),
            TrialAct::IsSilent => Asked::Silent,
            TrialAct::Cuts => Asked::Cut { spoken: words },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLINIC: &str = r#"{"language": "en", "greeting": "Hello ${name}.",
        "replies": [{"words": ["yes"], "keys": ["1"], "say": "Great.", "then": "hang_up"}],
        "no_match": "Yes or no?", "goodbye": "Bye."}"#;

    #[test]
    fn a_designer_goes_back_and_says_something_else() {
        let first = talk(&[(TrialAct::Answers, ""), (TrialAct::Says, "perhaps")]);
        assert_eq!(first, ["Hello Lin. [speak]", "Yes or no? [speak]"]);
        let second = talk(&[(TrialAct::Answers, ""), (TrialAct::Says, "yes")]);
        assert_eq!(second, ["Hello Lin. [speak]", "Great. Bye. [hang_up]"]);
    }

    #[test]
    fn nothing_is_said_after_the_agent_hung_up() {
        let steps = [
            (TrialAct::Answers, ""),
            (TrialAct::Presses, "1"),
            (TrialAct::Says, "hello?"),
        ];
        assert_eq!(talk(&steps).len(), 2);
    }

    #[test]
    fn a_document_that_could_not_be_saved_cannot_be_tried() {
        let fault = try_agent(r#"{"language": "en", "x": 1}"#, &[], &[]).unwrap_err();
        assert_eq!(fault.path, "x");
    }

    fn talk(steps: &[(TrialAct, &str)]) -> Vec<String> {
        let steps: Vec<TrialStep> = steps
            .iter()
            .map(|&(act, words)| TrialStep {
                act,
                words: words.to_owned(),
                answered: None,
            })
            .collect();
        let name = Variable {
            key: "name".to_owned(),
            value: "Lin".to_owned(),
        };
        let answers = try_agent(CLINIC, &[name], &steps).unwrap();
        let shown = |answer: TrialAnswer| format!("{} [{}]", answer.says, answer.act);
        answers.into_iter().map(shown).collect()
    }
}
