//! Putting one of two who talk with each other on hold.

use axum::{extract::State, http::StatusCode};
use model::{HungUpSide, Permission};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    admit::Caller,
    calls::found,
    context::Native,
    problem::{Kind, Problem},
    read::{Body, PathText},
    table::{Row, post},
};

/// Who is meant.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SideBody {
    /// The person (`user`), or whoever has taken the call over (`staff`).
    #[serde(default)]
    side: Side,
}

#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Side {
    #[default]
    User,
    Staff,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        post(
            "/api/v1/calls/{id}/hold",
            "Put one side of a call on hold",
            hold,
        )
        .needs(Permission::ControlCalls)
        .takes::<SideBody>()
        .status(StatusCode::ACCEPTED)
        .refuses(&[Kind::Conflict]),
        post(
            "/api/v1/calls/{id}/resume",
            "Let a side of a call that was put on hold go on",
            resume,
        )
        .needs(Permission::ControlCalls)
        .takes::<SideBody>()
        .status(StatusCode::ACCEPTED)
        .refuses(&[Kind::Conflict]),
    ]
}

async fn hold(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Body(SideBody { side }): Body<SideBody>,
) -> Result<StatusCode, Problem> {
    turn(&native, caller, id, side, true).await
}

async fn resume(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Body(SideBody { side }): Body<SideBody>,
) -> Result<StatusCode, Problem> {
    turn(&native, caller, id, side, false).await
}

async fn turn(
    native: &Native,
    caller: Caller,
    id: String,
    side: Side,
    on: bool,
) -> Result<StatusCode, Problem> {
    let call = found(native, caller, id).await?;
    let side = match side {
        Side::User => HungUpSide::User,
        Side::Staff => HungUpSide::Staff,
    };
    native.app().hold(call.tenant, &call.id, side, on).await?;
    Ok(StatusCode::ACCEPTED)
}
