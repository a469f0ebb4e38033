//! The dialect on HTTP.
//!
//! The clients post to `/`, or to whatever path stands in the endpoint that they were given, so
//! the [`router`] answers every path. Other dialects live on the same socket port: the server asks
//! [`is_tencent`] and mounts this router as the fallback.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Instant,
};

use app::App;
use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::{Method, request::Parts},
    response::Response,
};
use model::{CredentialScope, Tenant, TenantId};
use serde_json::{Map, Value};
use store::StoreError;
use tracing::{Instrument, Span, field::Empty};

use crate::{
    ccc::{self, Context, Standing, trail},
    compat, definition, envelope,
    fault::Fault,
    gate::{self, Asked},
};

/// Answers every path and method in the vendor's envelope.
///
/// Serve it with [`ConnectInfo`] of the peer's address: guesses are slowed by address, and
/// without it they are not.
pub fn router(app: Arc<App>) -> Router {
    Router::new().fallback(handle).with_state(app)
}

/// Whether a request is meant for this dialect, as far as its head tells.
///
/// TC3 requests have `X-TC-*` headers, and so have the official clients' v1 requests
/// (`X-TC-TraceId`). A form without any that is posted to `/` is taken for v1 as well, unless it
/// names Alibaba's headers or key.
pub fn is_tencent(parts: &Parts) -> bool {
    let headers = &parts.headers;
    let named = |prefix: &str| headers.keys().any(|name| name.as_str().starts_with(prefix));
    if named("x-tc-") {
        return true;
    }
    if named("x-acs-") {
        return false;
    }
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let query = parts.uri.query().unwrap_or_default();
    let has = |name: &str| query.split('&').any(|part| part.starts_with(name));
    let form_at_root = parts.method == Method::POST
        && parts.uri.path() == "/"
        && text("content-type").starts_with("application/x-www-form-urlencoded")
        && !has("AccessKeyId=");
    text("authorization").starts_with("TC3-HMAC-SHA256") || has("SecretId=") || form_at_root
}

async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let request_id = uuid::Uuid::new_v4().to_string();
    let span = tracing::info_span!(
        "tencent",
        request_id,
        action = Empty,
        credential = Empty,
        tenant = Empty
    );
    answered(app, request, request_id).instrument(span).await
}

async fn answered(app: Arc<App>, request: Request, request_id: String) -> Response {
    let began = Instant::now();
    let from: Option<IpAddr> = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|peer| peer.0.ip());
    let (parts, body) = request.into_parts();
    let (language, asked) = gate::pass(&app, from, &parts, body).await;
    let answer = match asked {
        Ok(asked) => act(app, from, asked).await,
        Err(fault) => Err(general(fault)),
    };
    let code = answer.as_ref().err().map_or("OK", |fault| fault.code);
    tracing::info!(code, took = ?began.elapsed(), "answered");
    envelope::write(answer, language, &request_id)
}

/// Runs the action that was asked for.
async fn act(app: Arc<App>, from: Option<IpAddr>, asked: Asked) -> Result<Value, Fault> {
    let span = Span::current();
    span.record("action", asked.action.as_str());
    span.record("credential", asked.credential.id.as_str());
    let Some(entry) = ccc::find(&asked.action) else {
        return Err(not_built(&asked.action));
    };
    let fields = definition::ccc()
        .request(entry.name)
        .expect("every built action is in the definition");
    let parameters = definition::check(definition::ccc(), fields, asked.parameters)?;
    let id = instance(&parameters, &asked.credential.scope)?;
    span.record("tenant", id.0);
    let narrowed = |fault| ccc::narrowed(entry, fault);
    let tenant = tenant(&app, id).await.map_err(narrowed)?;
    if !asked.credential.scope.allows(tenant.id, entry.name) {
        return Err(narrowed(ccc::permission_denied()));
    }
    if !app.allow_request(tenant.id, entry.name) {
        return Err(Fault::too_many_requests(entry.name));
    }
    let who = (&tenant, &asked.credential.id, from);
    let trail = trail::begin(&app, who, entry.name, &parameters)
        .await
        .map_err(narrowed)?;
    let context = Context {
        app: Arc::clone(&app),
        tenant: tenant.clone(),
        credential: asked.credential.id,
    };
    let answer = (entry.run)(context, Value::Object(parameters.clone()))
        .await
        .map_err(narrowed);
    if let Some(trail) = trail {
        let asked = (entry.name, &parameters);
        let written = trail::finish(trail, &app, &tenant, asked, &answer).await;
        written.map_err(narrowed)?;
    }
    answer
}

/// Every built action has `SdkAppId`, which is a number; where it may be absent, it is the instance
/// that the credential is limited to.
fn instance(parameters: &Map<String, Value>, scope: &CredentialScope) -> Result<TenantId, Fault> {
    let named = parameters.get("SdkAppId").and_then(Value::as_i64);
    match (named, &scope.tenants[..]) {
        (Some(id), _) => Ok(TenantId(id)),
        (None, [only]) => Ok(*only),
        (None, [] | [_, ..]) => Err(Fault::missing("SdkAppId")),
    }
}

async fn tenant(app: &App, id: TenantId) -> Result<Tenant, Fault> {
    match app.store().tenant(id).await {
        Ok(tenant) => Ok(tenant),
        Err(StoreError::NotFound { .. }) => Err(ccc::instance_not_exist(id.0)),
        Err(error) => Err(Fault::from(error)),
    }
}

/// Before an action is known there is no list of its codes, so only general ones are used.
fn general(fault: Fault) -> Fault {
    if fault.code.starts_with("InternalError.") {
        return Fault::internal("InternalError");
    }
    fault
}

fn not_built(action: &str) -> Fault {
    let known = ccc::not_built().iter().find(|known| known.name == action);
    let (standing, reason) = known.map_or(("not built", ""), |known| {
        let standing = match known.standing {
            Standing::Planned => "planned",
            Standing::Declined => "declined",
        };
        (standing, known.reason)
    });
    Fault::new(
        "UnsupportedOperation",
        format!(
            "The action `{action}` is not supported here ({standing}: {reason}); see {}.",
            compat::PAGE
        ),
        format!(
            "此处不支持接口 `{action}`（{standing}: {reason}），详见 {}。",
            compat::PAGE
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_of_both_signatures_are_known_and_alibabas_are_not() {
        for (head, ours) in [
            ("POST / x-tc-action:HangUpCall", true),
            ("POST /ccc/ x-tc-traceid:1", true),
            ("POST / authorization:TC3-HMAC-SHA256", true),
            ("GET /?Action=HangUpCall&SecretId=AKID1 x:1", true),
            (
                "POST / content-type:application/x-www-form-urlencoded",
                true,
            ),
            (
                "POST /api/v1/calls content-type:application/x-www-form-urlencoded",
                false,
            ),
            (
                "POST /?AccessKeyId=L content-type:application/x-www-form-urlencoded",
                false,
            ),
            ("POST / x-acs-action:Dialogue", false),
            ("GET / accept:text/html", false),
        ] {
            assert_eq!(is_tencent(&parts(head)), ours, "{head}");
        }
    }

    #[test]
    fn an_absent_action_names_the_page_and_the_reason() {
        let fault = not_built("DescribeFlashSMSList");
        assert_eq!(fault.code, "UnsupportedOperation");
        let text = fault.to_string();
        assert!(
            text.contains(compat::PAGE) && text.contains("declined"),
            "{text}"
        );
    }

    fn parts(head: &str) -> Parts {
        let mut words = head.split(' ');
        let mut word = || words.next().unwrap();
        let request = Request::builder().method(word()).uri(word());
        let (name, value) = word().split_once(':').unwrap();
        let request = request.header(name, value).body(()).unwrap();
        request.into_parts().0
    }
}
