//! Do-not-call lists: numbers that an instance never dials.

use axum::{Json, extract::State, http::StatusCode};
use model::Permission;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    admit::Caller,
    context::Native,
    field::{List, Phone, Time},
    page::{InstanceAsk, InstancePageAsk, PageView, paging},
    problem::Problem,
    read::{Ask, Body, PathText},
    table::{Row, delete, get, post},
};

/// Numbers for the list.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DoNotCallBody {
    /// The numbers; all are put on the list or none.
    numbers: List<Phone, 1, 1000>,
}

/// What became of numbers for the list.
#[derive(Serialize, JsonSchema)]
pub(super) struct AddedView {
    /// How many were not on the list before.
    added: u64,
}

/// A number that is never dialled.
#[derive(Serialize, JsonSchema)]
pub(super) struct DoNotCallView {
    /// The number.
    number: Phone,
    /// When it was put on the list.
    added_at: Time,
}

pub(super) fn rows() -> Vec<Row> {
    const LIST: &str = "/api/v1/do-not-call";
    vec![
        get(LIST, "List numbers that are never dialled", list)
            .needs(Permission::ReadSettings)
            .asks::<InstancePageAsk>()
            .gives::<PageView<DoNotCallView>>(),
        post(LIST, "Put numbers on the do-not-call list", add)
            .needs(Permission::ChangeDoNotCall)
            .asks::<InstanceAsk>()
            .takes::<DoNotCallBody>()
            .gives::<AddedView>()
            .status(StatusCode::OK),
        delete(
            "/api/v1/do-not-call/{number}",
            "Take a number off the do-not-call list",
            remove,
        )
        .needs(Permission::ChangeDoNotCall)
        .asks::<InstanceAsk>(),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstancePageAsk>,
) -> Result<Json<PageView<DoNotCallView>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let paging = paging(ask.offset, ask.limit);
    let page = native.store().do_not_call(tenant, paging).await?;
    let view = |(number, added_at)| DoNotCallView {
        number: Phone(number),
        added_at: Time(added_at),
    };
    Ok(Json(PageView::of(page, view)))
}

async fn add(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<DoNotCallBody>,
) -> Result<Json<AddedView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let numbers: Vec<_> = body.numbers.0.into_iter().map(|number| number.0).collect();
    let added = native
        .store()
        .add_do_not_call(tenant, &numbers, native.now())
        .await?;
    Ok(Json(AddedView { added }))
}

async fn remove(
    State(native): State<Native>,
    caller: Caller,
    PathText(text): PathText,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<StatusCode, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let Phone(number) = text.parse().map_err(|_| Problem::not_found("number"))?;
    match native.store().remove_do_not_call(tenant, &[number]).await? {
        0 => Err(Problem::not_found("number")),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}
