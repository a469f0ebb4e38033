//! A voice agent tried by text, saved or not.
//!
//! The request holds the whole conversation so far, so nothing is kept between requests and any
//! past turn can be changed.

use std::collections::BTreeMap;

use app::{TrialAct, TrialAnswer, TrialStep, try_agent};
use axum::{Json, extract::State, http::StatusCode};
use model::Permission;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    admit::Caller,
    calls::variables,
    context::Native,
    field::{List, Text},
    page::InstanceAsk,
    problem::Problem,
    read::{Ask, Body},
    table::{Row, post},
    voice_agents::{definition_problem, definition_schema},
};

/// A conversation to try.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TrialBody {
    /// What the agent says and understands; it need not be saved.
    #[schemars(schema_with = "definition_schema")]
    definition: Value,
    /// Values for the agent's texts: names of 1 to 64 characters, values of at most 4,096.
    #[serde(default)]
    variables: BTreeMap<String, Text<0, 4096>>,
    /// What the person does, in order; the first is best `answers`.
    steps: List<TrialStepBody, 1, 200>,
}

/// What the person does.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum TrialActBody {
    /// Answers the phone, perhaps with words.
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

/// One thing that the person does.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TrialStepBody {
    /// What.
    act: TrialActBody,
    /// Words or keys; of a cut, what had been spoken until then.
    #[serde(default = "no_words")]
    words: Text<0, 4096>,
}

/// What the agent makes of it.
#[derive(Serialize, JsonSchema)]
struct TrialAnswerView {
    /// What it says; may be empty.
    says: String,
    /// Whether the person may cut it.
    interruptible: bool,
    /// What it does then: `speak`, `collect 4`, `transfer desk`, `hang_up`.
    act: String,
    /// How long deciding took, microseconds.
    took_us: u64,
}

/// The agent's answers, one for each step until it hung up.
#[derive(Serialize, JsonSchema)]
pub(super) struct TrialView {
    /// In the order of the steps.
    answers: Vec<TrialAnswerView>,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        post(
            "/api/v1/voice-agents/try",
            "Try a voice agent by text; nothing is saved",
            play,
        )
        .needs(Permission::ReadDesign)
        .unaudited()
        .asks::<InstanceAsk>()
        .takes::<TrialBody>()
        .status(StatusCode::OK)
        .gives::<TrialView>(),
    ]
}

async fn play(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<TrialBody>,
) -> Result<Json<TrialView>, Problem> {
    native.tenant(caller, ask.instance).await?;
    let variables = variables(body.variables)?;
    let steps: Vec<TrialStep> = body.steps.0.into_iter().map(TrialStepBody::step).collect();
    let answers = try_agent(&body.definition.to_string(), &variables, &steps)
        .map_err(|fault| definition_problem(&fault))?;
    let answers = answers.into_iter().map(TrialAnswerView::of).collect();
    Ok(Json(TrialView { answers }))
}

impl TrialStepBody {
    fn step(self) -> TrialStep {
        TrialStep {
            act: match self.act {
                TrialActBody::Answers => TrialAct::Answers,
                TrialActBody::Says => TrialAct::Says,
                TrialActBody::Presses => TrialAct::Presses,
                TrialActBody::IsSilent => TrialAct::IsSilent,
                TrialActBody::Cuts => TrialAct::Cuts,
            },
            words: self.words.0,
        }
    }
}

impl TrialAnswerView {
    fn of(answer: TrialAnswer) -> Self {
        Self {
            says: answer.says,
            interruptible: answer.interruptible,
            act: answer.act,
            took_us: u64::try_from(answer.took.as_micros()).unwrap_or(u64::MAX),
        }
    }
}

fn no_words() -> Text<0, 4096> {
    String::new().into()
}
