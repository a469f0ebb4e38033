//! Ready answers that staff insert.

use axum::{Json, extract::State, http::StatusCode};
use model::{CannedAnswer, Permission};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::native::{
    admit::Caller,
    context::Native,
    field::{Text, Time},
    page::{InstanceAsk, InstancePageAsk, PageView, paging},
    problem::{Kind, Problem},
    read::{Ask, Body, PathId},
    table::{Row, delete, get, post},
};

/// A ready answer.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CannedBody {
    /// What staff type behind `/` to find it.
    shortcut: Text<1, 32>,
    /// What it says.
    text: Text<1, 4000>,
}

/// A ready answer.
#[derive(Serialize, JsonSchema)]
struct CannedView {
    /// Unique in the installation.
    id: i64,
    /// What staff type behind `/` to find it.
    shortcut: String,
    /// What it says.
    text: String,
    /// When it was written.
    created_at: Time,
}

pub(super) fn rows() -> Vec<Row> {
    const ALL: &str = "/api/v1/chat/canned-answers";
    vec![
        get(ALL, "List ready answers", list)
            .needs(Permission::Chat)
            .asks::<InstancePageAsk>()
            .gives::<PageView<CannedView>>(),
        post(ALL, "Add a ready answer", create)
            .needs(Permission::SuperviseChats)
            .asks::<InstanceAsk>()
            .takes::<CannedBody>()
            .gives::<CannedView>()
            .refuses(&[Kind::Conflict]),
        delete(
            "/api/v1/chat/canned-answers/{id}",
            "Remove a ready answer",
            remove,
        )
        .needs(Permission::SuperviseChats)
        .asks::<InstanceAsk>(),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstancePageAsk>,
) -> Result<Json<PageView<CannedView>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let page = native
        .store()
        .canned_answers(tenant, paging(ask.offset, ask.limit))
        .await?;
    Ok(Json(PageView::of(page, CannedView::of)))
}

async fn create(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<CannedBody>,
) -> Result<(StatusCode, Json<CannedView>), Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let created = native
        .store()
        .create_canned_answer(tenant, &body.shortcut.0, &body.text.0, native.now())
        .await?;
    Ok((StatusCode::CREATED, Json(CannedView::of(created))))
}

async fn remove(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<StatusCode, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    native.store().remove_canned_answer(tenant, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl CannedView {
    fn of(answer: CannedAnswer) -> Self {
        Self {
            id: answer.id,
            shortcut: answer.shortcut,
            text: answer.text,
            created_at: Time(answer.created_at),
        }
    }
}
