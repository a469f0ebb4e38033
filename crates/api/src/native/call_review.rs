//! Having a call reviewed once more.

use axum::{extract::State, http::StatusCode};
use model::Permission;

use super::{
    admit::Caller,
    calls::found,
    context::Native,
    page::NoAsk,
    problem::{Kind, Problem},
    read::{Ask, PathText},
    table::{Row, post},
};

pub(super) fn rows() -> Vec<Row> {
    vec![
        post(
            "/api/v1/calls/{id}/review",
            "Have a call that has ended reviewed again; what is found becomes its event `reviewed`",
            ask,
        )
        .needs(Permission::ControlCalls)
        .asks::<NoAsk>()
        .status(StatusCode::ACCEPTED)
        .refuses(&[Kind::Conflict]),
    ]
}

async fn ask(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(NoAsk {}): Ask<NoAsk>,
) -> Result<StatusCode, Problem> {
    let call = found(&native, caller, id).await?;
    native.app().ask_review(call.tenant, &call.id).await?;
    Ok(StatusCode::ACCEPTED)
}
