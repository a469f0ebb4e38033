//! Credentials of the clouds' signed dialects: `SecretId` and `SecretKey`. The key is shown once.

use axum::{Json, extract::State, http::StatusCode};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::{ActionScope, Credential, CredentialId, CredentialScope, Permission, TenantId, UnixMs};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    admit::Caller,
    context::Native,
    field::{Instance, List, Text, Time},
    numbers::named,
    page::{NoAsk, PageAsk, PageView, paging},
    problem::{Kind, Problem},
    read::{Ask, Body, Patch, PathText},
    table::{Row, delete, get, patch, post},
};

/// What a credential may do.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CredentialBody {
    /// Instances that it may act for.
    instances: List<Instance, 1, 100>,
    /// Actions that it may call, spelled as on the wire (`CreateAIAgentCall`); all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    actions: Option<List<Text<1, 64>, 1, 200>>,
    /// Off credentials are refused as if they were unknown.
    #[serde(default = "enabled")]
    enabled: bool,
}

/// A key pair for the clouds' signed dialects.
#[derive(Serialize, JsonSchema)]
pub(super) struct CredentialView {
    /// `SecretId`.
    id: String,
    /// `SecretKey`; only in the answer that creates it.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// Instances that it may act for; with an instance's token, only its own is shown.
    instances: Vec<i64>,
    /// Actions that it may call; all if null.
    actions: Option<Vec<String>>,
    /// Off credentials are refused as if they were unknown.
    enabled: bool,
    /// When it was created.
    created_at: Time,
}

pub(super) fn rows() -> Vec<Row> {
    const ONE: &str = "/api/v1/credentials/{id}";
    vec![
        get("/api/v1/credentials", "List credentials", list)
            .needs(Permission::ManageKeys)
            .asks::<PageAsk>()
            .gives::<PageView<CredentialView>>(),
        post(
            "/api/v1/credentials",
            "Create a credential; its secret is shown once",
            create,
        )
        .needs(Permission::ManageKeys)
        .asks::<NoAsk>()
        .takes::<CredentialBody>()
        .gives::<CredentialView>(),
        get(ONE, "Show a credential, without its secret", show)
            .needs(Permission::ManageKeys)
            .gives::<CredentialView>(),
        patch(ONE, "Change what a credential may do", change)
            .needs(Permission::ManageKeys)
            .takes_patch::<CredentialBody>()
            .gives::<CredentialView>(),
        delete(ONE, "Remove a credential", remove).needs(Permission::ManageKeys),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<PageAsk>,
) -> Result<Json<PageView<CredentialView>>, Problem> {
    let page = native
        .store()
        .credentials(caller.limit(), paging(ask.offset, ask.limit))
        .await?;
    Ok(Json(PageView::of(page, |credential| {
        CredentialView::to(caller, credential)
    })))
}

async fn create(
    State(native): State<Native>,
    caller: Caller,
    Ask(NoAsk {}): Ask<NoAsk>,
    Body(body): Body<CredentialBody>,
) -> Result<(StatusCode, Json<CredentialView>), Problem> {
    let (scope, enabled) = scope(&native, caller, body).await?;
    let credential = fresh(scope, enabled, native.now());
    native.store().add_credential(&credential).await?;
    let secret = Some(credential.secret.clone());
    let view = CredentialView {
        secret,
        ..CredentialView::to(caller, credential)
    };
    Ok((StatusCode::CREATED, Json(view)))
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
) -> Result<Json<CredentialView>, Problem> {
    let credential = visible(&native, caller, id).await?;
    Ok(Json(CredentialView::to(caller, credential)))
}

async fn change(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    changes: Patch,
) -> Result<Json<CredentialView>, Problem> {
    let present = owned(&native, caller, id).await?;
    let body = changes.onto(&CredentialBody {
        instances: List(
            present
                .scope
                .tenants
                .iter()
                .copied()
                .map(Instance)
                .collect(),
        ),
        actions: match present.scope.actions {
            ActionScope::All => None,
            ActionScope::Only(names) => Some(List(names.into_iter().map(Text::from).collect())),
        },
        enabled: present.enabled,
    })?;
    let (scope, enabled) = scope(&native, caller, body).await?;
    let changed = native
        .store()
        .update_credential(&present.id, &scope, enabled)
        .await?;
    Ok(Json(CredentialView::to(caller, changed)))
}

async fn remove(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
) -> Result<StatusCode, Problem> {
    let present = owned(&native, caller, id).await?;
    native.store().remove_credential(&present.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A credential that acts for the caller's instance.
async fn visible(native: &Native, caller: Caller, id: String) -> Result<Credential, Problem> {
    let credential = native.store().credential(&CredentialId(id)).await?;
    match caller {
        Caller::Tenant(own) if !credential.scope.tenants.contains(&own) => {
            Err(Problem::not_found("credential"))
        }
        Caller::Tenant(_) | Caller::Operator => Ok(credential),
    }
}

/// A credential that acts for no other instance than the caller's.
async fn owned(native: &Native, caller: Caller, id: String) -> Result<Credential, Problem> {
    let credential = visible(native, caller, id).await?;
    match caller {
        Caller::Tenant(own) if credential.scope.tenants != [own] => {
            let detail =
                "the credential acts for other instances too: an operator's token is needed";
            Err(Problem::new(Kind::Forbidden, detail))
        }
        Caller::Tenant(_) | Caller::Operator => Ok(credential),
    }
}

async fn scope(
    native: &Native,
    caller: Caller,
    body: CredentialBody,
) -> Result<(CredentialScope, bool), Problem> {
    let mut tenants: Vec<TenantId> = Vec::new();
    for (idx, Instance(tenant)) in body.instances.0.into_iter().enumerate() {
        let field = format!("instances[{idx}]");
        if caller.limit().is_some_and(|own| own != tenant) {
            return Err(Problem::invalid(&field, "names no instance"));
        }
        named(
            native.store().tenant(tenant).await,
            &field,
            "names no instance",
        )?;
        if !tenants.contains(&tenant) {
            tenants.push(tenant);
        }
    }
    let actions = match body.actions {
        None => ActionScope::All,
        Some(names) => ActionScope::Only(names.0.into_iter().map(|name| name.0).collect()),
    };
    Ok((CredentialScope { tenants, actions }, body.enabled))
}

/// A new credential: an id as the cloud writes it (`AKID` and 32 characters), a secret of 32
/// random bytes.
pub(super) fn fresh(scope: CredentialScope, enabled: bool, now: UnixMs) -> Credential {
    let id: String = rand::random_iter::<u8>()
        .map(char::from)
        .filter(char::is_ascii_alphanumeric)
        .take(32)
        .collect();
    Credential {
        id: CredentialId(format!("AKID{id}")),
        secret: URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()),
        scope,
        enabled,
        created_at: now,
    }
}

impl CredentialView {
    fn to(caller: Caller, credential: Credential) -> Self {
        let shown = |tenant: &TenantId| caller.limit().is_none_or(|own| own == *tenant);
        Self {
            id: credential.id.0,
            secret: None,
            instances: credential
                .scope
                .tenants
                .iter()
                .filter(|t| shown(t))
                .map(|t| t.0)
                .collect(),
            actions: match credential.scope.actions {
                ActionScope::All => None,
                ActionScope::Only(names) => Some(names),
            },
            enabled: credential.enabled,
            created_at: Time(credential.created_at),
        }
    }
}

fn enabled() -> bool {
    true
}
