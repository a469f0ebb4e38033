//! Secrets that tools of voice agents carry in their headers: set, used, listed by name, never shown.

use axum::{Json, extract::State, http::StatusCode};
use model::Permission;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::ToolSecretName;

use super::{
    admit::Caller,
    context::Native,
    field::{Text, Time},
    page::{InstanceAsk, InstancePageAsk, PageView, paging},
    problem::Problem,
    read::{Ask, Body, PathText},
    table::{Row, delete, get, put},
};

/// The value of a secret.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SecretBody {
    /// The whole value of the header: `Bearer …`. Written, never shown.
    #[schemars(extend("writeOnly" = true))]
    value: Text<1, 4096>,
}

/// A secret without its value.
#[derive(Serialize, JsonSchema)]
pub(super) struct SecretView {
    /// By which the headers of tools know it.
    name: String,
    /// When its value was last set.
    updated_at: Time,
}

pub(super) fn rows() -> Vec<Row> {
    const ONE: &str = "/api/v1/tool-secrets/{name}";
    vec![
        get(
            "/api/v1/tool-secrets",
            "List the names of secrets of tools",
            list,
        )
        .needs(Permission::ReadDesign)
        .asks::<InstancePageAsk>()
        .gives::<PageView<SecretView>>(),
        put(ONE, "Set a secret of tools", set)
            .needs(Permission::Design)
            .asks::<InstanceAsk>()
            .takes::<SecretBody>()
            .status(StatusCode::NO_CONTENT),
        delete(ONE, "Remove a secret of tools", remove)
            .needs(Permission::Design)
            .asks::<InstanceAsk>(),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstancePageAsk>,
) -> Result<Json<PageView<SecretView>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let paging = paging(ask.offset, ask.limit);
    let page = native.store().tool_secret_names(tenant, paging).await?;
    Ok(Json(PageView::of(page, |secret: ToolSecretName| {
        SecretView {
            name: secret.name,
            updated_at: Time(secret.updated_at),
        }
    })))
}

async fn set(
    State(native): State<Native>,
    caller: Caller,
    PathText(name): PathText,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<SecretBody>,
) -> Result<StatusCode, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    if body.value.0.parse::<axum::http::HeaderValue>().is_err() {
        return Err(Problem::invalid("value", "is no value of a header"));
    }
    native
        .store()
        .set_tool_secret(tenant, &name, &body.value.0, native.now())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(
    State(native): State<Native>,
    caller: Caller,
    PathText(name): PathText,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<StatusCode, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    native.store().remove_tool_secret(tenant, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
