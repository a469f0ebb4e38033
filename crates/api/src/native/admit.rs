//! Who asks, and whether that is enough.
//!
//! A request comes with a bearer token, or with the cookie of a browser that a person is signed
//! in with. The cookie alone changes nothing: a change must also repeat the session's secret in
//! [`CSRF_HEADER`], which no other site can know.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use app::sign_in::SignedIn;
use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{Extensions, HeaderMap, HeaderName, Method, header, request::Parts},
    middleware::Next,
    response::Response,
    routing::MethodRouter,
};
use model::{AuditActor, AuditActorKind, Permission, Staff, TenantId};
use store::StoreError;

use super::{
    context::Native,
    envelope::refuse,
    masks,
    problem::{Kind, Problem},
    session::COOKIE,
    tokens::sha256_of_token,
    trail,
};

/// The longest token that is looked up at all, in bytes.
const TOKEN_BYTES_MAX: usize = 128;

/// Repeats the session's secret on changes.
pub(super) const CSRF_HEADER: HeaderName = HeaderName::from_static("x-csrf-token");

/// What a row asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Nothing.
    Public,
    /// Any token, or a person with the permission of the row. The handler limits what it sees to
    /// the caller's instance.
    Token,
    /// An operator's token, or such a person who works for every instance.
    Operator,
}

/// How far the caller of a request sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// The whole installation.
    Operator,
    /// One instance.
    Tenant(TenantId),
}

/// Who the caller of a request is.
#[derive(Clone)]
pub(super) enum Actor {
    /// A program with a token.
    Token {
        /// Id and name.
        name: String,
    },
    /// A person in a browser.
    Person(Arc<SignedIn>),
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

impl Actor {
    /// Whether the roles give this; tokens may do everything.
    pub(super) fn may(&self, permission: Permission) -> bool {
        match self {
            Self::Token { .. } => true,
            Self::Person(person) => person.staff.settings.may(permission),
        }
    }

    /// The person, if it is one.
    pub(super) fn person(&self) -> Option<&Staff> {
        match self {
            Self::Token { .. } => None,
            Self::Person(person) => Some(&person.staff),
        }
    }

    /// As the audit log has it.
    pub(super) fn audited(&self) -> AuditActor {
        match self {
            Self::Token { name } => AuditActor {
                kind: AuditActorKind::Token,
                name: name.clone(),
            },
            Self::Person(person) => AuditActor {
                kind: AuditActorKind::Staff,
                name: person.staff.settings.email.clone(),
            },
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

impl<S: Send + Sync> FromRequestParts<S> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts
            .extensions
            .get()
            .cloned()
            .ok_or_else(|| Problem::new(Kind::Unauthorized, "a token is needed"))
    }
}

/// The gate of one row.
#[derive(Clone)]
pub(super) struct Gate {
    pub native: Native,
    pub access: Access,
    /// What a person's roles must give.
    pub needs: Option<Permission>,
    /// Whether the row's use is written into the audit log.
    pub audited: bool,
    /// Method and path, for the limit of requests a second.
    pub name: Arc<str>,
    /// The row that shows what this one changes, if there is one.
    pub shown: Option<MethodRouter>,
}

/// Lets a request through to its row, with the [`Caller`] and the [`Actor`] beside it.
pub(super) async fn admit(
    State(gate): State<Gate>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    if gate.access == Access::Public {
        return Ok(next.run(request).await);
    }
    let from = peer(request.extensions());
    let (actor, caller) = known(&gate.native, from, request.method(), request.headers()).await?;
    check(&gate, &actor, caller)?;
    let app = gate.native.app();
    if !app.allow_request(caller.limit().unwrap_or(TenantId(0)), &gate.name) {
        let most = app.settings().requests_per_second_max;
        let detail = format!("more than {most} requests a second to this route");
        return Err(Problem::new(Kind::TooMany, detail).retry_after(1));
    }
    request.extensions_mut().insert(caller);
    request.extensions_mut().insert(actor.clone());
    let is_masked = masks::is_for(&actor, request.uri().path());
    let answer = if gate.audited {
        trail::run(&gate, &actor, caller, from, request, next).await?
    } else {
        next.run(request).await
    };
    Ok(if is_masked {
        masks::masked(answer)
    } else {
        answer
    })
}

/// Whether the caller may use the row.
fn check(gate: &Gate, actor: &Actor, caller: Caller) -> Result<(), Problem> {
    if let Actor::Person(_) = actor {
        let Some(needs) = gate.needs else {
            return Err(Problem::new(Kind::Forbidden, "a token is needed"));
        };
        if !actor.may(needs) {
            let detail = format!("none of your roles gives `{}`", needs.name());
            return Err(Problem::new(Kind::Forbidden, detail));
        }
    }
    if gate.access == Access::Operator && caller != Caller::Operator {
        return Err(Problem::new(
            Kind::Forbidden,
            "an operator's token is needed, or an administrator of every instance",
        ));
    }
    Ok(())
}

/// Who asks, and how far they see.
pub(super) async fn known(
    native: &Native,
    from: IpAddr,
    method: &Method,
    headers: &HeaderMap,
) -> Result<(Actor, Caller), Problem> {
    if let Some(token) = bearer(headers) {
        return token_of(native, from, &sha256_of_token(token)).await;
    }
    let Some(cookie) = cookie(headers) else {
        let detail = "sign in, or send a token: Authorization: Bearer swb_…";
        return Err(Problem::new(Kind::Unauthorized, detail));
    };
    let Some(person) = native.app().signed_in(cookie).await? else {
        let detail = "you are not signed in any more";
        return Err(Problem::new(Kind::Unauthorized, detail));
    };
    let is_safe = [Method::GET, Method::HEAD, Method::OPTIONS].contains(method);
    let repeated = headers.get(CSRF_HEADER).and_then(|sent| sent.to_str().ok());
    if !is_safe && repeated != Some(person.sign_in.csrf.as_str()) {
        let detail = "the header X-CSRF-Token must repeat `csrf` of GET /api/v1/session";
        return Err(Problem::new(Kind::Forbidden, detail));
    }
    let caller = match person.staff.settings.everywhere {
        true => Caller::Operator,
        false => Caller::Tenant(person.staff.tenant),
    };
    Ok((Actor::Person(Arc::new(person)), caller))
}

/// Whose token has this hash. A good token is served whatever was guessed from its address, and
/// forgives it.
async fn token_of(native: &Native, from: IpAddr, hash: &str) -> Result<(Actor, Caller), Problem> {
    match native.store().api_token_by_sha256(hash).await {
        Ok(token) => {
            native.app().forgive_guesses(from);
            let caller = token.tenant.map_or(Caller::Operator, Caller::Tenant);
            let name = format!("{} {}", token.id, token.name);
            Ok((Actor::Token { name }, caller))
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
pub(super) fn peer(extensions: &Extensions) -> IpAddr {
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

/// What the browser keeps of its sign-in.
pub(super) fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|sent| sent.to_str().ok())
        .flat_map(|sent| sent.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
        .filter(|value| (1..=TOKEN_BYTES_MAX).contains(&value.len()))
}

/// Refuses everything but set-up and liveness until there is an operator's token.
pub(super) async fn gate(State(native): State<Native>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if native.is_set_up() || is_open_before_set_up(path) {
        return next.run(request).await;
    }
    let detail = "open the set-up link that the server printed, or run: switchboard setup-link";
    refuse(Problem::new(Kind::SetUpPending, detail))
}

/// The set-up page with what it is made of, and liveness.
fn is_open_before_set_up(path: &str) -> bool {
    matches!(path, "/setup" | "/healthz") || path.starts_with("/assets/")
}
