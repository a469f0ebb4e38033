//! Bearer tokens of the native dialect. Only their hashes are stored; a token is shown once.

use axum::{Json, extract::State, http::StatusCode};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::{ApiToken, ApiTokenId, Permission};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Paging, Store, StoreError};

use super::{
    admit::Caller,
    context::Native,
    field::{Instance, Text, Time},
    page::{NoAsk, PageAsk, PageView, paging},
    problem::{Kind, Problem},
    read::{Ask, Body, PathId},
    table::{Row, delete, get, post},
};

/// Tokens read at a time where all must be looked at.
const TOKENS_AT_ONCE: u32 = 200;

/// A new token.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenBody {
    /// What it is for.
    name: Text<1, 64>,
    /// Limits it to this instance. Absent, an operator makes another operator's token, and an
    /// instance another one of its own.
    instance: Option<Instance>,
}

/// A bearer token, by what is known of it.
#[derive(Serialize, JsonSchema)]
pub(super) struct TokenView {
    /// Its id.
    id: i64,
    /// What it is for.
    name: String,
    /// The token itself; only in the answer that creates it.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// The instance that it is limited to; null for an operator's.
    instance: Option<i64>,
    /// When it was created.
    created_at: Time,
}

pub(super) fn rows() -> Vec<Row> {
    const ONE: &str = "/api/v1/tokens/{id}";
    vec![
        get("/api/v1/tokens", "List tokens", list)
            .needs(Permission::ManageKeys)
            .asks::<PageAsk>()
            .gives::<PageView<TokenView>>(),
        post(
            "/api/v1/tokens",
            "Create a token, which is shown once",
            create,
        )
        .needs(Permission::ManageKeys)
        .asks::<NoAsk>()
        .takes::<TokenBody>()
        .gives::<TokenView>(),
        get(ONE, "Show what is known of a token", show)
            .needs(Permission::ManageKeys)
            .gives::<TokenView>(),
        delete(ONE, "Remove a token; not the last operator's", remove)
            .needs(Permission::ManageKeys)
            .refuses(&[Kind::Conflict]),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<PageAsk>,
) -> Result<Json<PageView<TokenView>>, Problem> {
    let page = native
        .store()
        .api_tokens(caller.limit(), paging(ask.offset, ask.limit))
        .await?;
    Ok(Json(PageView::of(page, TokenView::from)))
}

async fn create(
    State(native): State<Native>,
    caller: Caller,
    Ask(NoAsk {}): Ask<NoAsk>,
    Body(body): Body<TokenBody>,
) -> Result<(StatusCode, Json<TokenView>), Problem> {
    let tenant = match (caller, body.instance) {
        (Caller::Operator, None) => None,
        (caller, asked) => Some(native.tenant(caller, asked).await?),
    };
    let token = token_text();
    let known = native
        .store()
        .create_api_token(&body.name.0, &sha256_of_token(&token), tenant, native.now())
        .await?;
    let view = TokenView {
        token: Some(token),
        ..known.into()
    };
    Ok((StatusCode::CREATED, Json(view)))
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Json<TokenView>, Problem> {
    Ok(Json(visible(native.store(), caller, id).await?.into()))
}

async fn remove(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<StatusCode, Problem> {
    let token = visible(native.store(), caller, id).await?;
    if token.tenant.is_none() && n_operator_tokens(native.store()).await? == 1 {
        return Err(Problem::new(
            Kind::Conflict,
            "this is the last operator's token",
        ));
    }
    native.store().remove_api_token(token.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn visible(store: &Store, caller: Caller, id: i64) -> Result<ApiToken, Problem> {
    all(store, caller)
        .await?
        .into_iter()
        .find(|token| token.id == ApiTokenId(id))
        .ok_or_else(|| Problem::not_found("token"))
}

/// How many tokens are an operator's.
pub(super) async fn n_operator_tokens(store: &Store) -> Result<usize, StoreError> {
    let tokens = all(store, Caller::Operator).await?;
    Ok(tokens.iter().filter(|token| token.tenant.is_none()).count())
}

async fn all(store: &Store, caller: Caller) -> Result<Vec<ApiToken>, StoreError> {
    let mut tokens = Vec::new();
    loop {
        let offset = u32::try_from(tokens.len()).expect("fewer than 2^32 tokens");
        let paging = Paging {
            offset,
            limit: TOKENS_AT_ONCE,
        };
        let page = store.api_tokens(caller.limit(), paging).await?;
        let done = page.items.is_empty();
        tokens.extend(page.items);
        if done {
            return Ok(tokens);
        }
    }
}

/// A new token: `swb_` and 32 random bytes.
pub fn token_text() -> String {
    format!("swb_{}", URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
}

/// What is stored of a token: lower-case hex. Tokens are random, so one round is enough.
pub fn sha256_of_token(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

impl From<ApiToken> for TokenView {
    fn from(token: ApiToken) -> Self {
        Self {
            id: token.id.0,
            name: token.name,
            token: None,
            instance: token.tenant.map(|tenant| tenant.0),
            created_at: Time(token.created_at),
        }
    }
}
