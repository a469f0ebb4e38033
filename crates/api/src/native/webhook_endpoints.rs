//! Webhook endpoints: who is told what, and how we prove who we are.
//!
//! A token of one instance may not name receivers inside the operator's network. A name may lead
//! anywhere at any time, so what it leads to is checked again whenever it is asked.

use axum::{Json, extract::State, http::StatusCode};
use model::{
    Permission, WebhookAuth, WebhookEndpoint, WebhookEndpointDraft, WebhookEndpointId, WebhookTopic,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    admit::Caller,
    context::Native,
    field::{List, Text, Time},
    page::{InstanceAsk, InstancePageAsk, PageView, paging},
    problem::Problem,
    read::{Ask, Body, Patch, PathId},
    table::{Row, delete, get, patch, post},
};

/// What an endpoint is told of; named as the clouds' pushes are.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Topic {
    /// A call detail record, once a call has ended.
    Cdr,
    /// A recorded track that can be fetched.
    Record,
    /// A record of a conversation, once a stretch of service has ended.
    Imcdr,
    /// What happens in conversations, as it happens: the cloud's `Desk.SessionEventNotify`.
    DeskEvent,
    /// Asked whom a customer should get: the cloud's `ChatBot.OnAssignHuman`. The first endpoint
    /// counts; not with OAuth 2.0.
    DeskAssign,
}

/// How we prove who we are. Passwords and secrets are never shown.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum AuthBody {
    /// Not at all.
    None,
    /// RFC 7617.
    Basic {
        /// User name.
        user: Text<1, 128>,
        /// Password; only in requests.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schemars(extend("writeOnly" = true))]
        password: Option<Text<1, 256>>,
    },
    /// OAuth 2.0 client credentials (RFC 6749 section 4.4).
    Oauth2 {
        /// Where tokens come from.
        token_url: Text<8, 2048>,
        /// Client id.
        client_id: Text<1, 256>,
        /// Client secret; only in requests.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schemars(extend("writeOnly" = true))]
        client_secret: Option<Text<1, 256>>,
    },
}

/// What an operator writes down of a webhook endpoint.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WebhookEndpointBody {
    /// Where it is: `http` or `https`.
    url: Text<8, 2048>,
    /// What it is told of.
    #[serde(default = "topics")]
    topics: List<Topic, 1, 5>,
    /// How we prove who we are; replaced as a whole.
    #[serde(default = "no_auth")]
    auth: AuthBody,
    /// Key of the optional signature header. Never shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("writeOnly" = true))]
    signing_secret: Option<Text<8, 256>>,
    /// Off endpoints get nothing.
    #[serde(default = "enabled")]
    enabled: bool,
}

/// A receiver of an instance's pushes.
#[derive(Serialize, JsonSchema)]
pub(super) struct WebhookEndpointView {
    /// Its id.
    id: i64,
    /// Its owner.
    instance: i64,
    /// Its settings, without secrets.
    #[serde(flatten)]
    settings: WebhookEndpointBody,
    /// Whether pushes are signed.
    has_signing_secret: bool,
    /// When it was created.
    created_at: Time,
}

pub(super) fn rows() -> Vec<Row> {
    const ONE: &str = "/api/v1/webhook-endpoints/{id}";
    vec![
        get("/api/v1/webhook-endpoints", "List webhook endpoints", list)
            .needs(Permission::ReadSettings)
            .asks::<InstancePageAsk>()
            .gives::<PageView<WebhookEndpointView>>(),
        post(
            "/api/v1/webhook-endpoints",
            "Create a webhook endpoint",
            create,
        )
        .needs(Permission::ChangeSettings)
        .asks::<InstanceAsk>()
        .takes::<WebhookEndpointBody>()
        .gives::<WebhookEndpointView>(),
        get(ONE, "Show a webhook endpoint, without its secrets", show)
            .needs(Permission::ReadSettings)
            .asks::<InstanceAsk>()
            .gives::<WebhookEndpointView>(),
        patch(ONE, "Change a webhook endpoint", change)
            .needs(Permission::ChangeSettings)
            .asks::<InstanceAsk>()
            .takes_patch::<WebhookEndpointBody>()
            .gives::<WebhookEndpointView>(),
        delete(
            ONE,
            "Remove a webhook endpoint; what was due to it is given up",
            remove,
        )
        .needs(Permission::ChangeSettings)
        .asks::<InstanceAsk>(),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstancePageAsk>,
) -> Result<Json<PageView<WebhookEndpointView>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let paging = paging(ask.offset, ask.limit);
    let page = native.store().webhook_endpoints(tenant, paging).await?;
    Ok(Json(PageView::of(page, WebhookEndpointView::from)))
}

async fn create(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<WebhookEndpointBody>,
) -> Result<(StatusCode, Json<WebhookEndpointView>), Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let mut draft = body.draft()?;
    draft.reaches_private = reach(&native, caller, &draft, None)?;
    let endpoint = native
        .store()
        .create_webhook_endpoint(tenant, &draft, native.now())
        .await?;
    Ok((StatusCode::CREATED, Json(endpoint.into())))
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<WebhookEndpointView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let endpoint = native
        .store()
        .webhook_endpoint(tenant, WebhookEndpointId(id))
        .await?;
    Ok(Json(endpoint.into()))
}

async fn change(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
    changes: Patch,
) -> Result<Json<WebhookEndpointView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let id = WebhookEndpointId(id);
    let present = native.store().webhook_endpoint(tenant, id).await?;
    let body = changes
        .replacing("auth")
        .onto(&WebhookEndpointBody::from(present.settings.clone()))?;
    let mut draft = body.draft()?;
    draft.reaches_private = reach(&native, caller, &draft, Some(&present.settings))?;
    let changed = native
        .store()
        .update_webhook_endpoint(tenant, id, &draft)
        .await?;
    Ok(Json(changed.into()))
}

async fn remove(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<StatusCode, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    native
        .store()
        .remove_webhook_endpoint(tenant, WebhookEndpointId(id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

impl WebhookEndpointBody {
    fn draft(self) -> Result<WebhookEndpointDraft, Problem> {
        check_url("url", &self.url.0)?;
        let mut topics: Vec<WebhookTopic> = self.topics.0.into_iter().map(Topic::model).collect();
        topics.sort_unstable();
        topics.dedup();
        let is_asked = topics.contains(&WebhookTopic::ChatRouting);
        if is_asked && matches!(self.auth, AuthBody::Oauth2 { .. }) {
            return Err(Problem::invalid(
                "topics",
                "desk_assign is not asked with OAuth 2.0",
            ));
        }
        Ok(WebhookEndpointDraft {
            url: self.url.0,
            topics,
            auth: self.auth.model()?,
            signing_secret: self.signing_secret.map(|secret| secret.0),
            enabled: self.enabled,
            reaches_private: false,
        })
    }
}

/// Whether the endpoint may reach private addresses: whoever named its addresses last decides, and
/// only an operator may. Refuses private addresses that a token of one instance names.
fn reach(
    native: &Native,
    caller: Caller,
    draft: &WebhookEndpointDraft,
    present: Option<&WebhookEndpointDraft>,
) -> Result<bool, Problem> {
    if let Some(present) = present
        && addresses(present) == addresses(draft)
    {
        return Ok(present.reaches_private);
    }
    if caller == Caller::Operator {
        return Ok(true);
    }
    let wrong = addresses(draft)
        .into_iter()
        .find(|named| !native.app().settings().fetch_private && app::names_private(named.1));
    match wrong {
        Some((field, _)) => Err(Problem::invalid(
            field,
            "leads into a private network: only an operator may name such an address",
        )),
        None => Ok(false),
    }
}

/// What an endpoint makes us ask, with the fields that name it.
fn addresses(draft: &WebhookEndpointDraft) -> Vec<(&'static str, &str)> {
    let mut addresses = vec![("url", draft.url.as_str())];
    match &draft.auth {
        WebhookAuth::None | WebhookAuth::Basic { .. } => {}
        WebhookAuth::OAuth2 { token_url, .. } => addresses.push(("auth.token_url", token_url)),
    }
    addresses
}

/// `action` and `version` are ours to add.
fn check_url(field: &str, url: &str) -> Result<(), Problem> {
    let Ok(uri) = url.parse::<axum::http::Uri>() else {
        return Err(Problem::invalid(field, "is no address"));
    };
    if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none_or(str::is_empty) {
        return Err(Problem::invalid(
            field,
            "must begin with http:// or https:// and a host",
        ));
    }
    let query = uri.query().unwrap_or_default();
    if query
        .split('&')
        .any(|pair| pair.starts_with("action=") || pair.starts_with("version="))
    {
        return Err(Problem::invalid(
            field,
            "must not hold `action` or `version`: pushes add them",
        ));
    }
    Ok(())
}

impl Topic {
    pub(super) fn model(self) -> WebhookTopic {
        match self {
            Self::Cdr => WebhookTopic::Cdr,
            Self::Record => WebhookTopic::Recording,
            Self::Imcdr => WebhookTopic::ChatRecord,
            Self::DeskEvent => WebhookTopic::ChatEvent,
            Self::DeskAssign => WebhookTopic::ChatRouting,
        }
    }

    pub(super) fn of(topic: WebhookTopic) -> Self {
        match topic {
            WebhookTopic::Cdr => Self::Cdr,
            WebhookTopic::Recording => Self::Record,
            WebhookTopic::ChatRecord => Self::Imcdr,
            WebhookTopic::ChatEvent => Self::DeskEvent,
            WebhookTopic::ChatRouting => Self::DeskAssign,
        }
    }
}

impl AuthBody {
    fn model(self) -> Result<WebhookAuth, Problem> {
        let needed = |field| Problem::invalid(field, "is required");
        Ok(match self {
            Self::None => WebhookAuth::None,
            Self::Basic { user, password } => WebhookAuth::Basic {
                user: user.0,
                password: password.ok_or_else(|| needed("auth.password"))?.0,
            },
            Self::Oauth2 {
                token_url,
                client_id,
                client_secret,
            } => {
                check_url("auth.token_url", &token_url.0)?;
                WebhookAuth::OAuth2 {
                    token_url: token_url.0,
                    client_id: client_id.0,
                    client_secret: client_secret.ok_or_else(|| needed("auth.client_secret"))?.0,
                }
            }
        })
    }

    fn without_secret(self) -> Self {
        match self {
            Self::None => Self::None,
            Self::Basic { user, .. } => Self::Basic {
                user,
                password: None,
            },
            Self::Oauth2 {
                token_url,
                client_id,
                ..
            } => Self::Oauth2 {
                token_url,
                client_id,
                client_secret: None,
            },
        }
    }
}

impl From<WebhookEndpointDraft> for WebhookEndpointBody {
    fn from(draft: WebhookEndpointDraft) -> Self {
        Self {
            url: draft.url.into(),
            topics: List(draft.topics.into_iter().map(Topic::of).collect()),
            auth: match draft.auth {
                WebhookAuth::None => AuthBody::None,
                WebhookAuth::Basic { user, password } => AuthBody::Basic {
                    user: user.into(),
                    password: Some(password.into()),
                },
                WebhookAuth::OAuth2 {
                    token_url,
                    client_id,
                    client_secret,
                } => AuthBody::Oauth2 {
                    token_url: token_url.into(),
                    client_id: client_id.into(),
                    client_secret: Some(client_secret.into()),
                },
            },
            signing_secret: draft.signing_secret.map(Text::from),
            enabled: draft.enabled,
        }
    }
}

impl From<WebhookEndpoint> for WebhookEndpointView {
    fn from(endpoint: WebhookEndpoint) -> Self {
        let has_signing_secret = endpoint.settings.signing_secret.is_some();
        let settings = WebhookEndpointBody::from(endpoint.settings);
        Self {
            id: endpoint.id.0,
            instance: endpoint.tenant.0,
            settings: WebhookEndpointBody {
                auth: settings.auth.without_secret(),
                signing_secret: None,
                ..settings
            },
            has_signing_secret,
            created_at: Time(endpoint.created_at),
        }
    }
}

fn topics() -> List<Topic, 1, 5> {
    List(vec![Topic::Cdr, Topic::Record])
}

fn no_auth() -> AuthBody {
    AuthBody::None
}

fn enabled() -> bool {
    true
}
