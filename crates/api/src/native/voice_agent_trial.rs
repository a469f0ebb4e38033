//! A voice agent tried by text, saved or not.
//!
//! The request holds the whole conversation so far, so nothing is kept between requests and any
//! past turn can be changed. What models and flows answered comes along with its step: only what
//! has no answer yet is asked.

use std::collections::BTreeMap;

use app::{TrialAct, TrialAnswer, TrialAnswered, TrialRefused, TrialStep, try_any_agent};
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
    thought_view::ThoughtView,
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
    /// What the agent made of it before. Of agents that think with models or flows, steps without
    /// it are asked for, at most 3; scripts decide anew.
    answered: Option<AnsweredBody>,
}

/// What an agent made of a step before.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AnsweredBody {
    /// What it said.
    says: Text<0, 65536>,
    /// What it did then.
    act: Text<1, 256>,
    /// What it remembered then.
    state: Option<Text<0, 65536>>,
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
    /// What it remembers: give it back with the step.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    /// How the answer came about: models that were asked, tools that were called.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    thoughts: Vec<ThoughtView>,
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
    let tenant = native.tenant(caller, ask.instance).await?;
    let variables = variables(body.variables)?;
    let steps: Vec<TrialStep> = body.steps.0.into_iter().map(TrialStepBody::step).collect();
    let document = body.definition.to_string();
    let answers = try_any_agent(native.app(), tenant, &document, &variables, steps)
        .await
        .map_err(|refused| match refused {
            TrialRefused::Document(fault) => definition_problem(&fault),
            TrialRefused::TooManyAsked(most) => {
                let why = format!("more than {most} have no answer yet: send `answered` along");
                Problem::invalid("steps", why)
            }
            TrialRefused::Broken => Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR),
        })?;
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
            answered: self.answered.map(|known| TrialAnswered {
                says: known.says.0,
                act: known.act.0,
                state: known.state.map(|state| state.0),
            }),
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
            state: answer.state,
            thoughts: answer.thoughts.into_iter().map(ThoughtView::from).collect(),
        }
    }
}

fn no_words() -> Text<0, 4096> {
    String::new().into()
}
