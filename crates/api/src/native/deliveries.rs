//! Deliveries: each push with every attempt, and a way to send it again.

use axum::{Json, extract::State, http::StatusCode};
use model::{
    CallId, Delivery, DeliveryAttempt, DeliveryId, DeliveryState, Permission, WebhookEndpointId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::DeliveryFilter;

use super::{
    admit::Caller,
    context::Native,
    field::{Instance, Text, Time},
    page::{InstanceAsk, Limit, Offset, PageView, paging},
    problem::{Kind, Problem},
    read::{Ask, PathId},
    table::{Row, get, post},
    webhook_endpoints::Topic,
};

/// Where a delivery is.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum DeliveryPhase {
    /// To be attempted at its due time.
    Due,
    /// The receiver took it.
    Delivered,
    /// Every attempt failed; it can be replayed.
    Exhausted,
}

/// Which deliveries to list.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeliveriesAsk {
    /// Whose; needed only with an operator's token where there are several instances.
    instance: Option<Instance>,
    /// Only to this webhook endpoint.
    endpoint: Option<i64>,
    /// Only of this call.
    call: Option<Text<1, 64>>,
    /// Only in this state.
    state: Option<DeliveryPhase>,
    /// Items to leave out at the front; 0 if absent.
    offset: Option<Offset>,
    /// Most items to give; 50 if absent.
    limit: Option<Limit>,
}

/// One event on its way to one webhook endpoint.
#[derive(Serialize, JsonSchema)]
pub(super) struct DeliverySummary {
    /// Its id.
    id: i64,
    /// Its owner.
    instance: i64,
    /// Its receiver.
    endpoint: i64,
    /// The call it tells of.
    call: String,
    /// What it tells.
    topic: Topic,
    /// Same on every attempt: `X-TCCC-PUSH-UUID`.
    uuid: String,
    /// Where it is.
    state: DeliveryPhase,
    /// When the next attempt is due; null once it is settled.
    due_at: Option<Time>,
    /// Attempts of the present round; a replay starts a new one.
    n_attempts: i64,
    /// When the event happened.
    created_at: Time,
}

/// One POST of a delivery.
#[derive(Serialize, JsonSchema)]
struct AttemptView {
    /// When it was sent.
    at: Time,
    /// HTTP status, if one came.
    status: Option<u16>,
    /// What went wrong, or what the receiver answered.
    note: String,
    /// How long it took.
    took_ms: i64,
}

/// A delivery with its bytes and every attempt.
#[derive(Serialize, JsonSchema)]
pub(super) struct DeliveryView {
    /// What lists show of it.
    #[serde(flatten)]
    summary: DeliverySummary,
    /// The bytes that every attempt sends.
    body: String,
    /// Every attempt, in order, of all rounds.
    attempts: Vec<AttemptView>,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        get("/api/v1/deliveries", "List deliveries, newest first", list)
            .needs(Permission::ReadSettings)
            .asks::<DeliveriesAsk>()
            .gives::<PageView<DeliverySummary>>(),
        get(
            "/api/v1/deliveries/{id}",
            "Show a delivery with every attempt",
            show,
        )
        .needs(Permission::ReadSettings)
        .asks::<InstanceAsk>()
        .gives::<DeliveryView>(),
        post(
            "/api/v1/deliveries/{id}/replay",
            "Send a settled delivery again",
            replay,
        )
        .needs(Permission::ChangeSettings)
        .asks::<InstanceAsk>()
        .gives::<DeliverySummary>()
        .status(StatusCode::ACCEPTED)
        .refuses(&[Kind::Conflict]),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<DeliveriesAsk>,
) -> Result<Json<PageView<DeliverySummary>>, Problem> {
    let filter = DeliveryFilter {
        tenant: native.tenant(caller, ask.instance).await?,
        endpoint: ask.endpoint.map(WebhookEndpointId),
        call: ask.call.map(|id| CallId(id.0)),
        state: ask.state.map(DeliveryPhase::model),
    };
    let paging = paging(ask.offset, ask.limit);
    let page = native.store().deliveries(&filter, paging).await?;
    Ok(Json(PageView::of(page, |delivery| {
        DeliverySummary::of(&delivery)
    })))
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<DeliveryView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let delivery = native.store().delivery(tenant, DeliveryId(id)).await?;
    let attempts = native.store().attempts(delivery.id).await?;
    Ok(Json(DeliveryView {
        summary: DeliverySummary::of(&delivery),
        body: delivery.body,
        attempts: attempts.into_iter().map(AttemptView::from).collect(),
    }))
}

async fn replay(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<(StatusCode, Json<DeliverySummary>), Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let delivery = native
        .store()
        .replay(tenant, DeliveryId(id), native.now())
        .await?;
    Ok((StatusCode::ACCEPTED, Json(DeliverySummary::of(&delivery))))
}

impl DeliveryPhase {
    fn model(self) -> DeliveryState {
        match self {
            Self::Due => DeliveryState::Due,
            Self::Delivered => DeliveryState::Delivered,
            Self::Exhausted => DeliveryState::Exhausted,
        }
    }

    fn of(state: DeliveryState) -> Self {
        match state {
            DeliveryState::Due => Self::Due,
            DeliveryState::Delivered => Self::Delivered,
            DeliveryState::Exhausted => Self::Exhausted,
        }
    }
}

impl DeliverySummary {
    fn of(delivery: &Delivery) -> Self {
        Self {
            id: delivery.id.0,
            instance: delivery.tenant.0,
            endpoint: delivery.endpoint.0,
            call: delivery.call.0.clone(),
            topic: Topic::of(delivery.topic),
            uuid: delivery.uuid.clone(),
            state: DeliveryPhase::of(delivery.state),
            due_at: (delivery.state == DeliveryState::Due).then_some(Time(delivery.due_at)),
            n_attempts: delivery.n_attempts,
            created_at: Time(delivery.created_at),
        }
    }
}

impl From<DeliveryAttempt> for AttemptView {
    fn from(attempt: DeliveryAttempt) -> Self {
        Self {
            at: Time(attempt.at),
            status: attempt.status,
            note: attempt.note,
            took_ms: attempt.took_ms,
        }
    }
}
