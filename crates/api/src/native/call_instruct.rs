//! Telling the voice agent of a running call what to say or to think about, and having somebody take
//! the call over.

use app::{SayNow, SayWhat, Told};
use axum::{Json, extract::State, http::StatusCode};
use model::Permission;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    admit::Caller,
    calls::found,
    context::Native,
    field::Text,
    problem::{Kind, Problem},
    read::{Body, PathText},
    table::{Row, post},
};

/// What the voice agent is told: to say something, or to think about something.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct InstructionBody {
    /// Words for its speaker.
    say: Option<Text<1, 4096>>,
    /// Words for its model, as if the person had said them.
    think: Option<Text<1, 4096>>,
    /// Whether it cuts what is going on.
    #[serde(default)]
    interrupt: bool,
    /// Whether words to say wait for silence where they do not cut; otherwise they are dropped.
    /// What is to be thought about always waits.
    #[serde(default)]
    waits: bool,
    /// Whether the person may cut what is said. While something that may not be cut waits or is
    /// said, other instructions are dropped.
    #[serde(default = "yes")]
    interruptible: bool,
    /// Whether what was heard of it enters the history of the model.
    #[serde(default)]
    remembered: bool,
    /// Whether the call ends once it was heard.
    #[serde(default)]
    then_hang_up: bool,
}

/// Who is to take a call over.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TransferBody {
    /// An extension, a number, a person or a skill group: `skill_group:7`, `staff:lin@example.com`,
    /// `extension:1001`, `number:+8613800138000`, or one of them without the word in front.
    target: Text<1, 256>,
}

/// What became of an instruction.
#[derive(Serialize, JsonSchema)]
struct InstructionView {
    /// `taken`: it is carried out now; `waits`: for silence; `dropped`: somebody spoke, or something
    /// came first.
    outcome: &'static str,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        post(
            "/api/v1/calls/{id}/instructions",
            "Tell the voice agent of a call what to say or to think about",
            instruct,
        )
        .needs(Permission::ControlCalls)
        .takes::<InstructionBody>()
        .gives::<InstructionView>()
        .status(StatusCode::OK)
        .refuses(&[Kind::Conflict]),
        post(
            "/api/v1/calls/{id}/transfer",
            "Hand the person of a call over to somebody",
            transfer,
        )
        .needs(Permission::ControlCalls)
        .takes::<TransferBody>()
        .status(StatusCode::ACCEPTED)
        .refuses(&[Kind::Conflict]),
    ]
}

async fn instruct(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Body(body): Body<InstructionBody>,
) -> Result<Json<InstructionView>, Problem> {
    let call = found(&native, caller, id).await?;
    let told = body.told()?;
    let outcome = native.app().instruct(call.tenant, &call.id, told).await?;
    Ok(Json(InstructionView {
        outcome: outcome.name(),
    }))
}

async fn transfer(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Body(body): Body<TransferBody>,
) -> Result<StatusCode, Problem> {
    let call = found(&native, caller, id).await?;
    let Text(target) = body.target;
    let asked = native.app().hand_over(call.tenant, &call.id, &target);
    asked.await?;
    Ok(StatusCode::ACCEPTED)
}

impl InstructionBody {
    fn told(self) -> Result<Told, Problem> {
        match (self.say, self.think) {
            (Some(Text(say)), None) => Ok(Told::Say(SayNow {
                what: SayWhat::Text(say),
                interrupt: self.interrupt,
                waits: self.waits,
                interruptible: self.interruptible,
                remembered: self.remembered,
                then_hang_up: self.then_hang_up,
            })),
            (None, Some(Text(content))) => Ok(Told::Think {
                content,
                interrupt: self.interrupt,
            }),
            (Some(_), Some(_)) | (None, None) => Err(Problem::invalid(
                "say",
                "is given, or `think`, and not both",
            )),
        }
    }
}

fn yes() -> bool {
    true
}
