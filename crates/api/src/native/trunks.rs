//! Trunks: routes to carriers and PBXs. They serve every instance and belong to the operator.

use axum::{Json, extract::State, http::StatusCode};
use model::{Permission, Trunk, TrunkId};

use super::{
    context::Native,
    page::{NoAsk, PageAsk, PageView, paging},
    problem::{Kind, Problem},
    read::{Ask, Body, Patch, PathId},
    table::{Row, delete, get, patch, post},
    trunk_body::TrunkBody,
    trunk_view::TrunkView,
};

pub(super) fn rows() -> Vec<Row> {
    const ONE: &str = "/api/v1/trunks/{id}";
    vec![
        get("/api/v1/trunks", "List trunks", list)
            .needs(Permission::ReadSettings)
            .operator()
            .asks::<PageAsk>()
            .gives::<PageView<TrunkView>>(),
        post("/api/v1/trunks", "Create a trunk", create)
            .needs(Permission::ChangeSettings)
            .operator()
            .asks::<NoAsk>()
            .takes::<TrunkBody>()
            .gives::<TrunkView>()
            .refuses(&[Kind::Conflict]),
        get(ONE, "Show a trunk, without its password", show)
            .needs(Permission::ReadSettings)
            .operator()
            .gives::<TrunkView>(),
        patch(ONE, "Change a trunk", change)
            .needs(Permission::ChangeSettings)
            .operator()
            .takes_patch::<TrunkBody>()
            .gives::<TrunkView>()
            .refuses(&[Kind::Conflict]),
        delete(ONE, "Remove a trunk and its numbers", remove)
            .needs(Permission::ChangeSettings)
            .operator(),
    ]
}

async fn list(
    State(native): State<Native>,
    Ask(ask): Ask<PageAsk>,
) -> Result<Json<PageView<TrunkView>>, Problem> {
    let page = native.store().trunks(paging(ask.offset, ask.limit)).await?;
    Ok(Json(PageView::of(page, |trunk| seen(&native, trunk))))
}

async fn create(
    State(native): State<Native>,
    Ask(NoAsk {}): Ask<NoAsk>,
    Body(body): Body<TrunkBody>,
) -> Result<(StatusCode, Json<TrunkView>), Problem> {
    let trunk = native
        .store()
        .create_trunk(&body.draft()?, native.now())
        .await?;
    Ok((StatusCode::CREATED, Json(seen(&native, trunk))))
}

async fn show(
    State(native): State<Native>,
    PathId(id): PathId,
) -> Result<Json<TrunkView>, Problem> {
    let trunk = native.store().trunk(TrunkId(id)).await?;
    Ok(Json(seen(&native, trunk)))
}

async fn change(
    State(native): State<Native>,
    PathId(id): PathId,
    changes: Patch,
) -> Result<Json<TrunkView>, Problem> {
    let present = native.store().trunk(TrunkId(id)).await?;
    let body = changes.onto(&TrunkBody::from(present.settings))?;
    let changed = native
        .store()
        .update_trunk(TrunkId(id), &body.draft()?)
        .await?;
    Ok(Json(seen(&native, changed)))
}

async fn remove(State(native): State<Native>, PathId(id): PathId) -> Result<StatusCode, Problem> {
    native.store().remove_trunk(TrunkId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn seen(native: &Native, trunk: Trunk) -> TrunkView {
    TrunkView::of(trunk, native.app().trunk_health(), native.now())
}
