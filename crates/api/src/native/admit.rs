//! Who asks, and whether that is enough.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{Extensions, HeaderMap, header, request::Parts},
    middleware::Next,
    response::Response,
};
use model::TenantId;
use store::StoreError;

use super::{
    context::Native,
    envelope::refuse,
    problem::{Kind, Problem},
    tokens::sha256_of_token,
};

/// The longest token that is looked up at all, in bytes.
const TOKEN_BYTES_MAX: usize = 128;

/// What a row asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Nothing.
    Public,
    /// Any token. The handler limits what it sees to the token's instance.
    Token,
    /// An operator's token.
    Operator,
}

/// Whose token a request came with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// An operator of the whole installation.
    Operator,
    /// Somebody limited to one instance.
    Tenant(TenantId),
}

impl Caller {
    /// What lists are limited to.
    pub(super) fn limit(self) -> Option<TenantId> {
        match self {
            Self::Operator => None,
            Self::Tenant(tenant) => Some(tenant),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts
            .extensions
            .get()
            .copied()
            .ok_or_else(|| Problem::new(Kind::Unauthorized, "a token is needed"))
    }
}

/// The gate of one row.
#[derive(Clone)]
pub(super) struct Gate {
    pub native: Native,
    pub access: Access,
    /// Method and path, for the limit of requests a second.
    pub name: Arc<str>,
}

/// Lets a request through to its row, with the [`Caller`] beside it.
pub(super) async fn admit(
    State(gate): State<Gate>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    if gate.access == Access::Public {
        return Ok(next.run(request).await);
    }
    let from = peer(request.extensions());
    let token = bearer(request.headers()).map(sha256_of_token);
    let caller = caller(&gate.native, from, token).await?;
    if gate.access == Access::Operator && caller != Caller::Operator {
        return Err(Problem::new(
            Kind::Forbidden,
            "an operator's token is needed",
        ));
    }
    let app = gate.native.app();
    if !app.allow_request(caller.limit().unwrap_or(TenantId(0)), &gate.name) {
        let most = app.settings().requests_per_second_max;
        let detail = format!("more than {most} requests a second to this route");
        return Err(Problem::new(Kind::TooMany, detail).retry_after(1));
    }
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

/// Whose token has this hash. A good token is served whatever was guessed from its address, and
/// forgives it.
async fn caller(native: &Native, from: IpAddr, hash: Option<String>) -> Result<Caller, Problem> {
    let Some(hash) = hash else {
        let detail = "a token is needed: Authorization: Bearer swb_…";
        return Err(Problem::new(Kind::Unauthorized, detail));
    };
    match native.store().api_token_by_sha256(&hash).await {
        Ok(token) => {
            native.app().forgive_guesses(from);
            Ok(token.tenant.map_or(Caller::Operator, Caller::Tenant))
        }
        Err(StoreError::NotFound { .. }) => Err(guessed(native, from)),
        Err(error) => Err(error.into()),
    }
}

/// What a wrong token is told; counts it, unless its address is slowed already.
fn guessed(native: &Native, from: IpAddr) -> Problem {
    if native.app().is_guessing(from) {
        let detail = "too many wrong tokens from this address";
        return Problem::new(Kind::TooMany, detail).retry_after(10);
    }
    native.app().note_guess(from);
    Problem::new(Kind::Unauthorized, "the token is not known")
}

/// Where a request came from.
pub(super) struct Peer(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(peer(&parts.extensions)))
    }
}

/// Requests made inside the process have no peer and count as local.
fn peer(extensions: &Extensions) -> IpAddr {
    extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip())
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let sent = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = sent.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && (1..=TOKEN_BYTES_MAX).contains(&token.len()))
        .then_some(token)
}

/// Refuses everything but set-up and liveness until there is an operator's token.
pub(super) async fn gate(State(native): State<Native>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if native.is_set_up() || matches!(path, "/setup" | "/healthz") {
        return next.run(request).await;
    }
    let detail = "open the set-up link that the server printed, or run: switchboard setup-link";
    refuse(Problem::new(Kind::SetUpPending, detail))
}
